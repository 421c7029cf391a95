"""The PDFs of a bill at its invoice, as the page of the bill tells them. In a reading scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncapp.records.models import BillPaper

if TYPE_CHECKING:
    from datetime import datetime

    from syncapp.records.models import Document

MOST = 20
STATES = {
    "attached": ("Attached", "proven"),
    "leaving": ("Older, is taken off", "waiting"),
    "replaced": ("Replaced", ""),
    "withheld": ("Withheld", "waiting"),
    "failed": ("Not attached", "wrong"),
    "dropped": ("Not asked for any more", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One PDF: its name, the invoice, where it is, since when, and what is said of it."""

    name: str
    invoice: str
    pill: tuple[str, str]
    at: datetime
    words: str


def of(document: Document) -> list[Shown]:
    """List the PDFs of a bill, the newest first; of any other record there are none."""
    if document.kind != "bill":
        return []
    rows = BillPaper.objects.filter(firm_id=document.firm_id, document=document).order_by("-pk")[:MOST]
    return [
        Shown(
            name=row.name or "PDF of the bill",
            invoice=row.remote_id,
            pill=STATES.get(row.state) or ("Sent, no answer yet" if row.sent_at else "Waits", "waiting"),
            at=row.removed_at or row.attached_at or row.sent_at or row.made_at,
            words=row.words,
        )
        for row in rows
    ]
