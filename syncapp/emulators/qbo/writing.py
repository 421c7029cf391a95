"""Create, update, void and delete: SyncToken, numbers, closed books, deposited payments (API.md 7, 9, 11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from syncapp.emulators.ledger import Line
from syncapp.emulators.qbo import entries, names, numbers, payments, sales, unapply
from syncapp.emulators.qbo.company import (
    LISTS,
    SALES,
    TRANSACTIONS,
    Change,
    Company,
    Key,
    Obj,
    clone,
    money,
)
from syncapp.emulators.qbo.errors import DELETED, Refused, business, missing, stale
from syncapp.emulators.qbo.properties import WRITABLE

VOID_BY_UPDATE = ("Payment", "SalesReceipt")
FROZEN = (
    "This transaction has been deposited. If you want to change or delete it, you must edit the deposit it "
    "appears on and remove it first."
)
CLOSED = (
    "The account period has closed and the account books cannot be updated through through the QBO Services "
    "API. Please use the QBO website to make these changes."
)


@dataclass(frozen=True, slots=True)
class Act:
    """Who writes, with which `include=` extras; a person on the screen may pass the closing date."""

    who: str = "Tieout"
    include: frozenset[str] = field(default_factory=frozenset)
    past_closing: bool = False


API = Act()


def view(co: Company, entity: str, identity: str) -> Obj:
    """The object as the API shows it. Raises Refused 610."""
    obj = clone(co.get(entity, identity))
    if entity in LISTS:
        shown = names.view(co, entity, obj)
    elif entity in SALES:
        shown = sales.view(co, entity, obj)
    elif entity == "Payment":
        shown = payments.view(co, obj)
    elif entity in TRANSACTIONS:
        shown = entries.view(co, entity, obj)
    else:
        shown = obj
    return {**shown, "domain": "QBO", "sparse": False}


def _prepare(co: Company, entity: str, given: Obj, old: Obj | None) -> Obj:
    if entity in LISTS:
        return names.prepare(co, entity, given, old)
    if entity in SALES:
        return sales.prepare(co, entity, given, old)
    if entity == "Payment":
        return payments.prepare(co, given, old)
    return entries.prepare(co, entity, given, old)


def _lines(co: Company, entity: str, obj: Obj) -> list[Line]:
    if entity in SALES:
        return sales.post(co, entity, obj)
    return payments.post(co, obj) if entity == "Payment" else entries.post(co, entity, obj)


def create(co: Company, entity: str, given: Obj, act: Act = API) -> Obj:
    """Make an object; gives what the API answers. Raises Refused."""
    if entity not in WRITABLE:
        raise Refused("500", f"Operation create is not supported for {entity}.", element="Operation")
    obj = _prepare(co, entity, given, None)
    if entity in TRANSACTIONS:
        _closed(co, obj, act)
        numbers.assign(co, entity, obj, old=None, include=act.include)
    now = co.stamp()
    obj |= {
        "Id": co.next_id(entity),
        "SyncToken": "0",
        "MetaData": {"CreateTime": now, "LastUpdatedTime": now},
    }
    _settle(co, entity, obj, "Create", act)
    if entity == "Invoice" and co.preference("SalesFormsPrefs.AutoApplyCredit"):
        for payment in payments.apply_credits(co, obj["Id"]):
            create(co, "Payment", payment, act)
    return view(co, entity, obj["Id"])


def _settle(co: Company, entity: str, obj: Obj, what: str, act: Act) -> None:
    """Store, post, link, remember."""
    key = (entity, obj["Id"])
    co.store[entity][obj["Id"]] = obj
    if entity in TRANSACTIONS:
        co.ledger.put(key, date.fromisoformat(obj["TxnDate"]), _lines(co, entity, obj))
    if entity == "Payment":
        payments.relink(co, obj)
    if entity == "Deposit":
        _hold(co, obj)
    note(co, key, what, act)


def _hold(co: Company, deposit: Obj) -> None:
    for key in [k for k, v in co.deposited.items() if v == deposit["Id"]]:
        del co.deposited[key]
    for line in deposit["Line"]:
        if line.get("LinkedTxn"):
            co.deposited[entries.source_key(line)] = deposit["Id"]


def note(co: Company, key: Key, what: str, act: Act) -> None:
    """Remember who changed what when; queue the webhook (API.md 5)."""
    now = co.clock.now()
    co.touched[key], co.writers[key] = now, act.who
    co.changes.append(Change(now, act.who, what, key[0], key[1]))
    if co.webhook_url and (co.switches.self_echo or act is not API):
        co.events.append({"name": key[0], "id": key[1], "operation": what, "at": now})


def _current(co: Company, entity: str, given: Obj) -> Obj:
    identity, token = str(given.get("Id", "")), given.get("SyncToken")
    if not identity.isdigit():
        raise Refused("2030", f"Invalid ID : {identity}", element="Id")
    if entity in TRANSACTIONS and identity not in co.store[entity]:
        raise Refused("610", DELETED)
    old = co.get(entity, identity)
    if token is None:
        raise missing("SyncToken")
    if str(token) != old["SyncToken"]:
        raise stale(co.writers.get((entity, identity), "root"))
    return old


def update(co: Company, entity: str, given: Obj, act: Act = API) -> Obj:
    """Update an object, full or sparse (API.md 7). Raises Refused.

    Full: omitted properties become null. Sparse: only top-level ones given change; Line is replaced whole.
    """
    if entity in ("Preferences", "CompanyInfo"):
        return _update_settings(co, entity, given, act)
    if entity not in WRITABLE:
        raise Refused("500", f"Operation update is not supported for {entity}.", element="Operation")
    old = _current(co, entity, given)
    whole = {**_rewritable(entity, old), **given} if given.get("sparse") in (True, "true") else given
    if entity == "Payment" and "Line" not in given:
        whole = {**whole, "Line": []}  # all or none (API.md 7)
    if entity in ("JournalEntry", "Deposit", *SALES) and whole.get("TxnDate") is None:
        whole = {**whole, "TxnDate": old["TxnDate"]}
    obj = _prepare(co, entity, _with_id(whole, old), old)
    if entity in TRANSACTIONS:
        _closed(co, old, act)
        _closed(co, obj, act)
        _deposited(co, entity, old, obj)
        numbers.assign(co, entity, obj, old=old, include=act.include)
    _replace(co, entity, old, obj, "Update", act)
    return view(co, entity, old["Id"])


def _with_id(given: Obj, old: Obj) -> Obj:
    return {**given, "Id": old["Id"]}


def _rewritable(entity: str, old: Obj) -> Obj:
    return {name: value for name, value in clone(old).items() if name in WRITABLE[entity]}


def _replace(co: Company, entity: str, old: Obj, obj: Obj, what: str, act: Act) -> None:
    meta = {**old["MetaData"], "LastUpdatedTime": co.stamp()}
    obj |= {"Id": old["Id"], "SyncToken": str(int(old["SyncToken"]) + 1), "MetaData": meta}
    unapply.changed(co, entity, obj)
    _settle(co, entity, obj, what, act)
    if entity in LISTS and entity != "Account":
        _rename_children(co, entity, obj)


def _rename_children(co: Company, entity: str, parent: Obj) -> None:
    for child in co.store[entity].values():
        if (child.get("ParentRef") or {}).get("value") == parent["Id"] and "FullyQualifiedName" in child:
            own = child.get("DisplayName") or child["Name"]
            child["FullyQualifiedName"] = f"{parent['FullyQualifiedName']}:{own}"
            _rename_children(co, entity, child)


def _update_settings(co: Company, entity: str, given: Obj, act: Act) -> Obj:
    old = _current(co, entity, {**given, "Id": given.get("Id") or "1"})
    for name, value in given.items():
        if name not in ("Id", "SyncToken", "MetaData", "domain", "sparse") and value is not None:
            merged = {**old.get(name, {}), **value} if isinstance(value, dict) else value
            old[name] = merged
    old["SyncToken"] = str(int(old["SyncToken"]) + 1)
    old["MetaData"] = {**old["MetaData"], "LastUpdatedTime": co.stamp()}
    note(co, (entity, "1"), "Update", act)
    return view(co, entity, "1")


def _closed(co: Company, obj: Obj, act: Act) -> None:
    """6210 on or before the closing date; only a person with the password passes (API.md 11.5)."""
    closing = co.preference("AccountingInfoPrefs.BookCloseDate")
    if closing and obj["TxnDate"] <= closing and not act.past_closing:
        raise Refused("6210", CLOSED)


def _deposited(co: Company, entity: str, old: Obj, obj: Obj | None) -> None:
    """6540 on a transaction that sits in a deposit; re-linking alone passes by switch (API.md 7, 11.19)."""
    if (entity, old["Id"]) not in co.deposited:
        return
    same = ("TotalAmt", "CustomerRef", "TxnDate", "DepositToAccountRef")
    if (
        entity == "Payment"
        and obj
        and co.switches.deposited_relink_ok
        and all(obj[n] == old[n] for n in same)
    ):
        return
    raise Refused("6540", FROZEN)


def void(co: Company, entity: str, given: Obj, act: Act = API) -> Obj:
    """Invoice, Payment, SalesReceipt: amounts to zero, the object stays, PrivateNote starts with "Voided"."""
    old = _current(co, entity, given)
    _closed(co, old, act)
    _deposited(co, entity, old, None)
    key = (entity, old["Id"])
    if entity == "Invoice" and co.applied.get(key) and co.switches.void_linked == "refuse":
        raise business("This invoice has payments. Unlink them first.")
    obj = clone(old)
    remark = str(old.get("PrivateNote", ""))
    obj["PrivateNote"] = f"Voided - {remark}"[:4000] if remark else "Voided"
    obj["TotalAmt"] = Decimal("0.00")
    obj.pop("TxnTaxDetail", None)
    obj["Line"] = [] if entity == "Payment" else [_zero(line) for line in obj["Line"]]
    _replace(co, entity, old, obj, "Void", act)
    return view(co, entity, old["Id"])


def _zero(line: Obj) -> Obj:
    if "Amount" in line:
        line["Amount"] = money(0)
    if detail := line.get("SalesItemLineDetail"):
        detail["Qty"] = Decimal(0)
    if detail := line.get("GroupLineDetail"):
        detail["Line"] = [_zero(inner) for inner in detail["Line"]]
    return line


def delete(co: Company, entity: str, given: Obj, act: Act = API) -> Obj:
    """Take a transaction away and leave a tombstone for CDC; lists are never deleted (API.md 7)."""
    if entity not in TRANSACTIONS:
        raise Refused("500", "Operation delete is not supported.", element="Operation")
    old = _current(co, entity, given)
    _closed(co, old, act)
    _deposited(co, entity, old, None)
    key = (entity, old["Id"])
    linked = [
        k for k, v in co.applied.items() if k[1] == old["Id"] and k[0].partition(":")[0] == entity and v
    ]
    if linked and co.switches.delete_linked == "refuse":
        raise business("Unlink the payments and credits of this transaction before you delete it.")
    for one in linked:
        unapply.unlink_all(co, one)
    if entity == "Payment":
        payments.unlink(co, old["Id"])
    for held in [k for k, v in co.deposited.items() if entity == "Deposit" and v == old["Id"]]:
        del co.deposited[held]
    co.ledger.remove(key)
    del co.store[entity][old["Id"]]
    co.tombstones.append((entity, old["Id"], co.clock.now()))
    note(co, key, "Delete", act)
    return {"status": "Deleted", "domain": "QBO", "Id": old["Id"]}
