"""Sales forms: invoices and credit memos (qbo/API.md sections 8.6, 8.8)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from syncapp.core import money
from syncapp.core.books import Company, Operation
from syncapp.core.ledger import CreditMemoDraft, DiscountLine, InvoiceDraft, SaleLine
from syncapp.qbo import shapes
from syncapp.qbo.render.parts import common, id_of, number
from syncapp.qbo.shapes import Json, reference

_US = frozenset({"", "US", "USA"})
_PLACES = 5  # quantity and rate hold five decimals (qbo/API.md section 8.6: amounts are 10.5)


def invoice(draft: InvoiceDraft, operation: Operation, company: Company) -> Json:
    body = sale(draft, operation, company)
    if draft.due:
        body["DueDate"] = draft.due.isoformat()
    return body


def sale(draft: InvoiceDraft | CreditMemoDraft, operation: Operation, company: Company) -> Json:
    body = common(draft, operation, company)
    body["CustomerRef"] = reference(id_of(operation, draft.customer))
    body |= number(draft.number)
    header_class = "" if company.classes_per_line else draft.class_id
    inherited = draft.class_id if company.classes_per_line else ""
    body["Line"] = [_sale_line(line, draft.currency, inherited, company) for line in draft.lines]
    body["Line"] += _discount(draft.discount, draft.currency, inherited) if draft.discount else []
    if header_class:
        body["ClassRef"] = reference(header_class)
    if draft.location:
        body["DepartmentRef"] = reference(draft.location)
    if message := shapes.cut(draft.message, shapes.MESSAGE_LIMIT, lines=True):
        body["CustomerMemo"] = {"value": message}
    if company.country not in _US:
        body["GlobalTaxCalculation"] = "NotApplicable"  # Clio computed the tax; it is a line of its own
    if draft.untaxed:
        body["TxnTaxDetail"] = {"TotalTax": 0}  # a figure that is sent is honoured (API.md section 11, row 1)
    return body


def _sale_line(line: SaleLine, currency: str, inherited_class: str, company: Company) -> Json:
    detail: Json = {"ItemRef": reference(line.item)}
    if line.day:
        detail["ServiceDate"] = line.day.isoformat()
    if class_id := line.class_id or inherited_class:
        detail["ClassRef"] = reference(class_id)
    if company.country in _US:
        detail["TaxCodeRef"] = reference("NON")  # else the tax engine adds its own (API.md section 11, row 1)
    if line.quantity is not None and line.rate is not None and _multiplies(line, currency):
        detail |= {"Qty": line.quantity, "UnitPrice": line.rate}
    row: Json = {
        "DetailType": "SalesItemLineDetail",
        "Amount": money.decimal(line.amount, currency),
        "SalesItemLineDetail": detail,
    }
    if description := shapes.cut(line.description, shapes.DESCRIPTION_LIMIT, lines=True):
        row["Description"] = description
    return row


def _discount(discount: DiscountLine, currency: str, inherited_class: str) -> list[Json]:
    """Render the discount of the whole form; it needs AllowDiscount (qbo/API.md section 8.6)."""
    if not discount.amount:
        return []
    detail: Json = {"PercentBased": False, "DiscountAccountRef": reference(discount.account)}
    if class_id := discount.class_id or inherited_class:
        detail["ClassRef"] = reference(class_id)
    amount = money.decimal(discount.amount, currency)
    return [{"DetailType": "DiscountLineDetail", "Amount": amount, "DiscountLineDetail": detail}]


def _multiplies(line: SaleLine, currency: str) -> bool:
    """Tell whether quantity times rate is the amount as QuickBooks computes it, else 6070 (API.md 11.10).

    How it rounds half a cent of a negative product is not known, so such a line shows its amount alone.
    """
    if (
        line.quantity is None
        or line.rate is None
        or not (line.quantity.is_finite() and line.rate.is_finite())
    ):
        return False
    if any(_places(value) > _PLACES for value in (line.quantity, line.rate)):
        return False
    exact = (line.quantity * line.rate).scaleb(money.digits(currency))
    whole = exact.to_integral_value(ROUND_HALF_UP)
    return whole == line.amount and (exact >= 0 or exact == whole)


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
