"""The words of adoption: what the practice system has, what stands in the books, and what fits what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

ASLEEP = "it is inactive in QuickBooks"  # a reason to be asked
NEAR_DAYS = 5  # how far apart two days of one event may lie and still be worth a person's look


class Sure(StrEnum):
    """How sure it is that two are one: only `certain` is ever adopted without a look at each."""

    CERTAIN = "certain"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody by name: a client of the practice system, or a customer of the books."""

    id: str
    name: str
    other_names: tuple[str, ...] = ()  # a person's first and last name, a company's own
    email: str = ""
    phone: str = ""
    address: tuple[str, ...] = ()
    active: bool = True
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of the practice system that is not linked yet. Minor units.

    `parts` are what a payment or credit pays: bills by subject, with amounts. `clients` are those whom it may
    stand on; `account` is the trust bank of a movement of client money, whose amount is signed.
    """

    subject: str
    kind: str  # the object that it would be: invoice, payment, credit_memo, journal
    amount: int
    day: date
    number: str = ""
    numbers: tuple[str, ...] = ()  # under which an invoice of it may stand
    clients: frozenset[str] = frozenset()
    parts: tuple[tuple[str, int], ...] = ()
    reference: str = ""
    account: str = ""
    open: int | None = None  # of a bill from before the start date: what was open then


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One transaction of the books that is not ours. Minor units.

    `applied` are the invoices it pays; `amount` is signed for an entry on a trust bank. `foreign` says that
    an entry of client money touches other accounts too.
    """

    kind: str
    id: str
    amount: int
    day: date
    number: str = ""
    customer: str = ""
    balance: int = 0
    applied: tuple[tuple[str, int], ...] = ()
    reference: str = ""
    account: str = ""
    customers: frozenset[str] = frozenset()  # that the lines of an entry name
    foreign: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Return its kind and id."""
        return self.kind, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record and what may be it in the books. `conflict`: the two contradict each other somewhere."""

    subject: str
    kind: str
    books_id: str
    sure: Sure
    reasons: tuple[str, ...]
    conflict: bool = False


@dataclass(slots=True, kw_only=True)
class Sight:
    """Both sides as they are recognised. `linked` are links that stand: objects of the books by subject.

    `owners` tells of each customer whose it is, so far as that is certain: by link, or found here.
    """

    clients: list[Party]
    customers: list[Party]
    records: list[Record]
    standing: list[Standing]
    linked: dict[str, tuple[str, str]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    currency: str = "USD"

    def owner(self, customer: str) -> str:
        """Return the client that a customer of the books certainly is; empty when nobody knows."""
        return self.owners.get(customer, "")
