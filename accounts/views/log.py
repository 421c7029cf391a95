"""The audit page: the log, its proof, its export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, auditing, queries
from accounts.access import firm_view
from accounts.downloads import ZIP, download
from accounts.forms import AuditFilter
from accounts.roles import Permission
from accounts.tenancy import firm_scope

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.models import AuditEvent
    from accounts.verifier import Verdict

PAGE = 50


@require_safe
@firm_view(Permission.SEE_AUDIT)
def log(request: FirmRequest) -> HttpResponse:
    """Answer who changed what."""
    return _page(request)


@require_POST
@firm_view(Permission.SEE_AUDIT)
def verify(request: FirmRequest) -> HttpResponse:
    """Check the chain from its first event and say the result."""
    return _page(request, audit.verify(request.firm.pk))


def _page(request: FirmRequest, verdict: Verdict | None = None) -> HttpResponse:
    members = queries.members(firm_id=request.firm.pk)
    form = AuditFilter(
        request.GET or None, people=[(str(member.user_id), str(member.user)) for member in members]
    )
    chosen = form.cleaned_data if form.is_valid() else {}
    events = queries.audit_events(
        firm_id=request.firm.pk,
        verb=chosen.get("verb", ""),
        person=chosen.get("person", ""),
        since=chosen.get("since"),
        until=chosen.get("until"),
        zone=request.firm.time_zone,
    )
    filtered = any(chosen.values())
    pages = queries.audit_pages(events, firm_id=request.firm.pk, per_page=PAGE, whole=not filtered)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "section": "audit",
        "form": form,
        "page": page,
        "rows": [(event, audit.sentence(event), _changes(event)) for event in page],
        "verdict": verdict,
        "filtered": filtered,
        "may_export": Permission.EXPORT in request.can,
    }
    return render(request, "accounts/audit.html", context)


def _changes(event: AuditEvent) -> list[tuple[str, str, str]]:
    """List what an event changed: the fact, before, after."""
    before = event.before if isinstance(event.before, dict) else {}
    after = event.after if isinstance(event.after, dict) else {}
    names = list(dict.fromkeys([*before, *after]))
    return [(name.replace("_", " "), _said(before.get(name)), _said(after.get(name))) for name in names]


def _said(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@require_POST
@firm_view(Permission.EXPORT, scope="none")
def export(request: FirmRequest) -> HttpResponse:
    """Hand out the whole log with the program that checks it; the export itself is in the log."""
    now = timezone.now()
    with firm_scope(write=request.firm.pk):
        audit.record(
            firm_id=request.firm.pk,
            actor=request.user,
            verb="export.made",
            kind="log",
            text="the audit log",
            now=now,
        )
        packed = audit.export_zip(firm=request.firm, now=now, told=auditing.reader_of(request))
    day = queries.today_of(request.firm, now)
    name = f"{request.firm.slug}-audit-{day.isoformat()}.zip"
    return download(packed, name=name, kind=ZIP)
