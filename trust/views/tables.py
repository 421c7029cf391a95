"""A table of a report, laid out for a page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from trust.reports.nouns import Money

if TYPE_CHECKING:
    from trust.reports.nouns import Cell, Table


def laid_out(part: Table) -> dict[str, Any]:
    """Return a table for a page: each cell with its head and what it is."""
    return {
        "title": part.title,
        "empty": part.empty,
        "heads": [{"text": head, "number": _number(part, at)} for at, head in enumerate(part.heads)],
        "rows": [
            [_cell(cell, head) for cell, head in zip(row, part.heads, strict=True)] for row in part.rows
        ],
        "totals": [_cell(cell, head) for head, cell in zip(part.heads, part.totals, strict=False)],
    }


def _number(part: Table, at: int) -> bool:
    return any(isinstance(row[at], Money) for row in (*part.rows, part.totals) if row)


def _cell(cell: Cell, head: str) -> dict[str, Any]:
    if isinstance(cell, Money):
        return {"head": head, "minor": cell.minor}
    if isinstance(cell, date):
        return {"head": head, "day": cell}
    return {"head": head, "text": cell}
