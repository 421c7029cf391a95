"""A part of a payment that a processor took out of a payout is owed again, and the rest pays as before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.core.planning.returns import RETURNED, Said
from syncapp.emulators.clio.world import empty
from syncapp.pipeline.cases import choices
from syncapp.pipeline.deposits import parts, payouts, taken
from tests import cast
from tests.delivery.test_payouts import DAY, balance, bring, codes, paying
from tests.delivery.test_taken import FIRST, HEADS, LATER, newest, payout, post, record, remove
from tests.road import books
from tests.road.closing import case_of, close
from tests.road.test_closed_gone import taken_out
from tests.road.test_hands_closed import page, say
from tests.stage import Stage, Standing, standing
from tests.trust.opened import IOLTA, file_with

PART = "po_2,11/18/2026,chargeback,-{amount},15.00,-{net},Ada,Ada,\n"
FILE = f"{HEADS}\npo_2,11/18/2026,payment,3000.00,87.00,2913.00,Ben,Ben,\n" + PART.format(
    amount="480.00", net="495.00"
)
WON = f"{HEADS}\npo_3,11/30/2026,chargeback_reversal,480.00,-15.00,495.00,Ada,Ada,\n"


@pytest.fixture(scope="module")
def stood(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    """A firm with two card payments of $2,000.00 and $3,000.00, the first of them deposited."""
    world = empty()
    for name, amount in (("Ada", "2000"), ("Ben", "3000")):
        paying(world, name, amount)
    file = file_with(
        IOLTA,
        deposits=[{"otherwise": "Undeposited Funds"}],
        payouts={"fees": "Bank Charges", "aged_after": 90},
    )
    with django_db_blocker.unblock(), standing(world, file=file, synced=True) as made:
        yield made


@pytest.fixture
def firm(stood: Standing, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), stood.fresh() as made:
        bring(made, FIRST)
        post(made, "po_1", DAY)
        yield made


def lowered(on: Stage, amount: str) -> None:
    """Lower Ada's payment in Clio to an amount."""
    [paid] = [one for one in on.world.tables["Payment"].values() if one.reference == "Ada"]
    on.desk("edit_payment", payment=paid.id, amount=amount)
    on.sync()


def tell_first(on: Stage, key: str, what: str = parts.PART) -> None:
    """Say of a row what is offered first: its reference is the payment's."""
    [row] = payout(on, key).missing
    with firm_scope(write=None, reads=[on.firm.pk]):
        first = taken.candidates(firm_id=on.firm.pk, books_id=on.books.pk, charge=row)[0]
    assert first.what == what
    refused = taken.say(
        firm_id=on.firm.pk, books_id=on.books.pk, charge_id=row.pk, answer=first.answer, by=on.person,
        now=timezone.now(),
    )  # fmt: skip
    assert refused is None
    on.sync()


def chosen_again(on: Stage, key: str) -> None:
    """Press “Choose again” on the rows of a payout that were told, and let that take effect."""
    one = payout(on, key)
    said = {row.pk: "" for row in one.charges if row.chosen}
    back, _ = payouts.choose(
        firm_id=on.firm.pk, payout_id=one.payout.pk, said=said, by=on.person, now=timezone.now()
    )
    assert back == len(said) > 0
    on.sync()


