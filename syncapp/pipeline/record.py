"""Stage 7: write down what became of each operation: posted, refused, uncertain or not sent.

HTTP 200 is not success: the object that came back is compared with the plan, and a difference is an alarm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from accounts import audit
from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.core.books import NotSent, Operation, Outcome, Posted, Refused, Uncertain
from syncapp.core.ledger import Verb
from syncapp.core.money import text
from syncapp.pipeline import refresh
from syncapp.pipeline.clock import use
from syncapp.pipeline.drifting import otherwise
from syncapp.pipeline.sending.refusals import refused
from syncapp.pipeline.settling import balances
from syncapp.pipeline.ties import book
from syncapp.pipeline.trust import ledger_accounts
from syncapp.qbo import compare
from syncapp.records import bulk
from syncapp.records.models import (
    Attempt,
    Document,
    Hold,
    Link,
    Posting,
    PostingState,
)
from syncapp.records.models.postings import OPEN_STATES

VENDOR_TIME_OUT = 120.0  # seconds that QuickBooks itself may still work on a request (qbo/API.md section 2)
_OUTCOMES = {Posted: "posted", Refused: "refused", Uncertain: "uncertain", NotSent: "not_sent"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One posting as it was sent, with what came back."""

    posting: Posting
    operation: Operation
    outcome: Outcome


def run(*, firm_id: int, books_id: int, sent: list[Sent], started_at: datetime, now: datetime) -> None:
    """Record the outcomes of some operations in one transaction."""
    with firm_scope(write=firm_id):
        bulk.plan_anew()
        Attempt.objects.bulk_create(_attempt(firm_id, one, started_at, now) for one in sent)
        sent = _still_ours(firm_id, sent)
        posted = [one for one in sent if isinstance(one.outcome, Posted)]
        _posted(firm_id, books_id, posted, now)
        for one in sent:
            if isinstance(one.outcome, Refused):
                refused(firm_id, books_id, one.posting, one.outcome, now)
            elif isinstance(one.outcome, Uncertain):
                _wait(one.posting, PostingState.UNCERTAIN, now, VENDOR_TIME_OUT)
            elif isinstance(one.outcome, NotSent):
                _wait(one.posting, PostingState.READY, now, one.outcome.retry_after or 1.0)
        _finish(firm_id, posted, now)


def _still_ours(firm_id: int, sent: list[Sent]) -> list[Sent]:
    """Leave out what was taken over while its worker was stuck: it is looked for in the books, or was."""
    ids = [one.posting.pk for one in sent]
    rows = Posting.objects.select_for_update().filter(firm_id=firm_id, pk__in=ids)
    now = {pk: (state, sent_at) for pk, state, sent_at in rows.values_list("pk", "state", "sent_at")}
    return [one for one in sent if now.get(one.posting.pk) == (one.posting.state, one.posting.sent_at)]


def _attempt(firm_id: int, one: Sent, started_at: datetime, now: datetime) -> Attempt:
    outcome = one.outcome
    return Attempt(
        firm_id=firm_id,
        posting=one.posting,
        request_id=one.posting.request_id,
        vendor_request_id=outcome.vendor_request_id[:120],
        outcome=_OUTCOMES[type(outcome)],
        code=getattr(outcome, "code", "")[:40],
        words=getattr(outcome, "words", ""),
        started_at=started_at,
        ended_at=now,
    )


def _wait(posting: Posting, state: PostingState, now: datetime, seconds: float) -> None:
    """Leave a posting for later: uncertain ones until the vendor's own time-out has passed."""
    posting.state = state.value
    posting.not_before = now + timedelta(seconds=seconds / settings.TIME_SCALE)
    posting.lease_until = None
    posting.save(update_fields=["state", "not_before", "lease_until"])


