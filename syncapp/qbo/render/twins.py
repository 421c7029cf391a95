"""Names the ledger on what the bank feed or a person entered: an update with the complete line array.

What must be sent with every write of its form goes along, and of a purchase all that a full update would
null: sparse updates are documented for deposits and journal entries, not for purchases (qbo/API.md
section 7).
"""

from __future__ import annotations

from syncapp.core import money
from syncapp.core.books import Company, Operation
from syncapp.core.ledger import EntryLine, ObjectKind, TwinDraft
from syncapp.qbo import shapes
from syncapp.qbo.render import entries
from syncapp.qbo.render.parts import common, id_of, number, place_of
from syncapp.qbo.shapes import Json, reference

_PAID_BY = {ObjectKind.CHECK: "Check", ObjectKind.EXPENSE: "Cash"}  # from a bank account it is never a card


def named(draft: TwinDraft, operation: Operation, company: Company) -> Json:
    """Return the update of one such entry, in the words of its form (qbo/API.md sections 8.9, 8.10)."""
    if draft.form is ObjectKind.JOURNAL:
        return entries.journal(draft, operation, company)
    body = common(draft, operation, company)
    if draft.location:
        body["DepartmentRef"] = reference(draft.location)
    lines = [line for line in draft.entry() if line.ledger and line.amount]
    if draft.form is ObjectKind.DEPOSIT:
        body["DepositToAccountRef"] = reference(draft.banks[0].account)
        body["Line"] = [_deposit_line(line, operation, draft) for line in lines]
        return body
    body |= {
        "PaymentType": _PAID_BY[draft.form],
        "AccountRef": reference(draft.banks[0].account),
        "Line": [entries.expense_line(line, operation, draft.currency) for line in lines],
        **number(draft.number),
    }
    if draft.payee:
        kind, _, identity = draft.payee.partition(":")
        body["EntityRef"] = {"value": identity, "type": kind}
    return body


def _deposit_line(line: EntryLine, operation: Operation, draft: TwinDraft) -> Json:
    """Render a line of a deposit: what comes in stands positive (qbo/API.md section 8.10)."""
    detail: Json = {"AccountRef": reference(place_of(operation, line))}
    if line.customer:
        detail["Entity"] = {"value": id_of(operation, line.customer), "type": "CUSTOMER"}
    if draft.check:
        detail["CheckNum"] = draft.check
    if draft.method:
        detail["PaymentMethodRef"] = reference(draft.method)
    row: Json = {
        "DetailType": "DepositLineDetail",
        "Amount": money.decimal(-line.amount, draft.currency),
        "DepositLineDetail": detail,
    }
    if memo := shapes.cut(line.memo, shapes.DESCRIPTION_LIMIT, lines=True):
        row["Description"] = memo
    return row
