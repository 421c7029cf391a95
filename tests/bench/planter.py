"""Plants faults among the witnesses of a trust account. Knows nothing of what finds them.

A history is five tables of plain rows: what Clio, Tieout and the books say of each event, what the bank's
statement shows, and what waits. A fault changes some tables the way people, programs and banks do, and names
the items that have to be found. Rows are dicts: `id`, `day`, `amount` (cents, what it does to the bank),
`parts` (what it does to each ledger), `check`, `payee`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

type Row = dict[str, Any]

START, LAST = date(2026, 7, 1), date(2026, 9, 30)
MONTH = date(2026, 9, 1)
CLIENTS = 24
ROUND = (50_000, 100_000, 150_000, 250_000, 500_000)
PAYEES = ("Clerk of court", "Acme Reporting", "Process Servers", "Dr. Lang", "State filing office")


@dataclass(slots=True)
class History:
    """The five tables, and what was planted: each fault's kind with the items that name it."""

    chance: random.Random
    clio: dict[str, Row] = field(default_factory=dict)
    tieout: dict[str, Row] = field(default_factory=dict)
    books: dict[str, Row] = field(default_factory=dict)
    bank: dict[str, Row] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    planted: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    last_number: int = 0

    def number(self) -> int:
        """A new number, for ids and checks."""
        self.last_number += 1
        return self.last_number

    def plant(self, kind: str, *items: str) -> None:
        """Remember a fault by the items that have to be named, one set for each."""
        self.planted += [(kind, frozenset({item})) for item in items]

    def plant_one(self, kind: str, *names: str) -> None:
        """Remember one item that goes by several names."""
        self.planted.append((kind, frozenset(names)))

    def alone(self, row: Row) -> bool:
        """Whether no other movement has this amount: else nobody could say which of them it was."""
        return bool(sum(abs(one["amount"]) == abs(row["amount"]) for one in self.clio.values()) == 1)

    def one(self, fits: Callable[[Row], bool]) -> Row | None:
        """An event of September that no fault has touched; it is touched from now on."""
        rows = [
            row for key, row in sorted(self.clio.items())
            if key not in self.touched and row["day"] >= MONTH and fits(row)
        ]  # fmt: skip
        if not rows:
            return None
        row = self.chance.choice(rows)
        self.touched.add(row["id"])
        return row


def history(seed: int) -> History:
    """Three months of an account on which all agree, with honest items outstanding at the end."""
    chance = random.Random(seed)
    made = History(chance)
    for client in range(CLIENTS):
        _event(
            made,
            START,
            chance.choice(ROUND) * 10 + 6_000_000 + chance.randrange(9999),
            {f"matters/{client}": 1},
        )
    day = START + timedelta(days=1)
    while day <= LAST:
        for _ in range(chance.choice((0, 1, 1, 2, 3))):
            _some_event(made, day)
        day += timedelta(days=1)
    for key in ("tieout", "books"):
        setattr(made, key, deepcopy(made.clio))
    for row in made.clio.values():
        _clear(made, row)
    return made


def _some_event(made: History, day: date) -> None:
    chance, matter = made.chance, f"matters/{made.chance.randrange(CLIENTS)}"
    what = chance.random()
    amount = chance.choice(ROUND) if chance.random() < 0.4 else chance.randrange(1_000, 900_000)
    if what < 0.45:
        _event(made, day, amount, {matter: 1})
    elif what < 0.88:
        _event(made, day, -min(amount, 300_000), {matter: 1}, check=f"{1000 + made.number()}")
    else:
        other = f"matters/{(int(matter.split('/')[1]) + 1 + chance.randrange(CLIENTS - 1)) % CLIENTS}"
        _event(made, day, 0, {matter: -(amount // 10), other: amount // 10})


def _event(made: History, day: date, amount: int, parts: dict[str, int], check: str = "") -> None:
    key = f"bank_transactions/{made.number()}"
    shares = dict.fromkeys(parts, amount) if amount else parts
    payee = made.chance.choice(PAYEES) if amount < 0 else f"Client {next(iter(parts)).split('/')[1]}"
    made.clio[key] = {
        "id": key, "day": day, "amount": amount, "parts": shares, "check": check, "payee": payee,
    }  # fmt: skip


def _clear(made: History, row: Row) -> None:
    """Let the bank see a movement: deposits within two days, checks within twelve, as far as time allows."""
    if not row["amount"]:
        return
    days = made.chance.randrange(3) if row["amount"] > 0 else made.chance.randrange(1, 13)
    day = row["day"] + timedelta(days=days)
    if day <= LAST:
        add_line(made, row["id"], day, row["amount"], row["check"], "CHECK" if row["check"] else "DEPOSIT")


def add_line(made: History, of: str, day: date, amount: int, check: str = "", text: str = "") -> str:
    key = f"line/{made.number()}"
    made.bank[key] = {"id": key, "of": of, "day": day, "amount": amount, "check": check, "text": text}
    return key


def line_of(made: History, row: Row) -> Row | None:
    return next((line for line in made.bank.values() if line["of"] == row["id"]), None)


def cash(row: Row) -> bool:
    return bool(row["amount"])


def deposit(row: Row) -> bool:
    return bool(row["amount"] > 0)


def a_check(row: Row) -> bool:
    return bool(row["check"])


def scaled(row: Row, amount: int) -> None:
    row["amount"], row["parts"] = amount, dict.fromkeys(row["parts"], amount)


def move_ledger(row: Row, chance: random.Random) -> None:
    """Put one ledger of a row on another one."""
    ledger = min(row["parts"])
    others = [f"matters/{n}" for n in range(CLIENTS) if f"matters/{n}" not in row["parts"]]
    row["parts"] = {**row["parts"], chance.choice(others): row["parts"][ledger]}
    del row["parts"][ledger]


def everywhere(made: History, key: str, change: Callable[[Row], None]) -> None:
    """Change what Tieout says, and so what the books say: the road carries an error on."""
    for table in (made.tieout, made.books):
        change(table[key])