def _posted(firm_id: int, books_id: int, sent: list[Sent], now: datetime) -> None:
    if not sent:
        return
    objects = [one.outcome.object for one in sent]  # type: ignore[union-attr]
    ledger_accounts.made(firm_id=firm_id, books_id=books_id, objects=objects, now=now)
    subjects = [one.posting.subject for one in sent]
    links = {
        link.subject: link
        for link in Link.objects.filter(firm_id=firm_id, books_id=books_id, subject__in=subjects, live=True)
    }
    entries: list[book.Entry] = []
    for one in sent:
        posting, returned = one.posting, one.outcome.object  # type: ignore[union-attr]
        posting.differences = list(compare.differences(one.operation, returned))
        posting.state, posting.remote_id, posting.posted_at = PostingState.POSTED.value, returned.id, now
        posting.lease_until, posting.vendor_code, posting.vendor_words = None, "", ""
        entries += book.entries_of(posting, links.get(posting.subject), now)
    _link([one.posting for one in sent], links, now)
    bulk.rewrite(
        [one.posting for one in sent],
        ["state", "remote_id", "posted_at", "lease_until", "differences", "vendor_code", "vendor_words"],
    )
    book.write(firm_id=firm_id, books_id=books_id, entries=entries)
    audit.append([_event(one.posting, now) for one in sent])
    balances.shift(firm_id=firm_id, books_id=books_id, objects=objects)
    refresh.save_rows(firm_id=firm_id, books_id=books_id, objects=objects, now=now)
    use.add(firm_id=firm_id, provider="qbo", books_id=books_id, posted=len(sent), now=now)


def _event(posting: Posting, now: datetime) -> AuditEvent:
    """Say in the log what was posted, by which rules, for which amount (text, two decimals)."""
    return audit.event(
        firm_id=posting.firm_id,
        actor=None,
        verb=f"posting.{posting.verb}d" if posting.verb.endswith("e") else f"posting.{posting.verb}ed",
        kind=posting.object_kind,
        id=posting.remote_id,
        text=f"{posting.object_kind.replace('_', ' ')} {posting.number or posting.remote_id}",
        after={
            "subject": posting.subject,
            "amount": text(posting.amount),
            "rules": posting.rule_version,
            "request": posting.request_id,
        },
        now=now,
    )


def _link(postings: list[Posting], links: dict[str, Link], now: datetime) -> None:
    """Remember what stands for the subjects now."""
    Link.objects.bulk_create(
        Link(
            firm_id=posting.firm_id,
            books_id=posting.books_id,
            subject=posting.subject,
            generation=posting.generation,
            object_kind=posting.object_kind,
            remote_id=posting.remote_id,
            content=posting.draft,
            print=posting.print,
            round=1,
            document_id=posting.document_id,
            at=now,
        )
        for posting in postings
        if posting.subject not in links
    )
    changed = []
    for posting in postings:
        if (link := links.get(posting.subject)) is None:
            continue
        link.round += 1
        if posting.verb in {Verb.VOID.value, Verb.DELETE.value}:
            link.live = False
        else:
            link.content, link.print, link.adopted = posting.draft, posting.print, False
        changed.append(link)
    bulk.rewrite(changed, ["round", "live", "content", "print", "adopted"])


def _finish(firm_id: int, sent: list[Sent], now: datetime) -> None:
    """Settle documents that have nothing on its way any more; raise what came back other than planned."""
    ids = {one.posting.document_id for one in sent}
    more = {one.posting.document_id for one in sent if one.posting.more}
    busy = Posting.objects.filter(firm_id=firm_id, document_id__in=ids, state__in=OPEN_STATES)
    held = Hold.objects.filter(firm_id=firm_id, document_id__in=ids, alarm=False, closed_at__isnull=True)
    waiting = set(busy.values_list("document_id", flat=True)) | set(
        held.values_list("document_id", flat=True)
    )
    Document.objects.filter(firm_id=firm_id, pk__in=ids - more - waiting, outcome="waiting").update(
        settled=True, outcome="posted"
    )
    for one in sent:
        if one.posting.differences:
            otherwise.tell(
                firm_id=firm_id,
                books_id=one.posting.books_id,
                posting=one.posting,
                operation=one.operation,
                now=now,
            )
