"""Where money lands: the account of the books for money from outside, and the wall before client money."""

from __future__ import annotations

from syncapp.core.documents import Payment
from syncapp.core.planning.facts import Book
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
    """Return the account of the books where a payment lands, by the firm's rules in order."""
    for rule in book.options.deposits:
        account_fits = (
            not rule.bank_account or rule.bank_account.casefold() == payment.bank_account.casefold()
        )
        if account_fits and (not rule.method or rule.method.casefold() == payment.method.casefold()):
            account = book.chart.accounts.get(rule.account)
            if account is not None and account.is_trust:
                return Problem(
                    code="trust_wall",
                    fix=Fix.MAP,
                    cause=f"account {account.id}",
                    words=f"A payment into operating cannot land in “{account.name}”: "
                    "that account holds client money.",
                )
            if account is None or not account.active:
                return Problem(
                    code="inactive_account",
                    fix=Fix.MAP,
                    cause=f"account {rule.account}",
                    words="The deposit account is inactive or missing in QuickBooks. Choose another.",
                )
            return rule.account
    if not book.undeposited:
        return Problem(
            code="unmapped",
            fix=Fix.MAP,
            cause=f"deposit {payment.bank_account}",
            words="Choose the account where payments "
            f"{'into ' + payment.bank_account if payment.bank_account else ''} land.",
        )
    return book.undeposited
