"""A part of a payment that a processor took out of a payout, and what a dispute about it gave back.

How much was taken is the payout's row; a payment is offered as long as that much of it is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from accounts import audit
from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.core.documents import Funds, Kind
from syncapp.core.ledger import ObjectKind
from syncapp.core.money import spoken
from syncapp.core.planning import returns
from syncapp.pipeline.cases import choices
from syncapp.records import anew
from syncapp.records.models import BookChoice, Document, Hold, Link, PayoutCharge

PART, WON_PART = "part", "won_part"
SINCE = timedelta(days=550)  # how long a card payment can be disputed
MOST = 200  # payments that are looked at
OFFERED = 50
GONE = "This is not possible any more: somebody answered it, or it changed. Look again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a row may be, as a person chooses it: the answer, whose it is and which one.

    `of` is the amount of the payment that it is a part of, in minor units.
    """

    answer: str
    what: str
    client_id: int | None = None
    reference: str = ""
    day: date | None = None
    of: int | None = None


def charged_back(firm_id: int, books_id: int, charge: PayoutCharge) -> list[Candidate]:
    """Return the payments of which a row may be a part: its reference or payer first, then the newest.

    In a reading scope.
    """
    links = Link.objects.filter(
        firm_id=firm_id, books_id=books_id, live=True, object_kind=ObjectKind.PAYMENT.value,
        document__kind=Kind.PAYMENT.value, content__amount__gt=-charge.gross,
        document__day__lte=charge.day, document__day__gte=charge.day - SINCE,
    ).select_related("document").order_by("-document__day", "-pk")  # fmt: skip
    rows = [(link, link.document) for link in links[:MOST] if link.document is not None]
    left = rests(firm_id, books_id, [link for link, _ in rows])
    words = BookChoice.objects.filter(
        firm_id=firm_id, subject__in=[returns.payment_subject(row.source_id) for _, row in rows]
    )
    whole = {subject for subject, answer in words.values_list("subject", "answer") if returns.said(answer)}
    found = [
        _candidate(f"{PART}:{link.pk}", PART, link, row)
        for link, row in rows
        if left[link.subject] >= -charge.gross
        and returns.payment_subject(row.source_id) not in whole
        and not row.data.get("into_trust")
        and row.data.get("funds") not in {Funds.TRUST.value, Funds.OPERATING.value}
    ]
    about = f"{charge.reference} {charge.text}".casefold()
    found.sort(key=lambda one: not (one.reference and one.reference.casefold() in about))
    return found[:OFFERED]


def _candidate(answer: str, what: str, link: Link, row: Document) -> Candidate:
    return Candidate(
        answer=answer, what=what, client_id=row.client_id, reference=row.number, day=row.day, of=_amount(link)
    )


def _amount(link: Link) -> int:
    return int((link.content or {}).get("amount", 0))


def rests(firm_id: int, books_id: int, links: Iterable[Link]) -> dict[str, int]:
    """Return what earlier chargebacks left of some payments, in minor units, by their subjects.

    In a reading scope.
    """
    left = {link.subject: _amount(link) for link in links}
    rows = BookChoice.objects.filter(
        firm_id=firm_id, books_id=books_id, answer__startswith=f"{returns.PART}:"
    )
    for subject, answer in rows.values_list("subject", "answer"):
        payment, _, _ = subject.rpartition("/")
        told = returns.said(answer)
        if payment in left and told is not None and told.won is None:
            left[payment] -= told.amount
    return left


def won(firm_id: int, books_id: int, charge: PayoutCharge) -> list[Candidate]:
    """Return the parts of payments whose dispute a row may end. In a reading scope."""
    rows = BookChoice.objects.filter(
        firm_id=firm_id, books_id=books_id, answer__startswith=f"{returns.PART}:{charge.gross}:"
    )
    open_ = [row for row in rows if (told := returns.said(row.answer)) is not None and told.won is None]
    payments = {row.pk: row.subject.rpartition("/")[0] for row in open_}
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, live=True, subject__in=payments.values())
    by_subject = {link.subject: link for link in links.select_related("document")}
    found = []
    for key, subject in payments.items():
        link = by_subject.get(subject)
        if link is not None and link.document is not None:
            found.append(_candidate(f"{WON_PART}:{key}", WON_PART, link, link.document))
    return found


def say(
    *, firm_id: int, books_id: int, charge: PayoutCharge, answer: str, day: date, by: User, now: datetime
) -> str:
    """Keep that a row is a part of a payment, or ends the dispute about one; return its entry's subject.

    Empty when it is not possible any more. `day` is that of the entry. In no scope.
    """
    what, _, key = answer.partition(":")
    with firm_scope(write=firm_id):
        if what == WON_PART:
            return _ended(firm_id, books_id, int(key), day, by, now)
        link = Link.objects.select_related("document").filter(firm_id=firm_id, pk=key, live=True).first()
        if link is None or link.document is None:
            return ""
        given = BookChoice.objects.filter(firm_id=firm_id, books_id=books_id)
        numbers = (
            n for n in count(1) if not given.filter(subject=returns.said_of_part(link.subject, n)).exists()
        )
        number = next(numbers)
        told = returns.Said(what=returns.PART, day=day, amount=-charge.gross)
        word = BookChoice.objects.create(
            firm_id=firm_id, books_id=books_id, subject=returns.said_of_part(link.subject, number),
            answer=told.kept(),
            by=by, at=now,
        )  # fmt: skip
        _plan(link.document, word, "case.payment_part_charged_back", told, by, now)
        return returns.part_subject(link.subject, number)


def _ended(firm_id: int, books_id: int, key: int, day: date, by: User, now: datetime) -> str:
    word = BookChoice.objects.filter(firm_id=firm_id, books_id=books_id, pk=key).first()
    told = returns.said(word.answer) if word is not None else None
    if word is None or told is None or told.day is None or told.won is not None:
        return ""
    payment, _, part = word.subject.rpartition("/")
    link = Link.objects.select_related("document").filter(
        firm_id=firm_id, books_id=books_id, live=True, subject=payment
    ).first()  # fmt: skip
    if link is None or link.document is None:
        return ""
    ended = returns.Said(what=returns.PART, day=told.day, amount=told.amount, won=day)
    word.answer, word.by, word.at = ended.kept(), by, now
    word.save(update_fields=["answer", "by", "at"])
    alarms = Hold.objects.filter(firm_id=firm_id, document=link.document, alarm=True)
    alarms.filter(code="returned_not_removed", closed_at__isnull=True).update(
        closed_at=now, closed_words="The dispute was won."
    )
    _plan(link.document, word, "case.payment_part_given_back", ended, by, now)
    return returns.part_subject(payment, int(part.removeprefix("part"))) + returns.WON


def _plan(row: Document, word: BookChoice, verb: str, told: returns.Said, by: User, now: datetime) -> None:
    anew.plan(Document.objects.filter(firm_id=row.firm_id, pk=row.pk))
    day = told.won or told.day
    audit.record(
        firm_id=row.firm_id, actor=by, verb=verb, kind="record", id=row.pk, text=choices.payment_words(row),
        now=now,
        after={
            "subject": word.subject, "answer": word.answer, "day": day.isoformat() if day else "",
            "amount": spoken(told.amount, str(row.data.get("currency") or "USD")),
        },
    )  # fmt: skip
