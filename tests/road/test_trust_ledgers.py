"""A client ledger below zero posts and alarms at once; made good, the alarm ends and the dip stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.tenancy import firm_scope
from syncapp.core.planning.trust.dips import dips
from syncapp.core.planning.trust.rest import overdrawing, resting
from syncapp.emulators.clio.desk_bank import account
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.world import small
from tests.road.acts import TODAY, fresh
from tests.road.clientmoney import assert_money, trust_file
from tests.stage import Stage, stage
from trust.models import LedgerDip
from trust.nouns import Movement


@pytest.fixture
def firm(db: Any) -> Iterator[Stage]:
    """A small firm whose trust account is set up."""
    with stage(small(7), file=trust_file()) as set_:
        yield set_


def alarms(firm: Stage) -> list[str]:
    """What is said of ledgers below zero."""
    cases = [case for case in firm.exceptions() if case["code"] == "trust_negative"]
    assert all(case["severity"] == "trust" and not case["holds"] for case in cases)
    return [row["reason"] for case in cases for row in case["alarms"]]


def seen(firm: Stage) -> list[tuple[str, int, date | None]]:
    with firm_scope(write=None, reads=[firm.firm.pk]):
        rows = LedgerDip.objects.filter(firm_id=firm.firm.pk).order_by("id")
        return list(rows.values_list("ledger", "lowest", "until"))


def test_a_ledger_below_zero_posts_and_alarms_until_it_is_made_good(firm: Stage) -> None:
    client = firm.desk("create_client", name="Low Ltd.").id
    where = firm.desk("create_matter", client=client, description="Lease", open_date=TODAY).id
    row = firm.desk("trust_deposit", matter=where, amount="500", date=TODAY)
    firm.desk(
        "trust_disbursement", matter=where, amount="450", payee="Clerk", reference="1043",
        date=TODAY + timedelta(days=1),
    )  # fmt: skip
    firm.sync()
    assert not alarms(firm)

    firm.desk("edit_trust_row", row=row.id, amount="300")
    firm.sync()
    assert_money(firm)
    (words,) = alarms(firm)
    assert "$150.00 below zero in IOLTA since 1 Nov 2026, by $450.00 (Clerk, check 1043" in words
    assert "Low Ltd." in words
    assert seen(firm) == [(f"matters/{where}", -15000, None)]

    firm.desk("trust_deposit", matter=where, amount="200", date=TODAY + timedelta(days=2))
    firm.sync()
    assert not alarms(firm)
    again = [(f"matters/{where}", -15000, None), (f"matters/{where}", -15000, TODAY + timedelta(days=2))]
    assert seen(firm) == again

    firm.desk("edit_trust_row", row=row.id, amount="299.99")
    firm.desk("trust_disbursement", matter=where, amount="49.99", payee="Clerk")
    firm.desk("edit_trust_row", row=row.id, amount="0.01")
    firm.sync()
    first, further = alarms(firm)
    assert "by $450.00 (Clerk, check 1043" in first, "the same movement alarms again"
    assert further.startswith("$49.99 was paid to Clerk out of matter")


@pytest.mark.parametrize("linked", [True, False])
def test_a_bill_paid_on_the_day_of_its_deposit_was_never_below_zero(firm: Stage, linked: bool) -> None:
    firm.world.switches.bank_rows_linked = linked
    bill = fresh(firm, matter=2)
    where, bank = bill.matter_ids[0], account(firm.world, "Trust").id
    held = trust_balance(firm.world, matter=where, bank=bank)
    firm.desk("trust_refund", matter=where, amount=str(held), date=TODAY - timedelta(days=1))

    firm.desk("trust_deposit", matter=where, amount="120", date=TODAY)
    firm.desk("pay_from_trust", bill=bill.id, amount="120", date=TODAY)
    firm.sync()

    assert not [ledger for ledger, _, _ in seen(firm) if ledger == f"matters/{where}"]


def test_a_dip_within_one_day_is_told_apart() -> None:
    day = date(2026, 4, 3)
    rows = [("1", day, 500), ("2", day, -700), ("3", day, 300), ("4", day + timedelta(days=1), -50)]
    moved = [
        Movement(subject=f"bank_transactions/{key}", day=when, amount=cents, ledgers=(("matters/5", cents),))
        for key, when, cents in rows
    ]

    (found,) = dips(moved)

    assert (found.subject, found.lowest, found.until, found.intraday) == (
        "bank_transactions/2",
        -200,
        day,
        True,
    )
    untagged = [Movement(subject="opening", day=day, amount=0, ledgers=(("trust/untagged", -5), ("", -5)))]
    assert not dips(untagged)


def test_a_firm_may_hold_what_would_take_a_ledger_below_zero(db: Any) -> None:
    file = {**trust_file(), "client_money": {"below_zero": "hold", "waiting_days": {"check": 30}}}
    with stage(small(7), file=file) as firm:
        day = firm.today()
        client = firm.desk("create_client", name="Low Ltd.").id
        where = firm.desk("create_matter", client=client, description="Lease", open_date=TODAY).id
        row = firm.desk("trust_deposit", matter=where, amount="500", date=TODAY, reference="77")
        firm.desk("trust_disbursement", matter=where, amount="450", payee="Clerk", date=day)
        firm.desk("edit_trust_row", row=row.id, amount="300")
        firm.sync()
        held = [case for case in firm.exceptions() if case["code"] == "trust_below_zero"]
        assert [row["reason"][:24] for case in held for row in case["holds"]] == ["$150.00 too little stand"]
        assert_money(firm, but={f"matters/{where}": -45000})

        firm.desk("trust_deposit", matter=where, amount="200", date=day, reference="78")
        firm.sync()
        assert_money(firm)
        rests = [case for case in firm.exceptions() if case["code"] == "trust_uncleared_funds"]
        assert "rests with $" in rests[0]["cause"]
        assert "below" not in {case["code"] for case in firm.exceptions()}


def test_a_ledger_rests_on_deposits_until_the_firms_days_are_over() -> None:
    day = date(2026, 4, 1)

    def of(key: int, amount: int, kind: str, check: str = "") -> Movement:
        ledgers = (("matters/5", amount),)
        return Movement(
            subject=f"bank_transactions/{key}",
            day=day,
            amount=amount,
            ledgers=ledgers,
            kind=kind,
            check=check,
        )

    moved = [of(1, 500, "deposit", "77"), of(2, 100, "deposit"), of(3, -450, "disbursement")]
    waits = {"check": 7, "other": 1}

    (found,) = resting(moved, waits, day)
    assert (found.amount, found.until, found.subject) == (450, day + timedelta(days=7), "bank_transactions/3")
    (later,) = resting(moved, waits, day + timedelta(days=1))
    assert later.amount == 350
    assert not resting(moved, waits, day + timedelta(days=7))
    assert not resting(moved[:2], waits, day)
    assert overdrawing([*moved, of(4, -200, "disbursement")]) == {"bank_transactions/4": -50}
    assert not overdrawing([*moved, of(4, -200, "disbursement"), of(5, 50, "deposit")])
