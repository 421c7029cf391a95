"""Money held for clients in operating, by client and age, ties to its liability; part payments by part."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.desk.queries import cash, held
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor, reports
from tests import cast
from tests.delivery.scene import TODAY, Scene
from tests.road import books
from tests.road.acts import owed
from tests.road.closing import FAR
from tests.stage import Stage, Standing, standing

LATER = TODAY + timedelta(days=40)


@pytest.fixture(scope="module")
def quiet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Standing]:
    with django_db_blocker.unblock(), standing(empty(), synced=True) as made:
        yield made


@pytest.fixture
def at(quiet: Standing) -> Iterator[Scene]:
    with quiet.fresh() as made:
        yield Scene(on=made)


def read(on: Stage) -> held.Held:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return held.read(books=on.books, today=LATER)


def liability(on: Stage) -> int:
    rows = reports.trial_balance(on.company, until=FAR)
    return -sum(row.minor for row in rows if row.name == "Client Retainers Operating")


def file_of(on: Stage, name: str, **query: str) -> list[list[str]]:
    screen: Any = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
    answer = screen.get(reverse(f"desk:{name}"), {"books": on.books.pk, **query})
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def came_in(at: Scene, client: int, amount: str, **more: Any) -> Any:
    return at.on.desk("operating_deposit", client=client, amount=amount, **more)


def test_retainers_are_listed_by_client_and_age_and_tie_to_the_liability(at: Scene) -> None:
    on, one, other = at.on, at.client("Juniper Mills, Inc."), at.client("Birch Holdings LLC")
    bill = at.bill(at.matter(one.id).id)
    came_in(at, one.id, "900", date=TODAY)
    came_in(at, one.id, "300", date=TODAY + timedelta(days=20))
    came_in(at, other.id, "450", date=TODAY + timedelta(days=10))
    on.sync()
    assert {case["code"] for case in on.exceptions()} == {"unearned_in_operating"}

    on.desk("pay_from_operating", bill=bill.id, amount="500", date=TODAY + timedelta(days=25))
    on.sync()

    found = read(on)
    assert [(row.client, row.held, row.age, row.typed) for row in found.retainers] == [
        ("Juniper Mills, Inc.", 700_00, 40, 0), ("Birch Holdings LLC", 450_00, 30, 0),
    ]  # fmt: skip
    assert "Apply it to the open bills" in found.retainers[0].step
    assert "Bill it, pay it back" in found.retainers[1].step
    assert found.balance == found.posted == liability(on) == 1150_00
    books.assert_tieout(on, afresh=True)
    assert owed(on, bill) == Decimal(str(next(iter(at.store("Invoice")))["TotalAmt"])) - 500

    account = on.company.account("Client Retainers Operating")
    bank = on.company.account("Operating Bank")
    line = {"DetailType": "JournalEntryLineDetail", "Amount": "25"}
    sides = (("Debit", bank), ("Credit", account))
    rows = [
        line | {"JournalEntryLineDetail": {"PostingType": s, "AccountRef": {"value": a}}} for s, a in sides
    ]
    backdoor.add(on.company, "JournalEntry", {"TxnDate": TODAY.isoformat(), "Line": rows})
    on.sync()
    found = read(on)
    assert (found.balance, found.typed) == (liability(on), 25_00)
    assert [row.step for row in found.retainers if not row.client] == [
        "Name the client on the entry in QuickBooks."
    ]
    listed = file_of(on, "retainers_file")
    assert listed[-1][3:6] == ["1175.00", "1150.00", "25.00"]


def test_costs_first_against_the_proportion_of_quickbooks_is_named_bill_by_bill(at: Scene) -> None:
    on, client = at.on, at.client()
    matter = at.matter(client.id).id
    user = next(iter(on.world.tables["User"]))
    filing = next(c.id for c in on.world.tables["ExpenseCategory"].values() if c.name == "Filing Fees")
    of = {"matter": matter, "user": user, "date": TODAY}
    work = [
        on.desk("create_time", hours="10", rate="500", **of).id,
        on.desk("create_expense", price="800", category=filing, **of).id,
    ]
    bill = on.desk("draft_bill", activities=work, issued_at=TODAY)
    on.desk("approve_bill", bill=bill.id)
    at.pay(bill.id, amount="800")
    on.sync()
    month = f"{TODAY:%Y-%m}"

    with firm_scope(write=None, reads=[on.firm.pk]):
        first, last = cash.month_of(month, TODAY)
        found = cash.report(firm_id=on.firm.pk, books=on.books, first=first, last=last)

    (row,) = found.rows
    assert row.compared.left == {"fees": 5000_00, "costs": 0, "tax": 0}
    assert row.compared.books == {"fees": 689_66, "costs": 110_34, "tax": 0}
    assert found.apart == {"fees": 689_66, "costs": -689_66, "tax": 0}
    assert file_of(on, "cash_basis_file", month=month)[1][2:] == [
        "800.00", "0.00", "800.00", "0.00", "689.66", "110.34", "0.00", "689.66",
    ]  # fmt: skip
    screen: Any = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
    page = screen.get(reverse("desk:cash_basis"), {"month": month}).text
    assert "Its fees received are" in page
    assert "689.66" in page
    after = screen.get(reverse("desk:cash_basis"), {"month": f"{LATER + timedelta(days=40):%Y-%m}"}).text
    assert "as your firm does" in after
