"""What the page of an undo shows, and how a record was undone and sent again. In a reading scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from syncapp.core.planning.reversing import place_of
from syncapp.core.problems import Problem
from syncapp.desk import sums, words
from syncapp.pipeline.undoing import acts, foreseen
from syncapp.records.models import Undone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import User
    from syncapp.desk.queries.traces import Trace
    from syncapp.pipeline.undoing.refusals import Rights
    from syncapp.records.models import Document

SHOWN = 200  # records that the page lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """One object of the books for an undone record, how it stands now, and where the page has its entry."""

    name: str
    state: tuple[str, str]
    anchor: str = ""


def page(
    *, firm_id: int, documents: Iterable[int], rights: Rights, by: User, now: datetime
) -> dict[str, Any]:
    """Return what is taken back and by which entries, what is not and why, and what would be sent again."""
    found = foreseen.look(firm_id=firm_id, documents=documents, rights=rights, by=by, now=now)
    if isinstance(found, Problem):
        return {"stopped": found.words}
    taken, refused = found.taken, found.refused
    return {
        "shown": found.print,
        "count": len(taken),
        "sentence": _sentence(taken),
        "taken": [(one, _named(one.document)) for one in taken[:SHOWN]],
        "more": max(len(taken) - SHOWN, 0),
        "lines": found.lines,
        "totals": sums.of(found.lines),
        "again": found.again,
        "again_totals": sums.of(found.again),
        "waits": sorted({one.waits for one in taken if one.waits}),
        "approvals": sorted({one.approval for one in taken if one.approval}),
        "refused": [(one, _named(one.document)) for one in refused[:SHOWN]],
        "refused_count": len(refused),
    }


def _named(document: Document) -> str:
    noun = words.KIND.get(document.kind, document.kind).capitalize()
    return f"{noun} {document.number or document.source_id}"


def _sentence(taken: list[foreseen.Taken]) -> str:
    """Say in one sentence what is done."""
    if len(taken) == 1:
        return " ".join(taken[0].acts) or "Nothing of it moves an account."
    void = sum(1 for one in taken if any("void" in act for act in one.acts))
    turned = sum(1 for one in taken if any("reverses" in act for act in one.acts))
    parts = [
        f"{words.counted(void, 'record')} {_are(void)} made void" if void else "",
        f"{words.counted(turned, 'record')} {_are(turned)} reversed by a journal entry" if turned else "",
    ]
    return f"{words.joined(parts).capitalize()}, each on its own date. Nothing is deleted."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def of_record(*, firm_id: int, document: Document, found: Trace) -> dict[str, Any]:
    """Return how a record was undone: who and why, what stood, what reverses it, what stands again."""
    rows = Undone.objects.filter(firm_id=firm_id, document=document).select_related("by", "ended_by", "run")
    undone = list(rows.order_by("-at", "-pk")[:20])
    if not undone:
        return {}
    entries = {one.entry.posting_id: f"#entry-{one.entry.pk}" for one in reversed(found.entries)}
    at = {(sent.posting.object_kind, sent.posting.remote_id): entries.get(sent.posting.pk, "")
          for sent in found.postings}  # fmt: skip
    reversed_ = {place_of(link.subject): link for link, _ in found.links if place_of(link.subject)}
    return {
        "undone": undone,
        "undone_now": undone[0] if undone[0].ended_at is None else None,
        "undone_trust": bool(acts.of_trust(firm_id, [document])),
        "stood": [
            Stood(
                name=f"{words.OBJECT.get(link.object_kind, link.object_kind).capitalize()} "
                f"{(row.number if row else '') or link.remote_id}",
                state=_state(link, row, reversed_),
                anchor=at.get((link.object_kind, link.remote_id), ""),
            )
            for link, row in sorted(found.links, key=lambda pair: pair[0].pk)
            if link.object_kind not in {"customer", "account", "vendor"}
        ],
    }


def _state(link: Any, row: Any, reversed_: dict[Any, Any]) -> tuple[str, str]:
    by = reversed_.get((link.object_kind, link.remote_id))
    if by is not None:
        return f"Reversed by {by.content.get('number') or by.remote_id}", "waiting"
    if (place := place_of(link.subject)) is not None:
        return f"Reverses {words.OBJECT.get(place[0], place[0])} {place[1]}", ""
    if row is not None and row.voided:
        return "Void", "waiting"
    if "/amendment/" in link.subject:
        return "Later entry of the same movement", ""
    return ("Stands", "proven") if link.live else ("Earlier", "")