@pytest.mark.parametrize("relinked", [True, False])
def test_a_part_charged_back_is_owed_again_and_the_rest_stays_paid(firm: Stage, *, relinked: bool) -> None:
    firm.company.switches.deposited_relink_ok = relinked
    owed = balance(firm, "Accounts Receivable")
    bring(firm, FILE)
    firm.sync()
    tell_first(firm, "po_2")

    assert codes(firm) == ["returned_not_removed"], "Clio still counts it"
    [case] = firm.exceptions()
    assert "charged back $480.00 of the payment, and Clio still counts that" in case["alarms"][0]["reason"]
    assert case["amount"] == "480.00"
    told = page(firm, case_of(firm, "returned_not_removed"))
    assert "Lower the payment in Clio by it" in told
    assert "Remove the payment" not in told
    assert balance(firm, "Accounts Receivable") == owed + 480
    lowered(firm, "1520")
    post(firm, "po_2")

    assert newest(firm)["TotalAmt"] == Decimal("2418.00")  # 3,000 less 87, less 480 and 15
    assert balance(firm, "Operating Bank") == 1942 + 2418
    assert balance(firm, "Undeposited Funds") == 0
    assert balance(firm, "Accounts Receivable") == owed + 480
    assert codes(firm) == [], "Clio counts it no longer"
    books.assert_tieout(firm)
    books.assert_idle(firm)


@pytest.mark.parametrize("relinked", [True, False])
def test_a_dispute_about_a_part_that_was_won_gives_it_back(firm: Stage, *, relinked: bool) -> None:
    firm.company.switches.deposited_relink_ok = relinked
    owed = balance(firm, "Accounts Receivable")
    bring(firm, FILE)
    firm.sync()
    tell_first(firm, "po_2")
    post(firm, "po_2")
    bring(firm, WON)
    firm.sync()
    tell_first(firm, "po_3", parts.WON_PART)
    assert balance(firm, "Accounts Receivable") == owed
    chosen_again(firm, "po_3")
    assert balance(firm, "Accounts Receivable") == owed + 480
    tell_first(firm, "po_3", parts.WON_PART)
    post(firm, "po_3", DAY + timedelta(days=18))

    assert newest(firm)["TotalAmt"] == Decimal("495.00")
    assert balance(firm, "Accounts Receivable") == owed
    assert balance(firm, "Undeposited Funds") == 0
    assert codes(firm) == []
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_two_parts_and_then_the_rest_are_the_whole_payment_and_no_more(firm: Stage) -> None:
    owed = balance(firm, "Accounts Receivable")
    for key, amount in (("po_2", "480.00"), ("po_3", "520.00")):
        bring(
            firm,
            f"{HEADS}\n{PART.format(amount=amount, net=amount).replace('15.00', '0').replace('po_2', key)}",
        )
        firm.sync()
        tell_first(firm, key)
        post(firm, key)
    assert balance(firm, "Accounts Receivable") == owed + 1000
    bring(firm, f"{HEADS}\npo_4,11/20/2026,chargeback,-1000.01,0,-1000.01,Ada,Ada,\n")
    firm.sync()
    of_ben = record(firm, "Ben")
    [row] = payout(firm, "po_4").missing
    with firm_scope(write=None, reads=[firm.firm.pk]):
        found = taken.candidates(firm_id=firm.firm.pk, books_id=firm.books.pk, charge=row)
    assert [one.client_id for one in found if one.what == parts.PART] == [of_ben.client_id], "a cent too much"
    lowered(firm, "1000")
    assert balance(firm, "Accounts Receivable") == owed + 1000
    books.assert_tieout(firm)

    bring(firm, f"{HEADS}\npo_5,11/20/2026,chargeback,-1000.00,0,-1000.00,Ada,Ada,\n")
    firm.sync()
    tell_first(firm, "po_5")
    remove(firm, "Ada")
    firm.sync()
    assert "payment_removed" not in codes(firm), "all of it is owed again: nobody is asked"
    assert balance(firm, "Accounts Receivable") == owed + 2000
    books.assert_tieout(firm)


