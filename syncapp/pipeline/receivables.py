"""What is open: every bill with its interest against its invoices, and what nobody asked for."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from syncapp.core.documents import Bill, BillState, Payment
from syncapp.core.ledger import JournalDraft, PaymentDraft
from syncapp.core.money import spoken
from syncapp.pipeline import amended
from syncapp.pipeline.compared import Compared
from syncapp.pipeline.context import Context, draft_of
from syncapp.records.models import BookRow, Difference, Hold, Link

_SIGN = {"invoice": 1, "credit_memo": -1}  # a zero payment and its like leave nothing open
AGES = {"1-30": 30, "31-60": 60, "61-90": 90, "90+": 100_000}  # days overdue


def receivables(
    context: Context, one: Compared, rows: dict[tuple[str, str], BookRow], held: dict[int, Hold]
) -> None:
    """Compare what is open: each bill with its interest against its invoices, and what nobody asked for."""
    links = _links_by_bill(context)
    ours: set[tuple[str, str]] = set()
    charged = _charged(context, rows)
    removed = _held_though_removed(context, links, held)
    for bill_id, bill in context.bills.items():
        keys = [(link.object_kind, link.remote_id) for link in links.get(bill_id, [])]
        ours.update(keys)
        standing = [rows[k] for k in keys if k in rows and not rows[k].deleted and not rows[k].voided]
        asked = open_in_clio(context, bill)
        total = sum(row.balance * _SIGN.get(row.kind, 0) for row in standing)
        total += _owed_again(links.get(bill_id, []), charged, asked - total)
        if asked:
            one.clio.add(asked)
        if total:
            one.books.add(total)
        if asked != total:
            hold = _hold_of(context, bill_id, held) or removed.get(bill_id)
            words = hold.words if hold else f"Clio has {spoken(asked)} open, the books {spoken(total)}."
            one.rows.append(
                Difference(
                    kind="receivables",
                    resource="bills",
                    source_id=str(bill_id),
                    number=bill.number,
                    clio=asked,
                    books_object=f"invoice:{standing[0].remote_id}" if standing else "",
                    books_minor=total,
                    amount=asked - total,
                    queued=hold is not None,
                    reason=words[:400],
                )
            )
    _extra_receivables(context, one, rows, ours)
    _unpaid(one, charged)


def _unpaid(one: Compared, charged: dict[str, int]) -> None:
    """List what our entries on receivables leave open for no bill."""
    for key, amount in charged.items():
        if amount:
            one.books.add(amount)
            words = "It charges a client again and is not paid."
            one.rows.append(_unasked(f"journal:{key}", "", amount, words))


def _charged(context: Context, rows: dict[tuple[str, str], BookRow]) -> dict[str, int]:
    """Return what our journal entries on receivables leave open, in minor units, by id of the books."""
    subjects = [s for s in context.amending if s in context.links]
    links = [context.links[s] for s in subjects if context.links[s].object_kind == "journal"]
    left: dict[str, int] = {}
    for link in links:
        row, draft = rows.get(("journal", link.remote_id)), context.content(link.subject)
        if isinstance(draft, JournalDraft) and row is not None and not row.deleted:
            on_clients = (line.amount for line in draft.lines if line.account == context.book.receivable)
            left[link.remote_id] = sum(on_clients)
    for (kind, _), row in rows.items():
        if not left or kind != "payment" or row.deleted or row.voided:
            continue
        for target, amount in row.data.get("links") or []:
            _, _, key = target.partition("JournalEntry:")
            if key in left:
                left[key] -= amount if left[key] > 0 else -amount
    return left


def _owed_again(links: list[Link], charged: dict[str, int], need: int) -> int:
    """Take from the entries that bear on a bill what it still lacks: one entry may bear on several bills."""
    found = 0
    for link in links:
        left = charged.get(link.remote_id, 0) if link.object_kind == "journal" else 0
        part = min(left, max(need - found, 0)) if left > 0 else max(left, min(need - found, 0))
        found += part
        if left:
            charged[link.remote_id] -= part
    return found


def _links_by_bill(context: Context) -> dict[int, list[Link]]:
    """Return the invoices of each bill and of its interest charges."""
    found: dict[int, list[Link]] = defaultdict(list)
    for subject, link in context.links.items():
        kind, _, key = subject.partition("/")
        if kind == "bills":
            found[int(key.partition("/")[0])].append(link)
    for bill_id, charges in context.interest.items():
        subjects = (f"interest_charges/{charge.id}" for charge in charges)
        found[bill_id] += [context.links[subject] for subject in subjects if subject in context.links]
    if context.amending:
        for links in found.values():
            mine = {link.subject for link in links}
            more = [s for s in amended.bearing_on(context, mine) if s not in mine and s in context.links]
            links += [context.links[subject] for subject in more]
    return found


def _hold_of(context: Context, bill_id: int, held: dict[int, Hold]) -> Hold | None:
    """Return what holds a bill, its interest, or a payment or credit on it."""
    documents = [context.documents["bill", bill_id]]
    documents += [context.documents["interest", c.id] for c in context.interest.get(bill_id, [])]
    for paid in context.paying.get(bill_id, []):
        kind = "payment" if isinstance(paid, Payment) else "credit"
        documents.append(context.documents[kind, paid.id])
    return next((held[d.pk] for d in documents if d.pk in held), None)


def _held_though_removed(
    context: Context, links: dict[int, list[Link]], held: dict[int, Hold]
) -> dict[int, Hold]:
    """Return, by bill, what holds a payment or credit that still pays it in the books and no more in Clio."""
    bill_of = {link.subject: bill_id for bill_id, mine in links.items() for link in mine}
    found: dict[int, Hold] = {}
    for link in context.links.values():
        hold = held.get(link.document_id) if link.document_id is not None else None
        if hold is None or link.content is None:
            continue
        draft = draft_of(link.object_kind, link.content)
        for part in draft.applications if isinstance(draft, PaymentDraft) else ():
            if part.subject in bill_of:
                found.setdefault(bill_of[part.subject], hold)
    return found


def open_in_clio(context: Context, bill: Bill) -> int:
    """Return what a bill leaves open in the practice system, interest included, in minor units."""
    if bill.state is not BillState.ISSUED or bill.trust_request:
        return 0
    charged = sum(charge.amount for charge in context.interest.get(bill.id, []))
    paid = sum(
        part.amount
        for p in context.paying.get(bill.id, [])
        for part in p.allocations
        if part.bill_id == bill.id
    )
    return bill.amount + charged - paid


def _extra_receivables(
    context: Context, one: Compared, rows: dict[tuple[str, str], BookRow], ours: set[tuple[str, str]]
) -> None:
    """List what is open in the books without a bill: typed invoices, credits and payments not applied."""
    for key, row in rows.items():
        kind = key[0]
        if key in ours or row.deleted or kind not in {"invoice", "payment", "credit_memo"} or not row.balance:
            continue
        amount = row.balance if kind == "invoice" else -row.balance
        link = context.subject_of.get(key)
        one.books.add(amount)
        words = (
            "It is open in the books and belongs to no bill."
            if link is None
            else "It is not applied to an invoice."
        )
        one.rows.append(_unasked(f"{kind}:{row.remote_id}", row.number, amount, words))


def _unasked(books_object: str, number: str, amount: int, words: str) -> Difference:
    """Return the row of something open in the books that no bill asks for."""
    return Difference(
        kind="receivables",
        resource="",
        source_id="",
        number=number,
        clio=0,
        books_object=books_object,
        books_minor=amount,
        amount=-amount,
        queued=False,
        reason=words,
    )


def ageing(context: Context, today: date) -> dict[str, int]:
    """Return what is open by days overdue, in minor units."""
    buckets = dict.fromkeys(["current", *AGES], 0)
    for bill in context.bills.values():
        late = (today - bill.due).days if bill.due else 0
        name = next((name for name, days in AGES.items() if late <= days), "90+") if late > 0 else "current"
        buckets[name] += open_in_clio(context, bill)
    return buckets
