"""Runs: what did it do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.paging import capped
from accounts.roles import Permission
from syncapp.desk import actions
from syncapp.desk.forms import PauseAll
from syncapp.desk.queries import runs as queries
from syncapp.pipeline.clock import schedule

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from syncapp.records.models import Run

PAGE = 50


@require_safe
@firm_view(Permission.SEE)
def runs(request: FirmRequest) -> HttpResponse:
    """List runs with their control totals."""
    now = timezone.now()
    page = capped(queries.runs(firm_id=request.firm.pk), PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "runs",
        "now": now,
        "page": page,
        "rows": [queries.row(run) for run in page],
        "going": queries.going(firm_id=request.firm.pk, now=now),
        "last": queries.last(firm_id=request.firm.pk),
        "schedule": schedule.status(request.firm.pk),
        "pause_form": PauseAll(),
        "may_sync": Permission.RETRY in request.can,
    }
    return render(request, "desk/runs.html", context)


@require_safe
@firm_view(Permission.SEE)
def run(request: FirmRequest, run_id: int) -> HttpResponse:
    """Show one run."""
    found = queries.one(firm_id=request.firm.pk, run_id=run_id)
    if found is None:
        raise Http404
    now = timezone.now()
    context = {
        "section": "runs",
        "now": now,
        "row": queries.row(found),
        "going": queries.as_going(found, now=now) if found.state == "going" else None,
        "may_undo": Permission.APPROVE in request.can and bool(found.counts.get("posted")) and _ended(found),
        "undone": queries.undone(found),
    }
    return render(request, "desk/run.html", context)


def _ended(found: Run) -> bool:
    return found.state != "going" and not found.shadow


@require_safe
@firm_view(Permission.SEE)
def progress(request: FirmRequest) -> HttpResponse:
    """Show how the run that goes is getting on; when it has ended, the page is read again."""
    now = timezone.now()
    going = queries.going(firm_id=request.firm.pk, now=now)
    starting = None if going else queries.starting(schedule.status(request.firm.pk), now=now)
    if going is None and starting is None:
        answer = HttpResponse(status=200)
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "desk/progress.html", {"going": going, "starting": starting, "now": now})


@require_POST
@firm_view(Permission.RETRY, scope="none")
def sync(request: FirmRequest) -> HttpResponse:
    """Begin a run now."""
    actions.sync_now(firm_id=request.firm.pk, by=request.user, now=timezone.now())
    messages.info(request, "A run begins within a few seconds.")
    return redirect("desk:tieout" if request.POST.get("next") == "tieout" else "desk:runs")
