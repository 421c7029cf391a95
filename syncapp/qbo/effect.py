"""What a transaction of QuickBooks does to the ledger, as signed lines: positive is a debit. Pure.

An object tells its effect only in part: an invoice names items and not their accounts, a payment may leave
its receivable account out. What is not told comes from the `Surroundings`, or stays an empty text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from syncapp.core.books import ENGINE_TAX
from syncapp.core.ledger import EntryLine, SaleLine, sale_rows
from syncapp.core.money import minor, nearest
from syncapp.qbo.shapes import Json, value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an object leaves out: the accounts of items, of receivables and of Undeposited Funds.

    `client_money` tells the accounts on which nothing is ever rounded.
    """

    item_account: Callable[[str], str]
    receivable: str = ""
    undeposited: str = ""
    client_money: Callable[[str], bool] = lambda _: False


def lines(entity: str, row: Json, around: Surroundings, currency: str) -> tuple[EntryLine, ...]:
    """Return the signed lines of one transaction, () for a name."""
    match entity:
        case "Invoice" | "CreditMemo" | "SalesReceipt" | "RefundReceipt":
            return _sale(entity, row, around, currency)
        case "Payment":
            return _payment(row, around, currency)
        case "JournalEntry":
            return tuple(_journal_lines(row, currency))
        case "Purchase":
            return _purchase(row, around, currency)
        case "Deposit":
            return _deposit(row, around, currency)
        case "Transfer":
            amount = minor(row.get("Amount") or 0, currency)
            to, source = value_of(row, "ToAccountRef"), value_of(row, "FromAccountRef")
            return _both(to, source, amount)
        case _:
            return ()


def _both(debit: str, credit: str, amount: int) -> tuple[EntryLine, ...]:
    if not amount:
        return ()
    return EntryLine(account=debit, amount=amount), EntryLine(account=credit, amount=-amount)


def sale_details(row: Json) -> Iterator[Json]:
    """Give the item lines of a sales form; a bundle's are inside it (qbo/API.md section 11, row 13)."""
    for line in row.get("Line") or []:
        group = line.get("GroupLineDetail")
        inner = (group.get("Line") or []) if isinstance(group, dict) else [line]
        yield from (one for one in inner if isinstance(one.get("SalesItemLineDetail"), dict))


def line_amount(line: Json, currency: str) -> int:
    """Read what a line comes to, one of a sale rounded half up: it may have five decimals there.

    qbo/API.md section 8.6. What the sale comes to is told by its total, which must be whole cents.
    """
    sold = any(name in line for name in ("SalesItemLineDetail", "DiscountLineDetail"))
    return (nearest if sold else minor)(line.get("Amount") or 0, currency)


def _sale(entity: str, row: Json, around: Surroundings, currency: str) -> tuple[EntryLine, ...]:
    """Debit the receivable or the bank, credit each item, debit the discount, credit the tax."""
    sign = 1 if entity in {"Invoice", "SalesReceipt"} else -1
    customer, location = value_of(row, "CustomerRef"), value_of(row, "DepartmentRef")
    header_class = value_of(row, "ClassRef")
    against = around.receivable
    if entity in {"SalesReceipt", "RefundReceipt"}:
        against = value_of(row, "DepositToAccountRef") or around.undeposited
    total = minor(row.get("TotalAmt") or 0, currency)
    found = [EntryLine(account=against, amount=sign * total, customer=customer)]
    sold = tuple(_sale_line(line, around, currency) for line in sale_details(row))
    found += sale_rows(sold, customer=customer, location=location, sign=-sign, class_id=header_class)
    for line in row.get("Line") or []:
        detail = line.get("DiscountLineDetail")
        if isinstance(detail, dict) and (amount := line_amount(line, currency)):
            account, class_id = (
                value_of(detail, "DiscountAccountRef"),
                value_of(detail, "ClassRef") or header_class,
            )
            found.append(
                EntryLine(
                    account=account,
                    amount=sign * amount,
                    customer=customer,
                    class_id=class_id,
                    location=location,
                )
            )
    if tax := nearest((row.get("TxnTaxDetail") or {}).get("TotalTax") or 0, currency):
        found.append(EntryLine(account="", amount=-sign * tax, customer=customer, memo=ENGINE_TAX))
    return tuple(found)


def _sale_line(line: Json, around: Surroundings, currency: str) -> SaleLine:
    detail = line["SalesItemLineDetail"]
    item = value_of(detail, "ItemRef")
    account = value_of(detail, "ItemAccountRef") or around.item_account(item)
    strict = around.client_money(account)
    amount = minor(line.get("Amount") or 0, currency) if strict else line_amount(line, currency)
    return SaleLine(item=item, account=account, amount=amount, class_id=value_of(detail, "ClassRef"))


