"""Money that goes back to a client from operating: out of a retainer, or out of an unapplied payment.

A retainer is a liability; an overpayment stands on receivables, as the unapplied rest of a payment. A refund
is charged where the credit stands, and never beyond it (decision 0018).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from syncapp.core.documents import Money
from syncapp.core.ledger import CheckDraft, EntryLine, JournalDraft
from syncapp.core.money import spoken
from syncapp.core.planning.deposits import bank_of
from syncapp.core.planning.facts import Book
from syncapp.core.planning.wanted import Answer, Wanted, client_subject, matter_subject
from syncapp.core.problems import Fix, Problem

NUMBER_LIMIT = 21
BY_CARD = "by_card"  # a person's word on a refund: the card processor paid it
NOT_SET_UP = Problem(
    code="retainers_not_set_up",
    fix=Fix.SETUP,
    cause="retainers",
    words="Money came in, or went back, without a bill. Name the liability for retainers held "
    "in operating in the mapping.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What the payments of one customer leave unapplied and not refunded, the oldest first. Minor units."""

    customer: str
    parts: tuple[tuple[date, str, int], ...]  # the day of a payment, its name, its rest

    @property
    def amount(self) -> int:
        """Return the whole rest."""
        return sum(left for _, _, left in self.parts)

    def of(self, amount: int) -> str:
        """Name the payments that an amount is of."""
        names: list[str] = []
        for _, name, left in self.parts:
            if amount > 0:
                names.append(name)
                amount -= left
        return ", ".join(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refundable:
    """What the books hold for a client that may go back, what this refund took itself included.

    `stands` is the line on receivables by which it stands in the books already.
    """

    retainer: int = 0
    rests: tuple[Rest, ...] = ()
    stands: EntryLine | None = None

    @property
    def unapplied(self) -> int:
        """Return the whole rest of the client's payments, in minor units."""
        return sum(rest.amount for rest in self.rests)


def plan_refund(money: Money, book: Book, found: Refundable, *, by_card: bool) -> Answer | Problem:
    """Decide what a refund is of, and how it stands in the books.

    Where it stands it stays as long as that bears it, so that money which comes later moves nothing.
    """
    amount, liability, stands = -money.amount, book.options.retainer_account, found.stands
    bearing = [rest for rest in found.rests if rest.amount >= amount]
    own = next((rest for rest in bearing if stands is not None and rest.customer == stands.customer), None)
    if stands is not None and stands.amount == amount:
        answer = _planned(money, book, stands, by_card=by_card)
        return answer if own is not None or isinstance(answer, Problem) else _unbacked(money, answer)
    if own is None and liability is not None and found.retainer >= amount:
        customer = customer_of(money, book)
        line = EntryLine(account=liability.id, amount=amount, customer=customer, memo="Refund of retainer")
        return _planned(money, book, line, by_card=by_card)
    if (rest := own or _best(bearing, customer_of(money, book))) is not None:
        words = f"Refund of {rest.of(amount)}"
        line = EntryLine(account=book.receivable, amount=amount, customer=rest.customer, memo=words)
        return _planned(money, book, line, by_card=by_card)
    return NOT_SET_UP if liability is None and not found.rests else _too_much(money, found)


def customer_of(money: Money, book: Book) -> str:
    """Return the customer that a movement names: its matter's, where matters are customers."""
    if (
        money.matter_id is not None
        and book.options.matters_as == "sub-customers"
        and money.matter_id in book.matters
    ):
        return matter_subject(money.matter_id)
    if money.client_id is None:
        raise AssertionError(f"movement {money.id} is planned without a client")
    return client_subject(money.client_id)


def card_subject(money_id: int) -> str:
    """Return the subject of a refund that the card processor paid."""
    return f"bank_transactions/{money_id}/card"


def _best(bearing: list[Rest], named: str) -> Rest | None:
    """Return the rest that a refund is of: of the customer that it names, else the oldest."""
    return min(bearing, key=lambda rest: (rest.customer != named, rest.parts[0]), default=None)


def _too_much(money: Money, found: Refundable) -> Problem:
    """Say that nothing which the books hold for the client bears a refund by itself."""
    told = spoken(-money.amount, money.currency)
    held = spoken(found.retainer, money.currency)
    if not found.unapplied:
        why = f"the books hold {held} of retainer for the client, and no payment as posted leaves a rest."
    elif len(found.rests) > 1 and found.unapplied >= -money.amount:
        why = (
            f"the {spoken(found.unapplied, money.currency)} that payments leave unapplied stand with several "
            "matters, and none of them has so much. Record a refund for each matter in Clio."
        )
    else:
        why = (
            f"the client's payments leave {spoken(found.unapplied, money.currency)} unapplied that was not "
            f"refunded before, and the books hold {held} of retainer. One refund comes out of one of the two."
        )
    return Problem(
        code="refund_over_retainer",
        fix=Fix.CLIO,
        cause=f"bank_transactions/{money.id}",
        words=f"{told} went back to the client from {money.bank_account}, but {why}",
    )


def _unbacked(money: Money, answer: Answer) -> Answer:
    """Alarm about a refund that stands, of a payment whose rest is less by now."""
    alarm = Problem(
        code="refund_unbacked",
        fix=Fix.LOOK,
        cause=f"bank_transactions/{money.id}",
        words=f"{spoken(-money.amount, money.currency)} went back to the client as the rest of a payment, "
        "and the payment was applied, changed or removed since. The books show the client owing what lacks.",
    )
    return replace(answer, alarms=(alarm,))


def _planned(money: Money, book: Book, line: EntryLine, *, by_card: bool) -> Answer | Problem:
    """Pay a client back by a check, or out of a payout; `line` is what it is of."""
    if by_card and book.undeposited:
        return _by_card(money, line, book)
    bank = bank_of(money, book)
    if isinstance(bank, Problem):
        return bank
    if bank == book.undeposited:
        return Problem(
            code="unmapped",
            fix=Fix.MAP,
            cause=f"deposit {money.bank_account}",
            words=f"Choose the bank account of the books that is {money.bank_account} in Clio.",
        )
    draft = CheckDraft(
        number=(money.reference or f"RF{money.id}")[:NUMBER_LIMIT],
        day=money.day,
        bank=bank,
        payee=line.customer,
        currency=money.currency,
        memo=f"Clio bank transaction {money.id}",
        lines=(line,),
    )
    return Answer(wanted=(Wanted(subject=f"bank_transactions/{money.id}", draft=draft),))


def _by_card(money: Money, line: EntryLine, book: Book) -> Answer:
    """Pay a client back out of a payout: it waits, below zero, for the deposit that gathers it."""
    words = "Refund by the card processor"
    told = line if line.account == book.receivable else replace(line, memo=words)
    draft = JournalDraft(
        number=f"RF{money.id}"[:NUMBER_LIMIT],
        day=money.day,
        currency=money.currency,
        memo=f"Clio bank transaction {money.id}",
        lines=(
            EntryLine(account=book.undeposited, amount=money.amount, customer=line.customer, memo=words),
            told,
        ),
    )
    return Answer(wanted=(Wanted(subject=card_subject(money.id), draft=draft),))
