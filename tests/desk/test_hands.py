"""The card of a hand in the books: both forms of the entry, and what may be decided."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.pipeline import queue
from syncapp.pipeline.cases import acts
from tests import cast
from tests.cast import House
from tests.desk.books import bill, case, hold
from tests.desk.test_trust_setup import ask

pytestmark = pytest.mark.django_db
WAS = [
    {"account": "Accounts Receivable", "debit": 315000, "credit": 0},
    {"account": "Legal Fees", "debit": 0, "credit": 315000},
]
IS = [
    {"account": "Accounts Receivable", "debit": 1200, "credit": 0},
    {"account": "Legal Fees", "debit": 0, "credit": 1200},
]
FACTS = {
    "place": "invoice:4", "print": "abc", "was": json.dumps(WAS), "is": json.dumps(IS),
    "was_day": "2026-09-14", "is_day": "2026-09-14", "changed_at": "2026-11-20T10:00:00+00:00",
}  # fmt: skip


def made(house: House, code: str, *, resource: str = "bills", **facts: str) -> tuple[int, int]:
    """A case of a hand with one alarm; their ids."""
    books = cast.books(house)
    with firm_scope(write=house.firm.pk):
        one = case(
            house, books, f"{code}:invoice:4", "A hand", fix="look", code=code, facts={**FACTS, **facts}
        )
        held = hold(house, one, bill(house, 5, 100), alarm=True)
        type(held).objects.filter(pk=held.pk).update(resource=resource)
        return int(one.pk), int(held.pk)


def test_both_forms_stand_on_the_card_and_it_is_restored_or_accepted_with_a_reason() -> None:
    house = cast.firm()
    case_id, _ = made(house, "changed_in_books")

    page = ask(house.bookkeeper, "desk:case", case_id=case_id).words

    assert "As it was posted, dated 14 Sep 2026" in page
    assert "As it stands in the books, dated 14 Sep 2026" in page
    assert "3,150.00" in page
    assert "12.00" in page
    assert "Restore: post it as it was, $3,150.00" in page
    assert "Or accept it as it stands, with the reason" in page
    assert "Looked at and settled?" not in page


def test_what_reverses_it_is_shown_first() -> None:
    house = cast.firm()
    case_id, _ = made(house, "typed_in_books", was="", reversal=json.dumps(IS[::-1]))

    page = ask(house.bookkeeper, "desk:case", case_id=case_id).words

    assert "What would reverse it, dated" in page
    assert "Reverse it: post the entry of $12.00" in page


def test_what_is_typed_to_client_money_is_never_accepted_by_a_word() -> None:
    house = cast.firm()
    case_id, hold_id = made(house, "trust_stray", resource="books")

    refused = queue.close_alarm(
        firm_id=house.firm.pk, hold_id=hold_id, reason="fine", by=house.partner, now=timezone.now()
    )

    closed = acts.close(
        firm_id=house.firm.pk, case_ids=[case_id], reason="fine", by=house.partner, now=timezone.now()
    )

    assert refused is not None
    assert "never accepted by a word" in refused
    assert closed == (0, 1)
