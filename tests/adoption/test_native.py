"""The connector is still on: posting stops, the page shows what it made, and goes on without a duplicate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant
from accounts.tenancy import firm_scope
from syncapp.emulators.clio import desk_bills, desk_work
from syncapp.emulators.clio.nouns import Bill, Contact, Matter, User
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo import backdoor, seed
from syncapp.pipeline import connect
from syncapp.pipeline.adoption import accepting, native
from syncapp.records.models import Link
from tests import cast
from tests.stage import Stage, connect_both, stage

DAY = date(2026, 11, 2)


def _bill(stage_: Stage, number: str, hours: str) -> Bill:
    world = stage_.world
    matter = next(iter(world.all(Matter)))
    work = desk_work.create_time(
        world, matter=matter.id, user=world.all(User)[0].id, date=DAY, hours=Decimal(hours), rate=Decimal(300)
    )
    bill = desk_bills.draft_bill(world, activities=[work.id], issued_at=DAY, number=number)
    return desk_bills.approve_bill(world, bill=bill.id)


def _invoiced(stage_: Stage, bill: Bill) -> str:
    """As the connector does: a customer with its mark, the bill's number, date and amount."""
    company = stage_.company
    name = f"{stage_.world.get(Contact, bill.client_id).name} Clio {bill.client_id}"
    found = [i for i, one in company.store["Customer"].items() if one["DisplayName"] == name]
    if not found:
        found = [backdoor.add(company, "Customer", {"DisplayName": name}, who="Clio")["Id"]]
    line = {
        "Amount": sums(stage_.world, bill).due,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": seed.item(company, "Legal Fees")}},
    }
    given = {
        "CustomerRef": {"value": found[0]},
        "DocNumber": bill.number,
        "TxnDate": DAY.isoformat(),
        "Line": [line],
    }
    return str(backdoor.add(company, "Invoice", given, who="Clio")["Id"])


@pytest.fixture
def firm(db: Any) -> Iterator[Stage]:
    with stage(small(7)) as made:
        made.sync()
        yield made


def _see(made: Stage) -> Client:
    cast.second_factor(made.person)
    return cast.sign_in(Client(), made.person)


def test_posting_stops_with_a_banner_and_goes_on_without_a_duplicate(firm: Stage) -> None:
    bills = [_bill(firm, f"77{n}", f"{n + 1}.5") for n in range(4)]
    theirs = {_invoiced(firm, bill) for bill in bills}
    invoices = len(firm.company.store["Invoice"])
    other = _bill(firm, "9001", "2.0")
    firm.sync()
    assert len(firm.company.store["Invoice"]) == invoices
    case = next(one for one in firm.exceptions() if "own connection" in one["cause"])
    assert {row["clio_id"] for row in case["holds"]} >= {bill.id for bill in (*bills, other)}

    person = _see(firm)
    assert "Posting has stopped" in person.get(reverse("desk:overview")).text
    page = person.get(reverse("desk:adoption")).text
    assert all(f"77{n}, " in page for n in range(4))
    assert "Revoke" in page

    assert person.post(reverse("desk:native_off", args=[firm.books.pk])).status_code == 302
    firm.sync()
    assert len(firm.company.store["Invoice"]) == invoices + 1
    assert person.post(reverse("desk:adopt_certain", args=[firm.books.pk])).status_code == 302
    firm.sync()
    assert len(firm.company.store["Invoice"]) == invoices + 1
    with firm_scope(write=None, reads=[firm.firm.pk]):
        links = Link.objects.filter(firm=firm.firm, live=True, subject__in=[f"bills/{b.id}" for b in bills])
        assert {link.remote_id for link in links} == theirs
    assert not native.on(firm_id=firm.firm.pk, books_id=firm.books.pk)
    assert not [one for one in firm.exceptions() if "own connection" in one["cause"]]


def test_it_is_noticed_again_when_it_was_not_turned_off(firm: Stage) -> None:
    _invoiced(firm, _bill(firm, "7801", "1.0"))
    firm.sync()
    ids = {"firm_id": firm.firm.pk, "books_id": firm.books.pk}
    assert native.switched_off(**ids, by=firm.person, now=timezone.now()) is None
    assert native.switched_off(**ids, by=firm.person, now=timezone.now()) is not None
    firm.sync()
    assert not native.on(**ids)
    _invoiced(firm, _bill(firm, "7802", "1.0"))
    firm.sync()
    assert native.on(**ids)


def test_an_invoice_that_a_bookkeeper_types_stops_nothing(firm: Stage) -> None:
    made = backdoor.add(firm.company, "Customer", {"DisplayName": "Walk-in"})
    line = {
        "Amount": 10,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": seed.item(firm.company, "Legal Fees")}},
    }
    given = {
        "CustomerRef": {"value": made["Id"]},
        "DocNumber": "A1",
        "TxnDate": DAY.isoformat(),
        "Line": [line],
    }
    backdoor.add(firm.company, "Invoice", given)
    firm.sync()
    assert not native.on(firm_id=firm.firm.pk, books_id=firm.books.pk)


def test_after_the_links_were_forgotten_a_new_start_adopts_what_stands(firm: Stage) -> None:
    ids = {"firm_id": firm.firm.pk, "books_id": firm.books.pk}
    before = {name: len(rows) for name, rows in firm.company.store.items()}
    with firm_scope(write=None, reads=[firm.firm.pk]):
        grants = list(Grant.objects.filter(firm=firm.firm, disconnected_at__isnull=True))
        standing = {(link.subject, link.remote_id) for link in Link.objects.filter(firm=firm.firm, live=True)}
    for grant in grants:
        connect.disconnect(firm_id=firm.firm.pk, grant_id=grant.pk, by=firm.person, now=timezone.now())
    refused = connect.purge(**ids, typed_name=firm.company.name, by=firm.person, now=timezone.now())
    assert refused is None, refused
    connect_both(firm)
    firm.sync()
    for _ in range(2):
        accepting.accept(**ids, ids=None, by=firm.person, now=timezone.now())
        firm.sync()
    assert {name: len(rows) for name, rows in firm.company.store.items()} == before
    with firm_scope(write=None, reads=[firm.firm.pk]):
        now = {(link.subject, link.remote_id) for link in Link.objects.filter(firm=firm.firm, live=True)}
    assert now == standing
