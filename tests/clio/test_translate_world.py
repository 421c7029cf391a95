"""Every record of an emulated firm is read, and every bill comes to what that firm says is owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from syncapp.clio import shapes, translate
from syncapp.clio.client import Clio
from syncapp.core import money
from syncapp.core.documents import Bill, BillState, Client, Credit, Funds, Interest, Matter, Money, Payment
from syncapp.emulators.clio import world as worlds
from syncapp.emulators.clio.app import create_app
from syncapp.emulators.clio.sums import sums
from syncapp.http import session

HOST = "https://app.clio.test"
SWITCHES: list[dict[str, Any]] = [
    {},
    {"total_net": True},
    {"tax_per_bill": True},
    {"void_keeps_balance": True, "total_net": True, "tax_per_bill": True},
    {"bank_rows_linked": False, "trust_payment_two_rows": False},
]


class Pulled:
    """All that the client gives, by resource and id."""

    def __init__(self, clio: Clio) -> None:
        self.rows: dict[str, dict[int, dict[str, Any]]] = {}
        for shape in shapes.ALL:
            found = self.rows.setdefault(shape.resource, {})
            for query in shape.queries:
                for page in clio.pages(shape.resource, fields=shape.fields, updated_since=None, **query):
                    found |= {row["id"]: row for row in page}
        pages = clio.pages("allocations", fields="id", updated_since=None, **shapes.WRITE_OFFS)
        self.write_offs = {row["id"] for page in pages for row in page}

    def by(self, resource: str, name: str) -> dict[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in self.rows[resource].values():
            if row.get(name):
                found[row[name]["id"]].append(row)
        return found

    def bills(self) -> list[Any]:
        lines, charges = self.by("line_items", "bill"), self.by("interest_charges", "bill")
        return [
            translate.bill(
                row,
                lines=lines[key],
                activities=self.rows["activities"],
                matters=self.rows["matters"],
                interest=charges[key],
            )
            for key, row in self.rows["bills"].items()
        ]


@pytest.fixture(scope="module", params=SWITCHES, ids=lambda given: "+".join(given) or "plain")
def firm(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Pulled]]:
    world = worlds.small()
    world.switches.rate_limited = False
    world.switches.change(request.param)
    app = create_app(world, time_scale=5000)
    session.configure(time_scale=5000)
    session.mount_wsgi(HOST, app)
    access = app.state.grants.issue(world, None, now=app.state.now())[0]
    yield world, Pulled(Clio(HOST, lambda force: access, time_scale=5000))
    session.unmount_all()
    session.configure(time_scale=1)


def test_every_bill_comes_to_what_clio_says_is_owed(firm: tuple[Any, Pulled]) -> None:
    world, pulled = firm

    for bill in pulled.bills():
        assert isinstance(bill, Bill), bill
        if bill.trust_request:
            assert bill.state is not BillState.ISSUED
            assert bill.lines == ()
            continue
        theirs = world.tables["Bill"][bill.id]
        figures = sums(world, theirs)
        charges = [world.tables["InterestCharge"][key] for key in theirs.charge_ids]
        later = sum((charge.total for charge in charges if charge.date != bill.issued), Decimal(0))
        assert bill.amount == money.minor(figures.due - later)
        assert bill.discount == money.minor(figures.discount)
        assert bill.tax == money.minor(figures.tax + figures.secondary_tax)
        assert sum(line.amount for line in bill.lines) - bill.discount + bill.tax == bill.amount
        line_tax = sum(line.tax for line in bill.lines)
        assert line_tax in {0, bill.tax}


def test_every_client_matter_and_charge_is_read(firm: tuple[Any, Pulled]) -> None:
    _, pulled = firm

    assert all(isinstance(translate.client(row), Client) for row in pulled.rows["contacts"].values())
    assert all(isinstance(translate.matter(row), Matter) for row in pulled.rows["matters"].values())
    charges = pulled.rows["interest_charges"].values()
    assert all(isinstance(translate.interest(row), Interest) for row in charges)


def test_every_payment_comes_to_its_live_allocations(firm: tuple[Any, Pulled]) -> None:
    world, pulled = firm
    rows = pulled.by("bank_transactions", "allocation")

    parts = pulled.by("allocations", "parent")
    kinds = set()
    for parent, allocations in parts.items():
        if allocations[0]["parent"]["type"] != "Payment":
            continue
        mine = [row for part in allocations for row in rows[part["id"]]]
        read = translate.payment(parent, allocations=allocations, bank_rows=mine)
        assert isinstance(read, Payment), read
        theirs = [world.tables["Allocation"][part["id"]] for part in allocations]
        live = sum((part.amount for part in theirs if part.voided_at is None), Decimal(0))
        assert read.amount == money.minor(live)
        kinds.add(read.funds)
    assert kinds == set(Funds)


def test_every_credit_is_told_from_a_write_off(firm: tuple[Any, Pulled]) -> None:
    world, pulled = firm
    parts = pulled.by("allocations", "parent")

    for key, memo in pulled.rows["credit_memos"].items():
        mine = [part for part in parts[key] if part["parent"]["type"] == "CreditMemo"]
        read = translate.credit(memo, allocations=mine, write_off_ids=pulled.write_offs)
        theirs = world.tables["CreditMemo"][key]
        assert isinstance(read, Credit), read
        assert read.write_off == (theirs.credit_kind == "write_off")
        assert read.amount == (0 if theirs.voided_at else money.minor(theirs.amount))


def test_every_bank_row_is_explained_or_is_money_of_its_own(firm: tuple[Any, Pulled]) -> None:
    world, pulled = firm

    for key, row in pulled.rows["bank_transactions"].items():
        theirs = world.tables["BankTransaction"][key]
        whole = translate.movement(row, allocated=abs(money.minor(theirs.amount)))
        alone = translate.movement(row)
        assert whole is None
        assert isinstance(alone, Money), alone
        assert alone.amount == money.minor(theirs.amount)
        assert alone.trust == (world.tables["BankAccount"][theirs.bank_account_id].type == "Trust")


def test_all_time_is_billed_drafted_or_unbilled(firm: tuple[Any, Pulled]) -> None:
    _, pulled = firm

    totals = translate.time_totals(pulled.rows["activities"].values())

    parts = [*totals.billed.values(), totals.drafted, totals.unbilled]
    assert totals.unreadable == 0
    assert totals.all.hours == sum(part.hours for part in parts) > 0
    assert totals.all.amount == sum(part.amount for part in parts)
    assert totals.oldest_unbilled is not None
