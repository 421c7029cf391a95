"""What a firm's rules answered, and what a new one would answer now. In a reading scope of the firm."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Max

from accounts.paging import Counted
from syncapp.desk.queries import answers
from syncapp.pipeline.autos import rules, using
from syncapp.pipeline.cases import choices
from syncapp.records.models import AutoUse

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from accounts.models import User
    from syncapp.pipeline.autos.rules import Rule
    from syncapp.pipeline.cases.alike import One
    from syncapp.records.models import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A rule of the firm, who stands for it (None when that person answers nothing any more), and its use."""

    rule: Rule
    author: User | None
    records: int = 0
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a rule would have answered now: its cases, what they hold, and the entries it would post."""

    found: list[One] = field(default_factory=list)
    records: int = 0
    minor: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)


def standing(*, firm_id: int, now: datetime) -> list[Standing]:
    """List the firm's rules in their order."""
    authors = rules.authors(firm_id=firm_id, now=now)
    rows = AutoUse.objects.filter(firm_id=firm_id).values("rule").order_by("rule")
    used: dict[str, tuple[int, datetime]] = {
        row["rule"]: (row["n"], row["last"]) for row in rows.annotate(n=Count("pk"), last=Max("at"))
    }
    return [
        Standing(
            rule=rule,
            author=authors.get(rule.by),
            records=used[rule.name][0] if rule.name in used else 0,
            last=used[rule.name][1] if rule.name in used else None,
        )
        for rule in rules.of_firm(firm_id)
    ]


def uses(*, firm_id: int, per_page: int) -> Counted:
    """Return the pages of all uses, the newest first."""
    rows = AutoUse.objects.filter(firm_id=firm_id).select_related("document", "case", "author")
    return Counted(rows.order_by("-at", "-pk"), per_page, count=rows.count())


def of_case(*, firm_id: int, case: Case) -> list[AutoUse]:
    """Return what rules answered of a case, the newest first."""
    rows = AutoUse.objects.filter(firm_id=firm_id, case=case).select_related("author")
    return list(rows.order_by("-at", "-pk")[:1])


def look(*, firm_id: int, rule: Rule) -> Look:
    """Return what a rule would answer now, and what posts by it."""
    found = [one for _, one in using.would(firm_id=firm_id, books_id=None, rules=[rule])]
    holds = [hold for one in found for hold in one.holds]
    lines = answers.added_up(one.case for one in found) if rule.answer == choices.APPROVE else []
    both = sum(line.get("debit_minor", 0) for line in lines)
    return Look(
        found=found,
        records=len(holds),
        minor=sum(hold.amount for hold in holds),
        lines=lines,
        totals={"debit_minor": both, "credit_minor": both},
    )
