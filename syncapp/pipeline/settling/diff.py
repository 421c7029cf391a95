"""From what is wanted to what must be done: compare with what stands, and plan creates, updates and voids.

Nothing posted is ever planned twice: the key of an operation comes from the subject, its generation and the
fingerprint of the wanted content (DESIGN sections 5 and 7).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from syncapp.core import codec, keys
from syncapp.core.ledger import NAME_LISTS, CustomerDraft, Draft, InvoiceDraft, LedgerAccountDraft, Verb
from syncapp.core.planning.invoices import NUMBER_LIMIT
from syncapp.core.planning.reversing import place_of
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Problem
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import drift, otherwise
from syncapp.pipeline.settling.barriers import Blocked, check, check_changeable, print_of
from syncapp.pipeline.ties import book
from syncapp.records.models import BookRow, Document, Link, Posting, PostingState

NUMBER_KEPT = 60  # characters of a number, or of a customer's name, that a posting shows


class AsBefore(Exception):
    """The same operation was refused a short while ago: what holds the document stays as it is."""


def plan(context: Context, document: Document, answer: Answer, *, now: datetime) -> Problem | bool | None:
    """Plan what brings the books in line with a document's wish.

    Return a Problem that holds it, True when operations are on their way, False when the books agree already,
    None when it stays held as it is.
    Nothing is planned at all when one part is blocked.
    """
    try:
        for wanted in answer.wanted:
            check(context, wanted)
        planned = [_bring(context, document, wanted, now=now) for wanted in answer.wanted]
        planned += _take_back(context, document, answer, now=now)
    except Blocked as blocked:
        return blocked.problem
    except AsBefore:
        return None
    fresh = [posting for posting in planned if posting is not None]
    for posting in fresh:
        posting.more = posting.more or answer.more
        context.send(posting)
    context.created += fresh
    return bool(fresh) or any(subject in context.waiting for subject in _mine(context, document, answer))


def _mine(context: Context, document: Document, answer: Answer) -> set[str]:
    return context.coming[document.pk] | {wanted.subject for wanted in answer.wanted}


def _bring(context: Context, document: Document, wanted: Wanted, *, now: datetime) -> Posting | None:
    """Plan the operation that makes one object as wanted, or None when it is or will be."""
    print_, subject = print_of(wanted.draft), wanted.subject
    link, waiting = context.links.get(subject), context.waiting.get(subject)
    if waiting is not None:
        if waiting.state != PostingState.READY.value or (waiting.print == print_ and waiting.draft):
            return None
        waiting.state = PostingState.SUPERSEDED.value
        waiting.save(update_fields=["state"])
        context.withdraw(waiting)
    if wanted.adopt:
        _adopt(context, document, wanted, print_, now)
        return None
    if link is not None:
        if (hand := drift.restores(context, link)) is not None:
            return _restored(context, document, link, hand, wanted.draft, now=now)
        if (meant := otherwise.meant(context, link)) is not None:
            return _mended(context, document, link, meant, now=now)
        if link.print == print_:
            return None
        draft = otherwise.kept(link, wanted.draft)
        return _posting(context, document, subject, link.generation, Verb.UPDATE, draft, print_, now, link)
    generation = context.generations.get(subject, 0) + 1
    verb = Verb.UPDATE if wanted.names else Verb.CREATE
    return _posting(
        context, document, subject, generation, verb, wanted.draft, print_, now, None, names=wanted.names
    )


def change(
    context: Context, document: Document, link: Link, draft: Draft, *, now: datetime
) -> Posting | None:
    """Plan that an object of ours is changed to `draft`, whatever was posted of it last; None when it waits.

    What is on its way already, and is the same, stays; what never left is taken back first. Raises AsBefore.
    """
    waiting, print_ = context.waiting.get(link.subject), print_of(draft)
    if waiting is not None:
        if waiting.state != PostingState.READY.value or waiting.print == print_:
            return None
        waiting.state = PostingState.SUPERSEDED.value
        waiting.save(update_fields=["state"])
        context.withdraw(waiting)
    generation = link.generation
    posting = _posting(context, document, link.subject, generation, Verb.UPDATE, draft, print_, now, link)
    if posting is not None:
        context.send(posting)
        context.created.append(posting)
    return posting


def _restored(
    context: Context, document: Document, link: Link, hand: BookRow, wanted: Draft, *, now: datetime
) -> Posting | None:
    """Plan that an entry stands again as it was posted, or as Clio says since: changed back, or made anew."""
    posted, print_ = draft_of(link.object_kind, link.content or {}), print_of(wanted)
    draft = posted if print_ == link.print else otherwise.kept(link, wanted)
    check_changeable(context, posted, draft, link)
    if not hand.deleted:
        return _posting(
            context, document, link.subject, link.generation, Verb.UPDATE, draft, print_, now, link
        )
    book.taken_out(firm_id=context.firm_id, books_id=context.books_id, ended=[link], now=now)
    Link.objects.filter(firm_id=context.firm_id, pk=link.pk).update(live=False)
    context.drop(link)
    generation = context.generations.get(link.subject, 0) + 1
    return _posting(context, document, link.subject, generation, Verb.CREATE, draft, print_, now, None)


def _mended(
    context: Context, document: Document, link: Link, meant: Draft, *, now: datetime
) -> Posting | None:
    """Plan what brings an entry that QuickBooks made otherwise to its total: it stands for the same wish."""
    check_changeable(context, meant, meant, link)
    return _posting(
        context, document, link.subject, link.generation, Verb.UPDATE, meant, link.print, now, link
    )


def _adopt(context: Context, document: Document, wanted: Wanted, print_: str, now: datetime) -> None:
    link = context.links.get(wanted.subject)
    if link is not None:
        return
    link = Link.objects.create(
        firm_id=context.firm_id,
        books_id=context.books_id,
        subject=wanted.subject,
        generation=context.generations.get(wanted.subject, 0) + 1,
        object_kind=wanted.draft.kind.value,
        remote_id=wanted.adopt,
        adopted=True,
        content=codec.to_json(wanted.draft),
        print=print_,
        document=document,
        at=now,
    )
    context.keep(link)


def _take_back(
    context: Context, document: Document, answer: Answer, *, now: datetime
) -> list[Posting | None]:
    """Plan the end of every object that this document wanted earlier and wants no more."""
    wanted = {w.subject for w in answer.wanted}
    done: list[Posting | None] = []
    own = sorted(context.coming[document.pk] - wanted - answer.kept)
    for posting in [context.waiting[subject] for subject in own]:
        if posting.object_kind in NAME_LISTS:
            continue
        if posting.state == PostingState.READY.value and posting.verb in {"create", "update"}:
            posting.state = PostingState.SUPERSEDED.value
            posting.save(update_fields=["state"])
            context.withdraw(posting)
    links = [link for link in context.standing(document) if link.subject not in wanted | answer.kept]
    for link in [row for row in links if row.object_kind not in NAME_LISTS]:
        if link.subject in context.waiting or link.content is None or _reverses(link, document):
            continue
        standing = draft_of(link.object_kind, link.content)
        check_changeable(context, standing, None, link)
        done += _end(context, document, link, standing, answer, now)
    return done


def _reverses(link: Link, document: Document) -> bool:
    """Tell whether an entry takes back what we posted: it stands as long as that does."""
    return document.resource != "books" and place_of(link.subject) is not None


def _end(
    context: Context, document: Document, link: Link, standing: Draft, answer: Answer, now: datetime
) -> list[Posting | None]:
    if isinstance(standing, InvoiceDraft) and answer.renumber:
        mark = f"-V{link.generation}"
        freed = replace(standing, number=standing.number[: NUMBER_LIMIT - len(mark)] + mark)
        if not standing.number.endswith(mark):
            return [
                _posting(
                    context,
                    document,
                    link.subject,
                    link.generation,
                    Verb.UPDATE,
                    freed,
                    print_of(freed),
                    now,
                    link,
                    more=True,
                )
            ]
    verb = Verb.DELETE if link.object_kind in {"journal", "deposit", "check"} else Verb.VOID
    return [
        _posting(
            context, document, link.subject, link.generation, verb, None, f"end {link.print}"[:64], now, link
        )
    ]


def _posting(
    context: Context,
    document: Document,
    subject: str,
    generation: int,
    verb: Verb,
    draft: Draft | None,
    print_: str,
    now: datetime,
    link: Link | None,
    *,
    more: bool = False,
    names: str = "",
) -> Posting | None:
    """Write one operation down, or take up the same one that was refused before."""
    round_ = f"{link.pk}:{link.round}" if link else names
    key = keys.posting_key(
        books=f"{context.firm_id}/{context.books_id}",
        subject=subject,
        generation=generation,
        verb=verb.value,
        print_=f"{print_}|{round_}",
    )
    if key in context.shelved:
        return _again(context.shelved[key], now)
    posting = Posting(
        key=UUID(key),
        request_id=keys.request_id(key),
        subject=subject,
        generation=generation,
        verb=verb.value,
        draft=codec.to_json(draft) if draft is not None else None,
        print=print_,
        created_at=now,
        more=more,
        remote_id=names,
    )
    return _written(context, document, posting, draft, link)


def _written(
    context: Context, document: Document, posting: Posting, draft: Draft | None, link: Link | None
) -> Posting:
    """Complete an operation with what people look for: whose it is, its number, day and amount."""
    standing = draft_of(link.object_kind, link.content) if link and link.content else None
    about: Any = draft if draft is not None else standing
    posting.firm_id, posting.books_id = context.firm_id, context.books_id
    posting.document, posting.document_version = document, document.version
    posting.object_kind = about.kind.value if link is None else link.object_kind
    posting.number, posting.day = _number(about)[:NUMBER_KEPT], getattr(about, "day", None)
    posting.amount = getattr(about, "total", 0)
    posting.rule_version = context.book.version
    posting.remote_id = link.remote_id if link else posting.remote_id
    return posting


def _again(posting: Posting, now: datetime) -> Posting | None:
    """Make a shelved operation ready once more.

    One that was refused goes under a new request id, because a clear refusal wrote nothing; one that was
    superseded never left.
    """
    if posting.state == PostingState.SUPERSEDED.value:
        posting.state, posting.after = PostingState.READY.value, []
        posting.save(update_fields=["state", "after"])
        return posting
    if posting.not_before is not None and posting.not_before > now:
        raise AsBefore
    posting.state = PostingState.READY.value
    posting.retries += 1
    posting.request_id = keys.retry_id(str(posting.key), posting.retries)
    posting.first_sent_at = posting.sent_at = None
    posting.save(update_fields=["state", "retries", "request_id", "first_sent_at", "sent_at"])
    return posting


def _number(draft: Any) -> str:
    return (
        draft.name
        if isinstance(draft, CustomerDraft | LedgerAccountDraft)
        else getattr(draft, "number", "") or ""
    )
