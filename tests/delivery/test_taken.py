"""What a processor takes out of a payout: chargebacks, refunds and fees tie to the bank and their origin."""

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
from syncapp.core.planning.returns import CHARGEBACK, Said
from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.world import empty
from syncapp.pipeline import answers
from syncapp.pipeline.cases import choices
from syncapp.pipeline.deposits import actions, payouts, taken
from syncapp.pipeline.deposits.payouts import Grouped
from syncapp.records.models import BankDeposit, Document, Payout
from tests import cast
from tests.delivery.test_payouts import DAY, balance, bring, codes, paying
from tests.road import books
from tests.stage import Stage, Standing, standing
from tests.trust.opened import IOLTA, file_with

HEADS = "Payout ID,Date,Type,Gross,Fee,Net,Reference,Description,Account"
LATER = DAY + timedelta(days=6)
FIRST = f"{HEADS}\npo_1,11/12/2026,payment,2000.00,58.00,1942.00,Ada,Ada,\n"
BACK = "po_2,11/18/2026,chargeback,-2000.00,15.00,-2015.00,Ada,Ada,\n"
SECOND = f"{HEADS}\npo_2,11/18/2026,payment,3000.00,87.00,2913.00,Ben,Ben,\n{BACK}"


@pytest.fixture(scope="module")
def stood(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    """A firm with two card payments, client money in trust, and a retainer in operating."""
    world = empty()
    for name, amount in (("Ada", "2000"), ("Ben", "3000")):
        paying(world, name, amount)
    client = do(world, "create_client", name="Dee")
    matter = do(world, "create_matter", client=client.id, description="Purchase", open_date=DAY)
    do(world, "trust_deposit", matter=matter.id, amount=Decimal(3000), date=DAY)
    file = file_with(
        IOLTA,
        deposits=[{"otherwise": "Undeposited Funds"}],
        payouts={"fees": "Bank Charges", "aged_after": 90},
        retainers={"liability": "Client Retainers Operating", "item": "Operating Retainer"},
    )
    with django_db_blocker.unblock(), standing(world, file=file, synced=True) as made:
        yield made


@pytest.fixture
def firm(stood: Standing, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), stood.fresh() as made:
        yield made


def payout(on: Stage, key: str) -> Grouped:
    with firm_scope(write=None, reads=[on.firm.pk]):
        rows = list(Payout.objects.filter(firm=on.firm, key=key).prefetch_related("deposits"))
        return payouts.grouped(firm_id=on.firm.pk, books_id=on.books.pk, payouts=rows)[0]


def post(on: Stage, key: str, day: date = LATER) -> BankDeposit:
    one = payout(on, key)
    assert one.ready, (one.missing, one.grouping, one.coming)
    slip = actions.Slip(
        day=day, bank=on.company.account("Operating Bank"), keys=one.keys, payout=one.payout.pk, fee=one.fee,
        trust_fee=one.trust_fee,
    )  # fmt: skip
    made = actions.make(firm_id=on.firm.pk, books_id=on.books.pk, slip=slip, by=on.person, now=timezone.now())
    assert isinstance(made, BankDeposit), made
    on.sync()
    return made


def tell(on: Stage, key: str, what: str) -> None:
    """Say on the payout what its one unexplained row was, and let it post."""
    [row] = payout(on, key).missing
    with firm_scope(write=None, reads=[on.firm.pk]):
        offered = taken.candidates(firm_id=on.firm.pk, books_id=on.books.pk, charge=row)
    [answer] = [one.answer for one in offered if one.what == what]
    said: dict[str, Any] = {"answer": answer, "by": on.person, "now": timezone.now()}
    assert taken.say(firm_id=on.firm.pk, books_id=on.books.pk, charge_id=row.pk, **said) is None
    on.sync()


def record(on: Stage, reference: str) -> Document:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return Document.objects.get(firm=on.firm, kind="payment", number=reference)


def newest(on: Stage) -> Any:
    return on.company.store["Deposit"][max(on.company.store["Deposit"], key=int)]


def remove(on: Stage, reference: str) -> None:
    [paid] = [one for one in on.world.tables["Payment"].values() if one.reference == reference]
    on.desk("remove_payment", payment=paid.id)


def test_a_chargeback_is_owed_again_and_its_payout_is_what_the_bank_shows(firm: Stage) -> None:
    bring(firm, FIRST)
    post(firm, "po_1", DAY)
    owed = balance(firm, "Accounts Receivable")

    bring(firm, SECOND)
    firm.sync()
    [case] = [one for one in firm.exceptions() if one["code"] == "taken_from_payout"]
    assert "A chargeback of $2,000.00" in case["cause"]
    assert case["alarms"][0]["amount"] == "-2000.00"
    tell(firm, "po_2", taken.CHARGED_BACK)
    assert "taken_from_payout" not in codes(firm)
    assert "returned_not_removed" in codes(firm), "Clio still counts it"
    remove(firm, "Ada")
    firm.sync()
    post(firm, "po_2")

    deposit = newest(firm)
    assert deposit["TotalAmt"] == Decimal("898.00")  # 3,000 less 87, less 2,000 and 15
    linked = {
        line["LinkedTxn"][0]["TxnType"]: line["Amount"] for line in deposit["Line"] if line.get("LinkedTxn")
    }
    assert linked == {"Payment": 3000, "JournalEntry": -2000}
    assert balance(firm, "Operating Bank") == 1942 + 898
    assert balance(firm, "Undeposited Funds") == 0
    assert balance(firm, "Bank Charges") == 58 + 87 + 15
    assert balance(firm, "Accounts Receivable") == owed + 2000
    assert balance(firm, "IOLTA Trust Account") == 3000
    assert codes(firm) == [], "Clio counts it no longer"
    paid = record(firm, "Ada")
    with firm_scope(write=None, reads=[firm.firm.pk]):
        assert "CB-" in str(answers.trace(paid))
    books.assert_tieout(firm)
    books.assert_idle(firm)


@pytest.mark.parametrize("relinked", [False, True])
def test_a_dispute_that_was_won_gives_it_back(firm: Stage, *, relinked: bool) -> None:
    firm.company.switches.deposited_relink_ok = relinked
    bring(firm, FIRST)
    post(firm, "po_1", DAY)
    owed = balance(firm, "Accounts Receivable")
    bring(firm, SECOND)
    firm.sync()
    tell(firm, "po_2", taken.CHARGED_BACK)
    post(firm, "po_2")
    assert balance(firm, "Accounts Receivable") == owed + 2000

    bring(firm, f"{HEADS}\npo_3,11/30/2026,chargeback_reversal,2000.00,-15.00,2015.00,Ada,Ada,\n")
    firm.sync()
    tell(firm, "po_3", taken.WON)
    post(firm, "po_3", DAY + timedelta(days=18))

    assert newest(firm)["TotalAmt"] == Decimal("2015.00")
    assert balance(firm, "Accounts Receivable") == owed
    assert balance(firm, "Undeposited Funds") == 0
    assert balance(firm, "Bank Charges") == 58 + 87
    assert balance(firm, "Operating Bank") == 1942 + 898 + 2015
    assert codes(firm) == []
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_a_removed_payment_that_the_processor_took_back_waits_for_its_payout(firm: Stage) -> None:
    bring(firm, FIRST)
    post(firm, "po_1", DAY)
    remove(firm, "Ada")
    firm.sync()
    [case] = [one for one in firm.exceptions() if one["code"] == "payment_removed"]
    refused = choices.returned(
        firm_id=firm.firm.pk, case_id=case["case"], said=Said(what=CHARGEBACK, day=LATER), by=firm.person,
        now=timezone.now(),
    )  # fmt: skip
    assert refused is None
    firm.sync()

    bring(firm, SECOND)
    assert payout(firm, "po_2").ready, "found by amount and day, nobody is asked again"
    post(firm, "po_2")

    assert newest(firm)["TotalAmt"] == Decimal("898.00")
    assert codes(firm) == []
    books.assert_tieout(firm)


def test_a_refund_that_clio_has_goes_out_with_the_payout_and_not_by_a_check(firm: Stage) -> None:
    client = record(firm, "Ada").client_id
    firm.desk("operating_deposit", client=client, amount="700", reference="W-1", date=DAY)
    firm.sync()
    firm.desk("refund_operating", client=client, amount="200", reference="W-2", date=LATER)
    firm.sync()
    assert "unmapped" in codes(firm), "no check is drawn on Undeposited Funds"

    bring(
        firm,
        f"{HEADS}\npo_4,11/16/2026,payment,2000.00,58.00,1942.00,Ada,Ada,\n"
        "po_4,11/16/2026,refund,-200.00,-5.80,-194.20,W-2,Ada,\n",
    )
    firm.sync()
    tell(firm, "po_4", taken.REFUNDED)
    [row] = [one for one in payout(firm, "po_4").charges if one.chosen]
    kept = payouts.choose(
        firm_id=firm.firm.pk, payout_id=row.payout_id, said={row.pk: ""}, by=firm.person, now=timezone.now()
    )
    assert kept == (0, 1), "it has posted, and stays what it is"
    post(firm, "po_4")

    assert newest(firm)["TotalAmt"] == Decimal("1747.80")
    assert balance(firm, "Client Retainers Operating") == -500
    assert not firm.company.store["Purchase"]
    books.assert_tieout(firm)


def test_a_fee_row_and_a_payout_that_took_more_than_it_brought(firm: Stage) -> None:
    bring(firm, FIRST)
    post(firm, "po_1", DAY)
    bring(
        firm,
        f"{HEADS}\npo_5,11/18/2026,fee,-25.00,0,-25.00,M-11,Monthly fee,\n{BACK.replace('po_2', 'po_5')}"
        "po_5,11/18/2026,adjustment,-3.00,0,-3.00,A-1,Rounding,\n",
    )
    firm.sync()
    [back] = [one for one in payout(firm, "po_5").missing if one.kind == "chargeback"]
    [odd] = [one for one in payout(firm, "po_5").missing if one.kind == "adjustment"]
    for row, answer in ((odd, taken.FEE), (back, f"{taken.CHARGED_BACK}:{record(firm, 'Ada').pk}")):
        refused = taken.say(
            firm_id=firm.firm.pk, books_id=firm.books.pk, charge_id=row.pk, answer=answer, by=firm.person,
            now=timezone.now(),
        )  # fmt: skip
        assert refused is None
    firm.sync()
    post(firm, "po_5")

    assert newest(firm)["TotalAmt"] == 0
    remove(firm, "Ada")
    firm.sync()
    assert balance(firm, "Operating Bank") == 1942 - 2000 - 15 - 25 - 3
    assert balance(firm, "Undeposited Funds") == 3000, "Ben's still waits"
    assert balance(firm, "Bank Charges") == 58 + 15 + 25 + 3
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_a_chargeback_of_client_money_is_recorded_in_clio_first_and_its_fee_is_the_firms(firm: Stage) -> None:
    trust = "po_6,11/18/2026,chargeback,-3000.00,15.00,{net},T-1,Dee,IOLTA trust\n"
    assert "was taken out of client money" in str(bring(firm, f"{HEADS}\n{trust.format(net='-3015.00')}"))
    bring(firm, f"{HEADS}\n{trust.format(net='-3000.00')}")
    firm.sync()

    [case] = [one for one in firm.exceptions() if one["code"] == "taken_from_payout"]
    assert case["severity"] == "trust"
    assert "Record the return in Clio" in case["alarms"][0]["reason"]
    [row] = payout(firm, "po_6").missing
    with firm_scope(write=None, reads=[firm.firm.pk]):
        assert taken.candidates(firm_id=firm.firm.pk, books_id=firm.books.pk, charge=row) == []
    rows = firm.world.tables["BankTransaction"].values()
    [deposited] = [one for one in rows if one.transaction_type == "Trust Deposit"]
    firm.desk("return_deposit", row=deposited.id, date=LATER)
    firm.sync()
    post(firm, "po_6")

    assert balance(firm, "Bank Charges") == 15
    assert balance(firm, "Operating Bank") == -15
    assert balance(firm, "IOLTA Trust Account") == 0
    assert "taken_from_payout" not in codes(firm)
    books.assert_tieout(firm)


def test_by_the_pages_a_person_says_what_it_was_and_sees_the_entry(firm: Stage) -> None:
    browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
    bring(firm, FIRST)
    post(firm, "po_1", DAY)
    bring(firm, SECOND)
    firm.sync()
    [case] = [one for one in firm.exceptions() if one["code"] == "taken_from_payout"]
    one = payout(firm, "po_2")
    address = f"/deposits/payouts/{one.payout.pk}/"
    assert f'href="{address}"' in browser.get(f"/exceptions/{case['case']}/").content.decode()

    page = browser.get(address).content.decode()
    assert "1 row of payout po_2 is not explained by Clio." in page
    for said in ("Payment charged back: Ada, Ada, 12 Nov 2026", "A fee or an adjustment"):
        assert said in page
    assert "Accounts receivable" in page
    [row] = one.missing
    answer = f"chargeback:{record(firm, 'Ada').pk}"
    told = browser.post(f"{address}choose/", {f"told-{row.pk}": answer}, follow=True).content.decode()
    assert "waits for an entry that posts with the next run" in told
    firm.sync()
    assert "Chargeback found" in browser.get(address).content.decode()
    assert (
        "The card processor, out of a payout"
        in browser.get(f"/records/{record(firm, 'Ben').pk}/returned/").content.decode()
    )
