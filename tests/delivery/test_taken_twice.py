"""A payment of which something went back before: what a processor takes of it after that."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.nouns import Bill
from syncapp.pipeline.deposits import parts, taken
from tests.delivery import test_taken_parts as whole
from tests.delivery.test_payouts import balance, bring, codes
from tests.delivery.test_taken import HEADS, payout, post, record
from tests.delivery.test_taken_parts import FILE, lowered, tell_first
from tests.road import books
from tests.road.acts import owed
from tests.road.test_refunds_deposited import back
from tests.stage import Stage, Standing

stood = whole.stood
firm = whole.firm


@pytest.fixture
def overpaid(stood: Standing, django_db_blocker: Any) -> Iterator[Stage]:
    """The firm, before any payout, and Ada's bill made smaller by $500.00 than what she paid on it."""
    with django_db_blocker.unblock(), stood.fresh() as made:
        bill = of_ada(made)
        made.desk("edit_line", line=bill.line_ids[0], quantity=str((2000 - 500) / Decimal(rate(bill, made))))
        made.sync()
        yield made


def of_ada(on: Stage) -> Bill:
    client = record(on, "Ada").client_id
    [bill] = [one for one in on.world.all(Bill) if one.client_id == client]
    return bill


def rate(bill: Bill, on: Stage) -> Decimal:
    """What an hour of a bill of twenty hours costs."""
    [paid] = [one for one in on.world.tables["Payment"].values() if one.reference == "Ada"]
    return (owed(on, bill) + Decimal(paid.amount)) / 20


def offered(on: Stage, key: str) -> set[tuple[str, int | None]]:
    """What the rows of a payout are offered as, and of whom."""
    missing = payout(on, key).missing
    with firm_scope(write=None, reads=[on.firm.pk]):
        return {
            (one.what, one.client_id)
            for row in missing
            for one in taken.candidates(firm_id=on.firm.pk, books_id=on.books.pk, charge=row)
        }


def test_a_payment_with_a_part_charged_back_is_not_charged_back_whole(firm: Stage) -> None:
    bring(firm, f"{HEADS}\npo_3,11/20/2026,chargeback,-2000.00,0,-2000.00,,,\n")
    ada, ben = record(firm, "Ada").client_id, record(firm, "Ben").client_id
    assert offered(firm, "po_3") == {(taken.CHARGED_BACK, ada), (parts.PART, ben), (taken.FEE, None)}
    bring(firm, FILE)
    firm.sync()
    tell_first(firm, "po_2")

    assert offered(firm, "po_3") == {(parts.PART, ben), (taken.FEE, None)}


def test_a_part_of_a_payment_whose_rest_was_paid_back_is_owed_again(overpaid: Stage) -> None:
    on = overpaid
    before = balance(on, "Accounts Receivable")
    back(on, of_ada(on).client_id, Decimal(500))
    assert balance(on, "Accounts Receivable") == before + 500
    bring(on, f"{HEADS}\npo_1,11/18/2026,payment,2000.00,0,2000.00,Ada,Ada,\n")
    bring(on, FILE.replace("-480.00", "-1600.00").replace("-495.00", "-1615.00"))
    on.sync()
    tell_first(on, "po_2")
    lowered(on, "400")
    post(on, "po_1")
    post(on, "po_2")

    assert balance(on, "Accounts Receivable") == before + 500 + 1600
    assert balance(on, "Undeposited Funds") == -500, "the refund leaves with a payout of its own"
    assert codes(on) == ["refund_unbacked"], "what went back twice is owed, and that is said"
    books.assert_tieout(on)
    books.assert_idle(on)
