"""Invoice, CreditMemo, SalesReceipt and RefundReceipt: their lines and postings (API.md 8.6, 8.8)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from syncapp.emulators.ledger import Line
from syncapp.emulators.qbo.company import CENT, Company, Obj, amount, cents, clone, day, money
from syncapp.emulators.qbo.errors import Refused, bad_reference, business, missing
from syncapp.emulators.qbo.shapes import common, named

MOST_LINES, MOST_TAXABLE_LINES = 10_000, 750  # API.md 11.9
CATEGORY = "An item in this transaction is set up as a category instead of a product or service."


def prepare(co: Company, entity: str, given: Obj, old: Obj | None) -> Obj:
    """A sales form as it will be stored: checked lines, subtotal, discount, tax and total. Raises Refused."""
    obj = common(co, entity, given)
    named(co, obj, "CustomerRef", "Customer", old=old, required=True)
    named(co, obj, "SalesTermRef", "Term", old=old)
    named(co, obj, "PaymentMethodRef", "PaymentMethod", old=old)
    if not co.preference("AccountingInfoPrefs.ClassTrackingPerTxn"):
        obj.pop("ClassRef", None)
    named(co, obj, "ClassRef", "Class", old=old)
    _accounts(co, entity, obj, old)
    lines = given.get("Line")
    if not lines:
        raise missing("Line")
    sold, discount, subtotal = _lines(co, lines, old)
    total = subtotal - (discount["Amount"] if discount else Decimal(0))
    tax = _tax(co, obj, sold, net=total)
    total += tax
    if total < 0:
        raise business("You must specify a transaction amount that is 0 or greater.")
    obj["Line"] = [*sold, {"Amount": subtotal, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}]
    if discount:
        obj["Line"].append(discount)
    obj["TotalAmt"] = total
    obj.setdefault("EmailStatus", "NotSet")
    obj.setdefault("PrintStatus", "NeedToPrint")
    obj.setdefault("ApplyTaxAfterDiscount", False)
    if entity == "Invoice":
        _terms(co, obj)
    return obj


def _accounts(co: Company, entity: str, obj: Obj, old: Obj | None) -> None:
    if entity == "SalesReceipt" and not obj.get("DepositToAccountRef"):
        obj["DepositToAccountRef"] = {
            "value": co.account_of_type("Other Current Asset", subtype="UndepositedFunds")
        }
    named(co, obj, "DepositToAccountRef", "Account", old=old, required=entity == "RefundReceipt")


def _terms(co: Company, obj: Obj) -> None:
    if "DueDate" in obj:
        obj["DueDate"] = day(obj["DueDate"], name="DueDate").isoformat()
        return
    term = co.find("Term", (obj.get("SalesTermRef") or {}).get("value", ""))
    due = date.fromisoformat(obj["TxnDate"]) + timedelta(days=int((term or {}).get("DueDays", 0)))
    obj["DueDate"] = due.isoformat()


def _lines(co: Company, given: list[Obj], old: Obj | None) -> tuple[list[Obj], Obj | None, Decimal]:
    """Lines with their ids (an existing id stays, any other is a new line: API.md 7), discount, subtotal."""
    known = {line["Id"] for line in (old or {}).get("Line", []) if "Id" in line}
    number = max((int(i) for i in known), default=0)
    sold: list[Obj] = []
    discount: Obj | None = None
    for raw in given:
        line = clone(raw)
        kind = line.get("DetailType")
        if kind == "SubTotalLineDetail":
            continue  # generated, ignored in requests (API.md 8.6)
        if kind == "DiscountLineDetail":
            if discount is not None:
                raise business("Only one discount line is allowed.")
            discount = line
            continue
        if str(line.get("Id", "")) not in known:
            number += 1
            line["Id"] = str(number)
        line["Id"], line["LineNum"] = str(line["Id"]), len(sold) + 1
        known.discard(line["Id"])
        sold.append(_line(co, line, old))
    if not any(line["DetailType"] in ("SalesItemLineDetail", "GroupLineDetail") for line in sold):
        raise missing("Line")
    if len(sold) > MOST_LINES:
        raise business(f"A transaction has at most {MOST_LINES} lines.")
    subtotal = sum((_worth(line) for line in sold), Decimal(0)).quantize(CENT)
    return sold, _discount(co, discount, subtotal) if discount else None, subtotal


def _worth(line: Obj) -> Decimal:
    if line["DetailType"] == "GroupLineDetail":
        return sum((inner["Amount"] for inner in line["GroupLineDetail"]["Line"]), Decimal(0))
    return Decimal(line.get("Amount", 0)) if line["DetailType"] == "SalesItemLineDetail" else Decimal(0)


def _line(co: Company, line: Obj, old: Obj | None) -> Obj:
    match line.get("DetailType"):
        case "SalesItemLineDetail":
            return _item_line(co, line, old)
        case "GroupLineDetail":
            return _bundle(co, line, old)
        case "DescriptionOnly":
            line.pop("Amount", None)
            return line
        case other:
            raise Refused("2170", f"Invalid Enumeration : {other}", element="DetailType")


def _held_items(old: Obj | None) -> set[str]:
    found: set[str] = set()
    for line in (old or {}).get("Line", []):
        inner = line.get("GroupLineDetail", {}).get("Line", [])
        for one in (line, *inner):
            found.add((one.get("SalesItemLineDetail", {}).get("ItemRef") or {}).get("value", ""))
    return found


def _item_line(co: Company, line: Obj, old: Obj | None) -> Obj:
    detail = line["SalesItemLineDetail"] = dict(line.get("SalesItemLineDetail") or {})
    if not detail.get("ItemRef"):
        detail["ItemRef"] = {"value": co.other_preference("SalesFormsPrefs.DefaultItem") or "1"}
    wanted = str(detail["ItemRef"].get("value", ""))
    identity = co.reference(detail, "ItemRef", "Item", old=wanted if wanted in _held_items(old) else "")
    item = co.store["Item"][identity]
    if item["Type"] == "Category":
        raise Refused("2500", f"Invalid Reference Id : {CATEGORY}", element="Reference Id")  # API.md 8.4
    if item["Type"] == "Group":
        raise bad_reference("Items", identity)
    if not item.get("IncomeAccountRef"):
        raise Refused("6440", "Account or item required : The item has no account.", element="ItemRef")
    detail["ItemRef"] = co.named("Item", identity)
    if not co.preference("AccountingInfoPrefs.ClassTrackingPerTxnLine"):
        detail.pop("ClassRef", None)
    named(co, detail, "ClassRef", "Class", old=detail)
    line["Amount"] = _calculated(line, detail)
    detail.setdefault("TaxCodeRef", {"value": "TAX" if item.get("Taxable") else "NON"})
    return line


def _calculated(line: Obj, detail: Obj) -> Decimal:
    """Amount against Qty × UnitPrice, rounded half up, else 6070 (API.md 8.6, 11.10)."""
    if not detail.get("Qty") and not detail.get("UnitPrice") and line.get("Amount") is not None:
        detail.pop(
            "Qty", None
        )  # the public client sends 0 × 0 beside an Amount, and live QuickBooks takes it
        detail.pop("UnitPrice", None)
    quantity, price = detail.get("Qty"), detail.get("UnitPrice")
    for name in ("Qty", "UnitPrice"):
        if detail.get(name) is not None:
            detail[name] = Decimal(str(detail[name]))
        else:
            detail.pop(name, None)
    product = None
    if quantity is not None and price is not None:
        product = (detail["Qty"] * detail["UnitPrice"]).quantize(CENT, ROUND_HALF_UP)
    if line.get("Amount") is None:
        if product is None:
            raise missing("Amount")
        return Decimal(product)
    supplied = amount(line["Amount"])
    if product is not None and product != supplied:
        detail_text = f"Amount is not equal to UnitPrice * Qty. Supplied value:{supplied:,}"
        raise Refused("6070", f"Amount calculation incorrect in the request : {detail_text}")
    return supplied


def _bundle(co: Company, line: Obj, old: Obj | None) -> Obj:
    """A bundle comes back with its inner lines (API.md 8.6, 11.13)."""
    detail = line["GroupLineDetail"] = dict(line.get("GroupLineDetail") or {})
    named(co, detail, "GroupItemRef", "Item", required=True)
    quantity = Decimal(str(detail.setdefault("Quantity", 1)))
    inner = detail.get("Line")
    if not inner:
        group = co.store["Item"][detail["GroupItemRef"]["value"]]
        inner = []
        for part in (group.get("ItemGroupDetail") or {}).get("ItemGroupLine") or []:
            item = co.store["Item"][part["ItemRef"]["value"]]
            count = quantity * Decimal(str(part.get("Qty", 1)))
            sale = {"ItemRef": part["ItemRef"], "Qty": count, "UnitPrice": item.get("UnitPrice", Decimal(0))}
            inner.append({"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": sale})
    detail["Line"] = [_item_line(co, clone(one), old) for one in inner]
    for position, one in enumerate(detail["Line"], start=1):
        one["Id"], one["LineNum"] = f"{line['Id']}0{position}", position
    line["Amount"] = Decimal(0)
    return line


def _discount(co: Company, line: Obj, subtotal: Decimal) -> Obj:
    """One discount line; needs AllowDiscount; never above the subtotal (API.md 8.6)."""
    if not co.preference("SalesFormsPrefs.AllowDiscount"):
        raise business("Discounts are turned off in this company.")
    detail = line["DiscountLineDetail"] = dict(line.get("DiscountLineDetail") or {})
    if detail.get("PercentBased"):
        percent = detail["DiscountPercent"] = Decimal(str(detail.get("DiscountPercent", 0)))
        line["Amount"] = (subtotal * percent / 100).quantize(CENT, ROUND_HALF_UP)
    else:
        detail["PercentBased"] = False
        line["Amount"] = amount(line.get("Amount", 0))
    if line["Amount"] > max(subtotal, Decimal(0)):
        raise business("The discount amount can't be greater than the subtotal")
    if not detail.get("DiscountAccountRef"):
        detail["DiscountAccountRef"] = {
            "value": co.account_of_type("Income", subtype="DiscountsRefundsGiven")
        }
    named(co, detail, "DiscountAccountRef", "Account")
    if not co.preference("AccountingInfoPrefs.ClassTrackingPerTxnLine"):
        detail.pop("ClassRef", None)
    named(co, detail, "ClassRef", "Class", old=detail)
    line.pop("Id", None)
    line.pop("LineNum", None)
    return line


def _tax(co: Company, obj: Obj, sold: list[Obj], *, net: Decimal) -> Decimal:
    """Sales tax: ignored when off; a supplied total is honoured, or replaced by switch (API.md 11.1)."""
    given = obj.pop("TxnTaxDetail", None)
    if not co.preference("TaxPrefs.UsingSalesTax"):
        return Decimal(0)
    engine = co.switches.tax_engine == "on"
    every = engine and co.switches.tax_ignores_codes
    taxable = sum((_worth(one) for one in sold if every or _taxed(one)), Decimal(0))
    if len(sold) > MOST_TAXABLE_LINES and taxable:
        raise business(f"A taxable transaction has at most {MOST_TAXABLE_LINES} lines.")
    rate = Decimal(co.switches.tax_rate)
    computed = (min(taxable, net) * rate / 100).quantize(CENT, ROUND_HALF_UP)
    supplied = (given or {}).get("TotalTax")
    replaced = engine and co.switches.tax_engine_changes_total
    total = computed if supplied is None or replaced else amount(supplied, name="TotalTax")
    obj["TxnTaxDetail"] = {"TotalTax": total, "TaxLine": (given or {}).get("TaxLine", [])}
    return total


def _taxed(line: Obj) -> bool:
    return str((line.get("SalesItemLineDetail", {}).get("TaxCodeRef") or {}).get("value", "NON")) == "TAX"


def post(co: Company, entity: str, obj: Obj) -> list[Line]:
    """Dr receivable (or bank), Cr each item's account, discount and tax; credit forms the other way round."""
    customer, klass = obj["CustomerRef"]["value"], (obj.get("ClassRef") or {}).get("value", "")
    department = (obj.get("DepartmentRef") or {}).get("value", "")
    sign = 1 if entity in ("Invoice", "SalesReceipt") else -1
    receivable = entity in ("Invoice", "CreditMemo")
    against = co.account_of_type("Accounts Receivable") if receivable else obj["DepositToAccountRef"]["value"]
    lines = [Line(against, sign * cents(obj["TotalAmt"]), customer, klass, department)]

    def credit(account: str, worth: Any, *, of: str = "", item: str = "", memo: str = "") -> None:
        lines.append(Line(account, -sign * cents(worth), customer, of or klass, department, item, memo))

    for line in obj["Line"]:
        for one in line.get("GroupLineDetail", {}).get("Line", [line]):
            if detail := one.get("SalesItemLineDetail"):
                item = detail["ItemRef"]["value"]
                account = co.store["Item"][item]["IncomeAccountRef"]["value"]
                of = (detail.get("ClassRef") or {}).get("value", "")
                credit(account, one["Amount"], of=of, item=item, memo=str(one.get("Description", "")))
        if detail := line.get("DiscountLineDetail"):
            of = (detail.get("ClassRef") or {}).get("value", "")
            credit(detail["DiscountAccountRef"]["value"], -line["Amount"], of=of, memo="Discount")
    if tax := (obj.get("TxnTaxDetail") or {}).get("TotalTax"):
        credit(co.account("Sales Tax Payable"), tax, memo="Sales tax")
    return lines


def view(co: Company, entity: str, obj: Obj) -> Obj:
    """A sales form with what it is linked to and what is open."""
    links = co.applied.get((entity, obj["Id"]), {})
    open_ = cents(obj["TotalAmt"]) - sum(links.values())
    if entity in ("Invoice", "CreditMemo"):
        kind = "Payment"
        obj["LinkedTxn"] = [*obj.get("LinkedTxn", []), *({"TxnId": p, "TxnType": kind} for p in links)]
        obj["Balance"] = money(open_)
    else:
        obj["Balance"] = money(0)
    if entity == "CreditMemo":
        obj["RemainingCredit"] = money(open_)
    if entity == "SalesReceipt" and (deposit := co.deposited.get((entity, obj["Id"]))):
        obj["LinkedTxn"] = [{"TxnId": deposit, "TxnType": "Deposit"}]
    return obj
