"""A signed list of transfers as a report: who authorised which, and what was recorded of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trust.reports.nouns import Facts, Money, Report, Table

HEADS = ("Client and matter", "Bill", "Sent", "Ledger held", "Signed", "Recorded", "To record", "Note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One signed transfer. Amounts are minor units; `note` says why its rest was taken off."""

    name: str
    number: str
    sent: date
    balance: int
    amount: int
    recorded: int
    rest: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A signed list: `left` are ledger, bill, amount and the reason of what was not on it."""

    firm: str
    account: str
    as_of: date
    signed: str
    digest: str
    currency: str
    transfers: tuple[Transfer, ...]
    left: tuple[tuple[str, str, int, str], ...]


def report(sheet: Sheet) -> Report:
    """Write a signed list: its transfers first, then what was left out of it."""
    rows = sheet.transfers
    sums = [sum(part) for part in _columns(rows)]
    return Report(
        title="Transfers of earned fees",
        subject=f"{sheet.firm}: {sheet.account}, as of {sheet.as_of:%-d %b %Y}",
        parts=(
            Facts(title="Signed", rows=(("By", sheet.signed), ("SHA-256 of the list", sheet.digest))),
            Table(
                title="Transfers",
                heads=HEADS,
                rows=tuple(_row(one) for one in rows),
                totals=("Total", "", "", "", Money(sums[0]), Money(sums[1]), Money(sums[2]), ""),
            ),
            Table(
                title="Not on the list",
                heads=("Client and matter", "Bill", "Amount", "Why"),
                rows=tuple((name, number, Money(amount), why) for name, number, amount, why in sheet.left),
            ),
        ),
        currency=sheet.currency,
        foot="Tieout moves no money: payments are recorded in Clio, and each is checked against this list.",
    )


def _columns(rows: Iterable[Transfer]) -> tuple[list[int], list[int], list[int]]:
    listed = list(rows)
    return (
        [one.amount for one in listed],
        [one.recorded for one in listed],
        [one.rest for one in listed],
    )


def _row(one: Transfer) -> tuple[str, str, date, Money, Money, Money, Money, str]:
    return (
        one.name,
        one.number,
        one.sent,
        Money(one.balance),
        Money(one.amount),
        Money(one.recorded),
        Money(one.rest),
        one.note,
    )
