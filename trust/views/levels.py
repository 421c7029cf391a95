"""What clients agreed to keep in trust, and whom to ask for money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core.money import minor
from trust.actions import earned as verbs
from trust.earned_forms import LevelForm
from trust.lists import Held, top_ups
from trust.queries import earned as earned_query
from trust.queries import ledgers
from trust.queries import levels as query
from trust.views.frame import pair_or_404

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from trust.models import TrustPair


@require_safe
@firm_view(Permission.SEE)
def levels(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Show who is below his level, and every level with who set it."""
    return _page(request, pair_or_404(request, pair_id))


def _page(
    request: FirmRequest, pair: TrustPair, form: LevelForm | None = None, *, status: int = 200
) -> HttpResponse:
    today = today_of(request.firm, timezone.now())
    rows = query.rows_of(pair.firm_id, pair.clio_account)
    found = earned_query.drawn(pair, today)
    names = ledgers.names(pair.firm_id, rows) | dict(found.names)
    due = found.found.due
    held = [
        Held(key=key, balance=found.balances.get(key, 0), name=names.get(key, row.name or key))
        for key, row in rows.items()
    ]
    asked = top_ups(held, found.levels, due)
    context: dict[str, Any] = {
        "section": "trust",
        "pair": pair,
        "today": today,
        "asked": asked,
        "total": sum(one.ask for one in asked),
        "rows": [(rows[one.key], one, due.get(one.key, 0)) for one in held],
        "form": (form or LevelForm()) if Permission.APPROVE in request.can else None,
        "currency": request.firm.currency,
    }
    return render(request, "trust/levels.html", context, status=status)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def set_level(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Set what a matter keeps in trust."""
    now = timezone.now()
    form = LevelForm(request.POST)
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        ledger = ""
        if form.is_valid():
            name = form.cleaned_data["matter"].strip()
            ledger = query.matters_named(request.firm.pk, [name]).get(name.casefold(), "")
            if not ledger:
                form.add_error("matter", "Clio has no matter of this number, or several.")
        if not form.is_valid():
            return _page(request, pair, form, status=422)
        currency = request.firm.currency
        verbs.set_level(
            firm_id=request.firm.pk,
            account=pair.clio_account,
            ledger=ledger,
            minimum=minor(form.cleaned_data["minimum"], currency),
            evergreen=minor(form.cleaned_data["evergreen"], currency),
            actor=request.user,
            now=now,
        )
        verbs.refresh(pair=pair, today=today_of(request.firm, now), now=now)
    messages.info(request, f"Set for {name}.")
    return redirect("trust:levels", pair_id=pair.pk)
