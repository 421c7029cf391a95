"""An auditor's tests as reports: duties apart, firm money in client money, hands in the books. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from trust.reports.nouns import Money, Report, Table, Words

if TYPE_CHECKING:
    from trust.controls import Hand, Hit, Shared
    from trust.reports.nouns import Cell


class Control(StrEnum):
    """Which test."""

    SEPARATION = "separation"
    FIRM_MONEY = "firm-money"
    HANDS = "hands"


LABELS: dict[Control, str] = {
    Control.SEPARATION: "Separation of duties",
    Control.FIRM_MONEY: "Firm money in client money",
    Control.HANDS: "Hands in QuickBooks",
}
SOUGHT = (
    "Sought by the words of the bank and of Clio: card and processor fees, software and subscriptions, "
    "payroll and its taxes, cash machines and card purchases, bank charges, and transfers to operating "
    "that no bill stands behind. Words find what a person looks at; they prove nothing by themselves."
)


def separation(rows: Sequence[Shared]) -> tuple[str, Table]:
    """Return the verdict and the months; those in which one person had two duties come first."""
    shared = [one for one in rows if one.shared]
    bare = sum(one.open for one in shared)
    months = _count(len(rows), "prepared month")
    if not shared:
        verdict = f"In {months} nobody had two duties." if rows else "No month of this period was prepared."
    elif bare:
        verdict = f"In {bare} of {months} one person had two duties and wrote no reason."
    else:
        verdict = f"In {len(shared)} of {months} one person had two duties, each with a written reason."
    table = Table(
        title=LABELS[Control.SEPARATION],
        heads=("Month", "Prepared by", "Signed by", "Checks signed by", "One person", "Written reason"),
        rows=tuple(
            (
                f"{one.month:%B %Y}", one.preparer, one.signer or "not signed", one.checks or "nobody named",
                one.shared or "no", one.reason or ("NONE" if one.open else ""),
            )
            for one in sorted(rows, key=lambda one: not one.shared)
        ),
        empty="No month of this period was prepared.",
    )  # fmt: skip
    return verdict, table


def firm_money(rows: Sequence[Hit]) -> tuple[str, Table]:
    """Return the verdict and every hit with its resolution, the unresolved first."""
    waiting = sum(one.open for one in rows)
    hits = _count(len(rows), "hit")
    if not rows:
        verdict = "Nothing in client money speaks of the firm's own."
    else:
        verdict = f"{hits}, {'every one' if len(rows) > 1 else 'it is'} resolved."
        if waiting:
            verdict = f"{hits}, {waiting} not resolved."
    table = Table(
        title=LABELS[Control.FIRM_MONEY],
        heads=("Date", "What it may be", "Words", "Where", "Resolution", "Amount"),
        rows=tuple(
            (one.day, one.sort, one.text, one.where, _open(one.open, one.resolution), Money(one.amount))
            for one in sorted(rows, key=lambda one: not one.open)
        ),
        totals=("Total", "", "", "", "", Money(sum(one.amount for one in rows))),
        empty="Nothing in this period.",
    )
    return verdict, table


def hands(rows: Sequence[Hand]) -> tuple[str, Table]:
    """Return the verdict and every change that was not ours, with before and after."""
    waiting = sum(one.open for one in rows)
    if not rows:
        verdict = "Nobody changed, voided or deleted a posted entry of client money in QuickBooks."
    else:
        verdict = f"{_count(len(rows), 'change')} in QuickBooks after posting, " + (
            f"{waiting} not resolved." if waiting else "every one resolved."
        )
    table = Table(
        title=LABELS[Control.HANDS],
        heads=("When", "Entry", "Its date", "What", "Before", "After", "QuickBooks user", "Resolution"),
        rows=tuple(
            (
                f"{one.at:%-d %b %Y %H:%M}", one.entry, one.day, one.what, one.before, one.after, one.who,
                _open(one.open, one.resolution),
            )
            for one in sorted(rows, key=lambda one: not one.open)
        ),
        empty="Nothing in this period.",
    )  # fmt: skip
    return verdict, table


def report(
    control: Control,
    verdict: str,
    table: Table,
    *,
    firm: str,
    account: str,
    period: tuple[date, date],
    currency: str,
) -> Report:
    """Put one test into a report that prints."""
    first, last = period
    said: tuple[str, ...] = (verdict, SOUGHT) if control is Control.FIRM_MONEY else (verdict,)
    return Report(
        title=LABELS[control],
        subject=f"{firm}: {account}, {first:%-d %b %Y} to {last:%-d %b %Y}",
        parts=(Words(title="Finding", paragraphs=said), table),
        currency=currency,
        foot="Computed from what Tieout keeps; rows of this kind are only ever added.",
    )


def _open(waits: bool, words: str) -> Cell:  # noqa: FBT001 - reads as the row's own word
    return f"OPEN. {words}" if waits else words


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
