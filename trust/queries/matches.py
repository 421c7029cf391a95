"""What is matched with the bank, and what is outstanding on any day. To be asked within an open scope.

What a bank line is matched with is an entry of the books' trust bank, under Clio's natural key where it is
linked, or an item that was outstanding when the account was opened here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from trust.matching import Group, Matching, PayeeRule, Standing, Window, key_of, match, standing
from trust.models import LearnedPayee, Match, MatchPart, TrustPair
from trust.models.matches import BANK, BOOKS
from trust.queries import statements, witnesses
from trust.threeway import Match as Matched

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trust.nouns import BankLine, Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both sides of a trust account from its start: the bank's lines, the books' entries, what is matched."""

    lines: list[BankLine]
    entries: list[Movement]
    groups: list[Group]

    @property
    def free_lines(self) -> list[BankLine]:
        """Return the lines that no match names."""
        taken = {key for group in self.groups for key in group.lines}
        return [line for line in self.lines if line.id not in taken and line.amount]

    @property
    def free_entries(self) -> list[Movement]:
        """Return the entries that no match names."""
        taken = {key for group in self.groups for key in group.movements}
        return [one for one in self.entries if one.subject not in taken]

    def on(self, day: date) -> Standing:
        """Say what is outstanding at the end of a day."""
        return standing(self.groups, self.lines, self.entries, day)

    def lines_to(self, day: date) -> list[BankLine]:
        """Return the free lines to a day."""
        return [line for line in self.free_lines if line.day <= day]

    def entries_to(self, day: date) -> list[Movement]:
        """Return the free entries to a day, and those a little later that its lines may be."""
        latest = day + timedelta(days=Window().before)
        return [one for one in self.free_entries if one.day <= latest]


def sides(
    pair: TrustPair, *, known_at: datetime | None = None, booked: Iterable[Movement] | None = None
) -> Sides:
    """Lay out both sides; `known_at` takes the matches as they stood at an instant, else those of now.

    `booked` is what `witnesses.book_movements` answered, for who has asked it already.
    """
    return Sides(
        lines=statements.lines(pair, pair.start, date.max),
        entries=entries(pair, booked=booked),
        groups=groups(pair, known_at=known_at),
    )


def entries(pair: TrustPair, *, booked: Iterable[Movement] | None = None) -> list[Movement]:
    """Return what can be matched: all that moves the books' trust bank since the start, told by Clio's words.

    The opening balance is left out; the items that were outstanding then stand in its place. A change of an
    entry on a later day is an entry of its own, `SUBJECT@DAY`.
    """
    named: set[str] = set()
    found = []
    for one in witnesses.book_movements(pair) if booked is None else booked:
        key = one.subject if one.subject not in named else f"{one.subject}@{one.day.isoformat()}"
        named.add(key)
        found.append(one if key == one.subject else replace(one, subject=key))
    return found


def live(pair: TrustPair, *, known_at: datetime | None = None) -> Q:
    """Return the condition under which a match of the account counts: now, or as known at an instant."""
    of = Q(firm_id=pair.firm_id, pair=pair)
    if known_at is None:
        return of & Q(undone_at=None)
    return of & Q(at__lte=known_at) & (Q(undone_at=None) | Q(undone_at__gt=known_at))


def groups(pair: TrustPair, *, known_at: datetime | None = None) -> list[Group]:
    """Return the matches of an account, oldest first."""
    named: dict[int, dict[str, list[str]]] = defaultdict(lambda: {BANK: [], BOOKS: []})
    rows = MatchPart.objects.filter(
        firm_id=pair.firm_id,
        pair=pair,
        match__in=Match.objects.filter(live(pair, known_at=known_at)).values("pk"),
    )
    for match_id, side, key in rows.order_by("match_id", "id").values_list("match_id", "side", "key"):
        named[match_id][side].append(key)
    return [Group(lines=tuple(of[BANK]), movements=tuple(of[BOOKS])) for of in named.values()]


def outstanding(
    pair: TrustPair, day: date, *, known_at: datetime | None = None
) -> tuple[list[Movement], list[Movement]]:
    """Return what the bank had not seen at the end of a day: deposits in transit, then unpaid checks."""
    found = sides(pair, known_at=known_at).on(day)
    return list(found.deposits), list(found.checks)


def matches(pair: TrustPair, day: date) -> list[Matched]:
    """Return the matches that touch the time to `day`, with the lines and entries as they stand today."""
    both = sides(pair)
    lines = {line.id: line for line in both.lines}
    booked = {one.subject: one for one in both.entries}
    found = []
    for group in both.groups:
        one = Matched(
            lines=tuple(lines[key] for key in group.lines if key in lines),
            movements=tuple(booked[key] for key in group.movements if key in booked),
        )
        days = [line.day for line in one.lines] + [entry.day for entry in one.movements]
        if any(there <= day for there in days):
            found.append(one)
    return found


def is_matched(*, firm_id: int, subjects: Iterable[str]) -> set[str]:
    """Return those of the natural keys that a line of the bank has: never changed or posted again.

    DESIGN section 9, rule e.
    """
    rows = MatchPart.objects.filter(firm_id=firm_id, side=BOOKS, live=True, key__in=list(subjects))
    return set(rows.values_list("key", flat=True))


def rules(pair: TrustPair) -> list[PayeeRule]:
    """Return what people taught of the bank's texts and did not stop."""
    rows = LearnedPayee.objects.filter(firm_id=pair.firm_id, pair=pair, stopped_at=None)
    return [
        PayeeRule(id=row.pk, words=frozenset(row.words.split()), payee=row.folded, paid_in=row.paid_in)
        for row in rows
    ]


def proposals(pair: TrustPair, both: Sides, day: date = date.max) -> Matching:
    """Return what fits of all that is free to a day, by evidence and by what people taught.

    What a person has undone is not offered again: it is matched by hand or with something else.
    """
    latest = min(day, date.max - timedelta(days=Window().before))
    found = match(
        both.lines_to(latest), both.entries_to(latest), rules=rules(pair), currency=pair.firm.currency
    )
    undone = undone_keys(pair)
    return replace(
        found,
        automatic=tuple(one for one in found.automatic if one.key not in undone),
        suggested=tuple(one for one in found.suggested if one.key not in undone),
    )


def undone_keys(pair: TrustPair) -> set[str]:
    """Return the keys of what people have undone."""
    named: dict[int, dict[str, list[str]]] = defaultdict(lambda: {BANK: [], BOOKS: []})
    rows = MatchPart.objects.filter(firm_id=pair.firm_id, pair=pair, match__undone_by__isnull=False)
    for match_id, side, key in rows.values_list("match_id", "side", "key"):
        named[match_id][side].append(key)
    return {key_of(of[BANK], of[BOOKS]) for of in named.values()}
