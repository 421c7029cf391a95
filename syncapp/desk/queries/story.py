"""The history of a case in words: what people did and wrote, what left it, and what Tieout did by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from accounts import audit
from syncapp.desk.queries import card
from syncapp.records.models import CaseNote
from syncapp.records.models.cases import COMMENT, PROPOSAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from syncapp.records.models import Case, Hold

MOST = 100  # comments and other lines of a case
TONES = {"opened": "waiting", "reopened": "waiting", "closed": "proven", "escalated": "wrong"}
SAID = frozenset({"case.commented", "case.escalated", "case.ask_answered"})  # by a line of their own
A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a history; `text` is what somebody wrote."""

    at: datetime
    title: str
    text: str = ""
    tone: str = ""
    href: str = ""


def of(*, firm_id: int, case: Case, holds: Sequence[Hold]) -> list[Line]:
    """Return the history of a case, the newest first. In a reading scope."""
    notes = CaseNote.objects.filter(firm_id=firm_id, case=case).select_related("by")
    found = [_note(note) for note in notes.order_by("-at", "-pk")[:MOST]]
    if not any(note.tone == "waiting" for note in found):  # opened before there was a history
        found.append(Line(at=case.opened_at, title="Opened", tone="waiting"))
    found += [
        Line(at=event.at, title=audit.sentence(event))
        for event in card.events(firm_id=firm_id, case=case, holds=holds)
        if event.verb not in SAID
    ]
    found += [_left(hold) for hold in card.closed_holds(firm_id=firm_id, case_id=case.pk)]
    return sorted(found, key=lambda line: line.at, reverse=True)


def _note(note: CaseNote) -> Line:
    if note.kind == COMMENT:
        return Line(at=note.at, title=f"{note.by} wrote", text=note.words)
    if note.kind == PROPOSAL:
        return Line(at=note.at, title="A proposal by e-mail", text=note.words)
    return Line(at=note.at, title=note.words, tone=TONES.get(note.kind, ""))


def _left(hold: Hold) -> Line:
    name = hold.number or str(hold.source_id)
    return Line(
        at=(hold.closed_at or hold.opened_at) - A_MOMENT,  # before the case closed with it
        title=f"{name} left: {hold.closed_words or 'the cause is gone'}",
        tone="proven",
        href=reverse("desk:record", args=[hold.document_id]),
    )
