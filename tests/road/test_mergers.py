"""Customers that somebody merges in QuickBooks: one case, and the client stands on the other."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.nouns import Matter
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo import backdoor, hooks, merging, query
from syncapp.http.errors import Refused
from syncapp.pipeline.contacts import relinking
from syncapp.pipeline.notices import hearing
from syncapp.qbo.client import QuickBooks
from syncapp.records.models import BookRow, Case, Link, Merger, TieOut
from tests.road import books
from tests.road.acts import fresh
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


def clients(on: Stage) -> list[tuple[int, str]]:
    """Two clients with transactions, and their customers."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        links = dict(
            Link.objects.filter(firm=on.firm, subject__startswith="contacts/", live=True).values_list(
                "subject", "remote_id"
            )
        )
    billed = {one.client_id for one in on.world.all(Matter)}
    return [(int(key[9:]), links[key]) for key in sorted(links) if int(key[9:]) in billed][:2]


def matter_of(on: Stage, client: int) -> int:
    """Where in the list of matters one of a client stands."""
    return next(at for at, one in enumerate(on.world.all(Matter)) if one.client_id == client)


def merge(on: Stage, gone: str, kept: str, *, told: bool) -> None:
    """A person merges two customers; QuickBooks says so by webhook, or only shows what changed."""
    switches = on.company.switches
    switches.merge_touches = switches.merge_tells = not told
    on.company.webhook_url = "https://ours.test" if told else ""
    on.company.events.clear()
    merging.merge(on.company, gone, kept, who="Dana")
    if told:
        raw = hooks.body(on.company, on.company.events)
        signature = hooks.signature(raw, settings.QBO_WEBHOOK_VERIFIER_TOKEN)
        assert hearing.quickbooks(signature=signature, body=raw, now=timezone.now()).status == 200
    on.company.webhook_url = ""


def case_of(on: Stage) -> Case | None:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return Case.objects.filter(firm=on.firm, code="customer_merged", closed_at__isnull=True).first()


def unexplained(on: Stage) -> dict[str, Decimal]:
    """What of each kind nothing explains, and what is off by client."""
    kinds = on.tieout(afresh=False)["kinds"]
    return {kind: Decimal(figures["unexplained"]) for kind, figures in kinds.items()}


def off_by_client(on: Stage) -> list[Any]:
    """What differs by client and matter, as the last tie-out found it."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        kinds = TieOut.objects.filter(firm=on.firm).latest("at").kinds
    return sorted(kinds["receivables"]["parties"]["off"])


@pytest.mark.parametrize("told", [True, False])
def test_two_of_ours_merged_are_one_case_and_then_stand_together(firm: Stage, told: bool) -> None:
    (one, gone), (other, kept) = clients(firm)
    off = off_by_client(firm)
    merge(firm, gone, kept, told=told)
    bill = fresh(firm, matter=matter_of(firm, one))
    firm.sync(whole=not told)

    case = case_of(firm)
    assert case is not None
    assert (case.facts["subject"], case.facts["other"]) == (f"contacts/{one}", f"contacts/{other}")
    doubled = [row["cause"] for row in firm.exceptions() if row["code"] == "changed_in_books"]
    assert not doubled  # one cause, not one for each invoice
    assert not any(unexplained(firm).values())

    refusal = relinking.accept(
        firm_id=firm.firm.pk, case_id=case.pk, partner=False, by=firm.person, now=timezone.now()
    )
    with firm_scope(write=None, reads=[firm.firm.pk]):
        trust = relinking.of_trust(firm_id=firm.firm.pk, subjects=[f"contacts/{one}", f"contacts/{other}"])
    assert refusal == (relinking.PARTNERS_ONLY if trust else None)
    if trust:
        assert relinking.accept(
            firm_id=firm.firm.pk, case_id=case.pk, partner=True, by=firm.person, now=timezone.now()
        ) is None  # fmt: skip
    firm.sync()

    assert case_of(firm) is None
    assert not any(unexplained(firm).values())
    assert off_by_client(firm) == off
    with firm_scope(write=None, reads=[firm.firm.pk]):
        history = Link.objects.filter(firm=firm.firm, subject=f"contacts/{one}").order_by("generation")
        assert list(history.values_list("remote_id", "live", "shared")) == [
            (gone, False, False), (kept, True, True),
        ]  # fmt: skip
        assert Link.objects.filter(firm=firm.firm, subject=f"bills/{bill.id}", live=True).exists()
    books.assert_idle(firm)


def test_a_customer_merged_into_a_stranger_is_relinked_and_what_waited_posts(firm: Stage) -> None:
    (one, gone), _ = clients(firm)
    stranger = backdoor.add(firm.company, "Customer", {"DisplayName": "Somebody Of The Books"})["Id"]
    merge(firm, gone, stranger, told=True)
    firm.sync()
    case = case_of(firm)
    assert case is not None
    assert case.facts["other"] == ""
    assert relinking.accept(
        firm_id=firm.firm.pk, case_id=case.pk, partner=True, by=firm.person, now=timezone.now()
    ) is None  # fmt: skip
    fresh(firm, matter=matter_of(firm, one))
    firm.sync()
    assert not any(unexplained(firm).values())
    assert firm.company.get("Customer", stranger)["DisplayName"] == "Somebody Of The Books"
    books.assert_idle(firm)


def item_of(on: Stage) -> dict[str, Any]:
    """An item that is sold, as a line names it."""
    found = next(
        i for i, one in on.company.store["Item"].items() if one["Active"] and one["Type"] == "Service"
    )
    return {"ItemRef": {"value": found}}


def mergers(on: Stage) -> list[tuple[str, str]]:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return list(Merger.objects.filter(firm=on.firm).values_list("gone", "kept"))


def test_a_merger_is_noticed_where_credits_cannot_be_asked_by_customer(
    firm: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """qbo/API.md section 3 documents `CustomerRef` as a filter of invoices and payments only."""
    (_, gone), (_, kept) = clients(firm)
    line = {"DetailType": "SalesItemLineDetail", "Amount": 3, "SalesItemLineDetail": item_of(firm)}
    credit = backdoor.add(firm.company, "CreditMemo", {"CustomerRef": {"value": gone}, "Line": [line]})
    firm.sync()
    monkeypatch.setitem(query.FILTERABLE, "CreditMemo", query.FILTERABLE["CreditMemo"] - {"CustomerRef"})
    merge(firm, gone, kept, told=True)

    firm.sync()

    assert mergers(firm) == [(gone, kept)]
    with firm_scope(write=None, reads=[firm.firm.pk]):
        row = BookRow.objects.get(firm=firm.firm, kind="credit_memo", remote_id=credit["Id"])
    assert row.customer == kept
    assert case_of(firm) is not None


def test_what_a_merger_moved_and_cannot_be_read_stops_nothing_and_is_asked_again(
    firm: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, gone), (_, kept) = clients(firm)
    asked = QuickBooks.query

    def refusing(self: QuickBooks, kind: Any, where: str = "", order: str = "Id") -> Any:
        if where.startswith("CustomerRef"):
            raise Refused("not here", code="5030")
        return asked(self, kind, where, order)

    merge(firm, gone, kept, told=True)
    with monkeypatch.context() as patched:
        patched.setattr(QuickBooks, "query", refusing)
        firm.sync()
        assert mergers(firm) == []
    firm.sync()

    assert mergers(firm) == [(gone, kept)]
