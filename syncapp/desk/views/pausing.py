"""Pausing: what is stopped, by whom and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk.forms import Pause
from syncapp.desk.queries import waits
from syncapp.pipeline.clock import pausing as verbs

if TYPE_CHECKING:
    from accounts.access import FirmRequest


@require_safe
@firm_view(Permission.SEE)
def pausing(request: FirmRequest) -> HttpResponse:
    """Show what is paused, what was, and a form to pause."""
    return _page(request, Pause(clients=waits.clients(firm_id=request.firm.pk)))


def _page(request: FirmRequest, form: Pause, *, status: int = 200) -> HttpResponse:
    context = {
        "section": "runs",
        "now": timezone.now(),
        "pauses": waits.pauses(firm_id=request.firm.pk),
        "ended": verbs.ended(request.firm.pk),
        "form": form,
        "currency": request.firm.currency,
        "may_pause": Permission.RETRY in request.can,
    }
    return render(request, "desk/pausing.html", context, status=status)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def pause(request: FirmRequest) -> HttpResponse:
    """Stop something, with the reason for all to read."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        form = Pause(request.POST, clients=waits.clients(firm_id=request.firm.pk))
    back = "desk:pausing" if request.POST.get("next") == "pausing" else "desk:runs"
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect(back)
    given = form.cleaned_data
    refusal = verbs.pause(
        firm_id=request.firm.pk,
        what=given["what"] or verbs.EVERYTHING,
        client_id=int(given["client"]) if given["client"] else None,
        reason=given["words"],
        by=request.user,
        now=timezone.now(),
    )
    if refusal:
        messages.error(request, refusal)
    elif (given["what"] or verbs.EVERYTHING) == verbs.EVERYTHING:
        messages.info(request, "Paused. Nothing is read or posted until somebody resumes; nothing is lost.")
    else:
        messages.info(request, "Paused. Nothing of it is posted until somebody resumes; nothing is lost.")
    return redirect(back)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def resume(request: FirmRequest) -> HttpResponse:
    """Let it go on: the pause that is named, or that of everything."""
    wanted = request.POST.get("pause", "")
    with firm_scope(write=None, reads=[request.firm.pk]):
        rows = [one.pause for one in waits.pauses(firm_id=request.firm.pk)]
    found = [row for row in rows if (str(row.pk) == wanted if wanted else row.what == verbs.EVERYTHING)]
    refusal: str | None = "It goes on already."
    if found:
        refusal = verbs.resume(
            firm_id=request.firm.pk, pause_id=found[0].pk, by=request.user, now=timezone.now()
        )
    if refusal:
        messages.info(request, refusal)
    else:
        messages.info(request, "Resumed. The next run begins within a few seconds and catches up.")
    return redirect("desk:pausing" if wanted else "desk:runs")
