"""Invoices as QuickBooks shows them, line by line with quantity and rate (qbo/API.md section 8.6). Pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from syncapp.core.linewise import Sold, SoldLine
from syncapp.core.money import minor, nearest
from syncapp.qbo.effect import line_amount, sale_details
from syncapp.qbo.read import UnreadableError, day_of
from syncapp.qbo.shapes import Json, value_of


def sold(row: Json, currency: str) -> Sold:
    """Read one Invoice with all its lines; amounts in minor units. Raises UnreadableError."""
    try:
        return _sold(row, currency)
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
        raise UnreadableError(f"Invoice {row.get('DocNumber') or row.get('Id', '')}: {error!r}") from error


def _sold(row: Json, currency: str) -> Sold:
    lines = [_line(one, currency) for one in sale_details(row)]
    lines += [
        SoldLine(text="Discount", amount=-line_amount(one, currency))
        for one in row.get("Line") or []
        if one.get("DetailType") == "DiscountLineDetail"
    ]
    tax = nearest((row.get("TxnTaxDetail") or {}).get("TotalTax") or 0, currency)
    if tax:
        lines.append(SoldLine(text="Tax", amount=tax))
    return Sold(
        id=str(row["Id"]),
        number=str(row.get("DocNumber") or ""),
        day=day_of(row.get("TxnDate")),
        customer=value_of(row, "CustomerRef"),
        total=minor(row.get("TotalAmt") or 0, currency),
        lines=tuple(lines),
    )


def _line(one: Json, currency: str) -> SoldLine:
    detail = one["SalesItemLineDetail"]
    item = detail.get("ItemRef") or {}
    return SoldLine(
        amount=line_amount(one, currency),
        text=str(one.get("Description") or item.get("name") or ""),
        day=day_of(detail.get("ServiceDate")),
        quantity=_number(detail.get("Qty")),
        rate=_number(detail.get("UnitPrice")),
    )


def _number(value: object) -> Decimal | None:
    """Return a quantity or rate; numbers come as Decimal (the client reads JSON so) or as text."""
    return None if value is None or value == "" else Decimal(str(value))
