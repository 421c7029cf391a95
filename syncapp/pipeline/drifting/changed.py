"""What a hand changed of ours is a case, and what follows from it is of the same case.

An invoice that was made smaller has no room for its payment, which then differs too: one cause, and what is
restored is restored with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from syncapp.core.ledger import Draft, ObjectKind, PaymentDraft
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context
from syncapp.pipeline.deposits.aged import AGED
from syncapp.pipeline.drifting import correcting, drift, gone, hands, otherwise, typed
from syncapp.pipeline.drifting.drift import Place
from syncapp.pipeline.ties import entries
from syncapp.pipeline.trust.legs import is_trust
from syncapp.records.models import BookRow, Difference, Document, Hold, Link

TOLD = ("credit_over_balance",)  # a case already: what QuickBooks took off a bill made smaller
ACCEPTED = "Accepted as it stands in the books. "


@dataclass(slots=True)
class Found:
    """The causes found so far: which documents and which of our invoices each one bears on."""

    verdicts: list[queue.Verdict] = field(default_factory=list)
    documents: set[int] = field(default_factory=set)
    invoices: set[str] = field(default_factory=set)
    accepted: set[int] = field(default_factory=set)
    accepted_invoices: set[str] = field(default_factory=set)
    accepted_places: set[Place] = field(default_factory=set)
    asked: set[Place] = field(default_factory=set)  # whether it is a record of Clio is asked already
    bills: dict[str, set[str]] = field(default_factory=dict)  # all invoices of a bill, with its interest


class _Changed(NamedTuple):
    """An entry of ours that differs from what was posted, and in which words."""

    place: Place
    link: Link
    document: Document
    row: BookRow | None
    words: str
    way: tuple[str, str] = ("", "")  # from which account to which other, if nothing else of it differs
    closed: bool = False  # it lies in the closed books


def find(
    context: Context,
    differences: list[Difference],
    rows: dict[Place, BookRow],
    found: Found,
    now: datetime,
) -> None:
    """Raise what a hand changed of ours; a payment that lost its room by it is of the same case."""
    documents = _documents(context, differences)
    told = queued(context, TOLD) if differences else set()
    changed = {place for place in map(place_of, differences) if place[0] != "payment"}
    causes: dict[Place, list[_Changed]] = {}
    for one in sorted(differences, key=lambda one: place_of(one)[0] == "payment"):
        place = place_of(one)
        link = context.links.get(context.subject_of.get(place, ""))
        document = documents.get(link.document_id or 0) if link is not None else None
        if link is None or document is None or is_trust(link.content):
            continue
        row, draft = rows.get(place), context.content(link.subject)
        roots = _followed(context, draft, row, changed)
        accepted = drift.answered(context, place, row) == drift.ACCEPT
        paid = _paid(context, place, draft, row)
        if accepted or (roots and roots <= found.accepted_places):
            accept(one)
            found.accepted.add(document.pk)
            found.accepted_places.add(place)
            found.accepted_invoices |= paid
            continue
        found.documents.add(document.pk)
        found.invoices |= paid
        if document.pk not in told and (not roots or roots & causes.keys()):
            root = min(roots & causes.keys(), default=place)
            causes.setdefault(root, []).append(_Changed(place, link, document, row, one.reason))
    answered = otherwise.standing(context, documents) if documents else set()
    for parts in _together(context, causes, answered, rows, now):
        found.verdicts += _one_case(context, parts, answered)


def _followed(context: Context, draft: Draft | None, row: BookRow | None, changed: set[Place]) -> set[Place]:
    """Return what was changed that a payment only lost its room on: no second cause.

    What applied a credit, and is gone, goes with the credit that was changed.
    """
    if not isinstance(draft, PaymentDraft):
        return set()
    mine = changed & drift.targets(context, draft)
    if entries.loosened(draft, row, context):
        return mine
    ends = not draft.amount and gone.is_gone(draft, row)
    return {place for place in mine if ends and place[0] == ObjectKind.CREDIT_MEMO.value}


def _together(
    context: Context,
    causes: dict[Place, list[_Changed]],
    answered: set[Place],
    rows: dict[Place, BookRow],
    now: datetime,
) -> Iterator[list[_Changed]]:
    """Give what differs by cause: entries that were put from one account on another are one.

    What lies in closed books is apart: it is corrected there, where the others are put back.
    """
    moved: dict[tuple[tuple[str, str], bool], list[_Changed]] = {}
    for place, parts in causes.items():
        way = _way(context, parts[0]) if len(parts) == 1 and place not in answered else None
        closed = way is not None and correcting.is_closed(context, parts[0].link, parts[0].row)
        if way is None or (
            closed and isinstance(correcting.offer(context, parts[0].link, rows, now=now), str)
        ):
            yield parts
        else:
            moved.setdefault((way, closed), []).append(parts[0]._replace(way=way, closed=closed))
    yield from moved.values()


def _way(context: Context, one: _Changed) -> tuple[str, str] | None:
    """Return from which account to which other an entry was put."""
    draft = context.content(one.link.subject)
    return None if draft is None else entries.reclassified(draft, one.row, context)


def _one_case(context: Context, parts: list[_Changed], answered: set[Place]) -> Iterator[queue.Verdict]:
    """Raise an entry that was changed and the payments that follow it; the last says what the case shows.

    What QuickBooks itself answered otherwise is nobody's change.
    """
    root, following = parts[0], parts[1:]
    named = [drift.seen(one.place, one.row) for one in following]
    problem = drift.changed(context, root.link, root.row, root.words, following=named)
    together = all(root.way) and bool(following)
    if together:
        problem = drift.together(problem, *root.way, count=len(parts), closed=root.closed)
    if root.place in answered:
        problem = otherwise.answered(context, root.link, root.row, problem)
    for one in following:
        own = drift.changed(context, one.link, one.row, one.words)
        own = replace(own, code=problem.code, cause=problem.cause, title=problem.title)
        own = own if together else replace(own, amount=0)  # it is the same money
        yield queue.Verdict(document=one.document, alarms=(own,))
    yield queue.Verdict(document=root.document, alarms=(problem,))


def _paid(context: Context, place: Place, draft: Draft | None, row: BookRow | None) -> set[str]:
    """Return the ids of the invoices that an entry of ours is, pays, or pays as it stands now."""
    targets = draft.applications if isinstance(draft, PaymentDraft) else ()
    posted = (context.links.get(part.subject) for part in targets)
    paid = {link.remote_id for link in posted if link is not None}
    paid |= {place[1]} if place[0] == "invoice" else set()
    return paid | (typed.invoices_of(row) if row is not None else set())


def _documents(context: Context, differences: list[Difference]) -> dict[int, Document]:
    """Return the documents that some of our entries stand for."""
    links = (context.links.get(context.subject_of.get(place_of(one), "")) for one in differences)
    ids = {link.document_id for link in links if link is not None}
    rows = Document.objects.filter(firm_id=context.firm_id, pk__in=[pk for pk in ids if pk is not None])
    return {row.pk: row for row in rows} if ids else {}


def accept(one: Difference) -> None:
    """Mark a difference as explained: a person accepted it."""
    one.queued, one.reason = True, f"{ACCEPTED}{one.reason}"[:400]


def place_of(one: Difference) -> Place:
    """Return where in the books a difference is."""
    kind, _, remote_id = one.books_object.partition(":")
    return kind, remote_id


def queued(context: Context, codes: Iterable[str] = ()) -> set[int]:
    """Return the documents that are in the queue for another reason, or for one of `codes`: their case.

    Without `codes` also what a person settled elsewhere: that is its answer.
    """
    holds = Hold.objects.filter(firm_id=context.firm_id, closed_at__isnull=True)
    holds = holds.exclude(code__in=[*hands.ENDS, AGED])  # what waits for a deposit differs in nothing
    holds = holds.filter(code__in=list(codes)) if codes else holds
    return set(holds.values_list("document_id", flat=True)) | (set() if codes else context.elsewhere.keys())
