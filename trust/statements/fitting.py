"""Whether a statement proves itself and continues what the account has, and which lines are new. Pure.

TRUST-RULES, rules 4, 5 and 8. The proof: opening + lines = closing, the opening is what the statements before
it left, and the lines that are kept already together with the new ones lead there too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from syncapp.core.money import spoken
from trust.nouns import BankLine, BankStatement, Unreadable
from trust.statements.lines import Row, content

ONE_DAY = timedelta(days=1)
MOVED = timedelta(days=7)  # a bank may date a line anew when it books it
FEWEST_DIGITS = 3
NAMED = 3
NO_CLOSING = (
    "The file names no closing balance, so nothing proves that it is whole. Say the closing balance that "
    "the bank's page shows for the last day."
)
WORKED_OUT = (
    "The file names no opening balance and no earlier statement is here. The opening balance of {} was "
    "worked out from the lines, which proves nothing: compare it with the paper statement."
)
FROM_BEFORE = (
    "The opening balance of {} is the closing balance of the statement before it: the file has none."
)
WHOLE_MONTH = "The file names no period. Its lines lie in {:%B %Y}: it was taken as the whole month."


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the account has already: the balance before and after the period, and the lines kept within it.

    `before` is the balance at the end of the day before the period (or that the last earlier statement closed
    with), `after` the one at the period's end where a kept statement tells it. `kept` are the lines of the
    period, `by_identity` all kept lines that have an identity of the file's lines.
    """

    before: int | None = None
    before_day: date | None = None
    after: int | None = None
    after_day: date | None = None
    kept: tuple[BankLine, ...] = ()
    by_identity: tuple[BankLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a person adds to what the file says."""

    opening: int | None = None
    closing: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A statement as it is kept: `new` and `known` together are the file's lines."""

    opening: int
    closing: int
    opening_from: str  # file, previous, said, worked_out
    first: date
    last: date
    new: tuple[BankLine, ...]
    known: tuple[BankLine, ...]
    warnings: tuple[str, ...]


def own(statements: Sequence[BankStatement], digits: str) -> BankStatement:
    """Return the one account of a file that ends with the digits a person confirmed.

    Raises Unreadable when none does, or several could be meant.
    """
    fitting = [one for one in statements if same_account(one.account, digits)]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"…{tail(one.account)}" for one in statements[:10])
    if not fitting:
        raise Unreadable(f"The file is of account {listed}, this trust account is …{tail(digits)}.")
    raise Unreadable(f"The file holds several accounts ({listed}). Say the last digits of the one meant.")


def same_account(account: str, digits: str) -> bool:
    """Say whether an account number, masked or whole, can be the one with these last digits."""
    mine, theirs = only_digits(account), only_digits(digits)
    if not mine or not theirs:
        return True
    length = min(len(mine), len(theirs))
    return length >= FEWEST_DIGITS and mine[-length:] == theirs[-length:]


def only_digits(account: str) -> str:
    """Return the digits of an account number."""
    return "".join(mark for mark in account if mark.isdigit())


def tail(account: str) -> str:
    """Return the last four digits, as screens show an account."""
    return only_digits(account)[-4:] or "none"


def period(statement: BankStatement, told: Told, *, covered: date | None, today: date) -> tuple[date, date]:
    """Return the days that a statement speaks for.

    A file without a period whose lines lie in one month that is over is taken as that whole month, from where
    the statements before it end (`covered`). Raises Unreadable for an empty file without a period.
    """
    days = [line.day for line in statement.lines]
    first, last = told.first or statement.first_day, told.last or statement.last_day
    if not days and not (first and last):
        raise Unreadable("The file holds no line and names no period. Say its first and last day.")
    if first is None and last is None and _whole_month(days, today):
        begins = days[0].replace(day=1)
        first, last = max(begins, covered + ONE_DAY) if covered else begins, _month_end(begins)
        first = min(first, *days)
    if last and last > today:
        last = max([today, *days])
    return min([*days, first or days[0]]), max([*days, last or days[-1]])


def _whole_month(days: list[date], today: date) -> bool:
    begins = min(days).replace(day=1)
    return max(days) <= _month_end(begins) < today


def _month_end(begins: date) -> date:
    return (begins + timedelta(days=31)).replace(day=1) - ONE_DAY


def fit(statement: BankStatement, *, first: date, last: date, past: Past, told: Told | None = None) -> Fit:
    """Prove a statement against itself and against what the account has.

    Raises Unreadable with the difference when it does not prove, or does not continue what is kept.
    """
    told = told or Told()
    currency = statement.currency
    _agree(statement.opening, told.opening, "opening", currency)
    _agree(statement.closing, told.closing, "closing", currency)
    closing = statement.closing if statement.closing is not None else told.closing
    if closing is None:
        raise Unreadable(NO_CLOSING)
    total = sum(line.amount for line in statement.lines)
    opening, source = _opening(statement, told, past, closing - total)
    if missing := closing - opening - total:
        raise Unreadable(_unproved(statement, opening, closing, total, missing, source))
    _continues(opening, closing, first, last, past, currency)
    new, known, warnings = _sorted(statement.lines, past)
    warnings += _nothing_left_out(known, past, currency)
    said = [FROM_BEFORE, WORKED_OUT][source == "worked_out"]
    if source in {"previous", "worked_out"}:
        warnings.append(said.format(spoken(opening, currency)))
    if statement.first_day is None and told.first is None and last == _month_end(last.replace(day=1)):
        warnings.append(WHOLE_MONTH.format(last))
    return Fit(
        opening=opening,
        closing=closing,
        opening_from=source,
        first=first,
        last=last,
        new=tuple(new),
        known=tuple(known),
        warnings=tuple(warnings),
    )


