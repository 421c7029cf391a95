"""The page of customers born in QuickBooks: whose they are, or nobody's; nothing is made in Clio."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Books
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.records.models import BookChoice, BookRow, Document, Link
from tests import cast
from tests.cast import House
from tests.desk.books import NOW


@pytest.fixture
def house(db: Any) -> House:
    return cast.firm()


@pytest.fixture
def books(house: House) -> Books:
    made = cast.books(house)
    with firm_scope(write=house.firm.pk):
        for number, name, data in (
            ("61", "Maple Foods LLC", {"email": "pay@maple.test"}),
            ("62", "Window Cleaner", {}),
            ("63", "Cedar Freight", {}),
            ("64", "00012 Cedar", {"parent": "63"}),
        ):
            BookRow.objects.create(
                firm=house.firm, books=made, kind="customer", remote_id=number, name=name, data=data,
                balance=100_00, seen_at=NOW,
            )  # fmt: skip
        for key, name in ((5, "Maple Foods, L.L.C."), (6, "Cedar Freight"), (7, "Rowan Pike")):
            Document.objects.create(
                firm=house.firm, kind="client", resource="contacts", source_id=key, number=name,
                client_id=key, read_at=NOW, data={"is": "Client", "id": key, "name": name},
            )  # fmt: skip
        Link.objects.create(
            firm=house.firm, books=made, subject="contacts/6", object_kind="customer", remote_id="63",
            content={"is": "CustomerDraft", "name": "Cedar Freight"}, at=NOW,
        )  # fmt: skip
    return made


def person(house: House, role: Role = Role.BOOKKEEPER) -> Client:
    return cast.sign_in(Client(), house.by_role()[role])


def row(house: House, number: str) -> int:
    with firm_scope(write=None, reads=[house.firm.pk]):
        return int(BookRow.objects.get(firm=house.firm, remote_id=number).pk)


def test_who_was_born_in_the_books_is_listed_with_whom_it_may_be(house: House, books: Books) -> None:
    page = person(house).get(reverse("desk:strangers")).text
    assert "2 customers in QuickBooks are nobody’s in Clio." in page
    assert "Maple Foods, L.L.C." in page
    assert "Cedar" not in page  # a client's, and a matter's
    assert "It is Maple Foods" in page
    assert "1 customer in QuickBooks" in person(house).get(reverse("desk:strangers") + "?q=maple.test").text
    assert "No client</button>" not in person(house, Role.AUDITOR).get(reverse("desk:strangers")).text
    file = person(house).get(reverse("desk:strangers_file")).text
    assert "Window Cleaner" in file
    assert "200.00" in file


def test_whose_it_is_and_that_it_is_nobodys_are_remembered_and_taken_back(house: House, books: Books) -> None:
    desk = person(house)
    maple, cleaner = row(house, "61"), row(house, "62")
    address = reverse("desk:stranger_decide", args=[cleaner])
    assert "Kept of Window Cleaner" in desk.post(address, {"answer": "none"}, follow=True).text
    assert "Window Cleaner" in desk.get(reverse("desk:strangers") + "?show=nobody").text
    assert "Choose one of the answers" in desk.post(address, {"answer": "x"}, follow=True).text
    told = desk.post(address, {"answer": "client:6"}, follow=True).text
    assert "stands on another customer already: “Cedar Freight”" in told
    assert "not in Clio any more" in desk.post(address, {"answer": "client:99"}, follow=True).text
    desk.post(address, {"answer": "ask"})
    assert "2 customers" in desk.get(reverse("desk:strangers")).text

    desk.post(reverse("desk:stranger_decide", args=[maple]), {"answer": "client:5"})
    assert "1 customer in QuickBooks is nobody’s" in desk.get(reverse("desk:strangers")).text
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert BookChoice.objects.get(firm=house.firm, subject="contacts/5").answer == "61"
        verbs = AuditEvent.objects.filter(firm=house.firm, verb__startswith="contact.")
        assert sorted(verbs.values_list("verb", flat=True)) == [
            "contact.asked_again", "contact.is_client", "contact.not_client",
        ]  # fmt: skip


def test_a_client_is_found_by_name_and_one_that_has_a_customer_is_not_offered(
    house: House, books: Books
) -> None:
    address = reverse("desk:stranger", args=[row(house, "62")])
    page = person(house).get(address + "?q=rowan").text
    assert "Which client is Window Cleaner?" in page
    assert "It is Rowan Pike" in page
    assert "No client without a customer fits this" in person(house).get(address + "?q=cedar").text
