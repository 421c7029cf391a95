"""The page of the tie-out: what explains the gap, how each record differs, and which clients it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.tenancy import firm_scope
from syncapp.records.models import Difference
from tests import cast
from tests.desk import books as made

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from syncapp.records.models import TieOut
    from tests.cast import House

pytestmark = pytest.mark.django_db


def differ(house: House, tie: TieOut, amount: int, number: str, **more: object) -> None:
    given = {"kind": "receivables", "what": "extra", "reason": f"About {number}"} | more
    Difference.objects.create(
        firm=house.firm, tie_out=tie, number=number, books_minor=-amount, amount=amount, **given
    )


@pytest.fixture
def compared(alpha: House, main: Books) -> TieOut:
    with firm_scope(write=alpha.firm.pk):
        tie = made.tie(alpha, main, equal=False)
        tie.kinds["receivables"]["parties"] = {
            "compared": 12,
            "differ": 2,
            "off": [["contacts/77", 0, -25_000], ["matters/78", 10_000, 0]],
        }
        tie.save(update_fields=["kinds"])
        made.document(alpha, 77, kind="client", data={"name": "Acme Holdings"})
        made.document(alpha, 78, kind="matter", number="00078-Acme")
        for amount, number in ((25_000, "CM-9"), (40_000, "X-1"), (-40_000, "X-2")):
            differ(alpha, tie, amount, number)
        differ(alpha, tie, 0, "10482", what="changed", kind="entries")
    return tie


def test_the_fewest_records_that_explain_the_gap_are_named(
    client: Client, alpha: House, compared: TieOut
) -> None:
    cast.sign_in(client, alpha.bookkeeper)

    page = client.get(reverse("desk:tieout")).text

    assert "Receivables: 1 record explains the $250.00." in page
    assert "CM-9" in page
    assert "2 other records differ without moving the total, or cancel out." in page


def test_clients_and_matters_that_differ_are_listed(client: Client, alpha: House, compared: TieOut) -> None:
    cast.sign_in(client, alpha.bookkeeper)

    page = client.get(reverse("desk:tieout")).text

    assert "2 of 12 differ" in page
    assert "Acme Holdings" in page
    assert "00078-Acme" in page


def test_records_are_filtered_by_how_they_differ(client: Client, alpha: House, compared: TieOut) -> None:
    cast.sign_in(client, alpha.bookkeeper)

    page = client.get(reverse("desk:tieout"), {"what": "changed"}).text

    assert "About 10482" in page
    assert "About X-1" not in page
    assert "Changed after posting" in page
