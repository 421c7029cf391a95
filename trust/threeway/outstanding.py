"""What the bank has seen of the books up to a day, with the matches that people and the machine made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from trust import matching
from trust.bankwords import Says, fits, says
from trust.matching import Group
from trust.nouns import BankLine, Movement
from trust.threeway.nouns import Bank, Match


def bank_side(
    *,
    closing: int,
    lines: Sequence[BankLine],
    entries: Sequence[Movement],
    groups: Iterable[Group],
    last: date,
) -> Bank:
    """Lay out the bank's side as of one day.

    `lines` and `entries` reach back to the opening; later ones tell what a line was matched with. What nobody
    has matched yet and is the same money all the same counts as seen: which of two equal items the bank has
    seen moves no total, and a person says it in the matching.
    """
    kept = list(groups)
    kept += _likely(kept, lines, entries, last)
    standing = matching.standing(kept, lines, entries, last)
    return Bank(
        closing=closing,
        unmatched=standing.unmatched,
        outstanding=standing.outstanding,
        matched=tuple(_matched(kept, lines, entries)),
    )


def _likely(
    groups: Sequence[Group], lines: Iterable[BankLine], entries: Iterable[Movement], last: date
) -> list[Group]:
    """Return what else is the same money: first where the bank says nothing, then fees, interest, returns."""
    seen = {key for one in groups for key in one.lines}
    booked = {key for one in groups for key in one.movements}
    free = [one for one in lines if one.day <= last and one.id not in seen and one.amount]
    waiting = [one for one in entries if one.day <= last and one.subject not in booked]
    found: list[Group] = []
    for said in Says:
        mine = [line for line in free if says(line.text, line.amount) is said]
        taken = {key for one in found for key in one.movements}
        left = [one for one in waiting if one.subject not in taken]
        if said is not Says.NOTHING:
            left = [one for one in left if any(fits(line.text, one) for line in mine)]
        matched = matching.match(mine, left)
        every = (*matched.automatic, *matched.suggested)
        found += [Group(lines=one.lines, movements=one.movements) for one in every]
    return found


def _matched(
    groups: Iterable[Group], lines: Iterable[BankLine], entries: Iterable[Movement]
) -> Iterable[Match]:
    by_id = {line.id: line for line in lines}
    by_key = {one.subject: one for one in entries}
    for one in groups:
        yield Match(
            lines=tuple(by_id[key] for key in one.lines if key in by_id),
            movements=tuple(by_key[key] for key in one.movements if key in by_key),
        )
