"""The figures of a reconciliation as they are signed: what is kept, what is hashed, what changed. Pure.

Amounts in minor units. The hash covers every amount, date, check number and natural key and the verdict;
names, texts and the files' names are kept beside it and may change without a figure having moved.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trust.nouns import Movement
    from trust.threeway import ThreeWay

FORM = "tieout-figures-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One outstanding or held movement."""

    subject: str
    day: date
    amount: int
    check: str = ""
    payee: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One client ledger on the last day; `since` is when it fell below zero, if it is."""

    key: str
    name: str
    balance: int
    last_day: date | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One item that explains a difference, in words."""

    kind: str
    amount: int
    day: date | None
    ledger: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """A file that the bank balance rests on."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that a person prepares or signs, as of `last`."""

    account: str
    first: date
    last: date
    currency: str
    statement: int | None
    deposits: tuple[Item, ...]
    checks: tuple[Item, ...]
    adjusted_bank: int | None
    books_bank: int
    books_liability: int
    ledgers: tuple[LedgerLine, ...]
    tieout_lines: int
    held: tuple[Item, ...]
    equal: bool
    signable: bool
    obstacles: tuple[str, ...] = ()
    differences: tuple[Noted, ...] = ()
    files: tuple[StatementFile, ...] = field(default=())

    @property
    def positive(self) -> int:
        """Return the total of the ledgers above zero: negative ones are never netted against it."""
        return sum(one.balance for one in self.ledgers if one.balance > 0)

    @property
    def negatives(self) -> tuple[LedgerLine, ...]:
        """Return the ledgers below zero."""
        return tuple(one for one in self.ledgers if one.balance < 0)

    @property
    def standing(self) -> tuple[LedgerLine, ...]:
        """Return the ledgers that hold money at the end or moved in the period; the others ended earlier."""
        return tuple(
            one for one in self.ledgers if one.balance or one.last_day is None or one.last_day >= self.first
        )

    @property
    def only_ours(self) -> bool:
        """Tell whether bank, books and client ledgers agree and Tieout's own posted lines alone do not."""
        three = {self.adjusted_bank, self.books_bank, self.books_liability, self.positive}
        return len(three) == 1 and not self.negatives and self.tieout_lines not in three

    @property
    def deposits_total(self) -> int:
        """Return the total of the deposits in transit."""
        return sum(one.amount for one in self.deposits)

    @property
    def checks_total(self) -> int:
        """Return the total of the outstanding checks, positive."""
        return -sum(one.amount for one in self.checks)

    @property
    def canonical(self) -> str:
        """Return the text that is hashed: every figure, in one form for ever."""
        told = {
            "form": FORM,
            "account": self.account,
            "period": [self.first.isoformat(), self.last.isoformat()],
            "currency": self.currency,
            "bank": [self.statement, self.adjusted_bank],
            "deposits": [_figure(one) for one in self.deposits],
            "checks": [_figure(one) for one in self.checks],
            "books": [self.books_bank, self.books_liability],
            "ledgers": [[one.key, one.balance, _text(one.last_day)] for one in self.ledgers],
            "tieout": self.tieout_lines,
            "held": [_figure(one) for one in self.held],
            "verdict": [self.equal, self.signable],
        }
        return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the figures, in hexadecimal: the same figures have the same for ever."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()


def _figure(item: Item) -> list[str | int]:
    return [item.subject, item.day.isoformat(), item.amount, item.check]


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def figures(
    compared: ThreeWay,
    *,
    currency: str,
    names: Mapping[str, str],
    files: Sequence[StatementFile] = (),
) -> Figures:
    """Return what a comparison says as what is signed; `names` are of ledgers, by key."""
    return Figures(
        account=compared.account,
        first=compared.first,
        last=compared.last,
        currency=currency,
        statement=compared.statement,
        deposits=_items(compared.outstanding_deposits),
        checks=_items(compared.outstanding_checks),
        adjusted_bank=compared.adjusted_bank,
        books_bank=compared.books_bank,
        books_liability=compared.books_liability,
        ledgers=_ledgers(compared, names),
        tieout_lines=compared.tieout_lines,
        held=_items(compared.held_items),
        equal=compared.equal,
        signable=compared.signable,
        obstacles=compared.obstacles,
        differences=_differences(compared, names),
        files=tuple(files),
    )


def _ledgers(compared: ThreeWay, names: Mapping[str, str]) -> tuple[LedgerLine, ...]:
    return tuple(
        LedgerLine(
            key=one.key,
            name=names.get(one.key, one.key),
            balance=one.balance,
            last_day=one.last_day,
            since=one.since,
        )
        for one in sorted(compared.ledgers, key=lambda one: one.key)
        if one.balance
    )


def _differences(compared: ThreeWay, names: Mapping[str, str]) -> tuple[Noted, ...]:
    return tuple(
        Noted(
            kind=one.kind.value,
            amount=one.amount,
            day=one.day,
            ledger=names.get(one.ledger, one.ledger),
            reason=one.reason,
        )
        for one in compared.differences
    )


def _items(movements: Sequence[Movement]) -> tuple[Item, ...]:
    listed = sorted(movements, key=lambda one: (one.day, one.subject, one.amount))
    return tuple(
        Item(
            subject=one.subject,
            day=one.day,
            amount=one.amount,
            check=one.check,
            payee=one.payee,
            text=one.text,
        )
        for one in listed
    )


def kept(figures: Figures) -> dict[str, Any]:
    """Return the figures as JSON, to be kept with the signature."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(figures), default=date.isoformat))
    return found


def restored(told: Mapping[str, Any]) -> Figures:
    """Return the figures that were kept. Raises KeyError or ValueError for what was not kept by `kept`."""
    whole = dict(told)
    for key in ("deposits", "checks", "held"):
        whole[key] = tuple(Item(**_dated(one, "day")) for one in whole[key])
    whole["ledgers"] = tuple(LedgerLine(**_dated(one, "last_day", "since")) for one in whole["ledgers"])
    whole["differences"] = tuple(Noted(**_dated(one, "day")) for one in whole["differences"])
    whole["files"] = tuple(StatementFile(**one) for one in whole["files"])
    whole["obstacles"] = tuple(whole["obstacles"])
    return Figures(**_dated(whole, "first", "last"))


def _dated(row: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {**row, **{key: date.fromisoformat(row[key]) for key in keys if row[key] is not None}}
