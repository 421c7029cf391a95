"""What a person answers: a number that stands in the books already, and links that are to be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, Grant
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo import backdoor, seed
from syncapp.emulators.qbo.company import Company
from syncapp.pipeline import connect
from syncapp.pipeline.cases import choices
from syncapp.records.models import Case, Link
from tests import cast
from tests.stage import Stage, connect_both, stage

NUMBER = "1"


def _bill(world: World) -> Bill:
    return next(bill for bill in world.all(Bill) if bill.number == NUMBER)


def _typed(company: Company, *, day: str, amount: str) -> dict[str, Any]:
    """An invoice that somebody typed into the books before, under the number of Clio's first bill."""
    customer = backdoor.add(company, "Customer", {"DisplayName": "Somebody typed before"})
    item = seed.item(company, "Legal Fees")
    line = {
        "Amount": amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": item}},
    }
    given = {"CustomerRef": {"value": customer["Id"]}, "DocNumber": NUMBER, "TxnDate": day, "Line": [line]}
    return backdoor.add(company, "Invoice", given)


@pytest.fixture
def world() -> World:
    return small(7)


def _choose(firm: Stage, answer: str) -> str | None:
    with firm_scope(write=None, reads=[firm.firm.pk]):
        case = Case.objects.get(firm=firm.firm, code="duplicate_number", closed_at__isnull=True)
    return choices.choose(
        firm_id=firm.firm.pk, case_id=case.pk, answer=answer, by=firm.person, now=timezone.now()
    )


def _invoices(company: Company) -> list[str]:
    return sorted(str(row["DocNumber"]) for row in company.store["Invoice"].values())


@pytest.fixture
def clash(db: Any, world: World, request: pytest.FixtureRequest) -> Iterator[Stage]:
    company = seed.law_firm()
    bill = _bill(world)
    amount = str(sums(world, bill).due) if request.param == "same" else "12.34"
    _typed(company, day=str(bill.issued_at), amount=amount)
    with stage(world, company=company) as set_:
        set_.sync()
        yield set_


@pytest.mark.parametrize("clash", ["same"], indirect=True)
def test_the_same_invoice_is_linked_and_nothing_is_posted(clash: Stage, client: Client) -> None:
    before = _invoices(clash.company)
    assert before.count(NUMBER) == 1
    held = [row for case in clash.exceptions() for row in case["holds"] if row["code"] == "duplicate_number"]
    assert {row["kind"] for row in held} >= {"bills"}
    cast.second_factor(clash.person)
    page = cast.sign_in(client, clash.person).get(reverse("desk:tieout"), {"queued": "no"}).text
    assert f"Case open: Invoice {NUMBER} stands in QuickBooks already" in page

    assert _choose(clash, "link") is None
    with firm_scope(write=None, reads=[clash.firm.pk]):
        told = AuditEvent.objects.get(firm=clash.firm, verb="case.number_chosen")
    assert audit.sentence(told).endswith(f"the number of invoice {NUMBER}: it is the same, and linked")
    clash.sync()

    assert _invoices(clash.company) == before
    assert not [case for case in clash.exceptions() if case["code"] == "duplicate_number"]


@pytest.mark.parametrize("clash", ["other"], indirect=True)
def test_another_invoice_is_renumbered_by_rule_and_never_linked(clash: Stage) -> None:
    assert "cannot be linked" in (_choose(clash, "link") or "")
    assert "Say whether" in (_choose(clash, "perhaps") or "")

    assert _choose(clash, "renumber") is None
    clash.sync()

    assert {NUMBER, f"{NUMBER}-C"} <= set(_invoices(clash.company))
    assert not [case for case in clash.exceptions() if case["code"] == "duplicate_number"]


def test_every_posting_has_its_sentence_in_the_log(db: Any, world: World) -> None:
    with stage(world) as firm:
        firm.sync()
        with firm_scope(write=None, reads=[firm.firm.pk]):
            told = AuditEvent.objects.filter(firm=firm.firm, verb="posting.created").count()
            assert told == Link.objects.filter(firm=firm.firm, live=True, adopted=False).count()
        assert firm.verify()["checks"]["audit"]["ok"]


def _disconnect(firm: Stage, grant: Grant) -> None:
    connect.disconnect(firm_id=firm.firm.pk, grant_id=grant.pk, by=firm.person, now=timezone.now())


def _forget(firm: Stage, typed: str) -> str:
    refused = connect.purge(
        firm_id=firm.firm.pk, books_id=firm.books.pk, typed_name=typed, by=firm.person, now=timezone.now()
    )
    return refused or ""


def test_disconnecting_keeps_every_link_and_forgetting_is_apart(db: Any, world: World) -> None:
    with stage(world) as firm:
        firm.sync()
        with firm_scope(write=None, reads=[firm.firm.pk]):
            grant = Grant.objects.get(firm=firm.firm, provider="qbo")
            links = Link.objects.filter(firm=firm.firm, live=True).count()
        assert "Disconnect QuickBooks first" in _forget(firm, firm.company.name)

        _disconnect(firm, grant)
        with firm_scope(write=None, reads=[firm.firm.pk]):
            assert Link.objects.filter(firm=firm.firm, live=True).count() == links
        connect_both(firm)
        before = _invoices(firm.company)
        assert firm.sync().counts["posted"] == 0

        _disconnect(firm, grant)
        assert "Nothing was forgotten" in _forget(firm, "another company")
        assert _forget(firm, firm.company.name) == ""
        connect_both(firm)
        firm.sync()
        assert _invoices(firm.company) == before  # held, never doubled
        assert "stands_already" in {case["code"] for case in firm.exceptions()}
