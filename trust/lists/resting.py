"""Money that does not move: stale checks, dormant ledgers, money of nobody known. Pure.

A list moves nothing: each row says what a person does next, and where (DESIGN section 9, rule b).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from syncapp.core.money import spoken
from trust.lists.nouns import Held
from trust.nouns import Movement

STALE_DAYS = 180  # after which a bank need not pay a check
DORMANT_DAYS = 365
UNNAMED_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleCheck:
    """A check that the bank has not paid for too long; `amount` is positive."""

    check: Movement
    amount: int
    days: int
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """A ledger on which nothing has moved for too long, or whose owner is not known."""

    held: Held
    days: int
    step: str


def stale_checks(
    outstanding: Iterable[Movement],
    *,
    as_of: date,
    days: int = STALE_DAYS,
    held: Mapping[str, Held] | None = None,
) -> list[StaleCheck]:
    """List outstanding checks older than so many days, the oldest first.

    `outstanding` are checks without a bank line up to `as_of`; `held` tells whose money it is.
    """
    old = [m for m in outstanding if m.amount < 0 and (as_of - m.day).days > days]
    return [
        StaleCheck(check=one, amount=-one.amount, days=(as_of - one.day).days, step=_cash_it(one, held or {}))
        for one in sorted(old, key=lambda m: (m.day, m.subject))
    ]


def _cash_it(check: Movement, held: Mapping[str, Held]) -> str:
    payee = check.payee or "the payee"
    what = f"check {check.check}" if check.check else "the payment"
    owners = [held[key] for key, _ in check.ledgers if key in held]
    ask = f" or {owners[0].shown} {owners[0].reach()}" if owners else ""
    return (
        f"Ask {payee}{ask} about {what} of {spoken(-check.amount)}. If it is lost, void it in Clio: it keeps "
        "its number and the money goes back to its ledger; then write a new one."
    )


def dormant(held: Iterable[Held], *, as_of: date, days: int = DORMANT_DAYS) -> list[Resting]:
    """List clients' ledgers with money on which nothing has moved for so many days, the longest first."""
    found = [
        Resting(held=one, days=(as_of - one.last_day).days, step=_wake(one))
        for one in held
        if one.client and one.balance > 0 and one.last_day and (as_of - one.last_day).days >= days
    ]
    return sorted(found, key=lambda one: (-one.days, one.held.key))


def _wake(one: Held) -> str:
    ended = f" Its matter was closed on {one.closed:%-d %b %Y}." if one.closed else ""
    return (
        f"Write to {one.shown} {one.reach()} and give {spoken(one.balance)} back, or write down why it is "
        f"still held.{ended} What cannot be given back goes to the state as unclaimed property."
    )


def unidentified(
    held: Iterable[Held], *, as_of: date, nobody: frozenset[str] = frozenset(), days: int = UNNAMED_DAYS
) -> list[Resting]:
    """List money of nobody known: at once on the ledgers in `nobody`, and a client's without a matter, later.

    `nobody` are the ledgers that the firm keeps for money whose owner it does not know.
    """
    found = []
    for one in held:
        age = (as_of - one.last_day).days if one.last_day else 0
        whose = one.key in nobody
        if one.balance > 0 and (whose or (one.key.startswith("contacts/") and age >= days)):
            found.append(Resting(held=one, days=age, step=_name_it(one, known=not whose)))
    return sorted(found, key=lambda each: (-each.held.balance, each.held.key))


def _name_it(one: Held, *, known: bool) -> str:
    if known:
        return (
            f"{spoken(one.balance)} of {one.shown} is held without a matter. Choose its matter in Clio, or "
            "give it back."
        )
    return (
        f"Find out whose {spoken(one.balance)} this is: ask the bank who sent it, then record it on the "
        "client's ledger in Clio. Until then nothing is paid from it."
    )
