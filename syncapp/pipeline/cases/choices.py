"""A person's answers to what the software must not guess: which customer, which number, what came back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from accounts import audit
from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.core import money
from syncapp.core.documents import Funds, Kind
from syncapp.core.ledger import InvoiceDraft, ObjectKind
from syncapp.core.planning.invoices import NUMBER_LIMIT
from syncapp.core.planning.returns import CHARGEBACK, MISTAKE, Said, payment_subject
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.pipeline.cases import given
from syncapp.pipeline.contacts import asking
from syncapp.pipeline.context import Context
from syncapp.pipeline.deposited import answers as deposited
from syncapp.pipeline.drifting import hands
from syncapp.pipeline.trust import returns as trust_returns
from syncapp.pipeline.trust import twins
from syncapp.records import anew
from syncapp.records.models import BookChoice, BookRow, Case, Document, Hold, Link

LINK, RENUMBER = "link", "renumber"
COPY = "-C"
APPROVE = "approve"
CORRECTION, REMOVED = "closed_correction", "payment_removed"  # codes of the cases that are answered here
LONGEST = 40  # characters of an answer that is kept
STALE = "The bill changed again since this page was opened. Look at the new entry, then approve it."
CLOSED = "This exception is closed already."


def choose(
    *, firm_id: int, case_id: int, answer: str, by: User, now: datetime, through: str = ""
) -> str | None:
    """Keep a person's answer to a case that asks for one; return a sentence when it cannot be taken.

    `through` names the person's rule that gives it, for the log.
    """
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
        if case is None or case.books_id is None:
            return CLOSED
        if case.code == "duplicate_number":
            return _number(case, answer, by, now, through)
        if case.code == CORRECTION:
            return _approved(case, answer, by, now, through)
        if case.code == deposited.CODE:
            return deposited.answer(case, answer, by, now)
        if case.code == twins.CODE:
            return twins.answer(case, answer, by, now)
        if case.code == trust_returns.CODE:
            return trust_returns.answer(case, answer, by, now)
        if case.code == hands.CONTACT:
            return asking.answer(case, answer, by, now)
        if case.code != "doubtful_customer":
            return "This exception does not ask for a choice."
        return _customer(case, answer, by, now)


def _customer(case: Case, answer: str, by: User, now: datetime) -> str | None:
    client = str(case.facts.get("client") or "this client")
    says = f"make a new customer for {client}, and post what waits for it"
    if answer != "new":
        rows = BookRow.objects.filter(firm_id=case.firm_id, books=case.books, kind="customer")
        row = rows.filter(remote_id=answer, deleted=False).first()
        if row is None:
            return "This customer is not in QuickBooks any more. Choose another."
        mine = Link.objects.filter(firm_id=case.firm_id, books=case.books, object_kind="customer", live=True)
        if mine.filter(remote_id=answer).exclude(subject=case.cause.partition(":")[2]).exists():
            return "This customer stands for another client already. Choose another."
        says = f"post what waits for {client} on the customer {row.name}"
    _keep(case, case.cause.partition(":")[2], answer, "case.customer_chosen", by, now, says=says)
    return None


def _number(case: Case, answer: str, by: User, now: datetime, through: str) -> str | None:
    hold = Hold.objects.filter(firm_id=case.firm_id, case=case, closed_at__isnull=True, alarm=False).first()
    if hold is None:
        return "Nothing waits for this number any more."
    if answer not in {LINK, RENUMBER}:
        return "Say whether it is the same invoice or another one."
    if answer == LINK and case.facts.get("same") != "yes":
        return "The two invoices differ in customer, date or amount, so they cannot be linked."
    kept = f"{LINK}:{case.facts['books_id']}" if answer == LINK else RENUMBER
    subject = case.facts.get("for") or f"{hold.resource}/{hold.source_id}"
    number = case.facts["number"]
    says = f"link the invoice {number} that stands in the books, and post nothing"
    if answer == RENUMBER:
        says = f"post it as {number}{COPY}"
    text = f"invoice {number}"
    _keep(case, subject, kept, "case.number_chosen", by, now, says=says, text=text, through=through)
    return None


def _approved(case: Case, answer: str, by: User, now: datetime, through: str) -> str | None:
    """Keep the approval of the correcting entry that was seen, and of no other."""
    if answer != f"{APPROVE}:{case.facts['print']}":
        return STALE
    facts = {
        "kind": case.facts["kind"],
        "number": case.facts["number"],
        "total": money.spoken(int(case.facts["total"]), case.facts["currency"]),
        "day": case.facts["day"],
    }
    noun = {"credit_memo": "credit", "journal": "entry"}.get(facts["kind"], facts["kind"])
    says = f"post the {noun} {facts['number']} of {facts['total']}"
    _keep(
        case, case.facts["for"], answer, "case.correction_approved", by, now,
        says=says, facts=facts, through=through,
    )  # fmt: skip
    return None


def returned(*, firm_id: int, case_id: int, said: Said, by: User, now: datetime) -> str | None:
    """Keep what a person said of a payment that Clio changed or removed; a sentence when it cannot be."""
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
        if case is None or case.books_id is None:
            return CLOSED
        if case.code != REMOVED:
            return "This exception does not ask about a payment."
        if len(said.kept()) > LONGEST:
            return _TOO_LONG
        facts = case.facts
        payment = _payment(int(facts["amount"]), facts["currency"], date.fromisoformat(facts["day"]))
        verb, more = _told(said, facts["currency"])
        way = "post that the bank took back" if said.day else "take back, as entered by mistake,"
        says = f"{way} the {payment}"
        _keep(case, facts["for"], said.kept(), verb, by, now, says=says, text=payment, facts=more)
        return None


_TOO_LONG = (
    "The name of this account in QuickBooks is too long to be kept. Choose another account for the fee."
)


def _payment(amount: int, currency: str, day: date | None) -> str:
    dated = f" dated {day.day} {day:%b %Y}" if day else ""
    return f"payment of {money.spoken(amount, currency)}{dated}"


def payment_words(document: Document) -> str:
    """Name a payment by its amount and day."""
    return _payment(document.amount, str(document.data.get("currency") or "USD"), document.day)


def _told(said: Said, currency: str) -> tuple[str, dict[str, str]]:
    """Return the log's verb for an answer, and what its sentence holds."""
    if said.what == MISTAKE or said.day is None:
        return "case.payment_mistaken", {}
    if said.what == CHARGEBACK:
        return "case.payment_charged_back", {"day": said.day.isoformat()}
    fee = money.spoken(said.fee, currency) if said.fee else ""
    return "case.payment_returned", {"day": said.day.isoformat(), "fee": fee}


