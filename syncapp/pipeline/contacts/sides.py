"""A client as both sides show it, field by field, in the words of the books."""

from __future__ import annotations

from dataclasses import replace

from syncapp.core.books import BookObject
from syncapp.core.contacts import FIELDS, Pair
from syncapp.core.documents import Client
from syncapp.core.ledger import CustomerDraft
from syncapp.core.planning.customers import wished

type Values = dict[str, str]


def of_draft(draft: CustomerDraft) -> Values:
    """Return the fields of a customer as it was sent."""
    return {
        "name": draft.name,
        "company": draft.company,
        "email": draft.email,
        "phone": draft.phone,
        "address": "\n".join(draft.address),
    }


def of_books(row: BookObject) -> Values:
    """Return the fields of a customer as it stands in the books."""
    return {
        "name": row.name,
        "company": row.company,
        "email": row.email,
        "phone": row.phone,
        "address": "\n".join(row.address),
    }


def of_client(client: Client, *, template: str, known: str = "") -> Values:
    """Return the fields of a client as the books would hold them.

    `known` is the name that was settled: the one with the client's number behind it stays where the plain
    name is what Clio still says.
    """
    draft = wished(client, template)
    values = of_draft(draft)
    if known == f"{values['name']} ({client.id})":
        values["name"] = known
    return values


def pairs(clio: Values, books: Values) -> dict[str, Pair]:
    """Put both sides beside each other."""
    return {field: Pair(clio[field], books[field]) for field in FIELDS}


def draft(client: Client, row: BookObject, changes: Values) -> CustomerDraft:
    """Return the customer with some fields changed; what is left empty stays as it stands there."""
    made = CustomerDraft(name=changes.get("name", row.name))
    if "name" in changes:
        made = replace(made, first_name=client.first_name, last_name=client.last_name)
    return replace(
        made,
        company=changes.get("company", ""),
        email=changes.get("email", ""),
        phone=changes.get("phone", ""),
        address=tuple(changes.get("address", "").splitlines()),
    )
