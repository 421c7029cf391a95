"""A processor's payout becomes one deposit with its fee; client money arrives whole (bookkeeper 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.deposits import actions, payouts, waiting
from syncapp.pipeline.deposits.payouts import Brought, Grouped
from syncapp.records.models import BankDeposit, Payout
from tests import cast
from tests.road import books
from tests.stage import Stage, Standing, standing
from tests.trust.opened import IOLTA, file_with

DAY = date(2026, 11, 12)
HEADS = "Payout ID,Date,Gross,Fee,Net,Reference,Description"
SCENARIO = f"""{HEADS}
po_1,11/12/2026,"2,000.00",58.00,"1,942.00",R-1,Ada
po_1,11/12/2026,"1,500.00",43.50,"1,456.50",R-2,Ben
po_1,11/12/2026,"1,500.00",43.50,"1,456.50",R-3,Cy
po_1,11/12/2026,"3,000.00",87.00,"3,000.00",T-1,Dee
"""


def paying(world: World, name: str, amount: str) -> None:
    """A client who pays a bill by card."""
    client = do(world, "create_client", name=name)
    matter = do(world, "create_matter", client=client.id, description="Supply dispute", open_date=DAY)
    user = next(iter(world.tables["User"]))
    work = do(world, "create_time", hours="20.0", matter=matter.id, user=user, date=DAY)
    bill = do(world, "draft_bill", activities=[work.id], issued_at=DAY)
    do(world, "approve_bill", bill=bill.id)
    do(world, "record_payment", bills=[bill.id], amount=amount, reference=name, date=DAY, method="card")


@pytest.fixture(scope="module")
def stood(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    """A firm with three card payments, and client money of the same day."""
    world = empty()
    for name, amount in (("Ada", "2000"), ("Ben", "1500"), ("Cy", "1500")):
        paying(world, name, amount)
    client = do(world, "create_client", name="Dee")
    matter = do(world, "create_matter", client=client.id, description="Purchase", open_date=DAY)
    do(world, "trust_deposit", matter=matter.id, amount=Decimal(3000), date=DAY)
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
        yield made


def bring(on: Stage, file: str) -> Brought | str:
    return payouts.bring(
        firm_id=on.firm.pk, books_id=on.books.pk, name="payouts.csv", data=file.encode(), currency="USD",
        by=on.person, now=timezone.now(),
    )  # fmt: skip


def grouped(on: Stage) -> Grouped:
    with firm_scope(write=None, reads=[on.firm.pk]):
        rows = list(Payout.objects.filter(firm=on.firm).prefetch_related("deposits"))
        return payouts.grouped(firm_id=on.firm.pk, books_id=on.books.pk, payouts=rows)[0]


def post(on: Stage, one: Grouped, *, apart: bool = True) -> BankDeposit | str:
    slip = actions.Slip(
        day=DAY, bank=on.company.account("Operating Bank"), keys=one.keys, payout=one.payout.pk,
        fee=one.payout.fee, trust_fee=one.trust_fee, apart=apart,
    )  # fmt: skip
    return actions.make(firm_id=on.firm.pk, books_id=on.books.pk, slip=slip, by=on.person, now=timezone.now())


def codes(on: Stage) -> list[str]:
    return sorted(one["code"] for one in on.exceptions())


def balance(on: Stage, name: str) -> Decimal:
    return Decimal(on.company.ledger.balance(on.company.account(name))) / 100


def test_three_payments_less_the_fee_are_the_banks_4855(firm: Stage) -> None:
    trust = balance(firm, "IOLTA Trust Account")
    assert bring(firm, SCENARIO) == Brought(fresh=1, known=0)
    assert bring(firm, SCENARIO) == Brought(fresh=0, known=1)
    one = grouped(firm)
    assert (one.ready, one.payout.net, one.trust_fee) == (True, 485_500, 8_700)

    assert isinstance(post(firm, one), BankDeposit)
    assert "deposit" in str(post(firm, one))  # once
    firm.sync()

    (deposit,) = firm.company.store["Deposit"].values()
    linked = [line for line in deposit["Line"] if line.get("LinkedTxn")]
    (fee,) = [line for line in deposit["Line"] if not line.get("LinkedTxn")]
    assert deposit["TotalAmt"] == Decimal("4855.00")
    assert sorted(line["Amount"] for line in linked) == [1500, 1500, 2000]
    assert fee["Amount"] == Decimal("-145.00")
    assert fee["DepositLineDetail"]["AccountRef"]["value"] == firm.company.account("Bank Charges")
    assert balance(firm, "Bank Charges") == 232  # 145.00, and 87.00 of client money
    assert balance(firm, "Operating Bank") == 4855 - 87
    assert balance(firm, "IOLTA Trust Account") == trust == 3000  # whole
    assert balance(firm, "Undeposited Funds") == 0
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_the_fee_of_client_money_may_come_out_of_the_payout(firm: Stage) -> None:
    bring(firm, SCENARIO)
    assert isinstance(post(firm, grouped(firm), apart=False), BankDeposit)
    firm.sync()

    (deposit,) = firm.company.store["Deposit"].values()
    assert deposit["TotalAmt"] == Decimal("4768.00")
    assert [line["Amount"] for line in deposit["Line"] if not line.get("LinkedTxn")] == [-145, -87]
    assert not [
        row
        for row in firm.company.store["JournalEntry"].values()
        if str(row.get("DocNumber")).startswith("PF")
    ]
    books.assert_tieout(firm)


def test_a_charge_that_no_payment_explains_is_a_case_and_holds_its_payout(firm: Stage) -> None:
    bring(firm, f"{SCENARIO}po_1,11/12/2026,250.00,7.25,242.75,R-9,Eve\n")
    firm.sync()
    assert codes(firm) == ["charge_without_payment"]
    (told,) = firm.exceptions()[0]["alarms"]
    assert (told["kind"], told["number"], told["amount"]) == ("payouts", "R-9", "250.00")
    assert "clio_id" not in told
    assert [charge.reference for charge in grouped(firm).missing] == ["R-9"]
    assert not grouped(firm).ready

    paying(firm.world, "Eve", "250")
    firm.sync()

    assert grouped(firm).ready
    assert codes(firm) == []


def test_what_two_payments_fit_is_a_persons_choice(firm: Stage) -> None:
    bring(firm, f"{HEADS}\npo_2,11/12/2026,1500.00,43.50,1456.50,R-2,Ben\n")
    one = grouped(firm)
    (charge,), (fits,) = one.grouping.doubtful, one.grouping.doubtful.values()
    assert (len(fits), one.ready) == (2, False)

    payouts.choose(
        firm_id=firm.firm.pk, payout_id=one.payout.pk, said={charge: fits[1].key}, by=firm.person,
        now=timezone.now(),
    )  # fmt: skip

    assert grouped(firm).keys == [fits[1].key]
    assert grouped(firm).ready


def test_a_payout_that_somebody_deposited_in_quickbooks_is_seen(firm: Stage) -> None:
    with firm_scope(write=None, reads=[firm.firm.pk]):
        waits = waiting.read(firm_id=firm.firm.pk, books_id=firm.books.pk).waits
    made = backdoor.deposit(
        firm.company, [one.place[1] for one in waits], account=firm.company.account("Operating Bank"), day=DAY
    )
    firm.sync()
    bring(firm, SCENARIO)

    assert grouped(firm).deposited == made["Id"]
    assert not grouped(firm).ready
    assert codes(firm) == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("po_1,11/12/2026,100.00,2.90,97.00,R,A", "Row 2 does not add up: 100.00 less 2.90 is not 97.00."),
        ("po_1,,100.00,2.90,97.10,R,A", "Row 2 has no date"),
        ("", "holds no charge"),
    ],
)
def test_a_file_that_does_not_add_up_is_refused_whole(firm: Stage, row: str, words: str) -> None:
    assert words in str(bring(firm, f"{HEADS}\n{row}\n"))
    with firm_scope(write=None, reads=[firm.firm.pk]):
        assert not Payout.objects.filter(firm=firm.firm).exists()


def test_a_fee_out_of_client_money_is_refused_and_a_file_without_heads_says_what_it_lacks(
    firm: Stage,
) -> None:
    taken = f"{HEADS},Account\npo_1,11/12/2026,3000.00,87.00,2913.00,T,Dee,IOLTA trust\n"

    assert "was taken out of client money" in str(bring(firm, taken))
    assert "No column says the payout, the fee, net" in str(bring(firm, "Date,Amount\n11/12/2026,5.00\n"))


def test_by_the_pages_from_the_banks_line_to_the_posted_deposit(firm: Stage) -> None:
    browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
    bank = firm.company.account("Operating Bank")
    assert "3 receipts of" in browser.get("/deposits/").content.decode()

    line = browser.get("/deposits/slip/", {"day": str(DAY), "amount": "4855.00", "fee": "145.00"})
    ticked = re.findall(r'name="waits" value="([^"]+)"', line.content.decode())
    assert len(ticked) == 3
    assert "Bank Charges" in line.content.decode()
    none = browser.get(
        "/deposits/slip/", {"day": str(DAY), "amount": "4855.01", "fee": "145.00"}, follow=True
    )
    assert "No set of receipts comes to that amount" in none.content.decode()
    refused = browser.post("/deposits/slip/", {"day": str(DAY), "bank": "", "waits": ticked})
    assert refused.status_code == 422
    made = browser.post(
        "/deposits/slip/", {"day": str(DAY), "bank": bank, "fee": "145.00", "waits": ticked}, follow=True
    )
    assert "Deposit D" in made.content.decode()
    firm.sync()

    (deposit,) = firm.company.store["Deposit"].values()
    assert deposit["TotalAmt"] == Decimal("4855.00")
    for address in ("/deposits/", "/deposits/made/", "/deposits/payouts/", made.redirect_chain[-1][0]):
        assert browser.get(address).status_code == 200
    assert "In the books" in browser.get("/deposits/made/").content.decode()


def test_by_the_pages_from_the_file_to_the_case_and_the_deposit(firm: Stage) -> None:
    browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
    file = SimpleUploadedFile("payouts.csv", f"{SCENARIO}po_2,11/12/2026,9.00,0.30,8.70,X,Zed\n".encode())
    told = browser.post("/deposits/payouts/bring/", {"books": firm.books.pk, "file": file}, follow=True)
    assert "2 payouts brought in." in told.content.decode()

    whole, lacking = (one.pk for one in _payouts(firm))
    page = browser.get(f"/deposits/payouts/{lacking}/").content.decode()
    assert "1 row of payout po_2 is not explained by Clio." in page
    case = re.search(r'href="(/exceptions/\d+/)"', page)
    assert case is not None
    assert f'href="/deposits/payouts/{lacking}/"' in browser.get(case[1]).content.decode()
    asked = {"day": str(DAY), "bank": firm.company.account("Operating Bank"), "apart": "apart"}
    refused = browser.post(f"/deposits/payouts/{lacking}/post/", asked, follow=True)
    assert "Look again" in refused.content.decode()
    page = browser.get(f"/deposits/payouts/{whole}/").text
    assert re.search(r"<td[^>]*>Operating Bank<", page)
    browser.post(f"/deposits/payouts/{whole}/post/", asked)
    assert "payout po_1" in browser.get("/deposits/made/").content.decode()
    firm.sync()
    assert "Deposited here" in browser.get("/deposits/payouts/").content.decode()


def _payouts(on: Stage) -> list[Payout]:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return list(Payout.objects.filter(firm=on.firm).order_by("key"))
