"""Money in the firm's own account that no bill explains: retainers held in operating, and their refunds."""

from __future__ import annotations

from syncapp.core.documents import Funds, Money, Payment
from syncapp.core.ledger import CheckDraft, EntryLine, JournalDraft
from syncapp.core.money import spoken
from syncapp.core.planning.deposits import deposit_account, trust_not_set_up
from syncapp.core.planning.facts import Book
from syncapp.core.planning.wanted import Answer, Wanted, client_subject, foreign, matter_subject
from syncapp.core.problems import Fix, Problem

NUMBER_LIMIT = 21
BY_CARD = "by_card"  # a person's word on a refund: the card processor paid it


def plan_money(
    money: Money, book: Book, *, retainer_held: int, paired: bool = False, by_card: bool = False
) -> Answer | Problem:
    """Decide how a movement without a bill stands in the books.

    `retainer_held` is what the books hold for the client in the retainer liability, in minor units.
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
    return _without_bill(money, book, retainer_held, by_card=by_card)


def _without_bill(money: Money, book: Book, retainer_held: int, *, by_card: bool) -> Answer | Problem:
    if money.client_id is None:
        return Problem(
            code="money_without_client",
            fix=Fix.CLIO,
            cause=f"bank_transactions/{money.id}",
            words=f"{spoken(abs(money.amount), money.currency)} moved in {money.bank_account} without a "
            "client or a bill. Name the client in Clio, or enter it in the books by hand.",
        )
    liability = book.options.retainer_account
    if liability is None:
        return Problem(
            code="retainers_not_set_up",
            fix=Fix.SETUP,
            cause="retainers",
            words="Money came in, or went back, without a bill. Name the liability for retainers held "
            "in operating in the mapping.",
        )
    return (
        _received(money, liability.id, book)
        if money.amount > 0
        else _refunded(money, liability.id, book, retainer_held, by_card=by_card)
    )


def _customer(money: Money, book: Book) -> str:
    if (
        money.matter_id is not None
        and book.options.matters_as == "sub-customers"
        and money.matter_id in book.matters
    ):
        return matter_subject(money.matter_id)
    if money.client_id is None:
        raise AssertionError(f"movement {money.id} is planned without a client")
    return client_subject(money.client_id)


def _bank(money: Money, book: Book) -> str | Problem:
    as_payment = Payment(
        id=money.id,
        day=money.day,
        currency=money.currency,
        funds=Funds.OUTSIDE,
        client_id=None,
        allocations=(),
        bank_account=money.bank_account,
    )
    return deposit_account(as_payment, book)


def _received(money: Money, liability: str, book: Book) -> Answer | Problem:
    bank = _bank(money, book)
    if isinstance(bank, Problem):
        return bank
    customer = _customer(money, book)
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


def _refunded(
    money: Money, liability: str, book: Book, retainer_held: int, *, by_card: bool
) -> Answer | Problem:
    if retainer_held < -money.amount:
        return Problem(
            code="refund_over_retainer",
            fix=Fix.CLIO,
            cause=f"bank_transactions/{money.id}",
            words=f"{spoken(-money.amount, money.currency)} went back to the client from "
            f"{money.bank_account}, but the books hold {spoken(retainer_held, money.currency)} of retainer "
            "for the client.",
        )
    if by_card and book.undeposited:
        return _by_card(money, liability, book)
    bank = _bank(money, book)
    if isinstance(bank, Problem):
        return bank
    if bank == book.undeposited:
        return Problem(
            code="unmapped",
            fix=Fix.MAP,
            cause=f"deposit {money.bank_account}",
            words=f"Choose the bank account of the books that is {money.bank_account} in Clio.",
        )
    customer = _customer(money, book)
    draft = CheckDraft(
        number=(money.reference or f"RF{money.id}")[:NUMBER_LIMIT],
        day=money.day,
        bank=bank,
        payee=customer,
        currency=money.currency,
        memo=f"Clio bank transaction {money.id}",
        lines=(
            EntryLine(account=liability, amount=-money.amount, customer=customer, memo="Refund of retainer"),
        ),
    )
    return Answer(wanted=(Wanted(subject=f"bank_transactions/{money.id}", draft=draft),))


def card_subject(money_id: int) -> str:
    """Return the subject of a refund that the card processor paid."""
    return f"bank_transactions/{money_id}/card"


def _by_card(money: Money, liability: str, book: Book) -> Answer:
    """Pay a client back out of a payout: it waits, below zero, for the deposit that gathers it."""
    customer, words = _customer(money, book), "Refund by the card processor"
    draft = JournalDraft(
        number=f"RF{money.id}"[:NUMBER_LIMIT],
        day=money.day,
        currency=money.currency,
        memo=f"Clio bank transaction {money.id}",
        lines=(
            EntryLine(account=book.undeposited, amount=money.amount, customer=customer, memo=words),
            EntryLine(account=liability, amount=-money.amount, customer=customer, memo=words),
        ),
    )
    return Answer(wanted=(Wanted(subject=card_subject(money.id), draft=draft),))
