"""The page of what stands in QuickBooks already: how much, how sure, and what a person says of each."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Books
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.records.models import Proposal
from tests import cast
from tests.adoption.rows import proposal
from tests.cast import House


@pytest.fixture
def house(db: Any) -> House:
    return cast.firm()


@pytest.fixture
def books(house: House) -> Books:
    return cast.books(house)


def _page(house: House, query: str = "", role: Role = Role.BOOKKEEPER) -> str:
    person = cast.sign_in(Client(), house.by_role()[role])
    return person.get(reverse("desk:adoption") + query).text


def test_a_firm_that_starts_anew_is_told_what_the_page_is_for(house: House, books: Books) -> None:
    page = _page(house)
    assert "Nothing stands in QuickBooks that Clio asks for too." in page
    assert "before anything is posted twice" in page


def test_what_is_shown_is_handed_out_as_a_file_with_the_reasons(house: House, books: Books) -> None:
    with firm_scope(write=house.firm.pk):
        proposal(house, books, 5, confidence="certain", reasons=["number 5", "the same day"])
        proposal(house, books, 7, confidence="doubtful", conflict=True, reasons=["the amounts differ"])
        proposal(house, books, 8, state="adopted")
    person = cast.sign_in(Client(), house.bookkeeper)

    head, *rows = person.get(reverse("desk:adoption_file")).content.decode("utf-8-sig").splitlines()

    assert head == "Number,Name,Dated,In the books,Its number there,Amount,How sure,State,Why"
    assert [row.split(",")[-3:] for row in rows] == [
        ["contradicting", "open", "the amounts differ"],
        ["certain", "open", "number 5; the same day"],
    ]
    assert f'href="{reverse("desk:adoption_file")}?format=csv"' in _page(house)


def test_each_sort_is_counted_filtered_and_given_with_its_reasons(house: House, books: Books) -> None:
    with firm_scope(write=house.firm.pk):
        proposal(house, books, 5, confidence="certain", reasons=["number 5", "the same day"])
        proposal(house, books, 6, name="Maple Foods LLC")
        proposal(house, books, 7, confidence="doubtful", conflict=True, reasons=["the amounts differ"])
        proposal(house, books, 8, state="adopted")
    page = _page(house)
    assert "3 records stand in QuickBooks already." in page
    assert "Adopt the 1 certain one" in page
    assert "Number 5; the same day" in page
    assert "Contradicting" in page
    assert "Undo the adoption" not in page
    assert "Undo the adoption" in _page(house, "?sort=adopted")
    only = _page(house, "?q=maple")
    assert "Maple Foods LLC" in only
    assert "the amounts differ" not in only
    assert "Nothing fits this filter" in _page(house, "?kind=journal")


def test_who_only_reads_sees_the_reasons_and_no_buttons(house: House, books: Books) -> None:
    with firm_scope(write=house.firm.pk):
        proposal(house, books, 5, confidence="certain")
    page = _page(house, role=Role.AUDITOR)
    assert "2 days apart" in page
    assert "Adopt the" not in page
    assert 'value="adopt"' not in page


def test_another_one_is_kept_and_asked_no_more(house: House, books: Books) -> None:
    with firm_scope(write=house.firm.pk):
        row = proposal(house, books)
    person = cast.sign_in(Client(), house.bookkeeper)
    address = reverse("desk:adoption_decide", args=[row.pk])
    assert "Choose one of the answers" in person.post(address, {"answer": "perhaps"}, follow=True).text
    assert "Kept: it is another one" in person.post(address, {"answer": "another"}, follow=True).text
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert Proposal.objects.get(pk=row.pk).state == "refused"
    assert "is decided already" in person.post(address, {"answer": "undo"}, follow=True).text
