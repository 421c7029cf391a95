"""From each card to posted and tied in at most three actions, through the pages (issue 5, point 3).

An action is what a person does: a press here, or the mending in Clio or QuickBooks that the card asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.world import empty
from syncapp.records.models import Case
from tests import cast
from tests.delivery.scene import Scene
from tests.stage import Standing, standing

pytestmark = pytest.mark.django_db
BUSINESS = "A business validation error has occurred while processing your request"


@pytest.fixture(scope="module")
def kept(django_db_blocker: Any, django_db_setup: None) -> Iterator[Standing]:
    with django_db_blocker.unblock(), standing(empty(), synced=True) as made:
        yield made


@pytest.fixture
def at(kept: Standing) -> Iterator[Scene]:
    with kept.fresh() as made:
        yield Scene(on=made)


def desk() -> Client:
    return cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))


def only(at: Scene, code: str) -> Case:
    [case] = at.cases()
    assert case.code == code, (case.code, case.title)
    return case


def assert_cleared(at: Scene) -> None:
    assert (at.holds(), at.cases()) == ([], []), [case.title for case in at.cases()]
    told = at.on.tieout()
    assert told["equal"], told["differences"]
    at.assert_once()


class Refusal(NamedTuple):
    """A refusal in the vendor's words, of which call, and what it is called here."""

    code: str
    operation: str
    number: str
    detail: str


REFUSALS = (
    Refusal("too_long", "create invoice", "2050", "Invalid String Length : Min:0 Max:21 supplied:25"),
    Refusal("negative_line", "create invoice", "2290", "Negative amounts not supported on transaction lines"),
    Refusal("no_lines", "create invoice", "2250", "You must enter at least one split line."),
    Refusal("amount_differs", "create invoice", "6070", "Amount is not equal to UnitPrice * Qty."),
    Refusal("negative_total", "create invoice", "6000", "You must specify a transaction amount that is 0 or "
            "greater."),
    Refusal("discount_too_large", "create invoice", "6000", "The discount amount can't be greater than the "
            "subtotal"),
    Refusal("currency", "create invoice", "6000", "The currency of the transaction is invalid for customer"),
    Refusal("receivable_without_customer", "create invoice", "6000", "You must select a customer for this "
            "transaction."),
    Refusal("not_permitted", "create invoice", "5020", "Permission Denied Error"),
    Refusal("feature_off", "create invoice", "5030", "Feature Not Supported Error"),
    Refusal("wrong_account_type", "create invoice", "6430", "You need to select a different type of account "
            "for this transaction."),
    Refusal("item_is_category", "create invoice", "2500", "An item in this transaction is set up as a "
            "category instead of a product or service."),
    Refusal("closed_period", "create invoice", "6210", "The account period has closed"),
    Refusal("inactive_reference", "create invoice", "610", "Something you're trying to use has been made "
            "inactive."),
    Refusal("missing_reference", "create invoice", "2500", "Names element id 75 not found"),
    Refusal("tax_code_needed", "create invoice", "6100", "US: TAX or NON. Supplied value: 7"),
    Refusal("unknown_refusal", "create invoice", "9876", "The moon is full."),
    Refusal("deleted_in_books", "create invoice", "6000", "You cannot modify a list element that has been "
            "deleted."),
    Refusal("bad_email", "create customer", "2210", "Supplied value: nobody"),
    Refusal("no_name", "create customer", "6080", "one of Title, GivenName"),
    Refusal("too_deep", "create customer", "6180", "up to 5 levels"),
    Refusal("bills_with_parent", "create customer", "6130", "invoices connected to parent"),
    Refusal("duplicate_name", "create customer", "6240", "The name supplied already exists. : Another "
            "customer, vendor or employee is already using this name."),
    Refusal("cannot_link", "create payment", "620", "Txn 145 cannot be linked"),
    Refusal("payer_differs", "create payment", "6000", "The customer of the payment is not that of the "
            "invoice."),
    Refusal("stale", "update invoice", "5010", "You and root were working on this at the same time."),
    Refusal("matched", "update invoice", "6480", "matched to another transaction"),
    Refusal("settled", "void invoice", "6450", "already settled"),
)  # fmt: skip


# What the books tell when they are read once more is read, and tried again, by the same run.
HEALS = {"item_is_category", "inactive_reference", "missing_reference", "stale", "duplicate_name"}
OPERATIONS = tuple(dict.fromkeys(one.operation for one in REFUSALS))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_quickbooks_refuses_posts_when_it_is_mended_and_tried_again(at: Scene, operation: str) -> None:
    """Every refusal of a call at once, each of a record of its own."""
    mine = [one for one in REFUSALS if one.operation == operation]
    stand = [at.bill(at.fresh_matter()) for _ in mine] if operation != "create customer" else []
    at.sync()
    for number, one in enumerate(mine, start=1):
        error = {"Message": BUSINESS, "code": one.number, "Detail": one.detail}
        body = {"Fault": {"type": "ValidationFault", "Error": [error]}}
        at.faults.add(operation, number, "refuse", status=400, body=body)
    for number in range(len(mine)):
        _act(at, operation, stand[number] if stand else None)
    at.on.sync(whole=False)
    assert {case.code for case in at.cases()} == {one.code for one in mine} - HEALS

    at.faults.clear()  # 1: it is mended where the card says
    browser = desk()
    for case in at.cases():
        here = reverse("desk:case", args=[case.pk])
        assert f'name="case" value="{case.pk}"' in browser.get(here).text
        asked = browser.post(reverse("desk:retry"), {"case": case.pk, "next": here})  # 2: Try again
        given = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
        browser.post(reverse("desk:retry"), given)  # 3: Try again now
    at.on.sync(whole=False)

    assert_cleared(at)


def _act(at: Scene, operation: str, stands: Bill | None) -> None:
    """What has to be posted by a call."""
    if stands is None or operation == "create invoice":
        at.bill(at.fresh_matter())
    elif operation == "create payment":
        at.pay(stands.id, amount="50")
    elif operation == "update invoice":
        at.on.desk("edit_line", line=stands.line_ids[0], quantity="9")
    else:
        at.on.desk("void_bill", bill=stands.id)
