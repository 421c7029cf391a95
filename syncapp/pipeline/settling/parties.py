"""What a wish names stands, or is on its way, before the wish: customers, and accounts of ledgers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from syncapp.core.ledger import CustomerDraft, Draft, ObjectKind, is_payee
from syncapp.core.planning.customers import (
    client_customer,
    inactive,
    matter_customer,
    own_customer,
    own_names,
)
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.settling import diff
from syncapp.pipeline.settling.barriers import print_of
from syncapp.pipeline.trust import ledger_accounts, payees
from syncapp.qbo import complaints
from syncapp.records.models import Document


def bring(context: Context, row: Document, answer: Answer, *, now: datetime) -> Problem | None:
    """See that all that a wish names is there or on its way; say why something cannot be."""
    own = own_names(context.book.options)
    refused = ledger_accounts.bring(context, row, answer, own=own, now=now)
    if refused is not None:
        return refused
    for wanted in answer.wanted:
        for subject in wanted.draft.needs():
            if subject in own:
                problem = _ours(context, row, subject, own[subject], now=now)
            else:
                problem = _party(context, row, wanted, subject, now=now)
            if problem is not None:
                return problem
    return None


def _party(context: Context, row: Document, wanted: Wanted, subject: str, *, now: datetime) -> Problem | None:
    """See that one customer or payee is there or on its way; say why it cannot be."""
    if (asked := context.merged.asked.get(subject)) is not None:
        return asked
    if context.stands(subject):
        return _asleep(context, wanted, subject)
    if subject.startswith(("contacts/", "matters/")):
        return _customer(context, subject, now=now)
    if is_payee(subject):
        return payees.bring(context, row, wanted.draft, subject, now=now)
    return None


def _asleep(context: Context, wanted: Wanted, subject: str) -> Problem | None:
    """Say that the customer of something that is to be posted was made inactive since it was linked."""
    link, mine = context.links.get(subject), context.links.get(wanted.subject)
    if link is None or wanted.adopt or (mine is not None and mine.print == print_of(wanted.draft)):
        return None
    row = context.names.by_id.get(link.remote_id)
    if row is None or row.active or link.object_kind != ObjectKind.CUSTOMER.value:
        return None
    return inactive(row)


def _customer(context: Context, subject: str, *, now: datetime) -> Problem | None:
    kind, _, key = subject.partition("/")
    wanted = (_matter if kind == "matters" else _client)(context, int(key), now=now)
    if isinstance(wanted, Problem):
        return wanted
    document = context.people["matter" if kind == "matters" else "client", int(key)]
    result = diff.plan(context, document, Answer(wanted=(wanted,)), now=now)
    if result is None:
        return _refused(context, subject, wanted.draft)
    return result if isinstance(result, Problem) else None


def _refused(context: Context, subject: str, draft: Draft) -> Problem:
    """Say why QuickBooks did not take a customer: by its code where that tells, else in its own words."""
    mine = (p for p in context.shelved.values() if p.subject == subject and p.vendor_words)
    said = next(mine, None)
    words = said.vendor_words if said is not None else "QuickBooks refused this customer."
    told = complaints.problem(
        said.vendor_code if said is not None else "", words, subject=subject, name=getattr(draft, "name", "")
    )
    if told.code != "unknown_refusal":
        return told
    return Problem(code="customer_refused", fix=Fix.BOOKS, cause=subject, words=words)


def _ours(context: Context, row: Document, subject: str, name: str, *, now: datetime) -> Problem | None:
    """Find or make the customer of a ledger that is no client's; it comes with the first document of it.

    Where the firm names it otherwise since, it is renamed, unless somebody else bears that name.
    """
    if context.stands(subject):
        stands = context.content(subject)
        if not isinstance(stands, CustomerDraft) or name.casefold() in {
            stands.name.casefold(),
            *context.names.taken,
        }:
            return None
        context.names.taken.add(name.casefold())
        wanted: Wanted | Problem = Wanted(subject=subject, draft=replace(stands, name=name))
    else:
        wanted = own_customer(subject, name, context.names)
    if isinstance(wanted, Problem):
        return wanted
    others = frozenset(context.own[row.pk] | context.coming[row.pk])
    result = diff.plan(context, row, Answer(wanted=(wanted,), kept=others), now=now)
    return result if isinstance(result, Problem) else None


def _matter(context: Context, matter_id: int, *, now: datetime) -> Wanted | Problem:
    matter = context.book.matters.get(matter_id)
    if matter is None:
        return _unseen("matter", f"matters/{matter_id}")
    parent = f"contacts/{matter.client_id}"
    if not context.stands(parent) and (problem := _customer(context, parent, now=now)):
        return problem
    link = context.links.get(parent)
    return matter_customer(
        matter,
        context.book.clients[matter.client_id],
        parent_id=link.remote_id if link else "",
        options=context.book.options,
        names=context.names,
    )


def _client(context: Context, client_id: int, *, now: datetime) -> Wanted | Problem:  # noqa: ARG001
    client = context.book.clients.get(client_id)
    subject = f"contacts/{client_id}"
    if client is None:
        return _unseen("client", subject)
    choice = context.choices.get(subject, "")
    return client_customer(
        client,
        options=context.book.options,
        names=context.names,
        choice=choice,
        proposed=context.adoption.customers.get(subject, ()),
    )


def _unseen(what: str, subject: str) -> Problem:
    words = f"The {what} of this bill is not among those that Clio shows us. Check what the person who "
    words += "connected may see in Clio."
    return Problem(code=f"{what}_not_read", fix=Fix.CLIO, cause=subject, words=words)
