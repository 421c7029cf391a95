"""The pages on which a person finds in the books what an exception is about."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Books
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.records.models import BookChoice, BookRow, Case, Link
from tests import cast
from tests.cast import House
from tests.desk import contact_rows
from tests.desk.books import NOW


@pytest.fixture
def house(db: Any) -> House:
    return cast.firm()


def desk(house: House, role: Role = Role.BOOKKEEPER) -> Client:
    return cast.sign_in(Client(), house.by_role()[role])


def test_the_customer_of_a_client_is_found_and_one_of_another_client_is_refused(house: House) -> None:
    case_id = contact_rows.a_doubtful_client(house)["case_id"]
    with firm_scope(write=house.firm.pk):
        case = Case.objects.get(pk=case_id)
        mine = {"firm": house.firm, "books": case.books}
        for key, name in (("71", "Harbor Mills"), ("72", "Harbor Mills East")):
            BookRow.objects.create(**mine, kind="customer", remote_id=key, name=name, seen_at=NOW)
        Link.objects.create(
            **mine, subject="contacts/9", object_kind="customer", remote_id="72", content={}, at=NOW
        )
    person = desk(house)
    assert "Find another customer" in person.get(reverse("desk:case", args=[case_id])).text
    page = person.get(reverse("desk:find_customer", args=[case_id]) + "?q=harbor").text
    assert "It is this one" in page
    assert "Stands for another client" in page
    choose = reverse("desk:choose", args=[case_id])
    assert "stands for another client already" in person.post(choose, {"answer": "72"}, follow=True).text
    person.post(choose, {"answer": "71"})
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert BookChoice.objects.get(firm=house.firm, subject="contacts/1").answer == "71"
    assert "No customer fits" in person.get(reverse("desk:find_customer", args=[case_id]) + "?q=zz").text


def test_the_page_says_what_differs_and_why_something_is_not_linked(house: House) -> None:
    case_id = contact_rows.a_held_bill(house)["case_id"]
    with firm_scope(write=house.firm.pk):
        books = Books.objects.get(firm=house.firm)
        for key, total in (("801", 100), ("802", 250)):
            BookRow.objects.create(
                firm=house.firm, books=books, kind="invoice", remote_id=key, number=f"HAND-{key}",
                total=total, seen_at=NOW,
            )  # fmt: skip
    address = reverse("desk:link_here", args=[case_id])
    person = desk(house)
    assert "find and link it" in person.get(reverse("desk:case", args=[case_id])).text
    page = person.get(address + "?q=hand").text
    assert "number HAND-801 instead of 9" in page
    assert "Clio says $1.00 and the books $2.50: $1.50 apart." in page
    assert page.count("Link it</button>") == 1
    assert "Nothing fits" in person.get(address + "?q=zz").text
    assert "Choose one of the records" in person.post(address, {"row": ""}, follow=True).text
    assert desk(house, Role.PARTNER).get(address).status_code == 200
    assert desk(house, Role.AUDITOR).get(address).status_code == 403
