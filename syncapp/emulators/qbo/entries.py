"""Journal entries, deposits, checks and expenses, transfers, bills (API.md 8.9, 8.10, 8.11)."""

from __future__ import annotations

from decimal import Decimal

from syncapp.emulators.ledger import Line
from syncapp.emulators.qbo.company import Company, Key, Obj, amount, cents, clone, money
from syncapp.emulators.qbo.errors import Refused, business, missing
from syncapp.emulators.qbo.payments import undeposited
from syncapp.emulators.qbo.shapes import common, entity_reference, named, positive, writable

WRONG_ACCOUNT = "You need to select a different type of account for this transaction."
DEPOSITABLE = ("Payment", "SalesReceipt", "RefundReceipt", "JournalEntry", "Transfer")


def prepare(co: Company, entity: str, given: Obj, old: Obj | None) -> Obj:
    """One of these transactions as it will be stored. Raises Refused."""
    match entity:
        case "JournalEntry":
            return _journal(co, given)
        case "Deposit":
            return _deposit(co, given, old)
        case "Transfer":
            return _transfer(co, given, old)
        case _:
            return _spending(co, entity, given, old)


def _journal(co: Company, given: Obj) -> Obj:
    obj = common(co, "JournalEntry", given)
    lines = [clone(line) for line in given.get("Line") or [] if line.get("DetailType") != "DescriptionOnly"]
    if len(lines) < 2:
        raise business("Fill out at least two detail lines to continue.")
    total = {"Debit": 0, "Credit": 0}
    receivables = 0
    for position, line in enumerate(lines):
        detail = line.get("JournalEntryLineDetail") or {}
        side = detail.get("PostingType")
        if side not in total:
            raise Refused(
                "2260", "Missing Posting Type : PostingType is Debit or Credit", element="PostingType"
            )
        line["Amount"] = amount(line.get("Amount", 0))
        if line["Amount"] < 0:
            raise Refused("2290", "Negative Amount : A journal line cannot be negative", element="Amount")
        line["Id"] = str(position)  # ids start at "0" (API.md 8.9)
        receivables += _journal_names(co, detail)
        total[side] += cents(line["Amount"])
    if total["Debit"] != total["Credit"]:
        if co.switches.unbalanced_journal == "6000":
            raise business("Please balance debits and credits.")
        raise Refused("2300", "Amount on debits not equal to credits")
    if receivables > 1 and co.switches.one_receivable_line:
        raise business(
            "You can have only one Accounts Receivable or Accounts Payable line in a journal entry."
        )
    obj["Line"], obj["TotalAmt"] = lines, Decimal(0)
    obj["Adjustment"] = bool(given.get("Adjustment"))
    return obj


def _journal_names(co: Company, detail: Obj) -> int:
    account = named(co, detail, "AccountRef", "Account", required=True, old=detail)
    kind = co.store["Account"][account]["AccountType"]
    holder = detail.get("Entity")
    list_ = ""
    if holder and holder.get("EntityRef"):
        list_ = entity_reference(co, holder, "EntityRef", kind=str(holder.get("Type", "Customer")))
    if kind == "Accounts Receivable" and list_ != "Customer":
        raise business("When you use Accounts Receivable, you must choose a customer in the Name field.")
    if kind == "Accounts Payable" and list_ != "Vendor":
        raise business("When you use Accounts Payable, you must choose a vendor in the Name field.")
    _class(co, detail)
    if not co.preference("AccountingInfoPrefs.TrackDepartments"):
        detail.pop("DepartmentRef", None)
    named(co, detail, "DepartmentRef", "Department", old=detail)
    return int(kind in ("Accounts Receivable", "Accounts Payable"))


def _class(co: Company, detail: Obj) -> None:
    tracked = ("ClassTrackingPerTxnLine", "ClassTrackingPerTxn")
    if not any(co.preference(f"AccountingInfoPrefs.{name}") for name in tracked):
        detail.pop("ClassRef", None)
    named(co, detail, "ClassRef", "Class", old=detail)


def _deposit(co: Company, given: Obj, old: Obj | None) -> Obj:
    obj = common(co, "Deposit", given)
    into = named(co, obj, "DepositToAccountRef", "Account", required=True, old=old)
    if co.store["Account"][into]["AccountType"] not in ("Bank", "Other Current Asset"):
        raise business(WRONG_ACCOUNT)
    lines = [clone(line) for line in given.get("Line") or []]
    if not lines:
        raise missing("Line")
    number = 0
    for line in lines:
        line["Amount"] = amount(line.get("Amount", 0))  # negative amounts are accepted (API.md 8.10)
        if line.get("LinkedTxn"):
            _linked_line(co, line, (old or {}).get("Id", ""))
            continue
        number += 1
        line["Id"], line["LineNum"] = str(number), number
        _deposit_line(co, line)
    obj["Line"] = lines
    total = sum((line["Amount"] for line in lines), Decimal(0))
    if back := obj.get("CashBack"):
        named(co, back, "AccountRef", "Account", required=True)
        back["Amount"] = amount(back.get("Amount", 0))
        total -= back["Amount"]
    if total < 0:
        raise business("You must specify a transaction amount that is 0 or greater.")
    obj["TotalAmt"] = total
    return obj


