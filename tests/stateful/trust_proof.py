"""What must be true of client money when everything is over: ledger by ledger, on every day, in four places.

Clio's rows, the company's ledger and Tieout's posted lines are added up apart, and without the product
(`tests.road.clientmoney`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.funds import Allocation, BankTransaction
from syncapp.emulators.qbo.company import Company
from syncapp.records.models import PostedLine
from tests.road import books
from tests.road.clientmoney import (
    Moves,
    assert_walled,
    books_moves,
    clio_moves,
    ledger_of,
    tieout_moves,
)
from tests.stage import Stage
from tests.stateful import setup_proof


def assert_trust(at: Stage, ours: Company, *, as_dated: bool) -> None:
    """Σ ledgers = trust liability = trust bank on every day, Clio = Tieout = books, and nothing beside it.

    Not `as_dated`: what is matched or closed was corrected by later entries, and Clio's total is what counts.
    Ledgers of what is held by name are left to the tie-out.
    """
    assert_walled(at)
    (bank, books_), tieout = books_moves(at, ours), tieout_moves(at)
    clio = clio_moves(at, but=setup_proof.left_to_the_feed(at))
    setup_proof.open_as_agreed(at, ours, clio)
    apart = _held(at)
    for day in sorted({*clio, *bank, *books_, *tieout}):
        sums = Counter[str]()
        for (account, _), cents in books_[day].items():
            sums[account] += cents
        stands = {account: cents for (account, _), cents in bank[day].items() if cents}
        assert _some(sums) == stands, (day, sums, stands)
        assert _some(books_[day]) == _some(tieout[day]), (day, books_[day], tieout[day])
        if as_dated:
            wanted, found = _without(clio[day], apart), _without(books_[day], apart)
            assert wanted == found, (day, wanted, found)
    wanted, found = _whole(clio, apart), _whole(books_, apart)
    assert wanted == found, (wanted, found)


def without_trust(company: Company, file: Mapping[str, Any]) -> Company:
    """Take out of a copy of the books what touches client money, which `assert_trust` proves."""
    names = {pair[side] for pair in file["books"][0].get("trust", []) for side in ("bank", "liability")}
    accounts = company.store["Account"].items()
    walled = {i for i, one in accounts if one["FullyQualifiedName"].partition(":")[0] in names}
    for entry in list(company.ledger.entries()):
        if any(line.account in walled for line in entry.lines):
            company.ledger.remove(entry.key)
    return company


def _some[K](sums: Mapping[K, int]) -> dict[K, int]:
    return {key: cents for key, cents in sums.items() if cents}


def _whole(moves: Moves, apart: set[str]) -> dict[tuple[str, str], int]:
    """The whole of each ledger, but those that are left apart."""
    total = Counter[tuple[str, str]]()
    for day in moves.values():
        total.update(day)
    return _without(total, apart)


def _without(sums: Mapping[tuple[str, str], int], apart: set[str]) -> dict[tuple[str, str], int]:
    return {key: cents for key, cents in sums.items() if cents and key[1] not in apart}


def _held(at: Stage) -> set[str]:
    """The ledgers that what is held by name should change, as Clio says it now or as we posted it."""
    held = books.held(at)
    rows = {number for kind, number in held if kind == "bank_transactions"}
    parts = {number for kind, number in held if kind == "allocations"}
    payments = {part.parent_id for part in at.world.some(Allocation, parts)}
    found = {
        ledger_of(row)
        for row in at.world.all(BankTransaction)
        if row.id in rows | _received(at, rows) or (row.payment_id is not None and row.payment_id in payments)
    }
    with firm_scope(write=None, reads=[at.firm.pk]):
        for subject, ledger in (
            PostedLine.objects.filter(firm_id=at.firm.pk)
            .exclude(ledger="")
            .values_list("entry__subject", "ledger")
        ):
            resource, number = subject.split("/")[:2]
            mine = rows if resource == "bank_transactions" else payments
            found |= {ledger} if int(number) in mine else set()
    return found


def _received(at: Stage, paying: set[int]) -> set[int]:
    """The receiving rows of transfers, each of which is told with its paying row."""
    sides = {(row.date, row.transaction_type, -row.amount) for row in at.world.some(BankTransaction, paying)}
    return {
        row.id
        for row in at.world.all(BankTransaction)
        if "Transfer" in row.transaction_type and (row.date, row.transaction_type, row.amount) in sides
    }
