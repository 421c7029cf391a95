"""When does what post? The firm's timetable, and the form that changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk.queries import waits
from syncapp.desk.schedule_forms import RereadForm, ScheduleForm
from syncapp.pipeline.clock import timetable
from syncapp.pipeline.ties import reread

if TYPE_CHECKING:
    from accounts.access import FirmRequest


@require_safe
@firm_view(Permission.SEE)
def schedule(request: FirmRequest) -> HttpResponse:
    """Show when each kind of record posts, what waits for its time, and a form to change it."""
    return _page(request)


def _page(request: FirmRequest, form: ScheduleForm | None = None, status: int = 200) -> HttpResponse:
    firm = request.firm
    entries = timetable.entries(firm=firm, now=timezone.now())
    context: dict[str, Any] = {
        "section": "settings",
        "sentence": timetable.in_words({one.kind: one.schedule for one in entries}),
        "entries": entries,
        "timed": waits.scheduled(firm=firm),
        "zone": firm.time_zone,
        "reread": reread.SAID[reread.chosen(firm.pk)],
        "cost": reread.cost(firm_id=firm.pk),
    }
    if Permission.CONNECT in request.can:
        chosen, reads = reread.chosen(firm.pk), context["cost"].reads
        context["reread_form"] = RereadForm(chosen=chosen, reads=reads)
        context["form"] = form or ScheduleForm(entries=entries, zone=firm.time_zone)
    return render(request, "desk/schedule.html", context, status=status)


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def change(request: FirmRequest) -> HttpResponse:
    """Let the kinds of record post at other times."""
    reads, now = [request.firm.pk], timezone.now()
    with firm_scope(write=None, reads=reads):
        entries = timetable.entries(firm=request.firm, now=now)
    form = ScheduleForm(request.POST, entries=entries, zone=request.firm.time_zone)
    if not form.is_valid():
        with firm_scope(write=None, reads=reads):
            return _page(request, form, status=422)
    refusal = timetable.change(firm=request.firm, wanted=form.wanted(), by=request.user, now=now)
    messages.info(request, refusal or "Changed. What waits is looked at again within a few seconds.")
    return redirect("desk:schedule")


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def reread_change(request: FirmRequest) -> HttpResponse:
    """Let the books be read completely again at other times."""
    form = RereadForm(request.POST, chosen="never", reads=0)
    refusal: str | None = "Choose how often the books are read again."
    if form.is_valid():
        wanted, now = form.cleaned_data["every"], timezone.now()
        refusal = reread.change(firm=request.firm, wanted=wanted, by=request.user, now=now)
    messages.info(request, refusal or "Changed.")
    return redirect("desk:schedule")
