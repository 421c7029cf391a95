"""The lists: customers, vendors, accounts, items, classes, locations, terms (API.md 8.3 to 8.5, 8.11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from syncapp.emulators.qbo.company import NAMES, Company, Obj, amount
from syncapp.emulators.qbo.errors import Refused, business, missing
from syncapp.emulators.qbo.shapes import named, writable

LEVELS = 5  # top and four below (API.md 8.5)
FAMILYLESS = frozenset({"OpeningBalanceEquity", "UndepositedFunds", "RetainedEarnings"})  # API.md 8.3
CLASSIFICATION = {
    "Bank": "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Other Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
    "Income": "Revenue",
    "Other Income": "Revenue",
    "Cost of Goods Sold": "Expense",
    "Expense": "Expense",
    "Other Expense": "Expense",
}
DEFAULT_SUBTYPE = {
    "Bank": "CashOnHand",
    "Accounts Receivable": "AccountsReceivable",
    "Other Current Asset": "EmployeeCashAdvances",
    "Accounts Payable": "AccountsPayable",
    "Credit Card": "CreditCard",
    "Other Current Liability": "OtherCurrentLiabilities",
    "Equity": "OpeningBalanceEquity",
    "Income": "SalesOfProductIncome",
    "Expense": "Travel",
    "Other Expense": "OtherMiscellaneousExpense",
    "Other Income": "OtherInvestmentIncome",
}
TYPE_OF_SUBTYPE = {
    "TrustAccounts": "Bank",
    "Checking": "Bank",
    "Savings": "Bank",
    "TrustAccountsLiabilities": "Other Current Liability",
    "OtherCurrentLiabilities": "Other Current Liability",
    "UndepositedFunds": "Other Current Asset",
    "ServiceFeeIncome": "Income",
    "DiscountsRefundsGiven": "Income",
}


def prepare(co: Company, entity: str, given: Obj, old: Obj | None) -> Obj:
    """A list object as it will be stored. Raises Refused."""
    obj = writable(entity, given)
    obj["Active"] = obj.get("Active", True) is not False
    if entity in NAMES:
        _name(co, entity, obj, old)
        return obj
    if not obj.get("Name"):
        raise missing("Name")
    _forbidden(entity, str(obj["Name"]))
    parent = _parent(co, entity, obj, old)
    _unique(co, entity, obj, old, parent=parent)
    obj["FullyQualifiedName"] = f"{parent['FullyQualifiedName']}:{obj['Name']}" if parent else obj["Name"]
    match entity:
        case "Account":
            _account(obj, old, parent=parent)
            _room(co, obj, old)
        case "Item":
            _item(co, obj, old)
        case "Class" | "Department":
            obj[f"Sub{entity}"] = parent is not None
        case "Term":
            obj.setdefault("Type", "DATE_DRIVEN" if "DayOfMonthDue" in obj else "STANDARD")
        case "PaymentMethod":
            obj.setdefault("Type", "NON_CREDIT_CARD")
    return obj


def _name(co: Company, entity: str, obj: Obj, old: Obj | None) -> None:
    parts = [str(obj.get(p, "")) for p in ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")]
    name = str(
        obj.get("DisplayName") or " ".join(p for p in parts if p) or obj.get("CompanyName", "")
    ).strip()
    if not name:
        raise Refused("6080", "No name provided : At least one name field is needed.")
    if any(bad in name for bad in ":\t\n"):
        raise Refused(
            "2010", "Property Name:DisplayName specified is unsupported or invalid", element="DisplayName"
        )
    _email(obj)
    for list_ in NAMES:  # unique over three lists, inactive ones too: 6240 (API.md 8.5, 11.6)
        for identity, other in co.store[list_].items():
            same = old is not None and list_ == entity and identity == old["Id"]
            if not same and other["DisplayName"].casefold() == name.casefold():
                detail = "The name supplied already exists. : Another customer, vendor or employee is already using "  # noqa: E501
                raise Refused("6240", f"{detail}this name. Please use a different name.")
    obj["DisplayName"] = name
    obj.setdefault("PrintOnCheckName", obj.get("CompanyName", name))
    if entity != "Customer":
        return
    parent = _parent(co, entity, obj, old)
    obj["Job"] = bool(obj.get("Job", parent is not None)) and parent is not None
    obj["BillWithParent"] = bool(obj.get("BillWithParent")) and parent is not None
    obj["Level"] = _level(parent) + 1 if parent else 0
    obj["FullyQualifiedName"] = f"{parent['FullyQualifiedName']}:{name}" if parent else name
    obj.setdefault("Taxable", False)
    obj.setdefault("PreferredDeliveryMethod", "None")
    obj["IsProject"] = False


def _email(obj: Obj) -> None:
    address = (obj.get("PrimaryEmailAddr") or {}).get("Address")
    if address and ("@" not in address or "." not in address):
        raise Refused("2210", f"Invalid Email Address Format : {address}", element="PrimaryEmailAddr")


def _forbidden(entity: str, name: str) -> None:
    bad = '":' if entity == "Account" else ":\t\n"  # API.md 8.3, 11.6
    if any(letter in name for letter in bad):
        raise Refused("2010", "Property Name:Name specified is unsupported or invalid", element="Name")


def _level(obj: Obj) -> int:
    return str(obj["FullyQualifiedName"]).count(":")


def _parent(co: Company, entity: str, obj: Obj, old: Obj | None) -> Obj | None:
    before = ((old or {}).get("ParentRef") or {}).get("value", "")
    identity = co.reference(obj, "ParentRef", entity, old=before)
    if not identity:
        obj.pop("ParentRef", None)
        return None
    parent = co.store[entity][identity]
    obj["ParentRef"] = {"value": identity}
    if _level(parent) + 2 > LEVELS:
        raise Refused("6180", "Subcustomer level limit exceeded : You can only have 5 levels.")
    return parent


def _unique(co: Company, entity: str, obj: Obj, old: Obj | None, *, parent: Obj | None) -> None:
    whole = f"{parent['FullyQualifiedName']}:{obj['Name']}" if parent else str(obj["Name"])
    for identity, other in co.store[entity].items():
        if (old is None or identity != old["Id"]) and other[
            "FullyQualifiedName"
        ].casefold() == whole.casefold():
            detail = "The name supplied already exists. : Another "
            raise Refused("6240", f"{detail}{entity.lower()} is already using this name.")


def _account(obj: Obj, old: Obj | None, *, parent: Obj | None) -> None:
    kind, subtype = obj.get("AccountType"), obj.get("AccountSubType")
    if not kind and not subtype:
        if old is None:
            raise Refused("6010", "AccountType or AccountSubType needed", element="AccountType")
        kind, subtype = old["AccountType"], old["AccountSubType"]
    kind = kind or TYPE_OF_SUBTYPE.get(str(subtype))
    if kind not in CLASSIFICATION:
        raise Refused("2170", f"Invalid Enumeration : {kind or subtype}", element="AccountType")
    obj["AccountType"] = kind
    obj["AccountSubType"] = subtype or DEFAULT_SUBTYPE.get(kind, kind.replace(" ", ""))
    obj["Classification"] = CLASSIFICATION[kind]
    obj["SubAccount"] = parent is not None
    if parent and parent["AccountType"] != kind:
        raise Refused("6430", "Invalid account type used : A subaccount has the type of its parent.")
    if parent and not FAMILYLESS.isdisjoint({parent["AccountSubType"], obj["AccountSubType"]}):
        raise Refused("6430", "Invalid account type used : This account cannot be a parent or a subaccount.")
    if old and old["Active"] and not obj["Active"] and not obj["Name"].endswith(" (deleted)"):
        obj["Name"] += " (deleted)"  # API.md 7: seen live; old transactions stay
        obj["FullyQualifiedName"] += " (deleted)"


def _room(co: Company, obj: Obj, old: Obj | None) -> None:
    """Refuse an active account past the plan's limit; the code and its words are not documented."""
    if not obj["Active"] or (old is not None and old["Active"]):
        return
    plans = (p["Value"] for p in co.store["CompanyInfo"]["1"]["NameValue"] if p["Name"] == "OfferingSku")
    most = 0 if "Advanced" in next(plans, "") else co.switches.most_accounts
    if most and sum(1 for one in co.store["Account"].values() if one["Active"]) >= most:
        raise business("You've reached the limit on accounts for your plan.")


