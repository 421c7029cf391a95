"""What a trust pair may be: the terms of one, and each rule that refuses a wrong one. Pure.

The rules rest on qbo/API.md section 8.3: client money stands on a bank of the detail type TrustAccounts and
on an other current liability of the detail type TrustAccountsLiabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncapp.core.planning.trust.accounts import LEVELS, too_deep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from syncapp.core.books import Account

CUSTOMER, SUB_ACCOUNT = "customer", "sub-account"  # how a ledger is told in the books
JOURNAL, CHECK = "journal", "check"  # how what is paid out of trust posts
BANK = ("Bank", "TrustAccounts")
LIABILITY = ("Other Current Liability", "TrustAccountsLiabilities")
BANK_RULE = "A trust bank must be an account of type Bank with the detail type Trust account."
LIABILITY_RULE = (
    "A trust liability must be an account of type Other Current Liability with the detail type Trust "
    "Accounts - Liabilities."
)
OPERATING_RULE = "Earned money must land in an account of type Bank that holds no client money."
DETAILS = {"TrustAccounts": "Trust account", "TrustAccountsLiabilities": "Trust Accounts - Liabilities"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one trust pair says; accounts are ids of the books (see `trust.models.TrustPair`).

    `client_as` says how a ledger is told: by the customer named on the liability's line, or by an account of
    its own below the liability. `disbursement_as` says whether a disbursement or refund posts as a journal
    entry or as a check with its payee.
    """

    clio_account: str
    kind: str
    bank: str
    liability: str
    operating: str
    client_as: str
    opening: str
    start: date
    post: tuple[str, ...]
    client_id: int | None = None
    jurisdiction: str = ""
    last_digits: str = ""
    disbursement_as: str = JOURNAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a pair cannot be: which of its terms, and the rule in words."""

    term: str
    words: str


def faults(
    terms: Terms,
    *,
    accounts: Mapping[str, Account],
    others: Iterable[Terms] = (),
    currency: str = "USD",
    ledger: str = "QuickBooks",
) -> list[Fault]:
    """Return every rule that a pair breaks, by itself and beside the `others` of the same set of books."""
    found = [
        *_of_type("bank", terms.bank, BANK, BANK_RULE, accounts, ledger),
        *_of_type("liability", terms.liability, LIABILITY, LIABILITY_RULE, accounts, ledger),
        *_operating(terms.operating, accounts, ledger),
        *_currency(terms, accounts, currency),
        *_room_below(terms, accounts, ledger),
    ]
    for other in others:
        found += _twice(terms, other, accounts)
    return found


def _of_type(
    term: str,
    id_: str,
    wanted: tuple[str, str],
    rule: str,
    accounts: Mapping[str, Account],
    ledger: str,
) -> list[Fault]:
    account = accounts.get(id_)
    if account is None:
        return [Fault(term=term, words=f"{rule} No such account stands in {ledger}.")]
    if (account.type, account.subtype) != wanted:
        return [Fault(term=term, words=f"{rule} “{account.name}” is {_kind(account)}.")]
    return _switched_off(term, account, ledger)


def _operating(id_: str, accounts: Mapping[str, Account], ledger: str) -> list[Fault]:
    if not id_:
        return []
    account = accounts.get(id_)
    if account is None:
        return [Fault(term="operating", words=f"{OPERATING_RULE} No such account stands in {ledger}.")]
    if account.type != "Bank" or account.is_trust:
        return [Fault(term="operating", words=f"{OPERATING_RULE} “{account.name}” is {_kind(account)}.")]
    return _switched_off("operating", account, ledger)


def _room_below(terms: Terms, accounts: Mapping[str, Account], ledger: str) -> list[Fault]:
    """Refuse ledgers as accounts below a liability that lies as deep as accounts go."""
    liability = accounts.get(terms.liability)
    if terms.client_as != SUB_ACCOUNT or liability is None or not too_deep(liability):
        return []
    words = f"“{liability.name}” lies {LEVELS} levels deep, and {ledger} takes no account below that."
    return [Fault(term="client_as", words=words)]


def _switched_off(term: str, account: Account, ledger: str) -> list[Fault]:
    if account.active:
        return []
    return [Fault(term=term, words=f"“{account.name}” is inactive in {ledger}. Make it active there first.")]


def _kind(account: Account) -> str:
    detail = DETAILS.get(account.subtype, account.subtype)
    return f"of type {account.type}, detail type {detail}" if detail else f"of type {account.type}"


def _currency(terms: Terms, accounts: Mapping[str, Account], currency: str) -> list[Fault]:
    found = []
    for term in ("bank", "liability", "operating"):
        account = accounts.get(getattr(terms, term))
        if account is not None and account.currency and account.currency != currency:
            words = f"“{account.name}” is kept in {account.currency}, the firm in {currency}."
            found.append(Fault(term=term, words=words))
    return found


def _twice(terms: Terms, other: Terms, accounts: Mapping[str, Account]) -> list[Fault]:
    """Refuse what stands in another pair already."""
    if terms.clio_account.casefold() == other.clio_account.casefold():
        return [
            Fault(
                term="clio_account",
                words=f"“{terms.clio_account}” stands in another trust pair already. A trust account of Clio "
                "has one pair.",
            )
        ]
    found = []
    for term, noun in (("bank", "trust bank"), ("liability", "trust liability")):
        if getattr(terms, term) == getattr(other, term):
            account = accounts.get(getattr(terms, term))
            name = account.name if account else getattr(terms, term)
            words = (
                f"“{name}” is the {noun} of “{other.clio_account}” already. One account serves one trust "
                "account of Clio."
            )
            found.append(Fault(term=term, words=words))
    return found
