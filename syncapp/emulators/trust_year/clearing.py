"""What the bank makes of what a firm records in Clio: when each row reaches it, and in which words.

Money between ledgers of one account never does; a check takes days; checks paid in together are one line.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from syncapp.emulators.bank import Line
from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.trustworld import workday
from syncapp.emulators.trust_year.account import Kept

INSIDE = ("Matter Transfer", "Trust Transfer")
ELECTRONIC = ("ACH", "WIRE")
NUMBERS = {"IOLTA": "2214407725", "IOLTA Seattle": "9910358836"}
FORMATS = {"IOLTA": ("csv", "ofx2", "bai2", "qbo"), "IOLTA Seattle": ("qbo", "csv", "ofx2", "bai2")}
WORDS = {
    "trust_interest": ("INTEREST PAID", "INTEREST TO IOLTA PROGRAM"),
    "bank_charge": ("FEE REFUND", "ACCOUNT ANALYSIS FEE"),
    "Returned Deposit": ("", "RETURNED DEPOSITED ITEM"),
    "Trust Payment": ("", "TRANSFER TO CHECKING 4410"),
    "Bank Transfer": ("TRANSFER FROM TRUST", "TRANSFER TO TRUST"),
}


def minor(row: BankTransaction) -> int:
    """A row's signed amount in cents."""
    return int(row.amount * 100)


@dataclass(slots=True, kw_only=True)
class Cleared:
    """An account at its bank, and which Clio rows each line pays: `rows` by the line's mark."""

    kept: Kept
    bank: BankAccount
    rows: dict[str, tuple[BankTransaction, ...]] = field(default_factory=dict)

    def alone(self, first: date, last: date) -> list[tuple[Line, BankTransaction]]:
        """The lines of a period that pay just one row, with it."""
        return [
            (line, self.rows[line.id][0])
            for line in self.kept.lines
            if first <= line.day <= last and len(self.rows.get(line.id, ())) == 1
        ]


def clear(world: World, bank: BankAccount, *, chance: random.Random, end: date) -> Cleared:
    """Let every row of a trust account reach its bank, up to the last day."""
    kept = Kept(name=bank.name, number=NUMBERS[bank.name], formats=FORMATS[bank.name])
    cleared = Cleared(kept=kept, bank=bank)
    never = _never(world, bank)
    slips: dict[date, list[BankTransaction]] = defaultdict(list)
    for row in sorted(_rows(world, bank), key=lambda t: (t.date, t.id)):
        if row.transaction_type in INSIDE or row.id in never:
            continue
        if _paper_in(row):
            slips[row.date].append(row)
            continue
        _line(cleared, row, chance, end)
    for day, rows in sorted(slips.items()):
        at = workday(day + timedelta(days=chance.randint(0, 1)))
        if at <= end:
            line = kept.add(day=at, amount=sum(minor(r) for r in rows), text="DEPOSIT")
            cleared.rows[line.id] = tuple(rows)
    return cleared


def _rows(world: World, bank: BankAccount) -> list[BankTransaction]:
    return [t for t in world.all(BankTransaction) if t.bank_account_id == bank.id]


def _never(world: World, bank: BankAccount) -> set[int]:
    """The rows that no bank ever sees: stale checks, and voided ones with what takes them back."""
    rows = _rows(world, bank)
    found = {p.id for p in world.planted if p.kind == "stale_check"}
    for void in rows:
        if void.transaction_type == "Voided Check":
            found.add(void.id)
            found.update(
                t.id
                for t in rows
                if t.confirmation == void.confirmation and t.amount == -void.amount and t.id < void.id
            )
    return found


def _paper_in(row: BankTransaction) -> bool:
    """Tell a check of a client's that goes to the bank on a slip."""
    return row.amount > 0 and row.transaction_type == "Trust Deposit" and row.confirmation.isdigit()


def _line(cleared: Cleared, row: BankTransaction, chance: random.Random, end: date) -> None:
    day, text, check = _face(row, chance)
    if day <= end:
        reference = "" if check else row.confirmation
        line = cleared.kept.add(day=day, amount=minor(row), text=text, check=check, reference=reference)
        cleared.rows[line.id] = (row,)


def _face(row: BankTransaction, chance: random.Random) -> tuple[date, str, str]:
    """The bank's day, its words and the number of a check."""
    if row.transaction_type in WORDS:
        return row.date, WORDS[row.transaction_type][row.amount < 0], ""
    if row.amount < 0 and row.confirmation.isdigit():
        return (
            workday(row.date + timedelta(days=chance.randint(2, 12))),
            f"CHECK {row.confirmation}",
            row.confirmation,
        )
    kind = row.confirmation.split(" ")[0]
    if kind in ELECTRONIC:
        return row.date, f"{kind} CREDIT {row.source}".upper(), ""
    return row.date, "TRANSFER FROM CHECKING 4410" if row.amount > 0 else "WITHDRAWAL", ""
