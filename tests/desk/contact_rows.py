"""What the addresses of contacts name: a case of merged customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.tenancy import firm_scope
from syncapp.records.models import BookRow, Case, Link, Merger
from tests import cast
from tests.desk.books import NOW, bill, case, hold

if TYPE_CHECKING:
    from accounts.models import Books
    from tests.cast import House


def merger(house: House, books: Books) -> Case:
    """Write a customer of client 7 that was merged into customer 61. In a writing scope."""
    mine = {"firm": house.firm, "books": books}
    BookRow.objects.create(**mine, kind="customer", remote_id="61", name="Cedar Freight", seen_at=NOW)
    Link.objects.create(
        **mine, subject="contacts/7", object_kind="customer", remote_id="60",
        content={"is": "CustomerDraft", "name": "Cedar"}, at=NOW,
    )  # fmt: skip
    Merger.objects.create(**mine, gone="60", kept="61", facts={"name": "Cedar", "records": 2}, at=NOW)
    found = case(house, books, "customer_merged:customer 60", "Customer “Cedar” was merged.")
    found.code = "customer_merged"
    found.facts = {
        "gone": "60", "kept": "61", "name": "Cedar", "kept_name": "Cedar Freight", "subject": "contacts/7",
        "other": "", "records": "2", "told": "yes",
    }  # fmt: skip
    found.save()
    hold(house, found, bill(house, 7, 100))
    return found


def a_merger(house: House) -> dict[str, Any]:
    """Name a case of merged customers for an address."""
    books = cast.books(house, "theirs")
    with firm_scope(write=house.firm.pk):
        return {"case_id": merger(house, books).pk}


def a_stranger(house: House) -> dict[str, Any]:
    """Name a customer of the books that is no client's for an address."""
    books = cast.books(house, "theirs")
    with firm_scope(write=house.firm.pk):
        row = BookRow.objects.create(
            firm=house.firm, books=books, kind="customer", remote_id="88", name="Window Cleaner", seen_at=NOW
        )
        return {"row_id": row.pk}


def a_held_bill(house: House) -> dict[str, Any]:
    """Name a case with a bill that may stand in the books already for an address."""
    books = cast.books(house, "theirs")
    with firm_scope(write=house.firm.pk):
        found = case(house, books, "duplicate_number:invoice 9", "Number 9 is taken.")
        hold(house, found, bill(house, 9, 100))
        return {"case_id": found.pk}


def a_doubtful_client(house: House) -> dict[str, Any]:
    """Name a case that asks which customer a client is for an address."""
    books = cast.books(house, "theirs")
    with firm_scope(write=house.firm.pk):
        found = case(house, books, "doubtful_customer:contacts/1", "Which customer is it?")
        found.code = "doubtful_customer"
        found.save()
        hold(house, found, bill(house, 10, 100))
        return {"case_id": found.pk}
