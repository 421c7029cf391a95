"""What each witness says of one trust account, as movements under one natural key.

Tieout's entries and the books' rows stand under Clio's key, later corrections of one included; a row of the
books that is not ours under `books/<kind>:<id>`. All that lies before the pair's start is one movement,
`opening`, on the day before it. To be asked within an open scope of the firm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from syncapp.core import codec
from syncapp.core.documents import Kind, Money, Payment
from syncapp.core.ledger import UNTAGGED
from syncapp.core.planning.trust.pairs import account_key
from syncapp.core.problems import Problem
from syncapp.records.models import Document, Hold, PostedLine
from trust import rules
from trust.nouns import Movement
from trust.queries import known, openings
from trust.queries.bookrows import books
from trust.queries.gathering import OPENING, key_of, opened, opening, until_
from trust.rules.returns import NOTHING_SAID, is_said, returned

if TYPE_CHECKING:
    from trust.models import TrustPair

__all__ = ["book_movements", "books", "by_key", "clio", "entries", "held", "tieout"]

NOTHING_TOLD: Mapping[str, Movement] = {}
UNTOLD = Movement(subject="", day=date.min, amount=0)


def clio(pair: TrustPair, until: date | None = None) -> list[Movement]:
    """Return what Clio did to the account; what cannot be told counts too, on the ledger that it names.

    Where the opening came from a file, its ledgers stand for Clio's earlier rows; where the firm says that
    there is none, the account begins with nothing.
    """
    rows = Document.objects.filter(firm_id=pair.firm_id, of_trust=True)
    readings: list[Money | Payment] = [
        codec.from_json(Money, data) if kind == Kind.MONEY.value else codec.from_json(Payment, data)
        for kind, data in rows.order_by("day", "source_id").values_list("kind", "data")
    ]
    found = _returned(pair, opened(_told(pair, readings), pair))
    given = openings.opening_of(pair)
    if pair.opening == openings.NO_OPENING or (given is not None and given.source == "file"):
        found = [one for one in found if one.subject != OPENING] + opening(pair, openings.ledgers(pair))
    return until_(found, until)


def _returned(pair: TrustPair, movements: list[Movement]) -> list[Movement]:
    """Link what came back; what people said is asked for only where something says that it is a return."""
    asks = any(is_said(one) for one in movements)
    return returned(
        movements, known.returns(firm_id=pair.firm_id, books_id=pair.books_id) if asks else NOTHING_SAID
    )


def _told(pair: TrustPair, readings: list[Money | Payment]) -> Iterator[Movement]:
    matters = _matters(pair, readings)
    said = known.of(firm_id=pair.firm_id, books_id=pair.books_id)
    transfers = rules.transfers_of(one for one in readings if isinstance(one, Money))
    mine = account_key(pair.clio_account)
    for reading in readings:
        told = rules.movements(reading, matters, said, transfers=transfers)
        if isinstance(told, Problem):
            told = _untold(reading)
        yield from (one for account, one in told.items() if account_key(account) == mine)


def _matters(pair: TrustPair, readings: Iterable[Money | Payment]) -> set[int]:
    """Return which of the matters that some documents name are known."""
    named: set[int] = set()
    for one in readings:
        told = [one.matter_id] if isinstance(one, Money) else _of_parts(one)
        named.update(key for key in told if key is not None)
    rows = Document.objects.filter(firm_id=pair.firm_id, kind=Kind.MATTER.value, source_id__in=named)
    return set(rows.exclude(data={}).values_list("source_id", flat=True))


def _of_parts(payment: Payment) -> list[int | None]:
    return [*(part.matter_id for part in payment.allocations), *(row.matter_id for row in payment.trust_rows)]


def _untold(reading: Money | Payment) -> dict[str, Movement]:
    """Return what a document does to the bank although nobody can say for whom."""
    if isinstance(reading, Money):
        key = rules.ledger_key(reading.client_id, reading.matter_id)
        account, amount, subject = reading.bank_account, reading.amount, f"bank_transactions/{reading.id}"
    else:
        into = reading.into_trust
        account, subject = reading.bank_account if into else reading.source_account, f"payments/{reading.id}"
        key, amount = "", reading.amount if into else -reading.amount
        subject = f"{subject}/trust"
    return {
        account: Movement(
            subject=subject,
            day=reading.day,
            amount=amount,
            ledgers=((key, amount),),
            check=rules.check_number(reading.reference),
            reference=reading.reference,
        )
    }


def tieout(
    pair: TrustPair,
    until: date | None = None,
    *,
    known_at: datetime | None = None,
    ours: Sequence[Movement] | None = None,
) -> list[Movement]:
    """Return our own posted lines, entry by entry; `known_at` as they were known at an instant.

    `ours` is what `entries` answered, for who has asked it already.
    """
    listed = entries(pair, known_at=known_at) if ours is None else ours
    return until_(opened((_keyed(one) for one in listed), pair), until)


def _keyed(one: Movement) -> Movement:
    """Bring an entry under the natural key of what it belongs to; most are under it already."""
    key = key_of(one.subject)
    return one if key == one.subject else replace(one, subject=key)


def entries(
    pair: TrustPair, told: Mapping[str, Movement] = NOTHING_TOLD, *, known_at: datetime | None = None
) -> list[Movement]:
    """Return each entry of ours as it was posted, with the check, payee and purpose that is `told` of it.

    `told` is what Clio says, by natural key.
    """
    lines = PostedLine.objects.filter(
        firm_id=pair.firm_id,
        entry__books_id=pair.books_id,
        entry__side="trust",
    ).filter(Q(account__in=[pair.bank, pair.liability]) | Q(parent=pair.liability))
    if known_at is not None:
        lines = lines.filter(entry__at__lte=known_at)
    columns = ("entry_id", "entry__subject", "entry__day", "entry__number", "account", "minor", "ledger")
    found: dict[int, _Entry] = {}
    for key, subject, day, number, account, minor, ledger in lines.order_by("entry_id", "pk").values_list(
        *columns
    ):
        one = found.get(key) or found.setdefault(key, _Entry(subject, day, number))
        if account == pair.bank:
            one.bank += minor
        elif ledger != UNTAGGED.key:
            one.ledgers[ledger] = one.ledgers.get(ledger, 0) - minor
    return [_movement(one, told) for one in found.values()]


@dataclass(slots=True)
class _Entry:
    """One entry of ours with what it does to the bank and to each ledger."""

    subject: str
    day: date
    number: str
    bank: int = 0
    ledgers: dict[str, int] = field(default_factory=dict)


def _movement(one: _Entry, told: Mapping[str, Movement]) -> Movement:
    key = key_of(one.subject)
    source = told.get(key, UNTOLD)
    return Movement(
        subject=one.subject,
        day=one.day,
        # the opening's other side is untagged: it has no bank line
        amount=sum(one.ledgers.values()) if key == OPENING else one.bank,
        ledgers=tuple(sorted(one.ledgers.items())),
        check=source.check,
        reference=source.reference,
        payee=source.payee,
        number=one.number,
        text=source.text,
        kind=source.kind,
    )


def held(pair: TrustPair) -> dict[str, str]:
    """Return why documents of client money wait, by the natural keys that they may have."""
    holds = Hold.objects.filter(firm_id=pair.firm_id, alarm=False, closed_at__isnull=True)
    holds = holds.filter(document__kind__in=[Kind.MONEY.value, Kind.PAYMENT.value])
    found: dict[str, str] = {}
    for kind, key, words in holds.values_list("document__kind", "document__source_id", "words"):
        if kind == Kind.MONEY.value:
            found[f"bank_transactions/{key}"] = words
        else:
            found |= {f"payments/{key}/trust": words, f"payments/{key}/into": words}
    return found


def book_movements(
    pair: TrustPair,
    until: date | None = None,
    *,
    ours: Sequence[Movement] | None = None,
    stand: Sequence[Movement] | None = None,
) -> list[Movement]:
    """Return what should stand on the trust bank from the pair's start: what is matched with the bank.

    Our own entries with what Clio tells of each, a later correction apart from what it corrects; the books'
    rows that are not ours; and what was outstanding at the opening. What sums to nothing is left out. `ours`
    and `stand` are what `entries` and `books` answered, for who has asked them already.
    """
    listed = entries(pair, by_key(clio(pair, until))) if ours is None else ours
    mine = {key_of(one.subject) for one in listed if one.day >= pair.start} - {OPENING}
    rows = books(pair, until) if stand is None else stand
    others = [one for one in rows if one.subject not in mine and one.subject != OPENING]
    posted = [one for one in listed if one.day >= pair.start and key_of(one.subject) != OPENING]
    return until_([*openings.outstanding(pair), *_summed([*posted, *others])], until)


def by_key(movements: Iterable[Movement]) -> dict[str, Movement]:
    """Return movements by their natural keys."""
    return {one.subject: one for one in movements}


def _summed(movements: Iterable[Movement]) -> list[Movement]:
    """Put the parts of one movement together: what was taken back on its own day leaves no trace."""
    found: dict[tuple[str, date], Movement] = {}
    whole: dict[tuple[str, date], int] = {}
    for one in movements:
        at = (one.subject, one.day)
        before = found.get(at)
        found[at] = replace(one, amount=one.amount + before.amount) if before else one
        key = (key_of(one.subject), one.day)
        whole[key] = whole.get(key, 0) + one.amount
    return [one for (key, day), one in found.items() if one.amount and whole[key_of(key), day]]
