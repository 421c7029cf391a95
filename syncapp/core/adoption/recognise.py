"""The order of recognising: customers, then invoices, then what pays them, then client money."""

from __future__ import annotations

from syncapp.core.adoption.invoices import INVOICE, evidence, invoices
from syncapp.core.adoption.moneys import moneys
from syncapp.core.adoption.nouns import Found, Sight, Sure
from syncapp.core.adoption.parties import whose
from syncapp.core.likeness import LEAST, alike, named


def recognise(sight: Sight) -> list[Found]:
    """Return what stands in the books for the records of the practice system, each with its confidence.

    What is certain of the customers counts for the invoices, and of the invoices for the payments.
    """
    people = whose(sight, evidence(sight))
    sight.owners |= {one.books_id: one.subject for one in people if one.sure is Sure.CERTAIN}
    clients = {one.id: one.name for one in sight.clients}
    for one in sight.customers:
        mark = named(one.name).mark
        client = f"contacts/{mark}"
        if (
            one.id not in sight.owners
            and client in clients
            and alike(clients[client], one.name).points >= LEAST
        ):
            sight.owners[one.id] = client  # a second customer, which the connector made for the same client
    for one in sight.customers:
        if one.parent in sight.owners:
            sight.owners.setdefault(one.id, sight.owners[one.parent])
    bills = invoices(sight)
    standing = {subject: key for subject, (kind, key) in sight.linked.items() if kind == INVOICE}
    standing |= {one.subject: one.books_id for one in bills if one.sure is Sure.CERTAIN}
    perhaps = {one.subject: set[str]() for one in bills if one.subject not in standing}
    for bill in bills:
        perhaps.get(bill.subject, set()).add(bill.books_id)
    return [*people, *bills, *moneys(sight, standing, perhaps)]
