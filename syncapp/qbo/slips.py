"""The lines of a deposit that gathers payments, as QuickBooks has them (qbo/API.md section 8.10). Pure."""

from __future__ import annotations

from syncapp.core.ledger import DepositRow
from syncapp.core.money import minor
from syncapp.qbo.shapes import Json, value_of


def rows(entity: str, row: Json, currency: str) -> tuple[DepositRow, ...]:
    """Return all lines of a deposit that gathers payments; () for all else, and where cash was kept back.

    Raises ValueError, KeyError and AttributeError for lines of another shape.
    """
    lines = row.get("Line") or []
    if entity != "Deposit" or row.get("CashBack") or not any(line.get("LinkedTxn") for line in lines):
        return ()
    return tuple(_row(line, currency) for line in lines)


def _row(line: Json, currency: str) -> DepositRow:
    amount = minor(line.get("Amount") or 0, currency)
    memo = str(line.get("Description") or "")
    if linked := line.get("LinkedTxn"):
        source = f"{linked[0]['TxnType']}:{linked[0]['TxnId']}"
        return DepositRow(
            amount=amount, source=source, line=str(linked[0].get("TxnLineId") or "0"), memo=memo
        )
    detail: Json = line.get("DepositLineDetail") or {}
    holder: Json = detail.get("Entity") or {}
    return DepositRow(
        amount=amount,
        account=value_of(detail, "AccountRef"),
        holder=f"{holder.get('type') or 'CUSTOMER'}:{holder['value']}" if holder.get("value") else "",
        class_id=value_of(detail, "ClassRef"),
        method=value_of(detail, "PaymentMethodRef"),
        check=str(detail.get("CheckNum") or ""),
        memo=memo,
    )
