"""The card of a twin offers what can be said of it, and nothing else."""

from __future__ import annotations

import json

import pytest

from accounts.tenancy import firm_scope
from syncapp.records.models import BookChoice
from tests import cast
from tests.cast import House
from tests.desk.books import bill, case, hold
from tests.desk.test_trust_setup import ask

pytestmark = pytest.mark.django_db
FACTS = {"subject": "bank_transactions/7", "kind": "check", "books_id": "12", "number": "1042", "left": "yes"}
ROWS = {"check:12": "check 1042, dated 21 Nov 2025", "check:13": "check, dated 22 Nov 2025"}


@pytest.fixture
def house() -> House:
    """A firm with its people."""
    return cast.firm()


def twin(house: House, **facts: str) -> int:
    """A case of a twin; return its id."""
    books = cast.books(house)
    with firm_scope(write=house.firm.pk):
        made = case(
            house, books, "trust_twin:bank_transactions/7", "A twin", fix="books", facts={**FACTS, **facts}
        )
        hold(house, made, bill(house, 5, 100))
        return int(made.pk)


def kept(house: House) -> list[tuple[str, str]]:
    """What was kept of the answers."""
    with firm_scope(write=None, reads=[house.firm.pk]):
        rows = BookChoice.objects.filter(firm=house.firm).order_by("subject")
        return list(rows.values_list("subject", "answer"))


def test_a_movement_that_is_left_to_the_feed_offers_to_name_its_client(house: House) -> None:
    case_id = twin(house, ways="same,two,post")

    page = ask(house.bookkeeper, "desk:case", case_id=case_id).words
    ask(house.bookkeeper, "desk:choose", {"answer": "same"}, case_id=case_id)

    assert "It is this one: name its client in QuickBooks" in page
    assert "Let Tieout post it instead" in page
    assert "It is another movement: leave this one to the feed" in page
    assert "post both" not in page
    assert kept(house) == [("twin of bank_transactions/7 check:12", "same")]


def test_one_of_several_is_chosen_or_none(house: House) -> None:
    case_id = twin(house, ways="same,two", rows=json.dumps(ROWS))

    page = ask(house.bookkeeper, "desk:case", case_id=case_id).words
    assert "Which entry of QuickBooks is it?" in page
    assert "Check 1042, dated 21 Nov 2025" in page
    for wrong in ("same", "same:check:99", "post"):
        ask(house.bookkeeper, "desk:choose", {"answer": wrong}, case_id=case_id)
    assert kept(house) == []
    ask(house.bookkeeper, "desk:choose", {"answer": "same:check:13"}, case_id=case_id)
    assert kept(house) == [("twin of bank_transactions/7 check:13", "same")]

    ask(house.bookkeeper, "desk:choose", {"answer": "two"}, case_id=case_id)
    assert {answer for _, answer in kept(house)} == {"two"}
    assert len(kept(house)) == 2
