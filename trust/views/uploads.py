"""A bank's file before it is brought in: what it would add, what it leaves out, which column is what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from trust.actions import statements as actions
from trust.nouns import Unreadable
from trust.queries import statements as query
from trust.statement_forms import ColumnsForm, ToldForm
from trust.statements.fitting import Told
from trust.statements.profile import suggest
from trust.statements.reading import NeedsProfile, read, table_of
from trust.views.frame import pair_or_404

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from trust.models import StatementUpload, TrustPair

SAMPLE = 12
LINES = 40
LONGEST_NAME = 80


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.RETRY, scope="none")
def new(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Show what a file would bring in; posting brings it in."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        pair = pair_or_404(request, pair_id)
        held = query.upload_of(pair=pair, person_id=request.user.pk)
        profiles = list(query.profiles(request.firm.pk))
    if held is None:
        return redirect("trust:statements", pair_id=pair.pk)
    form = ToldForm(request.POST) if request.method == "POST" else ToldForm(held.told or None)
    try:
        file = actions.open_file(
            name=held.name, content=bytes(held.content), currency=request.firm.currency, profiles=profiles
        )
    except NeedsProfile:
        return redirect("trust:columns", pair_id=pair.pk)
    if request.method == "POST" and form.is_valid():
        refused = _take(request, pair, held, file, form)
        if refused is None:
            return redirect("trust:statements", pair_id=pair.pk)
    else:
        refused = ""
    with firm_scope(write=None, reads=[request.firm.pk]):
        return _preview(request, pair, held, file, form, refused)


def _take(
    request: FirmRequest, pair: TrustPair, held: StatementUpload, file: actions.File, form: ToldForm
) -> str | None:
    """Bring the file in; return why not, or None."""
    now, said = timezone.now(), form.cleaned_data
    try:
        with firm_scope(write=request.firm.pk):
            known = query.kept(pair=pair, sha256=file.sha256)
            made = actions.take(
                pair=pair,
                file=file,
                told=form.told(),
                digits=said["digits"],
                by=request.user,
                today=today_of(request.firm, now),
                now=now,
            )
            actions.drop(pair=pair, by=request.user)
    except Unreadable as error:
        told = {name: str(value) for name, value in form.data.items() if name in said and value}
        with firm_scope(write=request.firm.pk):
            actions.remember(upload=held, told=told)
        return error.words
    if known:
        messages.info(request, f"{held.name} was brought in before. Nothing was added.")
    else:
        new_lines = made.seen - made.known
        messages.info(request, f"{new_lines} new lines of {pair}, {made}. {made.known} were here already.")
    return None


def _preview(
    request: FirmRequest,
    pair: TrustPair,
    held: StatementUpload,
    file: actions.File,
    form: ToldForm,
    refused: str,
) -> HttpResponse:
    told, digits = Told(), ""
    if form.is_bound and form.is_valid():
        told, digits = form.told(), form.cleaned_data["digits"]
    context: dict[str, Any] = {
        "section": "trust",
        "pair": pair,
        "currency": pair.firm.currency,
        "held": held,
        "file": file,
        "form": form,
        "refused": refused,
        "again": query.kept(pair=pair, sha256=file.sha256),
    }
    try:
        today = today_of(request.firm, timezone.now())
        found = actions.consider(pair=pair, file=file, told=told, digits=digits, today=today)
    except Unreadable as error:
        context["refused"] = refused or error.words
    else:
        lines = found.statement.lines
        context |= {
            "found": found,
            "fit": found.fit,
            "total": sum(line.amount for line in lines),
            "count": len(lines),
            "known": {line.id for line in found.fit.known},
            "lines": found.fit.new[:LINES],
            "more": max(len(found.fit.new) - LINES, 0),
        }
    return render(request, "trust/new_statement.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.RETRY, scope="none")
def columns(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Say once which column of a bank's table is what, and see at once how its lines are read."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        pair = pair_or_404(request, pair_id)
        held = query.upload_of(pair=pair, person_id=request.user.pk)
    if held is None:
        return redirect("trust:statements", pair_id=pair.pk)
    said = request.POST if request.method == "POST" else request.GET
    bound = said if "delimiter" in said else None
    try:
        table, delimiter = table_of(bytes(held.content), delimiter=said.get("delimiter", ""))
    except Unreadable:
        return redirect("trust:new_statement", pair_id=pair.pk)
    proposed = suggest(table, delimiter=delimiter)
    form = ColumnsForm(bound, table=table, profile=proposed, address=request.path)
    if request.method == "POST" and form.is_valid():
        if not (refused := _save(request, held, form)):
            return redirect("trust:new_statement", pair_id=pair.pk)
    else:
        refused = ""
    context = {
        "pair": pair,
        "held": held,
        "form": form,
        "table": [[*row, *[""] * (len(form.heads) - len(row))] for row in table[:SAMPLE]],
        "name": said.get("name", ""),
        "refused": refused,
    }
    return _columns_page(request, context)


def _columns_page(request: FirmRequest, context: dict[str, Any]) -> HttpResponse:
    form: ColumnsForm = context["form"]
    context |= {
        "section": "trust",
        "currency": request.firm.currency,
        "columns": form.columns(),
        "preview": _read(context["held"], form, request.firm.currency),
    }
    of_preview = request.htmx and request.htmx.target != "columns"
    template = "trust/columns_preview.html" if of_preview else "trust/columns.html"
    with firm_scope(write=None, reads=[request.firm.pk]):
        return render(request, template, context, status=422 if context["refused"] else 200)


def _save(request: FirmRequest, held: StatementUpload, form: ColumnsForm) -> str:
    """Keep the profile; return why not, or nothing."""
    name = request.POST.get("name", "").strip()[:LONGEST_NAME]
    if not name:
        return "Name the bank, so that its next file is read the same way."
    try:
        with firm_scope(write=request.firm.pk):
            actions.save_profile(
                firm_id=request.firm.pk,
                name=name,
                content=bytes(held.content),
                shape=form.profile(),
                by=request.user,
                now=timezone.now(),
            )
    except Unreadable as error:
        return error.words
    return ""


def _read(held: StatementUpload, form: ColumnsForm, currency: str) -> dict[str, Any]:
    """Read the file as the form says, or as it proposes; say why it cannot be read."""
    shape = form.profile() if form.is_bound and form.is_valid() else form.proposed
    if faults := shape.faults():
        return {"refused": " ".join(faults)}
    try:
        reading = read(bytes(held.content), profile=shape, currency=currency)
    except Unreadable as error:
        return {"refused": error.words}
    statement = reading.statements[0]
    return {
        "lines": statement.lines[:SAMPLE],
        "count": len(statement.lines),
        "total": sum(line.amount for line in statement.lines),
        "opening": statement.opening,
        "closing": statement.closing,
        "proved": statement.proof == 0,
        "warnings": reading.warnings,
    }
