"""The registers of a trust account: receipts, disbursements, transfers, a ledger's card, balances. Pure.

What the rules ask a firm to keep (TRUST-RULES: receipts and disbursements journals, ledger per client, yearly
listing of unexpended balances). Amounts are minor units; a movement's ledgers say whose money it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from trust.lists.nouns import effect
from trust.nouns import Movement
from trust.reports.nouns import Cell, Money, Part, Report, Table


class Register(StrEnum):
    """Which register."""

    RECEIPTS = "receipts"
    DISBURSEMENTS = "disbursements"
    TRANSFERS = "transfers"
    LEDGER = "ledger"
    BALANCES = "balances"


LABELS: dict[Register, str] = {
    Register.RECEIPTS: "Receipts journal",
    Register.DISBURSEMENTS: "Disbursements journal",
    Register.TRANSFERS: "Transfers between ledgers",
    Register.LEDGER: "Ledger card",
    Register.BALANCES: "Unexpended balances",
}
JOURNAL = ("Date", "Check or reference", "Payer or payee", "Client and matter", "Purpose", "Amount", "Clio")
WANTED: dict[Register, Callable[[Movement], bool]] = {
    Register.RECEIPTS: lambda one: one.amount > 0,
    Register.DISBURSEMENTS: lambda one: one.amount < 0,
    Register.TRANSFERS: lambda one: one.amount == 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What every register is made from: one account, its whole history to `last`, and the ledgers' names.

    `opening` is the natural key of what was held before the account's first day.
    """

    firm: str
    account: str
    currency: str
    first: date
    last: date
    movements: Sequence[Movement]
    names: Mapping[str, str]
    opening: str = "opening"

    def name(self, key: str) -> str:
        """Return how people call a ledger."""
        return self.names.get(key, key)

    def inside(self) -> list[Movement]:
        """List the movements of the period, without the opening."""
        return [m for m in _ordered(self.movements) if self.first <= m.day <= self.last and not self.opens(m)]

    def named(self) -> Told:
        """Return it with the names of the ledgers that held money or moved in the period, and no other."""
        brought: Counter[str] = Counter()
        for one in self.movements:
            if one.day < self.first or self.opens(one):
                brought.update(dict(one.ledgers))
        living = {key for key, amount in brought.items() if amount}
        living |= {key for one in self.inside() for key, _ in one.ledgers}
        return replace(self, names={key: name for key, name in self.names.items() if key in living})

    def opens(self, one: Movement) -> bool:
        """Tell the opening from what happened."""
        return one.subject == self.opening


def register(which: Register, told: Told, *, ledger: str = "") -> Report:
    """Write one register; `ledger` is whose card it is."""
    part: tuple[Part, ...]
    if which is Register.LEDGER:
        title, part = f"{LABELS[which]}: {told.name(ledger)}", (_card(told, ledger),)
    elif which is Register.BALANCES:
        title, part = LABELS[which], _balances(told)
    else:
        title, part = LABELS[which], (_journal(which, told),)
    period = f"{told.first:%-d %b %Y} to {told.last:%-d %b %Y}"
    if which is Register.BALANCES:
        period = f"as of {told.last:%-d %b %Y}"
    return Report(
        title=title,
        subject=f"{told.firm}: {told.account}, {period}",
        parts=part,
        currency=told.currency,
        foot="Each row is a movement as Clio has it; its number there is in the last column of the journals.",
    )


def _ordered(movements: Iterable[Movement]) -> list[Movement]:
    return sorted(movements, key=lambda m: m.day)


def _journal(which: Register, told: Told) -> Table:
    rows = [m for m in told.inside() if WANTED[which](m)]
    sums = [_worth(m) for m in rows]
    return Table(
        title=LABELS[which],
        heads=JOURNAL,
        rows=tuple(
            (m.day, m.check or m.reference, m.payee, _whose(m, told), m.text, Money(worth), m.subject)
            for m, worth in zip(rows, sums, strict=True)
        ),
        totals=("Total", "", "", "", "", Money(sum(sums)), ""),
        empty="Nothing in this period.",
    )


def _worth(one: Movement) -> int:
    """Return a movement's amount as a journal shows it: without sign; of a transfer, what moves."""
    return abs(one.amount) or sum(amount for _, amount in one.ledgers if amount > 0)


def _whose(one: Movement, told: Told) -> str:
    """Name the ledgers of a movement; of a transfer, from whom to whom."""
    if one.amount:
        return ", ".join(told.name(key) for key, _ in one.ledgers)
    giving = ", ".join(told.name(key) for key, amount in one.ledgers if amount < 0)
    taking = ", ".join(told.name(key) for key, amount in one.ledgers if amount > 0)
    return f"{giving} → {taking}"


def _card(told: Told, key: str) -> Table:
    """One ledger with its balance after every movement."""
    own = [m for m in _ordered(told.movements) if effect(m, key)]
    balance = sum(effect(m, key) for m in own if m.day < told.first or told.opens(m))
    rows: list[tuple[Cell, ...]] = [
        (told.first, "", "", "Balance brought forward", None, None, Money(balance))
    ]
    put = taken = 0
    for one in (m for m in told.inside() if effect(m, key)):
        change = effect(one, key)
        balance += change
        put, taken = put + max(change, 0), taken - min(change, 0)
        rows.append(
            (
                one.day,
                one.check or one.reference,
                one.payee,
                one.text,
                Money(change) if change > 0 else None,
                Money(-change) if change < 0 else None,
                Money(balance),
            )
        )
    return Table(
        title=told.name(key),
        heads=("Date", "Check or reference", "Payer or payee", "Purpose", "In", "Out", "Balance"),
        rows=tuple(rows),
        totals=("Total", "", "", "", Money(put), Money(taken), Money(balance)),
    )


def _balances(told: Told) -> tuple[Part, ...]:
    """What is held for whom on the last day; ledgers below zero apart, never netted."""
    held: Counter[str] = Counter()
    days: dict[str, date] = {}
    for one in _ordered(told.movements):
        if one.day <= told.last:
            for key, amount in one.ledgers:
                held[key] += amount
                days[key] = one.day
    above = sorted((key for key, amount in held.items() if amount > 0), key=lambda k: (told.name(k), k))
    below = sorted((key for key, amount in held.items() if amount < 0), key=lambda k: (told.name(k), k))
    return tuple(
        Table(
            title=title,
            heads=("Client and matter", "Last activity", "Balance"),
            rows=tuple((told.name(key), days[key], Money(held[key])) for key in keys),
            totals=("Total", "", Money(sum(held[key] for key in keys))),
        )
        for title, keys in (("Held on this day", above), ("Below zero, not netted", below))
    )
