"""A person's answers to what the software must not guess: which customer, which of two numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from accounts import audit
from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.core.ledger import InvoiceDraft
from syncapp.core.planning.invoices import NUMBER_LIMIT
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix
from syncapp.pipeline.context import Context
from syncapp.records.models import BookChoice, BookRow, Case, Hold

LINK, RENUMBER = "link", "renumber"
COPY = "-C"


def choose(*, firm_id: int, case_id: int, answer: str, by: User, now: datetime) -> str | None:
    """Keep a person's answer to a case that asks for one; return a sentence when it cannot be taken."""
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
        if case is None or case.books_id is None:
            return "This exception is closed already."
        if case.code == "duplicate_number":
            return _number(case, answer, by, now)
        if case.fix != Fix.CHOOSE.value or "/" not in case.cause:
            return "This exception does not ask for a choice."
        return _customer(case, answer, by, now)


def _customer(case: Case, answer: str, by: User, now: datetime) -> str | None:
    if answer != "new":
        rows = BookRow.objects.filter(firm_id=case.firm_id, books=case.books, kind="customer")
        row = rows.filter(remote_id=answer, deleted=False).first()
        if row is None:
            return "This customer is not in QuickBooks any more. Choose another."
        if not row.active:
            return f"“{row.name}” is inactive in QuickBooks. Make it active there first, then choose it."
    _keep(case, case.cause.partition(":")[2], answer, "case.customer_chosen", by, now)
    return None


def _number(case: Case, answer: str, by: User, now: datetime) -> str | None:
    hold = Hold.objects.filter(firm_id=case.firm_id, case=case, closed_at__isnull=True, alarm=False).first()
    if hold is None:
        return "Nothing waits for this number any more."
    if answer not in {LINK, RENUMBER}:
        return "Say whether it is the same invoice or another one."
    if answer == LINK and case.facts.get("same") != "yes":
        return "The two invoices differ in customer, date or amount, so they cannot be linked."
    kept = f"{LINK}:{case.facts['books_id']}" if answer == LINK else RENUMBER
    _keep(case, f"{hold.resource}/{hold.source_id}", kept, "case.number_chosen", by, now)
    return None


def _keep(case: Case, subject: str, answer: str, verb: str, by: User, now: datetime) -> None:
    BookChoice.objects.update_or_create(
        firm_id=case.firm_id,
        books=case.books,
        subject=subject,
        defaults={"answer": answer[:40], "by": by, "at": now},
    )
    audit.record(
        firm_id=case.firm_id,
        actor=by,
        verb=verb,
        kind="case",
        id=case.pk,
        text=case.title,
        after={"subject": subject, "answer": answer},
        now=now,
    )


def apply(context: Context, answer: Answer) -> Answer:
    """Do as a person chose: link the invoice that stands, or give the new one a number of its own."""
    return replace(answer, wanted=tuple(_chosen(context, wanted) for wanted in answer.wanted))


def _chosen(context: Context, wanted: Wanted) -> Wanted:
    choice = context.choices.get(wanted.subject, "")
    draft = wanted.draft
    if not isinstance(draft, InvoiceDraft) or not choice:
        return wanted
    kind, _, remote = choice.partition(":")
    if kind == LINK and not context.stands(wanted.subject):
        return replace(wanted, adopt=remote)
    if kind == RENUMBER:
        return replace(wanted, draft=replace(draft, number=draft.number[: NUMBER_LIMIT - len(COPY)] + COPY))
    return wanted