def _item(co: Company, obj: Obj, old: Obj | None) -> None:
    kind = obj.setdefault("Type", (old or {}).get("Type", "Service"))
    if kind not in ("Service", "NonInventory", "Inventory", "Group", "Category"):
        raise Refused("2170", f"Invalid Enumeration : {kind}", element="Type")
    obj["SubItem"] = "ParentRef" in obj
    obj["Level"] = _level(obj)
    if "UnitPrice" in obj:
        obj["UnitPrice"] = Decimal(str(obj["UnitPrice"]))
    account = named(
        co, obj, "IncomeAccountRef", "Account", old=old, required=kind in ("Service", "Inventory")
    )
    named(co, obj, "ExpenseAccountRef", "Account", old=old)
    if kind == "Group":
        for line in (obj.get("ItemGroupDetail") or {}).get("ItemGroupLine") or []:
            named(co, line, "ItemRef", "Item")
        return
    earning = not account or co.store["Account"][account]["Classification"] in ("Revenue", "Expense")
    if not earning and co.switches.item_liability == "refuse":  # API.md 8.4: allowed on the screen
        raise Refused("6430", "Invalid account type used : Use an income account for this item.")
    obj.setdefault("Taxable", False)


def view(co: Company, entity: str, obj: Obj) -> Obj:
    """A list object with its computed balances."""
    if entity == "Account":
        own = _signed(obj, co.ledger.balance(obj["Id"])) if obj["Active"] else 0
        below = sum(_signed(o, co.ledger.balance(o["Id"])) for o in _below(co, entity, obj) if o["Active"])
        obj["CurrentBalance"] = _money(own)
        obj["CurrentBalanceWithSubAccounts"] = _money(own + below)
    if entity == "Customer":
        own = receivable(co, obj["Id"])
        below = sum(receivable(co, o["Id"]) for o in _below(co, entity, obj))
        obj["Balance"], obj["BalanceWithJobs"] = _money(own), _money(own + below)
    return obj


def receivable(co: Company, customer: str) -> int:
    """What a customer owes, in cents: the balance of the receivable accounts under the name."""
    accounts = [i for i, a in co.store["Account"].items() if a["AccountType"] == "Accounts Receivable"]
    return sum(co.ledger.balance(account, customer=customer) for account in accounts)


def _below(co: Company, entity: str, obj: Obj) -> list[Obj]:
    prefix = f"{obj['FullyQualifiedName']}:"
    return [o for o in co.store[entity].values() if o["FullyQualifiedName"].startswith(prefix)]


def _signed(account: Obj, minor: int) -> int:
    return minor if account["Classification"] in ("Asset", "Expense") else -minor


def _money(minor: int) -> Any:
    return amount(Decimal(minor).scaleb(-2))
