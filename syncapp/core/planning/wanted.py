"""What the planner answers: the objects of the ledger that a document wants, or why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from syncapp.core.ledger import Draft
from syncapp.core.problems import Fix, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One object that should stand in the books. `adopt` is the id of the object that already is it.

    `names` is the id of somebody else's object that an update makes it.
    """

    subject: str
    draft: Draft
    adopt: str = ""
    names: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The whole wish of one document.

    Objects of its earlier wishes that are missing here are taken back, save those `kept` as they stand.
    `renumber` says that a voided invoice frees its number. `alarms` are things that a person must look at
    although the entry posts. `more` says that another step follows once this stands. `skipped` says why
    nothing is wanted, in words, and `openings` are those for which an existing invoice of the books may be
    linked.
    """

    wanted: tuple[Wanted, ...] = ()
    alarms: tuple[Problem, ...] = ()
    skipped: str = ""
    renumber: bool = False
    more: bool = False
    openings: frozenset[str] = field(default_factory=frozenset)
    kept: frozenset[str] = field(default_factory=frozenset)


def client_subject(client_id: int) -> str:
    """Return the natural key of a client's customer."""
    return f"contacts/{client_id}"


def matter_subject(matter_id: int) -> str:
    """Return the natural key of a matter's sub-customer."""
    return f"matters/{matter_id}"


def closed(day: date | None, through: date | None, what: str) -> Problem | None:
    """Say that a day lies in the closed books, before anything is tried (qbo/API.md section 11, row 5)."""
    if day is None or through is None or day > through:
        return None
    return Problem(
        code="closed_period",
        fix=Fix.APPROVE,
        words=f"{what} is dated {_day(day)}, and the books are closed through {_day(through)}. "
        "Reopen the period where it was closed, in QuickBooks or at the month end here, and retry, or "
        "correct it in the open period.",
        cause=through.isoformat(),
        facts={"day": day.isoformat(), "closed_through": through.isoformat()},
    )


def foreign(what: str, currency: str, home: str) -> Problem | None:
    """Say that something is not in the currency of the books; None when it is. Nothing is ever converted."""
    if currency == home:
        return None
    return Problem(
        code="currency",
        fix=Fix.CLIO,
        cause=currency,
        words=f"{what} is in {currency}; the books are in {home}. Tieout does not convert currencies.",
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