def test_the_rest_of_a_removed_payment_is_asked_about_and_comes_back_beside_the_part(firm: Stage) -> None:
    owed = balance(firm, "Accounts Receivable")
    bring(firm, FILE)
    firm.sync()
    tell_first(firm, "po_2")
    remove(firm, "Ada")
    firm.sync()
    [case] = [one for one in firm.exceptions() if one["code"] == "payment_removed"]
    assert case["amount"] == "1520.00"
    refused = choices.returned(
        firm_id=firm.firm.pk, case_id=case["case"], said=Said(what=RETURNED, day=LATER), by=firm.person,
        now=timezone.now(),
    )  # fmt: skip
    assert refused is None
    firm.sync()
    post(firm, "po_2")

    assert balance(firm, "Accounts Receivable") == owed + 2000
    assert balance(firm, "Operating Bank") == 1942 + 2418 - 1520
    assert balance(firm, "Undeposited Funds") == 0
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_a_part_of_a_payment_of_closed_books_is_dated_in_the_open_ones(firm: Stage) -> None:
    owed = balance(firm, "Accounts Receivable")
    close(firm, date(2026, 11, 30))
    bring(firm, FILE)
    firm.sync()
    tell_first(firm, "po_2")
    [entry] = [
        one for one in firm.company.store["JournalEntry"].values() if "CB-" in one.get("DocNumber", "")
    ]
    assert entry["TxnDate"] == "2026-12-01"
    assert balance(firm, "Accounts Receivable") == owed + 480
    lowered(firm, "1520")
    assert balance(firm, "Accounts Receivable") == owed + 480
    assert codes(firm) == [], "Clio counts it no longer"
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_on_the_page_a_part_names_the_payment_that_it_is_of(firm: Stage) -> None:
    browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
    bring(firm, FILE)
    firm.sync()
    address = f"/deposits/payouts/{payout(firm, 'po_2').payout.pk}/"
    page = browser.get(address).content.decode()
    assert "A part of a payment charged back: Ada, Ada, 12 Nov 2026, of $2,000.00" in page


def test_an_entry_of_a_part_that_somebody_deletes_is_posted_once_more(firm: Stage) -> None:
    owed = balance(firm, "Accounts Receivable")
    bring(firm, FILE)
    firm.sync()
    tell_first(firm, "po_2")
    lowered(firm, "1520")
    [entry] = firm.company.store["JournalEntry"].values()
    taken_out(firm, "JournalEntry", entry["Id"], "delete")
    firm.sync()
    assert say(firm, case_of(firm, "changed_in_books"), "restore") is None
    firm.sync()
    post(firm, "po_2")

    assert balance(firm, "Accounts Receivable") == owed + 480
    assert balance(firm, "Undeposited Funds") == 0
    assert codes(firm) == [], "Clio counts it no longer"
    books.assert_tieout(firm)
    books.assert_idle(firm)


@pytest.mark.parametrize("what", [parts.PART, taken.CHARGED_BACK])
def test_what_was_chosen_by_mistake_is_chosen_again_and_its_entry_leaves(firm: Stage, what: str) -> None:
    owed = balance(firm, "Accounts Receivable")
    amount = "2000.00" if what == taken.CHARGED_BACK else "480.00"
    bring(firm, FILE.replace("-480.00", f"-{amount}").replace("-495.00", f"-{Decimal(amount) + 15}"))
    firm.sync()
    tell_first(firm, "po_2", what)
    assert balance(firm, "Accounts Receivable") == owed + Decimal(amount)
    one = payout(firm, "po_2")
    [row] = [each for each in one.charges if each.chosen]
    browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
    address = f"/deposits/payouts/{one.payout.pk}/"
    told = browser.post(f"{address}choose/", {f"charge-{row.pk}": ""}, follow=True).content.decode()
    assert "taken out of the books with the run that begins now" in told
    firm.sync()

    assert balance(firm, "Accounts Receivable") == owed
    assert not firm.company.store["JournalEntry"]
    assert codes(firm) == ["taken_from_payout"]
    books.assert_tieout(firm)
    tell_first(firm, "po_2", what)
    post(firm, "po_2")
    assert "Choose again" not in browser.get(address).content.decode()
    refused = browser.post(f"{address}choose/", {f"charge-{row.pk}": ""}, follow=True).content.decode()
    assert "deposited already" in refused
    assert balance(firm, "Accounts Receivable") == owed + Decimal(amount)
