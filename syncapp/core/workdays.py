"""Days on which an office works: Monday to Friday. Holidays are not known. Pure."""

from __future__ import annotations

from datetime import date, timedelta

SATURDAY = 5
DAY = timedelta(days=1)
MOST = 400  # no term is longer


def after(day: date, number: int) -> date:
    """Return the working day that comes `number` working days after a day; with 0 the day or the next one.

    Raises ValueError for a number below 0 or above 400.
    """
    if not 0 <= number <= MOST:
        raise ValueError(f"A term of {number} days is none.")
    while number or day.weekday() >= SATURDAY:
        day += DAY
        if day.weekday() < SATURDAY and number:
            number -= 1
    return day


def since(day: date, number: int) -> date:
    """Return the last day from which `number` working days have gone by on `day`. Raises as `after`."""
    first = day
    while after(first, number) > day:
        first -= DAY
    return first
