"""Every event of client money arrives in the books with its ledger named, touches nothing else, and ties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from syncapp.emulators.clio.world import small
from tests.road import books
from tests.road.acts import TODAY, Act, fresh
from tests.road.clientmoney import assert_money, assert_walled, trust_file
from tests.stage import Stage, stage


@pytest.fixture
def firm(db: Any) -> Iterator[Stage]:
    """A small firm whose trust account is set up."""
    with stage(small(7), file=trust_file()) as set_:
        yield set_


def arrives(firm: Stage, *acts: Act, last: bool = True) -> None:
    """After these acts everything ties on every day; after the last, nothing moves when nothing happens."""
    for act in acts:
        act(firm)
    books.assert_control(firm.sync().counts)
    assert_money(firm)
    assert_walled(firm)
    if last:
        books.assert_tieout(firm)
        books.assert_idle(firm)
        assert firm.verify()["ok"], firm.verify()
        assert not [row for case in firm.exceptions() for row in case["holds"] if "trust" in row["code"]]


def entry(firm: Stage, number: str) -> dict[str, Any]:
    """One journal entry of the company by its number."""
    return next(e for e in firm.company.store["JournalEntry"].values() if e.get("DocNumber") == number)


def matter(firm: Stage, place: int) -> int:
    return int([m.id for m in firm.world.tables["Matter"].values()][place])


def test_deposits_disbursements_and_refunds_name_their_ledger_check_and_payee(firm: Stage) -> None:
    made: list[Any] = []
    where = matter(firm, 1)

    arrives(
        firm,
        lambda f: made.append(
            f.desk("trust_deposit", matter=where, amount="5000", reference="311", source="Ada Payer")
        ),
        lambda f: made.append(
            f.desk("trust_disbursement", matter=where, amount="60", payee="Clerk of Court", reference="1043")
        ),
        lambda f: f.desk("trust_refund", matter=where, amount="40.01"),
    )

    posted = entry(firm, f"1043-T{made[1].id}")
    lines = [line["Description"] for line in posted["Line"]]
    assert all("Clerk of Court, check 1043" in text for text in lines)
    assert f"Clio bank transaction {made[1].id}" in posted["PrivateNote"]
    assert f"/search/?q={made[1].id}" in posted["PrivateNote"]


def test_requests_transfers_interest_and_charges_arrive(firm: Stage) -> None:
    asked: list[Any] = []
    one, other = matter(firm, 1), matter(firm, 2)
    owner = next(m.client_id for m in firm.world.tables["Matter"].values() if m.id == one)

    arrives(
        firm,
        lambda f: f.desk("firm_funds", amount="200"),
        lambda f: asked.append(f.desk("trust_request", client=owner, matter=one, amount="900")),
        lambda f: f.desk("pay_trust_request", bill=asked[0].id, reference="ACH 12"),
        lambda f: f.desk("matter_transfer", source=one, destination=other, amount="250.25"),
        lambda f: f.desk("trust_interest", amount="3.17"),
        lambda f: f.desk("bank_charge", amount="15"),
        lambda f: f.desk("trust_interest", amount="-3.17"),
    )


def test_a_payment_from_trust_is_two_entries_of_one_movement(firm: Stage) -> None:
    bill = fresh(firm, matter=2)
    where, paid = bill.matter_ids[0], []

    arrives(
        firm,
        lambda f: f.desk("trust_deposit", matter=where, amount="5000"),
        lambda f: paid.append(f.desk("pay_from_trust", bill=bill.id, amount="120", reference="1044")),
    )

    leg = entry(firm, f"1044-P{paid[0].id}")
    payment = next(
        p
        for p in firm.company.store["Payment"].values()
        if p["TotalAmt"] == 120 and p["PaymentRefNum"] == "1044"
    )
    landed = firm.company.store["Account"][payment["DepositToAccountRef"]["value"]]["Name"]
    assert landed == "Operating Bank"
    assert leg["TxnDate"] == payment["TxnDate"] == paid[0].date.isoformat()


def test_what_is_edited_or_removed_in_clio_changes_in_the_books(firm: Stage) -> None:
    where = matter(firm, 1)
    deposited = firm.desk("trust_deposit", matter=where, amount="500", reference="77")
    arrives(firm, last=False)
    arrives(
        firm,
        lambda f: f.desk("edit_trust_row", row=deposited.id, amount="510.10"),
        lambda f: f.desk("edit_trust_row", row=deposited.id, date=TODAY - timedelta(days=3)),
        last=False,
    )
    arrives(firm, lambda f: f.desk("remove_trust_row", row=deposited.id))

    reversal = entry(firm, f"77-T{deposited.id}-K1")
    assert reversal["TxnDate"] == entry(firm, f"77-T{deposited.id}")["TxnDate"]


def test_the_trust_leg_posts_although_the_bill_is_held(firm: Stage) -> None:
    firm.sync()
    bill = fresh(firm, matter=2)
    firm.desk("trust_deposit", matter=bill.matter_ids[0], amount="5000")
    firm.desk("pay_from_trust", bill=bill.id, amount="120")
    bill.number = "N" * 30

    firm.sync()

    assert_money(firm)
    held = {row["kind"] for case in firm.exceptions() for row in case["holds"]}
    assert held == {"bills", "allocations"}
    bill.number = "N-30"
    firm.world.touch(bill)
    arrives(firm)
