"""What becomes of applications when the document they are on shrinks, changes or goes (API.md 7, 8.7)."""

from __future__ import annotations

from datetime import date

from syncapp.emulators.qbo.company import Company, Key, Obj, cents, money
from syncapp.emulators.qbo.errors import Refused
from syncapp.emulators.qbo.payments import Link, may_pay, post, relink, resolve, unlink


def changed(co: Company, entity: str, obj: Obj) -> None:
    """A transaction is about to be replaced by `obj`: what is applied to it stays as far as it still fits."""
    key = (entity, obj["Id"])
    if entity in ("Invoice", "CreditMemo") and cents(obj["TotalAmt"]) < sum(co.applied.get(key, {}).values()):
        co.store[entity][obj["Id"]] = obj
        _release(co, key, down_to=cents(obj["TotalAmt"]))
    if entity in ("JournalEntry", "Purchase"):
        _refit(co, entity, obj)


def unlink_all(co: Company, key: Key) -> None:
    """A document goes: all that payments apply to it becomes unapplied."""
    for payment in list(co.applied.get(key, {})):
        obj = co.store["Payment"][payment]
        obj["Line"] = [line for line in obj["Line"] if line["LinkedTxn"][0]["TxnId"] != key[1]]
        _again(co, obj)


def _again(co: Company, obj: Obj) -> None:
    """A payment applies less than before: link and post it as it is now."""
    _balance_credits(co, obj)
    obj["Line"] = [line for line in obj["Line"] if line["Amount"]]
    relink(co, obj)
    co.ledger.put(("Payment", obj["Id"]), date.fromisoformat(obj["TxnDate"]), post(co, obj))
    co.touch(("Payment", obj["Id"]))


def _refit(co: Company, entity: str, obj: Obj) -> None:
    """Receivable lines of a journal entry or check have new ids: look again what each payment pays there."""
    keys = [k for k, v in co.applied.items() if k[1] == obj["Id"] and k[0].startswith(f"{entity}:") and v]
    held = sorted({payment for key in keys for payment in co.applied[key]}, key=int)
    before = {payment: [_link(co, payment, line) for line in _lines(co, payment)] for payment in held}
    co.store[entity][obj["Id"]] = obj
    for payment in held:
        unlink(co, payment)
    for payment in held:
        for line, was in zip(_lines(co, payment), before[payment], strict=True):
            if line["LinkedTxn"][0]["TxnId"] == obj["Id"]:
                line["Amount"] = money(_fitting(co, payment, line, was))
        stored = co.store["Payment"][payment]
        stored["Line"] = [line for line in stored["Line"] if line["Amount"]]
        _again(co, stored)


def _lines(co: Company, payment: str) -> list[Obj]:
    return list(co.store["Payment"][payment]["Line"])


def _link(co: Company, payment: str, line: Obj) -> Link:
    payer = co.store["Payment"][payment]["CustomerRef"]["value"]
    return resolve(co, line, without=payment, customer=payer)


def _fitting(co: Company, payment: str, line: Obj, was: Link) -> int:
    """Cents of a payment's line that the changed entry still takes: same side, a customer it may pay."""
    try:
        now = _link(co, payment, line)
    except Refused:
        return 0
    payer = co.store["Payment"][payment]["CustomerRef"]["value"]
    if (now.minor > 0) != (was.minor > 0) or not may_pay(co, payer, now):
        return 0
    return min(abs(now.minor), now.open)


def _release(co: Company, key: Key, *, down_to: int = 0) -> None:
    """An invoice shrank: what payments apply above `down_to` cents becomes unapplied, newest first."""
    over = sum(co.applied.get(key, {}).values()) - down_to
    for payment in sorted(co.applied.get(key, {}), key=int, reverse=True):
        if over <= 0:
            return
        obj = co.store["Payment"][payment]
        for line in obj["Line"]:
            linked = line["LinkedTxn"][0]
            if over > 0 and (linked["TxnType"], linked["TxnId"]) == key:
                step = min(over, cents(line["Amount"]))
                line["Amount"] = money(cents(line["Amount"]) - step)
                over -= step
        _again(co, obj)


def _balance_credits(co: Company, obj: Obj) -> None:
    """Credits of a payment never exceed what it pays, nor does it pay more than it has: the rest is open."""
    used = {1: 0, -1: 0}
    for line in obj["Line"]:
        minor = _minor(co, obj, line)
        used[1 if minor > 0 else -1] += abs(minor)
    _less(co, obj, used[-1] - used[1], side=-1)
    _less(co, obj, used[1] - used[-1] - cents(obj["TotalAmt"]), side=1)


def _minor(co: Company, obj: Obj, line: Obj) -> int:
    return resolve(co, line, without=obj["Id"], customer=obj["CustomerRef"]["value"]).minor


def _less(co: Company, obj: Obj, spare: int, *, side: int) -> None:
    """Take `spare` cents off the credits (-1) or off what is paid (1)."""
    for line in obj["Line"]:
        if spare > 0 and _minor(co, obj, line) * side > 0:
            step = min(spare, cents(line["Amount"]))
            line["Amount"] = money(cents(line["Amount"]) - step)
            spare -= step
