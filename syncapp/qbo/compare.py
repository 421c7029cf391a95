"""HTTP 200 is not success: is what QuickBooks returned what was sent? Pure (DESIGN section 7, point 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from syncapp.core import money
from syncapp.core.books import ENGINE_TAX, BookObject, Operation
from syncapp.core.ledger import (
    CheckDraft,
    CreditMemoDraft,
    CustomerDraft,
    DepositDraft,
    Draft,
    EntryLine,
    InvoiceDraft,
    Journal,
    LedgerAccountDraft,
    ObjectKind,
    PaymentDraft,
    SlipDraft,
    TrustCheckDraft,
    VendorDraft,
    Verb,
)
from syncapp.qbo import shapes
from syncapp.qbo.effect import sale_details
from syncapp.qbo.shapes import ENTITY_OF

type _Where = tuple[str, str, str]  # item or account, class, customer


def differences(operation: Operation, returned: BookObject) -> tuple[str, ...]:
    """Return, in a bookkeeper's words, how the object differs from the operation; () when it does not.

    Compared: total, number of lines and what they post to with amount and class, customer, date, number, and
    what a payment or a deposit is applied to. The accounts of items are the chart's and not compared here.
    """
    if operation.kind is ObjectKind.CUSTOMER and operation.verb in {Verb.VOID, Verb.DELETE}:
        return ("QuickBooks still shows the customer as active.",) if returned.active else ()
    if operation.verb is Verb.DELETE:
        return () if returned.deleted else ("QuickBooks still holds it.",)
    if operation.verb is Verb.VOID:
        words = _not_void(operation, returned)
        return (f"QuickBooks {words} where it was to be void.",) if words else ()
    if operation.draft is None:
        return ()
    if returned.deleted:
        return ("QuickBooks says that it is deleted.",)
    if returned.kind is not operation.kind:
        return (f"QuickBooks shows another kind of record than the {_spoken(operation)} sent.",)
    found = [*_differences(operation.draft, operation, returned)]
    if isinstance(operation.draft, TrustCheckDraft):
        found += _payee(operation.draft, operation, returned)
    return tuple(found)


def _spoken(operation: Operation) -> str:
    return shapes.SPOKEN[ENTITY_OF[operation.kind]]


def _not_void(operation: Operation, returned: BookObject) -> str:
    """Say how an object that was to be void still stands; empty when it is void.

    Some voids are answered with HTTP 200 and nothing happens (qbo/API.md section 7). What was of nothing
    before tells by what it applies or posts, and by the mark "Voided" that QuickBooks puts before its note.
    """
    if returned.total or returned.balance:
        return f"shows {money.spoken(returned.total or returned.balance)}"
    applied = [link for link, amount in returned.links if amount]
    if applied:
        return f"still applies it to {' and '.join(map(_spoken_link, applied))}"
    was_nothing = operation.draft is not None and not getattr(operation.draft, "total", 1)
    if any(line.amount for line in returned.lines) or (was_nothing and not returned.voided):
        return "shows it as it was"
    return ""


def _spoken_link(link: str) -> str:
    entity, _, identity = link.partition(":")
    return f"{shapes.SPOKEN.get(entity, entity)} {identity}"


def _differences(draft: Draft, operation: Operation, returned: BookObject) -> Iterator[str]:
    if isinstance(draft, CustomerDraft | LedgerAccountDraft | VendorDraft):
        yield from _listed(draft, operation, returned)
        return
    yield from _total(draft, returned)
    if returned.day != draft.day:
        yield f"QuickBooks shows the date {returned.day} where {draft.day} was sent."
    if isinstance(draft, InvoiceDraft | CreditMemoDraft | Journal | CheckDraft):
        wanted = shapes.cleaned(draft.number)
        if wanted and returned.number != wanted:
            yield f"QuickBooks shows the number {returned.number or '(none)'} where {wanted} was sent."
    if isinstance(draft, InvoiceDraft | CreditMemoDraft | PaymentDraft):
        wanted = operation.ids.get(draft.customer, "")
        if returned.customer != wanted:
            yield f"QuickBooks shows customer {returned.customer or '(none)'} where {wanted} was sent."
    if isinstance(draft, PaymentDraft | DepositDraft | SlipDraft):
        yield from _applications(draft, operation, returned)
        yield from _account(
            draft.account if isinstance(draft, PaymentDraft) else draft.bank, draft.total, returned
        )
        if isinstance(draft, DepositDraft):
            yield from _deposit_lines(draft, operation, returned)
    else:
        yield from _lines(draft, operation, returned)


def _listed(
    draft: CustomerDraft | LedgerAccountDraft | VendorDraft, operation: Operation, returned: BookObject
) -> Iterator[str]:
    """Compare an entry of a list: no money."""
    match draft:
        case CustomerDraft():
            yield from _customer(draft, operation, returned)
        case LedgerAccountDraft():
            yield from _ledger_account(draft, returned)
        case VendorDraft(name=name):
            yield from _name(name, returned)


def _name(told: str, returned: BookObject) -> Iterator[str]:
    name = shapes.display_name(told)
    if returned.name != name:
        yield f"QuickBooks shows the name {returned.name} where {name} was sent."


def _payee(draft: TrustCheckDraft, operation: Operation, returned: BookObject) -> Iterator[str]:
    """Compare who is paid by id: which list it stands in may be left out (qbo/API.md section 8.10)."""
    sent = operation.ids.get(draft.payee, "").rpartition(":")[2]
    shown = returned.payee.rpartition(":")[2]
    if sent != shown:
        yield f"QuickBooks shows the payee {shown or '(none)'} where {sent or '(none)'} was sent."


def _customer(draft: CustomerDraft, operation: Operation, returned: BookObject) -> Iterator[str]:
    yield from _name(draft.name, returned)
    parent = operation.ids.get(draft.parent, "") if draft.parent else ""
    if returned.parent != parent:
        shown, sent = returned.parent or "(none)", parent or "(none)"
        yield f"QuickBooks shows it under customer {shown} where {sent} was sent."
    if returned.active != draft.active:
        yield f"QuickBooks shows it as {'active' if returned.active else 'inactive'}."


def _ledger_account(draft: LedgerAccountDraft, returned: BookObject) -> Iterator[str]:
    """Compare what makes an account a ledger of its pair: its name, parent and types, that it is active."""
    name = shapes.account_name(draft.name)
    if returned.raw.get("Name") != name:
        yield f"QuickBooks shows the name {returned.raw.get('Name')} where {name} was sent."
    if returned.parent != draft.parent:
        shown = returned.parent or "(none)"
        yield f"QuickBooks shows it below account {shown} where {draft.parent} was sent."
    types = (returned.raw.get("AccountType"), returned.raw.get("AccountSubType"))
    if types != (draft.type, draft.subtype):
        yield f"QuickBooks shows it as {' / '.join(str(one) for one in types)}, not as a trust liability."
    if not returned.active:
        yield "QuickBooks shows it as inactive."


def _total(draft: Draft, returned: BookObject) -> Iterator[str]:
    if isinstance(draft, CustomerDraft | LedgerAccountDraft | VendorDraft) or returned.total == draft.total:
        return
    shown, sent = money.text(returned.total, draft.currency), money.text(draft.total, draft.currency)
    tax = sum(abs(line.amount) for line in returned.lines if not line.account and line.memo == ENGINE_TAX)
    why = f" (its tax engine added {money.text(tax, draft.currency)})" if tax else ""
    yield f"QuickBooks shows a total of {shown} where {sent} was sent{why}."


def _account(wanted: str, amount: int, returned: BookObject) -> Iterator[str]:
    if wanted and amount and returned.account != wanted:
        yield f"QuickBooks put it into account {returned.account or '(none)'} where {wanted} was sent."


def _gathered(draft: PaymentDraft | DepositDraft | SlipDraft, operation: Operation) -> Counter[str]:
    """Return what a payment is applied to, or what a deposit gathers, by the books' own names."""
    sent: Counter[str] = Counter()
    if isinstance(draft, PaymentDraft):
        for part in draft.applications:
            sent[f"{ENTITY_OF[part.kind]}:{operation.ids.get(part.subject, '')}"] += part.amount
    elif isinstance(draft, SlipDraft):
        for row in draft.rows:
            sent[row.source] += row.amount if row.source else 0
    else:
        for subject, kind, amount in draft.gathered:
            sent[f"{ENTITY_OF[kind]}:{operation.ids.get(subject, '')}"] += amount
    return sent


