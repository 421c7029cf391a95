"""What a person answers to a card: a choice, an approval, what became of a payment, a word on an alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import queries as firms
from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core.documents import Kind
from syncapp.desk import actions
from syncapp.desk.forms import CloseAlarm, ReturnForm, SaidForm
from syncapp.desk.queries import answers, cases, search, traces
from syncapp.desk.replies import reply
from syncapp.desk.views.exceptions import back_to_case, case_page
from syncapp.pipeline import queue
from syncapp.pipeline.cases import choices
from syncapp.pipeline.drifting import answers as drift_answers
from syncapp.pipeline.drifting import drift
from syncapp.pipeline.trust import strays

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from syncapp.desk.queries.answers import Asked
    from syncapp.records.models import Case, Document

OWN_DOOR = frozenset({choices.CORRECTION, choices.REMOVED})  # answered at an address of their own


def _case_or_404(request: FirmRequest, case_id: int, *codes: str) -> Case:
    """Find a case, of one of the codes when any are named. Raises Http404."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        found = cases.case_or_none(firm_id=request.firm.pk, case_id=case_id)
    if found is None or (codes and found.code not in codes):
        raise Http404
    return found


@require_POST
@firm_view(Permission.RETRY, scope="none")
def choose(request: FirmRequest, case_id: int) -> HttpResponse:
    """Answer what the case asks: which customer a client is, or what of a number taken twice."""
    found = _case_or_404(request, case_id)
    if found.code in OWN_DOOR:
        raise Http404
    answer = request.POST.get("answer", "")
    refusal = _chosen(request, found, answer) if answer else "Choose one of the answers."
    reply(request, refusal, "Kept. What waited for it posts with the run that begins now.")
    return back_to_case(case_id, refusal)


def _chosen(request: FirmRequest, found: Case, answer: str) -> str | None:
    """Keep an answer; a sentence when it cannot be taken. A hand in the books is accepted with a reason."""
    firm, now = request.firm, timezone.now()
    given: dict[str, Any] = {"firm_id": firm.pk, "case_id": found.pk, "answer": answer, "by": request.user}
    if found.code not in drift_answers.CODES:
        return actions.choose(**given, now=now)
    reason, today = request.POST.get("reason", ""), firms.today_of(firm, now)
    return actions.hand(**given, reason=reason, today=today, now=now)


@require_POST
@firm_view(Permission.SIGN, scope="none")
def restore_trust(request: FirmRequest, case_id: int) -> HttpResponse:
    """Post again as it was, or correct by a later entry, client money that a hand in the books changed."""
    _case_or_404(request, case_id, strays.CODE)
    way = drift.CORRECT if request.POST.get("way") == drift.CORRECT else drift.RESTORE
    refusal = actions.restore_trust(
        firm_id=request.firm.pk, case_id=case_id, place=request.POST.get("place", "")[:80],
        shown=request.POST.get("shown", "")[:80], way=way, by=request.user, now=timezone.now(),
    )  # fmt: skip
    if refusal:
        messages.error(request, refusal)
    elif way == drift.CORRECT:
        messages.info(request, "Kept. The correcting entry posts with the run that begins now.")
    else:
        messages.info(request, "Kept. It stands again as it was posted after the run that begins now.")
    return back_to_case(case_id, refusal)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def revive(request: FirmRequest, case_id: int) -> HttpResponse:
    """Make active in the books what the case is about; what it holds then posts."""
    _case_or_404(request, case_id)
    refusal = actions.revive(firm_id=request.firm.pk, case_id=case_id, by=request.user, clock=timezone.now)
    reply(request, refusal, "It is active again. What waited for it posts with the run that begins now.")
    return back_to_case(case_id, refusal)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def approve(request: FirmRequest, case_id: int) -> HttpResponse:
    """Approve the correcting entry that the card showed."""
    _case_or_404(request, case_id, choices.CORRECTION)
    answer, now = request.POST.get("answer", ""), timezone.now()
    refusal = actions.choose(
        firm_id=request.firm.pk, case_id=case_id, answer=answer, by=request.user, now=now
    )
    reply(request, refusal, "Approved. It posts with the run that begins now.")
    return back_to_case(case_id, refusal)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def payment(request: FirmRequest, case_id: int) -> HttpResponse:
    """Say what happened to a payment that Clio changed or removed."""
    found, now = _case_or_404(request, case_id, choices.REMOVED), timezone.now()
    with firm_scope(write=None, reads=[request.firm.pk]):
        limits = answers.limits(answers.removed(found, ""), request.firm, now)
        form = SaidForm(request.POST, **limits)
        if not form.is_valid():
            return case_page(request, case_id, said_form=form, status=422)
    refusal = actions.returned(
        firm_id=request.firm.pk, case_id=case_id, said=form.said(), by=request.user, now=now
    )
    reply(request, refusal, "Kept. It posts with the run that begins now.")
    return back_to_case(case_id, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.RETRY, scope="none")
