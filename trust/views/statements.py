"""What did the bank say? The statements of one trust account, one of them whole, the bank's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import firm_view
from accounts.downloads import download
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from trust.actions import statements as actions
from trust.nouns import Unreadable
from trust.queries import arrivals
from trust.queries import statements as query
from trust.statement_forms import FileForm
from trust.statements.content import LARGEST
from trust.statements.reading import NeedsProfile
from trust.views.frame import pair_or_404

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from trust.models import Statement, TrustPair

PAGE = 100
SHOWN = 60
MEGABYTE = 1024 * 1024
TOO_LARGE = "The file has {} MB; a statement has less than {}."


@require_safe
@firm_view(Permission.SEE)
def statements(request: FirmRequest, pair_id: int) -> HttpResponse:
    """List the statements of an account, and take the next file."""
    return _page(request, pair_or_404(request, pair_id), FileForm())


def _page(
    request: FirmRequest, pair: TrustPair, form: FileForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    page = Paginator(query.statements(pair), SHOWN).get_page(request.GET.get("page"))
    rows = list(page)
    context = {
        "section": "trust",
        "pair": pair,
        "currency": pair.firm.currency,
        "rows": rows,
        "page": page,
        "latest": query.statements(pair).first(),
        "form": form,
        "refused": refused,
        "may_import": Permission.RETRY in request.can,
        "may_export": Permission.EXPORT in request.can,
        "unseen": arrivals.unseen(pair),
        "waiting": query.upload_of(pair=pair, person_id=request.user.pk),
    }
    return render(request, "trust/statements.html", context, status=status)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def upload(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Look at a file: keep it aside for the page that shows what it would bring in."""
    reads = [request.firm.pk]
    with firm_scope(write=None, reads=reads):
        pair = pair_or_404(request, pair_id)
        profiles = list(query.profiles(request.firm.pk))
    form, refused, onward = FileForm(request.POST, request.FILES), "", "trust:new_statement"
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > LARGEST:
                raise Unreadable(TOO_LARGE.format(file.size // MEGABYTE, LARGEST // MEGABYTE))
            content = file.read()
            try:
                actions.open_file(
                    name=file.name, content=content, currency=request.firm.currency, profiles=profiles
                )
            except NeedsProfile:
                onward = "trust:columns"
        except Unreadable as error:
            refused = error.words
        else:
            with firm_scope(write=request.firm.pk):
                actions.stage(pair=pair, name=file.name, content=content, by=request.user, now=timezone.now())
            return redirect(onward, pair_id=pair.pk)
    with firm_scope(write=None, reads=reads):
        return _page(request, pair, form, refused=refused, status=422)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def drop(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Throw away the file that was looked at."""
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        actions.drop(pair=pair, by=request.user)
    messages.info(request, "The file is gone. Nothing was brought in.")
    return redirect("trust:statements", pair_id=pair_id)


@require_safe
@firm_view(Permission.SEE)
def statement(request: FirmRequest, pair_id: int, statement_id: int) -> HttpResponse:
    """Show one statement: its lines, its proof, its file."""
    pair = pair_or_404(request, pair_id)
    found = _statement_or_404(pair, statement_id)
    lines = found.lines.filter(firm_id=request.firm.pk).order_by("day", "position")
    context = {
        "section": "trust",
        "pair": pair,
        "currency": pair.firm.currency,
        "statement": found,
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "total": found.closing - found.opening - found.known_amount,
        "may_export": Permission.EXPORT in request.can,
    }
    return render(request, "trust/statement.html", context)


def _statement_or_404(pair: TrustPair, statement_id: int) -> Statement:
    found = query.statement_by_id(pair=pair, statement_id=statement_id)
    if found is None:
        raise Http404
    return found


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def original(request: FirmRequest, pair_id: int, statement_id: int) -> HttpResponse:
    """Give the bank's file, byte for byte."""
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        found = _statement_or_404(pair, statement_id)
        content = query.content_of(found)
        audit.record(
            firm_id=request.firm.pk,
            actor=request.user,
            verb="export.made",
            obj=found,
            after={"file": found.file.name, "sha256": found.file.sha256},
            now=timezone.now(),
        )
    return download(content, name=found.file.name, kind="application/octet-stream")
