"""Turns what QuickBooks says into the port's values. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import InvalidOperation
from typing import Any

from syncapp.core.books import Account, BookObject, Company, Item, Operation, Tag
from syncapp.core.keys import TRACE_MARK
from syncapp.core.ledger import EntryLine, ObjectKind
from syncapp.core.money import NotMoneyError, minor, nearest
from syncapp.qbo import effect, slips
from syncapp.qbo.effect import Surroundings
from syncapp.qbo.shapes import KIND_OF, Json, value_of

SMALL_PLAN = 250  # accounts
_TRACE = re.compile(re.escape(TRACE_MARK) + r"[0-9A-Za-z]+")


class UnreadableError(ValueError):
    """What QuickBooks answered does not have the shape that its documents promise."""


def trace_of(memo: str) -> str:
    """Return the trace mark that a private note carries, the last one if several; empty when none."""
    found = _TRACE.findall(memo)
    return found[-1] if found else ""


def is_ours(operation: Operation, found: BookObject) -> bool:
    """Tell whether an object carries this operation's trace mark."""
    return bool(operation.trace) and operation.trace in _TRACE.findall(found.memo)


def company(companyinfo: Json, preferences: Json, *, realm: str = "") -> Company:
    """Read CompanyInfo and Preferences (qbo/API.md sections 8.1, 8.2), with or without envelope."""
    info = companyinfo.get("CompanyInfo", companyinfo)
    prefs = preferences.get("Preferences", preferences)
    said = _pairs(info.get("NameValue"))
    other = _pairs(_part(prefs, "OtherPrefs").get("NameValue"))
    sales, accounting = _part(prefs, "SalesFormsPrefs"), _part(prefs, "AccountingInfoPrefs")
    currency = _part(prefs, "CurrencyPrefs")
    per_line = accounting.get("ClassTrackingPerTxnLine", accounting.get("ClassTrackingPerLine"))
    return Company(
        id=realm or str(info.get("Id", "")),
        name=str(info.get("CompanyName") or info.get("LegalName") or ""),
        currency=value_of(currency, "HomeCurrency") or "USD",
        country=str(info.get("Country") or _part(info, "CompanyAddr").get("Country") or ""),
        plan=said.get("OfferingSku", ""),
        subscription=said.get("SubscriptionStatus", ""),
        custom_numbers=_flag(sales.get("CustomTxnNumbers")),
        warn_duplicate_journal=_flag(other.get("WarnDuplicateJournalNumber")),
        warn_duplicate_check=_flag(other.get("WarnDuplicateCheckNumber")),
        auto_apply_credits=_flag(sales.get("AutoApplyCredit")),
        allow_discounts=_flag(sales.get("AllowDiscount")),
        online_payments=_flag(sales.get("ETransactionPaymentEnabled")),
        classes_per_transaction=bool(_flag(accounting.get("ClassTrackingPerTxn"))),
        classes_per_line=bool(_flag(per_line)),
        locations=bool(_flag(accounting.get("TrackDepartments"))),
        closed_through=day_of(accounting.get("BookCloseDate")),
        multicurrency=bool(_flag(currency.get("MultiCurrencyEnabled"))),
        tax_engine=_tax_engine(_part(prefs, "TaxPrefs")),
        report_basis=str(_part(prefs, "ReportPrefs").get("ReportBasis") or ""),
        most_accounts=_most_accounts(said.get("OfferingSku", "")),
    )


def _most_accounts(plan: str) -> int | None:
    """Return how many active accounts a plan takes, None without a bound; a plan not named is a small one.

    About 250 on all plans but Advanced, from general knowledge (qbo/API.md section 10.4).
    """
    return None if "advanced" in plan.casefold() else SMALL_PLAN


def _tax_engine(prefs: Json) -> str:
    """PartnerTaxEnabled true: the automated engine is on; absent or false: none, or the old manual one."""
    if _flag(prefs.get("PartnerTaxEnabled")):
        return "automated"
    return "manual" if _flag(prefs.get("UsingSalesTax")) else ""


