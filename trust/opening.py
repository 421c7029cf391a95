"""Does an opening tie, and what does an opening file say? Pure.

An opening ties when the bank's statement adjusted by what was outstanding, the books' trust bank, the books'
trust liability and the sum of the ledgers are one amount; where nobody gave a statement, the other three.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncapp.core import money

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_ROWS = 20_000
HEADS = ("kind", "ledger", "amount", "date", "number", "payee")
KINDS = ("ledger", "check", "deposit", "statement")
OLDEST_YEAR = 1990


class Unreadable(Exception):
    """An opening file that is not taken; each trouble is a sentence with its line."""

    def __init__(self, troubles: list[str]) -> None:
        super().__init__("\n".join(troubles))
        self.troubles = troubles


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A check or deposit that the bank had not yet seen; minor units, a check's are negative."""

    kind: str
    day: date
    amount: int
    number: str = ""
    payee: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an opening file says: amounts by ledger key, what was outstanding, the statement's balance."""

    ledgers: Mapping[str, int]
    items: tuple[Item, ...] = ()
    statement: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The sides of an opening, in minor units; `adjusted` is the statement with what was outstanding."""

    ledgers: int
    bank: int
    liability: int
    adjusted: int | None = None
    currency: str = "USD"

    @property
    def ties(self) -> bool:
        """Tell whether all that is known is one amount."""
        return not self.why()

    def why(self) -> str:
        """Say which sides differ and by how much; empty when the opening ties."""
        sides = [("the books' trust bank", self.bank), ("the books' trust liability", self.liability)]
        if self.adjusted is not None:
            sides.append(("the adjusted bank statement", self.adjusted))
        off = [
            f"{name} {self.said(amount)} (difference {self.said(amount - self.ledgers)})"
            for name, amount in sides
            if amount != self.ledgers
        ]
        if not off:
            return ""
        return f"The ledgers come to {self.said(self.ledgers)}, " + ", ".join(off) + "."

    def said(self, amount: int) -> str:
        """Return an amount as people read it."""
        return money.spoken(amount, self.currency)


def parse(text: str, *, known: Mapping[str, str], currency: str = "USD") -> Given:
    """Read an opening file: CSV with the heads kind, ledger, amount, date, number, payee.

    `known` finds a ledger's key by the lower-case number of a matter, name of a client or key itself. Raises
    Unreadable with every trouble and its line.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    heads = [head.strip().casefold() for head in rows.fieldnames or []]
    if not {"kind", "amount"} <= set(heads):
        raise Unreadable([f"The first line must name the columns {', '.join(HEADS)}."])
    rows.fieldnames = heads
    troubles: list[str] = []
    ledgers: Counter[str] = Counter()
    items: list[Item] = []
    statements: list[int] = []
    for line, row in enumerate(rows, start=2):
        if line > MOST_ROWS:
            raise Unreadable([f"The file has more than {MOST_ROWS} lines."])
        cells = {key: (value or "").strip() for key, value in row.items() if key and isinstance(value, str)}
        if any(cells.values()):
            _take(cells, f"Line {line}", known, currency, (ledgers, items, statements), troubles)
    if len(statements) > 1:
        troubles.append("The file gives the statement's balance more than once.")
    if troubles:
        raise Unreadable(troubles)
    return Given(ledgers=dict(ledgers), items=tuple(items), statement=statements[0] if statements else None)


def _take(
    cells: Mapping[str, str],
    at: str,
    known: Mapping[str, str],
    currency: str,
    into: tuple[Counter[str], list[Item], list[int]],
    troubles: list[str],
) -> None:
    ledgers, items, statements = into
    kind, given = cells.get("kind", "").casefold(), amount(cells.get("amount", ""), currency)
    if kind not in KINDS:
        troubles.append(f"{at}: the kind is “{cells.get('kind', '')}”; it can be {', '.join(KINDS)}.")
    elif given is None:
        troubles.append(f"{at}: “{cells.get('amount', '')}” is not an amount, such as 1250.00.")
    elif kind == "statement":
        statements.append(given)
    elif kind == "ledger":
        key = known.get(cells.get("ledger", "").casefold())
        if key is None:
            troubles.append(f"{at}: Clio has no matter or client “{cells.get('ledger', '')}”.")
        else:
            ledgers[key] += given
    else:
        item = _item(kind, given, cells)
        if isinstance(item, str):
            troubles.append(f"{at}: {item}")
        else:
            items.append(item)


def outstanding(text: str, *, currency: str = "USD") -> tuple[Item, ...]:
    """Read what was outstanding, one a line: kind, date, amount, number, payee. Raises Unreadable."""
    items, troubles = [], []
    for line, row in enumerate(csv.reader(io.StringIO(text), skipinitialspace=True), start=1):
        cells = dict(zip(("kind", "date", "amount", "number", "payee"), map(str.strip, row), strict=False))
        kind, given = cells.get("kind", "").casefold(), amount(cells.get("amount", ""), currency)
        if not any(cells.values()):
            continue
        if kind not in {"check", "deposit"}:
            troubles.append(f"Line {line}: write check or deposit first.")
        elif given is None:
            troubles.append(f"Line {line}: “{cells.get('amount', '')}” is not an amount, such as 1250.00.")
        elif isinstance(item := _item(kind, given, cells), str):
            troubles.append(f"Line {line}: {item}")
        else:
            items.append(item)
    if troubles:
        raise Unreadable(troubles)
    return tuple(items)


def _item(kind: str, given: int, cells: Mapping[str, str]) -> Item | str:
    if given <= 0:
        return "write the amount of a check or deposit without a sign."
    try:
        day = date.fromisoformat(cells.get("date", ""))
    except ValueError:
        day = date.min
    if day.year < OLDEST_YEAR:
        return f"“{cells.get('date', '')}” is not a day; write it as 2026-01-31."
    return Item(
        kind=kind,
        day=day,
        amount=-given if kind == "check" else given,
        number=cells.get("number", "")[:40],
        payee=cells.get("payee", "")[:200],
    )


def amount(text: str, currency: str) -> int | None:
    """Read an amount as people write it, in minor units; None when it is none."""
    bare = text.replace(",", "").replace("$", "")
    bare = f"-{bare[1:-1]}" if bare.startswith("(") and bare.endswith(")") else bare
    try:
        return money.minor(bare, currency) if bare else None
    except (money.NotMoneyError, ArithmeticError, ValueError):
        return None
