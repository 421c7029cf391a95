"""What Clio says beside what the books say, for one record. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from syncapp.core import money
from syncapp.desk import words
from syncapp.desk.templatetags.formats import day_text

if TYPE_CHECKING:
    from syncapp.records.models import BookRow, Document

NOT_THERE = "Not in the books"


def sides(
    document: Document, row: BookRow | None, *, client: str, customer: str, ledger: str, currency: str
) -> dict[str, Any]:
    """Return the component `compare` for a document and the object of the books that stands for it."""
    noun = words.KIND.get(document.kind, document.kind)
    held = words.OBJECT.get(row.kind, row.kind) if row else ""
    rows = [
        _row("Client", client, customer if row else NOT_THERE),
        _row("Number", document.number, row.number if row else "", compared=_misnumbered(document, row)),
        _row("Date", _day(document.day), _day(row.day) if row else "", compared=row is not None),
        _row(
            "Amount",
            money.spoken(document.amount, currency),
            money.spoken(_as_clio(document, row), currency) if row else "",
            compared=row is not None,
        ),
        *_more(document, row),
    ]
    return {
        "left": f"Clio {noun} {document.number}".strip(),
        "right": f"{ledger} {held} {row.number}".strip() if row else ledger,
        "rows": [each for each in rows if each["left"] or each["right"]],
    }


def _more(document: Document, row: BookRow | None) -> list[dict[str, Any]]:
    data, found = document.data, []
    if document.kind == "bill" and row is None:
        due = data.get("due")
        found.append(_row("Due", _day(date.fromisoformat(due)) if due else "", ""))
        found.append(_row("Lines", str(len(data.get("lines") or [])), ""))
    if document.kind == "bill":
        found.append(_row("State", str(data.get("state", "")).capitalize(), _state(row)))
    if document.kind in {"payment", "money"} and row is None:
        found.append(_row("Reference", str(data.get("reference") or ""), ""))
        found.append(_row("Account", str(data.get("bank_account") or ""), ""))
    return found


def _as_clio(document: Document, row: BookRow) -> int:
    """Return what an object comes to as Clio writes it: money that goes out is below zero there."""
    return -row.total if document.amount < 0 and row.kind in {"check", "expense"} else row.total


def _misnumbered(document: Document, row: BookRow | None) -> bool:
    """Tell whether an invoice bears another number than its bill; a prefix of the firm's is no difference."""
    return document.kind == "bill" and row is not None and document.number not in row.number


def _state(row: BookRow | None) -> str:
    if row is None:
        return ""
    return "Deleted" if row.deleted else "Void" if row.voided else "Issued"


def _row(label: str, left: str, right: str, *, compared: bool = False) -> dict[str, Any]:
    return {"label": label, "left": left, "right": right, "differs": compared and left != right}


def _day(value: date | None) -> str:
    return day_text(value) if value else ""
