"""What a card of a hand in the books shows: both forms of the entry, and what would post. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from syncapp.desk import sums
from syncapp.pipeline.drifting import answers, drift

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syncapp.core.problems import Problem
    from syncapp.records.models import Case

type Lines = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """How it was posted (`was`), how it stands (`now`), and what would reverse it; amounts in minor units."""

    was: Lines
    now: Lines
    reversal: Lines
    was_caption: str
    now_caption: str
    reversal_caption: str
    ways: frozenset[str]
    print: str
    changed_at: datetime | None
    trust: bool
    correction: Lines = field(default_factory=list)
    correction_caption: str = ""
    fixed: str = ""  # why the entry itself is not changed
    again: bool = False  # it is gone, and would be posted once more
    approve: bool = False  # the entry comes to be approved before it posts
    stays: bool = False  # what corrected it before still does
    many: int = 0  # of entries that were put elsewhere at once
    rounding: Lines = field(default_factory=list)  # with one line that brings it to what was sent
    apart: int = 0  # what QuickBooks makes of it less what was sent, without a sign
    with_it: str = ""  # what becomes of the payments and credits of what is gone

    @property
    def correction_totals(self) -> dict[str, int]:
        """Return the sums of the entry that would correct it."""
        return sums.of(self.correction)

    @property
    def rounding_totals(self) -> dict[str, int]:
        """Return the sums of the entry with its rounding line."""
        return sums.of(self.rounding)

    @property
    def was_totals(self) -> dict[str, int]:
        """Return the sums of what was posted."""
        return sums.of(self.was)

    @property
    def now_totals(self) -> dict[str, int]:
        """Return the sums of what stands."""
        return sums.of(self.now)

    @property
    def reversal_totals(self) -> dict[str, int]:
        """Return the sums of what would post."""
        return sums.of(self.reversal)


def hand(case: Case, today: date) -> Hand:
    """Read what a case of a hand in the books asks."""
    facts = case.facts
    at, of = facts.get("changed_at"), "The first of them as" if facts.get("many") else "As"
    return Hand(
        was=_lines(facts.get("was")),
        now=_lines(facts.get("is")),
        reversal=_lines(facts.get("reversal")),
        was_caption=f"{of} it was posted{_dated(facts.get('was_day'))}",
        now_caption=f"{of} it stands in the books{_dated(facts.get('is_day'))}",
        reversal_caption=f"What would reverse it{_dated(today.isoformat())}",
        ways=answers.ways(case.code, facts),
        print=facts["print"],
        changed_at=datetime.fromisoformat(at) if at else None,
        trust=bool(facts.get("trust")),
        correction=_lines(facts.get("correction")),
        correction_caption=f"What would correct {'all' if facts.get('many') else 'it'}"
        f"{_dated(facts.get('correction_day'))}",
        fixed=facts.get("fixed", ""),
        again=bool(facts.get("again")),
        approve=bool(facts.get("approve")),
        stays=bool(facts.get("stays")),
        many=int(facts.get("many") or 0),
        rounding=_lines(facts.get("rounding")),
        apart=abs(int(facts["shown"]) - int(facts["sent"])) if "shown" in facts else 0,
        with_it=facts.get("with_it", ""),
    )


def restorable(told: Iterable[Problem]) -> list[tuple[Problem, Hand]]:
    """Return entries of client money that stand otherwise than they were posted, both forms of each."""
    return [
        (
            one,
            Hand(
                was=_lines(one.facts["was"]),
                now=_lines(one.facts["is"]),
                reversal=[],
                was_caption=f"As it was posted{_dated(one.facts['was_day'])}",
                now_caption=f"As it stands in the books{_dated(one.facts['is_day'])}",
                reversal_caption="",
                ways=frozenset() if one.facts.get("closed") else frozenset({drift.RESTORE}),
                print=one.facts["print"],
                changed_at=None,
                trust=True,
                correction=_lines(one.facts.get("correction")),
                correction_caption=f"What would correct it{_dated(one.facts.get('correction_day'))}",
                fixed=one.facts.get("fixed", ""),
            ),
        )
        for one in told
    ]


def _dated(written: str | None) -> str:
    return f", dated {date.fromisoformat(written):%-d %b %Y}" if written else ""


def _lines(kept: str | None) -> Lines:
    rows = json.loads(kept) if kept else []
    return [
        {
            "account": row["account"],
            "name": row.get("name", ""),
            "debit_minor": int(row["debit"]),
            "credit_minor": int(row["credit"]),
        }
        for row in rows
    ]
