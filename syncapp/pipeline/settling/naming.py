"""Who stands in the books by name: customers, vendors and employees share one set of names."""

from __future__ import annotations

from syncapp.core.books import BookObject
from syncapp.core.documents import Client
from syncapp.core.ledger import NAME_LISTS, ObjectKind
from syncapp.core.planning.customers import Names
from syncapp.records.models import BookCursor, BookRow, Link


def names(
    firm_id: int, books_id: int, links: list[Link], clients: dict[int, Client], cursor: BookCursor | None
) -> Names:
    """Index who stands in a set of books: customers, and whose names cannot be given again. In a scope."""
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, kind__in=NAME_LISTS, deleted=False)
    customers = [
        BookObject(
            kind=ObjectKind.CUSTOMER,
            id=row.remote_id,
            name=row.name,
            active=row.active,
            parent=row.data.get("parent", ""),
            email=row.data.get("email", ""),
            phone=row.data.get("phone", ""),
            company=row.data.get("company", ""),
            address=tuple(row.data.get("address", ())),
            changed_at=row.changed_at,
        )
        for row in rows
        if row.kind == ObjectKind.CUSTOMER.value
    ]
    facts = cursor.facts if cursor else {}
    linked = {link.remote_id for link in links if link.object_kind == ObjectKind.CUSTOMER.value}
    taken = [*facts.get("other_names", []), *(row.name for row in rows if row.kind == ObjectKind.VENDOR)]
    staff = facts.get("employees", {})
    return Names.of(customers, linked=linked, taken=taken, clients=clients.values(), employees=staff)
