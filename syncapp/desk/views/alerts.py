"""Who is told outside of these pages? The firm's channels of a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import channels, letters
from accounts.access import firm_view
from accounts.models import AlertChannel
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk.alert_forms import ChannelForm
from syncapp.pipeline.alerts import sending

if TYPE_CHECKING:
    from accounts.access import FirmRequest

TRIAL = "This is a trial message of Tieout for {}. New exceptions are told here in counts and money."


@require_safe
@firm_view(Permission.SEE)
def alerts(request: FirmRequest) -> HttpResponse:
    """Show the channels, and a form for another."""
    return _page(request, ChannelForm())


def _page(request: FirmRequest, form: ChannelForm, *, status: int = 200) -> HttpResponse:
    rows = AlertChannel.objects.filter(firm=request.firm).select_related("by").defer("url_sealed")
    context = {
        "section": "settings",
        "rows": [
            (row, channels.KINDS[row.kind], letters.LEAST_WORDS[row.least]) for row in rows.order_by("name")
        ],
        "form": form,
        "may_change": Permission.CONNECT in request.can,
    }
    return render(request, "desk/alerts.html", context, status=status)


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def add(request: FirmRequest) -> HttpResponse:
    """Keep a channel and send it a trial message."""
    form = ChannelForm(request.POST)
    if form.is_valid():
        given = {**form.cleaned_data, "daily": bool(form.cleaned_data["daily"])}
        made = channels.add(firm=request.firm, by=request.user, now=timezone.now(), **given)
        if isinstance(made, AlertChannel):
            _try(request, made)
            return redirect("desk:alerts")
        form.add_error("name" if made in {channels.SAME_NAME, channels.TOO_MANY} else "url", made)
    with firm_scope(write=None, reads=[request.firm.pk]):
        return _page(request, form, status=422)


def _try(request: FirmRequest, row: AlertChannel) -> None:
    trouble = sending.post(row, TRIAL.format(request.firm.name))
    if trouble:
        messages.warning(request, f"{row}: {trouble}")
    else:
        messages.info(request, f"{row} has a trial message. It is told of what is new from now on.")


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def trial(request: FirmRequest, channel_id: int) -> HttpResponse:
    """Send a channel a trial message."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        row = AlertChannel.objects.filter(firm=request.firm, pk=channel_id).first()
    if row is None:
        raise Http404
    _try(request, row)
    return redirect("desk:alerts")


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def remove(request: FirmRequest, channel_id: int) -> HttpResponse:
    """Take a channel away."""
    gone = channels.remove(
        firm_id=request.firm.pk, channel_id=channel_id, by=request.user, now=timezone.now()
    )
    if not gone:
        raise Http404
    messages.info(request, "Taken away, and its address forgotten.")
    return redirect("desk:alerts")
