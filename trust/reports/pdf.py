"""A report as PDF: tagged, PDF/A for evidence, the same parts in the same order as its CSV."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst

from syncapp.core.money import spoken
from trust.reports.nouns import Cell, Facts, Money, Table

if TYPE_CHECKING:
    from trust.reports.nouns import Part, Report

PAGE = Path(__file__).with_name("report.typ")
STANDARD: Final = "a-2a"  # archival and accessible
LONG = 24  # characters: a column with longer text is a wide one


def write(report: Report, *, made_at: datetime) -> bytes:
    """Return the report as PDF/A-2a with tags; no font of the machine is used."""
    told = {
        "title": report.title,
        "subject": report.subject,
        "mark": report.mark,
        "foot": report.foot,
        "parts": [_part(part, report.currency) for part in report.parts],
    }
    return typst.compile(
        PAGE.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(told)},
        pdf_standards=STANDARD,
        ignore_system_fonts=True,
        timestamp=int(made_at.timestamp()),
    )


def _part(part: Part, currency: str) -> dict[str, Any]:
    if isinstance(part, Facts):
        rows = [{"label": label, "value": _cell(value, currency)} for label, value in part.rows]
        return {"kind": "facts", "title": part.title, "rows": rows}
    if isinstance(part, Table):
        return {
            "kind": "table",
            "title": part.title,
            "heads": list(part.heads),
            "widths": [_width(part, at) for at in range(len(part.heads))],
            "rows": [[_cell(cell, currency) for cell in row] for row in part.rows],
            "totals": [_cell(cell, currency) for cell in part.totals],
            "empty": part.empty,
        }
    return {"kind": "words", "title": part.title, "paragraphs": list(part.paragraphs)}


def _width(part: Table, at: int) -> str:
    cells = [row[at] for row in part.rows]
    if at == 0:
        return "wide"
    return "wide" if any(isinstance(cell, str) and len(cell) > LONG for cell in cells) else "narrow"


def _cell(cell: Cell, currency: str) -> dict[str, str]:
    if isinstance(cell, Money):
        return {"kind": "money", "text": spoken(cell.minor, currency)}
    if isinstance(cell, date):
        return {"kind": "text", "text": f"{cell:%-d %b %Y}"}
    return {"kind": "text", "text": "" if cell is None else str(cell)}
