"""A report as a file: PDF, or CSV where the address asks for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.downloads import CSV, PDF, download
from trust.reports import pdf, table

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from trust.reports.nouns import Report


def report_file(request: HttpRequest, report: Report, *, name: str, now: datetime) -> HttpResponse:
    """Answer with a report under a name, which gets the ending of its form."""
    if request.GET.get("format") == "csv":
        return download(table.write(report), name=f"{name}.csv", kind=CSV)
    return download(pdf.write(report, made_at=now), name=f"{name}.pdf", kind=PDF)
