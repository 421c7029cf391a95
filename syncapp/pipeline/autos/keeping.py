"""Changing the rules that answer a firm's exceptions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from accounts import audit
from accounts.models import Firm
from accounts.tenancy import firm_scope
from mapping import actions as mapping
from mapping import queries
from syncapp.pipeline.autos import rules as autos
from syncapp.pipeline.autos.ways import MOST
from syncapp.pipeline.cases import owners

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from accounts.models import User
    from syncapp.pipeline.autos.rules import Rule

SAME_NAME = "A rule of this name stands already."
TOO_MANY = f"A firm has at most {MOST} rules."
GONE = "This rule is not there any more."


def add(*, firm: Firm, rule: Rule, by: User, now: datetime) -> str | None:
    """Put a new rule in force, after all others; a sentence when it cannot be. Opens its own scope."""

    def change(standing: list[Rule]) -> list[Rule] | str:
        if any(one.name.casefold() == rule.name.casefold() for one in standing):
            return SAME_NAME
        return TOO_MANY if len(standing) >= MOST else [*standing, rule]

    return _change(firm, change, f"new: {rule.name}: {rule.says}", by, now)


def switch(*, firm: Firm, name: str, on: bool, by: User, now: datetime) -> str | None:
    """Let a rule rest, or work again under the name of who lets it; a sentence when it is not there."""

    def change(standing: list[Rule]) -> list[Rule] | str:
        if name not in {one.name for one in standing}:
            return GONE
        by_whom = by.email.lower()
        return [
            replace(one, on=on, by=by_whom if on else one.by) if one.name == name else one for one in standing
        ]

    return _change(firm, change, f"{name}: {'on' if on else 'off'}", by, now)


def remove(*, firm: Firm, name: str, by: User, now: datetime) -> str | None:
    """Take a rule away; what it answered stays answered. A sentence when it is not there."""

    def change(standing: list[Rule]) -> list[Rule] | str:
        left = [one for one in standing if one.name != name]
        return left if len(left) < len(standing) else GONE

    return _change(firm, change, f"taken away: {name}", by, now)


def _change(
    firm: Firm, change: Callable[[list[Rule]], list[Rule] | str], said: str, by: User, now: datetime
) -> str | None:
    with firm_scope(write=firm.pk):
        Firm.objects.select_for_update().get(pk=firm.pk)
        settings = queries.firm_settings(firm.pk)
        cases = dict(settings.get(owners.KEY) or {})
        before = list(cases.get(autos.KEY) or [])
        wanted = change(autos.read(before))
        if isinstance(wanted, str):
            return wanted
        after = [autos.written(rule) for rule in wanted]
        cases = {key: value for key, value in cases.items() if key != autos.KEY}
        cases |= {autos.KEY: after} if after else {}
        mapping.keep_settings(firm_id=firm.pk, settings=settings | {owners.KEY: cases})
        audit.record(
            firm_id=firm.pk,
            actor=by,
            verb="firm.auto_rules",
            obj=firm,
            before={"rules": before},
            after={"rules": after, "said": said},
            now=now,
        )
    return None
