"""Two offices on one page, each by its own state, frequency, signer; the total is only read (partner 12)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.tenancy import firm_scope
from tests import cast
from tests.trust import kept, named, world
from trust.actions import matches, naming
from trust.nouns import BankLine

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import House

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 9)
NEW_YORK, CHICAGO = 178_400_00, 61_020_55


def offices(house: House, *, astray: int = 0) -> None:
    """Set up two offices that tie; with `astray` the books have more in one and less in the other."""
    for number, (code, amount, off) in enumerate(
        (("NY", NEW_YORK, astray), ("IL", CHICAGO, -astray)), start=1
    ):
        books = cast.books(house, f"books of {code}")
        pair = world.pair(house, books=books, clio_account=f"IOLTA {code}", jurisdiction=code)
        kept.matter(house, number, client=number)
        kept.money(house, pair, number, DAY, amount, number)
        key = world.booked(pair, str(number), DAY, amount + off)
        world.bank(pair, [BankLine(id=str(number), day=DAY, amount=amount)], last=named.LAST)
        with firm_scope(write=house.firm.pk):
            person = house.partner if code == "NY" else house.administrator
            naming.name(pair=pair, person=person, duty="signs", actor=house.partner, now=cast.NOW)
            if not astray:
                made = matches.match_by_hand(
                    pair=pair, lines=[str(number)], subjects=[key], learn=False, actor=house.bookkeeper,
                    now=cast.NOW,
                )  # fmt: skip
                assert not isinstance(made, str), made


def page(client: Client, house: House) -> str:
    cast.sign_in(client, house.partner)
    return str(client.get(reverse("trust:overview")).text)


def test_each_office_has_its_own_money_state_frequency_and_signer_and_the_total_is_for_reading(
    client: Client, house: House
) -> None:
    offices(house)
    told = page(client, house)

    for words in (
        "178,400.00", "61,020.55", "New York", "Illinois", "three-way every month", "three-way every quarter",
        "signs: Alpha partner", "signs: Alpha administrator", "$239,420.55. The total is for reading",
    ):  # fmt: skip
        assert words in told, words


def test_what_is_missing_in_one_office_is_never_made_good_by_the_other(client: Client, house: House) -> None:
    offices(house, astray=100_00)  # the books of both together are right to the cent
    told = page(client, house)

    assert "Client money does not tie." in told
    assert told.count("The three ways do not agree.") == 2


@pytest.fixture
def house() -> House:
    return cast.firm("Alpha")
