"""What an undone record asks of the books: nothing, and that what stands of it is taken back visibly.

Invoices and payments are made void, what QuickBooks does not void is turned round by a journal entry of its
own day, and client money by a later entry of the movement (`trust.changes`). All of it are postings like any
other, so that an undo is as safe from interruptions as what it undoes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from accounts.tenancy import firm_scope
from syncapp.core.ledger import NAME_LISTS, CheckDraft, CreditMemoDraft, JournalDraft, PaymentDraft
from syncapp.core.money import spoken
from syncapp.core.planning import reversing
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting.book_documents import BOOK_ROW
from syncapp.pipeline.settling import amended
from syncapp.pipeline.settling.wishes import asks_nothing
from syncapp.pipeline.trust import changes, legs
from syncapp.records.models import Document, Link, Undone

CODE, CHANGED, RESTS = "undone", "undone_changed", "undone_rests"
CODES = frozenset({CODE, CHANGED, RESTS})


def is_undone(context: Context, row: Document) -> bool:
    """Tell whether a record is undone; one that Clio has removed since asks for nothing by itself."""
    return row.pk in context.undoing.open and not asks_nothing(row)


def subjects(context: Context, row: Document) -> set[str]:
    """Return what stands, or is on its way, for a document, without names and reversals."""
    mine = context.own.get(row.pk, set()) | context.coming.get(row.pk, set())
    return {one for one in mine if not one.startswith(reversing.BOOKS) and not _is_name(context, one)}


def _is_name(context: Context, subject: str) -> bool:
    link, waiting = context.links.get(subject), context.waiting.get(subject)
    return (link.object_kind if link else waiting.object_kind if waiting else "") in NAME_LISTS


def parts(context: Context, row: Document) -> list[legs.Part]:
    """Return what an undone document asks for, client money apart from all else."""
    mine = legs.of_trust(context, row)
    found = [legs.Part(Answer(skipped="it was undone"), trust=True)] if mine else []
    if subjects(context, row) - mine or not mine:
        found.append(legs.Part(wish(context, row), trust=False))
    return found


def wish(context: Context, row: Document) -> Answer:
    """Want the entries that reverse what cannot be made void; all else is taken back by the comparison."""
    wanted: list[Wanted] = []
    kept: set[str] = set()
    for link in context.standing(row):
        draft = draft_of(link.object_kind, link.content) if link.content is not None else None
        if link.subject.startswith(reversing.BOOKS) or not isinstance(
            draft, CreditMemoDraft | JournalDraft | CheckDraft
        ):
            continue
        entry = reversing.reversal(draft, remote_id=link.remote_id)
        if not entry.lines:
            continue
        subject = reversing.subject_of(link.object_kind, link.remote_id)
        wanted.append(Wanted(subject=subject, draft=entry))
        kept.add(link.subject)
        apply = context.content(link.subject + amended.APPLY)
        if isinstance(apply, PaymentDraft):
            moved = reversing.moved(apply, to=subject)
            wanted.append(Wanted(subject=link.subject + amended.APPLY, draft=moved))
    return Answer(wanted=tuple(wanted), kept=frozenset(kept), skipped="it was undone", renumber=True)


def resting(context: Context, row: Document) -> list[tuple[str, PaymentDraft, int]]:
    """Return what pays the invoices of a document and is not undone itself: it rests on them."""
    found = []
    for subject in sorted(subjects(context, row)):
        for payer, draft, amount in amended.payers(context, subject):
            stands = context.waiting.get(payer) or context.links.get(payer)
            by = stands.document_id if stands is not None else None
            if by != row.pk and by not in context.undoing.open:
                found.append((payer, draft, amount))
    return found


def rests(context: Context, row: Document) -> Problem | None:
    """Say that an undo waits because something was posted on top of it meanwhile."""
    found = resting(context, row)
    if not found:
        return None
    _, draft, amount = found[0]
    return Problem(
        code=RESTS,
        fix=Fix.APPROVE,
        cause=f"{row.kind} {row.source_id}",
        title=f"The undo of {row.kind} {row.number or row.source_id} waits: a payment rests on it.",
        words=f"A payment or credit of {spoken(amount, draft.currency)}, dated {draft.day:%-d %b %Y}, was "
        "posted on it. Undo that too, or send this record again.",
        facts=_facts(context.undoing.open[row.pk]),
    )


def waits(context: Context, row: Document) -> Problem:
    """Return why an undone record is not in the books, as the queue and the tie-out say it."""
    said = context.undoing.open[row.pk]
    facts = _facts(said) | ({"severity": "trust"} if row.of_trust else {})
    if row.version != said.version and not said.again:
        return Problem(
            code=CHANGED,
            fix=Fix.APPROVE,
            cause=str(said.batch),
            title=f"What was undone has changed in Clio since. {said.words}",
            words=f"{said.words} Clio has changed it since: send it again as Clio has it now, or leave it "
            "out.",
            facts=facts,
        )
    soon = "It is sent again as soon as all of it is taken back."
    return Problem(
        code=CODE,
        fix=Fix.WAIT if said.again else Fix.APPROVE,
        cause=str(said.batch),
        title=said.words,
        words=f"{said.words} {soon if said.again else 'It waits until somebody sends it again.'}",
        facts=facts,
    )


def _facts(said: Undone) -> dict[str, str]:
    return {"batch": str(said.batch), "by": str(said.by), "reason": said.reason, "at": said.at.isoformat()}


def with_reversals(context: Context, row: Document, answer: Answer) -> Answer:
    """Want what reverses an entry as long as that stands, and a number of its own for what is sent again."""
    times = context.undoing.times
    if row.kind == BOOK_ROW or not (times or context.undoing.places):
        return answer
    again = [
        replace(one, draft=reversing.numbered_again(one.draft, times=times[one.subject]))
        for one in answer.wanted
    ]
    named = {one.subject for one in again}
    standing = [
        Wanted(subject=subject, draft=draft)
        for subject in sorted(context.own.get(row.pk, ()))
        if reversing.place_of(subject) and subject not in named and (draft := context.content(subject))
    ]
    return replace(answer, wanted=(*again, *standing))


def advance(context: Context, *, now: datetime) -> None:
    """Part what stands reversed from its record, and send again what was to be. Opens its own scope."""
    if context.undoing.open:
        with firm_scope(write=context.firm_id):
            _advance(context, now)


def _advance(context: Context, now: datetime) -> None:
    for pk in context.undoing.open:
        _retire(context, pk)
    batches: dict[object, list[Undone]] = {}
    for said in context.undoing.open.values():
        if said.again:
            batches.setdefault(said.batch, []).append(said)
    for rows in batches.values():
        if not all(taken_back(context, row.document_id) for row in rows):
            continue
        for row in rows:
            Undone.objects.filter(firm_id=context.firm_id, pk=row.pk).update(ended_at=now, ended_by=row.by)
            del context.undoing.open[row.document_id]
            context.undoing.last[row.document_id] = now


def _retire(context: Context, document_id: int) -> None:
    """End the links of what stands reversed, with the payments that used it up."""
    done: list[Link] = []
    for subject in sorted(context.own.get(document_id, ())):
        link = context.links[subject]
        entry = reversing.subject_of(link.object_kind, link.remote_id)
        if entry not in context.links or entry in context.waiting:
            continue
        apply = context.links.get(subject + amended.APPLY)
        if subject + amended.APPLY in context.waiting or (apply is not None and not _used(apply, entry)):
            continue
        done += [link] if apply is None else [link, apply]
    for link in done:
        Link.objects.filter(firm_id=context.firm_id, pk=link.pk).update(live=False)
        context.drop(link)
        context.subject_of.pop((link.object_kind, link.remote_id), None)
        context.undoing.times[link.subject] += link.object_kind != "payment"


def _used(apply: Link, entry: str) -> bool:
    return any(part["subject"] == entry for part in (apply.content or {}).get("applications") or [])


def taken_back(context: Context, document_id: int) -> bool:
    """Tell whether nothing of a document counts in the books any more, and nothing of it is on its way."""
    if context.coming.get(document_id):
        return False
    links = [context.links[subject] for subject in context.own.get(document_id, ())]
    return all(
        link.object_kind in NAME_LISTS
        or link.subject.startswith(reversing.BOOKS)
        or (legs.is_trust(link.content) and changes.comes_to_nothing(context, link))
        for link in links
    )
