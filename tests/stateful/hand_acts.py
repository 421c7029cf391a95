"""What people change, void or delete in the books of the client money that we posted: never let pass."""

from __future__ import annotations

import contextlib
import copy
from datetime import date, timedelta
from typing import Any

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.funds import Allocation, BankTransaction
from syncapp.emulators.clio.model import NoSuchRecord, Refused
from syncapp.emulators.qbo import backdoor
from syncapp.emulators.qbo.company import Company, Key, Obj
from syncapp.records.models import Link
from tests.oracle.model import Source
from tests.road import books
from tests.road.clientmoney import START, pairs_of
from tests.road.test_any_order import Numbers, money
from tests.stateful.ground import Ground
from tests.stateful.said import Said
from tests.stateful.twin_acts import FEED

KINDS = {"JournalEntry": "journal", "Purchase": "check"}
STRAY, DELETED = "trust_stray", "deleted_in_books"
OPENING = "trust_openings"  # its entry is of no movement that could go from Clio
DELETES = 5  # of the six things that a hand does
DETAILS = ("JournalEntryLineDetail", "AccountBasedExpenseLineDetail")


def hand(at: Ground, said: Said, given: Numbers) -> None:
    """Somebody edits, voids or deletes one of our entries of client money."""
    company = at.on.company
    links = {key: subject for key, subject in _links(at).items() if not subject.startswith(OPENING)}
    mine = [key for key in sorted(links) if key[1] in company.store[key[0]] and _is_ours(at, key)]
    if not mine:
        raise Refused("There is none.")
    key = mine[-1 - given[0] % len(mine)]
    before = copy.deepcopy(company.store[key[0]][key[1]])
    if given[1] % 6 == DELETES and _is_transfer(at, links[key]):
        raise Refused("Clio takes no transfer back, so nobody could end it there too.")
    _change(company, key, before, given)
    known = said.hands.get(key)
    if known is not None and known[1] == before["SyncToken"]:
        before = known[0]  # nobody put it back meanwhile
    after = company.store[key[0]].get(key[1])
    said.hands[key] = before, after["SyncToken"] if after else ""


def _is_transfer(at: Ground, subject: str) -> bool:
    resource, number = subject.split("/")[:2]
    rows = at.on.world.some(BankTransaction, [int(number)] if resource == "bank_transactions" else [])
    return any("Transfer" in row.transaction_type for row in rows)


def _change(company: Company, key: Key, before: Obj, given: Numbers) -> None:
    match given[1] % 6:
        case 0:
            day = date.fromisoformat(before["TxnDate"]) + timedelta(days=given[2] % 40 - 50)
            backdoor.edit(company, *key, {"TxnDate": max(day, START).isoformat()})
        case 1 | 2:
            lines = copy.deepcopy(before["Line"])
            if len({line["Amount"] for line in lines}) > 1:
                raise Refused("Somebody would have to do sums.")
            for line in lines:
                line["Amount"] = money(given[2])
            backdoor.edit(company, *key, {"Line": lines})
        case 3:
            lines = copy.deepcopy(before["Line"])
            for line in lines:
                for detail in DETAILS:
                    line.get(detail, {}).pop("Entity", None)
                    line.get(detail, {}).pop("CustomerRef", None)
            backdoor.edit(company, *key, {"Line": lines})
        case 4:
            backdoor.void(company, *key)
        case _:
            backdoor.delete(company, *key)


def _links(at: Ground) -> dict[Key, str]:
    """The subjects of our journal entries and checks."""
    entity = {kind: name for name, kind in KINDS.items()}
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        rows = Link.objects.filter(firm_id=at.on.firm.pk, live=True, object_kind__in=entity)
        return {
            (entity[kind], i): subject
            for kind, i, subject in rows.values_list("object_kind", "remote_id", "subject")
        }


def _is_ours(at: Ground, key: Key) -> bool:
    """Whether an object is of client money, and not of the bank feed."""
    trust = {pair["liability"] for pair in pairs_of(at.on)}
    entry = at.on.company.ledger.entry(key)
    names = at.on.company.store["Account"]
    lines = entry.lines if entry is not None else ()
    of_trust = any(names[line.account]["FullyQualifiedName"].partition(":")[0] in trust for line in lines)
    return of_trust and FEED not in at.on.company.store[key[0]][key[1]].get("PrivateNote", "")


def noticed(at: Ground, said: Said) -> None:
    """Each hand that still stands is told by an alarm or the tie-out, or its record waits in the queue."""
    links = _links(at)
    held = set(books.held(at.on))
    told = {
        (row["kind"], int(row["clio_id"]))
        for case in at.on.exceptions()
        if case["code"] == STRAY
        for row in case["alarms"]
        if row.get("clio_id")
    }
    rows = at.on.tieout(afresh=False)["differences"]
    told |= {(row["resource"], int(row["clio_id"])) for row in rows if row["clio_id"]}
    for key, (before, token) in said.hands.items():
        if key in links and _stands(at, key, before, token):
            sources = _sources(at, links[key])
            assert sources & (told | held), f"nobody says what was done to {links[key]}: {at.on.exceptions()}"


def _stands(at: Ground, key: Key, before: Obj, token: str) -> bool:
    """Whether what somebody did still stands, and changes a day, an amount or a ledger."""
    now = at.on.company.store[key[0]].get(key[1])
    if now is None:
        return True
    return bool(now["SyncToken"] == token and _told(now) != _told(before))


def put_back(at: Ground, said: Said) -> int:
    """Somebody puts every entry back as it was; what was deleted goes from Clio too. Return how many."""
    if not said.hands:
        return 0
    noticed(at, said)
    links = _links(at)
    for key, (before, token) in said.hands.items():
        if key not in links or not _stands(at, key, before, token):
            continue
        if key[1] in at.on.company.store[key[0]]:
            changes: Obj = {
                name: before[name] for name in ("TxnDate", "Line", "PrivateNote") if name in before
            }
            backdoor.edit(at.on.company, *key, copy.deepcopy(changes))
        else:
            _forget(at, links[key])
    done = len(said.hands)
    said.hands.clear()
    return done


def _forget(at: Ground, subject: str) -> None:
    resource, number = subject.split("/")[:2]
    act, what = ("remove_payment", "payment") if resource == "payments" else ("remove_trust_row", "row")
    with contextlib.suppress(Refused, NoSuchRecord):  # it is gone already
        at.on.desk(act, **{what: int(number)})


def _told(one: Obj) -> Any:
    lines = [
        (
            line["Amount"],
            *[(d.get("AccountRef"), d.get("Entity"), d.get("CustomerRef")) for d in _details(line)],
        )
        for line in one["Line"]
    ]
    return one["TxnDate"], lines


def _details(line: Obj) -> list[Obj]:
    return [line[name] for name in DETAILS if name in line]


def _sources(at: Ground, subject: str) -> set[Source]:
    resource, number = subject.split("/")[:2]
    if resource == "payments":
        return {("allocations", a.id) for a in at.on.world.all(Allocation) if a.parent_id == int(number)}
    return {(resource, int(number))}
