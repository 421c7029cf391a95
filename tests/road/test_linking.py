"""A record that waits is linked to what a person finds in QuickBooks, instead of posted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.desk.queries import linking as finding
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.world import small
from syncapp.pipeline.adoption import accepting, linking
from syncapp.records.models import BookRow, Hold, Link, Proposal
from tests.road.acts import fresh
from tests.road.byhand import links, typed
from tests.stage import Stage, Standing, standing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stood(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    with django_db_blocker.unblock(), standing(small(7), synced=True) as set_:
        yield set_


@pytest.fixture
def firm(stood: Standing) -> Iterator[Stage]:
    with stood.fresh() as set_:
        yield set_


def held(on: Stage, bill: Bill) -> Hold | None:
    with firm_scope(write=None, reads=[on.firm.pk]):
        rows = Hold.objects.filter(firm=on.firm, source_id=bill.id, alarm=False, closed_at__isnull=True)
        return rows.select_related("document", "case").first()


def link(on: Stage, bill: Bill, remote_id: str, *, partner: bool = False) -> str | None:
    hold = held(on, bill)
    assert hold is not None
    with firm_scope(write=None, reads=[on.firm.pk]):
        row = BookRow.objects.get(firm=on.firm, kind="invoice", remote_id=remote_id)
    return linking.link(
        firm_id=on.firm.pk, hold_id=hold.pk, row_id=row.pk, partner=partner, by=on.person, now=timezone.now()
    )


def taken_number(on: Stage) -> Bill:
    """A bill that waits: its number is that of another invoice."""
    bill = fresh(on)
    typed(on, bill, bill.number, amount="12.00")
    return bill


def test_a_bill_that_waits_is_found_linked_undone_and_its_links_are_kept(firm: Stage) -> None:
    bill = taken_number(firm)
    there = typed(firm, bill, "HAND-9")
    firm.sync()
    hold = held(firm, bill)
    assert hold is not None
    before = len(firm.company.store["Invoice"])
    with firm_scope(write=None, reads=[firm.firm.pk]):
        offers = finding.offers(hold=hold, text="hand-9", partner=False)
        near = finding.offers(hold=hold, text="", partner=False)
    assert [one.row.remote_id for one in offers] == [there]
    assert offers[0].differs[0] == f"number HAND-9 instead of {bill.number}"
    assert offers[0].refused == ""
    assert near[0].row.remote_id == there  # the nearest in amount comes first

    assert link(firm, bill, there) is None
    firm.sync()
    assert held(firm, bill) is None
    assert links(firm, bill) == [(there, True)]
    assert len(firm.company.store["Invoice"]) == before

    with firm_scope(write=None, reads=[firm.firm.pk]):
        proposal = Proposal.objects.get(firm=firm.firm, subject=f"bills/{bill.id}", state="adopted")
    assert accepting.undo(
        firm_id=firm.firm.pk, books_id=firm.books.pk, proposal_id=proposal.pk, by=firm.person,
        now=timezone.now(),
    ) is None  # fmt: skip
    firm.sync()
    assert links(firm, bill) == [(there, False)]
    assert held(firm, bill) is not None
    assert len(firm.company.store["Invoice"]) == before


def test_what_may_not_be_linked_says_why(firm: Stage) -> None:
    bill = taken_number(firm)
    with firm_scope(write=None, reads=[firm.firm.pk]):
        theirs = Link.objects.filter(firm=firm.firm, subject__startswith="contacts/", live=True)
        stands = {link.subject: link.remote_id for link in theirs}
    mine = f"contacts/{bill.client_id}"
    stranger = next(remote for subject, remote in stands.items() if subject != mine)
    apart = typed(firm, bill, "HAND-1", amount="12.50")
    anothers = typed(firm, bill, "HAND-2", customer=stranger)
    there = typed(firm, bill, "HAND-3")
    firm.sync()
    told = link(firm, bill, apart)
    assert told is not None
    assert told.endswith(" apart.")
    assert "the books $12.50" in told
    assert link(firm, bill, anothers) == linking.ANOTHERS
    hold = held(firm, bill)
    assert hold is not None
    hold.document.of_trust = True
    row = BookRow(kind="invoice", total=hold.document.amount)
    for partner, said in ((False, linking.PARTNERS_ONLY), (True, "")):
        told = linking.refusal(hold.document, row, partner=partner, taken=False, client=None)
        assert told == said
    assert link(firm, bill, there) is None
    with firm_scope(write=None, reads=[firm.firm.pk]):
        row = BookRow.objects.get(firm=firm.firm, kind="invoice", remote_id=there)
        assert linking.taken(row)
        row.total = hold.document.amount
    assert linking.refusal(hold.document, row, partner=True, taken=True, client=None) == linking.TWICE