def _agree(file: int | None, said: int | None, name: str, currency: str) -> None:
    if file is not None and said is not None and file != said:
        raise Unreadable(
            f"The file has a {name} balance of {spoken(file, currency)}, you said {spoken(said, currency)}: "
            f"{spoken(said - file, currency)} lie between them."
        )


def _opening(statement: BankStatement, told: Told, past: Past, worked_out: int) -> tuple[int, str]:
    if statement.opening is not None:
        return statement.opening, "file"
    if told.opening is not None:
        return told.opening, "said"
    if past.before is not None:
        return past.before, "previous"
    return worked_out, "worked_out"


def _unproved(
    statement: BankStatement, opening: int, closing: int, total: int, missing: int, source: str
) -> str:
    said = [spoken(value, statement.currency) for value in (opening, total, closing, missing)]
    where = {"previous": " (the closing balance of the statement before it)", "said": " (as you said)"}
    return (
        f"Opening balance {said[0]}{where.get(source, '')} and {len(statement.lines)} lines of {said[1]} "
        f"do not make the closing balance of {said[2]}: the difference is {said[3]}. The file is not taken."
    )


def _continues(opening: int, closing: int, first: date, last: date, past: Past, currency: str) -> None:
    """Refuse a statement that leaves a hole before or after it."""
    if past.before is not None and past.before != opening:
        raise Unreadable(
            f"The statement opens on {first:%-d %b %Y} with {spoken(opening, currency)}, but the account "
            f"stood at {spoken(past.before, currency)} on {past.before_day or first - ONE_DAY:%-d %b %Y}: "
            f"the difference is {spoken(opening - past.before, currency)}. Bring the days between them first."
        )
    if past.after is not None and past.after != closing:
        raise Unreadable(
            f"The statement closes on {last:%-d %b %Y} with {spoken(closing, currency)}, but by a statement "
            f"that is here the account stood at {spoken(past.after, currency)} on "
            f"{past.after_day or last:%-d %b %Y}: the difference is {spoken(past.after - closing, currency)}."
        )


def _nothing_left_out(known: list[BankLine], past: Past, currency: str) -> list[str]:
    """Refuse a file that leaves out lines which an earlier file of these days had."""
    names = {line.id for line in known}
    left_out = [line for line in past.kept if line.id not in names]
    if not left_out:
        return []
    said = "; ".join(
        f"{line.day:%-d %b %Y} {spoken(line.amount, currency)} {line.text[:40]}" for line in left_out[:NAMED]
    )
    words = f"{len(left_out)} lines that an earlier file has for these days are not in this one ({said})"
    if missing := sum(line.amount for line in left_out):
        raise Unreadable(f"{words}: the difference is {spoken(missing, currency)}. The file is not taken.")
    return [f"{words}. Together they are nothing, so the balances agree."]


def _sorted(lines: Sequence[BankLine], past: Past) -> tuple[list[BankLine], list[BankLine], list[str]]:
    """Tell new lines from those an earlier file had: by identity, else by day, amount and check number."""
    kept = {line.id: line for line in (*past.by_identity, *past.kept)}
    new: list[BankLine] = []
    known: list[BankLine] = []
    notes: list[str] = []
    open_: list[BankLine] = []
    for line in lines:
        there = kept.get(line.id)
        if there is not None and there.amount == line.amount and abs(there.day - line.day) <= MOVED:
            known.append(line)
            if there.day != line.day:
                notes.append(f"The line of {there.day:%-d %b %Y} is dated {line.day:%-d %b %Y} in this file.")
        elif there is not None:
            notes.append(
                f"The bank used the id of a line of {there.day:%-d %b %Y} again on {line.day:%-d %b %Y}."
            )
            open_.append(_by_content(line, kept))
        else:
            open_.append(line)
    claimed = {line.id for line in known}
    free: dict[tuple[date, int], list[BankLine]] = defaultdict(list)
    for line in past.kept:
        if line.id not in claimed:
            free[line.day, line.amount].append(line)
    for line in open_:
        same = free[line.day, line.amount]
        there = next((one for one in same if _same_check(one, line)), None)
        if there is None:
            new.append(line)
        else:
            same.remove(there)
            known.append(replace(line, id=there.id))
    if known:
        notes.append(
            f"{len(known)} of {len(lines)} lines are here already from an earlier file; {len(new)} are new."
        )
    return new, known, notes


def _same_check(one: BankLine, other: BankLine) -> bool:
    return not one.check or not other.check or one.check == other.check


def _by_content(line: BankLine, kept: dict[str, BankLine]) -> BankLine:
    """Give a line whose bank id was used before the identity of what it says."""
    same = content(Row(day=line.day, amount=line.amount, check=line.check, text=line.text))
    number = next(number for number in range(1, len(kept) + 2) if f"is:{same}:{number}" not in kept)
    return replace(line, id=f"is:{same}:{number}")
