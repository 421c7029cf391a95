"""A file as an answer: the browser saves it under its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.http import content_disposition_header

if TYPE_CHECKING:
    from collections.abc import Mapping

CSV, PDF, ZIP = "text/csv; charset=utf-8", "application/pdf", "application/zip"


def download(
    content: bytes, *, name: str, kind: str, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Answer with a file; `name` may be anything that people call one."""
    said = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": said, **(headers or {})})
