"""Stage 6: send what is ready, exactly once whatever the network does (DESIGN section 7).

Claimed by conditional update, sent outside any transaction, recorded. What got no clear answer is looked
for in the books before it is ever sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from accounts.tenancy import firm_scope
from mapping import queries as mapping_queries
from syncapp.core import keys
from syncapp.core.books import BookObject, NotSent, Operation, Outcome, Posted, Refused
from syncapp.core.ledger import ObjectKind, Verb
from syncapp.http.errors import Revoked
from syncapp.pipeline import record, refresh
from syncapp.pipeline.context import draft_of
from syncapp.pipeline.sending.due import Due, claim
from syncapp.pipeline.sending.refusals import CHANGED, STALE
from syncapp.pipeline.sending.silence import MOST_SILENT, Silence
from syncapp.pipeline.trust import hands
from syncapp.qbo import compare, complaints
from syncapp.qbo.client import QuickBooks
from syncapp.records import bulk
from syncapp.records.models import BookRow, Link, Posting

LEASE = record.VENDOR_TIME_OUT + 60  # seconds: it outlives the longest wait for an answer
Clock = Callable[[], datetime]
Beat = Callable[[str, int, int], None]


def run(
    *,
    firm_id: int,
    books_id: int,
    client: QuickBooks,
    clock: Clock,
    beat: Beat,
    only_one: bool = False,
    patient: bool = False,
) -> int:
    """Post all that is ready in one set of books; return how many operations were posted.

    `only_one` posts a single one, to see whether QuickBooks takes entries again. When it stops answering, so
    does this, and what is ready waits: raises Transient, Revoked. Who is `patient` bears one lost answer.
    """
    silence = Silence(1 if only_one else MOST_SILENT)
    done = resolve(firm_id=firm_id, books_id=books_id, client=client, now=clock())
    whole = _ready(firm_id, books_id, clock(), beat)
    due = Due()
    while True:
        jobs = _claim(firm_id, books_id, clock(), due, 1 if only_one else None)
        if not jobs:
            silence.end(patient=patient)
            return done
        started_at = clock()
        outcomes, revoked = _send(client, [operation for _, operation in jobs])
        sent = [record.Sent(job, op, out) for (job, op), out in zip(jobs, outcomes, strict=True)]
        record.run(firm_id=firm_id, books_id=books_id, sent=sent, started_at=started_at, now=clock())
        _read_stale(firm_id, books_id, client, sent, clock())
        posted = [one.posting.pk for one in sent if isinstance(one.outcome, Posted)]
        due.posted(posted)
        if done // bulk.MANY < (done + len(posted)) // bulk.MANY:
            bulk.learn()
        done += len(posted)
        beat("post", done, max(whole, done))
        if revoked is not None:
            raise revoked
        silence.heard(outcomes)
        if only_one:
            return done


def _send(client: QuickBooks, operations: list[Operation]) -> tuple[list[Outcome], Revoked | None]:
    """Send some operations. When the authorisation is gone nothing of them was sent (`sending.send`)."""
    try:
        return client.send(operations), None
    except Revoked as error:
        gone = NotSent(words=error.words, vendor_request_id=error.vendor_request_id)
        return [gone for _ in operations], error


def as_planned(*, firm_id: int, books_id: int) -> bool:
    """Tell whether what is ready was planned by the mapping in force."""
    with firm_scope(write=None, reads=[firm_id]):
        version = mapping_queries.published(books_id)
        rows = Posting.objects.filter(firm_id=firm_id, books_id=books_id, state="ready")
        return not rows.exclude(rule_version=version.number if version else 0).exists()


def _ready(firm_id: int, books_id: int, now: datetime, beat: Beat) -> int:
    """Return how many operations are ready, and tell the page before the first of them is sent."""
    with firm_scope(write=None, reads=[firm_id]):
        rows = Posting.objects.filter(firm_id=firm_id, books_id=books_id, state="ready")
        count = rows.exclude(not_before__gt=now).count()
    if count:
        beat("post", 0, count)
    return count


def _read_stale(
    firm_id: int, books_id: int, client: QuickBooks, sent: list[record.Sent], now: datetime
) -> None:
    """Read again what somebody changed since we last saw it: the next try needs its newest token.

    After a complaint about something that an entry uses, the lists are looked at too.
    """
    stale = [one for one in sent if isinstance(one.outcome, Refused) and one.outcome.code == STALE]
    objects = [client.read(one.operation.kind, one.operation.remote_id) for one in stale]
    if found := [one for one in objects if one is not None]:
        with firm_scope(write=firm_id):
            hands.notice(firm_id=firm_id, books_id=books_id, objects=found, now=now)
            refresh.save_rows(firm_id=firm_id, books_id=books_id, objects=found, now=now)
    refusals = [one.outcome for one in sent if isinstance(one.outcome, Refused)]
    lists = {ObjectKind.ACCOUNT, ObjectKind.VENDOR}
    names = any(one.posting.object_kind in lists and isinstance(one.outcome, Refused) for one in sent)
    if names or any(complaints.of_a_reference(one.code, one.words, one.detail) for one in refusals):
        refresh.run(firm_id=firm_id, books_id=books_id, client=client, now=now, fresh=False)


def waiting(*, firm_id: int, books_id: int) -> tuple[int, int, datetime | None]:
    """Return how many operations are open, how many of them uncertain, and when the next is due."""
    with firm_scope(write=None, reads=[firm_id]):
        rows = Posting.objects.filter(firm_id=firm_id, books_id=books_id)
        rows = rows.filter(state__in=["ready", "sending", "uncertain"])
        listed = list(rows.values_list("state", "not_before", "lease_until"))
    times = [at for _, not_before, lease in listed for at in (not_before, lease) if at is not None]
    return len(listed), sum(state == "uncertain" for state, _, _ in listed), min(times, default=None)


def _claim(
    firm_id: int, books_id: int, now: datetime, due: Due | None = None, most: int | None = None
) -> list[tuple[Posting, Operation]]:
    """Take the next operations; none when nothing is due, though it was looked for once more."""
    due = due or Due()
    until = now + timedelta(seconds=LEASE / settings.TIME_SCALE)
    with firm_scope(write=firm_id):
        for afresh in (False, True):
            if afresh:
                due.read(firm_id, books_id, now)
            while ids := due.next():
                taken = claim(firm_id=firm_id, books_id=books_id, ids=ids[:most], now=now, until=until)
                if taken:
                    return operations(firm_id, books_id, taken)
    return []


def operations(firm_id: int, books_id: int, ids: list[int]) -> list[tuple[Posting, Operation]]:
    """Return some postings with what is asked of the ledger, subjects resolved through links. In a scope.

    Every set of books counts its ids by itself, so links and tokens are those of the postings' own books.
    """
    rows = list(Posting.objects.filter(firm_id=firm_id, pk__in=ids).select_related("document").order_by("pk"))
    drafts = {}
    for row in rows:
        if row.draft is not None:
            drafts[row.pk] = draft_of(row.object_kind, row.draft)
    ended = _ended(firm_id, books_id, [row for row in rows if row.draft is None])
    drafts |= {
        row.pk: draft_of(row.object_kind, ended[row.subject])
        for row in rows
        if row.subject in ended and row.draft is None
    }
    named = {subject for draft in drafts.values() for subject in draft.needs()}
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, subject__in=named, live=True)
    ids_of = dict(links.values_list("subject", "remote_id"))
    ids_of |= {subject: subject[3:] for subject in named if subject.startswith("id:")}
    remote = [row.remote_id for row in rows if row.remote_id]
    seen = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, remote_id__in=remote)
    tokens = {(kind, key): token for kind, key, token in seen.values_list("kind", "remote_id", "token")}
    return [
        (
            row,
            Operation(
                verb=Verb(row.verb),
                kind=ObjectKind(row.object_kind),
                request_id=row.request_id,
                draft=drafts.get(row.pk),
                remote_id=row.remote_id,
                token=tokens.get((row.object_kind, row.remote_id), ""),
                trace=keys.trace(str(row.key)),
                ids={s: ids_of[s] for s in drafts[row.pk].needs() if s in ids_of} if row.pk in drafts else {},
            ),
        )
        for row in rows
    ]


def _ended(firm_id: int, books_id: int, rows: list[Posting]) -> dict[str, dict[str, object]]:
    subjects = [row.subject for row in rows]
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, subject__in=subjects, live=True)
    return {link.subject: link.content for link in links if link.content is not None}


def resolve(*, firm_id: int, books_id: int, client: QuickBooks, now: datetime) -> int:
    """Look for what got no clear answer before it is sent again; return how much of it had been posted."""
    with firm_scope(write=firm_id):
        rows = Posting.objects.filter(firm_id=firm_id, books_id=books_id)
        rows.filter(state="sending", lease_until__lt=now).update(state="uncertain", not_before=None)
        due = rows.filter(state="uncertain").exclude(not_before__gt=now)
        ids = list(due.order_by("pk").values_list("pk", flat=True))
        jobs = operations(firm_id, books_id, ids) if ids else []
        first = min([job.first_sent_at for job, _ in jobs if job.first_sent_at], default=now)
    if not jobs:
        return 0
    found = client.look_up([operation for _, operation in jobs], first)
    sent = _judged(jobs, found, _befores(firm_id, books_id, [job for job, _ in jobs]))
    record.run(firm_id=firm_id, books_id=books_id, sent=sent, started_at=now, now=now)
    known = {one.posting.pk for one in sent}
    with firm_scope(write=firm_id):
        again = [job.pk for job, _ in jobs if job.pk not in known]
        rows = Posting.objects.filter(firm_id=firm_id, pk__in=again, state="uncertain")
        rows.update(state="ready", not_before=None, lease_until=None)
    return sum(isinstance(one.outcome, Posted) for one in sent)


def _befores(firm_id: int, books_id: int, rows: list[Posting]) -> dict[int, Operation]:
    """Return, by posting, what stood in the books before it: what we posted last. In no scope."""
    with firm_scope(write=None, reads=[firm_id]):
        subjects = [row.subject for row in rows]
        ours = Link.objects.filter(firm_id=firm_id, books_id=books_id)
        links = ours.filter(subject__in=subjects, live=True, adopted=False)
        standing = {
            link.subject: draft_of(link.object_kind, link.content)
            for link in links
            if link.content is not None
        }
        named = {subject for draft in standing.values() for subject in draft.needs()}
        ids = dict(ours.filter(subject__in=named).values_list("subject", "remote_id"))
    ids |= {subject: subject[3:] for subject in named if subject.startswith("id:")}
    return {
        row.pk: Operation(
            verb=Verb.UPDATE, kind=draft.kind, request_id="", draft=draft, remote_id=row.remote_id, ids=ids
        )
        for row in rows
        if (draft := standing.get(row.subject)) is not None
    }


def _judged(
    jobs: list[tuple[Posting, Operation]], found: dict[str, BookObject], befores: dict[int, Operation]
) -> list[record.Sent]:
    """Say what became of each: adopted when found and ours, held when found and neither ours nor as before.

    What is missing from the answer was not written, and may be sent again.
    """
    sent = []
    for job, operation in jobs:
        if operation.request_id not in found and operation.verb is not Verb.DELETE:
            continue
        stands = found.get(operation.request_id)
        one = record.Sent(job, operation, _found(operation, stands))
        if _unchanged(one):
            before = befores.get(job.pk)
            if before is None or stands is None or not (told := compare.differences(before, stands)):
                continue
            one = record.Sent(job, operation, Refused(code=CHANGED, words=" ".join(told)))
        sent.append(one)
    return sent


def _found(operation: Operation, returned: BookObject | None) -> Posted:
    if returned is None:
        return Posted(object=BookObject(kind=operation.kind, id=operation.remote_id, deleted=True))
    return Posted(object=returned)


def _unchanged(one: record.Sent) -> bool:
    """Tell whether an update, void or deletion did not happen: the object is not as it was to be."""
    if one.operation.verb is Verb.CREATE or not isinstance(one.outcome, Posted):
        return False
    stands = one.outcome.object
    if (
        one.operation.verb is Verb.VOID
        and stands.kind is ObjectKind.PAYMENT
        and stands.links
        and not stands.voided
    ):
        return True  # a payment of nothing has no total that could tell: what it applies does
    return bool(compare.differences(one.operation, stands))