def returned(request: FirmRequest, document_id: int) -> HttpResponse:
    """Say that the bank returned a payment, although Clio says nothing of it; or take that back."""
    now = timezone.now()
    if request.POST.get("back") == "1":
        return _return_back(request, document_id)
    with firm_scope(write=None, reads=[request.firm.pk]):
        document = traces.document_or_none(firm_id=request.firm.pk, document_id=document_id)
        if document is None or document.kind != Kind.PAYMENT.value:
            raise Http404
        link = choices.standing_payment(firm_id=request.firm.pk, document=document)
        if isinstance(link, str):
            return _returned(request, document, refusal=link)
        client = search.client_names(firm_id=request.firm.pk, ids={document.client_id or 0})
        asked = answers.standing(
            document, link, client.get(document.client_id or 0, ""), request.firm.currency
        )
        form = ReturnForm(request.POST or None, **answers.limits(asked, request.firm, now))
        if request.method != "POST":
            return _returned(request, document, asked=asked, form=form)
        if not form.is_valid():
            return _returned(request, document, asked=asked, form=form, status=422)
    refusal = actions.say_returned(
        firm_id=request.firm.pk, document_id=document_id, said=form.said(), by=request.user, now=now
    )
    reply(request, refusal, "Kept. The return posts with the run that begins now.")
    return redirect("desk:record", document_id=document_id)


def _return_back(request: FirmRequest, document_id: int) -> HttpResponse:
    with firm_scope(write=None, reads=[request.firm.pk]):
        if traces.document_or_none(firm_id=request.firm.pk, document_id=document_id) is None:
            raise Http404
    refusal = actions.take_return_back(
        firm_id=request.firm.pk, document_id=document_id, by=request.user, now=timezone.now()
    )
    reply(request, refusal, "Taken back. Nothing of it posts.")
    return redirect("desk:record", document_id=document_id)


def _returned(
    request: FirmRequest,
    document: Document,
    *,
    asked: Asked | None = None,
    form: ReturnForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": "record",
        "document": document,
        "asked": asked,
        "form": form,
        "refusal": refusal,
        "said": answers.said_before(document),
        "currency": request.firm.currency,
    }
    return render(request, "desk/returned.html", context, status=status)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def close_alarm(request: FirmRequest, hold_id: int) -> HttpResponse:
    """Close what has posted and was looked at, with the reason."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        hold = cases.open_holds(firm_id=request.firm.pk).filter(pk=hold_id, alarm=True).first()
    if hold is None:
        raise Http404
    form = CloseAlarm(request.POST)
    refusal: str | None = "Say in a few words how it was settled. The alarm stays open."
    if form.is_valid():
        refusal = queue.close_alarm(
            firm_id=request.firm.pk,
            hold_id=hold_id,
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=timezone.now(),
        )
    reply(request, refusal, "Closed, with your reason. The audit log keeps it.")
    return redirect("desk:case", case_id=hold.case_id)
