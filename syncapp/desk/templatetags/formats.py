"""How a screen writes money, days, instants and counts. Pure: no Django, no clock."""

from __future__ import annotations

from datetime import date, datetime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SIGNS = {"USD": "$", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "GBP": "£", "EUR": "€"}
INSTANT, MINUTE, HOUR, DAY = 5, 60, 3600, 86400


def digits(minor: int) -> str:
    """Whole cents as unsigned text: 291844210 is ``2,918,442.10``."""
    whole, cents = divmod(abs(minor), 100)
    return f"{whole:,}.{cents:02d}"


def currency_sign(currency: str) -> str:
    """Give the sign before an amount; a currency without one is written as its code and a space."""
    return SIGNS.get(currency, f"{currency}\N{NO-BREAK SPACE}" if currency else "$")


def money_text(minor: int, *, currency: str = "") -> str:
    """Whole cents as plain text, negative with a true minus, for labels, titles and e-mail."""
    sign = currency_sign(currency) if currency else ""
    return f"{'\N{MINUS SIGN}' if minor < 0 else ''}{sign}{digits(minor)}"


def short_money(minor: int, *, currency: str = "USD") -> str:
    """Write the round figure of a chart's scale: 30000000 cents is ``$300k``. Never used for a balance."""
    sign, whole = currency_sign(currency), abs(minor) // 100
    minus = "\N{MINUS SIGN}" if minor < 0 else ""
    for size, unit in ((1_000_000_000, "bn"), (1_000_000, "m"), (1_000, "k")):
        if whole >= size:
            tenths = whole * 10 // size
            text = str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
            return f"{minus}{sign}{text}{unit}"
    return f"{minus}{sign}{whole}"


def day_text(day: date) -> str:
    """Write a day as ``14 Sep 2026``, the same in every locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_text(local: datetime) -> str:
    """Write an instant, already in the reader's zone, as ``14 Sep 2026 14:02``."""
    return f"{day_text(local)} {local:%H:%M}"


def count_text(number: int, words: str) -> str:
    """Write a count and its noun: ``1,204 invoices``; an irregular plural as ``"entry,entries"``."""
    one, _, many = words.partition(",")
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ago_text(at: datetime, *, now: datetime) -> str:
    """Say how long before (or after) ``now`` an instant lies, in the largest whole unit."""
    seconds = int((now - at).total_seconds())
    size = abs(seconds)
    if size < INSTANT:
        return "just now"
    if size < MINUTE:
        span = f"{size}\N{NO-BREAK SPACE}s"
    elif size < HOUR:
        span = f"{size // MINUTE}\N{NO-BREAK SPACE}min"
    elif size < DAY:
        span = f"{size // HOUR}\N{NO-BREAK SPACE}h"
    else:
        span = count_text(size // DAY, "day")
    return f"{span} ago" if seconds > 0 else f"in {span}"


def percent_text(part: int, whole: int) -> str:
    """Write a share in tenths of a percent, cut and never rounded up: 100% means all of it."""
    if whole == 0:
        return "\N{EN DASH}"
    tenths = part * 1000 // whole if part * whole >= 0 else -(-part * 1000 // whole)
    sign = "\N{MINUS SIGN}" if tenths < 0 else ""
    units, rest = divmod(abs(tenths), 10)
    return f"{sign}{units}%" if rest == 0 else f"{sign}{units}.{rest}%"
