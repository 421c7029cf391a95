"""Contacts that change on either side: whose word holds, what is asked, and what goes back to Clio."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.core.contacts import DEFAULTS, Winner
from syncapp.emulators.clio.nouns import Contact
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline import queue
from syncapp.pipeline.cases import choices
from syncapp.pipeline.contacts import settings, telling
from syncapp.records.models import Case, ContactWrite, Hold, Link, Posting
from tests.road import books
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


def rule(on: Stage, *, write: bool = False, **winners: str) -> None:
    """Say whose word holds, as the page does."""
    chosen = {**DEFAULTS, **{name: Winner(word) for name, word in winners.items()}}
    settings.change(
        firm=on.firm, wanted=settings.Flow(winners=chosen, write_clio=write), by=on.person, now=timezone.now()
    )


def client(on: Stage) -> tuple[Contact, dict[str, Any]]:
    """A person who is a client with a customer in the books, and that customer."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        links = Link.objects.filter(firm=on.firm, subject__startswith="contacts/", live=True)
        found = dict(links.values_list("subject", "remote_id"))
    for contact in on.world.all(Contact):
        if contact.type == "Person" and f"contacts/{contact.id}" in found:
            return contact, on.company.get("Customer", found[f"contacts/{contact.id}"])
    raise AssertionError


def customer(on: Stage, row: dict[str, Any]) -> dict[str, Any]:
    return on.company.get("Customer", row["Id"])


def rename(on: Stage, row: dict[str, Any], name: str) -> None:
    backdoor.edit(on.company, "Customer", row["Id"], {"DisplayName": name})


def mail(on: Stage, row: dict[str, Any], address: str) -> None:
    backdoor.edit(on.company, "Customer", row["Id"], {"PrimaryEmailAddr": {"Address": address}})


def clio_mail(on: Stage, contact: Contact, address: str) -> None:
    contact.primary_email_address = address
    on.world.touch(contact)
    contact.updated_at += timedelta(seconds=2)  # in the second of a change in the books a person is asked


def cases(on: Stage, code: str = "contact_differs") -> list[Case]:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return list(Case.objects.filter(firm=on.firm, code=code, closed_at__isnull=True))


def say(on: Stage, case: Case, name: str, side: str) -> str | None:
    (asked,) = [one for one in json.loads(case.facts["fields"]) if one["field"] == name]
    return choices.choose(
        firm_id=on.firm.pk, case_id=case.pk, answer=f"{name}:{side}:{asked['print']}", by=on.person,
        now=timezone.now(),
    )  # fmt: skip


def written(on: Stage) -> list[tuple[str, dict[str, str]]]:
    with firm_scope(write=None, reads=[on.firm.pk]):
        rows = ContactWrite.objects.filter(firm=on.firm).order_by("pk")
        return list(rows.values_list("state", "after"))


def changes(on: Stage) -> int:
    """How often customers were changed by us."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        return Posting.objects.filter(firm=on.firm, object_kind="customer", verb="update").count()


def below(on: Stage, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The sub-customers of a customer."""
    every = on.company.store["Customer"].values()
    return [one for one in every if (one.get("ParentRef") or {}).get("value") == row["Id"]]


def test_the_sub_customers_of_a_renamed_client_take_its_new_name_and_what_a_hand_named_stays(
    firm: Stage,
) -> None:
    contact, row = client(firm)
    was = {one["Id"]: one["DisplayName"] for one in below(firm, row)}
    assert was
    assert all(name.endswith(row["DisplayName"]) for name in was.values())
    kept, _ = was.popitem() if len(was) > 1 else ("", "")
    if kept:
        rename(firm, {"Id": kept}, "Smith dispute")

    firm.desk("rename_client", contact=contact.id, name="Marian Whitlock-Stone")
    firm.sync()

    now = {one["Id"]: one["DisplayName"] for one in below(firm, row)}
    assert now.pop(kept, "Smith dispute") == "Smith dispute"
    expected = {key: name.replace(row["DisplayName"], "Marian Whitlock-Stone") for key, name in was.items()}
    assert now == expected
    before = changes(firm)
    firm.sync()
    assert changes(firm) == before
    books.assert_tieout(firm)


def test_a_client_renamed_in_clio_is_renamed_in_the_books_once(firm: Stage) -> None:
    contact, row = client(firm)
    subs = len(below(firm, row))
    firm.desk("rename_client", contact=contact.id, name="Marian Whitlock-Stone")
    clio_mail(firm, contact, "marian@whitlock.test")
    firm.sync()
    now = customer(firm, row)
    assert now["DisplayName"] == "Marian Whitlock-Stone"
    assert (now["GivenName"], now["FamilyName"]) == ("Marian", "Whitlock-Stone")
    assert now["PrimaryEmailAddr"]["Address"] == "marian@whitlock.test"
    assert not cases(firm)
    firm.sync()
    assert changes(firm) == 1 + subs
    books.assert_tieout(firm)
    with firm_scope(write=None, reads=[firm.firm.pk]):
        event = AuditEvent.objects.filter(firm=firm.firm, verb="contact.to_books").earliest("pk")
    assert event.before is not None
    assert event.before["name"] == row["DisplayName"]


