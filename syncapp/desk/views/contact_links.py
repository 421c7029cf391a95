"""Where a client stands in the books: on the customer that its own was merged into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk import contact_actions as actions
from syncapp.desk.queries import cases
from syncapp.desk.replies import reply
from syncapp.desk.views.exceptions import back_to_case
from syncapp.pipeline.drifting import hands

if TYPE_CHECKING:
    from accounts.access import FirmRequest


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def merged(request: FirmRequest, case_id: int) -> HttpResponse:
    """Let the client stand on the customer that its own was merged into."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        found = cases.case_or_none(firm_id=request.firm.pk, case_id=case_id)
    if found is None or found.code != hands.MERGED:
        raise Http404
    refusal = actions.accept_merger(
        firm_id=request.firm.pk,
        case_id=case_id,
        partner=Permission.SIGN in request.can,
        by=request.user,
        now=timezone.now(),
    )
    reply(request, refusal, "Kept. The link that was stays in the history; what waited posts now.")
    return back_to_case(case_id, refusal)
