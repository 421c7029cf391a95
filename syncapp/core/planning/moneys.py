"""Money in the firm's own account that no bill explains: retainers held in operating, and what goes back."""

from __future__ import annotations

from syncapp.core.documents import Money
from syncapp.core.ledger import EntryLine, JournalDraft
from syncapp.core.money import spoken
from syncapp.core.planning.deposits import bank_of, trust_not_set_up
from syncapp.core.planning.facts import Book
from syncapp.core.planning.refunds import NOT_SET_UP, NUMBER_LIMIT, Refundable, customer_of, plan_refund
from syncapp.core.planning.wanted import Answer, Wanted, foreign
from syncapp.core.problems import Fix, Problem

NOTHING = Refundable()


def plan_money(
    money: Money, book: Book, *, found: Refundable = NOTHING, paired: bool = False, by_card: bool = False
) -> Answer | Problem:
    """Decide how a movement without a bill stands in the books.

    `found` is what the books hold for the client that a refund may be of.
    `by_card`: a person said that the card processor paid it back, out of a payout.
    Trust movements are held: no operating posting may touch client money, and this plans no other.
    """
    if money.gone:
        return Answer(skipped="the movement was removed")
    if money.day < book.options.start_payments:
        return Answer(skipped="before the start date")
    if paired:
        return Answer(skipped="the receiving side of a transfer, told with the paying side")
    if money.trust:
        return trust_not_set_up(
            f"A movement of {spoken(money.amount, money.currency)} in {money.bank_account}"
        )
    if not money.amount:
        return Answer(skipped="a movement of nothing")
    if other := foreign("This movement", money.currency, book.company.currency):
        return other
    return _without_bill(money, book, found, by_card=by_card)


def _without_bill(money: Money, book: Book, found: Refundable, *, by_card: bool) -> Answer | Problem:
    if money.client_id is None:
        return Problem(
            code="money_without_client",
            fix=Fix.CLIO,
            cause=f"bank_transactions/{money.id}",
            words=f"{spoken(abs(money.amount), money.currency)} moved in {money.bank_account} without a "
            "client or a bill. Name the client in Clio, or enter it in the books by hand.",
        )
    if money.amount < 0:
        return plan_refund(money, book, found, by_card=by_card)
    liability = book.options.retainer_account
    return NOT_SET_UP if liability is None else _received(money, liability.id, book)


def _received(money: Money, liability: str, book: Book) -> Answer | Problem:
    bank = bank_of(money, book)
    if isinstance(bank, Problem):
        return bank
    customer = customer_of(money, book)
    text = f"Retainer held in operating{', ' + money.counterparty if money.counterparty else ''}"
    draft = JournalDraft(
        number=f"R{money.id}"[:NUMBER_LIMIT],
        day=money.day,
        currency=money.currency,
        memo=f"Clio bank transaction {money.id}",
        lines=(
            EntryLine(account=bank, amount=money.amount, customer=customer, memo=text),
            EntryLine(account=liability, amount=-money.amount, customer=customer, memo=text),
        ),
    )
    alarm = Problem(
        code="unearned_in_operating",
        fix=Fix.LOOK,
        cause=f"bank_transactions/{money.id}",
        words=f"{spoken(money.amount, money.currency)} came into {money.bank_account} without a bill. "
        "It stands as a retainer of the client; unearned money may belong in trust.",
    )
    return Answer(wanted=(Wanted(subject=f"bank_transactions/{money.id}", draft=draft),), alarms=(alarm,))
