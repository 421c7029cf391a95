"""Payments, journal entries, checks and deposits (qbo/API.md sections 8.7, 8.9, 8.10)."""

from __future__ import annotations

from syncapp.core import money
from syncapp.core.books import Company, Operation
from syncapp.core.ledger import (
    CheckDraft,
    DepositDraft,
    DepositRow,
    EntryLine,
    Journal,
    PaymentDraft,
    SlipDraft,
    TrustCheckDraft,
    is_payee,
)
from syncapp.qbo import shapes
from syncapp.qbo.render.parts import common, id_of, number, place_of
from syncapp.qbo.shapes import ENTITY_OF, Json, reference


def payment(draft: PaymentDraft, operation: Operation, company: Company) -> Json:
    """Render a payment; with amount 0 its lines apply a credit to an invoice (qbo/API.md section 8.7)."""
    body = common(draft, operation, company)
    body["CustomerRef"] = reference(id_of(operation, draft.customer))
    body["TotalAmt"] = money.decimal(draft.amount, draft.currency)
    body["Line"] = [
        {
            "Amount": money.decimal(part.amount, draft.currency),
            "LinkedTxn": [{"TxnId": id_of(operation, part.subject), "TxnType": ENTITY_OF[part.kind]}],
        }
        for part in draft.applications
    ]
    if draft.amount and draft.account:
        body["DepositToAccountRef"] = reference(draft.account)
    if text := payment_reference(draft.reference):
        body["PaymentRefNum"] = text
    if draft.method.isdigit():
        body["PaymentMethodRef"] = reference(draft.method)  # an id of the company's list; a name is not one
    return body


def payment_reference(text: str) -> str:
    """Return a check or reference number within QuickBooks' 21 characters."""
    return shapes.cleaned(text)[: shapes.REFERENCE_LIMIT].strip()


def journal(draft: Journal, operation: Operation, company: Company) -> Json:
    lines = [_journal_line(line, operation, draft.currency) for line in draft.entry() if line.amount]
    return {**common(draft, operation, company), **number(draft.number), "Line": lines}


def _journal_line(line: EntryLine, operation: Operation, currency: str) -> Json:
    posting = "Debit" if line.amount > 0 else "Credit"
    detail: Json = {"PostingType": posting, "AccountRef": reference(place_of(operation, line))}
    if line.customer:
        detail["Entity"] = {"Type": "Customer", "EntityRef": reference(id_of(operation, line.customer))}
    if line.class_id:
        detail["ClassRef"] = reference(line.class_id)
    if line.location:
        detail["DepartmentRef"] = reference(line.location)
    row: Json = {
        "DetailType": "JournalEntryLineDetail",
        "Amount": money.decimal(abs(line.amount), currency),
        "JournalEntryLineDetail": detail,
    }
    if memo := shapes.cut(line.memo, shapes.DESCRIPTION_LIMIT, lines=True):
        row["Description"] = memo
    return row


def check(draft: CheckDraft | TrustCheckDraft, operation: Operation, company: Company) -> Json:
    """Render a check: `PaymentType` and `AccountRef` are wanted on every write (API.md section 7)."""
    if isinstance(draft, TrustCheckDraft):
        bank, lines = draft.banks[0].account, tuple(line.entry_line() for line in draft.ledgers)
    else:
        bank, lines = draft.bank, draft.lines
    body = {**common(draft, operation, company), **number(draft.number)}
    body |= {"PaymentType": "Check", "AccountRef": reference(bank)}
    if draft.payee:
        body["EntityRef"] = payee(draft.payee, operation)
    places = {line.location for line in lines}
    if len(places) == 1 and (place := places.pop()):
        body["DepartmentRef"] = reference(place)
    body["Line"] = [expense_line(line, operation, draft.currency) for line in lines if line.amount]
    return body


def payee(subject: str, operation: Operation) -> Json:
    """Return who is paid, with the list that the name stands in (qbo/API.md section 8.10)."""
    kind, _, identity = id_of(operation, subject).rpartition(":")
    return {"value": identity, "type": kind or ("Vendor" if is_payee(subject) else "Customer")}


def expense_line(line: EntryLine, operation: Operation, currency: str) -> Json:
    detail: Json = {"AccountRef": reference(place_of(operation, line))}
    if line.customer:
        detail |= {"CustomerRef": reference(id_of(operation, line.customer)), "BillableStatus": "NotBillable"}
    if line.class_id:
        detail["ClassRef"] = reference(line.class_id)
    row: Json = {
        "DetailType": "AccountBasedExpenseLineDetail",
        "Amount": money.decimal(line.amount, currency),
        "AccountBasedExpenseLineDetail": detail,
    }
    if memo := shapes.cut(line.memo, shapes.DESCRIPTION_LIMIT, lines=True):
        row["Description"] = memo
    return row


def deposit(draft: DepositDraft | SlipDraft, operation: Operation, company: Company) -> Json:
    """Render what leaves Undeposited Funds, and other lines; `TxnLineId` is required (API.md, 8.10)."""
    if isinstance(draft, SlipDraft):
        return _slip(draft, operation, company)
    body = {**common(draft, operation, company), "DepositToAccountRef": reference(draft.bank)}
    linked = [
        {
            "Amount": money.decimal(amount, draft.currency),
            "LinkedTxn": [{"TxnId": id_of(operation, subject), "TxnType": ENTITY_OF[kind], "TxnLineId": "0"}],
        }
        for subject, kind, amount in draft.gathered
    ]
    body["Line"] = [*linked, *(_deposit_line(line, operation, draft.currency) for line in draft.lines)]
    return body


def _deposit_line(line: EntryLine, operation: Operation, currency: str) -> Json:
    """Render a line of its own: positive adds to the deposit, so a debit of ours is negative there."""
    detail: Json = {"AccountRef": reference(place_of(operation, line))}
    if line.customer:
        name = reference(id_of(operation, line.customer))
        detail["Entity"] = {**name, "type": "CUSTOMER"}
    if line.class_id:
        detail["ClassRef"] = reference(line.class_id)
    row: Json = {
        "DetailType": "DepositLineDetail",
        "Amount": money.decimal(-line.amount, currency),
        "DepositLineDetail": detail,
    }
    if memo := shapes.cut(line.memo, shapes.DESCRIPTION_LIMIT, lines=True):
        row["Description"] = memo
    return row


def _slip(draft: SlipDraft, operation: Operation, company: Company) -> Json:
    """Render somebody's deposit with all its lines; its note stays theirs (qbo/API.md sections 7, 8.10)."""
    body = common(draft, operation, company)
    body.pop("PrivateNote", None)
    body["DepositToAccountRef"] = reference(draft.bank)
    body["Line"] = [_slip_line(row, draft.currency) for row in draft.rows]
    return body


def _slip_line(row: DepositRow, currency: str) -> Json:
    line: Json = {"Amount": money.decimal(row.amount, currency)}
    if row.memo:
        line["Description"] = row.memo
    if row.source:
        kind, _, identity = row.source.partition(":")
        return line | {"LinkedTxn": [{"TxnId": identity, "TxnType": kind, "TxnLineId": row.line}]}
    detail: Json = {"AccountRef": reference(row.account)}
    if row.holder:
        kind, _, identity = row.holder.partition(":")
        detail["Entity"] = {"value": identity, "type": kind}
    for name, value in (("ClassRef", row.class_id), ("PaymentMethodRef", row.method)):
        if value:
            detail[name] = reference(value)
    if row.check:
        detail["CheckNum"] = row.check
    return line | {"DetailType": "DepositLineDetail", "DepositLineDetail": detail}
