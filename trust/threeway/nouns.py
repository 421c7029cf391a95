"""What a three-way comparison is told and what it answers. Pure: no Django, no I/O, no clock.

Amounts are signed minor units, positive into the bank and positive for what is held for a ledger. Everything
is as of one last day: the same facts give the same figures for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from trust.nouns import BankLine, Movement


class Witness(StrEnum):
    """Who says how much client money there is."""

    BANK = "bank"  # the statement, adjusted by what is outstanding
    BOOKS_BANK = "books_bank"
    BOOKS_LIABILITY = "books_liability"
    CLIO = "clio"
    TIEOUT = "tieout"


class What(StrEnum):
    """What kind of item explains a difference."""

    HELD = "held"  # Clio has it; it waits in the exception queue or for an approval
    NOT_POSTED = "not_posted"
    REMOVED = "removed"  # posted, and Clio has it no longer
    AMOUNT = "amount"
    DATE = "date"  # the right total on the wrong date
    LEDGER = "ledger"  # the right total on the wrong client or matter
    SWAP = "swap"  # two items have each other's amount or ledger
    OFFSET = "offset"  # errors that cancel each other
    NOT_IN_BOOKS = "not_in_books"  # posted, and the books have it no longer
    ONLY_IN_BOOKS = "only_in_books"
    TWIN = "twin"  # the same movement a second time in the books, as a bank feed makes it
    ONE_SIDED = "one_sided"  # it touches the trust bank or the liability with something that is not trust
    BANK_FEE = "bank_fee"
    BANK_INTEREST = "bank_interest"
    RETURNED = "returned"
    OTHER_AMOUNT = "other_amount"  # the bank cleared it for another amount
    TWICE_AT_BANK = "twice_at_bank"
    ONLY_AT_BANK = "only_at_bank"
    EARLIER_AT_BANK = "earlier_at_bank"  # the bank has it in this period, the books in a later one
    LATE_DEPOSIT = "late_deposit"  # outstanding for longer than a deposit takes
    STALE_CHECK = "stale_check"
    NEGATIVE = "negative_ledger"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One item that explains a difference between two witnesses.

    `amount` is what a person reads: the item's own amount, or by how much it is wrong. `effect` is what it
    does to the figure of the first witness of `between` less the second's, and `bank_effect`, for what stands
    otherwise in the books, what it does to Tieout's figure less the books' trust bank. The effects of each
    comparison sum to its gap. `ledger` is whose money it is, `other_ledger` where it stands instead.
    `subjects` and `lines` name the movements and the bank lines, `beside` the movement that a twin repeats.
    """

    kind: What
    amount: int
    day: date | None
    reason: str
    between: tuple[Witness, Witness]
    effect: int = 0
    bank_effect: int = 0
    ledger: str = ""
    other_ledger: str = ""
    subjects: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerBalance:
    """One client ledger on the last day, as Clio has it. `since` is when it fell below zero, if it is."""

    key: str
    balance: int
    last_day: date | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Bank lines that are these movements, as matched by the machine or by a person."""

    lines: tuple[BankLine, ...]
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """What the bank says: the closing balance of the statement and what of its lines is known.

    `unmatched` are lines up to the last day without a movement up to that day, `outstanding` movements up to
    that day without a line up to that day, each with what is still open of it (negative: a check). `matched`
    is what a returned or doubled line, or one that the books date later, is looked up in.
    """

    closing: int
    unmatched: tuple[BankLine, ...] = ()
    outstanding: tuple[Movement, ...] = ()
    matched: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """After how many days an outstanding item is overdue or stale."""

    deposit_days: int = 5
    check_days: int = 180  # after which a bank need not pay it
    twin_days: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is compared: one trust account, from its first to its last day.

    `clio` and `tieout` are movements by natural key; `books` are the books' rows under the natural key they
    are linked to, else under their own: `amount` is what they do to the trust bank and `ledgers` what they do
    to the liability, apart. All of them reach back to the opening, which has one key in all of them; those
    after `last` tell where a date went. `held` are the natural keys of `clio` that wait, with the reason.
    `names` are the ledgers' names, for the words.
    """

    account: str
    first: date
    last: date
    clio: tuple[Movement, ...]
    tieout: tuple[Movement, ...]
    books: tuple[Movement, ...]
    bank: Bank | None = None
    held: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = Limits()
    names: Mapping[str, str] = field(default_factory=dict)


