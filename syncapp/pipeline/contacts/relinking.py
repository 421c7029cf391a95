"""A client stands on another customer from now on: the link that was ends and stays in the history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max, Q

from accounts import audit
from accounts.tenancy import firm_scope
from syncapp.pipeline.cases import causes
from syncapp.pipeline.drifting import hands
from syncapp.records import anew
from syncapp.records.models import Agreed, BookChoice, BookRow, Case, Document, Hold, Link, Merger

if TYPE_CHECKING:
    from accounts.models import User

CLOSED = "This exception is closed already."
PARTNERS_ONLY = "It is client money too: a partner says where it stands."
GONE = "Neither customer is in QuickBooks any more. Look there first."


def of_trust(*, firm_id: int, subjects: list[str]) -> bool:
    """Tell whether some clients and matters have client money, so that a partner decides. In a scope."""
    clients = [int(one.partition("/")[2]) for one in subjects if one.startswith("contacts/")]
    rows = Document.objects.filter(firm_id=firm_id, of_trust=True)
    matters = [int(one.partition("/")[2]) for one in subjects if one.startswith("matters/")]
    return rows.filter(Q(client_id__in=clients) | Q(data__matter_id__in=matters)).exists()


def accept(*, firm_id: int, case_id: int, partner: bool, by: User, now: datetime) -> str | None:
    """Let a client stand on the customer that its own was merged into; a sentence when it cannot be.

    `partner` says that the person signs for client money. Opens its own scope.
    """
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
        if case is None or case.books_id is None or case.code != hands.MERGED:
            return CLOSED
        facts = case.facts
        mine = {"firm_id": firm_id, "books_id": case.books_id}
        row = BookRow.objects.filter(**mine, kind="customer", remote_id=facts["kept"], deleted=False).first()
        merger = Merger.objects.filter(**mine, gone=facts["gone"], accepted_at__isnull=True).first()
        link = Link.objects.filter(**mine, subject=facts["subject"], live=True).first()
        if row is None or merger is None or link is None:
            return GONE
        named = [one for one in (facts["subject"], facts["other"]) if one]
        if not partner and of_trust(firm_id=firm_id, subjects=named):
            return PARTNERS_ONLY
        _move(link, row, now)
        Merger.objects.filter(firm_id=firm_id, pk=merger.pk).update(accepted_at=now, by=by)
        _settle(case, by, now)
    return None


def _move(link: Link, row: BookRow, now: datetime) -> None:
    """End a link and begin the next one of its subject; where another client stands there it is shared."""
    mine = Link.objects.filter(firm_id=link.firm_id, books_id=link.books_id)
    taken = mine.filter(object_kind="customer", remote_id=row.remote_id, live=True).exists()
    last = mine.filter(subject=link.subject).aggregate(last=Max("generation"))["last"]
    mine.filter(pk=link.pk).update(live=False)
    Link.objects.create(
        firm_id=link.firm_id,
        books_id=link.books_id,
        subject=link.subject,
        generation=last + 1,
        object_kind=link.object_kind,
        remote_id=row.remote_id,
        adopted=True,
        shared=taken,
        content={**(link.content or {}), "name": row.name},
        print=link.print,
        document_id=link.document_id,
        at=now,
    )
    said = {"firm_id": link.firm_id, "books_id": link.books_id, "subject": link.subject}
    Agreed.objects.filter(**said).delete()
    BookChoice.objects.filter(**said, answer=link.remote_id).update(answer=row.remote_id)


def _settle(case: Case, by: User, now: datetime) -> None:
    """Plan what waited, end the alarm, and keep who said it."""
    holds = Hold.objects.filter(firm_id=case.firm_id, case=case, closed_at__isnull=True)
    waiting = list(holds.filter(alarm=False).values_list("document_id", flat=True))
    anew.plan(Document.objects.filter(firm_id=case.firm_id, pk__in=waiting))
    holds.filter(alarm=True).update(closed_at=now, closed_words="it stands on the other customer")
    causes.close_done(firm_id=case.firm_id, now=now)
    audit.record(
        firm_id=case.firm_id, actor=by, verb="contact.moved", kind="case", id=case.pk,
        text=case.facts["name"], before={"customer": case.facts["gone"], "name": case.facts["name"]},
        after={"customer": case.facts["kept"], "name": case.facts["kept_name"]}, now=now,
    )  # fmt: skip
