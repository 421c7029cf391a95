"""Until when records of client money are kept, by which rule, and what else keeps them. Pure.

The years and what they count from are rules of the account's jurisdiction (TRUST-RULES; FEATURES F112). Where
several rules bind one record, the latest day holds; an open matter, money still held and a legal hold keep it
without a day. Amounts are minor units; a record is kept to the end of its last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncapp.core.money import spoken

if TYPE_CHECKING:
    from trust.jurisdictions import Jurisdiction, Rule

MATTER, EVENT = "matter", "event"  # what years count from; else the end of the year
JOURNALS, STATEMENTS = "journals", "statements"
SORTS = {JOURNALS: "journals, ledgers and comparisons", STATEMENTS: "statements and the rest"}
WHOLE = {JOURNALS: "all records"}  # where a place keeps the rest as long


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one record is kept: the last day, None where nobody can name one yet, in words with the source."""

    until: date | None
    words: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """All that keeps one record. `holds` are the words of the legal holds on it."""

    reasons: tuple[Reason, ...]
    holds: tuple[str, ...] = ()

    @property
    def until(self) -> date | None:
        """Return the last day by the rules; None where a matter is open or money is held."""
        days = [one.until for one in self.reasons]
        return None if None in days else max((day for day in days if day), default=None)

    def may_go(self, today: date) -> bool:
        """Tell whether nothing keeps it any longer."""
        return not self.holds and self.until is not None and self.until < today

    def refusal(self, today: date) -> str:
        """Say why it is not deleted; empty when nothing keeps it."""
        words = []
        if self.until is None:
            words.append("It is kept without a day: " + " ".join(_open(self.reasons)))
        elif self.until >= today:
            last = max(self.reasons, key=lambda one: one.until or date.min)
            words.append(f"It is kept until {_day(self.until)}. {last.words}")
        words += [f"It is under legal hold: {one}" for one in self.holds]
        return " ".join(words)


def _open(reasons: Iterable[Reason]) -> list[str]:
    found = [one.words for one in reasons if one.until is None]
    return found or ["no rule names one."]


def together(parts: Iterable[Kept]) -> Kept:
    """Return what keeps several records as one: the firm's as a whole."""
    listed = list(parts)
    reasons = tuple(one for part in listed for one in part.reasons)
    return Kept(reasons=reasons, holds=tuple(dict.fromkeys(word for part in listed for word in part.holds)))


def later(day: date, years: int) -> date:
    """Return the same day some years later; of 29 February, 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def of_ledger(
    account: str,
    place: Jurisdiction,
    *,
    last_day: date,
    balance: int,
    closed_on: date | None,
    currency: str = "USD",
) -> Reason:
    """Tell until when the records of one ledger in one account are kept."""
    source = place.rule("keep").provenance
    if balance:
        words = f"{account} holds {spoken(balance, currency)} for it."
        return Reason(until=None, words=words, source=source)
    if closed_on is None:
        words = "The matter is open, or Clio has no day of its closing."
        return Reason(until=None, words=words, source=source)
    ends, since = _start(place, last_day=last_day, closed_on=closed_on)
    return Reason(
        until=later(ends, place.keep_years),
        words=f"{place.name}, {account}: {place.keep_years} years from {since}, {_day(ends)}.",
        source=source,
    )


def _start(place: Jurisdiction, *, last_day: date, closed_on: date) -> tuple[date, str]:
    """Return the day from which the years count, and what it is."""
    basis = place.value("keep_from")
    if basis == MATTER:
        if closed_on >= last_day:
            return closed_on, "the end of the matter"
        return last_day, "its last entry, after the end of the matter"
    if basis == EVENT:
        return last_day, "its last entry"
    return date(last_day.year, 12, 31), "the end of the year of its last entry"


def sorts(place: Jurisdiction) -> dict[str, str]:
    """Return the sorts of an account's records that a place keeps for different times, in words."""
    return SORTS if place.rest_years != place.keep_years else WHOLE


def of_year(
    account: str, place: Jurisdiction, year: int, sort: str, *, ledgers: Iterable[Reason]
) -> tuple[Reason, ...]:
    """Tell until when the records of one account and year are kept; `ledgers` are those that they name."""
    years = place.keep_years if sort == JOURNALS else place.rest_years
    rule: Rule = place.rule("keep" if sort == JOURNALS or not place.value("keep_rest") else "keep_rest")
    end = date(year, 12, 31)
    words = f"{place.name}, {account}: {years} years from the end of {year}."
    own = Reason(until=later(end, years), words=words, source=rule.provenance)
    if place.value("keep_from") != MATTER:
        return (own,)
    named = list(ledgers)
    unended = sum(one.until is None for one in named)
    if unended:
        matters = "1 matter" if unended == 1 else f"{unended} matters"
        words = (
            f"They name {matters} not ended or with money still held; {years} years count from the last end."
        )
        return own, Reason(until=None, words=words, source=rule.provenance)
    last = max((one.until for one in named if one.until), default=None)
    if last is None:
        return (own,)
    words = f"{place.name}, {account}: {years} years from the end of the last matter that they name."
    return own, Reason(until=last, words=words, source=rule.provenance)


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"