def _applications(
    draft: PaymentDraft | DepositDraft | SlipDraft, operation: Operation, returned: BookObject
) -> Iterator[str]:
    sent = _gathered(draft, operation)
    shown: Counter[str] = Counter()
    for link, amount in returned.links:
        if amount or not link.startswith("Deposit:"):
            shown[link] += amount
    for link in sorted(sent.keys() | shown.keys()):
        if sent[link] != shown[link]:
            was, now = money.text(sent[link], draft.currency), money.text(shown[link], draft.currency)
            yield f"QuickBooks applied {now} to {_spoken_link(link)} where {was} was sent."


def _deposit_lines(draft: DepositDraft, operation: Operation, returned: BookObject) -> Iterator[str]:
    """Compare what else a deposit holds than the bank and what it gathers: those are compared already."""
    sent = _sums(draft.lines, operation.ids)
    shown = _sums(tuple(row for row in returned.lines[1:] if row.account not in {"", draft.undeposited}), {})
    for where in sorted(sent.keys() | shown.keys()):
        if sent[where] != shown[where]:
            yield _line_words(where, sent[where], shown[where], draft.currency)


def _lines(
    draft: InvoiceDraft | CreditMemoDraft | Journal | CheckDraft,
    operation: Operation,
    returned: BookObject,
) -> Iterator[str]:
    """Compare what each line posts to. The first line of a sale or a check is its total, compared already."""
    sent_rows, shown_rows = draft.entry(), returned.lines
    if isinstance(draft, Journal):
        sent_count, shown_count = _count(sent_rows), _count(shown_rows)
    else:
        sent_rows, shown_rows = sent_rows[1:], shown_rows[1:]
        sent_count, shown_count = _count(draft.lines), _count(shown_rows)
        if not isinstance(draft, CheckDraft):
            sent_count, shown_count = len(draft.lines), len(list(sale_details(returned.raw)))
    if sent_count != shown_count:
        yield f"QuickBooks shows {shown_count} lines where {sent_count} were sent."
    sent = _sums(sent_rows, operation.ids)
    shown = _sums(tuple(row for row in shown_rows if row.account or row.item), {})
    for where in sorted(sent.keys() | shown.keys()):
        if sent[where] != shown[where]:
            yield _line_words(where, sent[where], shown[where], draft.currency)


def _count(rows: tuple[object, ...]) -> int:
    return sum(1 for row in rows if getattr(row, "amount", 0))


def _sums(rows: tuple[EntryLine, ...], ids: dict[str, str]) -> Counter[_Where]:
    found: Counter[_Where] = Counter()
    for row in rows:
        account = ids.get(row.below, row.below) or row.account
        what = f"item {row.item}" if row.item else f"account {account}"
        found[what, row.class_id, ids.get(row.customer, row.customer)] += row.amount
    return found


def _line_words(where: _Where, sent: int, shown: int, currency: str) -> str:
    what, class_id, customer = where
    beside = (f" with class {class_id}" if class_id else "") + (
        f" for customer {customer}" if customer else ""
    )
    return (
        f"QuickBooks posted {money.text(shown, currency)} to {what}{beside} "
        f"where {money.text(sent, currency)} was sent."
    )
