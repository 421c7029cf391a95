"""Costs on an invoice of their own: one bill is two invoices, and a payment pays them in the firm's order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.desk.queries import cash
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.world import small
from syncapp.pipeline import answers
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import read
from syncapp.records.models import Document
from tests.road import books
from tests.road.acts import TODAY, arrives, fresh, owed
from tests.road.undone import record, undo
from tests.stage import Stage, Standing, firm_file, standing

pytestmark = pytest.mark.django_db
COSTS = Decimal("131.29")  # 95.00, 33.33 and its tax


@pytest.fixture(scope="module")
def stood(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    file = firm_file(invoices={"costs": "own"})
    with django_db_blocker.unblock(), standing(small(7), file=file, synced=True) as set_:
        yield set_


@pytest.fixture
def firm(stood: Standing) -> Iterator[Stage]:
    with stood.fresh() as set_:
        yield set_


def invoices(on: Stage, bill: Bill) -> dict[str, dict[str, Any]]:
    """The invoices of a bill that stand, by their number."""
    rows = on.company.store["Invoice"].values()
    return {
        row["DocNumber"]: row for row in rows if row["DocNumber"] in {bill.number, f"{bill.number}-COSTS"}
    }


def applied(on: Stage) -> list[tuple[str, Decimal]]:
    """What the newest payment pays: numbers with amounts."""
    newest = on.company.store["Payment"][max(on.company.store["Payment"], key=int)]
    numbers = {key: row["DocNumber"] for key, row in on.company.store["Invoice"].items()}
    return [(numbers[line["LinkedTxn"][0]["TxnId"]], line["Amount"]) for line in newest["Line"]]


def choose(on: Stage, **invoices: str) -> None:
    """The firm chooses otherwise, and publishes."""
    on.file["books"][0]["invoices"].update(invoices)
    apply(read(yaml.safe_dump(on.file, sort_keys=False)), now=timezone.now())


def test_a_part_payment_pays_the_costs_first_by_one_payment_over_both(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    fees = owed(firm, bill) - COSTS
    both = invoices(firm, bill)
    assert {number: row["TotalAmt"] for number, row in both.items()} == {
        bill.number: fees,
        f"{bill.number}-COSTS": COSTS,
    }
    assert len({row["CustomerRef"]["value"] for row in both.values()}) == 1

    firm.desk("record_payment", bills=[bill.id], amount="150", reference="P-1")
    firm.sync()

    assert applied(firm) == [(f"{bill.number}-COSTS", COSTS), (bill.number, 150 - COSTS)]
    with firm_scope(write=None, reads=[firm.firm.pk]):
        told = answers.trace(Document.objects.get(firm=firm.firm, kind="bill", source_id=bill.id))
        month = cash.report(
            firm_id=firm.firm.pk,
            books=firm.books,
            first=TODAY.replace(day=1),
            last=TODAY + timedelta(days=30),
        )
    assert f"{bill.number}-COSTS" in str(told)
    assert bill.number not in {row.number for row in month.rows}, "QuickBooks shows it as the firm does"
    books.assert_ties(firm)
    books.assert_tieout(firm)


def test_it_is_edited_credited_paid_and_taken_back_like_any_bill(firm: Stage) -> None:
    bill, other = fresh(firm), fresh(firm, hours="2.0")
    paid: list[Any] = []

    arrives(
        firm,
        lambda f: paid.append(f.desk("record_payment", bills=[bill.id], amount="100", reference="P-1")),
        lambda f: f.desk("edit_payment", payment=paid[0].id, amount="310.25"),
        lambda f: f.desk("credit_note", bill=bill.id, amount="100.01", description="Goodwill"),
        lambda f: f.desk("edit_line", line=other.line_ids[1], price="310.20"),
        lambda f: f.desk("move_payment", payment=paid[0].id, bill=other.id),
        lambda f: f.desk("record_payment", bills=[bill.id], amount=str(owed(f, bill)), reference="P-2"),
        lambda f: f.desk("remove_payment", payment=paid[0].id),
        lambda f: f.desk("back_to_draft", bill=other.id),
        lambda f: f.desk("approve_bill", bill=other.id),
        lambda f: f.desk("void_bill", bill=other.id),
    )


def test_what_was_posted_stays_as_it_was_when_the_firm_chooses_otherwise(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    firm.desk("record_payment", bills=[bill.id], amount="100", reference="P-1")
    firm.sync()

    choose(firm, costs="together", paid_first="fees")
    after = fresh(firm, hours="2.0")
    firm.desk("record_payment", bills=[bill.id], amount="100", reference="P-2")
    firm.sync()

    assert applied(firm) == [(f"{bill.number}-COSTS", COSTS - 100), (bill.number, 200 - COSTS)]
    assert list(invoices(firm, after)) == [after.number]
    choose(firm, costs="own")
    firm.desk("edit_line", line=after.line_ids[0], quantity="2.5")
    firm.sync()
    assert list(invoices(firm, after)) == [after.number]
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_undone_and_sent_again_it_stands_by_the_rule_of_today(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    whole = owed(firm, bill)
    choose(firm, costs="together")

    undo(firm, [record(firm, "bill", bill.id)], again=True)
    firm.sync()

    standing_ = {number: row["TotalAmt"] for number, row in invoices(firm, bill).items() if row["TotalAmt"]}
    assert standing_ == {bill.number: whole}
    books.assert_tieout(firm)
    books.assert_idle(firm)
