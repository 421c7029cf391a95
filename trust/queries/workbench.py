"""What the side-by-side screen of a trust account shows. To be asked within an open scope."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from syncapp.core import money
from syncapp.core.documents import Kind
from syncapp.core.matching import folded
from syncapp.records.models import Document
from trust.matching import Group, How, Matching, Proposal, Standing, standing
from trust.matching.names import origin
from trust.models import Match, MatchPart, TrustPair
from trust.models.matches import BANK, BOOKS
from trust.queries import matches, statements, witnesses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from trust.nouns import BankLine, Movement

KIND_OF = {"bank_transactions": Kind.MONEY.value, "payments": Kind.PAYMENT.value}
MOST = 200  # rows of one side; a filter leads further
WORDS = {
    How.CHECK: "Check number",
    How.REFERENCE: "Reference",
    How.PAYEE: "Payee",
    How.RULE: "Learned payee",
    How.EXACT: "Amount and day",
    How.WINDOW: "Amount, days apart",
    How.SEVERAL_ENTRIES: "One line, several entries",
    How.SEVERAL_LINES: "Several lines, one entry",
    How.CANCELED: "Cancel each other",
    How.HAND: "By hand",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A suggestion with what it puts together."""

    proposal: Proposal
    lines: list[BankLine]
    entries: list[Movement]
    how: str

    @property
    def amount(self) -> int:
        """Return what each side sums to."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row[T: (BankLine, Movement)]:
    """A line or an entry that is not matched; `offered` when a suggestion names it, `hint` what is odd."""

    item: T
    offered: bool = False
    hint: str = ""
    ticked: bool = False
    record: int | None = None  # the document in Clio behind an entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a person has ticked, and by how much the two sides differ."""

    lines: int = 0
    entries: int = 0
    bank: int = 0
    books: int = 0

    @property
    def difference(self) -> int:
        """Return the bank's side less the books'."""
        return self.bank - self.books

    @property
    def matches(self) -> bool:
        """Say whether it can be matched: two things at least, the same on both sides."""
        return self.lines + self.entries > 1 and not self.difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """One account to the end of a month. `closing` is None where no statement tells that day's balance."""

    last: date
    closing: int | None
    books: int
    standing: Standing
    offers: list[Offer]
    lines: list[Row[BankLine]]
    entries: list[Row[Movement]]
    lines_left: int  # of both sides, filtered or not
    entries_left: int
    chosen: Chosen
    said: dict[tuple[str, str], str]  # of both sides, by side and key

    @property
    def in_transit(self) -> int:
        """Return what deposits the bank has not seen sum to."""
        return sum(one.amount for one in self.standing.deposits)

    @property
    def unpaid(self) -> int:
        """Return what checks the bank has not paid sum to, negative."""
        return sum(one.amount for one in self.standing.checks)

    @property
    def adjusted(self) -> int | None:
        """Return the bank's balance adjusted by what is outstanding."""
        return None if self.closing is None else self.closing + self.in_transit + self.unpaid

    @property
    def difference(self) -> int | None:
        """Return by how much the adjusted bank and the books differ."""
        return None if self.adjusted is None else self.adjusted - self.books

    @property
    def apart(self) -> int:
        """Return the size of the difference, for a sentence."""
        return abs(self.difference or 0)


def workbench(
    pair: TrustPair,
    last: date,
    *,
    search: str = "",
    lines: Iterable[str] = (),
    entries: Iterable[str] = (),
) -> Workbench:
    """Lay out an account to a day; `search` narrows both sides, `lines` and `entries` are ticked.

    Suggestions that wait count as cleared, as in the three-way: which of two equal items the bank has seen
    moves no total.
    """
    stand = witnesses.books(pair)
    both = matches.sides(pair, booked=witnesses.book_movements(pair, stand=stand))
    found = matches.proposals(pair, both, last)
    offers = [*found.automatic, *found.suggested]
    groups = [*both.groups, *(Group(lines=one.lines, movements=one.movements) for one in offers)]
    free_lines, free_entries = both.lines_to(last), both.entries_to(last)
    ticked = frozenset(lines), frozenset(entries)
    fits = _fits(search, pair.firm.currency)
    shown_lines = [(line.id, line) for line in free_lines if fits(line)][:MOST]
    shown = [(one.subject, one) for one in free_entries if fits(one)][:MOST]
    return Workbench(
        last=last,
        closing=statements.balance_on(pair, last),
        books=sum(one.amount for one in stand if one.day <= last),
        standing=standing(groups, both.lines, both.entries, last),
        offers=_offers(offers, both),
        lines=_rows(shown_lines, found, ticked[0], {}),
        entries=_rows(shown, found, ticked[1], records_of(pair, [key for key, _one in shown])),
        lines_left=len(free_lines),
        entries_left=len(free_entries),
        chosen=chosen_of(both, lines=ticked[0], entries=ticked[1]),
        said=_said(both),
    )


