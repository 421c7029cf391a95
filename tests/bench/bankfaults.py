"""The faults of banks: what their statements show otherwise than the books."""

from __future__ import annotations

from datetime import timedelta

from tests.bench.planter import LAST, MONTH, History, Row, a_check, add_line, deposit, line_of


def _cleared(made: History, row: Row) -> bool:
    line = line_of(made, row)
    return line is not None and line["day"] >= MONTH


def missing_deposit(made: History) -> None:
    """A deposit that never reached the bank."""
    row = made.one(
        lambda one: bool(deposit(one) and made.alone(one) and one["day"] <= LAST - timedelta(days=8))
    )
    if row is not None and (line := line_of(made, row)):
        del made.bank[line["id"]]
        made.plant("missing deposit", row["id"])


def bank_fee(made: History) -> None:
    """The bank took a fee from client money."""
    amount = -made.chance.choice((1_500, 2_500, 3_500, 1_234))
    key = add_line(made, "", LAST - timedelta(days=made.chance.randrange(25)), amount, text="SERVICE FEE")
    made.plant("bank fee", key)


def bank_interest(made: History) -> None:
    """Interest that nobody booked."""
    made.plant("interest", add_line(made, "", LAST, 100 + made.chance.randrange(900), text="INTEREST PAID"))


def transposed(made: History) -> None:
    """The bank cleared a deposit with two digits in the wrong order."""
    row = made.one(
        lambda one: bool(deposit(one) and made.alone(one) and _cleared(made, one) and _turned(one["amount"]))
    )
    line = line_of(made, row) if row else None
    if row is not None and line is not None:
        line["amount"] = _turned(row["amount"])
        made.plant("transposed amount", row["id"])


def _turned(amount: int) -> int:
    """Two neighboring digits the other way round; 0 where that changes nothing."""
    digits = list(str(amount))
    for place in range(1, len(digits)):
        if digits[place] != digits[place - 1] and digits[place] != "0":
            digits[place - 1], digits[place] = digits[place], digits[place - 1]
            return int("".join(digits))
    return 0


def other_check_amount(made: History) -> None:
    """A check cleared for another amount."""
    row = made.one(lambda one: bool(a_check(one) and _cleared(made, one)))
    line = line_of(made, row) if row else None
    if row is not None and line is not None:
        line["amount"] -= made.chance.choice((1, 100, 9_000))
        made.plant("check cleared for another amount", row["id"])


def swapped_checks(made: History) -> None:
    """Two checks cleared for each other's amount: the statement's total ties."""
    first = made.one(lambda one: bool(a_check(one) and _cleared(made, one)))
    second = made.one(
        lambda one: bool(first and a_check(one) and _cleared(made, one) and one["amount"] != first["amount"])
    )
    if first is None or second is None:
        return
    lines = line_of(made, first), line_of(made, second)
    if lines[0] is not None and lines[1] is not None:
        lines[0]["amount"], lines[1]["amount"] = second["amount"], first["amount"]
        made.plant("two checks swapped at the bank", first["id"], second["id"])


def returned(made: History) -> None:
    """A deposited check that came back."""
    row = made.one(
        lambda one: bool(deposit(one) and _cleared(made, one) and one["day"] <= LAST - timedelta(days=8))
    )
    line = line_of(made, row) if row else None
    if row is not None and line is not None:
        day = line["day"] + timedelta(days=made.chance.randrange(1, 5))
        key = add_line(made, "", min(day, LAST), -row["amount"], text="RETURNED DEPOSITED ITEM")
        made.plant("returned deposit", key)


def paid_twice(made: History) -> None:
    """The bank paid one check twice."""
    row = made.one(lambda one: bool(a_check(one) and _cleared(made, one)))
    line = line_of(made, row) if row else None
    if row is not None and line is not None:
        made.plant("check paid twice", add_line(made, "", LAST, row["amount"], row["check"], "CHECK"))


def unknown_wire(made: History) -> None:
    """Money that came in and that nobody knows."""
    amount = 30_001 + made.chance.randrange(70_000)
    made.plant("unknown wire", add_line(made, "", LAST - timedelta(days=4), amount, text="WIRE IN"))


def stale_check(made: History) -> None:
    """A check of last winter that the bank never paid."""
    key = f"opening/{made.number()}"
    row = {
        "id": key, "day": LAST - timedelta(days=200), "amount": -9_900, "parts": {"matters/3": -9_900},
        "check": f"{made.number()}", "payee": "Witness",
    }  # fmt: skip
    for table in (made.clio, made.tieout, made.books):
        table[key] = dict(row)
    made.plant("stale check", key)


def early_line(made: History) -> None:
    """The bank has it in September, everybody else in October."""
    row = made.one(
        lambda one: bool(
            made.alone(one)
            and deposit(one)
            and _cleared(made, one)
            and one["day"] >= LAST - timedelta(days=3)
        )
    )
    if row is not None:
        for table in (made.clio, made.tieout, made.books):
            table[row["id"]]["day"] = LAST + timedelta(days=1)
        line = line_of(made, row)
        made.plant_one("dated in the next month", row["id"], line["id"] if line else row["id"])
