"""What is kept until when, as a report that prints. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust.reports.nouns import Cell, Report, Table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import Firm
    from trust.queries.retention import Record, Records

HEADS = ("What", "Kept until", "Why", "Source", "Legal hold")


def report(firm: Firm, found: Records, today: date) -> Report:
    """Write the list of a firm as of a day: of matters and clients, then of accounts by year."""
    return Report(
        title="Records of client money: what is kept until when",
        subject=f"{firm.name}, as of {today:%-d %b %Y}",
        parts=(
            Table(title="By client and matter", heads=HEADS, rows=_rows(found.ledgers, today)),
            Table(title="By account and year", heads=HEADS, rows=_rows(found.years, today)),
        ),
        currency=firm.currency,
        foot="The latest day of all rules holds. Nothing is deleted before it, nor under a legal hold.",
    )


def _rows(records: Iterable[Record], today: date) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            one.name,
            one.kept.until or "no day yet",
            " ".join(dict.fromkeys(reason.words for reason in one.kept.reasons)),
            " ".join(dict.fromkeys(reason.source for reason in one.kept.reasons)),
            "; ".join(one.kept.holds) or ("free to go" if one.kept.may_go(today) else ""),
        )
        for one in records
    )
