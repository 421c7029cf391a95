"""Beside the comparison: twelve months billed and collected, and the time control total."""

from __future__ import annotations

from datetime import date
from typing import Any

from syncapp.clio import translate
from syncapp.core.documents import Kind
from syncapp.pipeline.context import Context
from syncapp.pipeline.ties import entries
from syncapp.records.models import Document, SourceHead


def months(context: Context, today: date) -> list[dict[str, Any]]:
    """Return twelve months of what was billed and collected, the last one being today's."""
    names = []
    year, month = today.year, today.month
    for _ in range(12):
        names.append(f"{year:04d}-{month:02d}")
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    sums = {name: {"month": name, "billed": 0, "collected": 0} for name in reversed(names)}
    for (kind, _), document in context.documents.items():
        if document.day is None or (name := document.day.isoformat()[:7]) not in sums or not document.data:
            continue
        if (
            kind == Kind.BILL.value
            and document.data.get("state") == "issued"
            and not document.data.get("trust_request")
        ):
            sums[name]["billed"] += document.amount  # type: ignore[operator]
        elif kind == Kind.PAYMENT.value:
            sums[name]["collected"] += document.amount  # type: ignore[operator]
    return list(sums.values())


def time_control(firm_id: int) -> dict[str, Any]:
    """Return the time control total: billable = billed and posted + billed and held + unbilled."""
    heads = SourceHead.objects.filter(firm_id=firm_id, resource="activities", gone_at__isnull=True)
    payloads = heads.select_related("record").values_list("record__payload", flat=True)
    bills = Document.objects.filter(firm_id=firm_id, kind=Kind.BILL.value)
    posted = set(bills.filter(settled=True).values_list("source_id", flat=True))
    return entries.time_control(translate.time_totals(payloads), posted)
