"""Which pages an auditor opened: for the firm, as a page and as a file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts import audit, auditing, queries
from accounts.access import firm_view
from accounts.downloads import CSV, download
from accounts.paging import capped
from accounts.roles import Permission
from accounts.tenancy import firm_scope

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.models import User

PAGE = 50
HEADS = ("Event", "When", "Page", "Address", "Asked", "Answer", "Hash")


def _auditor_or_404(request: FirmRequest, user_id: int) -> User:
    found = auditing.auditor_or_none(firm_id=request.firm.pk, user_id=user_id)
    if found is None:
        raise Http404
    return found


@require_safe
@firm_view(Permission.SEE_AUDIT)
def visits(request: FirmRequest, user_id: int) -> HttpResponse:
    """Answer what an auditor has looked at."""
    auditor = _auditor_or_404(request, user_id)
    now = timezone.now()
    rows = auditing.visits(firm_id=request.firm.pk, user=auditor)
    page = capped(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "settings",
        "auditor": auditor,
        "held": queries.membership(user=auditor, firm_id=request.firm.pk, now=now),
        "page": page,
        "rows": [(event, event.verb == auditing.OPENED, (event.after or {})) for event in page],
        "latest": page[0] if page.number == 1 and len(page) else None,
        "may_export": Permission.EXPORT in request.can,
    }
    return render(request, "accounts/visits.html", context)


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def visits_file(request: FirmRequest, user_id: int) -> HttpResponse:
    """Hand out the whole list as CSV; that it was taken is in the log."""
    now = timezone.now()
    with firm_scope(write=request.firm.pk):
        auditor = _auditor_or_404(request, user_id)
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(HEADS)
        for event in auditing.visits(firm_id=request.firm.pk, user=auditor).iterator():
            told = event.after or {}
            writer.writerow(
                [
                    event.number,
                    timezone.localtime(event.at).isoformat(timespec="seconds"),
                    told.get("page", ""),
                    told.get("address", event.object_text),
                    told.get("asked", ""),
                    "opened" if event.verb == auditing.OPENED else "closed",
                    event.hash,
                ]
            )
        text = f"the pages that {auditor} opened"
        audit.record(
            firm_id=request.firm.pk,
            actor=request.user,
            verb="export.made",
            kind="auditor's pages",
            id=auditor.pk,
            text=text,
            now=now,
        )
    name = f"{request.firm.slug}-{slugify(str(auditor))}-pages.csv"
    content = b"\xef\xbb\xbf" + out.getvalue().encode()  # spreadsheets read UTF-8 by this mark
    return download(content, name=name, kind=CSV)
