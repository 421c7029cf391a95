"""Asking somebody about an exception by mail, and the page on which that person answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import links
from accounts import queries as firms
from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk.ask_forms import AnswerForm, AskForm
from syncapp.desk.queries import asks, cases
from syncapp.pipeline.asking import acts
from syncapp.pipeline.asking.acts import State
from syncapp.records.models import CaseAsk

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from syncapp.records.models import Case


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.APPROVE, scope="none")
def ask(request: FirmRequest, case_id: int) -> HttpResponse:
    """Ask somebody about an exception: choose whom, look at the question, send it."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        case = cases.case_or_none(firm_id=request.firm.pk, case_id=case_id)
        if case is None or case.closed_at:
            raise Http404
        form = _form(request, case)
        sends = request.method == "POST" and form.is_valid()
        if not sends:
            return _page(request, case, form)
    name, email = form.whom()
    given = {key: form.cleaned_data[key] for key in ("question", "choices", "days")}
    found = acts.ask(
        firm_id=request.firm.pk,
        case_id=case_id,
        name=name,
        email=email,
        by=request.user,
        now=timezone.now(),
        **given,
    )
    if isinstance(found, str):
        form.add_error(None, found)
        with firm_scope(write=None, reads=[request.firm.pk]):
            return _page(request, case, form)
    messages.info(request, f"Sent to {name}. The answer comes to this page as a proposal.")
    return redirect("desk:case", case_id=case_id)


def _page(request: FirmRequest, case: Case, form: AskForm) -> HttpResponse:
    context = {"section": "exceptions", "case": case, "form": form}
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


def _form(request: FirmRequest, case: Case) -> AskForm:
    """Offer the people of the firm, the responsible attorney first of all, and the question in words."""
    firm_id, currency = request.firm.pk, request.firm.currency
    members = firms.members_today(firm_id=firm_id, now=timezone.now())
    people = [member.user for member in members if member.user_id != request.user.pk]
    question, holds = asks.question(firm_id=firm_id, case=case, currency=currency)
    if request.method == "POST":
        return AskForm(request.POST, people=people, asks=question)
    attorney = asks.responsible(firm_id=firm_id, holds=holds)
    ours = next((user for user in people if user.name.casefold() == attorney.casefold()), None)
    initial = {
        "person": str(ours.pk) if ours and attorney else "",
        "name": "" if ours else attorney,
        "email": "" if ours else asks.address_of(firm_id=firm_id, name=attorney),
        "question": question.words,
        "choices": "\n".join(one.label for one in question.choices),
    }
    return AskForm(initial=initial, people=people, asks=question)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def remind(request: FirmRequest, ask_id: int) -> HttpResponse:
    """Write again to who has not answered."""
    row = _row_or_404(request, ask_id)
    refusal = acts.remind(firm_id=request.firm.pk, ask_id=ask_id, by=request.user, now=timezone.now())
    if refusal:
        messages.warning(request, refusal)
    else:
        messages.info(request, f"{row.name} was written to again.")
    return redirect("desk:case", case_id=row.case_id)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def end(request: FirmRequest, ask_id: int) -> HttpResponse:
    """Take a question back."""
    row = _row_or_404(request, ask_id)
    with firm_scope(write=request.firm.pk):
        acts.end(row=row, by=request.user, now=timezone.now())
    messages.info(request, f"Taken back: the link of {row.name} opens nothing any more.")
    return redirect("desk:case", case_id=row.case_id)


def _row_or_404(request: FirmRequest, ask_id: int) -> CaseAsk:
    with firm_scope(write=None, reads=[request.firm.pk]):
        row = CaseAsk.objects.filter(firm=request.firm, pk=ask_id).select_related("case").first()
    if row is None:
        raise Http404
    return row


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show whoever has the link its question and nothing else; a press answers it, once."""
    now, firm_id = timezone.now(), links.firm_of(token, table=acts.TABLE)
    if firm_id is None:
        return render(request, "desk/question_gone.html", {"state": State.GONE.value}, status=404)
    with firm_scope(write=None, reads=[firm_id]):
        row, state = acts.opened(firm_id=firm_id, token=token, now=now)
        firm, zone = firms.firm_name(firm_id), firms.zone_of(firm_id)
        if row is None or state is not State.OPEN:
            return _gone(request, row, state, zone)
        form = AnswerForm(request.POST or None, labels=[one["label"] for one in row.choices])
        if request.method != "POST" or not form.is_valid():
            with timezone.override(zone):
                context = {"row": row, "firm": firm, "form": form}
                return render(request, "desk/question.html", context, status=422 if form.errors else 200)
    given = form.cleaned_data
    row, state = acts.answer(firm_id=firm_id, token=token, label=given["choice"], said=given["said"], now=now)
    if row is None or state is not State.OPEN:
        return _gone(request, row, state, zone)
    return render(request, "desk/question_gone.html", {"state": "thanks", "row": row, "firm": firm})


def _gone(request: HttpRequest, row: CaseAsk | None, state: State, zone: str) -> HttpResponse:
    with timezone.override(zone):
        context = {"state": state.value, "row": row}
        status = 404 if state is State.GONE else 200
        return render(request, "desk/question_gone.html", context, status=status)
