"""What a clear refusal means: hold the document and what follows it, or plan it by another documented way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from mapping import queries as mapping_queries
from syncapp.core import keys
from syncapp.core.books import Refused
from syncapp.core.ledger import ObjectKind
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import draft_of
from syncapp.pipeline.trust import ledger_accounts, payees
from syncapp.qbo import complaints
from syncapp.records import anew
from syncapp.records.models import BookCursor, Document, Link, Posting, PostingState

TRY_AGAIN = timedelta(hours=1)  # what was clearly refused is tried again by itself, or sooner if asked
NAME_TAKEN = "6240"  # qbo/API.md section 9
STALE = "5010"  # somebody changed the object since we read it (qbo/API.md section 9)
MOST_STALE = 3
CHANGED = "changed_in_books"  # our own word: found neither as it was before nor as it was to be


def refused(firm_id: int, books_id: int, posting: Posting, answer: Refused, now: datetime) -> None:
    """Hold what was clearly refused, or plan it otherwise where another documented way is known."""
    posting.vendor_code, posting.vendor_words = answer.code[:40], f"{answer.words} {answer.detail}".strip()
    posting.lease_until = None
    if _another_way(firm_id, books_id, posting, answer):
        posting.state = PostingState.REFUSED.value
        posting.save(update_fields=["state", "vendor_code", "vendor_words", "lease_until"])
        _free_dependents(firm_id, posting)
        return
    if answer.code == STALE and posting.retries < MOST_STALE:
        posting.retries += 1
        posting.state = PostingState.READY.value
        posting.request_id = keys.retry_id(str(posting.key), posting.retries)
        posting.save(
            update_fields=["state", "retries", "request_id", "vendor_code", "vendor_words", "lease_until"]
        )
        return
    posting.state, posting.not_before = PostingState.REFUSED.value, now + TRY_AGAIN / settings.TIME_SCALE
    posting.save(update_fields=["state", "not_before", "vendor_code", "vendor_words", "lease_until"])
    problem = _complaint(books_id, posting, answer)
    hold_all(firm_id, books_id, [posting.document, *_free_dependents(firm_id, posting)], problem, now)


def _complaint(books_id: int, posting: Posting, answer: Refused) -> Problem:
    if answer.code == CHANGED:
        return _changed(posting, answer)
    if posting.object_kind == ObjectKind.ACCOUNT.value:
        return ledger_accounts.refused(f"{answer.words} {answer.detail}".strip(), answer.code)
    return complaints.problem(
        answer.code,
        answer.words,
        answer.detail,
        answer.element,
        subject=posting.subject,
        number=posting.number,
        name=(posting.draft or {}).get("name", ""),
        inactive=_inactive(books_id, posting),
    )


def _inactive(books_id: int, posting: Posting) -> str:
    """Name what a posting uses that is known to be inactive."""
    if posting.draft is None:
        return ""
    draft = draft_of(posting.object_kind, posting.draft)
    return next(iter(complaints.inactive_names(draft, mapping_queries.chart(books_id))), "")


def _changed(posting: Posting, answer: Refused) -> Problem:
    return Problem(
        code=CHANGED,
        fix=Fix.BOOKS,
        cause=posting.subject,
        words="Somebody changed this in QuickBooks while Tieout was about to. "
        f"{answer.words} Look at it there; retry to let Tieout bring it in line with Clio.",
        facts={"books_id": posting.remote_id},
    )


def hold_all(firm_id: int, books_id: int, documents: list[Document], problem: Problem, now: datetime) -> None:
    """Hold some documents under one cause. Clients and matters have no holds: what needs them is held."""
    rows = [row for row in documents if row.kind not in {"client", "matter"}]
    queue.apply(
        firm_id=firm_id,
        books_id=books_id,
        now=now,
        verdicts=[queue.Verdict(document=row, problem=problem) for row in rows],
    )
    Document.objects.filter(firm_id=firm_id, pk__in=[row.pk for row in rows]).update(
        settled=False, outcome="held", outcome_words=problem.words[:300]
    )


def _another_way(firm_id: int, books_id: int, posting: Posting, answer: Refused) -> bool:
    """Learn from a refusal what the company does not take; the document is planned anew knowing that."""
    if _unknown_reference(books_id, posting, answer) or _name_taken(posting, answer):
        _plan_anew(firm_id, posting)
        if posting.object_kind == ObjectKind.VENDOR.value:
            payees.forget(firm_id=firm_id, books_id=books_id)
        return True
    learned: dict[str, Any] = {}
    cursor = BookCursor.objects.select_for_update().get(firm_id=firm_id, books_id=books_id)
    if posting.object_kind == ObjectKind.CUSTOMER.value and answer.code == NAME_TAKEN:
        names = cursor.facts.get("other_names", [])
        name = (posting.draft or {}).get("name", "")
        if name and name not in names:
            learned = {"other_names": [*names, name]}
    elif (
        posting.object_kind == ObjectKind.PAYMENT.value
        and answer.code in {"6000", "620"}
        and posting.amount
        and cursor.facts.get("across_subcustomers", True)
        and _pays_several(posting)
    ):
        learned = {"across_subcustomers": False}
    elif answer.code == "6540" and _relinks(posting):
        learned = {"relinks_deposited": False}
    if not learned:
        return False
    cursor.facts = cursor.facts | learned
    cursor.save(update_fields=["facts"])
    _plan_anew(firm_id, posting)
    return True


def _plan_anew(firm_id: int, posting: Posting) -> None:
    rows = Document.objects.filter(firm_id=firm_id, pk=posting.document_id)
    anew.plan(rows.exclude(kind__in=["client", "matter"]))


def _unknown_reference(books_id: int, posting: Posting, answer: Refused) -> bool:
    """Tell whether QuickBooks first complains of something used that our copy of its lists shows as usable.

    The lists are looked at after that (`post`), so that the next plan names what became inactive under the
    cause that every other record has: one cause, one case. A second such complaint is held as it stands.
    """
    if posting.retries or not complaints.of_a_reference(answer.code, answer.words, answer.detail):
        return False
    return not _inactive(books_id, posting)


def _name_taken(posting: Posting, answer: Refused) -> bool:
    """Tell whether somebody made an account, or a payee, of a name since the lists were read: found then."""
    lists = {ObjectKind.ACCOUNT, ObjectKind.VENDOR}
    return posting.object_kind in lists and answer.code == NAME_TAKEN and not posting.retries


def _pays_several(posting: Posting) -> bool:
    """Tell whether a payment pays invoices of several customers: only such a refusal teaches anything."""
    paid = [part["subject"] for part in (posting.draft or {}).get("applications", [])]
    links = Link.objects.filter(
        firm_id=posting.firm_id, books_id=posting.books_id, subject__in=paid, live=True
    )
    return len({(link.content or {}).get("customer") for link in links}) > 1


def _relinks(posting: Posting) -> bool:
    """Tell whether a change only takes a payment to another invoice: its money stays where it is."""
    link = Link.objects.filter(
        firm_id=posting.firm_id, books_id=posting.books_id, subject=posting.subject, live=True
    ).first()
    if posting.object_kind != ObjectKind.PAYMENT.value or link is None or not posting.draft:
        return False
    return all((link.content or {}).get(name) == posting.draft.get(name) for name in ("amount", "account"))


def _free_dependents(firm_id: int, posting: Posting) -> list[Document]:
    """Take back what was to come after a refused operation, all the way down; return its documents."""
    gone = {posting.pk}
    documents: dict[int, Document] = {}
    while True:
        after = Posting.objects.filter(
            firm_id=firm_id, state=PostingState.READY.value, after__overlap=list(gone)
        )
        found = list(after.filter(~Q(pk__in=gone)).select_related("document"))
        if not found:
            break
        gone |= {row.pk for row in found}
        documents.update({row.document_id: row.document for row in found})
        Posting.objects.filter(firm_id=firm_id, pk__in=[row.pk for row in found]).update(
            state=PostingState.SUPERSEDED.value
        )
    rows = Document.objects.filter(firm_id=firm_id, pk__in=documents)
    anew.plan(rows.exclude(kind__in=["client", "matter"]))
    return list(documents.values())
