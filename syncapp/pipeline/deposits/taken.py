"""What a processor took out of a payout: a chargeback, a refund, a fee. A person says which, and it posts.

A chargeback and a refund wait below zero in Undeposited Funds, as an entry of their own, until the deposit of
their payout gathers them: so that deposit is what the bank shows. Client money is never touched by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import Q

from accounts import audit
from accounts.models import User
from accounts.tenancy import firm_scope
from mapping import queries as mapping
from syncapp.core.documents import Kind
from syncapp.core.ledger import ObjectKind
from syncapp.core.money import spoken
from syncapp.core.planning import returns
from syncapp.core.planning.corrections import open_day
from syncapp.core.planning.refunds import BY_CARD, card_subject
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.cases import choices
from syncapp.pipeline.deposits import parts
from syncapp.pipeline.deposits.parts import GONE, PART, SINCE, WON_PART, Candidate
from syncapp.pipeline.months import queries as months
from syncapp.records import anew
from syncapp.records.models import BookChoice, Document, Hold, Link, Payout, PayoutCharge

CODE = "taken_from_payout"
FEE, FOR = "fee", "for:"  # what a row is said to be: a fee, or the entry of a subject
CHARGED_BACK, REFUNDED, WON = "chargeback", "refund", "won"
NEAR = timedelta(days=45)  # between a refund in Clio and the payout that it came out of
MOST = 20  # candidates of one row


def entries(*, firm_id: int, books_id: int, charges: Iterable[PayoutCharge]) -> dict[str, str]:
    """Return the place of each entry that a row was said to be; empty for one that is still to post."""
    asked = {one.chosen for one in charges if one.chosen.startswith(FOR)}
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, live=True)
    links = links.filter(subject__in=[one.removeprefix(FOR) for one in asked]) if asked else links.none()
    stands = {subject: f"{kind}:{key}" for subject, kind, key in links.values_list(
        "subject", "object_kind", "remote_id")}  # fmt: skip
    return {one: stands.get(one.removeprefix(FOR), "") for one in asked}


def candidates(*, firm_id: int, books_id: int, charge: PayoutCharge) -> list[Candidate]:
    """Return what a row may be, the same reference first. In a reading scope."""
    if charge.whole:
        return []
    if charge.gross > 0:
        found = [*_won(firm_id, books_id, charge), *parts.won(firm_id, books_id, charge)]
    else:
        found = [*_charged_back(firm_id, books_id, charge), *_refunds(firm_id, charge)]
        if charge.kind == REFUNDED:
            found.sort(key=lambda one: one.what != REFUNDED)
    said = charge.reference.strip().casefold()
    found.sort(key=lambda one: not said or one.reference.strip().casefold() != said)
    spent = charge.gross < 0 or charge.kind in {"adjustment", "reversal"}
    some = parts.charged_back(firm_id, books_id, charge) if charge.gross < 0 else []
    return [*found[:MOST], *some, *([Candidate(answer=FEE, what=FEE)] if spent else [])]


def _payments(firm_id: int, books_id: int, amount: int, charge: PayoutCharge) -> list[tuple[Link, Document]]:
    links = Link.objects.filter(
        firm_id=firm_id, books_id=books_id, live=True, object_kind=ObjectKind.PAYMENT.value,
        document__kind=Kind.PAYMENT.value, content__amount=amount, document__day__lte=charge.day,
        document__day__gte=charge.day - SINCE,
    ).select_related("document").order_by("-document__day", "-pk")  # fmt: skip
    return [(link, link.document) for link in links[: MOST * 5] if link.document is not None]


def _charged_back(firm_id: int, books_id: int, charge: PayoutCharge) -> list[Candidate]:
    found = _payments(firm_id, books_id, -charge.gross, charge)
    left = parts.rests(firm_id, books_id, [link for link, _ in found])
    return [
        _candidate(f"{CHARGED_BACK}:{row.pk}", CHARGED_BACK, row)
        for link, row in found
        if left[link.subject] == -charge.gross
        and not isinstance(choices.standing_payment(firm_id=firm_id, document=row), str)
    ]


def _won(firm_id: int, books_id: int, charge: PayoutCharge) -> list[Candidate]:
    found = []
    for _, row in _payments(firm_id, books_id, charge.gross, charge):
        choice = choices.said_of(firm_id=firm_id, document=row)
        said = returns.said(choice.answer) if choice is not None else None
        if said is not None and said.what == returns.CHARGEBACK and said.won is None and row.amount:
            found.append(_candidate(f"{WON}:{row.pk}", WON, row))
    return found


def disputed(firm_id: int) -> bool:
    """Tell whether any payment was charged back, so that a dispute may be won. In a reading scope."""
    said = Q(answer__startswith=f"{returns.CHARGEBACK}:") | Q(answer__startswith=f"{returns.PART}:")
    return BookChoice.objects.filter(said, firm_id=firm_id).exists()


def _refunds(firm_id: int, charge: PayoutCharge) -> list[Candidate]:
    rows = Document.objects.filter(
        firm_id=firm_id, kind=Kind.MONEY.value, of_trust=False, amount=charge.gross
    )
    rows = rows.filter(day__gte=charge.day - NEAR, day__lte=charge.day + NEAR, data__trust=False)
    keys = {f"bank_transactions/{row.source_id}": row for row in rows.order_by("-day", "-pk")[:MOST]}
    known = BookChoice.objects.filter(firm_id=firm_id, subject__in=keys, answer=BY_CARD)
    said = set(known.values_list("subject", flat=True))
    return [_candidate(f"{REFUNDED}:{row.pk}", REFUNDED, row) for key, row in keys.items() if key not in said]


def _candidate(answer: str, what: str, row: Document) -> Candidate:
    return Candidate(answer=answer, what=what, client_id=row.client_id, reference=row.number, day=row.day)


def say(*, firm_id: int, books_id: int, charge_id: int, answer: str, by: User, now: datetime) -> str | None:
    """Keep what a person says that a row is, and have its entry posted; a sentence when it cannot be."""
    with firm_scope(write=None, reads=[firm_id]):
        charge = PayoutCharge.objects.select_related("payout").filter(firm_id=firm_id, pk=charge_id).first()
        if charge is None or charge.payout.books_id != books_id:
            return GONE
        offered = {one.answer for one in candidates(firm_id=firm_id, books_id=books_id, charge=charge)}
        what, _, key = answer.partition(":")
        document = Document.objects.filter(firm_id=firm_id, pk=key).first() if key.isdigit() else None
        day = _open(firm_id, books_id, charge.day)
    if answer not in offered:
        return GONE
    subject, refusal = "", None
    if what in {PART, WON_PART}:
        subject = parts.say(
            firm_id=firm_id, books_id=books_id, charge=charge, answer=answer, day=day, by=by, now=now
        )
        refusal = None if subject else GONE
    elif document is not None:
        subject, refusal = _said(firm_id, books_id, what, document, day, by, now)
    if refusal:
        return refusal
    with firm_scope(write=firm_id):
        chosen = f"{FOR}{subject}" if subject else FEE
        PayoutCharge.objects.filter(firm_id=firm_id, pk=charge_id).update(chosen=chosen)
        audit.record(
            firm_id=firm_id, actor=by, verb="payout.told", kind="payout", id=charge.payout_id,
            text=f"payout {charge.payout.key}", now=now,
            after={"answer": what, "row": charge.position, "subject": subject},
        )  # fmt: skip
    return None


def _open(firm_id: int, books_id: int, day: date) -> date:
    """Return the day of a row, or the first day after the books that are closed."""
    company = mapping.company(books_id)
    ends = (
        company.closed_through if company else None,
        months.shut_through(firm_id=firm_id, books_id=books_id),
    )
    through = max((one for one in ends if one), default=None)
    return day if through is None else open_day(day, through)


def _said(
    firm_id: int, books_id: int, what: str, row: Document, day: date, by: User, now: datetime
) -> tuple[str, str | None]:
    """Keep the word on the payment or refund; return the subject of its entry, or why it was not kept."""
    if what == CHARGED_BACK:
        told = returns.Said(what=returns.CHARGEBACK, day=day)
        refusal = choices.say_returned(firm_id=firm_id, document_id=row.pk, said=told, by=by, now=now)
        return returns.return_subject(returns.payment_subject(row.source_id)), refusal
    with firm_scope(write=firm_id):
        entry = card_subject(row.source_id)
        subject = returns.payment_subject(row.source_id) if what == WON else entry.removesuffix("/card")
        kept = BookChoice.objects.filter(firm_id=firm_id, books_id=books_id, subject=subject).first()
        if what == WON:
            told_ = returns.said(kept.answer) if kept is not None else None
            if kept is None or told_ is None or told_.day is None:
                return "", GONE
            answer = returns.Said(what=returns.CHARGEBACK, day=told_.day, won=day).kept()
            entry = returns.return_subject(subject) + returns.WON
            _no_longer(row, now)
        else:
            answer = BY_CARD
        BookChoice.objects.update_or_create(
            firm_id=firm_id, books_id=books_id, subject=subject,
            defaults={"answer": answer, "by": by, "at": now},
        )  # fmt: skip
        anew.plan(Document.objects.filter(firm_id=firm_id, pk=row.pk))
    return entry, None


def take_back(*, firm_id: int, books_id: int, charge: PayoutCharge, now: datetime) -> bool:
    """Take back what a row was said to be, as long as it is in no deposit; its entry goes with the next run.

    False when no word stands behind it, or when a refund has posted as paid out of a payout: Clio has it, and
    nothing else is known that would pay it. In a writing scope.
    """
    entry = charge.chosen.removeprefix(FOR)
    subject, won = entry.removesuffix("/card").removesuffix(returns.WON), entry.endswith(returns.WON)
    if number := returns.part_number(subject):
        subject = returns.said_of_part(returns.taken_from(subject), number)
    elif returns.is_return(subject):
        subject = returns.taken_from(subject)
    word = BookChoice.objects.filter(firm_id=firm_id, books_id=books_id, subject=subject).first()
    told = returns.said(word.answer) if word is not None else None
    if word is None or not charge.chosen.startswith(FOR):
        return False
    mine = {"firm_id": firm_id, "books_id": books_id, "subject": entry}
    if entry.endswith("/card") and Link.objects.filter(**mine, live=True).exists():
        return False
    if won and told is not None:
        word.answer = replace(told, won=None).kept()
    elif told is not None and number:
        word.answer = replace(told, amount=0).kept()  # its number is not given again
    else:
        word.delete()
    if word.pk:
        word.save(update_fields=["answer"])
    kind, _, key = subject.partition("/")
    kinds = {"payments": Kind.PAYMENT.value, "bank_transactions": Kind.MONEY.value}
    rows = Document.objects.filter(firm_id=firm_id, kind=kinds[kind], source_id=key.partition("/")[0])
    holds = Hold.objects.filter(firm_id=firm_id, document__in=rows, code="returned_not_removed")
    if not won:
        holds.filter(closed_at__isnull=True).update(closed_at=now, closed_words="It was taken back.")
        queue.close_done(firm_id=firm_id, now=now)
    anew.plan(rows)
    return True


def _no_longer(row: Document, now: datetime) -> None:
    """End the alarm that Clio still counts a payment which was charged back: it is right again."""
    alarms = Hold.objects.filter(firm_id=row.firm_id, document=row, alarm=True, code="returned_not_removed")
    alarms.filter(closed_at__isnull=True).update(closed_at=now, closed_words="The dispute was won.")
    queue.close_done(firm_id=row.firm_id, now=now)


def problem(payout: Payout, charge: PayoutCharge, currency: str) -> Problem:
    """Say that the processor took something that nothing explains; of client money, what is to be done."""
    amount = spoken(-charge.gross, currency)
    noun = {CHARGED_BACK: "A chargeback", REFUNDED: "A refund"}.get(charge.kind, "A deduction")
    about = " ".join(part for part in (charge.reference, charge.text) if part)
    named = f" ({about[:80]})" if about else ""
    words = (
        f"Payout {payout.key} is {amount} smaller by it{named}. Say on the payout what it was: a payment "
        "that was charged back, or a part of one, a refund of Clio, or a fee. It posts when all is told."
    )
    if charge.whole:
        words = (
            f"It went out of client money{named}. Record the return in Clio, on the ledger that it belongs "
            "to: it then posts there. Its fee is an expense of the firm, never of a client."
        )
    return Problem(
        code=CODE,
        fix=Fix.CLIO if charge.whole else Fix.CHOOSE,
        cause=f"charge:{charge.pk}",
        title=f"{noun} of {amount} on {charge.day:%-d %b %Y}{named} is not explained.",
        words=words,
        facts={"payout": str(payout.pk)} | ({"severity": "trust"} if charge.whole else {}),
    )
