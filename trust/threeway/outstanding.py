"""What the bank has seen of the books up to a day, with the matches that people and the machine made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from trust import matching
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

    `lines` and `entries` reach back to the opening; later ones tell what a line was matched with. `groups`
    are the matches and what is proposed: which of two equal items the bank has seen moves no total, and a
    person says it in the matching.
    """
    kept = list(groups)
    standing = matching.standing(kept, lines, entries, last)
    return Bank(
        closing=closing,
        unmatched=standing.unmatched,
        outstanding=standing.outstanding,
        matched=tuple(_matched(kept, lines, entries)),
    )


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
