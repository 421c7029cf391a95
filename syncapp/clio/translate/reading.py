"""Careful reading of one record: every value may be absent, null or of another type than promised."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any

from syncapp.core import money
from syncapp.core.problems import Fix, Problem

type Row = Mapping[str, Any]

_LONGEST_SHOWN = 100
_MOST_DIGITS = 15
_MONEY = frozenset({"allocations", "credit_memos", "bank_transactions"})
_BIGGEST_ID = 2**63


class UnreadableError(Exception):
    """Carries the Problem to the edge of this package; never leaves it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.words)
        self.problem = problem


def tells[**P, T](read: Callable[P, T]) -> Callable[P, T | Problem]:
    """Turn what could not be read into the Problem it is."""

    @wraps(read)
    def told(*args: P.args, **kwargs: P.kwargs) -> T | Problem:
        try:
            return read(*args, **kwargs)
        except UnreadableError as error:
            return error.problem

    return told


def day_told(row: Row, name: str) -> date | None:
    """Return the day of a record that a date or a timestamp names; none when it cannot be read."""
    value = row.get(name)
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


class Reading:
    """One record with the name people know it by, e.g. `Reading(row, "bill", "bills")`."""

    def __init__(self, row: object, noun: str, resource: str) -> None:
        self.row: Row = row if isinstance(row, dict) else {}
        self.noun = noun
        self.resource = resource
        self.id = self._own_id()

    @property
    def name(self) -> str:
        """Return what the record is called in a sentence: `Bill 1042`."""
        number = self.row.get("number") if self.resource == "bills" else None
        label = str(number)[:_LONGEST_SHOWN] if isinstance(number, str | int) else f"with Clio's id {self.id}"
        return f"{self.noun[:1].upper()}{self.noun[1:]} {label}"

    def part(self, name: str) -> Row:
        """Return a nested record; empty when there is none."""
        value = self.row.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self.unreadable(name, value)
        return value

    def parts(self, name: str) -> list[Row]:
        """Return a list of nested records."""
        value = self.row.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            raise self.unreadable(name, value)
        return value

    def ref(self, name: str) -> int | None:
        """Return the id of a nested record."""
        value = self.part(name).get("id")
        if value is None:
            return None
        if (found := whole(value)) is None:
            raise self.unreadable(f"{name}.id", value)
        return found

    def text(self, name: str, *, inside: str = "") -> str:
        """Return a text, of a nested record when `inside` names one; empty when there is none."""
        value = (self.part(inside) if inside else self.row).get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        raise self.unreadable(f"{inside}.{name}" if inside else name, value)

    def number(self, name: str, *, inside: str = "") -> Decimal | None:
        """Return a number that is no money: a rate, hours, a percentage."""
        value = (self.part(inside) if inside else self.row).get(name)
        if value is None or value == "":
            return None
        if (found := exact(value)) is None:
            raise self.unreadable(f"{inside}.{name}" if inside else name, value)
        return found

    def money(self, name: str, currency: str, *, inside: str = "") -> int | None:
        """Return an amount in minor units; None when Clio sends none."""
        value = self.number(name, inside=inside)
        if value is None:
            return None
        try:
            return money.minor(value, currency)
        except money.NotMoneyError:
            raise self.unreadable(f"{inside}.{name}" if inside else name, value) from None

    def amount(self, name: str, currency: str) -> int:
        """Return an amount in minor units that must be there."""
        found = self.money(name, currency)
        if found is None:
            raise self.unreadable(name, None)
        return found

    def day(self, name: str) -> date | None:
        """Return a day, of a date or of a timestamp with its own offset."""
        value = self.row.get(name)
        if value is None or value == "":
            return None
        try:
            return date.fromisoformat(value[:10] if isinstance(value, str) else "")
        except ValueError:
            raise self.unreadable(name, value) from None

    def day_or_none(self, name: str) -> date | None:
        """Return a day that nothing waits for: none when it cannot be read (clio/API.md section 6)."""
        return day_told(self.row, name)

    def dated(self, name: str) -> date:
        """Return a day that must be there."""
        found = self.day(name)
        if found is None:
            raise self.unreadable(name, None)
        return found

    def flag(self, name: str) -> bool:
        """Return a yes or no; older Clio sent some of them as text (clio/API.md section 5)."""
        value = self.row.get(name)
        return value is True or (isinstance(value, str) and value.lower() in {"true", "1", "yes"})

    def word(self, name: str, known: Collection[str], *, inside: str = "", default: str = "") -> str:
        """Return one of Clio's words; an unknown one is a Problem that names it."""
        value = (self.part(inside) if inside else self.row).get(name)
        if value is None or value == "":
            if default:
                return default
            raise self.unreadable(f"{inside}.{name}" if inside else name, value)
        if not isinstance(value, str) or value not in known:
            raise self.unknown(f"{inside}.{name}" if inside else name, value)
        return value

    def problem(
        self, code: str, words: str, *, cause: str = "", fix: Fix = Fix.CLIO, **facts: str
    ) -> Problem:
        """Return a Problem of this record."""
        return Problem(
            code=code,
            fix=fix,
            words=words,
            cause=cause or f"{self.resource}:{self.id}",
            facts={"resource": self.resource, "id": str(self.id), **self._seen(), **facts},
        )

    def _seen(self) -> dict[str, str]:
        """Return what can be read of a record that stands and cannot be used: it waits with its money.

        Of a bill its number and what is owed; of money its amount, and whether it lies in trust.
        """
        if self.resource == "bills":
            return self._seen_bill() if self.row.get("state") in ("awaiting_payment", "paid") else {}
        told = exact(self.row.get("amount"))
        if self.resource not in _MONEY or told is None or self.row.get("voided_at"):
            return {}
        into, out = exact(self.row.get("funds_in")), exact(self.row.get("funds_out"))
        told = -abs(told) if out and not into else told
        trust = self.resource == "bank_transactions" and self.part("bank_account").get("type") == "Trust"
        return {"told_amount": str(told)} | ({"trust": "yes"} if trust else {})

    def _seen_bill(self) -> dict[str, str]:
        number, due = self.row.get("number"), self.row.get("due")
        owed = exact(due if due is not None else self.row.get("total"))
        seen = {"bill_number": number} if isinstance(number, str) and number else {}
        return seen | ({"told_amount": str(owed)} if owed is not None else {})

    def unreadable(self, field: str, value: object) -> UnreadableError:
        """Return the error of a value that is not what Clio promises."""
        what = "is missing" if value is None else "cannot be read"
        words = f"{self.name} cannot be used: its {field.replace('_', ' ')} {what} in Clio's answer."
        return UnreadableError(
            self.problem("unreadable", words, field=field, value=shown(value) if value is not None else "")
        )

    def unknown(self, field: str, value: object) -> UnreadableError:
        """Return the error of a word that nobody has told us about."""
        words = (
            f'{self.name} says "{shown(value)}" for {field.replace("_", " ")}, which Tieout does not know. '
            f"It waits until somebody says what that means."
        )
        return UnreadableError(
            self.problem(
                "unknown_word",
                words,
                cause=f"{self.resource}.{field}={shown(value)}",
                fix=Fix.WAIT,
                field=field,
                value=shown(value),
            )
        )

    def _own_id(self) -> int:
        found = whole(self.row.get("id"))
        return 0 if found is None else found