def _payment(row: Json, around: Surroundings, currency: str) -> tuple[EntryLine, ...]:
    amount = minor(row.get("TotalAmt") or 0, currency)
    if not amount:
        return ()
    account = value_of(row, "DepositToAccountRef") or around.undeposited
    receivable = value_of(row, "ARAccountRef") or around.receivable
    customer = value_of(row, "CustomerRef")
    return (
        EntryLine(account=account, amount=amount),
        EntryLine(account=receivable, amount=-amount, customer=customer),
    )


def _journal_lines(row: Json, currency: str) -> Iterator[EntryLine]:
    for line in row.get("Line") or []:
        detail = line.get("JournalEntryLineDetail")
        if not isinstance(detail, dict) or not (amount := minor(line.get("Amount") or 0, currency)):
            continue
        entity = detail.get("Entity") or {}
        customer = value_of(entity, "EntityRef") if _is_customer(entity.get("Type")) else ""
        yield EntryLine(
            account=value_of(detail, "AccountRef"),
            amount=amount if _is_debit(detail.get("PostingType")) else -amount,
            customer=customer,
            class_id=value_of(detail, "ClassRef"),
            location=value_of(detail, "DepartmentRef"),
            memo=str(line.get("Description") or ""),
        )


def _is_customer(said: object) -> bool:
    """Tell whether a line's name is a customer's: its kind is output only, in either case, or left out.

    A sub-customer is a `Job` there (xsd EntityTypeEnum; qbo/API.md section 8.10).
    """
    return str(said or "customer").casefold() in {"customer", "job"}


def _is_debit(said: object) -> bool:
    """Tell the side of a journal line (qbo/API.md section 8.9). Raises ValueError for neither."""
    side = str(said or "").casefold()
    if side not in {"debit", "credit"}:
        raise ValueError(f"a line is neither Debit nor Credit but {said!r}")
    return side == "debit"


def _purchase(row: Json, around: Surroundings, currency: str) -> tuple[EntryLine, ...]:
    """Credit the bank, debit what it was for; a refund to a credit card the other way round."""
    sign = -1 if row.get("Credit") is True else 1
    total = minor(row.get("TotalAmt") or 0, currency)
    found = [EntryLine(account=value_of(row, "AccountRef"), amount=-sign * total)]
    for line in row.get("Line") or []:
        items = line.get("ItemBasedExpenseLineDetail")
        detail = line.get("AccountBasedExpenseLineDetail") or items
        if not isinstance(detail, dict) or not (amount := minor(line.get("Amount") or 0, currency)):
            continue
        item = value_of(detail, "ItemRef")
        found.append(
            EntryLine(
                account=value_of(detail, "AccountRef") or (around.item_account(item) if item else ""),
                amount=sign * amount,
                customer=value_of(detail, "CustomerRef"),
                item=item,
                class_id=value_of(detail, "ClassRef"),
                location=value_of(row, "DepartmentRef"),
                memo=str(line.get("Description") or ""),
            )
        )
    return tuple(found)


def _deposit(row: Json, around: Surroundings, currency: str) -> tuple[EntryLine, ...]:
    """Debit the bank; credit Undeposited Funds for linked payments in one line, and other lines' accounts."""
    found = [
        EntryLine(
            account=value_of(row, "DepositToAccountRef"), amount=minor(row.get("TotalAmt") or 0, currency)
        )
    ]
    linked = 0
    for line in row.get("Line") or []:
        amount = minor(line.get("Amount") or 0, currency)
        detail = line.get("DepositLineDetail") or {}
        if line.get("LinkedTxn"):
            linked += amount
            continue
        entity = detail.get("Entity") or {}
        found.append(
            EntryLine(
                account=value_of(detail, "AccountRef"),
                amount=-amount,
                customer=str(entity.get("value") or "") if _is_customer(entity.get("type")) else "",
                class_id=value_of(detail, "ClassRef"),
                memo=str(line.get("Description") or ""),
            )
        )
    if linked:
        found.insert(1, EntryLine(account=around.undeposited, amount=-linked))
    back = row.get("CashBack") or {}
    if cash := minor(back.get("Amount") or 0, currency):
        found.append(EntryLine(account=value_of(back, "AccountRef"), amount=cash))
    return tuple(line for line in found if line.amount)
