"""What a change of the mapping would post of what is held: looked at before it is put in force.

Nothing is written. Bills and what stands by itself are planned as settling would plan them; a payment or
credit follows its bills.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mapping.queries import RuleBook
from syncapp.core.documents import Kind
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.loading import load
from syncapp.pipeline.settling import barriers
from syncapp.pipeline.settling.wishes import answer_of
from syncapp.records.models import Case, Hold

MOST = 2000  # records looked at; more of one cause are told as "at least"
FOLLOWS = frozenset({Kind.PAYMENT.value, Kind.CREDIT.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One held record with the entry that it would post; amounts in minor units."""

    hold: Hold
    lines: list[dict[str, Any]]

    @property
    def totals(self) -> dict[str, int]:
        """Return the sums of both sides."""
        return {
            side: sum(line.get(side, 0) for line in self.lines) for side in ("debit_minor", "credit_minor")
        }


@dataclass(slots=True, kw_only=True)
class Effect:
    """What a change does: records that post, of this case and of others, and what stays for which reason."""

    here: list[Hold] = field(default_factory=list)
    elsewhere: list[Hold] = field(default_factory=list)
    stays: Counter[str] = field(default_factory=Counter)
    shown: list[Entry] = field(default_factory=list)
    more: bool = False

    @property
    def here_minor(self) -> int:
        """Return the money of this case's records."""
        return sum(hold.amount for hold in self.here)

    @property
    def elsewhere_minor(self) -> int:
        """Return the money of other cases' records."""
        return sum(hold.amount for hold in self.elsewhere)


def effect(*, case: Case, tried: RuleBook, codes: Iterable[str], show: int = 3) -> Effect:
    """Look at what is held under some codes with another mapping. In a reading scope."""
    books_id = case.books_id or 0
    held = Hold.objects.filter(firm_id=case.firm_id, closed_at__isnull=True, alarm=False)
    held = held.filter(case__books_id=books_id, code__in=list(codes)).select_related("document", "case")
    first = sorted(held.order_by("opened_at", "pk")[: MOST + 1], key=lambda hold: hold.case_id != case.pk)
    found = Effect(more=len(first) > MOST)
    context = load(firm_id=case.firm_id, books_id=books_id, tried=tried)
    if isinstance(context, Problem):
        found.stays[context.words] = len(first)
        return found
    freed: set[int] = set()
    for hold in sorted(first[:MOST], key=lambda hold: hold.document.kind in FOLLOWS):
        answer = _answer(context, hold, freed)
        if isinstance(answer, Problem):
            if hold.case_id == case.pk:
                found.stays[answer.title or answer.words] += 1
            continue
        (found.here if hold.case_id == case.pk else found.elsewhere).append(hold)
        if hold.document.kind == Kind.BILL.value:
            freed.add(hold.source_id)
        if answer is not None and hold.case_id == case.pk and len(found.shown) < show:
            found.shown.append(Entry(hold=hold, lines=list(lines(context, answer))))
    return found


def _answer(context: Context, hold: Hold, freed: set[int]) -> Answer | Problem | None:
    """Plan one record; None for what follows bills that are free now."""
    if hold.document.kind not in FOLLOWS:
        answer = answer_of(context, hold.document)
        barred = barriers.barred(context, answer) if isinstance(answer, Answer) else None
        return barred or answer
    parts = (hold.document.data or {}).get("allocations") or []
    bills = {part.get("bill_id") for part in parts} - {None}
    waiting = {bill for bill in bills - freed if not context.stands(f"bills/{bill}")}
    return _held_still(hold) if waiting else None


def _held_still(hold: Hold) -> Problem:
    """Say that a record waits on: its bill does."""
    return Problem(code=hold.code, fix=Fix(hold.case.fix), words="Its bill waits for something else.")


def lines(context: Context, answer: Answer) -> Iterable[dict[str, Any]]:
    """Return the entries of a wish as a person reads them: by account and side, named."""
    sums: dict[tuple[str, str], int] = {}
    for wanted in answer.wanted:
        number = str(getattr(wanted.draft, "number", "") or "")
        for line in wanted.draft.entry():
            key = (line.account, number)
            sums[key] = sums.get(key, 0) + line.amount
    for (account, number), minor in sums.items():
        known = context.book.chart.accounts.get(account)
        side = "debit_minor" if minor > 0 else "credit_minor"
        if minor:
            yield {"account": known.name if known else account, "memo": number, side: abs(minor)}
