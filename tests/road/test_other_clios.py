"""What Clio may tell otherwise than today: nothing posts twice, nothing stops, nothing stays behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from syncapp.emulators.clio.funds import Allocation, BankTransaction
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.qbo import reports
from tests.badinput.spoil import Row, row, spoiled
from tests.road import books
from tests.road.acts import fresh, owed
from tests.stage import Stage, Standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(trust_firm: Standing) -> Iterator[Stage]:
    with trust_firm.fresh() as on:
        yield on


def codes(on: Stage) -> set[str]:
    return {case["code"] for case in on.exceptions()}


def test_a_bill_erased_with_its_lines_has_no_invoice_any_more(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    before = codes(firm)
    tables = firm.world.tables
    for line in bill.line_ids:
        tables["LineItem"].pop(line)
    for work in tables["Activity"].values():
        if work.bill_id == bill.id:
            work.bill_id = None
    tables["Bill"].pop(bill.id)
    firm.world.cache.clear()
    firm.sync()

    assert codes(firm) == before
    stands = [one for one in firm.company.store["Invoice"].values() if one.get("DocNumber") == bill.number]
    assert not any(one["TotalAmt"] for one in stands)
    books.assert_tieout(firm)
    books.assert_idle(firm)


def shown(on: Stage) -> Counter[str]:
    return Counter({row.name: row.minor for row in reports.trial_balance(on.company, until=books.FAR)})


def received(on: Stage, bill: Bill) -> list[int]:
    return list(on.desk("record_payment", bills=[bill.id], amount="100", reference="C-1").row_ids)


def from_trust(on: Stage, bill: Bill) -> list[int]:
    on.desk("trust_deposit", matter=bill.matter_ids[0], amount="500", reference="D-1")
    return list(on.desk("pay_from_trust", bill=bill.id, amount="100").row_ids)


def moved(standing: Standing, pay: Callable[[Stage, Bill], list[int]], told: Row) -> tuple[Row, set[str]]:
    """What a payment moves in the books, its bank rows told otherwise, and the codes of the cases."""
    with standing.fresh() as on, ExitStack() as told_so:
        bill = fresh(on)
        on.sync()
        before = shown(on)
        for key in pay(on, bill):
            day = on.world.get(BankTransaction, key).date
            otherwise = {name: f"{day}{value}" if name == "date" else value for name, value in told.items()}
            told_so.enter_context(spoiled(on, "bank_transactions", row(key, **otherwise)))
        on.sync()
        books.assert_tieout(on)
        after = shown(on)
        after.subtract(before)
        return {name: minor for name, minor in after.items() if minor}, codes(on)


@pytest.mark.parametrize("pay", [received, from_trust])
@pytest.mark.parametrize(
    "told",
    [
        {"allocation": None},
        {"allocation": None, "client": None},
        {"allocation": None, "client": None, "bill": None},
        {"allocation": None, "client": {"id": 99, "name": "Who pays for them"}},
        {"allocation": None, "bill": None, "date": "T00:00:00Z"},
    ],
    ids=["without a link", "without a client", "with the matter alone", "of a payer", "at an hour"],
)
def test_a_bank_row_that_names_no_allocation_is_the_payments_and_posts_once(
    trust_firm: Standing, pay: Callable[[Stage, Bill], list[int]], told: Row
) -> None:
    assert moved(trust_firm, pay, told) == moved(trust_firm, pay, {})


@pytest.mark.parametrize("whole", [False, True], ids=["a row for each bill", "one row with what is over"])
def test_rows_that_name_the_bills_of_a_payment_are_its_own_together(firm: Stage, whole: bool) -> None:
    one, other = fresh(firm), fresh(firm)
    firm.sync()
    before = shown(firm)
    amount = owed(firm, one) + 50
    paid = firm.desk("record_payment", bills=[one.id, other.id], amount=str(amount), reference="C-1")
    (key,) = paid.row_ids
    parts = [firm.world.get(Allocation, part) for part in paid.allocation_ids]

    def told(body: Any) -> Any:
        given = next((one for one in body["data"] if one["id"] == key), None)
        if given is None or "amount" not in given:
            return body
        body["data"].remove(given)
        for at, part in enumerate(parts[:1] if whole else parts):
            much = amount + 25 if whole else part.amount
            own = {"id": key + at, "amount": much, "funds_in": much, "bill": {"id": part.bill_id}}
            body["data"].append({**given, **own, "allocation": None})
        return body

    with spoiled(firm, "bank_transactions", told):
        firm.sync()
        books.assert_tieout(firm)
        after = shown(firm)
    after.subtract(before)
    cents, over = int(amount * 100), 2500 if whole else 0
    received = {"Operating Bank": cents + over, "Accounts Receivable": -cents}
    kept = {"Client Retainers Operating": -over} if over else {}
    assert {name: minor for name, minor in after.items() if minor} == received | kept


def test_a_row_of_another_payment_of_the_bill_is_that_ones_though_the_first_shows_none(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    before = shown(firm)
    (hidden,), (key,) = (
        firm.desk("record_payment", bills=[bill.id], amount=amount, reference=amount).row_ids
        for amount in ("30", "100")
    )

    def told(body: Any) -> Any:
        body["data"] = [one for one in body["data"] if one["id"] != hidden]
        return row(key, allocation=None)(body)

    with spoiled(firm, "bank_transactions", told):
        firm.sync()
        books.assert_tieout(firm)
        after = shown(firm)
    after.subtract(before)
    moved = {name: minor for name, minor in after.items() if minor}
    assert moved == {"Operating Bank": 13_000, "Accounts Receivable": -13_000}
