"""What the planted causes found: each is a case of its own name, and what only waits is no difference."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor, seed
from syncapp.pipeline import connect
from syncapp.pipeline.cases import mending
from syncapp.pipeline.run import Order, run
from syncapp.qbo import complaints
from tests import cast
from tests.consent import consent
from tests.delivery.scene import TODAY, Scene
from tests.stage import Standing, standing


@pytest.fixture(scope="module")
def stood(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Standing]:
    with django_db_blocker.unblock(), standing(empty(), synced=True) as made:
        yield made


@pytest.fixture
def at(stood: Standing, django_db_blocker: Any) -> Iterator[Scene]:
    with django_db_blocker.unblock(), stood.fresh() as on:
        yield Scene(on=on)


def codes(at: Scene) -> dict[str, int]:
    """The open cases by code, with how many records each has."""
    return {case["code"]: len(case["holds"]) + len(case["alarms"]) for case in at.on.exceptions()}


def test_a_customer_made_inactive_after_its_first_bill_is_named_and_made_active_here(at: Scene) -> None:
    matter = at.fresh_matter()
    at.bill(matter)
    at.sync()
    customer = at.store("Invoice")[0]["CustomerRef"]["value"]
    backdoor.set_active(at.on.company, "Customer", customer, active=False)
    at.bill(matter)
    at.sync()
    [case] = at.cases()
    assert case.code == "inactive_customer"

    refused = mending.revive(firm_id=at.on.firm.pk, case_id=case.pk, by=at.on.person, clock=timezone.now)

    assert refused is None
    at.sync()
    assert (len(at.store("Invoice")), codes(at)) == (2, {})
    at.assert_ties()


def test_what_waits_for_a_connection_is_one_case_and_posts_once_when_it_is_back(at: Scene) -> None:
    at.on.qbo.state.oauth.disconnect(at.on.company.realm)
    at.bills(3)

    stopped = run(firm=at.on.firm, order=Order(trigger="command", whole=True), clock=timezone.now)

    assert stopped.state == "waiting"
    assert codes(at) == {"access_lost": 3}
    assert not at.postings(state="refused")
    back = connect.redirect_uri("qbo")
    address = connect.begin(provider="qbo", region="us", redirect_uri=back, state="as begun")
    connect.finish(
        firm_id=at.on.firm.pk, provider="qbo", books_id=at.on.books.pk, region="us",
        callback_params=consent(at.on.qbo, address), redirect_uri=back, by=at.on.person, now=timezone.now(),
    )  # fmt: skip
    at.sync()
    assert (len(at.store("Invoice")), codes(at)) == (3, {})
    at.assert_ties()


def test_what_is_on_its_way_is_queued_and_asks_nobody(at: Scene) -> None:
    for operation in ("create customer", "create invoice"):
        at.faults.add(operation, 1, "throttle", 1000)
    at.bills(2)
    run(firm=at.on.firm, order=Order(trigger="command", whole=True), clock=timezone.now)

    found = at.on.tieout()

    assert {row["queued"] for row in found["differences"]} == {True}
    assert found["kinds"]["receivables"]["unexplained"] == "0.00"
    assert codes(at) == {}


def test_a_number_that_a_stranger_bears_proposes_another_and_the_strangers_invoice_is_a_case(
    at: Scene,
) -> None:
    stranger = backdoor.add(at.on.company, "Customer", {"DisplayName": "Somebody else"})["Id"]
    fees = {"ItemRef": {"value": seed.item(at.on.company, "Legal Fees")}}
    line = {"Amount": "12.34", "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": fees}
    bill = at.bill(at.fresh_matter())
    typed = {"CustomerRef": {"value": stranger}, "DocNumber": bill.number, "TxnDate": str(TODAY)}
    backdoor.add(at.on.company, "Invoice", {**typed, "Line": [line]})
    at.sync()

    assert codes(at) == {"duplicate_number": 1, "typed_in_books": 1}
    case = next(case for case in at.cases() if case.code == "duplicate_number")
    browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
    page = browser.get(reverse("desk:case", args=[case.pk])).text
    assert "Post under another number" in page
    assert "Link the two" not in page


def test_an_invoice_typed_for_the_bill_itself_two_days_off_is_one_case(at: Scene) -> None:
    at.bill(matter := at.fresh_matter())
    at.sync()
    [posted] = at.store("Invoice")
    bill = at.bill(matter)
    typed = {"DocNumber": bill.number, "TxnDate": str(TODAY - timedelta(days=2))}
    same = {name: copy.deepcopy(posted[name]) for name in ("CustomerRef", "Line")}
    backdoor.add(at.on.company, "Invoice", {**typed, **same})
    at.sync()

    assert codes(at) == {"duplicate_number": 1}  # whether it is the bill's: nobody says it is no bill's


def test_a_credit_over_its_bill_is_one_case_although_the_books_took_it_off_the_bill(at: Scene) -> None:
    bill = at.bill(at.fresh_matter())
    at.on.desk("credit_note", bill=bill.id, amount="700", date=TODAY)
    at.sync()
    at.on.desk("edit_line", line=bill.line_ids[0], quantity="0.1")
    at.sync()

    assert codes(at) == {"credit_over_balance": 1}


@pytest.mark.parametrize("code", ["6100", "6160", "6230"])
def test_a_tax_code_that_is_refused_is_told_as_one(code: str) -> None:
    assert complaints.problem(code, "Invalid TaxCodeRef Error").code == "tax_code_needed"