def standing_payment(*, firm_id: int, document: Document) -> Link | str:
    """Find the payment of the books that a bank may have returned, or say why there is none. In a scope."""
    if document.kind != Kind.PAYMENT.value:
        return "This is no payment."
    funds = str(document.data.get("funds") or "")
    if document.data.get("into_trust") or funds == Funds.TRUST:
        return "This payment is client money. A return in trust is corrected in Clio first, then it posts."
    if funds == Funds.OPERATING:
        return "This was paid from money that the firm held already. No bank can return it."
    links = Link.objects.filter(
        firm_id=firm_id, document=document, live=True, object_kind=ObjectKind.PAYMENT.value
    )
    link = links.order_by("pk").first()
    if link is None:
        return "This payment does not stand in the books, so nothing can be taken back."
    if said_of(firm_id=firm_id, document=document) is not None:
        return "It is said already what happened to this payment."
    return link


def said_of(*, firm_id: int, document: Document) -> BookChoice | None:
    """Return what a person said of a payment, with who said it and when. In a scope."""
    subject = payment_subject(document.source_id)
    return BookChoice.objects.filter(firm_id=firm_id, subject=subject).select_related("by").first()


def say_returned(*, firm_id: int, document_id: int, said: Said, by: User, now: datetime) -> str | None:
    """Keep that the bank returned a payment of which Clio says nothing, and have it planned anew.

    Returns a sentence when it cannot be taken.
    """
    with firm_scope(write=firm_id):
        document = Document.objects.filter(firm_id=firm_id, pk=document_id).first()
        if document is None:
            return "This record is not there any more."
        link = standing_payment(firm_id=firm_id, document=document)
        if isinstance(link, str):
            return link
        if said.what == MISTAKE or said.day is None:
            return "Give the day on which the bank took the money back."
        if len(said.kept()) > LONGEST:
            return _TOO_LONG
        subject, kept = payment_subject(document.source_id), said.kept()
        BookChoice.objects.create(
            firm_id=firm_id, books_id=link.books_id, subject=subject, answer=kept, by=by, at=now
        )
        anew.plan(Document.objects.filter(firm_id=firm_id, pk=document.pk))
        currency = str(document.data.get("currency") or "USD")
        verb, more = _told(said, currency)
        audit.record(
            firm_id=firm_id,
            actor=by,
            verb=verb,
            kind="record",
            id=document.pk,
            text=payment_words(document),
            after={"subject": subject, "answer": kept, **more},
            now=now,
        )
        return None


def _keep(
    case: Case,
    subject: str,
    answer: str,
    verb: str,
    by: User,
    now: datetime,
    *,
    says: str,
    text: str = "",
    facts: dict[str, Any] | None = None,
    through: str = "",
) -> None:
    with given.press(case, says=says, by=by, now=now, subjects=[subject], through=through):
        BookChoice.objects.update_or_create(
            firm_id=case.firm_id,
            books=case.books,
            subject=subject,
            defaults={"answer": answer[:LONGEST], "by": by, "at": now},
        )
    audit.record(
        firm_id=case.firm_id,
        actor=through or by,
        verb=verb,
        kind="case",
        id=case.pk,
        text=text or case.title,
        after={"subject": subject, "answer": answer, **(facts or {})},
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
