"""QuickBooks says yes and makes another total of it: one case, cleared by a press, or counted (F32)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tenancy import firm_scope
from mapping.models import FirmSettings
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor, seed
from syncapp.records.models import Case
from tests import cast
from tests.delivery.scene import Scene
from tests.stage import Standing, firm_file, standing

pytestmark = pytest.mark.django_db
CODE = "posted_differs"
REASON = "The client agreed to pay the tax"


@pytest.fixture(scope="module")
def kept(django_db_blocker: Any, django_db_setup: None) -> Iterator[Standing]:
    """A company whose tax engine says for itself what is taxable (qbo/API.md section 11, row 1)."""
    company = seed.law_firm()
    company.switches.tax_engine, company.switches.tax_ignores_codes = "on", True
    backdoor.prefer(company, "TaxPrefs.UsingSalesTax", value=True)
    file = firm_file(rounding={"item": "Write-offs", "up_to": "0.02"})
    with django_db_blocker.unblock(), standing(empty(), synced=True, company=company, file=file) as made:
        yield made


@pytest.fixture
def at(kept: Standing) -> Iterator[Scene]:
    with kept.fresh() as made:
        yield Scene(on=made)


@pytest.fixture
def plain(at: Scene) -> Scene:
    """The same firm while the engine is off."""
    at.on.company.switches.tax_engine = "off"
    backdoor.prefer(at.on.company, "TaxPrefs.UsingSalesTax", value=False)
    return at


def posted(at: Scene) -> Bill:
    """A bill that QuickBooks took."""
    made = at.bill(at.fresh_matter())
    at.sync()
    return made


def only(at: Scene, **where: Any) -> Case:
    """The one open case, which is no hold."""
    [case] = at.cases()
    assert case.code == CODE
    assert [hold.code for hold in at.holds(alarm=True)] == [CODE]
    assert not at.holds()
    return case


def page(case: Case) -> str:
    """What the bookkeeper reads."""
    return desk().get(reverse("desk:case", args=[case.pk])).text


def desk() -> Client:
    return cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))


def press(case: Case, what: str, **more: str) -> None:
    """Press a button of the card as it is shown."""
    [answer] = set(re.findall(rf'name="answer" value="({what}:[^"]+)"', page(case)))
    desk().post(reverse("desk:choose", args=[case.pk]), {"answer": answer, **more})


def assert_cleared(at: Scene) -> None:
    assert (at.cases(), at.holds(), at.holds(alarm=True)) == ([], [], [])
    told = at.on.tieout()
    assert told["equal"], told["differences"]


def total(at: Scene) -> Decimal:
    [invoice] = at.store("Invoice")
    return Decimal(str(invoice["TotalAmt"]))


def test_a_tax_that_quickbooks_adds_is_one_case_and_is_taken_off_by_one_press(at: Scene) -> None:
    bill = posted(at)
    case, shown = only(at), page(only(at))
    billed = Decimal(at.postings(object_kind="invoice")[0].amount) / 100
    told = at.on.tieout(afresh=False)
    assert Decimal(told["kinds"]["invoices"]["unexplained"]) == billed - total(at) < 0
    assert f"{total(at):,.2f}" in shown
    assert f"{billed:,.2f}" in shown
    assert "Sales tax, as QuickBooks adds it" in shown
    assert f"It added ${total(at) - billed:,.2f} of sales tax by itself." in shown
    assert "Opened: QuickBooks took invoice 1 and made something else of it." in shown

    press(case, "untax")
    at.sync()

    assert total(at) == billed
    assert_cleared(at)
    at.assert_ties()
    at.on.desk("edit_line", line=bill.line_ids[0], quantity="9")  # and it stays told
    at.sync()
    assert total(at) > billed
    assert_cleared(at)


def test_what_is_accepted_is_explained_until_it_changes_and_is_then_the_same_case(at: Scene) -> None:
    posted(at)
    case = only(at)

    press(case, "accept", reason="")
    assert only(at).pk == case.pk  # a reason is asked
    press(case, "accept", reason=REASON)

    assert at.cases() == []
    told = at.on.tieout()
    assert not told["equal"]
    assert told["kinds"]["invoices"]["unexplained"] == "0.00"
    assert all(row["reason"].startswith("Accepted") for row in told["differences"])
    [invoice] = at.store("Invoice")
    fees = {**invoice["Line"][0], "Amount": Decimal("500.00")}
    fees["SalesItemLineDetail"] = {"ItemRef": fees["SalesItemLineDetail"]["ItemRef"]}
    backdoor.edit(at.on.company, "Invoice", invoice["Id"], {"Line": [fees]})
    at.sync()
    assert only(at).pk == case.pk
    assert only(at).times_opened == 2


def test_a_tax_that_quickbooks_will_not_take_off_says_so_and_can_be_taken_back_and_held(at: Scene) -> None:
    at.on.company.switches.tax_engine_changes_total = True
    posted(at)
    case = only(at)
    press(case, "untax")
    at.sync()

    assert only(at).pk == case.pk
    shown = page(case)
    assert "though it was told to add none" in shown
    assert 'value="untax:' not in shown
    assert 'value="restore:' not in shown
    undo = re.search(r'href="(/[^"]*/undo/)"', shown)
    assert undo
    browser = desk()
    asked = re.search(r'name="shown" value="([^"]+)"', browser.get(undo[1]).text)
    assert asked
    browser.post(undo[1], {"shown": asked[1], "reason": "QuickBooks taxes it", "then": "rest"})
    at.sync()
    assert total(at) == 0
    assert {hold.code for hold in at.holds()} == {"undone"}
    assert at.holds(alarm=True) == []
    assert at.on.tieout()["kinds"]["invoices"]["unexplained"] == "0.00"


def test_it_closes_by_itself_when_somebody_puts_it_right_in_quickbooks(at: Scene) -> None:
    posted(at)
    only(at)
    at.on.company.switches.tax_engine = "off"
    backdoor.prefer(at.on.company, "TaxPrefs.UsingSalesTax", value=False)
    [invoice] = at.store("Invoice")
    backdoor.edit(at.on.company, "Invoice", invoice["Id"], {"PrivateNote": invoice["PrivateNote"]})
    at.sync()
    assert_cleared(at)
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        assert Case.objects.get(firm_id=at.on.firm.pk, code=CODE).closed_at is not None


def test_all_that_quickbooks_taxed_are_mended_together_and_a_rule_mends_the_next(at: Scene) -> None:
    for _ in range(3):
        at.bill(at.fresh_matter())
    at.sync()
    assert {case.code for case in at.cases()} == {CODE}
    address = f"{reverse('desk:alike', args=[at.cases()[0].pk])}?answer=untax"
    assert address in page(at.cases()[0])
    ticked = re.findall(r'name="one" value="([^"]+)"', desk().get(address).text)
    assert len(ticked) == 3
    desk().post(address, {"one": ticked})
    at.sync()
    assert_cleared(at)

    rule = {"name": "No tax", "cause": CODE, "answer": "untax", "by": "books@ash-birch.test"}
    with firm_scope(write=at.on.firm.pk):
        settings = FirmSettings.objects.get_or_create(firm_id=at.on.firm.pk)[0]
        settings.settings = settings.settings | {"cases": {"auto": [rule]}}
        settings.save()
    at.bill(at.fresh_matter())
    at.sync()
    at.sync()
    assert_cleared(at)


def rounds(at: Scene, cents: str) -> Decimal:
    """QuickBooks takes the next invoice and makes its first line some cents more; gives what was billed."""
    at.faults.add("create invoice", 1, "drop_after")
    plan, store = at.faults, at.on.company.store["Invoice"]
    hit = plan.hit

    def edit_first(*operations: str) -> Any:
        if store and "cdc" in operations:
            plan.hit = hit  # type: ignore[method-assign]
            [invoice] = store.values()
            sold = [{**one} for one in invoice["Line"] if "SalesItemLineDetail" in one]
            for one in sold:
                one["SalesItemLineDetail"] = {"ItemRef": one["SalesItemLineDetail"]["ItemRef"]}
            sold[0]["Amount"] += Decimal(cents)
            backdoor.edit(at.on.company, "Invoice", invoice["Id"], {"Line": sold})
        return hit(*operations)

    plan.hit = edit_first  # type: ignore[method-assign]
    posted(at)
    return Decimal(at.postings(object_kind="invoice")[0].amount) / 100


def test_cents_within_the_firms_tolerance_get_one_rounding_line(plain: Scene) -> None:
    billed = rounds(plain, "0.02")
    case = only(plain)
    assert total(plain) == billed + Decimal("0.02")
    assert "Add one rounding line of $0.02" in page(case)

    press(case, "round")
    plain.sync()

    [invoice] = plain.store("Invoice")
    lines = [line for line in invoice["Line"] if "Rounding" in str(line.get("Description"))]
    assert [Decimal(str(line["Amount"])) for line in lines] == [Decimal("-0.02")]
    assert total(plain) == billed
    assert_cleared(plain)
    plain.sync()
    assert total(plain) == billed  # and nothing is sent again
    assert len(plain.postings(object_kind="invoice")) == 2


def test_beyond_the_tolerance_it_is_sent_once_more(plain: Scene) -> None:
    billed = rounds(plain, "0.03")
    case = only(plain)
    assert 'value="round:' not in page(case)

    press(case, "restore")
    plain.sync()

    assert total(plain) == billed
    assert_cleared(plain)
    plain.assert_ties()
