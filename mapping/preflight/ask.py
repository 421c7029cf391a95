"""How a check of pre-flight answers, and the places where people mend what it finds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapping.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

SALES = "QuickBooks: Gear → Account and settings → Sales"
ADVANCED = "QuickBooks: Gear → Account and settings → Advanced"
BILLING = "QuickBooks: Gear → Account and settings → Billing & subscription"
TAXES = "QuickBooks: Taxes → Sales tax"
MAPPING = "Tieout: Mapping"
CONNECTIONS = "Tieout: Connections"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClioFacts:
    """What pre-flight asks of Clio and of the numbers on both sides; empty or None means not known.

    `sees_everything` is False when the person who connected lacks the rights to see all bills and accounts.
    `next_number` is the next bill number Clio will give, `highest_number` the highest invoice number that
    stands in the books and is not ours.
    """

    plan: str = ""
    person: str = ""
    role: str = ""
    sees_everything: bool | None = None
    currency: str = ""
    next_number: str = ""
    highest_number: str = ""


def tell(
    code: str,
    right: bool | None,  # noqa: FBT001 - the answer
    *,
    good: str,
    bad: str,
    effect: str,
    where: str,
    severity: Severity = Severity.WARNS,
) -> Iterator[Finding]:
    """Turn the answer to one check into a finding; an unknown answer warns and says so."""
    if right is None:
        title = f"Not known: {good[0].lower()}{good[1:]}"
        yield Finding(code=code, severity=Severity.WARNS, title=title, effect=effect, where=where)
    elif right:
        yield Finding(code=code, severity=Severity.GOOD, title=good)
    else:
        yield Finding(code=code, severity=severity, title=bad, effect=effect, where=where)


def opposite(value: bool | None) -> bool | None:  # noqa: FBT001
    return None if value is None else not value


def spoken_day(day: date) -> str:
    """Write a day as people read it."""
    return f"{day.day} {day:%b %Y}"
