"""Client money on both sides: what Clio says moved in each trust bank against what our entries hold of it.

The two rows of a transfer between ledgers are one event and move nothing in sum; ledgers are compared too.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from syncapp.core.documents import Funds, Kind, Money, Payment
from syncapp.core.money import spoken
from syncapp.core.planning.trust.pairs import Pair, account_key
from syncapp.core.problems import Problem
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.settling.wishes import reading_of
from syncapp.pipeline.ties.compared import Compared, what
from syncapp.pipeline.trust import legs, twin_words
from syncapp.records.models import BookRow, Difference, Document, Hold, Link
from trust.nouns import Movement

type Rows = dict[tuple[str, str], BookRow]


def compare(
    context: Context, trust: Compared, rows: Rows, by_document: dict[int, list[Link]], held: dict[int, Hold]
) -> None:
    """Compare each record that moved client money; every cent that waits is a named difference."""
    mine = Document.objects.filter(firm_id=context.firm_id, kind__in=[Kind.MONEY.value, Kind.PAYMENT.value])
    for document in mine.order_by("day", "source_id"):
        if document.problem and document.kind == Kind.MONEY.value and document.pk in held:
            _unread(context, document, by_document, rows, trust, held[document.pk])
            continue
        if not document.data or not (_names_trust(document.data) or document.pk in held):
            continue
        reading = reading_of(document)
        links = [link for link in by_document.get(document.pk, []) if legs.is_trust(link.content)]
        asked = _asked(context, document, reading, held.get(document.pk))
        if asked is None and not links:
            continue
        _record(context, document, asked, _stands(links, rows), trust, held.get(document.pk))


def _unread(
    context: Context,
    document: Document,
    by_document: dict[int, list[Link]],
    rows: Rows,
    trust: Compared,
    hold: Hold,
) -> None:
    """Record a row of a trust account that cannot be read: nobody can tell yet whose it is, and it waits."""
    told = (document.problem or {}).get("facts", {}).get("trust")
    links = [link for link in by_document.get(document.pk, []) if legs.is_trust(link.content)]
    if told or links:
        _record(context, document, Counter({"": document.amount}), _stands(links, rows), trust, hold)


def _names_trust(data: dict[str, Any]) -> bool:
    """Tell, without reading it whole, whether a document can have moved client money."""
    into = data.get("trust") or data.get("into_trust") or data.get("trust_rows")
    return bool(into) or data.get("funds") == Funds.TRUST.value or not data.get("allocations", True)


def shown_id(document: Document) -> int:
    """Return the id that the practice system shows: a payment is known by its first allocation."""
    parts = (document.data or {}).get("allocations") or []
    return parts[0]["id"] if document.kind == Kind.PAYMENT.value and parts else document.source_id


def _asked(context: Context, document: Document, reading: Any, hold: Hold | None) -> Counter[str] | None:
    """Return what each ledger should have gained by a document; None when it asks for nothing."""
    if not isinstance(reading, Money | Payment) or (isinstance(reading, Money) and not reading.trust):
        return None
    told = legs.movements(context, reading)
    if isinstance(told, Problem):
        asks = hold is not None and not hold.alarm
        return Counter({"": _signed(context, reading)}) if asks else None
    left_out = document.settled and document.outcome == "skipped"
    waits = hold is not None and hold.code == "trust_not_set_up"
    has_twin = hold is not None and hold.code in {twin_words.CODE, twin_words.CHANGED}
    found: Counter[str] | None = None
    for account, moved in told.items():
        pair = context.book.pairs.get(account_key(account))
        stands = moved.subject in context.links or has_twin  # left to the feed, and named on its entry
        if left_out and not stands:
            continue
        if (pair is None and waits) or (pair is not None and _wanted(moved, pair, stands=stands)):
            found = found if found is not None else Counter()
            found.update(dict(_summed(moved)))
    return found


def _wanted(moved: Movement, pair: Pair, *, stands: bool) -> bool:
    """Tell whether a movement is to stand under its ledger: of its day, and not left to the bank feed.

    What is left to it counts once it has its ledger there, or waits for it.
    """
    return moved.day >= pair.start and (stands or moved.kind in pair.post or moved.kind == "fee")


def _summed(moved: Movement) -> Counter[str]:
    found: Counter[str] = Counter()
    for ledger, amount in moved.ledgers:
        found[ledger] += amount
    return found


def _signed(context: Context, reading: Money | Payment) -> int:
    """Return what a movement that nobody can tell does to the bank."""
    if isinstance(reading, Money):
        return reading.amount
    return reading.amount if legs.is_deposit(context, reading) else -reading.amount


def _stands(links: list[Link], rows: Rows) -> tuple[Counter[str], list[BookRow]]:
    """Return what our entries of a document hold for each ledger, as the books show them now.

    What was changed there on the trust bank is of no ledger that anybody knows.
    """
    total: Counter[str] = Counter()
    found: list[BookRow] = []
    for link in links:
        row = rows.get((link.object_kind, link.remote_id))
        if row is None or row.deleted or row.voided or link.content is None:
            continue
        found.append(row)
        posted: Counter[str] = Counter()
        for line in draft_of(link.object_kind, link.content).entry():
            if line.ledger:
                total[line.ledger] -= line.amount
            else:
                posted[line.account] += line.amount
        for line in row.data.get("lines") or []:
            if line["account"] in posted:
                posted[line["account"]] -= line["amount"]
        total[""] -= sum(posted.values())
    return total, found


def _record(
    context: Context,
    document: Document,
    asked: Counter[str] | None,
    stands: tuple[Counter[str], list[BookRow]],
    trust: Compared,
    hold: Hold | None,
) -> None:
    wanted, (total, found) = asked or Counter[str](), stands
    clio, books = sum(wanted.values()), sum(total.values())
    if asked is not None:
        trust.clio.add(clio)
    if found:
        trust.books.add(books)
    for ledger in {*wanted, *total} - {""}:
        trust.parties[ledger].clio += wanted[ledger]
        trust.parties[ledger].books += total[ledger]
    if {k: v for k, v in wanted.items() if v} == {k: v for k, v in total.items() if v}:
        return
    trust.rows.append(
        Difference(
            kind="trust",
            what=what(clio=asked, books=found),
            resource=document.resource,
            source_id=str(shown_id(document)),
            number=document.number,
            clio=clio,
            books_object=f"{found[0].kind}:{found[0].remote_id}" if found else "",
            books_minor=books,
            amount=clio - books,
            queued=hold is not None or not document.settled,
            reason=(hold.words if hold is not None else _reason(context, document, clio, books))[:400],
        )
    )


def _reason(context: Context, document: Document, clio: int, books: int) -> str:
    currency = context.book.company.currency
    if clio == books:
        return "The amounts agree, and the ledgers do not: another client or matter stands in the books."
    if not books:
        return "It is not in the books." if document.settled else "It is on its way to the books."
    return f"Clio says {spoken(clio, currency)}, the books show {spoken(books, currency)}."
