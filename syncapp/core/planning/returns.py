"""Money that came back: what a person said of a payment, and the entries that take it out of the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from syncapp.core.ledger import EntryLine, JournalDraft, PaymentDraft

RETURNED, MISTAKE = "returned", "mistake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person said of a payment: returned by the bank on a day, or entered by mistake.

    `fee` is what the bank charged for it, in minor units, to the expense account `fee_account`.
    """

    what: str
    day: date | None = None
    fee: int = 0
    fee_account: str = ""

    def kept(self) -> str:
        """Return the answer as it is kept, at most 40 characters."""
        if self.what == MISTAKE or self.day is None:
            return MISTAKE
        fee = f":{self.fee}:{self.fee_account}" if self.fee else ""
        return f"{RETURNED}:{self.day.isoformat()}{fee}"


def said(kept: str) -> Said | None:
    """Read an answer that was kept; None when it is no answer of this kind."""
    what, _, rest = kept.partition(":")
    if what == MISTAKE:
        return Said(what=MISTAKE)
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


def part_subject(subject: str) -> str:
    """Return the subject of the entry that takes back a part of the payment of a subject."""
    return f"{subject}/part/return"


def is_part(subject: str) -> bool:
    """Tell whether a subject is an entry that takes back a part of a payment."""
    return subject.endswith("/part/return")


def taken_from(subject: str) -> str:
    """Return the subject of the payment that such an entry takes back, in whole or in part."""
    return subject.removesuffix("/return").removesuffix("/part")


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


def returned(
    payment: PaymentDraft, *, bank: str, day: date, number: str, words: str, less: int = 0
) -> JournalDraft:
    """Charge the client again, and credit the account from which the money went.

    `less` is what an entry took back before.
    """
    amount = payment.amount - less
    return part_back(payment, amount=amount, account=bank, day=day, number=number, words=words)


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