def source_key(line: Obj) -> Key:
    """The transaction that a deposit line takes out of Undeposited Funds."""
    linked = line["LinkedTxn"][0]
    return str(linked.get("TxnType", "")), str(linked.get("TxnId", ""))


def _linked_line(co: Company, line: Obj, deposit: str) -> None:
    entity, identity = source_key(line)
    if line["LinkedTxn"][0].get("TxnLineId") is None:
        raise missing("TxnLineId")
    source = co.find(entity, identity) if entity in DEPOSITABLE else None
    if source is None:
        raise Refused("620", f"Transaction ID cannot be linked : {entity} {identity}")
    if co.deposited.get((entity, identity), deposit) != deposit:
        raise Refused("620", f"Transaction ID cannot be linked : {entity} {identity} has been deposited")
    entry = co.ledger.entry((entity, identity))
    waiting = sum(one.minor for one in entry.lines if one.account == undeposited(co)) if entry else 0
    if not waiting or cents(line["Amount"]) != waiting:
        raise Refused(
            "620", f"Transaction ID cannot be linked : {entity} {identity} is not in Undeposited Funds"
        )


def _deposit_line(co: Company, line: Obj) -> None:
    line.setdefault("DetailType", "DepositLineDetail")
    detail = line.get("DepositLineDetail") or {}
    account = named(co, detail, "AccountRef", "Account", required=True, old=detail)
    kind = co.store["Account"][account]
    if kind["Classification"] == "Liability" and co.switches.deposit_liability == "refuse":
        raise business(WRONG_ACCOUNT)  # documented list has no liability (API.md 8.10, 13)
    if holder := detail.get("Entity"):
        wrapped = {"EntityRef": holder}
        entity_reference(co, wrapped, "EntityRef", kind=str(holder.get("type") or "CUSTOMER"))
        detail["Entity"] = {**wrapped["EntityRef"], "type": str(holder.get("type") or "CUSTOMER")}
    named(co, detail, "PaymentMethodRef", "PaymentMethod", old=detail)
    _class(co, detail)
    line["DepositLineDetail"] = detail


def _transfer(co: Company, given: Obj, old: Obj | None) -> Obj:
    obj = writable("Transfer", given)
    obj["TxnDate"] = common(co, "Transfer", given)["TxnDate"]
    for name in ("FromAccountRef", "ToAccountRef"):
        account = named(co, obj, name, "Account", required=True, old=old)
        if co.store["Account"][account]["Classification"] != "Asset":
            raise business(WRONG_ACCOUNT)
    if given.get("Amount") is None:
        raise missing("Amount")
    positive(given["Amount"], name="Amount")
    obj["Amount"] = amount(given["Amount"])
    return obj


def _spending(co: Company, entity: str, given: Obj, old: Obj | None) -> Obj:
    """Purchase (check, expense) and Bill."""
    obj = common(co, entity, given)
    if entity == "Purchase":
        if given.get("PaymentType") not in ("Cash", "Check", "CreditCard"):
            raise missing("PaymentType")  # on every write (API.md 7)
        named(co, obj, "AccountRef", "Account", required=True, old=old)
        if holder := obj.get("EntityRef"):
            kind = str(holder.get("type", "Vendor"))
            entity_reference(co, obj, "EntityRef", kind=kind)
    else:
        named(co, obj, "VendorRef", "Vendor", required=True, old=old)
    lines = [clone(line) for line in given.get("Line") or []]
    if not lines:
        raise missing("Line")
    for position, line in enumerate(lines, start=1):
        line["Id"] = str(position)
        line["Amount"] = amount(line.get("Amount", 0))
        _expense_line(co, obj, line)
    obj["Line"] = lines
    obj["TotalAmt"] = sum((line["Amount"] for line in lines), Decimal(0))
    positive(obj["TotalAmt"], name="TotalAmt")
    return obj


