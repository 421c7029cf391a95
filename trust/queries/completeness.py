"""Is all of Clio's client money in the books, and nothing else? In an open scope of the firm."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from syncapp.records.models import Document
from trust.queries import ledgers, witnesses
from trust.queries.gathering import OPENING, key_of
from trust.queries.workbench import KIND_OF
from trust.reports.completeness import Complete, Row, State, counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from trust.models import TrustPair
    from trust.nouns import Movement

LEFT_OUT = "The firm's rules leave it out."
UNTOLD = "Not settled yet; the next run looks at it."


def completeness(pair: TrustPair, first: date, last: date) -> Complete:
    """Follow each movement that Clio has in some days into the books, and each entry back."""
    said = [one for one in witnesses.clio(pair, last) if one.day >= first and one.subject != OPENING]
    ours = _summed(one for one in witnesses.tieout(pair, last) if one.day >= first)
    named = {one.subject for one in said}
    books = witnesses.books(pair, last)
    return Complete(
        firm=pair.firm.name,
        account=pair.with_digits,
        currency=pair.firm.currency,
        first=first,
        last=last,
        rows=tuple(_rows(pair, said, set(ours))),
        entries=counted(ours.values()),
        without=tuple(one for key, one in ours.items() if key not in named),
        strays=tuple(one for one in books if one.day >= first and one.subject.startswith("books/")),
    )


def _summed(entries: Iterable[Movement]) -> dict[str, Movement]:
    """Put the entries of one movement together; what was taken back is none."""
    parts: dict[str, list[Movement]] = defaultdict(list)
    for one in entries:
        if key_of(one.subject) != OPENING:
            parts[key_of(one.subject)].append(one)
    found = {key: _together(key, some) for key, some in parts.items()}
    return {key: one for key, one in found.items() if one.amount or any(part for _, part in one.ledgers)}


def _together(key: str, parts: list[Movement]) -> Movement:
    sums: dict[str, int] = defaultdict(int)
    for part in parts:
        for ledger, amount in part.ledgers:
            sums[ledger] += amount
    return type(parts[0])(
        subject=key,
        day=parts[0].day,
        amount=sum(part.amount for part in parts),
        ledgers=tuple(sorted(sums.items())),
        number=parts[0].number,
    )


def _rows(pair: TrustPair, said: list[Movement], posted: set[str]) -> Iterable[Row]:
    held = witnesses.held(pair)
    skipped = _skipped(pair, [one.subject for one in said])
    names = ledgers.names(pair.firm_id, {key for one in said for key, _ in one.ledgers})
    for one in said:
        whose = ", ".join(names.get(key, key) for key, _ in one.ledgers if key)
        state, reason = State.WAITING, UNTOLD
        if one.subject in posted:
            state, reason = State.POSTED, ""
        elif one.subject in held:
            state, reason = State.HELD, held[one.subject]
        elif one.subject in skipped:
            state, reason = State.EXCLUDED, skipped[one.subject]
        yield Row(movement=one, state=state, reason=reason, whose=whose)


def _skipped(pair: TrustPair, subjects: list[str]) -> dict[str, str]:
    """Return why documents of the practice system ask nothing of the books, by natural key."""
    wanted: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject in subjects:
        resource, _slash, rest = subject.partition("/")
        number = rest.partition("/")[0]
        if resource in KIND_OF and number.isdigit():
            wanted[KIND_OF[resource]][int(number)].append(subject)
    found: dict[str, str] = {}
    for kind, by_number in wanted.items():
        rows = Document.objects.filter(
            firm_id=pair.firm_id, kind=kind, source_id__in=list(by_number), outcome="skipped"
        )
        for key, words in rows.values_list("source_id", "outcome_words"):
            found |= dict.fromkeys(by_number[key], words or LEFT_OUT)
    return found
