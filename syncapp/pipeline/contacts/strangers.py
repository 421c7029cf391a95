"""Customers born in the books: a person says whose they are, or that they are nobody's; Clio gets none."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accounts import audit
from accounts.tenancy import firm_scope
from syncapp.core.planning.wanted import client_subject
from syncapp.records.models import BookChoice, BookRow, Document, Link

if TYPE_CHECKING:
    from accounts.models import User

NONE = "none"
GONE = "This customer is not in QuickBooks any more, or belongs to a client already."
NO_CLIENT = "This client is not in Clio any more."
TAKEN = (
    "This client stands on another customer already: “{name}”. Merge the two in QuickBooks if they are one."
)


def subject_of(remote_id: str) -> str:
    """Return the subject under which is kept that a customer is nobody's."""
    return f"born/{remote_id}"


def is_client(
    *, firm_id: int, books_id: int, remote_id: str, client_id: int, by: User, now: datetime
) -> str | None:
    """Keep whose a customer is, for the client's first record; a sentence when it cannot be."""
    with firm_scope(write=firm_id):
        row = _stranger(firm_id, books_id, remote_id)
        if row is None:
            return GONE
        people = Document.objects.filter(firm_id=firm_id, kind="client", source_id=client_id)
        client = people.first()
        if client is None or client.data.get("gone"):
            return NO_CLIENT
        subject = client_subject(client_id)
        mine = {"firm_id": firm_id, "books_id": books_id}
        link = Link.objects.filter(**mine, subject=subject, live=True).first()
        if link is not None:
            return TAKEN.format(name=(link.content or {}).get("name", link.remote_id))
        _keep(firm_id, books_id, subject, remote_id, by, now)
        BookChoice.objects.filter(**mine, subject=subject_of(remote_id)).delete()
        _told("contact.is_client", row, by, now, client=client.number)
    return None


def is_nobody(*, firm_id: int, books_id: int, remote_id: str, by: User, now: datetime) -> str | None:
    """Keep that a customer is no client: it is not listed again; a sentence when it cannot be."""
    with firm_scope(write=firm_id):
        row = _stranger(firm_id, books_id, remote_id)
        if row is None:
            return GONE
        _free(firm_id, books_id, remote_id)
        _keep(firm_id, books_id, subject_of(remote_id), NONE, by, now)
        _told("contact.not_client", row, by, now)
    return None


def ask_again(*, firm_id: int, books_id: int, remote_id: str, by: User, now: datetime) -> str | None:
    """Forget what was said of a customer; a sentence when it cannot be."""
    with firm_scope(write=firm_id):
        row = _stranger(firm_id, books_id, remote_id)
        if row is None:
            return GONE
        _free(firm_id, books_id, remote_id)
        rows = BookChoice.objects.filter(firm_id=firm_id, books_id=books_id)
        rows.filter(subject=subject_of(remote_id)).delete()
        _told("contact.asked_again", row, by, now)
    return None


def _stranger(firm_id: int, books_id: int, remote_id: str) -> BookRow | None:
    mine = {"firm_id": firm_id, "books_id": books_id}
    if Link.objects.filter(**mine, object_kind="customer", remote_id=remote_id, live=True).exists():
        return None
    return BookRow.objects.filter(**mine, kind="customer", remote_id=remote_id, deleted=False).first()


def _free(firm_id: int, books_id: int, remote_id: str) -> None:
    """Forget which client a customer was said to be."""
    rows = BookChoice.objects.filter(firm_id=firm_id, books_id=books_id, answer=remote_id)
    rows.filter(subject__startswith="contacts/").delete()


def _keep(firm_id: int, books_id: int, subject: str, answer: str, by: User, now: datetime) -> None:
    BookChoice.objects.update_or_create(
        firm_id=firm_id, books_id=books_id, subject=subject, defaults={"answer": answer, "by": by, "at": now}
    )


def _told(verb: str, row: BookRow, by: User, now: datetime, **after: str) -> None:
    audit.record(
        firm_id=row.firm_id, actor=by, verb=verb, kind="customer", id=row.remote_id,
        text=row.name[:300], after={"customer": row.remote_id, **after}, now=now,
    )  # fmt: skip
