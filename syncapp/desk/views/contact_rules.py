"""The page that says whose word holds when a contact differs between Clio and the books."""

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
from syncapp.desk import contact_actions as actions
from syncapp.desk.contact_forms import ContactRules
from syncapp.pipeline.contacts import settings

if TYPE_CHECKING:
    from accounts.access import FirmRequest


def _page(request: FirmRequest, form: ContactRules, *, status: int = 200) -> HttpResponse:
    context = {
        "section": "settings",
        "form": form,
        "flow": settings.of(request.firm.pk),
        "may_change": Permission.CONNECT in request.can,
    }
    return render(request, "desk/contact_rules.html", context, status=status)


@require_safe
@firm_view(Permission.SEE)
def contact_rules(request: FirmRequest) -> HttpResponse:
    """Show whose word holds for each field, and a form to change it."""
    return _page(request, ContactRules(flow=settings.of(request.firm.pk)))


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def change(request: FirmRequest) -> HttpResponse:
    """Keep whose word holds from now on."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        form = ContactRules(request.POST, flow=settings.of(request.firm.pk))
        if not form.is_valid():
            return _page(request, form, status=422)
    refusal = actions.contact_rules(
        firm=request.firm, wanted=form.flow(), by=request.user, now=timezone.now()
    )
    messages.info(request, refusal or "Changed. It holds from the next run on.")
    return redirect("desk:contact_rules")
