"""What people do in the books to the firm's own money that we posted, or type beside it: never let pass.

A hand stands as a case, or both sides agree all the same; and no case of a hand is without one (issue 5).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.funds import Allocation
from syncapp.emulators.clio.model import Refused
from syncapp.emulators.qbo import backdoor, seed, writing
from syncapp.emulators.qbo.company import Company, Key, Obj
from syncapp.emulators.qbo.errors import Refused as RefusedInBooks
from syncapp.pipeline import queue
from syncapp.pipeline.drifting import answers
from syncapp.records.models import Case, Link
from tests.road.test_any_order import Numbers, day, money
from tests.stateful import acts
from tests.stateful.ground import Ground
from tests.stateful.said import Said

NOTE = "typed at the desk"
OURS = {"Invoice": "invoice", "Payment": "payment", "CreditMemo": "credit_memo"}
TYPED = ("Invoice", "Payment", "CreditMemo", "JournalEntry", "Deposit")
CODES = {
    "changed_in_books",
    "posted_differs",
    "typed_in_books",
    "typed_payment",
    "income_twice",
    "tie_difference",
}
TRIED = {"changed_in_books", "stale", "deleted_in_books", "gone_from_books"}  # holds: bring it in line


def change(at: Ground, said: Said, given: Numbers) -> None:
    """Somebody edits, redates, voids or deletes an invoice, payment or credit memo of ours."""
    company, links = at.on.company, _links(at)
    mine = [key for key in sorted(links) if key[1] in company.store[key[0]] and _worth(company, key)]
    if not mine:
        raise Refused("There is none.")
    key = mine[given[0] % len(mine)]
    was = copy.deepcopy(company.store[key[0]][key[1]])
    _change(company, key, was, given)
    known = said.hands.get(key)
    if known is not None and known[1] == was["SyncToken"]:
        was = known[0]  # nobody put it back meanwhile
    now = company.store[key[0]].get(key[1])
    said.hands[key] = was, now["SyncToken"] if now else ""


def _worth(company: Company, key: Key) -> bool:
    return bool(company.store[key[0]][key[1]]["TotalAmt"])


def _change(company: Company, key: Key, was: Obj, given: Numbers) -> None:
    match given[1] % 5:
        case 0:
            backdoor.edit(company, *key, {"TxnDate": day(given[2]).isoformat()})
        case 1 | 2 if key[0] != "Payment":
            line = _sold(company, money(given[2]))
            backdoor.edit(company, *key, {"Line": [line]})
        case 3:
            backdoor.delete(company, *key)
        case _ if key[0] == "CreditMemo":
            backdoor.delete(company, *key)
        case _:
            backdoor.void(company, *key)


def _sold(company: Company, amount: Decimal) -> Obj:
    detail = {"ItemRef": {"value": seed.item(company, "Legal Fees")}}
    return {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}


def _links(at: Ground) -> dict[Key, str]:
    entity = {kind: name for name, kind in OURS.items()}
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        rows = Link.objects.filter(firm_id=at.on.firm.pk, live=True, object_kind__in=entity)
        return {
            (entity[kind], i): s for kind, i, s in rows.values_list("object_kind", "remote_id", "subject")
        }


def _invoice(at: Ground, number: int) -> Obj:
    """An invoice of ours that something is open on."""
    keys = [
        key for key in sorted(_links(at)) if key[0] == "Invoice" and key[1] in at.on.company.store["Invoice"]
    ]
    shown = [writing.view(at.on.company, *key) for key in keys]
    open_ = [one for one in shown if Decimal(one["Balance"]) > 0]
    if not open_:
        raise Refused("There is none.")
    return open_[number % len(open_)]


def payment(at: Ground, said: Said, given: Numbers) -> None:
    """Somebody types a payment against an invoice of ours."""
    invoice = _invoice(at, given[0])
    amount = min(Decimal(invoice["Balance"]), Decimal(money(given[1])))
    linked = [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
    _add(at, "Payment", invoice, given, TotalAmt=amount, Line=[{"Amount": amount, "LinkedTxn": linked}])


def credit(at: Ground, said: Said, given: Numbers) -> None:
    """Somebody types a credit memo for a client of ours."""
    _add(at, "CreditMemo", _invoice(at, given[0]), given, Line=[_sold(at.on.company, money(given[1]))])


def journal(at: Ground, said: Said, given: Numbers) -> None:
    """Somebody types a journal entry on what a client of ours owes."""
    owes = _invoice(at, given[0])["CustomerRef"]
    lines = [
        {
            "Amount": money(given[1]),
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {
                "PostingType": side,
                "AccountRef": {"value": at.on.company.account(account)},
                "Entity": {"Type": "Customer", "EntityRef": owes},
            },
        }
        for side, account in (("Debit", "Accounts Receivable"), ("Credit", "Operating Bank"))
    ]
    given_ = {"TxnDate": day(given[2]).isoformat(), "PrivateNote": NOTE, "Line": lines}
    backdoor.add(at.on.company, "JournalEntry", given_)


def deposit(at: Ground, said: Said, given: Numbers) -> None:
    """The bank feed books to income what lies in Undeposited Funds as a payment of ours."""
    waiting = backdoor.waiting(at.on.company)
    if not waiting:
        raise Refused("There is none.")
    paid = at.on.company.get("Payment", waiting[given[0] % len(waiting)])
    if NOTE in paid.get("PrivateNote", ""):
        raise Refused("That one is not ours.")
    income = {"AccountRef": {"value": at.on.company.account("Legal Fees")}}
    line = {"Amount": paid["TotalAmt"], "DetailType": "DepositLineDetail", "DepositLineDetail": income}
    bank = {"value": at.on.company.account("Operating Bank")}
    given_ = {"DepositToAccountRef": bank, "TxnDate": paid["TxnDate"], "PrivateNote": NOTE, "Line": [line]}
    backdoor.add(at.on.company, "Deposit", given_)


def _add(at: Ground, entity: str, of: Obj, given: Numbers, **more: Any) -> None:
    typed = {"CustomerRef": of["CustomerRef"], "TxnDate": day(given[2]).isoformat(), "PrivateNote": NOTE}
    backdoor.add(at.on.company, entity, {**typed, **more})


HANDS: dict[str, Callable[[Ground, Said, Numbers], None]] = {
    "change at the desk": change,
    "payment at the desk": payment,
    "credit at the desk": credit,
    "journal at the desk": journal,
    "deposit at the desk": deposit,
}


def typed(company: Company) -> list[Key]:
    """What people typed and nobody took back."""
    return [
        (kind, i) for kind in TYPED for i, one in company.store[kind].items()
        if NOTE in str(one.get("PrivateNote", ""))
    ]  # fmt: skip


def told(at: Ground, said: Said) -> None:
    """Every difference is told by a case, and every case of a hand is about something that was done.

    What follows from what was done is of the same case: a payment whose invoice has no room for it any more.
    What is open on a bill may differ because of a payment or an entry: then the case is of that.
    """
    cases = [(case["code"], [*case["holds"], *case["alarms"]]) for case in at.on.exceptions()]
    rows = [(code, row) for code, of_case in cases for row in of_case]
    known = {name for _, row in rows for name in _names(row)}
    moved = any(code in CODES or code == "payment_unapplied" for code, _ in rows)
    loose = [
        row for row in at.on.tieout(afresh=False)["differences"]
        if not row["queued"] and not _names(row) & known and not (moved and row["kind"] == "receivables")
    ]  # fmt: skip
    assert not loose, f"no case tells of {loose}: {rows}"
    links = _links(at)
    theirs = acts.foreign(at.on.company)  # what is open on a customer of nobody is a difference too
    done = {f"{kind}:{i}" for kind, i in [*typed(at.on.company), *theirs, *said.hands]}
    done |= {name for key in said.hands if key in links for name in _sources(at, links[key])}
    vain = [
        (c, of_case) for c, of_case in cases if c in CODES and not done & set().union(*map(_names, of_case))
    ]
    assert not vain, f"nobody did anything to {vain}"


def _names(row: dict[str, Any]) -> set[str]:
    kind = row.get("resource") or row.get("kind")
    own = {f"{kind}/{row['clio_id']}"} if row.get("clio_id") else set()
    return own | ({str(row["books_id"])} if row.get("books_id") else set())


def _sources(at: Ground, subject: str) -> set[str]:
    """The record of Clio that an entry stands for, as machines are told of it."""
    resource, number = subject.split("/")[:2]
    if resource == "payments":
        parts = at.on.world.all(Allocation)
        return {f"allocations/{one.id}" for one in parts if one.parent_id == int(number)}
    return {f"{resource}/{number}"}


def put_back(at: Ground, said: Said) -> int:
    """People answer what they are asked: what was changed is restored, what was typed is taken out again."""
    told(at, said)
    done = _answered(at)
    for key in typed(at.on.company):
        try:
            backdoor.delete(at.on.company, *key)
            done += 1
        except RefusedInBooks:
            continue
    return done


def _answered(at: Ground) -> int:
    firm, now = at.on.firm.pk, timezone.now()
    with firm_scope(write=None, reads=[firm]):
        cases = list(Case.objects.filter(firm_id=firm, code__in=TRIED, closed_at__isnull=True))
    done = 0
    for case in cases:
        if case.facts.get("print"):
            why = answers.answer(
                firm_id=firm, case_id=case.pk, answer=f"restore:{case.facts['print']}", reason="",
                by=at.on.person,
                today=now.date(), now=now,
            )  # fmt: skip
            assert why is None, (case.title, why)
            done += 1
        else:
            done += queue.retry(firm_id=firm, case_ids=[case.pk], by=at.on.person, now=now)
    return done
