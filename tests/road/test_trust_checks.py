"""What is paid out of trust as checks of the books: made out to the right name, once, and all ties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.trust import setup
from syncapp.records.models import Attempt
from tests.road import books
from tests.road.clientmoney import END, assert_money, assert_walled, trust_file
from tests.road.own_accounts import OWN, assert_ties, below
from tests.road.test_trust_feed import purchase
from tests.stage import Stage, stage
from tests.trust import opened as at
from tests.trust import world as bank
from trust.models import PairChange, TrustPair
from trust.nouns import BankLine
from trust.queries import threeway
from trust.queries.pairs import pair_named, terms_of
from trust.threeway import What

CHECKS = {"disbursement_as": "check"}
TODAY = at.START + timedelta(days=9)


@pytest.fixture
def on(db: Any) -> Iterator[Stage]:
    """A firm whose disbursements and refunds are checks, with money in trust."""
    with stage(empty(), file=trust_file(**CHECKS)) as made:
        at.deposit(made, at.matter(made, "Acme"), "5000", day=at.START)
        yield made


def matter(on: Stage) -> int:
    return int(next(iter(on.world.tables["Matter"])))


def pays(on: Stage, payee: str, reference: str = "1043", amount: str = "60") -> Any:
    given = {"matter": matter(on), "amount": amount, "date": TODAY, "payee": payee, "reference": reference}
    return on.desk("trust_disbursement", **given)


def checks(on: Stage) -> dict[str, dict[str, Any]]:
    """The checks of the company, by number."""
    return {one["DocNumber"]: one for one in on.company.store["Purchase"].values()}


def journal(on: Stage) -> dict[str, dict[str, Any]]:
    return {one["DocNumber"]: one for one in on.company.store["JournalEntry"].values()}


def payee(on: Stage, check: dict[str, Any]) -> tuple[str, str]:
    """Whom a check pays: the list and the name there."""
    paid = check["EntityRef"]
    return paid["type"], on.company.store[paid["type"]][paid["value"]]["DisplayName"]


def named(on: Stage, name: str) -> list[str]:
    """In which lists of the company a name stands."""
    lists = ("Customer", "Vendor", "Employee")
    return [one for one in lists for row in on.company.store[one].values() if row["DisplayName"] == name]


def pair(on: Stage) -> TrustPair:
    with firm_scope(write=None, reads=[on.firm.pk]):
        found = pair_named(on.firm.pk, "IOLTA")
    assert found is not None
    return found


def ties(on: Stage) -> None:
    """Clio = Tieout = books per ledger on every day, three-way equal, and a second run moves nothing."""
    assert_money(on)
    assert_walled(on)
    books.assert_tieout(on)
    books.assert_idle(on)
    one = pair(on)
    with firm_scope(write=None, reads=[on.firm.pk]):
        found = threeway.as_of(one, one.start, END, bank=False)
    assert [row for row in found.differences if row.kind is not What.NEGATIVE] == []
    assert on.verify()["ok"], on.verify()


def test_checks_pay_a_new_payee_a_vendor_a_customer_an_employee_and_the_client(on: Stage) -> None:
    on.sync()
    vendor = backdoor.add(on.company, "Vendor", {"DisplayName": "Clerk of Court"})["Id"]
    backdoor.add(on.company, "Customer", {"DisplayName": "Dana Payee"})
    backdoor.add(on.company, "Employee", {"DisplayName": "Erin Staff"})
    rows = [
        pays(on, "New Expert: Ltd", "1041"),
        pays(on, "CLERK of court", "1042"),
        pays(on, "Dana Payee", "1043"),
        pays(on, "Erin Staff", "1044"),
        pays(on, "New Expert: Ltd", "1045"),
        on.desk("trust_refund", matter=matter(on), amount="40.01", date=TODAY, reference="1046"),
    ]

    on.sync()

    ties(on)
    made = checks(on)
    told = {row.id: next(c for n, c in made.items() if n.endswith(f"T{row.id}")) for row in rows}
    assert [payee(on, told[row.id]) for row in rows] == [
        ("Vendor", "New Expert - Ltd"),
        ("Vendor", "Clerk of Court"),
        ("Customer", "Dana Payee"),
        ("Employee", "Erin Staff"),
        ("Vendor", "New Expert - Ltd"),
        ("Customer", "Acme"),
    ]
    assert told[rows[1].id]["EntityRef"]["value"] == vendor
    for name in ("New Expert - Ltd", "Clerk of Court", "Dana Payee", "Erin Staff"):
        assert len(named(on, name)) == 1
    first = told[rows[0].id]
    assert (first["DocNumber"], first["PaymentType"], first["TxnDate"]) == (
        f"1041-T{rows[0].id}",
        "Check",
        TODAY.isoformat(),
    )
    assert f"Clio bank transaction {rows[0].id}" in first["PrivateNote"]
    (line,) = first["Line"]
    assert line["AccountBasedExpenseLineDetail"]["CustomerRef"]["value"]
    assert on.company.account("IOLTA Trust Account") == first["AccountRef"]["value"]
    assert len(journal(on)) == 1  # the deposit


def test_a_check_follows_clio_and_once_removed_is_reversed_on_its_date(on: Stage) -> None:
    row = pays(on, "Expert One")
    on.sync()
    (before,) = on.company.store["Purchase"]

    day = TODAY - timedelta(days=3)
    on.desk("edit_trust_row", row=row.id, amount="75.10", source="Expert Two", date=day)
    on.sync()

    ties(on)
    (check,) = on.company.store["Purchase"].values()
    assert check["Id"] == before
    assert payee(on, check) == ("Vendor", "Expert Two")
    assert str(check["TotalAmt"]) == "75.10"

    on.desk("remove_trust_row", row=row.id)
    on.sync()

    assert_money(on)
    books.assert_tieout(on)
    books.assert_idle(on)
    assert checks(on)[f"1043-T{row.id}"]["TotalAmt"] == check["TotalAmt"]
    assert journal(on)[f"1043-T{row.id}-K1"]["TxnDate"] == check["TxnDate"]


def test_what_a_bank_line_has_matched_is_corrected_later(on: Stage) -> None:
    row = pays(on, "Expert One")
    on.sync()
    bank.bank(
        pair(on), [BankLine(id="b1", day=TODAY, amount=-6000, check="1043", text="CHECK 1043")], last=TODAY
    )
    on.sync()

    on.desk("edit_trust_row", row=row.id, amount="50")
    on.sync()

    assert_money(on, but={})
    books.assert_tieout(on)
    assert str(checks(on)[f"1043-T{row.id}"]["TotalAmt"]) == "60.00"
    assert journal(on)[f"1043-T{row.id}-K1"]["TxnDate"] >= TODAY.isoformat()


@pytest.mark.parametrize("what", ["vendor", "purchase"])
@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_an_answer_that_is_lost_makes_no_second_payee_and_no_second_check(
    on: Stage, what: str, fault: str
) -> None:
    on.sync()
    row = pays(on, "Expert One")
    on.qbo.state.faults.add(f"create {what}", 1, fault)

    on.sync()

    assert [kind for _, kind in on.qbo.state.faults.fired] == [fault]
    assert named(on, "Expert One") == ["Vendor"]
    assert list(checks(on)) == [f"1043-T{row.id}"]
    ties(on)


def test_a_name_that_quickbooks_got_meanwhile_is_used_and_one_that_sleeps_is_a_case(on: Stage) -> None:
    asleep = backdoor.add(on.company, "Vendor", {"DisplayName": "Old Expert"})["Id"]
    backdoor.set_active(on.company, "Vendor", asleep, active=False)
    on.sync()
    with firm_scope(write=None, reads=[on.firm.pk]):
        assert not Attempt.objects.filter(firm_id=on.firm.pk, posting__object_kind="vendor").exists()
    rows = [pays(on, "Old Expert", "1043"), pays(on, "Late Name", "1044")]
    late = backdoor.add(on.company, "Employee", {"DisplayName": "Late Name"})["Id"]
    on.company.touched.pop(("Employee", late))  # its notice and its change never arrive

    on.sync()
    on.sync()

    made = checks(on)
    assert payee(on, made[f"1044-T{rows[1].id}"]) == ("Employee", "Late Name")
    (case,) = [one for one in on.exceptions() if one["code"] == "inactive_payee"]
    assert "inactive in QuickBooks" in case["cause"]
    assert f"1043-T{rows[0].id}" not in made

    backdoor.set_active(on.company, "Vendor", asleep, active=True)
    on.sync()
    ties(on)
    assert payee(on, checks(on)[f"1043-T{rows[0].id}"]) == ("Vendor", "Old Expert")
    assert len(on.company.store["Vendor"]) == len(
        {v["DisplayName"] for v in on.company.store["Vendor"].values()}
    )


def test_a_changed_setting_moves_nothing_that_is_posted(db: Any) -> None:
    with stage(empty(), file=trust_file()) as on:
        at.deposit(on, at.matter(on, "Acme"), "5000", day=at.START)
        old = pays(on, "Expert One", "1043")
        on.sync()
        change(on, "check")
        new = pays(on, "Expert One", "1044")
        on.sync()

        assert list(checks(on)) == [f"1044-T{new.id}"]
        assert f"1043-T{old.id}" in journal(on)
        ties(on)
        change(on, "journal")
        for row in (old, new):
            on.desk("edit_trust_row", row=row.id, amount="70")
        on.sync()

        assert str(checks(on)[f"1044-T{new.id}"]["TotalAmt"]) == "70.00"
        assert len(checks(on)) == 1
        assert not [number for number in journal(on) if "-K" in number]
        ties(on)


def change(on: Stage, how: str) -> None:
    """A partner approves how what is paid out posts from now on."""
    one = pair(on)
    partner, _ = User.objects.get_or_create(email="partner@ash-birch.test")
    with firm_scope(write=None, reads=[on.firm.pk]):
        terms = replace(terms_of(one), disbursement_as=how)
    asked = setup.ask(pair=one, terms=terms, by=on.person, now=timezone.now())
    assert isinstance(asked, PairChange)
    assert setup.approve(change=asked, by=partner, now=timezone.now()) is None


def test_our_own_check_is_no_twin_and_one_that_somebody_enters_beside_it_is_a_case(on: Stage) -> None:
    row = pays(on, "Expert One", "1043")
    on.sync()
    other = pays(on, "Expert One", "", amount="60")
    on.sync()
    assert sorted(checks(on)) == [f"1043-T{row.id}", f"T{other.id}"]
    ties(on)
    twin = purchase(on, "60.00", day=TODAY, check="1043")

    on.sync()

    (case,) = on.exceptions()
    (alarm,) = case["alarms"]
    assert case["code"] == "trust_twin_late"
    assert f"beside the check 1043-T{row.id}" in alarm["reason"]
    backdoor.delete(on.company, "Purchase", twin)
    on.sync()
    assert on.exceptions() == []


def test_a_check_stands_on_the_ledgers_own_account(db: Any) -> None:
    with stage(empty(), file=at.file_with(OWN | CHECKS)) as on:
        at.deposit(on, at.matter(on, "Acme"), "5000", day=at.START)
        row = pays(on, "Expert One")

        on.sync()

        (line,) = checks(on)[f"1043-T{row.id}"]["Line"]
        detail = line["AccountBasedExpenseLineDetail"]
        assert [detail["AccountRef"]["value"]] == [one["Id"] for one in below(on).values()]
        assert "CustomerRef" not in detail
        assert_ties(on)
