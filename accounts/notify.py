"""Mail to people, once per reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction

from accounts import queries
from accounts.models import Notification, User
from accounts.tenancy import firm_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


def send(to: Iterable[User | str], *, subject: str, text: str) -> int:
    """Mail each person separately, so that nobody reads the others' addresses; return how many."""
    sent = 0
    for person in to:
        address = person.email if isinstance(person, User) else person
        one_line = " ".join(subject.split())[:200]
        sent += EmailMessage(one_line, text, to=[address]).send()
    return sent


def digest(*, firm_id: int, role: str, subject: str, body: str, key: str, now: datetime) -> int:
    """Mail the firm's people of a role once per key; return how many were told (0 when it was said before).

    As `tell`.
    """
    people = queries.people_of(firm_id=firm_id, role=role, now=now)
    return tell(people, firm_id=firm_id, subject=subject, body=body, key=key, now=now)


def tell(people: Sequence[User], *, firm_id: int, subject: str, body: str, key: str, now: datetime) -> int:
    """Mail some people of a firm once per key; return how many were told (0 when it was said before).

    Opens its own scope; the key is claimed before anything leaves, so two workers never both write;
    a mail that cannot be sent gives the key back. Call it outside any transaction.
    """
    if not people:
        return 0
    note = Notification(
        firm_id=firm_id,
        key=key[:200],
        subject=subject[:250],
        recipients=[person.email for person in people],
        sent_at=now,
    )
    try:
        with firm_scope(write=firm_id), transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError:
        return 0
    try:
        return send(people, subject=subject, text=body)
    except Exception:
        with firm_scope(write=firm_id):
            Notification.objects.filter(pk=note.pk, firm_id=firm_id).delete()
        raise
