"""What planning is told of client money: the pairs of a set of books, and one movement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One trust account: its bank and its liability in the books, by id, and the firm's choices for it.

    `single` is the ledger that a single-client account is kept for; `operating` is where earned money lands.
    `waits` says why nothing of it posts yet. `own_accounts` says that each ledger is an account of its own
    below the liability; without that its line names a customer. `checks` says that what is paid out posts
    as a check with its payee.
    """

    clio_account: str
    bank: str
    liability: str
    start: date
    post: frozenset[str]
    operating: str = ""
    single: str = ""
    waits: str = ""
    own_accounts: bool = False
    checks: bool = False


class Moved(Protocol):
    """A movement of one trust account, as `trust.rules` tells it from the practice system's links."""

    @property
    def subject(self) -> str:
        """Its natural key."""
        ...

    @property
    def day(self) -> date:
        """Its day in the practice system."""
        ...

    @property
    def amount(self) -> int:
        """What it does to the bank, in minor units."""
        ...

    @property
    def ledgers(self) -> tuple[tuple[str, int], ...]:
        """What it does to each ledger, in minor units."""
        ...

    @property
    def check(self) -> str:
        """The number of its check."""
        ...

    @property
    def reference(self) -> str:
        """Its reference."""
        ...

    @property
    def payee(self) -> str:
        """Who paid or was paid."""
        ...

    @property
    def text(self) -> str:
        """Its purpose."""
        ...

    @property
    def kind(self) -> str:
        """Which of the firm's posting choices it falls under."""
        ...

    @property
    def returns(self) -> str:
        """Return the natural key of the deposit that the bank sent back with it; empty for all else."""
        ...


def account_key(name: str) -> str:
    """Return what an account's name is looked up by: case and spaces around do not count."""
    return name.strip().casefold()
