"""Openings of trust accounts: compared with the books by each run until they tie, then posted once.

Nothing of a trust account posts before its opening is agreed (DESIGN section 9, trust opening).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from accounts.models import Firm
from syncapp.core import codec
from syncapp.core.documents import Held, Kind
from syncapp.core.documents import Opening as Reading
from syncapp.core.planning.trust.opening import RESOURCE
from syncapp.records.models import BookCursor, Cursor, Document, DocumentVersion
from trust.actions import openings as actions
from trust.models.setup import WAITING
from trust.nouns import Movement
from trust.opening import Figures, Given, Unreadable, parse
from trust.queries import openings, witnesses
from trust.queries.gathering import OPENING
from trust.queries.pairs import pair_named, pairs

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from accounts.models import User
    from trust.models import Opening, TrustPair

READ_WHOLE = ("bank_transactions", "allocations")  # of Clio, before an opening is told from its rows
NOT_READ = "Clio and the books must be read whole first."
UNTOLD = "Of {amount} before the start, Clio does not say whose it is. Complete it in Clio."


def run(*, firm_id: int, books_id: int, now: datetime) -> None:
    """Compare each opening that waits, and plan the entry of each that ties. In a writing scope."""
    for pair in pairs(firm_id, books_id=books_id):
        if pair.opening == openings.NO_OPENING:
            continue
        opening = actions.prepare(pair=pair, by=None, now=now)
        if pair.opening != "clio" and opening.source != "file":
            continue  # a person gives the file
        if opening.state == WAITING and _read(firm_id, books_id):
            compare(pair=pair, opening=opening, now=now)
        if opening.state != WAITING:
            _document(pair, opening, now)


def _read(firm_id: int, books_id: int) -> bool:
    """Tell whether both sides were read whole at least once."""
    whole = Cursor.objects.filter(firm_id=firm_id, name__in=READ_WHOLE, state__whole=True)
    books = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id, full_at__isnull=False)
    return whole.count() == len(READ_WHOLE) and books.exists()


def compare(*, pair: TrustPair, opening: Opening, now: datetime) -> bool:
    """Compare an opening with the books; agree it when it ties. In a writing scope."""
    currency: str = Firm.objects.values_list("currency", flat=True).get(pk=pair.firm_id)
    ledgers = openings.ledgers(pair) if opening.source == "file" else _of(witnesses.clio(pair))[1]
    bank, liability = _of(witnesses.books(pair))
    outstanding = sum(item.amount for item in openings.outstanding(pair))
    figures = Figures(
        ledgers=sum(ledgers.values()),
        bank=bank,
        liability=sum(liability.values()),
        adjusted=None if opening.statement is None else opening.statement + outstanding,
        currency=currency,
    )
    words = ""
    if untold := ledgers.get("", 0):
        words = UNTOLD.format(amount=figures.said(untold))
    return actions.compared(opening=opening, ledgers=ledgers, figures=figures, words=words, now=now)


def _of(movements: list[Movement]) -> tuple[int, dict[str, int]]:
    """Return what lies before the start: on the bank, and by ledger."""
    ledgers: Counter[str] = Counter()
    bank = 0
    for one in movements:
        if one.subject == OPENING:
            bank += one.amount
            ledgers.update(dict(one.ledgers))
    return bank, {key: amount for key, amount in ledgers.items() if amount}


def _document(pair: TrustPair, opening: Opening, now: datetime) -> None:
    """Keep an agreed opening as a document, from which its one entry is planned."""
    stands = Document.objects.filter(firm_id=pair.firm_id, kind=Kind.OPENING.value, source_id=pair.pk).first()
    if stands is not None and stands.amount == opening.total:
        return
    currency: str = Firm.objects.values_list("currency", flat=True).get(pk=pair.firm_id)
    held = openings.ledgers(pair)
    reading = Reading(
        id=pair.pk,
        day=pair.start,
        currency=currency,
        bank_account=pair.clio_account,
        ledgers=tuple(Held(ledger=ledger, amount=amount) for ledger, amount in held.items()),
    )
    document = stands or Document(
        firm_id=pair.firm_id, kind=Kind.OPENING.value, resource=RESOURCE, source_id=pair.pk, version=0
    )
    document.version += 1
    document.number, document.day, document.amount = pair.clio_account[:120], pair.start, reading.amount
    document.data, document.read_at = codec.to_json(reading), now
    document.settled, document.outcome = False, ""
    document.save()
    DocumentVersion.objects.create(
        firm_id=pair.firm_id, document=document, version=document.version, data=document.data, at=now
    )


def read_file(*, pair: TrustPair, text: str) -> Given:
    """Read an opening file against the matters and clients of Clio. In a reading scope. Raises Unreadable."""
    currency: str = Firm.objects.values_list("currency", flat=True).get(pk=pair.firm_id)
    return parse(text, known=_known(pair.firm_id), currency=currency)


def take_file(*, pair: TrustPair, text: str, name: str, by: User | str, now: datetime) -> str | None:
    """Take an opening from a file; a sentence when it cannot be. In a writing scope."""
    try:
        given = read_file(pair=pair, text=text)
    except Unreadable as error:
        return " ".join(error.troubles[:5])
    return actions.give(pair=pair, given=given, name=name, by=by, now=now)


def take_named(*, firm_id: int, clio_account: str, path: Path, by: str, now: datetime) -> str | None:
    """Take an opening from the file that a firm file names; a sentence when it cannot be."""
    pair = pair_named(firm_id, clio_account)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return "it cannot be read as CSV in UTF-8"
    return None if pair is None else take_file(pair=pair, text=text, name=pair.opening, by=by, now=now)


def _known(firm_id: int) -> dict[str, str]:
    """Return the ledgers by what a file may call them; a name that two share is left out."""
    found: dict[str, str] = {"trust/firm": "trust/firm", "trust/interest": "trust/interest"}
    twice: set[str] = set()
    rows = Document.objects.filter(firm_id=firm_id, kind__in=["client", "matter"]).exclude(data={})
    for kind, id_, data in rows.values_list("kind", "source_id", "data"):
        key = f"{'matters' if kind == 'matter' else 'contacts'}/{id_}"
        for name in {key, str(data.get("number" if kind == "matter" else "name") or "").strip().casefold()}:
            if name and found.setdefault(name, key) != key:
                twice.add(name)
    return {name: key for name, key in found.items() if name not in twice}


def file_of(firm_id: int, clio_account: str) -> str:
    """Return the name of the file that a trust account's opening is to be read from; empty for none.

    In a reading scope. Empty too when the file was taken already.
    """
    pair = pair_named(firm_id, clio_account)
    if pair is None or pair.opening in {"clio", openings.NO_OPENING}:
        return ""
    return "" if openings.given(pair) else pair.opening
