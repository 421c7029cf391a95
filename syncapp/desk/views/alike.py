"""One answer for every exception of a kind, looked at together first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk import actions, words
from syncapp.desk.queries import answers, cases, given
from syncapp.pipeline.cases import alike as kinds
from syncapp.pipeline.cases import choices
from syncapp.pipeline.drifting import otherwise

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from syncapp.pipeline.cases.alike import One

SAYS = {  # answer → the question, what follows, and the button
    choices.LINK: (
        "Link all that are the same",
        "Customer, date and total of each agree. Linking posts nothing.",
        "Link those ticked",
    ),
    choices.RENUMBER: (
        "Post all under numbers of their own",
        "Each posts with -C after its number; Clio and the client’s copy keep theirs.",
        "Post those ticked under new numbers",
    ),
    otherwise.UNTAX: (
        "Have QuickBooks add no tax of its own to any",
        "Each is sent once more and says so: its total is Clio’s, and its tax the line that it has.",
        "Send those ticked once more",
    ),
    choices.APPROVE: (
        "Approve all corrections",
        "Each posts as a new entry in the open period. The closed months do not move.",
        "Approve those ticked and post",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.RETRY, scope="none")
def alike(request: FirmRequest, case_id: int) -> HttpResponse:
    """Show all exceptions that would take the answer, and what posts; posted, give it to those ticked."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        case = cases.case_or_none(firm_id=request.firm.pk, case_id=case_id)
        if case is None or not kinds.answers_of(case.code):
            raise Http404
        answer = request.GET.get("answer", kinds.answers_of(case.code)[0])
        if answer not in kinds.answers_of(case.code):
            raise Http404
        if request.method != "POST":
            context = _context(request, kinds.of(case, answer), answer)
            context |= {"case": case, "given": given.of(case, request.can)}
            return render(request, "desk/alike.html", context)
    taken, refusals = actions.give_all(
        firm_id=request.firm.pk,
        code=case.code,
        tokens=request.POST.getlist("one"),
        by=request.user,
        now=timezone.now(),
    )
    for refusal in refusals:
        messages.error(request, refusal)
    if taken:
        told = words.counted(taken, "exception")
        messages.info(request, f"Kept for {told}. What waited posts with the run that begins now.")
    elif not refusals:
        messages.warning(request, "Nothing was ticked, so nothing was kept.")
    return redirect("desk:exceptions")


def _context(request: FirmRequest, found: list[One], answer: str) -> dict[str, Any]:
    title, then, button = SAYS[answer]
    held = [hold for one in found for hold in one.holds]
    return {
        "section": "exceptions",
        "found": found,
        "title": title,
        "then": then,
        "button": button,
        "currency": request.firm.currency,
        "records": len(held),
        "minor": sum(hold.amount for hold in held),
        "would": _would(found) if answer == choices.APPROVE else {},
    }


def _would(found: list[One]) -> dict[str, Any]:
    """Add up the entries that would correct them, by account and side."""
    lines = answers.added_up(one.case for one in found)
    both = sum(line.get("debit_minor", 0) for line in lines)
    return {"lines": lines, "totals": {"debit_minor": both, "credit_minor": both}}