def test_a_rename_in_the_books_asks_and_each_answer_holds(firm: Stage) -> None:
    contact, row = client(firm)
    rename(firm, row, "Somebody Else")
    firm.sync()
    firm.sync()
    (case,) = cases(firm)
    assert case.title == f"Client {contact.name} was renamed in QuickBooks, to Somebody Else."
    (asked,) = json.loads(case.facts["fields"])
    assert (asked["books_was"], asked["books"], asked["clio"]) == (
        row["DisplayName"], "Somebody Else", contact.name,
    )  # fmt: skip
    assert [
        one["kind"] for one in firm.exceptions() if one["code"] == "contact_differs" for one in one["alarms"]
    ]
    with firm_scope(write=None, reads=[firm.firm.pk]):
        hold = Hold.objects.get(firm=firm.firm, case=case, closed_at__isnull=True)
    assert queue.close_alarm(
        firm_id=firm.firm.pk, hold_id=hold.pk, reason="fine", by=firm.person, now=timezone.now()
    )
    assert choices.choose(
        firm_id=firm.firm.pk, case_id=case.pk, answer="name:clio:old", by=firm.person, now=timezone.now()
    )

    assert say(firm, case, "name", "clio") is None
    firm.sync(whole=False)
    assert customer(firm, row)["DisplayName"] == contact.name
    firm.sync()
    assert not cases(firm)

    rename(firm, row, "Somebody Else")
    firm.sync()
    (case,) = cases(firm)  # the same case, opened again: another change is another question
    assert case.times_opened == 2
    assert say(firm, case, "name", "books") is None
    firm.sync()
    firm.sync()
    assert not cases(firm)
    assert customer(firm, row)["DisplayName"] == "Somebody Else"
    assert contact.name != "Somebody Else"
    assert written(firm) == []


def test_by_default_clio_wins_what_is_no_name_and_nothing_is_written_to_clio(firm: Stage) -> None:
    contact, row = client(firm)
    was = contact.primary_email_address
    mail(firm, row, "typed@there.test")
    firm.sync()
    assert customer(firm, row)["PrimaryEmailAddr"]["Address"] == was
    assert (changes(firm), written(firm), cases(firm)) == (1, [], [])
    books.assert_idle(firm)


def test_where_the_books_win_clio_is_told_once_and_what_comes_back_is_no_change(firm: Stage) -> None:
    contact, row = client(firm)
    rule(firm, write=True, email="books", name="books", address="books", phone="books")
    mail(firm, row, "typed@there.test")
    rename(firm, row, "Renamed There")
    backdoor.edit(
        firm.company, "Customer", row["Id"],
        {
            "PrimaryPhone": {"FreeFormNumber": "(919) 555-0199"},
            "BillAddr": {"Line1": "9 New St", "City": "Durham", "CountrySubDivisionCode": "NC",
                         "PostalCode": "27701"},
        },
    )  # fmt: skip
    for _ in range(3):
        firm.sync()
    assert contact.primary_email_address == "typed@there.test"
    assert (contact.first_name, contact.last_name) == ("Renamed", "There")
    assert contact.primary_phone_number == "(919) 555-0199"
    assert (contact.street, contact.city, contact.postal_code) == ("9 New St", "Durham", "27701")
    assert [state for state, _ in written(firm)] == ["heard"]
    assert changes(firm) == 0
    books.assert_idle(firm)
    with firm_scope(write=None, reads=[firm.firm.pk]):
        assert AuditEvent.objects.filter(firm=firm.firm, verb="contact.to_clio").count() == 1


def test_somebody_who_changes_the_contact_in_clio_meanwhile_is_not_overwritten(firm: Stage) -> None:
    contact, row = client(firm)
    rule(firm, write=True, email="newest")
    mail(firm, row, "typed@there.test")
    firm.sync()
    clio_mail(firm, contact, "later@clio.test")
    for _ in range(2):
        firm.sync()
    assert contact.primary_email_address == "later@clio.test"
    assert customer(firm, row)["PrimaryEmailAddr"]["Address"] == "later@clio.test"


def test_a_change_between_our_look_and_our_write_is_decided_again(
    firm: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact, row = client(firm)
    rule(firm, write=True, email="newest")
    mail(firm, row, "typed@there.test")
    change = telling.change

    def meanwhile(*given: Any, **more: Any) -> Any:
        clio_mail(firm, contact, "later@clio.test")
        return change(*given, **more)

    monkeypatch.setattr(telling, "change", meanwhile)
    firm.sync()
    assert contact.primary_email_address == "later@clio.test"  # 412, read again, not overwritten
    assert [state for state, _ in written(firm)] == ["dropped"]
    monkeypatch.undo()
    firm.sync()
    assert customer(firm, row)["PrimaryEmailAddr"]["Address"] == "later@clio.test"


def test_without_the_permission_the_case_says_so_and_nothing_is_tried_again(firm: Stage) -> None:
    contact, row = client(firm)
    was = contact.primary_email_address
    firm.world.switches.read_only = "contacts"
    rule(firm, write=True, email="books")
    mail(firm, row, "typed@there.test")
    for _ in range(3):
        firm.sync()
    (case,) = cases(firm, "contact_not_told")
    assert case.title == f"Clio does not take the change of client {contact.name}."
    assert [state for state, _ in written(firm)] == ["refused"]
    assert contact.primary_email_address == was
    rule(firm, email="books")
    mail(firm, row, "again@there.test")
    firm.sync()
    assert not cases(firm, "contact_not_told")
    assert customer(firm, row)["PrimaryEmailAddr"]["Address"] == "again@there.test"
