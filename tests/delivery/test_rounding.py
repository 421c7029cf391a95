"""A bill of Clio that is a cent off posts with one rounding line, or waits with both amounts (F32)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import read
from tests.delivery.scene import Scene, scene
from tests.stage import firm_file

pytestmark = pytest.mark.django_db


def off(at: Scene, cents: str) -> None:
    """A bill whose total is some cents more than its lines."""
    bill = at.bill(at.fresh_matter(), approve=False)
    bill.off = Decimal(cents)
    at.on.desk("approve_bill", bill=bill.id)


def test_within_the_firms_cents_it_posts_and_ties_and_beyond_them_it_waits() -> None:
    with scene(file=firm_file(rounding={"item": "Write-offs", "up_to": "0.02"})) as at:
        off(at, "0.02")
        off(at, "-0.03")
        at.sync()

        [invoice] = at.store("Invoice")
        lines = [line for line in invoice["Line"] if "Rounding" in line.get("Description", "")]
        assert [Decimal(str(line["Amount"])) for line in lines] == [Decimal("0.02")]
        [hold] = at.holds()
        assert hold.code == "bill_does_not_add_up"
        assert "$0.03 apart. This firm rounds up to $0.02." in hold.words
        told = at.on.tieout()
        for kind in ("invoices", "receivables"):
            figures = told["kinds"][kind]
            assert Decimal(figures["difference"]) == Decimal(figures["queued"]) > 0


def test_a_firm_that_says_nothing_rounds_nothing() -> None:
    with scene() as at:
        off(at, "0.01")
        at.sync()

        assert not at.store("Invoice")
        [hold] = at.holds()
        assert hold.words.endswith("$0.01 apart. This firm rounds nothing.")


def test_a_bill_that_cannot_be_used_waits_under_its_number_and_for_its_amount() -> None:
    def told(**facts: str) -> Problem:
        return Problem(
            code="bill_without_client", fix=Fix.CLIO, words="No client.", cause="bills/7", facts=facts
        )

    assert read.legible(told(bill_number="1042", told_amount="71.5"), "USD") == {
        "number": "1042",
        "amount": 7150,
    }
    assert read.legible(told(told_amount="0.001"), "USD") == {}
    assert read.legible(told(), "USD") == {}
