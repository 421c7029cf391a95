"""Money is whole cents of one currency. The tolerance is zero.

Amounts are `int` minor units everywhere inside; `Decimal` text at the edges; never binary floating point.
A document and an entry carry one currency; amounts of two currencies never meet in one of them.
"""

from __future__ import annotations

from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 10**17  # minor units: what a database keeps with room for sums; "1e999" is no amount
MOST_ROUNDED = 99  # minor units: what a bill lacks by a unit or more was not rounded
_MINOR_DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0}
_REPRESENTATION_NOISE = Decimal("0.00001")


class NotMoneyError(ValueError):
    """The text is not an amount of whole minor units."""


def digits(currency: str) -> int:
    """Return the number of decimals of a currency (ISO 4217): two, unless it has none."""
    return _MINOR_DIGITS.get(currency, 2)


def minor(value: Decimal | int | str | None, currency: str = "USD") -> int:
    """Read an amount as whole minor units.

    Clio and QuickBooks send amounts as JSON numbers of type double (clio/API.md section 6): a residue of
    their binary representation below a thousandth of a cent is taken off, any other fraction is an error.
    Raises NotMoneyError for what is no amount, or holds a fraction of a cent.
    """
    if value is None:
        raise NotMoneyError("an amount is missing")
    try:
        exact = Decimal(value).scaleb(digits(currency))
        whole = exact.to_integral_value(ROUND_HALF_UP)
    except (InvalidOperation, ValueError) as error:
        raise NotMoneyError(f"{value!r} is not an amount") from error
    if exact.is_finite() and abs(exact) > LARGEST:
        raise NotMoneyError("the amount is larger than any account holds")
    if not exact.is_finite() or abs(exact - whole) > _REPRESENTATION_NOISE:
        raise NotMoneyError(f"{value} holds a fraction of a cent")
    return int(whole)


def nearest(value: Decimal | int | str | None, currency: str = "USD") -> int:
    """Read an amount that another program may state in fractions of a cent, rounded half up.

    Only for figures that nothing is settled by: what an entry comes to is read by `minor`.
    Raises NotMoneyError for what is no amount.
    """
    if value is not None:
        with suppress(InvalidOperation, ValueError):  # `minor` says what is wrong with it
            value = Decimal(value).quantize(decimal(1, currency), ROUND_HALF_UP)
    return minor(value, currency)


def decimal(amount: int, currency: str = "USD") -> Decimal:
    """Return minor units as an exact decimal number, for the edges."""
    return Decimal(amount).scaleb(-digits(currency))


def text(amount: int, currency: str = "USD") -> str:
    """Return minor units as plain text with the currency's decimals: `-1234.50`."""
    return f"{decimal(amount, currency):.{digits(currency)}f}"


def spoken(amount: int, currency: str = "USD") -> str:
    """Return minor units as people read them in a sentence: `$1,234.50`, `-$3.00`, `CAD 12.00`."""
    sign = "-" if amount < 0 else ""
    number = f"{decimal(abs(amount), currency):,.{digits(currency)}f}"
    return f"{sign}${number}" if currency == "USD" else f"{sign}{currency} {number}"


def rounded(value: Decimal, currency: str = "USD") -> int:
    """Round a computed product half up to minor units, as QuickBooks does (qbo/API.md section 11, row 10)."""
    return int(value.scaleb(digits(currency)).to_integral_value(ROUND_HALF_UP))


def split(whole: int, weights: Sequence[int]) -> list[int]:
    """Share `whole` in proportion to `weights` without losing a cent.

    Each part is rounded half up; the odd cents go to the part with the largest weight (the first of equals).
    Raises ValueError when the weights cannot carry an amount.
    """
    total = sum(weights)
    if not weights or any(weight < 0 for weight in weights) or (total == 0 and whole != 0):
        raise ValueError("nothing to share the amount over")
    if total == 0:
        return [0 for _ in weights]
    sign = -1 if whole < 0 else 1
    parts = [sign * ((2 * abs(whole) * weight + total) // (2 * total)) for weight in weights]
    parts[max(range(len(weights)), key=lambda i: (weights[i], -i))] += whole - sum(parts)
    return parts
