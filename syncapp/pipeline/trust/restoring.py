"""An entry of client money that somebody changed or deleted in the books is posted again as it was.

It is a person's word (who signs for client money), about what was seen and nothing later. What is restored is
the entry as it was posted, with the bank line that it is matched with; nothing is ever accepted by a word.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accounts import audit
from accounts.tenancy import firm_scope
from syncapp.core.problems import Problem
from syncapp.pipeline.context import Context, draft_of, load
from syncapp.pipeline.drifting import drift
from syncapp.pipeline.ties import entries
from syncapp.pipeline.trust import strays
from syncapp.pipeline.trust.legs import is_trust
from syncapp.records import anew
from syncapp.records.models import BookChoice, BookRow, Case, Document, Hold, Link

if TYPE_CHECKING:
    from accounts.models import User

GONE = "It stands as it was posted, or was changed again since. Look at it once more."


def changed(*, firm_id: int, case: Case) -> list[Problem]:
    """Return what stands otherwise than it was posted of what a case is about. In a reading scope."""
    if case.code != strays.CODE or case.books_id is None:
        return []
    context = load(firm_id=firm_id, books_id=case.books_id)
    if isinstance(context, Problem):
        return []
    alarms = Hold.objects.filter(firm_id=firm_id, case=case, alarm=True, closed_at__isnull=True)
    documents = set(alarms.values_list("document_id", flat=True))
    links = [link for link in context.links.values() if link.document_id in documents and _ours(link)]
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=case.books_id)
    stands = {
        (row.kind, row.remote_id): row
        for row in rows.filter(remote_id__in=[link.remote_id for link in links])
    }
    found = [_told(context, link, stands.get((link.object_kind, link.remote_id))) for link in links]
    return [one for one in found if one is not None]


def _ours(link: Link) -> bool:
    return is_trust(link.content) and not link.adopted and "form" not in (link.content or {})


def _told(context: Context, link: Link, row: BookRow | None) -> Problem | None:
    place = (link.object_kind, link.remote_id)
    words = entries.difference(draft_of(link.object_kind, link.content or {}), row, context)
    if not words or drift.answered(context, place, row) == drift.RESTORE:
        return None
    return drift.changed(context, link, row, words)


def restore(*, firm_id: int, case_id: int, place: str, shown: str, by: User, now: datetime) -> str | None:
    """Have an entry posted again as it was; return a sentence when it cannot be. Opens its own scope."""
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
        told = changed(firm_id=firm_id, case=case) if case is not None else []
        one = next((p for p in told if (p.facts["place"], p.facts["print"]) == (place, shown)), None)
        if case is None or one is None:
            return GONE
        kind, _, remote_id = place.partition(":")
        BookChoice.objects.update_or_create(
            firm_id=firm_id,
            books=case.books,
            subject=drift.subject_of(kind, remote_id),
            defaults={"answer": f"{drift.RESTORE}:{shown}", "by": by, "at": now},
        )
        audit.record(
            firm_id=firm_id, actor=by, verb="case.drift_restored", kind="case", id=case.pk,
            text=one.title[:300], before={"lines": one.facts["was"]},
            after={"place": place, "lines": one.facts["is"]}, now=now,
        )  # fmt: skip
        mine = Link.objects.filter(firm_id=firm_id, object_kind=kind, remote_id=remote_id, live=True)
        anew.plan(Document.objects.filter(firm_id=firm_id, pk__in=mine.values("document_id")))
    return None
