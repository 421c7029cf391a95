"""A bank's table with a profile becomes statements. Pure.

A running balance is followed line by line and gives opening and closing; without one they come from the words
above or below the table ("Beginning balance as of …"), or a person says them. Pending rows are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from syncapp.core.money import NotMoneyError, spoken
from trust.nouns import Unreadable
from trust.statements.amounts import amount, day, order_of
from trust.statements.joining import Part
from trust.statements.lines import Row, check_in
from trust.statements.profile import Profile, Table, cell, days_of

OPENS = re.compile(
    r"\b(?:beginning|opening|starting|start|previous|prior)\b.{0,20}\bbalance\b", re.IGNORECASE
)
CLOSES = re.compile(r"\b(?:ending|closing|end|new)\b.{0,20}\bbalance\b", re.IGNORECASE)
BALANCE_ROW = re.compile(
    r"^\W*(?:(?:beginning|opening|starting|ending|closing|previous)\s+(?:\w+\s+)?balance"
    r"|balance\s+(?:brought\s+|carried\s+)?forward)\b",
    re.IGNORECASE,
)
PENDING = re.compile(r"^\W*(?:pending|processing|authori[sz]ed|hold|scheduled|in process)\b", re.IGNORECASE)
PENDING_TEXT = re.compile(r"^\W*pending\b", re.IGNORECASE)
IN_TEXT = re.compile(r"\b(?:\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})\b")
ACCOUNT = re.compile(r"\baccount\b\D{0,20}([\dXx*•.-]*\d{4,})", re.IGNORECASE)
SIDE_OUT = re.compile(r"^(?:\W*(?:d|dr|db|debit|dbit|withdrawal|check)\W*|-)$", re.IGNORECASE)
LEFT_OUT = "Pending rows: {} left out. They come with the export that has them posted."
AMBIGUOUS = "Every date could be read in two ways; they were read as month/day/year."
WIDER = "it has more cells than the heads, so a comma may have cut an amount or a name in two"
IN_ROW = "Row {}: {}. Was it saved by another program? Download it again, or choose the columns yourself."


@dataclass(slots=True, kw_only=True)
class Taken:
    """What one row of the table says; `number` is its place, from 1."""

    number: int
    row: Row
    balance: int | None
    account: str


@dataclass(slots=True)
class Aside:
    """What stands beside the lines: balances, the days they are of, an account."""

    opening: int | None = None
    closing: int | None = None
    first: date | None = None
    last: date | None = None
    account: str = ""
    pending: int = 0
    warnings: list[str] = field(default_factory=list)


def parts(table: Table, profile: Profile, *, currency: str = "USD") -> tuple[list[Part], list[str]]:
    """Read a table. Raises Unreadable when it is no statement, or its running balance does not follow."""
    aside = Aside()
    taken = list(_rows(table, profile, aside, currency))
    if not taken and aside.opening is None:
        raise Unreadable("The table holds no line with a date and an amount. Choose the columns yourself.")
    _, certain = order_of(days_of(profile, table))
    if not certain and taken and profile.order == "mdy":
        aside.warnings.append(AMBIGUOUS)
    if aside.pending:
        aside.warnings.append(LEFT_OUT.format(aside.pending))
    accounts: dict[str, list[Taken]] = {}
    for one in taken:
        accounts.setdefault(one.account or aside.account, []).append(one)
    if not accounts:
        accounts[aside.account] = []
    alone = len(accounts) == 1
    found = [_part(name, own, aside if alone else Aside(), currency) for name, own in accounts.items()]
    return found, aside.warnings


def _rows(table: Table, profile: Profile, aside: Aside, currency: str) -> Iterator[Taken]:
    for number, row in enumerate(table, start=1):
        if number - 1 == profile.head or not any(row):
            continue
        if number - 1 < profile.head or not _is_line(row, profile, aside):
            _note(row, aside, profile, currency)
            continue
        if profile.head >= 0 and any(text.strip() for text in row[len(table[profile.head]) :]):
            raise Unreadable(IN_ROW.format(number, WIDER))
        yield _taken(number, row, profile, currency)


def _is_line(row: Sequence[str], profile: Profile, aside: Aside) -> bool:
    """Say whether a row is a booked line; pending ones are counted."""
    if not any(cell(row, column) for column in (profile.amount, profile.debit, profile.credit)):
        return False
    if any(BALANCE_ROW.match(cell(row, column)) for column in profile.texts):
        return False
    if _is_pending(row, profile):
        aside.pending += 1
        return False
    return day(cell(row, profile.date), order=profile.order) is not None


def _is_pending(row: Sequence[str], profile: Profile) -> bool:
    if any(PENDING.match(cell(row, column)) for column in (profile.status, profile.date)):
        return True
    return any(PENDING_TEXT.match(cell(row, column)) for column in profile.texts) and not cell(
        row, profile.balance
    )


def _note(row: Sequence[str], aside: Aside, profile: Profile, currency: str) -> None:
    """Take balances, days and the account from a row that is no line."""
    said = " ".join(row)
    if (found := ACCOUNT.search(said)) and not aside.account:
        aside.account = found[1]
    opens, closes = OPENS.search(said), CLOSES.search(said)
    if not opens and not closes:
        return
    value = _last_money(row, currency)
    days = [day(text, order=profile.order) for text in IN_TEXT.findall(said)]
    if value is None:
        return
    if opens and aside.opening is None:
        aside.opening, aside.first = value, next(filter(None, days), None)
    elif closes and not opens:
        aside.closing, aside.last = value, next(filter(None, reversed(days)), None)


def _last_money(row: Sequence[str], currency: str) -> int | None:
    for text in reversed(row):
        try:
            return amount(text, currency=currency)
        except NotMoneyError:
            continue
    return None


def _taken(number: int, row: Sequence[str], profile: Profile, currency: str) -> Taken:
    def money(column: int) -> int:
        text = cell(row, column)
        return amount(text, currency=currency, decimal=profile.decimal) if text.strip(" -–") else 0

    booked = day(cell(row, profile.date), order=profile.order)
    if booked is None:
        raise Unreadable(IN_ROW.format(number, "the date cannot be read"))
    try:
        if profile.amount >= 0:
            value = money(profile.amount)
            if SIDE_OUT.match(cell(row, profile.side)):
                value = -abs(value)
        else:
            value = abs(money(profile.credit)) - abs(money(profile.debit))
        balance = money(profile.balance) if cell(row, profile.balance) else None
    except NotMoneyError as error:
        raise Unreadable(IN_ROW.format(number, error)) from error
    said = " · ".join(dict.fromkeys(filter(None, (cell(row, column) for column in profile.texts))))
    made = Row(
        day=booked,
        amount=-value if profile.sign == "reversed" else value,
        check=cell(row, profile.check) or check_in(said),
        reference=cell(row, profile.reference),
        text=said,
    )
    return Taken(number=number, row=made, balance=balance, account=cell(row, profile.account))


def _part(account: str, taken: list[Taken], aside: Aside, currency: str) -> Part:
    ordered = _oldest_first(taken)
    opening, closing = aside.opening, aside.closing
    if any(one.balance is not None for one in ordered):
        first, last = _followed(ordered, currency)
        opening, closing = first if opening is None else opening, last if closing is None else closing
    return Part(
        account=account,
        currency=currency,
        rows=tuple(one.row for one in ordered),
        opening=opening,
        closing=closing,
        first_day=aside.first,
        last_day=aside.last,
    )


def _oldest_first(taken: list[Taken]) -> list[Taken]:
    """Turn a table that begins with the newest; within one day the running balance tells."""
    days = [one.row.day for one in taken]
    turned = list(reversed(taken))
    if days and days[0] > days[-1]:
        return turned
    if days and days[0] == days[-1] and _misses(taken) and not _misses(turned):
        return turned
    return taken


def _misses(taken: list[Taken]) -> tuple[Taken, int] | None:
    """Return the first line whose balance does not follow, and by how much."""
    balance: int | None = None
    for one in taken:
        if balance is not None:
            balance += one.row.amount
        if one.balance is not None:
            if balance is not None and balance != one.balance:
                return one, one.balance - balance
            balance = one.balance
    return None


def _followed(taken: list[Taken], currency: str) -> tuple[int, int]:
    """Return opening and closing of a running balance. Raises Unreadable where it does not follow."""
    if missed := _misses(taken):
        one, by = missed
        raise Unreadable(
            f"The running balance does not follow in row {one.number} ({one.row.day:%-d %b %Y}, "
            f"{spoken(one.row.amount, currency)}): {spoken(by, currency)} are missing before it. "
            "A line was taken out, changed or is pending."
        )
    at = next(place for place, one in enumerate(taken) if one.balance is not None)
    opening = (taken[at].balance or 0) - sum(one.row.amount for one in taken[: at + 1])
    return opening, opening + sum(one.row.amount for one in taken)
