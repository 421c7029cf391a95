"""The random review of a quarter: what could be drawn, what was, and what stands beside each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from syncapp.records.models import PostedLine
from trust.models import Review, ReviewNote
from trust.queries import ledgers, matches, signing, witnesses
from trust.queries.gathering import OPENING

if TYPE_CHECKING:
    from trust.models import TrustPair
    from trust.nouns import BankLine, Movement

MONTHS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One drawn transaction: whose money, its ledger over the quarter, its bank lines, what was answered."""

    movement: Movement
    ledger: str
    card: tuple[tuple[Movement, int, int], ...]  # movement, its effect on the ledger, the new balance
    lines: tuple[BankLine, ...]
    note: ReviewNote | None

    @property
    def below_zero(self) -> bool:
        """Tell whether the ledger was below zero after any of its movements."""
        return any(balance < 0 for _, _, balance in self.card)


def quarter_of(day: date) -> date:
    """Return the first day of a day's quarter."""
    return date(day.year, day.month - (day.month - 1) % MONTHS, 1)


def last_day(quarter: date) -> date:
    """Return the last day of a quarter."""
    month = quarter
    for _ in range(MONTHS):
        month = signing.next_month(month)
    return date.fromordinal(month.toordinal() - 1)


def quarters(pair: TrustPair, today: date) -> list[date]:
    """List the quarters that are over since the account's start, the latest first."""
    found = {quarter_of(month) for month in signing.months(pair, today)}
    return sorted((one for one in found if last_day(one) < today), reverse=True)


def review(pair: TrustPair, quarter: date) -> Review | None:
    """Return the review of a quarter; None until it is drawn."""
    return (
        Review.objects.filter(firm_id=pair.firm_id, pair=pair, quarter=quarter).select_related("by").first()
    )


def signed_quarters(pair: TrustPair) -> set[date]:
    """Return the quarters of an account whose review is signed."""
    rows = ReviewNote.objects.filter(firm_id=pair.firm_id, review__pair=pair, subject="")
    return set(rows.values_list("review__quarter", flat=True))


def moved_quarters(pair: TrustPair) -> set[date]:
    """Return the quarters in which anything was posted on the trust bank of an account."""
    rows = PostedLine.objects.filter(
        firm_id=pair.firm_id, entry__books_id=pair.books_id, entry__side="trust", account=pair.bank
    )
    return {quarter_of(month) for month in rows.dates("entry__day", "month")}


def population(pair: TrustPair, quarter: date) -> list[Movement]:
    """List the transactions of a quarter that may be drawn, as Clio has them."""
    last = last_day(quarter)
    return [one for one in witnesses.clio(pair) if quarter <= one.day <= last and one.subject != OPENING]


def signature(one: Review) -> ReviewNote | None:
    """Return the lawyer's signature; None while it is open."""
    return ReviewNote.objects.filter(firm_id=one.firm_id, review=one, subject="").first()


def drawn(pair: TrustPair, one: Review) -> list[Drawn]:
    """Return each drawn transaction with its ledger and bank lines; one gone from Clio since is left out."""
    last = last_day(one.quarter)
    told = [movement for movement in witnesses.clio(pair) if movement.day <= last]
    by_key = {movement.subject: movement for movement in told}
    notes = {note.subject: note for note in ReviewNote.objects.filter(firm_id=one.firm_id, review=one)}
    keys = {key for movement in told for key, _ in movement.ledgers}
    names = ledgers.names(pair.firm_id, keys)
    lines: dict[str, tuple[BankLine, ...]] = {}
    for match in matches.matches(pair, last):
        lines |= {movement.subject: match.lines for movement in match.movements}
    return [
        Drawn(
            movement=by_key[key],
            ledger=", ".join(names.get(ledger, ledger) for ledger, _ in by_key[key].ledgers),
            card=_card(told, by_key[key], one.quarter),
            lines=lines.get(key, ()),
            note=notes.get(key),
        )
        for key in one.drawn
        if key in by_key
    ]


def _card(told: list[Movement], of: Movement, first: date) -> tuple[tuple[Movement, int, int], ...]:
    """Return the quarter's movements of the ledger that a transaction is of, with the balance after each."""
    key = of.ledgers[0][0] if of.ledgers else ""
    balance, rows = 0, []
    for one in sorted(told, key=lambda one: (one.day, one.subject)):
        effect = sum(amount for ledger, amount in one.ledgers if ledger == key)
        balance += effect
        if effect and one.day >= first:
            rows.append((one, effect, balance))
    return tuple(rows)


def answered(one: Review) -> dict[str, Any]:
    """Return the answers by natural key, the newest of each."""
    rows = ReviewNote.objects.filter(firm_id=one.firm_id, review=one).exclude(subject="")
    return {row.subject: row.answers for row in rows}
