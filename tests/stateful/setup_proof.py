"""What must be true because of how client money is set up: approvals, openings, what is held by choice."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.funds import Allocation, BankAccount, BankTransaction
from syncapp.emulators.qbo.company import Company, Key
from syncapp.records.models import Link, PostedLine
from tests.oracle.compare import FACTS
from tests.oracle.expect import expected
from tests.oracle.model import Source
from tests.road import books
from tests.road.clientmoney import START, Moves, books_moves, clio_moves, ledger_of, pairs_of
from tests.stage import Stage
from tests.stateful import setups
from tests.stateful.ground import Ground
from tests.stateful.said import Said

APPROVAL, BELOW = "trust_awaiting_approval", "trust_below_zero"
STRAY = "trust_stray"
WORTH = {"Customer", "Vendor", "Account"}


def others(ground: Ground) -> set[Key]:
    """What stood in the books before the firm's first run, and what people entered of the time before it."""
    company, began = ground.on.company, ground.kept[3]
    first = next(iter(began.values()))
    with firm_scope(write=None, reads=[ground.on.firm.pk]):
        links = set(Link.objects.filter(firm_id=ground.on.firm.pk).values_list("object_kind", "remote_id"))
    kinds = {"Vendor": "vendor", "Account": "account"}
    found = {(kind, i) for kind, ours in kinds.items() for i in first.store[kind] if (ours, i) not in links}
    entries = company.store["JournalEntry"].items()
    return found | {("JournalEntry", i) for i, one in entries if one["TxnDate"] < START.isoformat()}


def assert_held(at: Stage) -> None:
    """The queue holds what must be held, and beyond it only what the firm's own rules hold."""
    found = books.held(at)
    ours = {
        (row["kind"], int(row["clio_id"])): case["code"]
        for case in at.exceptions()
        if case["code"] in {APPROVAL, BELOW}
        for row in case["holds"]
    }
    wanted = expected(at.world, at.file, FACTS).held
    missing = {key: why for key, why in wanted.items() if key not in found}
    extra = {key: why for key, why in found.items() if key not in wanted and key not in ours}
    assert not missing, f"not held: {missing}"
    assert not extra, f"held without a cause: {extra}"
    below = {key for key, cents in _ledgers(at).items() if cents < 0}
    for key, code in ours.items():
        rows = _rows(at, key)
        if code == BELOW:
            assert below & {
                (at.world.get(BankAccount, r.bank_account_id).name, ledger_of(r)) for r in rows
            }, key


@contextmanager
def without_overdrawing(at: Stage) -> Iterator[None]:
    """Take the payments away that the firm holds whole because a ledger would go below zero."""
    mine = [case for case in at.exceptions() if case["code"] == BELOW]
    ids = {int(row["clio_id"]) for case in mine for row in case["holds"] if row["kind"] == "allocations"}
    payments = {part.parent_id for part in at.world.some(Allocation, ids)}
    parts = [a for a in at.world.all(Allocation) if a.parent_id in payments and a.parent_type == "Payment"]
    stood = [part for part in parts if part.voided_at is None]
    for part in stood:
        part.voided_at = at.world.now()
    try:
        yield
    finally:
        for part in stood:
            part.voided_at = None


def _ledgers(at: Stage) -> dict[tuple[str, str], int]:
    total: dict[tuple[str, str], int] = {}
    for day in clio_moves(at).values():
        for key, cents in day.items():
            total[key] = total.get(key, 0) + cents
    return total


def _rows(at: Stage, source: Source) -> list[BankTransaction]:
    """The rows of Clio that something held is about."""
    kind, number = source
    if kind == "bank_transactions":
        mine = at.world.some(BankTransaction, [number])
        return [row for one in mine for row in at.world.all(BankTransaction) if _one_event(one, row)]
    payments = {part.parent_id for part in at.world.some(Allocation, [number])}
    return [row for row in at.world.all(BankTransaction) if row.payment_id in payments]


def _one_event(one: BankTransaction, row: BankTransaction) -> bool:
    twin = (row.date, row.transaction_type, row.amount) == (one.date, one.transaction_type, -one.amount)
    return row is one or ("Transfer" in row.transaction_type and twin)


