"""What the bank feed, or a person, enters in the books of money that Clio has too; what people say of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.emulators.clio.model import Refused
from syncapp.emulators.qbo import backdoor
from syncapp.emulators.qbo.company import Key, Obj
from syncapp.pipeline.cases import choices
from syncapp.records.models import Case, Hold, Link
from tests.road.clientmoney import START, pairs_of
from tests.road.test_any_order import Numbers, day, money, pick
from tests.stage import Stage
from tests.stateful.ground import Ground
from tests.stateful.said import Said

FEED = "From the bank feed"
ENTITIES = {
    "check": "Purchase",
    "expense": "Purchase",
    "deposit": "Deposit",
    "journal": "JournalEntry",
    "transfer": "Transfer",
}
TWIN, CHANGED, LATE, STRAY = "trust_twin", "trust_twin_changed", "trust_twin_late", "trust_stray"


def _rows(firm: Stage) -> list[BankTransaction]:
    """The rows of Clio that move a trust bank by themselves."""
    known = {one.id for one in firm.world.all(BankAccount) if one.type == "Trust"}
    rows = [row for row in firm.world.all(BankTransaction) if row.bank_account_id in known]
    return [row for row in rows if row.date >= START and "Transfer" not in row.transaction_type]


def _pair(firm: Stage, account: int) -> dict[str, Any]:
    name = firm.world.get(BankAccount, account).name
    return next(pair for pair in pairs_of(firm) if pair["clio_account"] == name)


def twin(at: Ground, said: Said, given: Numbers) -> None:
    """A movement of Clio comes in the books too: a few days off, with its check's number or none."""
    rows = _rows(at.on)
    if not rows:
        raise Refused("There is none.")
    row = rows[-1 - given[0] % min(len(rows), 6)]
    off = timedelta(days=given[1] % 11 - 5)
    number = row.confirmation if given[2] % 3 else ""
    pair = _pair(at.on, row.bank_account_id)
    said.twins[_entered(at, pair, row.amount, row.date + off, number, given)] = row.id


def early(at: Ground, said: Said, given: Numbers) -> None:
    """The bank has a movement before anybody told Clio."""
    pair = pairs_of(at.on)[given[0] % 2]
    amount = -money(given[1]) if given[0] % 2 == 0 else money(given[1])
    key = _entered(at, pair, amount, day(given[2]), "", given)
    said.early.append((key, pair["clio_account"], amount, day(given[2])))


def told(at: Ground, said: Said, given: Numbers) -> None:
    """Somebody records in Clio what the bank had before."""
    if not said.early:
        return
    key, name, amount, on = said.early.pop(0)
    account = next(one.id for one in at.on.world.all(BankAccount) if one.name == name)
    matter = pick(at.on, "Matter", given[0])
    act, more = ("trust_deposit", {}) if amount > 0 else ("trust_disbursement", {"payee": "Clerk of Court"})
    made = at.on.desk(act, matter=matter, amount=abs(amount), date=on, bank_account=account, **more)
    said.twins[key] = made.id


def _entered(at: Ground, pair: Obj, amount: Decimal, on: date, number: str, given: Numbers) -> Key:
    """Enter money in or out of a trust bank, mostly on its liability and without a client; return its key."""
    company = at.on.company
    bank = company.account(pair["bank"])
    other = company.account("Bank Charges" if given[2] % 9 == 0 else pair["liability"])
    if given[1] % 4 == 0:
        entity, typed = "JournalEntry", _journal(bank, other, amount)
    elif amount > 0:
        entity, typed, number = "Deposit", _deposit(bank, other, amount), ""
    elif given[1] % 9 == 1:
        entity, typed, number = "Transfer", _transfer(bank, company.account("Operating Bank"), -amount), ""
    else:
        entity, typed = "Purchase", _paid(bank, other, -amount, "Check" if given[1] % 2 else "Cash")
    typed |= {"TxnDate": on.isoformat(), "PrivateNote": FEED}
    made = backdoor.add(company, entity, typed | ({"DocNumber": number} if number else {}))
    return entity, str(made["Id"])


def _journal(bank: str, other: str, amount: Decimal) -> Obj:
    sides = (("Debit", bank), ("Credit", other)) if amount > 0 else (("Debit", other), ("Credit", bank))
    lines = [
        {
            "Amount": abs(amount),
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}},
        }
        for side, account in sides
    ]
    return {"Line": lines}


