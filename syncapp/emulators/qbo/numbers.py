"""DocNumber: who numbers, and what is a duplicate (API.md 8.2, 8.9, 11.2, 11.3)."""

from __future__ import annotations

from syncapp.emulators.qbo.company import Company, Obj
from syncapp.emulators.qbo.errors import Refused
from syncapp.emulators.qbo.shapes import check_length

NUMBER_RANGE = ("Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt")
TITLES = {"JournalEntry": "Journal Entry", "CreditMemo": "Credit Memo", "SalesReceipt": "Sales Receipt"}


def assign(co: Company, entity: str, obj: Obj, *, old: Obj | None, include: frozenset[str]) -> None:
    """DocNumber by preference (API.md 8.2, 8.9, 11.2, 11.3)."""
    own = bool(co.preference("SalesFormsPrefs.CustomTxnNumbers"))
    if entity in NUMBER_RANGE and not own:
        obj["DocNumber"] = old["DocNumber"] if old and old.get("DocNumber") else _next_number(co)
        return
    if entity == "JournalEntry" and not obj.get("DocNumber") and "allowautodocnum" in include:
        obj["DocNumber"] = _next_number(co, entity="JournalEntry")
    number = obj.get("DocNumber")
    if not number or (old and old.get("DocNumber") == number) or "allowduplicatedocnum" in include:
        return
    check_length("DocNumber", number)
    warned = {
        "JournalEntry": co.other_preference("WarnDuplicateJournalNumber") == "true",
        "Bill": co.other_preference("WarnDuplicateBillNumber") == "true",
        "Purchase": obj.get("PaymentType") != "Check"
        or co.other_preference("WarnDuplicateCheckNumber") == "true",
    }.get(entity, co.switches.warn_duplicate_sales)
    if not warned:
        return
    shared = NUMBER_RANGE if entity in NUMBER_RANGE and co.switches.doc_numbers_shared else (entity,)
    for other in shared:
        for identity, one in co.store[other].items():
            if one.get("DocNumber") == number and (old is None or (other, identity) != (entity, old["Id"])):
                raise _duplicate(str(number), other, identity)


def _duplicate(number: str, entity: str, identity: str) -> Refused:
    assigned = f"DocNumber={number} is assigned to TxnType={TITLES.get(entity, entity)} with TxnId={identity}"
    detail = "You must specify a different number. This number has already been used."
    return Refused("6140", f"Duplicate Document Number Error : {detail} {assigned}")


def _next_number(co: Company, *, entity: str = "") -> str:
    range_ = (entity,) if entity else NUMBER_RANGE
    used = [str(o.get("DocNumber", "")) for e in range_ for o in co.store[e].values()]
    return str(max((int(n) for n in used if n.isdigit()), default=1000) + 1)
