"""The firm's rules that answer exceptions, read anew for each run.

A rule is a cause, an answer that the card of that cause takes, and conditions; it stands under the name of
whoever wrote it, and rests when that person approves nothing for the firm any more. Only answers that may be
given without looking at each case alone are offered (`alike`), and none for client money.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts import queries as people
from accounts.roles import Permission, allows
from mapping import queries
from syncapp.core import money
from syncapp.pipeline.autos.ways import WAYS
from syncapp.pipeline.cases import choices, owners
from syncapp.records.models import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from accounts.models import Membership, User
    from syncapp.pipeline.cases.alike import One

KEY = "auto"  # within the firm's settings of its cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `up_to` in minor units, None without a limit; `client` is a name or `id:5`, "" is any."""

    name: str
    cause: str
    answer: str
    by: str
    client: str = ""
    up_to: int | None = None
    on: bool = True

    @property
    def says(self) -> str:
        """Return what it does, in words."""
        limits = [f"of {self.client}"] if self.client else []
        limits += [f"up to {money.text(self.up_to)}"] if self.up_to is not None else []
        words = WAYS.get((self.cause, self.answer), f"{self.cause}: {self.answer}")
        return f"{words} ({', '.join(limits)})" if limits else words

    def fits(self, one: One, names: Mapping[int, str]) -> bool:
        """Tell whether a case that takes this answer is meant. `names` are the clients' by id."""
        if of_trust(one):
            return False
        if self.up_to is not None and _amount(one) > self.up_to:
            return False
        if not self.client:
            return True
        clients = {hold.document.client_id for hold in one.holds}
        client = clients.pop() if len(clients) == 1 else None
        if client is None:
            return False
        if self.client.startswith("id:"):
            return self.client[3:].strip() == str(client)
        return self.client.strip().casefold() == names.get(client, "").strip().casefold()


def of_trust(one: One) -> bool:
    """Tell whether a case has to do with client money: no rule answers that."""
    return one.case.severity == "trust" or any(hold.document.of_trust for hold in one.holds)


def _amount(one: One) -> int:
    """Return what the answer posts at most: the correction's own total, else all that is held."""
    if one.case.code == choices.CORRECTION:
        return abs(int(one.case.facts["total"]))
    return sum(abs(hold.amount) for hold in one.holds)


def read(said: Iterable[Mapping[str, Any]]) -> list[Rule]:
    """Read rules as the firm file writes them, in their order."""
    return [
        Rule(
            name=str(row["name"]),
            cause=str(row["cause"]),
            answer=str(row["answer"]),
            by=str(row["by"]).strip().lower(),
            client=str(row.get("client", "")),
            up_to=money.minor(str(row["up_to"])) if "up_to" in row else None,
            on=bool(row.get("on", True)),
        )
        for row in said
    ]


def written(rule: Rule) -> dict[str, Any]:
    """Write a rule as the firm file does."""
    return {
        "name": rule.name,
        "cause": rule.cause,
        "answer": rule.answer,
        "by": rule.by,
        **({"client": rule.client} if rule.client else {}),
        **({"up_to": money.text(rule.up_to)} if rule.up_to is not None else {}),
        **({} if rule.on else {"on": False}),
    }


def of_firm(firm_id: int) -> list[Rule]:
    """Return a firm's rules in their order. In a reading scope."""
    return read((queries.firm_settings(firm_id).get(owners.KEY) or {}).get(KEY) or [])


def authors(*, firm_id: int, now: datetime) -> dict[str, User]:
    """Return who may stand for a rule today, by address: who approves, and gives answers. In a scope."""
    found = people.members_today(firm_id=firm_id, now=now)
    return {member.user.email: member.user for member in found if may_write(member)}


def may_write(member: Membership) -> bool:
    """Tell whether somebody may write rules: they need every right that an answer needs."""
    needs = (Permission.RETRY, Permission.APPROVE)
    return member.window is None and all(allows(member.role, one) for one in needs)


def names_of(*, firm_id: int, rules: Sequence[Rule]) -> dict[int, str]:
    """Return the clients' names by id, where a rule asks for one. In a reading scope."""
    if not any(rule.client for rule in rules):
        return {}
    rows = Document.objects.filter(firm_id=firm_id, kind="client")
    return dict(rows.values_list("source_id", "number"))
