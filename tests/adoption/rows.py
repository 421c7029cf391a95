"""The addresses of adoption in the permission matrix, and a proposal to name in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.records.models import Proposal
from tests import cast
from tests.desk import named
from tests.desk.books import NOW, bill
from tests.matrix_rows import Row, within

if TYPE_CHECKING:
    from accounts.models import Books
    from tests.cast import House


def proposal(house: House, books: Books, number: int = 5, **facts: Any) -> Proposal:
    """Write one proposal of a firm: a bill beside an invoice of the books. In a writing scope."""
    document = bill(house, number, 100)
    given = {
        "subject": f"bills/{document.source_id}",
        "resource": "bills",
        "source_id": document.source_id,
        "number": document.number,
        "name": "Cedar Freight, Inc.",
        "amount": document.amount,
        "day": document.day,
        "object_kind": "invoice",
        "remote_id": str(900 + number),
        "remote_number": document.number,
        "confidence": "likely",
        "reasons": ["the same amount, $1.00", "2 days apart"],
        "found_at": NOW,
        **facts,
    }
    return Proposal.objects.create(firm=house.firm, books=books, document=document, **given)


def a_proposal(house: House) -> dict[str, Any]:
    """Name a proposal of the firm for an address."""
    books = cast.books(house, "theirs")
    with firm_scope(write=house.firm.pk):
        return {"proposal_id": proposal(house, books).pk}


ADOPTION: dict[str, Row] = {
    "desk:adoption": within(Permission.SEE),
    "desk:adoption_file": within(Permission.EXPORT),
    "desk:adopt_certain": within(Permission.RETRY, method="post", args=named.a_set_of_books),
    "desk:native_off": within(Permission.CONNECT, method="post", args=named.a_set_of_books),
    "desk:adoption_decide": within(
        Permission.RETRY, method="post", args=a_proposal, body={"answer": "another"}
    ),
}