def account(row: Json) -> Account:
    """Read an account. Its name is fully qualified; one that was made inactive ends in `(deleted)`."""
    balance = row.get("CurrentBalance")
    currency = value_of(row, "CurrencyRef")
    return Account(
        id=str(row["Id"]),
        name=str(row.get("FullyQualifiedName") or row.get("Name") or ""),
        type=str(row.get("AccountType") or ""),
        subtype=str(row.get("AccountSubType") or ""),
        classification=str(row.get("Classification") or ""),
        active=row.get("Active") is not False,
        currency=currency,
        parent=value_of(row, "ParentRef"),
        balance=nearest(balance, currency or "USD") if balance is not None else None,
    )


def item(row: Json) -> Item:
    """Read a product or service; sales of it post to its income account."""
    return Item(
        id=str(row["Id"]),
        name=str(row.get("FullyQualifiedName") or row.get("Name") or ""),
        type=str(row.get("Type") or ""),
        account=value_of(row, "IncomeAccountRef"),
        active=row.get("Active") is not False,
        taxable=bool(_flag(row.get("Taxable"))),
    )


def tag(row: Json) -> Tag:
    """Read a class or a department."""
    name = str(row.get("FullyQualifiedName") or row.get("Name") or "")
    return Tag(id=str(row["Id"]), name=name, active=row.get("Active") is not False)


def book_object(
    entity: str,
    row: Json,
    *,
    item_account: Callable[[str], str] = lambda _: "",
    receivable: str = "",
    undeposited: str = "",
    client_money: Callable[[str], bool] = lambda _: False,
    currency: str = "USD",
) -> BookObject:
    """Read one object of QuickBooks, a deleted one's stub included.

    `item_account` tells the account of an item, `receivable` and `undeposited` those that a transaction does
    not name, `client_money` the accounts of which nothing is rounded. `kind` is None for what Tieout never
    makes; `raw["entity"]` names the object all the same.
    Raises UnreadableError.
    """
    around = Surroundings(
        item_account=item_account, receivable=receivable, undeposited=undeposited, client_money=client_money
    )
    try:
        if row.get("status") == "Deleted":
            changed = _instant(_part(row, "MetaData").get("LastUpdatedTime"))
            raw = {**row, "entity": entity}
            kind = KIND_OF.get(entity)
            return BookObject(
                kind=kind, id=str(row["Id"]), deleted=True, active=False, changed_at=changed, raw=raw
            )
        return _object(entity, row, around, value_of(row, "CurrencyRef") or currency)
    except NotMoneyError as error:
        raise UnreadableError(f"{entity} {row.get('Id', '')}: {error}") from error
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
        raise UnreadableError(f"{entity} cannot be read: {error!r}") from error


def _object(entity: str, row: Json, around: Surroundings, currency: str) -> BookObject:
    lines = effect.lines(entity, row, around, currency)
    total = _total(entity, row, lines, currency)
    memo = str(row.get("PrivateNote") or row.get("Notes") or "")
    if entity == "Account":
        memo = str(row.get("Description") or "")
    meta = _part(row, "MetaData")
    return BookObject(
        kind=_kind(entity, row),
        id=str(row["Id"]),
        token=str(row.get("SyncToken") or ""),
        number=str(row.get("DocNumber") or ""),
        name=str(row.get("DisplayName") or row.get("FullyQualifiedName") or row.get("Name") or ""),
        day=day_of(row.get("TxnDate")),
        total=total,
        balance=_balance(entity, row, currency),
        customer=value_of(row, "CustomerRef"),
        parent=value_of(row, "ParentRef"),
        reference=str(row.get("PaymentRefNum") or _only_line(entity, row).get("CheckNum") or ""),
        memo=memo,
        account=value_of(row, "DepositToAccountRef") or value_of(row, "AccountRef"),
        email=_email(row),
        phone=str(_part(row, "PrimaryPhone").get("FreeFormNumber") or "") if entity == "Customer" else "",
        address=_address(_part(row, "BillAddr")) if entity == "Customer" else (),
        company=str(row.get("CompanyName") or "") if entity == "Customer" else "",
        other_names=_other_names(row) if entity == "Customer" else (),
        payee=_payee(row),
        method=value_of(_only_line(entity, row), "PaymentMethodRef"),
        rows=slips.rows(entity, row, currency),
        active=row.get("Active") is not False,
        voided=total == 0 and memo.lstrip().casefold().startswith("voided"),
        lines=lines,
        links=_links(row, currency),
        created_at=_instant(meta.get("CreateTime")),
        changed_at=_instant(meta.get("LastUpdatedTime")),
        raw={**row, "entity": entity},
    )


