"""What each witness says of one trust account, as movements under one natural key.

Tieout's entries and the books' rows stand under Clio's key, later corrections of one included; a row of the
books that is not ours under `books/<kind>:<id>`. All that lies before the pair's start is one movement,
`opening`, on the day before it. To be asked within an open scope of the firm.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from syncapp.core import codec
from syncapp.core.documents import Kind, Matter, Money, Payment
from syncapp.core.ledger import UNTAGGED
from syncapp.core.planning.trust.pairs import account_key
from syncapp.core.problems import Problem
from syncapp.records.models import Document, Hold, PostedLine
from trust import rules
from trust.nouns import Movement
from trust.queries import known, openings
from trust.queries.bookrows import books
from trust.queries.gathering import OPENING, key_of, opened, opening, until_
from trust.rules.returns import returned

if TYPE_CHECKING:
    from trust.models import TrustPair

__all__ = ["book_movements", "books", "clio", "described", "held", "tieout"]

_OF_TRUST = Q(data__funds="trust") | Q(data__into_trust=True) | ~Q(data__trust_rows=[])


def clio(pair: TrustPair, until: date | None = None) -> list[Movement]:
    """Return what Clio did to the account; what cannot be told counts too, on the ledger that it names.

    Where the opening came from a file, its ledgers stand for Clio's earlier rows; where the firm says that
    there is none, the account begins with nothing.
    """
    rows = Document.objects.filter(firm_id=pair.firm_id, kind__in=[Kind.MONEY.value, Kind.PAYMENT.value])
    rows = rows.filter(Q(data__trust=True) | Q(kind=Kind.PAYMENT.value) & _OF_TRUST).exclude(data={})
    readings: list[Money | Payment] = [
        codec.from_json(Money, data) if kind == Kind.MONEY.value else codec.from_json(Payment, data)
        for kind, data in rows.order_by("day", "source_id").values_list("kind", "data")
    ]
    found = returned(opened(_told(pair, readings), pair))
    given = openings.opening_of(pair)
    if pair.opening == openings.NO_OPENING or (given is not None and given.source == "file"):
        found = [one for one in found if one.subject != OPENING] + opening(pair, openings.ledgers(pair))
    return until_(found, until)


def _told(pair: TrustPair, readings: list[Money | Payment]) -> Iterator[Movement]:
    matters = {
        key: codec.from_json(Matter, data)
        for key, data in Document.objects.filter(firm_id=pair.firm_id, kind=Kind.MATTER.value)
        .exclude(data={})
        .values_list("source_id", "data")
    }
    said = known.of(firm_id=pair.firm_id, books_id=pair.books_id)
    transfers = rules.transfers_of(one for one in readings if isinstance(one, Money))
    mine = account_key(pair.clio_account)
    for reading in readings:
        told = rules.movements(reading, matters, said, transfers=transfers)
        if isinstance(told, Problem):
            told = _untold(reading)
        yield from (one for account, one in told.items() if account_key(account) == mine)


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


def tieout(pair: TrustPair, until: date | None = None, *, known_at: datetime | None = None) -> list[Movement]:
    """Return our own posted lines, entry by entry; `known_at` as they were known at an instant."""
    found = [replace(one, subject=key_of(one.subject)) for one in _entries(pair, known_at)]
    return until_(opened(found, pair), until)


def _entries(pair: TrustPair, known_at: datetime | None = None) -> list[Movement]:
    lines = PostedLine.objects.filter(
        firm_id=pair.firm_id,
        entry__books_id=pair.books_id,
        entry__side="trust",
    ).filter(Q(account__in=[pair.bank, pair.liability]) | Q(parent=pair.liability))
    if known_at is not None:
        lines = lines.filter(entry__at__lte=known_at)
    columns = (
        *("entry_id", "entry__subject", "entry__day", "entry__number"),
        *("account", "parent", "minor", "ledger"),
    )
    entries: dict[int, list[tuple[str, int, str]]] = defaultdict(list)
    heads: dict[int, tuple[str, date, str]] = {}
    listed = lines.order_by("entry_id", "pk").values_list(*columns)
    for key, subject, day, number, account, parent, minor, ledger in listed:
        heads[key] = (subject, day, number)
        entries[key].append((parent or account, minor, ledger))
    return [_entry(pair, *heads[key], parts) for key, parts in entries.items()]


def _entry(
    pair: TrustPair, subject: str, day: date, number: str, parts: list[tuple[str, int, str]]
) -> Movement:
    ledgers: Counter[str] = Counter()
    for account, minor, ledger in parts:
        if account == pair.liability and ledger != UNTAGGED.key:
            ledgers[ledger] -= minor
    amount = sum(minor for account, minor, _ in parts if account == pair.bank)
    opening_entry = key_of(subject) == OPENING  # its other side is untagged: no bank line
    return Movement(
        subject=subject,
        day=day,
        amount=sum(ledgers.values()) if opening_entry else amount,
        ledgers=tuple(sorted(ledgers.items())),
        number=number,
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
    said: Sequence[Movement] | None = None,
    stand: Sequence[Movement] | None = None,
) -> list[Movement]:
    """Return what should stand on the trust bank from the pair's start: what is matched with the bank.

    Our own entries with what Clio tells of each, a later correction apart from what it corrects; the books'
    rows that are not ours; and what was outstanding at the opening. What sums to nothing is left out. `said`
    and `stand` are what `clio` and `books` answered, for who has asked them already.
    """
    told = {one.subject: one for one in (clio(pair, until) if said is None else said)}
    ours = [one for one in _entries(pair) if one.day >= pair.start and key_of(one.subject) != OPENING]
    mine = {key_of(one.subject) for one in ours}
    rows = books(pair, until) if stand is None else stand
    others = [one for one in rows if one.subject not in mine and one.subject != OPENING]
    standing = [*(described(one, told) for one in ours), *others]
    return until_([*openings.outstanding(pair), *_summed(standing)], until)


def described(one: Movement, told: dict[str, Movement]) -> Movement:
    """Return an entry of ours with the check, payee and purpose that Clio tells of it."""
    source = told.get(key_of(one.subject))
    if source is None:
        return one
    return replace(
        one,
        check=source.check,
        reference=source.reference,
        payee=source.payee,
        text=source.text,
        kind=source.kind,
    )


def _summed(movements: Iterable[Movement]) -> list[Movement]:
    """Put the parts of one movement together: what was taken back on its own day leaves no trace."""
    by_key: dict[tuple[str, date], Movement] = {}
    whole: Counter[tuple[str, date]] = Counter()
    for one in movements:
        before = by_key.get((one.subject, one.day))
        amount = one.amount + (before.amount if before else 0)
        by_key[one.subject, one.day] = replace(one, amount=amount)
        whole[key_of(one.subject), one.day] += one.amount
    return [one for (key, day), one in by_key.items() if one.amount and whole[key_of(key), day]]
