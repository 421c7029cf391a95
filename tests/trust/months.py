"""A month of a trust account as everybody agrees on it, and its changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from trust.nouns import BankLine, Movement
from trust.threeway import Bank, Facts, Match

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)


def moved(key: str, day: int, amount: int, ledger: str = "matters/1", **more: Any) -> Movement:
    """A movement of one ledger in September 2026, in cents."""
    return Movement(
        subject=f"bank_transactions/{key}", day=date(2026, 9, day), amount=amount,
        ledgers=((ledger, amount),), **more,
    )  # fmt: skip


MONTH = (
    moved("1", 2, 500_000, "matters/1", payee="Ames"),
    moved("2", 9, 200_000, "matters/2", payee="Boyd"),
    moved("3", 15, -120_000, "matters/1", check="1041", payee="County clerk"),
    moved("4", 22, 80_000, "matters/3", payee="Cole"),
    moved("5", 28, -25_000, "matters/2", check="1042", payee="Court reporter"),
)


def line(one: Movement, **changes: object) -> BankLine:
    """The bank's line of a movement."""
    made = BankLine(id=f"line of {one.subject}", day=one.day, amount=one.amount, check=one.check)
    return replace(made, **changes)  # type: ignore[arg-type]


def banked(movements: tuple[Movement, ...] = MONTH, *extra: BankLine, without: str = "") -> Bank:
    """A statement on which all movements have cleared but those `without`, and some lines more."""
    cleared = [one for one in movements if one.subject.split("/")[1] not in without.split()]
    return Bank(
        closing=sum(one.amount for one in cleared) + sum(one.amount for one in extra),
        unmatched=extra,
        outstanding=tuple(one for one in movements if one not in cleared),
        matched=tuple(Match(lines=(line(one),), movements=(one,)) for one in cleared),
    )


def facts(**changes: object) -> Facts:
    """September as everybody agrees on it, with changes."""
    given: dict[str, object] = {
        "account": "IOLTA", "first": FIRST, "last": LAST, "clio": MONTH, "tieout": MONTH, "books": MONTH,
        "bank": banked(),
    }  # fmt: skip
    return Facts(**(given | changes))  # type: ignore[arg-type]


def changed(key: str, **changes: object) -> tuple[Movement, ...]:
    """The month with one movement otherwise; its ledger's amount follows the bank's."""
    made = []
    for one in MONTH:
        if one.subject == f"bank_transactions/{key}":
            one = replace(one, **changes)  # type: ignore[arg-type]  # noqa: PLW2901
            if "amount" in changes and "ledgers" not in changes:
                one = replace(one, ledgers=((one.ledgers[0][0], one.amount),))  # noqa: PLW2901
        made.append(one)
    return tuple(made)


def without(*keys: str) -> tuple[Movement, ...]:
    """The month without some movements."""
    return tuple(one for one in MONTH if one.subject.split("/")[1] not in keys)
