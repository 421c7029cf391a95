"""Where money lands: the account of the books for money from outside, and the wall before client money."""

from __future__ import annotations

from syncapp.core.documents import Funds, Money, Payment
from syncapp.core.planning.facts import Book, DepositRule
from syncapp.core.problems import Fix, Problem


def trust_not_set_up(what: str) -> Problem:
    """Say that client money waits: nothing of it may touch the books before trust is set up."""
    return Problem(
        code="trust_not_set_up",
        title="Client money moved, and trust is not set up. None of it posts until it is.",
        fix=Fix.TRUST,
        cause="",
        words=f"{what} moves client money, and trust is not set up. Nothing of it posts until it is.",
    )


def deposit_account(payment: Payment, book: Book) -> str | Problem:
    """Return the account of the books where a payment lands: the first fitting rule, else Undeposited Funds.

    A rule that fits and cannot be used holds the payment; nothing falls through to the next.
    """
    for rule in book.options.deposits:
        if _fits(rule.bank_account, payment.bank_account) and _fits(rule.method, payment.method):
            return _barred(rule, payment, book) or rule.account
    if not book.undeposited:
        return Problem(
            code="unmapped",
            fix=Fix.MAP,
            cause=f"deposit {payment.bank_account}",
            words=f"Choose the account of the books where payments into {_named(payment)} land.",
        )
    return book.undeposited


def bank_of(money: Money, book: Book) -> str | Problem:
    """Return the account of the books where a movement without a bill lands, or leaves from."""
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


def _fits(wanted: str, said: str) -> bool:
    """Tell whether a condition fits: empty fits everything, case and spaces around do not count."""
    return not wanted or wanted.strip().casefold() == said.strip().casefold()


def _named(payment: Payment) -> str:
    return f"“{payment.bank_account}”" if payment.bank_account else "an account that Clio does not name"


def _barred(rule: DepositRule, payment: Payment, book: Book) -> Problem | None:
    """Say why money from outside cannot land where a rule sends it: client money, inactive, or not there."""
    account = book.chart.accounts.get(rule.account)
    if account is None:
        return Problem(
            code="inactive_account",
            fix=Fix.MAP,
            cause=f"account {rule.account or rule.bank_account}".strip(),
            words=f"The deposit account of payments into {_named(payment)} is missing in QuickBooks. "
            "Choose another.",
        )
    if account.is_trust or account.id in book.options.walled:
        return Problem(
            code="trust_wall",
            fix=Fix.MAP,
            cause=f"account {account.id}",
            words=f"A payment into operating cannot land in “{account.name}”: "
            "that account holds client money. Choose another account.",
        )
    if not account.active:
        return Problem(
            code="inactive_account",
            fix=Fix.MAP,
            cause=f"account {account.id}",
            words=f"The deposit account “{account.name}” is inactive in QuickBooks. "
            "Choose another, or make it active again.",
            facts={"kind": "account", "id": account.id, "name": account.name},
        )
    return None
