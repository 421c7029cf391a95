"""Payments and what they are applied to (API.md 7, 8.7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from syncapp.emulators.ledger import Line
from syncapp.emulators.qbo.company import Company, Key, Obj, amount, cents, clone, money
from syncapp.emulators.qbo.errors import DELETED, Refused, business, missing
from syncapp.emulators.qbo.shapes import common, named

SPENDING = ("Expense", "Check", "CreditCardCredit")  # TxnTypes that are a Purchase here


@dataclass(frozen=True, slots=True)
class Link:
    """One line of a Payment: the document, its customer, cents (above zero: paid, below: credit used)."""

    key: Key
    customer: str
    minor: int
    open: int


def prepare(co: Company, given: Obj, old: Obj | None) -> Obj:
    """A Payment as it will be stored. No lines given unlinks everything. Raises Refused."""
    obj = common(co, "Payment", given)
    if given.get("TotalAmt") is None:
        raise business("You must set a transaction amount.")
    obj["TotalAmt"] = amount(given["TotalAmt"], name="TotalAmt")
    if obj["TotalAmt"] < 0:
        raise business("You must specify a transaction amount that is 0 or greater.")
    named(co, obj, "CustomerRef", "Customer", old=old, required=True)
    named(co, obj, "PaymentMethodRef", "PaymentMethod", old=old)
    if not obj.get("DepositToAccountRef"):
        obj["DepositToAccountRef"] = {"value": undeposited(co)}
    account = named(co, obj, "DepositToAccountRef", "Account", old=old)
    if co.store["Account"][account]["AccountType"] not in ("Bank", "Other Current Asset"):
        raise business("You need to select a different type of account for this transaction.")
    obj["Line"] = [clone(line) for line in given.get("Line") or [] if line.get("LinkedTxn")]
    _check_links(co, obj, old)
    obj["ProcessPayment"] = False
    return obj


def undeposited(co: Company) -> str:
    """The id of Undeposited Funds."""
    return co.account_of_type("Other Current Asset", subtype="UndepositedFunds")


def _check_links(co: Company, obj: Obj, old: Obj | None) -> None:
    used = 0
    payer = obj["CustomerRef"]["value"]
    taken: Counter[Key] = Counter()
    for line in obj["Line"]:
        line["Amount"] = amount(line.get("Amount", 0))
        linked = line["LinkedTxn"][0]
        unnamed = linked.get("TxnType") == "JournalEntry" and linked.get("TxnLineId") is None
        if unnamed and co.switches.journal_link_line == "required":
            raise missing("TxnLineId")
        link = resolve(co, line, without=(old or {}).get("Id", ""), customer=payer)
        if not may_pay(co, payer, link):
            raise business("The customer of the payment and of the linked transaction must be the same.")
        left = link.open - taken[link.key]
        if cents(line["Amount"]) > left:
            if co.switches.overapply != "cap":
                raise business(
                    "The amount applied is greater than the open balance of the linked transaction."
                )
            line["Amount"] = money(left)
            link = resolve(co, line, without=(old or {}).get("Id", ""), customer=payer)
        taken[link.key] += abs(link.minor)
        used += link.minor
    if used > cents(obj["TotalAmt"]):
        raise business("The amount applied is greater than the amount received.")


def may_pay(co: Company, payer: str, link: Link) -> bool:
    """Same customer; parent for a bill-with-parent sub; any of one family by switch (API.md 8.7, 13)."""
    if link.customer == payer:
        return True
    owner = co.store["Customer"][link.customer]
    if owner.get("BillWithParent") and (owner.get("ParentRef") or {}).get("value") == payer:
        return True
    return co.switches.payment_across_subcustomers == "accept" and _root(co, payer) == _root(
        co, link.customer
    )


def _root(co: Company, customer: str) -> str:
    above = co.store["Customer"][customer].get("ParentRef")
    return _root(co, above["value"]) if above else customer


def resolve(co: Company, line: Obj, *, without: str = "", customer: str = "") -> Link:
    """What a payment line points at and how much of it is open, not counting the payment `without`.

    Raises Refused 620 (cannot be linked) or 610 (deleted).
    """
    linked = line["LinkedTxn"][0]
    kind, identity = str(linked.get("TxnType", "")), str(linked.get("TxnId", ""))
    worth = cents(amount(line.get("Amount", 0)))
    entity = "Purchase" if kind in SPENDING else kind
    if entity not in ("Invoice", "CreditMemo", "JournalEntry", "Purchase", "Bill"):
        raise Refused("620", f"Transaction ID cannot be linked : TxnType {kind}")
    target = co.find(entity, identity)
    if target is None:
        raise Refused("610", DELETED)
    if entity in ("Invoice", "CreditMemo"):
        sign = 1 if entity == "Invoice" else -1
        key = (entity, identity)
        return Link(
            key, target["CustomerRef"]["value"], sign * worth, _open(co, key, target["TotalAmt"], without)
        )
    return _receivable_link(co, entity, identity, str(linked.get("TxnLineId", "")), worth, without, customer)


def _receivable_link(
    co: Company, entity: str, identity: str, wanted: str, worth: int, without: str, customer: str
) -> Link:
    """A receivable line of a journal entry, check or expense: a debit is paid, a credit is used."""
    found = receivable_lines(co, entity, identity)
    if wanted in found:
        found = {wanted: found[wanted]}
    own = {k: v for k, v in found.items() if v[0] == customer} or found
    for line_id, (owner, minor) in own.items():
        key = (f"{entity}:{line_id}", identity)
        open_ = abs(minor) - sum(v for p, v in co.applied.get(key, {}).items() if p != without)
        if open_ or len(own) == 1:
            return Link(key, owner, worth if minor > 0 else -worth, open_)
    raise Refused("620", f"Transaction ID cannot be linked : {entity} {identity} has no open receivable line")


def receivable_lines(co: Company, entity: str, identity: str) -> dict[str, tuple[str, int]]:
    """Line id → (customer, signed cents) of the receivable lines of a JournalEntry or Purchase."""
    found: dict[str, tuple[str, int]] = {}
    target = co.store[entity][identity]
    for line in target.get("Line", []):
        detail = line.get("JournalEntryLineDetail") or line.get("AccountBasedExpenseLineDetail") or {}
        account = (detail.get("AccountRef") or {}).get("value", "")
        if not account or not co.is_receivable(account):
            continue
        debit = detail.get("PostingType", "Debit") == "Debit" and not target.get("Credit")
        owner = (
            detail.get("CustomerRef")
            or (detail.get("Entity") or {}).get("EntityRef")
            or target.get("EntityRef")
        )
        worth = cents(line["Amount"])
        found[str(line["Id"])] = (str((owner or {}).get("value", "")), worth if debit else -worth)
    return found


def _open(co: Company, key: Key, total: Any, without: str) -> int:
    return cents(total) - sum(
        minor for payment, minor in co.applied.get(key, {}).items() if payment != without
    )


def post(co: Company, obj: Obj) -> list[Line]:
    """Dr the deposit account, Cr the receivable of each customer whose document it pays."""
    customer, received = obj["CustomerRef"]["value"], cents(obj["TotalAmt"])
    department = (obj.get("DepartmentRef") or {}).get("value", "")
    ar = co.account_of_type("Accounts Receivable")
    lines = [Line(obj["DepositToAccountRef"]["value"], received, customer, department=department)]
    for line in obj["Line"]:
        link = resolve(co, line, without=obj["Id"], customer=customer)
        lines.append(Line(ar, -link.minor, link.customer, department=department))
        received -= link.minor
    lines.append(Line(ar, -received, customer, department=department))
    return lines


def relink(co: Company, obj: Obj) -> None:
    """Let the index of applications say what this payment says now."""
    unlink(co, obj["Id"])
    for line in obj["Line"]:
        link = resolve(co, line, without=obj["Id"], customer=obj["CustomerRef"]["value"])
        applied = co.applied[link.key]
        applied[obj["Id"]] = applied.get(obj["Id"], 0) + abs(link.minor)
        co.touch((link.key[0].partition(":")[0], link.key[1]))


def unlink(co: Company, payment: str) -> None:
    """Take a payment out of the index of applications."""
    for key, applied in co.applied.items():
        if applied.pop(payment, None) is not None:
            co.touch((key[0].partition(":")[0], key[1]))


def view(co: Company, obj: Obj) -> Obj:
    """A Payment with its unapplied rest and the line extras of API.md 8.7."""
    spare = cents(obj["TotalAmt"])
    for line in obj["Line"]:
        link = resolve(co, line, without=obj["Id"], customer=obj["CustomerRef"]["value"])
        spare -= link.minor
        target = co.store[link.key[0].partition(":")[0]][link.key[1]]
        extras = {
            "txnId": link.key[1],
            "txnOpenBalance": f"{money(link.open)}",
            "txnReferenceNumber": str(target.get("DocNumber", "")),
        }
        if link.key[0].startswith("JournalEntry:") and co.switches.journal_link_line != "silent":
            line["LinkedTxn"][0]["TxnLineId"] = link.key[0].partition(":")[2]
        line["LineEx"] = {"NameValue": [{"Name": k, "Value": v} for k, v in extras.items()]}
    obj["UnappliedAmt"] = money(spare)
    if deposit := co.deposited.get(("Payment", obj["Id"])):
        obj["LinkedTxn"] = [{"TxnId": deposit, "TxnType": "Deposit"}]
    return obj


def apply_credits(co: Company, invoice: str) -> list[Obj]:
    """AutoApplyCredit: open credit pays a new invoice without being asked (API.md 11.4).

    Adds lines to payments that have a rest; gives the zero payments still to be made for credit memos.
    """
    obj = co.store["Invoice"][invoice]
    customer, wanted = obj["CustomerRef"]["value"], cents(obj["TotalAmt"])
    linked = {"TxnId": invoice, "TxnType": "Invoice"}
    for payment in list(co.store["Payment"].values()):
        if wanted and payment["CustomerRef"]["value"] == customer:
            spare = min(wanted, cents(view(co, clone(payment))["UnappliedAmt"]))
            if spare > 0:
                payment["Line"].append({"Amount": money(spare), "LinkedTxn": [linked]})
                relink(co, payment)
                co.ledger.put(
                    ("Payment", payment["Id"]), date.fromisoformat(payment["TxnDate"]), post(co, payment)
                )
                co.touch(("Payment", payment["Id"]))
                wanted -= spare
    made: list[Obj] = []
    for memo in list(co.store["CreditMemo"].values()):
        if wanted and memo["CustomerRef"]["value"] == customer:
            step = min(wanted, _open(co, ("CreditMemo", memo["Id"]), memo["TotalAmt"], ""))
            if step > 0:
                pair = [linked, {"TxnId": memo["Id"], "TxnType": "CreditMemo"}]
                lines = [{"Amount": money(step), "LinkedTxn": [one]} for one in pair]
                made.append(
                    {
                        "CustomerRef": obj["CustomerRef"],
                        "TotalAmt": 0,
                        "Line": lines,
                        "TxnDate": obj["TxnDate"],
                    }
                )
                wanted -= step
    return made