def reading(row: object, noun: str, resource: str) -> Reading:
    """Return a Reading of a record that must have an id."""
    found = Reading(row, noun, resource)
    if whole(found.row.get("id")) is None:
        raise found.unreadable("id", found.row.get("id"))
    return found


def whole(value: object) -> int | None:
    """Return an id, or None when it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        value = int(value) if value.adjusted() <= _MOST_DIGITS + 4 else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS + 4:
        value = int(value)
    return value if isinstance(value, int) and abs(value) < _BIGGEST_ID else None


def exact(value: object) -> Decimal | None:
    """Return a number within reason, or None when it is none. 2, 2.0 and 2.00 are one number, said one way.

    Clio's numbers are JSON's (clio/API.md section 6), which have no fixed form: another form is no change.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        found = Decimal(value)
    except (InvalidOperation, ValueError):
        return None
    if not found.is_finite() or (found and not -_MOST_DIGITS <= found.adjusted() <= _MOST_DIGITS):
        return None
    plain = format(found, "f")
    return Decimal(plain.rstrip("0").rstrip(".")) if "." in plain else Decimal(plain)


def shown(value: object) -> str:
    """Return a value short enough for a sentence."""
    text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def code_of(found: Reading, default: str) -> str:
    """Return the currency of a record as ISO 4217 code; `default` is the firm's."""
    value = found.row.get("currency")
    if isinstance(value, str):
        return value.upper() or default
    return (found.text("code", inside="currency") or default).upper()


def changed_at(row: Row) -> datetime | None:
    """Return when Clio last changed a record (`updated_at`, clio/API.md); None when it does not say."""
    value = row.get("updated_at")
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