def _kind(entity: str, row: Json) -> ObjectKind | None:
    if entity == "Purchase" and row.get("PaymentType") != "Check":
        return ObjectKind.EXPENSE
    return KIND_OF.get(entity)


def _total(entity: str, row: Json, lines: tuple[EntryLine, ...], currency: str) -> int:
    """Return its amount; a journal entry answers TotalAmt 0, so its debits tell (API.md section 8.9)."""
    if entity == "JournalEntry":
        return sum(line.amount for line in lines if line.amount > 0)
    return minor(row.get("TotalAmt", row.get("Amount", 0)) or 0, currency)


def _balance(entity: str, row: Json, currency: str) -> int:
    name = {"Payment": "UnappliedAmt", "CreditMemo": "RemainingCredit"}.get(entity, "Balance")
    found = row.get(name, row.get("Balance"))
    return minor(found, currency) if found is not None else 0


def _only_line(entity: str, row: Json) -> Json:
    """Return the one line of a deposit that gathers no payments; empty for all else."""
    lines = row.get("Line") or []
    return _part(lines[0], "DepositLineDetail") if entity == "Deposit" and len(lines) == 1 else {}


def _payee(row: Json) -> str:
    """Return whom a purchase paid, as `Vendor:55`; its kind may be left out (qbo/API.md section 8.10)."""
    found = row.get("EntityRef")
    identity = value_of(row, "EntityRef")
    return f"{found.get('type') or 'Vendor'}:{identity}" if isinstance(found, dict) and identity else ""


def _email(row: Json) -> str:
    return str((_part(row, "PrimaryEmailAddr") or _part(row, "BillEmail")).get("Address") or "")


def _address(given: Json) -> tuple[str, ...]:
    """Return an address as lines (entity-docs: Customer, `BillAddr`)."""
    lines = [given.get(f"Line{number}") for number in range(1, 6)]
    place = [given.get(name) for name in ("City", "CountrySubDivisionCode", "PostalCode")]
    kept = [str(line) for line in (*lines, " ".join(str(part) for part in place if part)) if line]
    return tuple(kept)


def _other_names(row: Json) -> tuple[str, ...]:
    person = " ".join(str(row[part]) for part in ("GivenName", "FamilyName") if row.get(part))
    shown = row.get("DisplayName")
    found = (person if row.get("FamilyName") else "", str(row.get("CompanyName") or ""))
    return tuple(name for name in found if name and name != shown)


def _links(row: Json, currency: str) -> tuple[tuple[str, int], ...]:
    """Return what it is applied to, with amounts, then what links to it, told without amounts."""
    found: list[tuple[str, int]] = []
    for line in row.get("Line") or []:
        if linked := line.get("LinkedTxn"):
            amount = effect.line_amount(line, currency)
            found += [(_link(link), amount) for link in linked]
    return (*found, *((_link(link), 0) for link in row.get("LinkedTxn") or []))


def _link(link: Json) -> str:
    return f"{link['TxnType']}:{link['TxnId']}"


def _part(row: Mapping[str, Any], name: str) -> Json:
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def _pairs(rows: Any) -> dict[str, str]:
    if not isinstance(rows, list):
        return {}
    return {str(row.get("Name", "")): str(row.get("Value", "")) for row in rows if isinstance(row, dict)}


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if value is not None else ""
    return {"true": True, "false": False}.get(text)


def day_of(value: Any) -> date | None:
    """Return a calendar day as QuickBooks writes it, None for an empty one. Raises ValueError."""
    return date.fromisoformat(str(value)[:10]) if value else None


def _instant(value: Any) -> datetime | None:
    """Read an instant with its offset; one without is taken for UTC."""
    if not value:
        return None
    at = datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def told_at(body: Json) -> datetime | None:
    """Return the time that an answer says it was given, None where it says none (API.md section 2)."""
    try:
        return _instant(body.get("time"))
    except ValueError:
        return None
