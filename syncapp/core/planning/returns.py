"""Money that came back: what a person said of a payment, and the entries that take it out of the books."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from syncapp.core.ledger import Application, EntryLine, JournalDraft, ObjectKind, PaymentDraft

RETURNED, MISTAKE = "returned", "mistake"
CHARGEBACK = "chargeback"  # a card processor took it out of a payout
PART = "part"  # it took a part of it
WON = "/won"  # behind the subject of a chargeback: the entry that gives it back


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person said of a payment: returned by the bank, charged back by the processor, or a mistake.

    `amount` is what was charged back, in minor units, where that is a part of the payment. `fee` is what the
    bank charged for it, in minor units, to the expense account `fee_account`; what a processor keeps is told
    by its payout. `won` is the day on which a dispute gave it back.
    """

    what: str
    day: date | None = None
    amount: int = 0
    fee: int = 0
    fee_account: str = ""
    won: date | None = None

    def kept(self) -> str:
        """Return the answer as it is kept, at most 40 characters."""
        if self.what == MISTAKE or self.day is None:
            return MISTAKE
        won = f":{self.won.isoformat()}" if self.won else ""
        if self.what == CHARGEBACK:
            return f"{CHARGEBACK}:{self.day.isoformat()}{won}"
        if self.what == PART:
            return f"{PART}:{self.amount}:{self.day.isoformat()}{won}"
        fee = f":{self.fee}:{self.fee_account}" if self.fee else ""
        return f"{RETURNED}:{self.day.isoformat()}{fee}"


def said(kept: str) -> Said | None:
    """Read an answer that was kept; None when it is no answer of this kind."""
    what, _, rest = kept.partition(":")
    if what == MISTAKE:
        return Said(what=MISTAKE)
    if what in {CHARGEBACK, PART}:
        amount, _, dated = rest.partition(":") if what == PART else ("0", "", rest)
        day, _, won = dated.partition(":")
        given = date.fromisoformat(won) if won else None
        return Said(what=what, day=date.fromisoformat(day), amount=int(amount), won=given)
    if what != RETURNED:
        return None
    day, _, fee = rest.partition(":")
    amount, _, account = fee.partition(":")
    return Said(
        what=RETURNED, day=date.fromisoformat(day), fee=int(amount) if amount else 0, fee_account=account
    )


def payment_subject(payment_id: int) -> str:
    """Return the subject under which a person's answer about a payment is kept."""
    return f"payments/{payment_id}"


def return_subject(subject: str) -> str:
    """Return the subject of the entry that takes back the payment of a subject."""
    return f"{subject}/return"


def is_return(subject: str) -> bool:
    """Tell whether a subject is such an entry (and not the bank's fee for it)."""
    return subject.endswith("/return")


def said_of_part(subject: str, number: int) -> str:
    """Return the subject under which the word on a part of the payment of a subject is kept, from 1 on."""
    return f"{subject}/part{number}"


def part_subject(subject: str, number: int = 0) -> str:
    """Return the subject of the entry that takes back a part of the payment of a subject.

    Without a number what Clio took off it; with one, what a processor charged back.
    """
    return f"{subject}/part{number or ''}/return"


def is_part(subject: str) -> bool:
    """Tell whether a subject is an entry that takes back a part of a payment."""
    return re.search(r"/part\d*/return$", subject) is not None


def part_number(subject: str) -> int:
    """Return which part of a payment an entry takes back; 0 for what Clio took off it."""
    found = re.search(r"/part(\d+)/return$", subject)
    return int(found[1]) if found else 0


def taken_from(subject: str) -> str:
    """Return the subject of the payment that such an entry takes back, in whole or in part."""
    return re.sub(r"(/part\d*)?/return$", "", subject)


def less_parts(asked: PaymentDraft, parts: Mapping[str, int], *, standing: int) -> tuple[PaymentDraft, int]:
    """Return the payment of which `parts` were charged back, and what of them Clio counts still.

    `asked` is what Clio says, `parts` the sums by their entries, `standing` the amount of the payment in the
    books, in minor units. Clio may know of none, of some or of all of them: what it took off is theirs first.
    The payment keeps its amount and pays the entries instead of the end of what it paid.
    """
    back = sum(parts.values())
    amount = max(asked.amount, min(standing, asked.amount + back))
    counted = asked.amount + back - amount
    left = asked.amount - counted
    pays: list[Application] = []
    for one in asked.applications:
        part = min(one.amount, left)
        left -= part
        pays += [replace(one, amount=part)] if part else []
    pays += [Application(subject=key, kind=ObjectKind.JOURNAL, amount=sum_) for key, sum_ in parts.items()]
    return replace(asked, amount=amount, applications=tuple(pays)), counted


def part_back(
    payment: PaymentDraft, *, amount: int, account: str, day: date, number: str, words: str
) -> JournalDraft:
    """Charge the client again for a part of a payment; `account` is credited with it."""
    return JournalDraft(
        number=number,
        day=day,
        currency=payment.currency,
        memo=words,
        lines=(
            EntryLine(account=payment.receivable, amount=amount, customer=payment.customer, memo=words),
            EntryLine(account=account, amount=-amount, customer=payment.customer, memo=words),
        ),
    )


def charged_back(
    payment: PaymentDraft, *, amount: int, account: str, day: date, number: str, words: str
) -> JournalDraft:
    """Charge the client again for what a processor takes out of a payout; below zero it gives it back.

    Its first line stands on `account`, Undeposited Funds, so that the deposit of the payout gathers it
    (qbo/API.md section 8.10: a deposit takes journal entries).
    """
    return JournalDraft(
        number=number,
        day=day,
        currency=payment.currency,
        memo=words,
        lines=(
            EntryLine(account=account, amount=-amount, customer=payment.customer, memo=words),
            EntryLine(account=payment.receivable, amount=amount, customer=payment.customer, memo=words),
        ),
    )


def settled_by(payment: PaymentDraft, *, back: str, given: str, amount: int, day: date) -> PaymentDraft:
    """Apply the entry of a dispute that was won to the chargeback that it ends (qbo/API.md section 8.7)."""
    return PaymentDraft(
        customer=payment.customer,
        day=day,
        amount=0,
        account="",
        receivable=payment.receivable,
        currency=payment.currency,
        applications=(
            Application(subject=back, kind=ObjectKind.JOURNAL, amount=amount),
            Application(subject=given, kind=ObjectKind.JOURNAL, amount=amount),
        ),
        memo="Dispute won, applied",
    )


def bank_fee(*, fee: int, account: str, bank: str, day: date, number: str, currency: str) -> JournalDraft:
    """Charge the bank's fee to an expense of the firm."""
    words = "Bank fee for a returned payment"
    return JournalDraft(
        number=number,
        day=day,
        currency=currency,
        memo=words,
        lines=(
            EntryLine(account=account, amount=fee, memo=words),
            EntryLine(account=bank, amount=-fee, memo=words),
        ),
    )