def _deposit(bank: str, other: str, amount: Decimal) -> Obj:
    detail = {"AccountRef": {"value": other}}
    line = {"Amount": amount, "DetailType": "DepositLineDetail", "DepositLineDetail": detail}
    return {"DepositToAccountRef": {"value": bank}, "Line": [line]}


def _transfer(bank: str, to: str, amount: Decimal) -> Obj:
    return {"FromAccountRef": {"value": bank}, "ToAccountRef": {"value": to}, "Amount": amount}


def _paid(bank: str, other: str, amount: Decimal, how: str) -> Obj:
    line = {
        "Amount": amount,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {"AccountRef": {"value": other}},
    }
    return {"PaymentType": how, "AccountRef": {"value": bank}, "Line": [line]}


def answer(at: Ground, said: Said, given: Numbers) -> None:
    """Somebody answers one of the questions about twins, however that comes into his head."""
    cases = _cases(at, TWIN)
    if not cases:
        return
    case = cases[given[0] % len(cases)]
    ways = case.facts["ways"].split(",")
    way = ways[given[1] % len(ways)]
    offered = _offered(case)
    if way == "same" and len(offered) > 1:
        way = f"same:{offered[given[2] % len(offered)]}"
    why = _say(at, case, way)
    assert why is None, why


def gone(at: Ground, said: Said, given: Numbers) -> None:
    """Somebody deletes a twin in the books."""
    stand = [key for key in sorted(said.twins) if key[1] in at.on.company.store[key[0]]]
    if stand:
        _delete(at, stand[given[0] % len(stand)])


def _say(at: Ground, case: Case, way: str) -> str | None:
    return choices.choose(
        firm_id=at.on.firm.pk, case_id=case.pk, answer=way, by=at.on.person, now=timezone.now()
    )


def _cases(at: Ground, code: str) -> list[Case]:
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        rows = Case.objects.filter(firm_id=at.on.firm.pk, code=code, closed_at__isnull=True)
        return list(rows.order_by("pk"))


def _offered(case: Case) -> list[str]:
    facts = case.facts
    return list(json.loads(facts["rows"])) if facts.get("rows") else [f"{facts['kind']}:{facts['books_id']}"]


def _key(offered: str) -> Key:
    kind, _, identity = offered.partition(":")
    return ENTITIES.get(kind, kind), identity


def _delete(at: Ground, key: Key) -> None:
    if key[1] in at.on.company.store[key[0]]:
        backdoor.delete(at.on.company, *key)


def truthful(at: Ground, said: Said) -> int:
    """Somebody who knows what happened answers every question about twins; return how many there were."""
    done = 0
    for case in _cases(at, TWIN):
        row = _row(at, case.facts["subject"])
        mine = [one for one in _offered(case) if said.twins.get(_key(one)) in row]
        ways = case.facts["ways"].split(",")
        if mine and "same" not in ways:
            _delete(at, _key(mine[0]))
        else:
            same = f"same:{mine[0]}" if mine and len(_offered(case)) > 1 else "same"
            why = _say(at, case, same if mine else "two")
            assert why is None, why
        done += 1
    for key in _to_delete(at):
        _delete(at, key)
        done += 1
    for key, *_ in said.early:  # what nobody ever told Clio was another firm's
        _delete(at, key)
        done += 1
    said.early.clear()
    return done


def _row(at: Ground, subject: str) -> set[int]:
    """The rows of Clio that a subject is about."""
    resource, number = subject.split("/")[:2]
    if resource == "bank_transactions":
        return {int(number)}
    return {row.id for row in at.on.world.all(BankTransaction) if row.payment_id == int(number)}


def _to_delete(at: Ground) -> Iterator[Key]:
    """The entries that cases and alarms tell people to delete in QuickBooks."""
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        holds = Hold.objects.filter(firm_id=at.on.firm.pk, closed_at__isnull=True)
        changed = holds.filter(code=CHANGED).values_list("facts__subject", flat=True)
        links = Link.objects.filter(firm_id=at.on.firm.pk, live=True, subject__in=list(changed))
        found = {_key(f"{kind}:{i}") for kind, i in links.values_list("object_kind", "remote_id")}
        named = holds.filter(alarm=True, code__in=[LATE, STRAY]).values_list("facts__books_id", flat=True)
        found |= {_key(one) for one in named if one}
    yield from sorted(found)


TWINS: dict[str, Callable[[Ground, Said, Numbers], Any]] = {
    "twin": twin,
    "twin before Clio": early,
    "Clio after its twin": told,
    "answer of a twin": answer,
    "twin deleted": gone,
}