def _rows[T: (BankLine, Movement)](
    items: Sequence[tuple[str, T]], found: Matching, ticked: frozenset[str], records: Mapping[str, int]
) -> list[Row[T]]:
    """Return a side's items with what is known of each."""
    taken, hints = _taken(found), _hints(found)
    return [
        Row(
            item=item,
            offered=key in taken,
            hint=hints.get(key, ""),
            ticked=key in ticked,
            record=records.get(key),
        )
        for key, item in items
    ]


def _taken(found: Matching) -> set[str]:
    return {key for one in (*found.automatic, *found.suggested) for key in (*one.lines, *one.movements)}


def _hints(found: Matching) -> dict[str, str]:
    return {key: one.reason for one in found.near for key in (one.line, one.movement)}


def _said(both: matches.Sides) -> dict[tuple[str, str], str]:
    """Return how each line and each entry is called in a list."""
    lines = {(BANK, line.id): line.text or f"Check {line.check}" for line in both.lines}
    return lines | {(BOOKS, one.subject): one.payee or one.text or one.number for one in both.entries}


def records_of(pair: TrustPair, subjects: Iterable[str]) -> dict[str, int]:
    """Return the document in Clio behind each natural key, where there is one: its page traces the number."""
    wanted: dict[tuple[str, int], list[str]] = defaultdict(list)
    for subject in subjects:
        resource, _slash, key = origin(subject).partition("/")
        number = key.partition("/")[0]
        if resource in KIND_OF and number.isdigit():
            wanted[KIND_OF[resource], int(number)].append(subject)
    rows = Document.objects.filter(
        firm_id=pair.firm_id, kind__in=KIND_OF.values(), source_id__in={number for _kind, number in wanted}
    )
    return {
        subject: key
        for kind, number, key in rows.values_list("kind", "source_id", "pk")
        for subject in wanted.get((kind, number), ())
    }


def chosen(pair: TrustPair, *, lines: Iterable[str], entries: Iterable[str]) -> Chosen:
    """Sum what a person has ticked."""
    return chosen_of(matches.sides(pair), lines=lines, entries=entries)


def chosen_of(both: matches.Sides, *, lines: Iterable[str], entries: Iterable[str]) -> Chosen:
    """Sum what is ticked of both sides."""
    here, there = set(lines), set(entries)
    seen = [line.amount for line in both.free_lines if line.id in here]
    booked = [one.amount for one in both.free_entries if one.subject in there]
    return Chosen(lines=len(seen), entries=len(booked), bank=sum(seen), books=sum(booked))


def _offers(proposals: Sequence[Proposal], both: matches.Sides) -> list[Offer]:
    lines = {line.id: line for line in both.free_lines}
    booked = {one.subject: one for one in both.free_entries}
    return [
        Offer(
            proposal=one,
            lines=[lines[key] for key in one.lines],
            entries=[booked[key] for key in one.movements],
            how=WORDS[one.how],
        )
        for one in proposals
    ]


def _fits(search: str, currency: str) -> Callable[[BankLine | Movement], bool]:
    """Return whether an item has all the words of a search in its text, numbers or amount."""
    wanted = search.replace(",", "").replace("$", "").split()
    asked = [folded(word) or word for word in wanted if not _is_amount(word)]
    amounts = [word.lstrip("-").replace(".", "") for word in wanted if _is_amount(word)]

    def fits(item: BankLine | Movement) -> bool:
        texts = [item.text, item.check, item.reference, *([item.payee] if hasattr(item, "payee") else [])]
        text = folded(" ".join(texts))
        cents = money.text(abs(item.amount), currency).replace(".", "")
        return all(word in text for word in asked) and all(
            cents.startswith(amount) or amount in text for amount in amounts
        )

    return fits


def _is_amount(word: str) -> bool:
    return word.lstrip("-").replace(".", "", 1).isdigit()


def months(pair: TrustPair) -> list[date]:
    """Return the months that a statement has reached, the latest first."""
    latest = statements.covered_until(pair)
    found: list[date] = []
    while latest is not None and latest >= pair.start and len(found) < 240:  # noqa: PLR2004
        found.append(latest.replace(day=1))
        latest = latest.replace(day=1) - timedelta(days=1)
    return found


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def made(pair: TrustPair, month: date) -> QuerySet[Match]:
    """Return the matches of a month's bank lines, the newest first, with both sides and who made them."""
    live = MatchPart.objects.filter(firm_id=pair.firm_id, pair=pair, live=True)
    of_month = live.filter(day__range=(month.replace(day=1), last_day(month)))
    named = of_month.filter(Q(side=BANK) | Q(match__how=How.CANCELED.value)).values("match_id")
    parts = MatchPart.objects.filter(firm_id=pair.firm_id).order_by("side", "day", "id")
    rows = Match.objects.filter(firm_id=pair.firm_id, pair=pair, undone_at=None, pk__in=named)
    return (
        rows.select_related("by", "rule")
        .prefetch_related(Prefetch("parts", queryset=parts))
        .order_by("-at", "-id")
    )


def match_of(*, firm_id: int, match_id: int) -> Match | None:
    """Return a match of the firm."""
    return Match.objects.filter(firm_id=firm_id, pk=match_id).select_related("pair", "pair__firm").first()
