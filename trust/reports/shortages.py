"""Ledgers below zero as a report: the list of a period, and the note on one of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trust.reports.nouns import Money, Report, Table, Words

HEADS = ("Client and matter", "From", "To", "Lasted", "Lowest", "Cause", "Made good by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One time below zero in words; `lowest` in minor units."""

    name: str
    began: str
    ended: str
    lasted: str
    lowest: int
    cause: str
    cured: str


def negatives(
    rows: Iterable[Row], *, firm: str, account: str, first: date, last: date, currency: str
) -> Report:
    """Write the list of every ledger that was below zero at any moment of a period."""
    return Report(
        title="Client ledgers below zero",
        subject=f"{firm}: {account}, {first:%-d %b %Y} to {last:%-d %b %Y}",
        parts=(
            Table(
                title="Every time below zero, those within one day among them",
                heads=HEADS,
                rows=tuple(
                    (one.name, one.began, one.ended, one.lasted, Money(one.lowest), one.cause, one.cured)
                    for one in rows
                ),
                empty="No ledger was below zero at any moment of these days.",
            ),
        ),
        currency=currency,
        foot="Days are Clio's; times are when it was recorded there. Nothing ever leaves this record.",
    )


def note(words: str, *, firm: str, account: str, name: str, currency: str) -> Report:
    """Write the draft of a note on a shortage."""
    return Report(
        title=f"Shortage on the ledger of {name}",
        subject=f"{firm}: {account}",
        parts=(Words(title="Draft, for the lawyer to finish", paragraphs=_paragraphs(words)),),
        currency=currency,
        mark="Draft",
        foot="Tieout moves no money. The firm restores what is missing, and records the deposit in Clio.",
    )


def _paragraphs(words: str) -> tuple[str, ...]:
    return tuple(line for line in words.splitlines()[3:] if line.strip())
