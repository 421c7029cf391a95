"""What is open: every bill with its interest against its invoices, and what nobody asked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from syncapp.core.documents import Bill, BillState, Kind, Payment
from syncapp.core.ledger import InvoiceDraft, PaymentDraft
from syncapp.core.money import spoken
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import reversals
from syncapp.pipeline.settling import amended
from syncapp.pipeline.ties import by_party, charges, overpaid, refunds
from syncapp.pipeline.ties.compared import Compared, What, what
from syncapp.pipeline.ties.twins import Twins
from syncapp.records.models import BookRow, Difference, Hold, Link

OPEN_KINDS = {"invoice", "payment", "credit_memo"}
_TYPED = {"JournalEntry": "journal", "Deposit": "deposit", "Check": "check"}
_SIGN = {"invoice": 1, "credit_memo": -1}  # a zero payment and its like leave nothing open
AGES = {"1-30": 30, "31-60": 60, "61-90": 90, "90+": 100_000}  # days overdue


def receivables(
    context: Context, one: Compared, rows: dict[tuple[str, str], BookRow], held: dict[int, Hold]
) -> None:
    """Compare what is open: each bill with its interest against its invoices, and what nobody asked for."""
    links = links_by_bill(context)
    ours: set[tuple[str, str]] = set()
    charged = charges.by_entry(context, rows)
    on_entries = dict(charged)
    removed = _held_though_removed(context, links, held)
    reversed_ = reversals.standing(context, rows)
    refunded = refunds.standing(context, rows)
    opened = {bill_id: open_in_clio(context, bill) for bill_id, bill in context.bills.items()}
    shares: dict[int, dict[str, int]] = {}
    overpaid_by = refunded.taken
    for bill_id, bill in context.bills.items():
        keys = [(link.object_kind, link.remote_id) for link in links.get(bill_id, [])]
        ours.update(keys)
        standing = [rows[k] for k in keys if k in rows and not rows[k].deleted and not rows[k].voided]
        asked = opened[bill_id]
        total = sum(row.balance * _SIGN.get(row.kind, 0) for row in standing)
        total += sum(reversed_.on_invoice[row.remote_id] for row in standing if row.kind == "invoice")
        total += charges.on_bill(links.get(bill_id, []), charged, asked - total)
        if asked < 0 and total > asked:
            total -= overpaid.take(context, bill_id, rows, overpaid_by, total - asked)
        shares[bill_id] = _shares(context, links.get(bill_id, []), rows, asked)
        if asked:
            one.clio.add(asked)
        if total:
            one.books.add(total)
        if asked != total:
            hold = _hold_of(context, bill_id, held) or removed.get(bill_id)
            one.rows.append(_differs((bill_id, bill.number), asked, total, standing, hold))
    _unread(context, one, held)
    spare = charges.taken_back(context, rows, charged)
    spare.update(overpaid_by)
    by_party.compare(context, one, shares, rows, on_entries)
    refunds.compare(context, one, refunded, held, rows, spare)
    _extra_receivables(context, one, rows, (ours, held), reversed_, spare)
    _unpaid(one, charged)
    _typed(context, one, rows, reversed_)


def _shares(
    context: Context, links: list[Link], rows: dict[tuple[str, str], BookRow], asked: int
) -> dict[str, int]:
    """Return what of a bill each customer owes, where it stands as an invoice for each matter.

    Clio does not say which matter a payment was for: as long as the whole ties, the invoices tell.
    """
    found: dict[str, int] = {}
    for link in links:
        row = rows.get((link.object_kind, link.remote_id))
        draft = context.content(link.subject) if "/m" in link.subject else None
        if isinstance(draft, InvoiceDraft) and row is not None and not row.deleted:
            found[draft.customer] = found.get(draft.customer, 0) + row.balance
    return found if len(found) > 1 and sum(found.values()) == asked else {"": asked}


def _differs(
    bill: tuple[int, str], asked: int, total: int, standing: list[BookRow], hold: Hold | None
) -> Difference:
    """Return the row of a bill, by id and number, that has another amount open in Clio and in the books."""
    words = hold.words if hold else f"Clio has {spoken(asked)} open, the books {spoken(total)}."
    return Difference(
        kind="receivables",
        what=what(clio=asked, books=total),
        resource="bills",
        source_id=str(bill[0]),
        number=bill[1],
        clio=asked,
        books_object=f"invoice:{standing[0].remote_id}" if standing else "",
        books_minor=total,
        amount=asked - total,
        queued=hold is not None,
        reason=words[:400],
    )


def _unread(context: Context, one: Compared, held: dict[int, Hold]) -> None:
    """Count what Clio has open on bills that it never told in full: of them only what is owed is known."""
    for (kind, bill_id), document in context.documents.items():
        if kind != Kind.BILL.value or document.data or not document.problem:
            continue
        if asked := document.amount - _paid(context, bill_id):
            one.clio.add(asked)
            one.rows.append(_differs((bill_id, document.number), asked, 0, [], held.get(document.pk)))


def _unpaid(one: Compared, charged: dict[str, int]) -> None:
    """List what our entries on receivables leave open for no bill."""
    for key, amount in charged.items():
        if amount:
            one.books.add(amount)
            words = "It charges a client again and is not paid."
            one.rows.append(_unasked(f"journal:{key}", "", amount, words))


def links_by_bill(context: Context) -> dict[int, list[Link]]:
    """Return the invoices of each bill and of its interest charges."""
    found: dict[int, list[Link]] = defaultdict(list)
    for subject, link in context.links.items():
        kind, _, key = subject.partition("/")
        if kind == "bills":
            found[int(key.partition("/")[0])].append(link)
    for bill_id, interest in context.interest.items():
        subjects = (f"interest_charges/{charge.id}" for charge in interest)
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
    return bill.amount + charged - _paid(context, bill.id)


def _paid(context: Context, bill_id: int) -> int:
    parts = (part for one in context.paying.get(bill_id, []) for part in one.allocations)
    return sum(part.amount for part in parts if part.bill_id == bill_id)


def _extra_receivables(
    context: Context,
    one: Compared,
    rows: dict[tuple[str, str], BookRow],
    known: tuple[set[tuple[str, str]], dict[int, Hold]],
    reversed_: reversals.Reversed,
    spare: Counter[tuple[str, str]],
) -> None:
    """List what is open in the books without a bill: typed invoices, credits and payments not applied.

    `spare` is what of a payment its own correction charges again, or a bill that was overpaid accounts for.
    """
    ours, held = known
    twins = Twins(context, rows)
    for key, row in rows.items():
        kind = key[0]
        if key in ours or key in reversed_.rows or kind not in OPEN_KINDS:
            continue
        if row.deleted or row.balance == spare[key]:
            continue
        amount = row.balance if kind == "invoice" else spare[key] - row.balance
        link = context.subject_of.get(key)
        one.books.add(amount)
        words = (
            "It is open in the books and belongs to no bill."
            if link is None
            else "It is not applied to an invoice."
        )
        twin = twins.of(row) if link is None else None
        found = _unasked(f"{kind}:{row.remote_id}", row.number, amount, words)
        hold = held.get(context.links[link].document_id or 0) if link in context.links else None
        if hold is not None:
            found.queued, found.reason = True, hold.words
        if twin is not None:
            called = f"{kind.replace('_', ' ')} {twin.number or twin.remote_id}"
            found.what, found.reason = What.DUPLICATED.value, f"It repeats {called}, which Tieout posted."
        one.rows.append(found)


def _typed(
    context: Context, one: Compared, rows: dict[tuple[str, str], BookRow], reversed_: reversals.Reversed
) -> None:
    """List what else somebody typed to receivables: journal entries and deposits, as far as they are open."""
    receivable = context.book.receivable
    kinds = {"journal", "deposit", "check"}
    left = {
        key: sum(line["amount"] for line in row.data.get("lines") or [] if line["account"] == receivable)
        for key, row in rows.items()
        if key[0] in kinds and key not in context.subject_of and not row.deleted and not row.voided
    }
    left = {key: amount for key, amount in left.items() if amount and key not in reversed_.rows}
    for row in rows.values() if left else ():
        if row.kind != "payment" or row.deleted or row.voided:
            continue
        for target, amount in row.data.get("links") or []:
            entity, _, identity = target.partition(":")
            key = (_TYPED.get(entity, ""), identity)
            if key in left:
                left[key] -= amount if left[key] > 0 else -amount
    for key, amount in left.items():
        if amount:
            one.books.add(amount)
            words = "It was typed to receivables in the books and belongs to no bill."
            one.rows.append(_unasked(":".join(key), rows[key].number, amount, words))


def _unasked(books_object: str, number: str, amount: int, words: str) -> Difference:
    """Return the row of something open in the books that no bill asks for."""
    return Difference(
        kind="receivables",
        what=What.EXTRA.value,
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
