"""Undo: what a record or a run posted is taken back, as it was looked at, and may be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk import actions, words
from syncapp.desk.forms import UndoForm
from syncapp.desk.queries import cases, runs, traces, undone
from syncapp.desk.rights import rights_of
from syncapp.pipeline.undoing import acts

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.access import FirmRequest


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.APPROVE, scope="none")
def undo_record(request: FirmRequest, document_id: int) -> HttpResponse:
    """Ask whether what stands for one record is taken back, and do it."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        document = traces.document_or_none(firm_id=request.firm.pk, document_id=document_id)
        if document is None:
            raise Http404
        noun = words.KIND.get(document.kind, document.kind)
    told = {
        "title": f"{noun} {document.number or document.source_id}",
        "back": ("desk:record", document_id),
        "section": "record",
    }
    return _undo(request, [document_id], told)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.APPROVE, scope="none")
def undo_run(request: FirmRequest, run_id: int) -> HttpResponse:
    """Ask whether all that a run posted is taken back, and do it."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        run = runs.one(firm_id=request.firm.pk, run_id=run_id)
        if run is None or run.state == "going" or run.shadow:
            raise Http404
        posted = acts.posted_by(run)
        later = traces.documents(firm_id=request.firm.pk, ids=posted.later)
    told = {
        "title": "this run",
        "back": ("desk:run", run_id),
        "section": "runs",
        "customers": posted.customers,
        "later": later,
        "run_id": run_id,
    }
    return _undo(request, posted.records, told)


def _undo(request: FirmRequest, documents: Collection[int], told: dict[str, Any]) -> HttpResponse:
    form, now = UndoForm(request.POST or None), timezone.now()
    if request.method == "POST" and form.is_valid():
        found = actions.undo(
            firm_id=request.firm.pk,
            documents=documents,
            shown=form.cleaned_data["shown"],
            reason=form.cleaned_data["reason"],
            again=request.POST.get("then") == "again",
            rights=rights_of(request.can),
            run_id=told.get("run_id"),
            by=request.user,
            now=now,
        )
        if isinstance(found, int):
            count = words.counted(found, "record")
            messages.info(request, f"{count} undone. What takes it back posts with the run that begins now.")
            return redirect(*told["back"])
        form.add_error(None, found)
    with firm_scope(write=None, reads=[request.firm.pk]):
        page = undone.page(
            firm_id=request.firm.pk,
            documents=documents,
            rights=rights_of(request.can),
            by=request.user,
            now=now,
        )
        context = told | page | {"form": form, "now": now, "currency": request.firm.currency}
        return render(request, "desk/undo.html", context, status=422 if form.errors else 200)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def send_again(request: FirmRequest, document_id: int) -> HttpResponse:
    """Let one undone record be sent again."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        if traces.document_or_none(firm_id=request.firm.pk, document_id=document_id) is None:
            raise Http404
    _send_again(request, [document_id])
    return redirect("desk:record", document_id=document_id)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def send_case_again(request: FirmRequest, case_id: int) -> HttpResponse:
    """Let all that a case holds as undone be sent again."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        if cases.case_or_none(firm_id=request.firm.pk, case_id=case_id) is None:
            raise Http404
        holds = cases.open_holds(firm_id=request.firm.pk, case_id=case_id)
        documents = list(holds.order_by().values_list("document_id", flat=True))
    _send_again(request, documents)
    return redirect("desk:case", case_id=case_id)


def _send_again(request: FirmRequest, documents: Collection[int]) -> None:
    found = actions.send_again(
        firm_id=request.firm.pk,
        documents=documents,
        rights=rights_of(request.can),
        by=request.user,
        now=timezone.now(),
    )
    if isinstance(found, int):
        messages.info(request, f"{words.counted(found, 'record')} sent again by the run that begins now.")
    else:
        messages.warning(request, found)