def _expense_line(co: Company, obj: Obj, line: Obj) -> None:
    kind = line.get("DetailType")
    detail = line.get(str(kind)) or {}
    if kind == "ItemBasedExpenseLineDetail":
        named(co, detail, "ItemRef", "Item", required=True, old=detail)
    elif kind == "AccountBasedExpenseLineDetail":
        account = named(co, detail, "AccountRef", "Account", required=True, old=detail)
        payee = (obj.get("EntityRef") or {}).get("type", "").lower() == "customer"
        if co.is_receivable(account) and not (detail.get("CustomerRef") or payee):
            raise business("When you use Accounts Receivable, you must choose a customer in the Name field.")
    else:
        raise Refused("2170", f"Invalid Enumeration : {kind}", element="DetailType")
    named(co, detail, "CustomerRef", "Customer", old=detail)
    _class(co, detail)


def post(co: Company, entity: str, obj: Obj) -> list[Line]:
    """The entry of one of these transactions."""
    department = (obj.get("DepartmentRef") or {}).get("value", "")
    match entity:
        case "JournalEntry":
            return [_journal_posting(line) for line in obj["Line"]]
        case "Deposit":
            return _deposit_posting(co, obj, department)
        case "Transfer":
            minor = cents(obj["Amount"])
            return [Line(obj["ToAccountRef"]["value"], minor), Line(obj["FromAccountRef"]["value"], -minor)]
        case _:
            return _spending_posting(co, entity, obj, department)


def _journal_posting(line: Obj) -> Line:
    detail = line["JournalEntryLineDetail"]
    holder = detail.get("Entity") or {}
    customer = (
        holder.get("EntityRef", {}).get("value", "") if holder.get("Type", "Customer") == "Customer" else ""
    )
    minor = cents(line["Amount"]) * (1 if detail["PostingType"] == "Debit" else -1)
    return Line(
        detail["AccountRef"]["value"],
        minor,
        customer,
        (detail.get("ClassRef") or {}).get("value", ""),
        (detail.get("DepartmentRef") or {}).get("value", ""),
        memo=str(line.get("Description", "")),
    )


def _deposit_posting(co: Company, obj: Obj, department: str) -> list[Line]:
    lines = [Line(obj["DepositToAccountRef"]["value"], cents(obj["TotalAmt"]), department=department)]
    if back := obj.get("CashBack"):
        lines.append(Line(back["AccountRef"]["value"], cents(back["Amount"])))
    for line in obj["Line"]:
        minor = -cents(line["Amount"])
        if line.get("LinkedTxn"):
            entity, identity = source_key(line)
            customer = (co.store[entity].get(identity, {}).get("CustomerRef") or {}).get("value", "")
            lines.append(Line(undeposited(co), minor, customer, department=department))
            continue
        detail = line["DepositLineDetail"]
        holder = detail.get("Entity") or {}
        customer = holder.get("value", "") if holder.get("type", "").upper() == "CUSTOMER" else ""
        klass = (detail.get("ClassRef") or {}).get("value", "")
        memo = str(line.get("Description", ""))
        lines.append(Line(detail["AccountRef"]["value"], minor, customer, klass, department, memo=memo))
    return lines


def _spending_posting(co: Company, entity: str, obj: Obj, department: str) -> list[Line]:
    sign = -1 if obj.get("Credit") else 1
    paid = obj["AccountRef"]["value"] if entity == "Purchase" else co.account_of_type("Accounts Payable")
    holder = obj.get("EntityRef") or {}
    payee = holder.get("value", "") if str(holder.get("type", "")).lower() == "customer" else ""
    lines = [Line(paid, -sign * cents(obj["TotalAmt"]), payee, department=department)]
    for line in obj["Line"]:
        detail = line[line["DetailType"]]
        if item := (detail.get("ItemRef") or {}).get("value", ""):
            stored = co.store["Item"][item]
            account = (stored.get("ExpenseAccountRef") or stored["IncomeAccountRef"])["value"]
        else:
            account = detail["AccountRef"]["value"]
        customer = (detail.get("CustomerRef") or {}).get("value", "") or payee
        klass = (detail.get("ClassRef") or {}).get("value", "")
        memo = str(line.get("Description", ""))
        lines.append(Line(account, sign * cents(line["Amount"]), customer, klass, department, item, memo))
    return lines


def view(co: Company, entity: str, obj: Obj) -> Obj:
    """What such a transaction is linked to."""
    if entity in ("JournalEntry", "Purchase"):
        payments = [
            p for k, v in co.applied.items() if k[1] == obj["Id"] and k[0].startswith(f"{entity}:") for p in v
        ]
        obj["LinkedTxn"] = [{"TxnId": payment, "TxnType": "Payment"} for payment in payments]
    if entity == "Bill":
        obj["Balance"] = obj["TotalAmt"]
    return obj


def journal_total(obj: Obj) -> Decimal:
    """The debit side of a journal entry, for people (the API answers TotalAmt 0)."""
    sides = (line for line in obj["Line"] if line["JournalEntryLineDetail"]["PostingType"] == "Debit")
    return money(sum(cents(line["Amount"]) for line in sides))