NOT_EQUAL = "The bank, the books and the client ledgers do not agree."
ONLY_OURS = (
    "The bank, the books and the client ledgers agree, but what Tieout posted comes to another amount: "
    "something was entered, changed or removed past it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeWay:
    """The three-way of one trust account and period (DESIGN section 10, `manage.py threeway`).

    `statement` and `adjusted_bank` are None without a statement: then only the books, Tieout and Clio are
    compared. Negative ledgers are never netted against the others: one of them alone makes it unequal.
    """

    account: str
    first: date
    last: date
    statement: int | None
    outstanding_deposits: tuple[Movement, ...]
    outstanding_checks: tuple[Movement, ...]
    adjusted_bank: int | None
    books_bank: int
    books_liability: int
    ledgers: tuple[LedgerBalance, ...]
    tieout_lines: int
    held_items: tuple[Movement, ...]
    differences: tuple[Difference, ...]

    @property
    def ledgers_positive(self) -> int:
        """Return the total of the ledgers above zero."""
        return sum(one.balance for one in self.ledgers if one.balance > 0)

    @property
    def ledgers_negative(self) -> int:
        """Return the total of the ledgers below zero, as a negative amount."""
        return sum(one.balance for one in self.ledgers if one.balance < 0)

    @property
    def held(self) -> int:
        """Return what the held items would do to the trust bank."""
        return sum(one.amount for one in self.held_items)

    @property
    def tied(self) -> bool:
        """Tell whether all witnesses but the bank agree, to the cent: what the daily comparison asks."""
        figures = {self.books_bank, self.books_liability, self.tieout_lines, self.ledgers_positive}
        return len(figures) == 1 and not self.ledgers_negative

    @property
    def equal(self) -> bool:
        """Tell whether all five figures are one figure. Nobody can say so but the figures."""
        return self.tied and self.adjusted_bank == self.books_bank

    @property
    def only_ours(self) -> bool:
        """Tell whether bank, books and client ledgers agree and Tieout's own posted lines alone do not."""
        three = {self.adjusted_bank, self.books_bank, self.books_liability, self.ledgers_positive}
        return len(three) == 1 and not self.ledgers_negative and self.tieout_lines not in three

    @property
    def signable(self) -> bool:
        """Tell whether a lawyer may sign it: equal, and nothing is in the way."""
        return self.equal and not self.obstacles

    @property
    def obstacles(self) -> tuple[str, ...]:
        """Return why it cannot be signed, in sentences."""
        found: list[str] = []
        if self.statement is None:
            found.append("There is no bank statement for this month yet.")
        elif not self.equal:
            found.append(ONLY_OURS if self.only_ours else NOT_EQUAL)
        if any(one.balance < 0 for one in self.ledgers):
            found.append("A client ledger is below zero.")
        if self.held_items:
            found.append("A movement waits in the exception queue or for an approval.")
        if any(one.kind in {What.LATE_DEPOSIT, What.STALE_CHECK} for one in self.differences):
            found.append("An outstanding deposit is overdue or an outstanding check is stale.")
        if any(one.kind not in SAID_ABOVE for one in self.differences):
            found.append("A movement stands on another date, client or amount than in Clio.")
        return tuple(found)


SAID_ABOVE = frozenset({What.LATE_DEPOSIT, What.STALE_CHECK, What.NEGATIVE, What.HELD})
