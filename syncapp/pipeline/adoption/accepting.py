"""What a person says of proposals: adopt, another one, or undo. Adopting writes links; nothing is posted.

An adopted link is like ours from then on: compared, traced, corrected when Clio changes. An entry of client
money gets its ledger in the books besides, as one does that was left to the bank feed (`trust.twins`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from accounts import audit
from accounts.models import Books, User
from accounts.tenancy import firm_scope
from syncapp.core.ledger import ObjectKind
from syncapp.core.problems import Problem
from syncapp.pipeline.adoption import drafts, forgotten
from syncapp.pipeline.adoption.sight import FORMS
from syncapp.pipeline.context import Context
from syncapp.pipeline.loading import load
from syncapp.pipeline.trust import twin_answers
from syncapp.records import anew, bulk
from syncapp.records.models import BookChoice, BookRow, Document, Link, Proposal
from syncapp.records.models.adoption import ProposalState

_ORDER = {"customer": 0, "invoice": 1, "payment": 2, "credit_memo": 3}
_DECIDED = ["state", "document_version", "by", "at"]
OURS = 0  # the version of what we posted ourselves: it is planned, and found to stand
GONE = "This is decided already, or stands there no longer."


def accept(
    *, firm_id: int, books_id: int, ids: Iterable[int] | None, by: User | str, now: datetime
) -> int | str:
    """Adopt some open proposals, or all certain ones (`None`); return how many, or a sentence.

    Where two of them want one object, or one record two objects, neither is adopted.
    """
    with firm_scope(write=firm_id):
        rows = Proposal.objects.filter(firm_id=firm_id, books_id=books_id, state=ProposalState.OPEN.value)
        rows = rows.filter(confidence="certain") if ids is None else rows.filter(pk__in=list(ids))
        wanted = _alone(list(rows.select_related("document").order_by("pk")))
        if not wanted:
            return 0 if ids is None else GONE
        context = load(firm_id=firm_id, books_id=books_id, started=False)
        if isinstance(context, Problem):
            return context.words
        taken = _link(context, wanted, by, now)
        _log(firm_id, books_id, "books.adopted", taken, by, now)
    return len(taken)


def _alone(rows: list[Proposal]) -> list[Proposal]:
    subjects = Counter(row.subject for row in rows)
    objects = Counter((row.object_kind, row.remote_id) for row in rows)
    return [r for r in rows if subjects[r.subject] == 1 and objects[r.object_kind, r.remote_id] == 1]


def _link(context: Context, rows: list[Proposal], by: User | str, now: datetime) -> list[Proposal]:
    """Write the links: customers first, then invoices, then what pays them."""
    standing, ended = _standing(context, rows), forgotten.links(context)
    links: list[Link] = []
    again: list[Link] = []
    taken: list[Proposal] = []
    for row in sorted(rows, key=lambda one: _ORDER.get(one.object_kind, 9)):
        stands = standing.get((row.object_kind, row.remote_id))
        if stands is None or (row.object_kind, row.remote_id) in context.subject_of:
            continue
        if context.stands(row.subject):
            continue
        link = ended.get((row.subject, row.object_kind, row.remote_id))
        if link is not None:
            link.live = True
            again.append(link)
        elif stands.active and (link := drafts.link(context, row, stands, now)) is not None:
            links.append(link)
        if link is not None:
            context.keep(link)
        row.state = ProposalState.ADOPTED.value
        row.document_version = row.document.version if link is None or link.adopted else OURS
        row.by, row.at = by if isinstance(by, User) else None, now
        taken.append(row)
    Link.objects.bulk_create(links, batch_size=1000)
    bulk.rewrite(again, ["live"])
    bulk.rewrite(taken, _DECIDED)
    subjects = {row.subject for row in taken}
    mine = Proposal.objects.filter(firm_id=context.firm_id, books_id=context.books_id, state="open")
    mine.filter(subject__in=subjects).delete()
    anew.plan(Document.objects.filter(firm_id=context.firm_id, pk__in={row.document_id for row in taken}))
    return taken


def _standing(context: Context, rows: list[Proposal]) -> dict[tuple[str, str], BookRow]:
    keys = {(row.object_kind, row.remote_id) for row in rows}
    found = BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id, deleted=False)
    found = found.filter(remote_id__in={key for _, key in keys}, kind__in={kind for kind, _ in keys})
    return {(row.kind, row.remote_id): row for row in found if not row.voided}


def refuse(*, firm_id: int, books_id: int, proposal_id: int, by: User, now: datetime) -> str | None:
    """Keep that it is another one: it is not asked again, and the record posts as all others do."""
    with firm_scope(write=firm_id):
        rows = Proposal.objects.filter(firm_id=firm_id, books_id=books_id, state=ProposalState.OPEN.value)
        row = rows.filter(pk=proposal_id).first()
        if row is None:
            return GONE
        row.state, row.by, row.at = ProposalState.REFUSED.value, by, now
        row.save(update_fields=_DECIDED)
        others = rows.filter(subject=row.subject)
        key = f"{row.object_kind}:{row.remote_id}"
        said = {
            ObjectKind.CUSTOMER.value: (row.subject, "new") if not others.exists() else None,
            **{form: (twin_answers.asked(row.subject, key), twin_answers.TWO) for form in FORMS},
        }.get(row.object_kind)
        if said is not None:
            BookChoice.objects.update_or_create(
                firm_id=firm_id,
                books_id=books_id,
                subject=said[0],
                defaults={"answer": said[1], "by": by, "at": now},
            )
        anew.plan(Document.objects.filter(firm_id=firm_id, pk=row.document_id))
        _log(firm_id, books_id, "books.not_adopted", [row], by, now)
    return None


def undo(*, firm_id: int, books_id: int, proposal_id: int, by: User, now: datetime) -> str | None:
    """Take an adoption back: the link ends, the record asks again. Not after we have changed the object."""
    with firm_scope(write=firm_id):
        rows = Proposal.objects.filter(firm_id=firm_id, books_id=books_id, state=ProposalState.ADOPTED.value)
        row = rows.filter(pk=proposal_id).first()
        if row is None:
            return GONE
        links = Link.objects.filter(firm_id=firm_id, books_id=books_id, subject=row.subject, live=True)
        link = links.filter(object_kind=row.object_kind, remote_id=row.remote_id).first()
        if link is not None and not link.adopted:
            return "Tieout has changed it in QuickBooks since, so the adoption cannot be undone."
        if link is not None and row.object_kind in {"customer", "invoice"} and _leaned_on(link):
            return "Other links stand on this one. Undo those of its invoices or payments first."
        if link is not None:
            links.filter(pk=link.pk).update(live=False)
        row.state, row.by, row.at, row.document_version = ProposalState.OPEN.value, by, now, 0
        row.save(update_fields=_DECIDED)
        anew.plan(Document.objects.filter(firm_id=firm_id, pk=row.document_id))
        _log(firm_id, books_id, "books.adoption_undone", [row], by, now)
    return None


def _leaned_on(link: Link) -> bool:
    """Tell whether other live links name this one: invoices their customer, payments their invoices."""
    mine = Link.objects.filter(firm_id=link.firm_id, books_id=link.books_id, live=True).exclude(pk=link.pk)
    if link.object_kind == ObjectKind.CUSTOMER.value:
        return mine.filter(content__customer=link.subject).exists()
    return mine.filter(content__applications__contains=[{"subject": link.subject}]).exists()


def _log(firm_id: int, books_id: int, verb: str, rows: list[Proposal], by: User | str, now: datetime) -> None:
    if not rows:
        return
    counted = Counter(drafts.WORDS.get(row.object_kind, row.object_kind) for row in rows)
    said = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for word, count in sorted(counted.items()))
    audit.record(
        firm_id=firm_id,
        actor=by,
        verb=verb,
        obj=Books.objects.get(firm_id=firm_id, pk=books_id),
        text=str(rows[0]) if len(rows) == 1 else said,
        after={"count": len(rows), "links": [f"{r.subject} = {r.object_kind}:{r.remote_id}" for r in rows]},
        now=now,
    )
