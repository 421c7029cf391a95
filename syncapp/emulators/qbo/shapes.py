"""Which properties an object has: others are refused with 2010, read-only ones ignored (API.md 2, 9)."""

from __future__ import annotations

from typing import Any

from syncapp.emulators.qbo.company import Company, Obj, amount, day
from syncapp.emulators.qbo.errors import Refused, bad_reference, business
from syncapp.emulators.qbo.properties import ALWAYS, LENGTHS, READ_ONLY, WRITABLE


def writable(entity: str, given: Obj) -> Obj:
    """The part of a request that counts. Raises Refused 2010 (unknown property), 2050 (too long)."""
    kept: Obj = {}
    for name, value in given.items():
        if name in WRITABLE[entity]:
            if value is not None and value != "":
                check_length(name, value, entity=entity)
                kept[name] = value
        elif name not in ALWAYS and name not in READ_ONLY:
            raise Refused("2010", f"Property Name:{name} specified is unsupported or invalid", element=name)
    return kept


def check_length(name: str, value: Any, *, entity: str = "") -> None:
    """2050 when a text is longer than QuickBooks holds (API.md 8)."""
    top = 31 if name == "Name" and entity in ("Term", "PaymentMethod") else LENGTHS.get(name)
    if top and isinstance(value, str) and len(value) > top:
        detail = f"Invalid String Length : Min:0 Max:{top} supplied:{len(value)}"
        raise Refused("2050", detail, element=name)


def common(co: Company, entity: str, given: Obj) -> Obj:
    """What all transactions share: date, department, note, and the properties as given."""
    obj = writable(entity, given)
    obj["TxnDate"] = day(obj["TxnDate"]).isoformat() if "TxnDate" in obj else co.today().isoformat()
    obj["CurrencyRef"] = {"value": "USD", "name": "United States Dollar"}
    currency = given.get("CurrencyRef")
    if isinstance(currency, dict) and currency.get("value") not in (None, "USD"):
        raise business("The currency of the transaction is invalid for customer/vendor/account.")
    if not co.preference("AccountingInfoPrefs.TrackDepartments"):
        obj.pop("DepartmentRef", None)  # feature off: ignored (API.md 11.20, inferred)
    named(co, obj, "DepartmentRef", "Department")
    return obj


def named(
    co: Company, obj: Obj, name: str, entity: str, *, old: Obj | None = None, required: bool = False
) -> str:
    """Check a reference and put the stored name beside it (names sent by the client are ignored)."""
    before = ((old or {}).get(name) or {}).get("value", "")
    identity = co.reference(obj, name, entity, required=required, old=before)
    if identity:
        extra = {k: v for k, v in obj[name].items() if k == "type"} if isinstance(obj[name], dict) else {}
        obj[name] = {**co.named(entity, identity), **extra}
    else:
        obj.pop(name, None)
    return identity


def entity_reference(co: Company, holder: Obj, name: str, *, kind: str) -> str:
    """An EntityRef whose list is named beside it (Customer, Vendor, Employee)."""
    entity = {"customer": "Customer", "vendor": "Vendor", "employee": "Employee"}.get(kind.lower())
    if entity is None:
        raise Refused("2170", f"Invalid Enumeration : {kind}", element=name)
    identity = co.reference(holder, name, entity)
    if not identity:
        raise bad_reference("Names", "")
    holder[name] = {**holder[name], **co.named(entity, identity)}
    return entity


def positive(value: Any, *, name: str) -> None:
    """6000 for a negative amount."""
    if amount(value, name=name) < 0:
        raise business("You must specify a transaction amount that is 0 or greater.")
