"""Fifty records of one cause are posted and tied in at most three presses (issue 5, point 3)."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from mapping.actions import start_draft
from syncapp.desk import actions
from syncapp.emulators.qbo import backdoor, seed
from syncapp.pipeline.cases import mending
from tests import cast
from tests.delivery.scene import TODAY, Scene, scene
from tests.stage import firm_file

pytestmark = pytest.mark.django_db
FIFTY = 50


def fifty(at: Scene) -> None:
    """Fifty bills of one matter."""
    matter = at.fresh_matter()
    for _ in range(FIFTY):
        at.bill(matter, hours="1.0")


def signed_in() -> Client:
    """The bookkeeper at the screen."""
    return cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))


def press(at: Scene, case: int) -> str | None:
    """Make active what the case is about: the words of a refusal."""
    return mending.revive(firm_id=at.on.firm.pk, case_id=case, by=at.on.person, clock=timezone.now)


def only_case(at: Scene, code: str) -> int:
    """The one case that holds all fifty."""
    at.sync()
    [case] = at.cases()
    assert (case.code, len(at.holds())) == (code, FIFTY)
    return case.pk


def assert_cleared(at: Scene) -> None:
    """All posted, nothing held, and the books are what they should be."""
    at.sync()
    assert len(at.store("Invoice")) == FIFTY
    assert not at.holds()
    assert not at.cases()
    at.assert_ties()


@pytest.mark.parametrize(
    ("entity", "name", "code"),
    [("Item", "Legal Fees", "inactive_item"), ("Account", "Legal Fees", "inactive_account")],
)
def test_fifty_that_an_inactive_name_holds_post_by_one_press(entity: str, name: str, code: str) -> None:
    with scene() as at:
        id_ = next(i for i, row in at.on.company.store[entity].items() if row["Name"] == name)
        backdoor.set_active(at.on.company, entity, id_, active=False)
        fifty(at)
        case = only_case(at, code)

        assert press(at, case) is None

        assert at.on.company.store[entity][id_]["Active"] is True
        assert at.on.company.store[entity][id_]["Name"] == name
        assert_cleared(at)


def test_fifty_numbers_that_other_invoices_bear_are_posted_under_their_own_together() -> None:
    with scene() as at:
        at.sync()
        company = at.on.company
        customer = backdoor.add(company, "Customer", {"DisplayName": "Somebody else"})["Id"]
        fees = {"ItemRef": {"value": seed.item(company, "Legal Fees")}}
        line = {"Amount": "12.34", "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": fees}
        day = TODAY.isoformat()
        for number in range(1, FIFTY + 1):
            given = {"CustomerRef": {"value": customer}, "DocNumber": str(number), "TxnDate": day}
            backdoor.add(company, "Invoice", {**given, "Line": [line]})
        fifty(at)
        at.sync()
        assert {hold.code for hold in at.holds()} == {"duplicate_number"}

        answered_together(at, "renumber", "duplicate_number")

        at.sync()
        numbers = [row["DocNumber"] for row in at.store("Invoice")]
        assert {f"{number}-C" for number in range(1, FIFTY + 1)} <= set(numbers)
        assert (len(numbers), at.holds()) == (2 * FIFTY, [])


def test_fifty_corrections_of_a_closed_month_are_approved_together() -> None:
    with scene() as at:
        matter = at.fresh_matter()
        bills = [at.bill(matter, hours="2.0") for _ in range(FIFTY)]
        at.sync()
        backdoor.close_books(at.on.company, TODAY)
        for bill in bills:
            at.on.desk("edit_line", line=bill.line_ids[0], quantity="1")
        at.sync()
        assert len(at.cases()) == FIFTY

        seen = answered_together(at, "approve", "closed_correction")

        assert "Approve those ticked and post" in seen
        at.sync()
        assert (len(at.store("CreditMemo")), at.holds(), at.cases()) == (FIFTY, [], [])
        assert at.on.tieout()["equal"]


def answered_together(at: Scene, answer: str, code: str) -> str:
    """Open one of the cases, look at all like it, and give them the answer: the page that was looked at."""
    browser, case = signed_in(), next(one.pk for one in at.cases() if one.code == code)
    card = browser.get(reverse("desk:case", args=[case])).text
    address = f"{reverse('desk:alike', args=[case])}?answer={answer}"
    assert f"{FIFTY} exceptions like this" in card
    assert address in card
    seen = browser.get(address).text
    ticked = re.findall(r'name="one" value="([^"]+)"', seen)
    assert len(ticked) == FIFTY
    browser.post(address, {"one": ticked})
    assert f"Take back all {FIFTY} answered with it" in browser.get(address).text
    return seen


def test_a_likely_match_that_is_inactive_is_linked_and_made_active_by_one_press() -> None:
    """Bookkeeper 5: "Acme Holdings, LLC" in Clio, "ACME Holdings LLC", inactive, in QuickBooks."""
    with scene() as at:
        made = backdoor.add(at.on.company, "Customer", {"DisplayName": "ACME Holdings LLC"})
        backdoor.set_active(at.on.company, "Customer", made["Id"], active=False)
        matter = at.matter(at.client("Acme Holdings, LLC").id).id
        at.bill(matter)
        at.sync()
        [held] = at.holds()
        assert held.code == "doubtful_customer"
        case, person, now = held.case_id, at.on.person, timezone.now()

        refused = actions.choose(firm_id=at.on.firm.pk, case_id=case, answer=made["Id"], by=person, now=now)

        assert refused is None
        at.sync()
        assert at.on.company.store["Customer"][made["Id"]]["Active"] is True
        [invoice] = at.store("Invoice")
        matters = at.on.company.store["Customer"][invoice["CustomerRef"]["value"]]
        assert matters["ParentRef"]["value"] == made["Id"]
        at.bill(matter)  # the next one asks nothing
        at.sync()
        assert (len(at.store("Invoice")), at.holds()) == (2, [])


def test_a_doubtful_customer_that_is_inactive_may_be_chosen() -> None:
    with scene() as at:
        for name in ("Lee Park", "LEE PARK."):
            made = backdoor.add(at.on.company, "Customer", {"DisplayName": name})
            backdoor.set_active(at.on.company, "Customer", made["Id"], active=False)
        at.bill(at.matter(at.client("Lee, Park").id).id)
        at.sync()
        [held] = at.holds()
        assert held.code == "doubtful_customer"
        case, person, now = held.case_id, at.on.person, timezone.now()

        refused = actions.choose(firm_id=at.on.firm.pk, case_id=case, answer=made["Id"], by=person, now=now)

        assert refused is None
        at.sync()
        assert at.on.company.store["Customer"][made["Id"]]["Active"] is True
        assert (len(at.store("Invoice")), at.holds()) == (1, [])


def test_what_quickbooks_refuses_to_wake_is_told_and_nothing_changes() -> None:
    error = {"Message": "No", "code": "5020", "Detail": "No"}
    with scene() as at:
        id_ = seed.item(at.on.company, "Legal Fees")
        backdoor.set_active(at.on.company, "Item", id_, active=False)
        at.bill(at.fresh_matter())
        at.sync()
        [case] = at.cases()
        body = {"Fault": {"type": "ValidationFault", "Error": [error]}}
        at.faults.add("update item", 1, "refuse", status=400, body=body)

        refused = press(at, case.pk)

        assert refused is not None
        assert "Nothing was posted" in refused
        assert at.on.company.store["Item"][id_]["Active"] is False


def test_fifty_that_no_rule_takes_post_by_one_choice_which_becomes_a_rule() -> None:
    rules = [row for row in firm_file()["books"][0]["mapping"]["rules"] if row["when"].get("line") != "time"]
    with scene(file=firm_file(mapping={"rules": rules})) as at:
        fifty(at)
        case = only_case(at, "unmapped")
        browser = signed_in()
        address = reverse("desk:map_here", args=[case])

        asked = browser.get(address).text
        seen = browser.get(address, {"choice": "Legal Fees"}).text
        browser.post(address, {"choice": "Legal Fees"})

        assert '<option value="Legal Fees" selected>' in asked  # proposed by its name
        assert "Put the rule in force and post 50 records" in seen
        assert "Accounts Receivable" in seen
        at.on.file = firm_file()  # what the mapping is from now on
        assert_cleared(at)


def test_fifty_on_an_inactive_product_may_go_to_another_one_by_rule() -> None:
    with scene() as at:
        id_ = seed.item(at.on.company, "Legal Fees")
        backdoor.set_active(at.on.company, "Item", id_, active=False)
        fifty(at)
        case = only_case(at, "inactive_item")
        browser = signed_in()
        address = reverse("desk:map_here", args=[case])

        seen = browser.get(address, {"choice": "Litigation Fees"}).text
        refused = browser.post(address, {"choice": "Sales Tax Collected"})
        browser.post(address, {"choice": "Litigation Fees"})
        at.sync()

        assert "Put the rule in force and post 50 records" in seen
        assert refused.status_code == 422  # a liability never takes what was income
        assert (len(at.store("Invoice")), at.holds(), at.cases()) == (FIFTY, [], [])
        used = {line["SalesItemLineDetail"]["ItemRef"]["value"] for row in at.store("Invoice")
                for line in row["Line"] if "SalesItemLineDetail" in line}  # fmt: skip
        assert id_ not in used
        assert at.on.tieout()["equal"]


def test_a_choice_is_not_mixed_into_somebodys_draft() -> None:
    rules = [row for row in firm_file()["books"][0]["mapping"]["rules"] if row["when"].get("line") != "time"]
    with scene(file=firm_file(mapping={"rules": rules})) as at:
        at.bill(at.fresh_matter())
        at.sync()
        [case] = at.cases()
        with firm_scope(write=at.on.firm.pk):
            start_draft(books=at.on.books, author=at.on.person, now=timezone.now())
        browser = signed_in()
        refused = browser.post(reverse("desk:map_here", args=[case.pk]), {"choice": "Legal Fees"})
        assert refused.status_code == 422
        assert "there is a draft" in refused.text