def assert_setup(ground: Ground, ours: Company, said: Said) -> None:
    """Nothing from the limit on is in the books but what a partner approved; what waits is from it on."""
    if ground.setup is None or not ground.setup.limited:
        return
    at, most, least = ground.on, max(said.limits) * 100, min(said.limits) * 100
    with firm_scope(write=None, reads=[at.firm.pk]):
        links = Link.objects.filter(firm_id=at.firm.pk, live=True, object_kind__in=["journal", "check"])
        named = {
            (kind, i): subject
            for kind, i, subject in links.values_list("object_kind", "remote_id", "subject")
        }
        stands = set(
            PostedLine.objects.filter(firm_id=at.firm.pk)
            .exclude(ledger="")
            .values_list("entry__subject", flat=True)
        )
    kinds = {"JournalEntry": "journal", "Purchase": "check"}
    trust = {one[side] for one in pairs_of(at) for side in ("bank", "liability")}
    for entry in ours.ledger.entries():
        subject = named.get((kinds.get(entry.key[0], ""), entry.key[1]), "")
        total = sum(line.minor for line in entry.lines if line.minor > 0)
        walled = {ours.store["Account"][line.account]["FullyQualifiedName"] for line in entry.lines} & trust
        assert not walled or total < most or (subject, total) in said.approved, (subject, total, said)
    for case in at.exceptions():
        for row in case["holds"] if case["code"] == APPROVAL else ():
            moved = _rows(at, (row["kind"], int(row["clio_id"])))
            mine = {subject for one in moved for subject in stands if _about(one, subject)}
            assert mine or any(abs(one.amount) * 100 >= least for one in moved), row


def _about(row: BankTransaction, subject: str) -> bool:
    resource, number = subject.split("/")[:2]
    return int(number) == (row.payment_id if resource == "payments" else row.id)


def open_as_agreed(at: Stage, ours: Company, clio: Moves) -> None:
    """Count of what was before the start what was agreed; that Clio says otherwise by now, an alarm says."""
    for pair in pairs_of(at):
        if pair["opening"] != "clio":
            continue
        name, agreed = pair["clio_account"], _opening(at, ours)
        now = {key: cents for key, cents in _before(at).items() if key[0] == name}
        mine = {key: cents for key, cents in agreed.items() if key[0] == name}
        off = {key: mine.get(key, 0) - now.get(key, 0) for key in {*mine, *now}}
        if any(off.values()):
            told = [case for case in at.exceptions() if case["code"] == STRAY and name in case["cause"]]
            assert told, f"nobody says that the opening of {name} changed: {off}"
        clio[START].update(off)


def _opening(at: Stage, ours: Company) -> dict[tuple[str, str], int]:
    """What the opening entries of the books name."""
    only = copy.deepcopy(ours)
    for entry in list(only.ledger.entries()):
        number = str(only.store[entry.key[0]][entry.key[1]].get("DocNumber") or "")
        if not number.startswith("TRUST-OPENING"):
            only.ledger.remove(entry.key)
    ledgers = books_moves(at, only)[1]
    return {key: cents for key, cents in ledgers[START].items() if key[1]}


def _before(at: Stage) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for row in at.world.all(BankTransaction):
        if row.date < START:
            key = at.world.get(BankAccount, row.bank_account_id).name, ledger_of(row)
            found[key] = found.get(key, 0) + int(row.amount * 100)
    return found


def left_to_the_feed(at: Stage) -> set[int]:
    """The rows of Clio that the firm leaves to its bank feed, and that no entry of the books bears."""
    left = {pair["clio_account"]: setups.POSTED - set(pair["post"]) for pair in pairs_of(at)}
    with firm_scope(write=None, reads=[at.firm.pk]):
        lines = PostedLine.objects.filter(firm_id=at.firm.pk).exclude(ledger="")
        total = Counter[tuple[str, str]]()
        for subject, ledger, minor in lines.values_list("entry__subject", "ledger", "minor"):
            total[subject, ledger] += minor
    named = {subject for (subject, _), cents in total.items() if cents}
    return {
        row.id
        for row in at.world.all(BankTransaction)
        if _kinds(row) & left.get(at.world.get(BankAccount, row.bank_account_id).name, set())
        and not any(_about(row, subject) for subject in named)
    }


def _kinds(row: BankTransaction) -> set[str]:
    """What a row of Clio is, in the words of the firm file; what came back may be told as either."""
    if "Transfer" in row.transaction_type:
        return {"transfer"}
    if row.payment_id is not None:
        return {"deposit" if row.amount > 0 else "bill_payment"}
    if row.transaction_type == "bank_charge" or (
        row.transaction_type == "trust_interest" and not row.client_id
    ):
        return {row.transaction_type.removeprefix("trust_")}
    if row.amount > 0:
        return {"deposit"}
    if "Returned" in row.transaction_type:
        return {"deposit", "disbursement"}
    return {"refund" if "Refund" in row.transaction_type else "disbursement"}
