"""A connection that a person must mend is a case of its own, though no record waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions as people
from accounts.models import User
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty
from syncapp.pipeline.cases import digest, tending
from syncapp.records.models import Case, CaseCarry, CaseNote
from tests import cast
from tests.delivery.scene import Scene
from tests.pipeline.test_trouble import ENDED, GONE, let_time_pass, rows, serve, shut
from tests.stage import Standing, connect_both, standing

FORBIDDEN = {"error": {"type": "ForbiddenError", "message": "User is forbidden from taking that action"}}


@pytest.fixture(scope="module")
def stood(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Standing]:
    with django_db_blocker.unblock(), standing(empty(), synced=True) as made:
        yield made


@pytest.fixture
def at(stood: Standing, django_db_blocker: Any) -> Iterator[Scene]:
    with django_db_blocker.unblock(), stood.fresh() as on:
        yield Scene(on=on)


def revoke(at: Scene) -> None:
    """The firm takes Tieout out of its Clio."""
    at.on.clio.state.grants.tokens.clear()
    at.on.clio.state.grants.refresh.clear()


def the_case(at: Scene, code: str) -> Case:
    """The one case of a code, open or closed."""
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        return Case.objects.select_related("owner").get(firm=at.on.firm, code=code)


def colleague(at: Scene, role: Role) -> User:
    """Somebody else of the firm."""
    made = cast.person(f"{role.value}@ash-birch.test", role.value)
    assert people.ensure_member(firm=at.on.firm, email=made.email, role=role, now=timezone.now()) == "created"
    return made


def test_a_clio_that_takes_our_access_away_is_one_case_until_it_is_connected_again(at: Scene) -> None:
    revoke(at)
    serve(at)
    let_time_pass(at)
    serve(at)

    [told] = at.on.exceptions()
    day = at.on.today()
    assert told["cause"] == (
        f"Clio refused our access on {day.day} {day:%b %Y}. Nothing is read until you connect again; "
        "nothing is lost."
    )
    assert (told["code"], told["severity"], told["holds"]) == ("clio_access_lost", "needs_person", [])
    assert told["owner"] == at.on.person.email, "the administrator's, who can connect it"

    at.bills(1)
    connect_both(at.on)
    at.sync()

    assert not at.on.exceptions()
    assert len(at.store("Invoice")) == 1
    revoke(at)
    serve(at)
    case = the_case(at, "clio_access_lost")
    assert (case.closed_at, case.times_opened) == (None, 2)


def test_a_clio_that_shows_a_part_of_itself_no_more_is_the_same_case_and_does_not_come_and_go(
    at: Scene,
) -> None:
    with shut(at, "clio", status=403, body=FORBIDDEN, part="/bills"):
        for _ in range(3):
            assert serve(at, whole=True).state == "waiting"
            let_time_pass(at)
        with shut(at, "clio"):
            serve(at)
        case = the_case(at, "clio_access_lost")

        assert (case.closed_at, case.times_opened) == (None, 1)
        assert "billing, accounts and reports roles" in case.facts["said"]

    at.sync()

    assert the_case(at, "clio_access_lost").closed_at is not None


@pytest.mark.parametrize(
    ("status", "body", "code"), [(403, GONE, "access_lost"), (400, ENDED, "subscription_ended")]
)
def test_books_that_a_person_must_mend_are_a_case_though_nothing_is_to_be_posted(
    at: Scene, status: int, body: object, code: str
) -> None:
    with shut(at, "qbo", status=status, body=body):
        serve(at, whole=True)
    assert [(case["code"], case["holds"]) for case in at.on.exceptions()] == [(code, [])]
    case = the_case(at, code)

    at.bills(1)
    connect_both(at.on)
    at.sync()

    assert the_case(at, code).pk == case.pk
    assert not at.on.exceptions()


def test_a_vendor_that_is_down_is_no_exception(at: Scene) -> None:
    with shut(at, "clio"), shut(at, "qbo"):
        serve(at, whole=True)

    assert {row.provider for row in rows(at)} == {"clio", "qbo"}
    assert not at.on.exceptions()


def test_a_connection_that_stays_lost_is_told_to_the_partner_and_carried_into_the_month(at: Scene) -> None:
    revoke(at)
    serve(at)
    colleague(at, Role.PARTNER)
    digest.send_new(firm=at.on.firm, now=timezone.now())
    later = timezone.now() + timedelta(days=45)
    tending.tend(firm=at.on.firm, now=later)
    tending.tend(firm=at.on.firm, now=later)

    case = the_case(at, "clio_access_lost")
    assert case.escalated_at == later
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        carried = CaseCarry.objects.get(firm=at.on.firm, case=case)
        kinds = list(CaseNote.objects.filter(firm=at.on.firm, case=case).values_list("kind", flat=True))
    assert (carried.records, carried.amount) == (0, 0)
    assert sorted(kinds) == ["carried", "escalated", "opened"]
    assert all("$0.00" not in letter.body for letter in mail.outbox)


def test_the_pages_lead_who_may_to_connecting_again_and_say_what_was_not_read(
    at: Scene, client: Client
) -> None:
    revoke(at)
    serve(at)
    case = the_case(at, "clio_access_lost")
    card = reverse("desk:case", args=[case.pk])

    cast.second_factor(at.on.person)
    cast.sign_in(client, at.on.person)
    assert f'href="{reverse("desk:connections")}">Connect Clio again' in client.get(card).text
    queue = client.get(reverse("desk:exceptions"))
    assert "1 connection waits for a person." in queue.text
    assert case.title in queue.text
    assert case.title in client.get(reverse("desk:exceptions"), {"age": "today"}).text
    assert case.title not in client.get(reverse("desk:exceptions"), {"age": "older"}).text
    assert "Clio was not read since" in client.get(reverse("desk:tieout")).text
    cast.sign_in(client, colleague(at, Role.BOOKKEEPER))
    shown = client.get(card).text
    assert "An administrator of the firm connects again." in shown
    assert "Connect Clio again</a>" not in shown


def test_a_lost_connection_heads_what_needs_a_person_whatever_money_the_others_hold(
    at: Scene, client: Client
) -> None:
    at.on.desk("operating_deposit", client=at.client().id, amount="850.00")
    at.sync()
    assert [case["amount"] for case in at.on.exceptions()] == ["850.00"]
    revoke(at)
    serve(at)

    cast.second_factor(at.on.person)
    cast.sign_in(client, at.on.person)
    queue = client.get(reverse("desk:exceptions")).text

    assert queue.index("Clio refused our access") < queue.index("$850.00 came into")
    assert "A connection waits for a person: mend it first." in queue


def test_a_lost_connection_stands_in_the_file_of_the_queue_and_in_each_set_of_books(
    at: Scene, client: Client
) -> None:
    revoke(at)
    serve(at)
    case = the_case(at, "clio_access_lost")
    cast.second_factor(at.on.person)
    cast.sign_in(client, at.on.person)

    here = {"books": str(at.on.books.pk)}
    assert case.title in client.get(reverse("desk:exceptions"), here).text
    for asked in ({}, here, {"firms": "all"}):
        _, line, total = client.get(reverse("desk:exceptions_export"), asked).text.splitlines()
        assert case.title in line
        assert total.startswith("Total,")
    assert case.title not in client.get(reverse("desk:exceptions_export"), {"money": "most"}).text
