"""The words that statements, matching and the three-way share. Pure: no Django, no I/O.

Amounts are signed minor units of the account's currency, positive into the bank; days have no zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """One line of a bank statement. `id` is its identity within the account (TRUST-RULES, rule 3)."""

    id: str
    day: date
    amount: int
    check: str = ""
    reference: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankStatement:
    """One account of one file, as the bank said it.

    `account` is the account number as the file has it, `opening` and `closing` are None where the file has
    none. `proof` is opening + lines − closing: only 0 is a proof, None is none.
    """

    account: str
    currency: str
    lines: tuple[BankLine, ...]
    opening: int | None = None
    closing: int | None = None
    first_day: date | None = None
    last_day: date | None = None

    @property
    def proof(self) -> int | None:
        """Return by how much the lines miss the closing balance; None when a balance is missing."""
        if self.opening is None or self.closing is None:
            return None
        return self.opening + sum(line.amount for line in self.lines) - self.closing


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one reader made of one file. `warnings` are sentences for the bookkeeper."""

    reader: str
    version: str
    statements: tuple[BankStatement, ...]
    warnings: tuple[str, ...] = ()


class Unreadable(Exception):
    """A file that is not taken; the words say why and what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement of a trust account as the books or the practice system have it.

    `subject` is its natural key (`bank_transactions/12`), `amount` what it does to the bank, `ledgers` what
    it does to each ledger (positive: more is held for it); they sum to `amount`, which is 0 between ledgers.
    """

    subject: str
    day: date
    amount: int
    ledgers: tuple[tuple[str, int], ...] = ()
    check: str = ""
    reference: str = ""
    payee: str = ""
    number: str = ""  # DocNumber in the books
    text: str = ""
    kind: str = ""  # which of the firm's posting choices it falls under (trust.models.pairs.MOVEMENTS)
    returns: str = ""  # of a deposit that came back: the subject of the deposit
    order: int = 0  # the id of its row in the practice system, where its subject does not tell it
