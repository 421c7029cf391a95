"""The sub-customers of a client's matters take the client's new name, where theirs bears it.

One that somebody named otherwise in the books, or that stood there before, keeps its name.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from accounts import audit
from syncapp.core.documents import Client
from syncapp.core.ledger import CustomerDraft, ObjectKind
from syncapp.core.planning.customers import renamed_matter
from syncapp.core.planning.wanted import matter_subject
from syncapp.pipeline.context import Context
from syncapp.pipeline.settling import diff


def follow(context: Context, client: Client, *, now: datetime) -> None:
    """Plan the new names of a client's sub-customers. In a writing scope."""
    for matter in context.book.matters.values():
        subject = matter_subject(matter.id)
        link, document = context.links.get(subject), context.people.get(("matter", matter.id))
        stands, row = context.content(subject), context.names.by_id.get(link.remote_id) if link else None
        if matter.client_id != client.id or link is None or document is None or row is None:
            continue
        if link.adopted or link.shared or not isinstance(stands, CustomerDraft) or stands.name != row.name:
            continue
        name = renamed_matter(matter, client, row.name, context.book.options, context.names)
        try:
            wanted = replace(stands, name=name)
            posting = diff.change(context, document, link, wanted, now=now) if name and row.active else None
        except diff.AsBefore:
            continue  # QuickBooks refused this name a short while ago
        if posting is not None:
            audit.record(
                firm_id=context.firm_id, actor=None, verb="contact.to_books", kind=ObjectKind.CUSTOMER.value,
                id=row.id, text=row.name, before={"name": row.name}, after={"name": name}, now=now,
            )  # fmt: skip
