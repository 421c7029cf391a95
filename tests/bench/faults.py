"""The faults of people and programs: one function each, which says what has to be named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tests.bench.planter import (
    LAST,
    MONTH,
    History,
    Row,
    add_line,
    cash,
    deposit,
    everywhere,
    line_of,
    move_ledger,
    scaled,
)

type Fault = Callable[[History], None]


def _any(_row: Row) -> bool:
    return True


def _not_in(made: History, kind: str, *tables: str) -> Row | None:
    """Take a movement out of some tables; the bank has seen the money or has not."""
    row = made.one(_any)
    if row is None:
        return None
    for name in tables:
        del getattr(made, name)[row["id"]]
    line = line_of(made, row)
    if line is not None and made.chance.random() < 0.3:
        del made.bank[line["id"]]
    made.plant(kind, row["id"])
    return row


def held(made: History) -> None:
    """Clio has it; it waits in the queue."""
    row = _not_in(made, "held", "tieout", "books")
    if row is not None:
        made.held[row["id"]] = "Its matter is not in the books."


def not_posted(made: History) -> None:
    """Clio has it, nobody posted it."""
    _not_in(made, "not posted", "tieout", "books")


def removed(made: History) -> None:
    """Deleted in Clio after it was posted and the bank had seen it."""
    row = made.one(_any)
    if row is not None:
        del made.clio[row["id"]]
        made.plant("removed in Clio", row["id"])


def gone_from_books(made: History) -> None:
    """Deleted in the books by a person; the bank has seen it."""
    row = made.one(_any)
    if row is not None:
        del made.books[row["id"]]
        made.plant("deleted in the books", row["id"])


def wrong_amount(made: History) -> None:
    """An amount that somebody changed in the books, on both sides of the entry."""
    row = made.one(cash)
    if row is not None:
        by = made.chance.choice((1, -1, 100, -900, 12_345))
        scaled(made.books[row["id"]], row["amount"] + by)
        made.plant("another amount", row["id"])


def wrong_client(made: History) -> None:
    """The right total on the wrong client or matter."""
    row = made.one(_any)
    if row is not None:
        chance = made.chance
        if chance.random() < 0.5:
            move_ledger(made.books[row["id"]], chance)
        else:
            state = chance.getstate()
            for table in (made.tieout, made.books):
                chance.setstate(state)
                move_ledger(table[row["id"]], chance)
        made.plant("wrong client", row["id"])


def wrong_date(made: History) -> None:
    """The right total on the wrong date, within the month or past its end."""
    row = made.one(lambda one: bool(MONTH + timedelta(days=3) <= one["day"] <= LAST - timedelta(days=3)))
    if row is not None:
        by = made.chance.choice((-2, -1, 1, 2, 35))
        day: date = row["day"] + timedelta(days=by)
        made.books[row["id"]]["day"] = day
        if made.chance.random() < 0.5:
            made.tieout[row["id"]]["day"] = day
        made.plant("wrong date", row["id"])


def offsetting(made: History) -> None:
    """+100.00 on one client and −100.00 on another: every total ties."""
    first = made.one(deposit)
    second = made.one(deposit) if first else None
    if first is None or second is None:
        return
    for row, by in ((first, 10_000), (second, -10_000)):
        amount = row["amount"] + by
        if made.chance.random() < 0.5:
            everywhere(made, row["id"], lambda one, amount=amount: scaled(one, amount))  # type: ignore[misc]
        else:
            scaled(made.books[row["id"]], amount)
    made.plant("offsetting errors", first["id"], second["id"])


def swapped_amounts(made: History) -> None:
    """Two clients have each other's amount."""
    first = made.one(deposit)
    second = made.one(lambda row: bool(deposit(row) and first and row["amount"] != first["amount"]))
    if first is None or second is None:
        return
    for row, amount in ((first, second["amount"]), (second, first["amount"])):
        scaled(made.books[row["id"]], amount)
    made.plant("swapped amounts", first["id"], second["id"])


def swapped_clients(made: History) -> None:
    """Two equal amounts stand on each other's client."""
    first = made.one(deposit)
    second = made.one(
        lambda row: bool(first and deposit(row) and row["parts"].keys() != first["parts"].keys())
    )
    if first is None or second is None:
        return
    for row, other in ((first, second), (second, first)):
        made.books[row["id"]]["parts"] = dict.fromkeys(other["parts"], row["amount"])
    made.plant("swapped clients", first["id"], second["id"])


def one_sided(made: History) -> None:
    """An entry changed in the books so that only one side is client money."""
    row = made.one(cash)
    if row is not None:
        made.books[row["id"]]["amount"] += made.chance.choice((-2_500, 700))
        made.plant("one side changed", row["id"])


def by_hand(made: History) -> None:
    """A deposit that somebody entered in the books alone."""
    key, amount = f"books/deposit:{made.number()}", 7_000 + made.chance.randrange(99) * 101
    day = LAST - timedelta(days=made.chance.randrange(3))
    ledger = f"matters/{made.chance.randrange(20)}"
    made.books[key] = {
        "id": key, "day": day, "amount": amount, "parts": {ledger: amount}, "check": "", "payee": "",
    }  # fmt: skip
    made.plant("entered by hand", key)


def shifted_by_hand(made: History) -> None:
    """A journal entry by hand that takes from one client and gives to another."""
    key, amount = f"books/journal:{made.number()}", 10_000
    made.books[key] = {
        "id": key, "day": LAST - timedelta(days=made.chance.randrange(20)), "amount": 0,
        "parts": {"matters/1": amount, "matters/2": -amount}, "check": "", "payee": "",
    }  # fmt: skip
    made.plant("shifted by hand", key)


def fee_by_feed(made: History) -> None:
    """A bank fee that the feed booked to expense from the trust bank."""
    key, day = f"books/expense:{made.number()}", LAST - timedelta(days=made.chance.randrange(20))
    made.books[key] = {
        "id": key,
        "day": day,
        "amount": -1_700,
        "parts": {},
        "check": "",
        "payee": "Bank service charge",
    }
    add_line(made, key, day, -1_700, text="SERVICE CHARGE")
    made.plant("fee booked to expense", key)


def twin(made: History) -> None:
    """The bank feed entered a movement a second time."""
    row = made.one(lambda one: bool(cash(one) and line_of(made, one)))
    if row is not None:
        key = f"books/deposit:{made.number()}"
        day = min(row["day"] + timedelta(days=made.chance.randrange(3)), LAST)
        made.books[key] = {**row, "id": key, "day": day, "parts": {"": row["amount"]}}
        made.plant("twin of the feed", key)
