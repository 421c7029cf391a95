"""Names of the books' ids: QuickBooks counts each list, and each set of books, by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounts.tenancy import firm_scope
from mapping.models import MirrorTag
from syncapp.core.ledger import EntryLine
from syncapp.desk.queries.names import Names
from syncapp.records.models import BookRow, PostedLine
from tests import cast
from tests.desk.books import NOW

if TYPE_CHECKING:
    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db


def customer(house: House, books: Books, name: str) -> None:
    """Customer 59 of a set of books."""
    BookRow.objects.create(
        firm=house.firm, books=books, kind="customer", remote_id="59", name=name, seen_at=NOW
    )


def learned(house: House, *books: Books) -> Names:
    names = Names(house.firm.pk)
    lines = [
        PostedLine(account="1", minor=1, customer=mentioned, class_id="7", location="7")
        for mentioned in ("59", "id:59")
    ]
    names.learn(lines, [None], {one.pk for one in books})
    return names


def test_the_same_id_names_another_customer_in_other_books(alpha: House) -> None:
    main, second = cast.books(alpha), cast.books(alpha, "second")
    with firm_scope(write=alpha.firm.pk):
        customer(alpha, main, "Cedar Freight")
        customer(alpha, second, "Harbor Mills")
        names = learned(alpha, main, second)

    line = EntryLine(account="1", amount=100, customer="id:59")
    assert [
        names.line(books.pk, line.account, line.amount, mentioned, "", "")["name"]
        for books in (main, second)
        for mentioned in ("59", line.customer)
    ] == ["Cedar Freight", "Cedar Freight", "Harbor Mills", "Harbor Mills"]


def test_the_same_id_names_a_class_and_a_location(alpha: House) -> None:
    main = cast.books(alpha)
    with firm_scope(write=alpha.firm.pk):
        for kind, name in (("class", "Litigation"), ("location", "Main Office")):
            MirrorTag.objects.create(
                firm=alpha.firm, books=main, kind=kind, remote_id="7", name=name, seen_at=NOW
            )
        names = learned(alpha, main)

    assert names.tag(main.pk, "7") == "Litigation"
    assert names.tag(main.pk, "7", kind="location") == "Main Office"
