"""Taking back an answer before the run that carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk import actions, words
from syncapp.desk.queries import cases, given

if TYPE_CHECKING:
    from accounts.access import FirmRequest


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def take_back(request: FirmRequest, case_id: int) -> HttpResponse:
    """Take back the answer to an exception, or to all that took it with the same press."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        found = cases.case_or_none(firm_id=request.firm.pk, case_id=case_id)
    if found is None:
        raise Http404
    if not given.may(found, request.can):
        raise PermissionDenied
    taken = actions.take_answer_back(
        firm_id=request.firm.pk, case_id=case_id, every=request.POST.get("every") == "1", by=request.user,
        now=timezone.now(),
    )  # fmt: skip
    if isinstance(taken, str):
        messages.error(request, taken)
    elif taken.begun:
        text = f"{words.counted(taken.cases, 'answer')} taken back."
        messages.warning(request, f"{text} With {taken.begun} the run has begun already.")
    elif taken.cases > 1:
        messages.info(request, f"{words.counted(taken.cases, 'answer')} taken back. Nothing of them posts.")
    else:
        messages.info(request, "Taken back. Nothing of it posts; the exception asks as before.")
    return redirect("desk:case", case_id=case_id)
