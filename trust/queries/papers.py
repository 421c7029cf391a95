"""From the bank to the paper: each line of a month with its entry, Clio's row, the ledger and who approved.

To be asked within an open scope of the firm.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncapp.core import money
from syncapp.core.matching import folded
from syncapp.records.models import BookRow, Link, PostedEntry, PostedLine
from trust.matching import How
from trust.models import Match, TrustApproval
from trust.models.matches import AUTOMATIC
from trust.queries import ledgers, matches, statements
from trust.queries.gathering import key_of
from trust.queries.workbench import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from trust.models import TrustPair
    from trust.nouns import BankLine, Movement

OBJECTS = {
    "journal": "Journal entry",
    "check": "Check",
    "expense": "Expense",
    "deposit": "Deposit",
    "transfer": "Transfer",
    "payment": "Payment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One line of an entry as it was posted; `amount` is a debit when positive."""

    account: str
    amount: int
    memo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One entry of the books behind a line of the bank, back to Clio.

    `clio` is Clio's own name of the row, empty for what was written in the books; `approved` who approved to
    post it, and when.
    """

    movement: Movement
    ledgers: tuple[tuple[str, int], ...]
    written: str
    clio: str
    sides: tuple[Side, ...]
    approved: tuple[TrustApproval, ...]
    posted: PostedEntry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One line of the bank and what stands behind it; `match` is None while nothing does."""

    line: BankLine
    match: Match | None
    how: str
    legs: tuple[Leg, ...]


def papers(pair: TrustPair, first: date, last: date, *, search: str = "") -> list[Paper]:
    """Return the bank's lines of some days, the earliest first; `search` wants all its words of one."""
    lines = statements.lines(pair, first, last)
    booked = {one.subject: one for one in matches.entries(pair)}
    made = _made(pair, [one.id for one in lines])
    keys = {key for _match, subjects in made.values() for key in subjects}
    legs = _legs(pair, [booked[key] for key in keys if key in booked])
    found = []
    for line in lines:
        match, subjects = made.get(line.id, (None, ()))
        found.append(
            Paper(
                line=line,
                match=match,
                how=_how(match),
                legs=tuple(legs[key] for key in subjects if key in legs),
            )
        )
    wanted = [word for word in (folded(part) for part in search.replace(",", "").split()) if word]
    return [one for one in found if _speaks(one, wanted, pair.firm.currency)]


def _how(match: Match | None) -> str:
    if match is None:
        return ""
    by = "Tieout" if match.made == AUTOMATIC else str(match.by)
    return f"{WORDS[How(match.how)]}, by {by}"


def _made(pair: TrustPair, lines: Sequence[str]) -> dict[str, tuple[Match, tuple[str, ...]]]:
    """Return the match of each line with the entries it names."""
    rows = Match.objects.filter(
        matches.live(pair), parts__side="bank", parts__key__in=lines, parts__live=True
    ).distinct()
    found: dict[str, tuple[Match, tuple[str, ...]]] = {}
    for row in rows.select_related("by").prefetch_related("parts"):
        parts = list(row.parts.all())
        entries = tuple(part.key for part in parts if part.side != "bank")
        found |= {part.key: (row, entries) for part in parts if part.side == "bank"}
    return found


def _legs(pair: TrustPair, entries: Sequence[Movement]) -> dict[str, Leg]:
    keys = {key_of(one.subject.partition("@")[0]) for one in entries}
    names = ledgers.names(pair.firm_id, {key for one in entries for key, _amount in one.ledgers})
    posted, written = _posted(pair, keys), _written(pair, keys)
    sides = _sides(pair, posted.values())
    approved: dict[str, list[TrustApproval]] = defaultdict(list)
    rows = TrustApproval.objects.filter(firm_id=pair.firm_id, subject__in=keys).select_related("by")
    for row in rows:
        approved[row.subject].append(row)
    found = {}
    for one in entries:
        key = key_of(one.subject.partition("@")[0])
        entry = posted.get(key)
        found[one.subject] = Leg(
            movement=one,
            ledgers=tuple((names.get(ledger, ledger), amount) for ledger, amount in one.ledgers),
            written=written.get(key, ""),
            clio="" if key.startswith("books/") else key.replace("_", " ").replace("/", " "),
            sides=tuple(sides.get(entry.pk, ())) if entry else (),
            approved=tuple(approved.get(key, ())),
            posted=entry,
        )
    return found


def _posted(pair: TrustPair, keys: Iterable[str]) -> dict[str, PostedEntry]:
    """Return the first entry that was posted under each key."""
    rows = PostedEntry.objects.filter(
        firm_id=pair.firm_id, books_id=pair.books_id, subject__in=list(keys), side="trust"
    )
    return {row.subject: row for row in rows.order_by("-pk")}


def _sides(pair: TrustPair, entries: Iterable[PostedEntry]) -> dict[int, list[Side]]:
    found: dict[int, list[Side]] = defaultdict(list)
    lines = PostedLine.objects.filter(firm_id=pair.firm_id, entry__in=[entry.pk for entry in entries])
    for line in lines.order_by("pk"):
        account = "Trust bank" if line.account == pair.bank else "Trust liability"
        found[line.entry_id].append(Side(account=account, amount=line.minor, memo=line.memo))
    return found


def _written(pair: TrustPair, keys: Iterable[str]) -> dict[str, str]:
    """Say which object of the books each key is."""
    listed = set(keys)
    links = Link.objects.filter(
        firm_id=pair.firm_id, books_id=pair.books_id, live=True, subject__in=listed
    ).values_list("subject", "object_kind", "remote_id")
    objects = {subject: (kind, key) for subject, kind, key in links}
    for subject in listed:
        kind, _colon, key = subject.removeprefix("books/").partition(":")
        if subject.startswith("books/") and key:
            objects[subject] = (kind, key)
    rows = BookRow.objects.filter(
        firm_id=pair.firm_id, books_id=pair.books_id, remote_id__in={key for _kind, key in objects.values()}
    )
    numbers = {(kind, key): number for kind, key, number in rows.values_list("kind", "remote_id", "number")}
    return {
        subject: f"{OBJECTS.get(kind, kind.replace('_', ' ').capitalize())} "
        f"{numbers.get((kind, key)) or 'without a number'}, id {key}"
        for subject, (kind, key) in objects.items()
    }


def _speaks(one: Paper, wanted: Sequence[str], currency: str) -> bool:
    """Tell whether a line or what stands behind it has all the words."""
    if not wanted:
        return True
    texts = [one.line.text, one.line.check, one.line.reference, money.text(abs(one.line.amount), currency)]
    for leg in one.legs:
        of = leg.movement
        texts += [of.payee, of.text, of.check, of.number, leg.written, *(name for name, _ in leg.ledgers)]
    text = folded(" ".join(texts))
    return all(word in text for word in wanted)
