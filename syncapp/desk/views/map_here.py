"""Where do these lines go: chosen from the exception itself, with what it posts, before it is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from mapping import placing, practice, queries
from syncapp.desk import actions, words
from syncapp.desk.queries import cases
from syncapp.desk.views.exceptions import back_to_case
from syncapp.pipeline.cases import foreseen

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from mapping.models import Version
    from mapping.placing import Wish
    from syncapp.records.models import Case


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.MAP, scope="none")
def map_here(request: FirmRequest, case_id: int) -> HttpResponse:
    """Ask where such lines go; with a choice show what it posts; posted, put it in force."""
    refusal, status = "", 200
    with firm_scope(write=None, reads=[request.firm.pk]):
        case, wish = _asked(request, case_id)
    if request.method == "POST":
        refusal = actions.map_here(
            firm_id=request.firm.pk,
            case_id=case_id,
            wish=wish,
            choice=request.POST.get("choice", ""),
            by=request.user,
            now=timezone.now(),
        )
        if not refusal:
            messages.info(
                request, "The rule is in force. What it releases posts with the run that begins now."
            )
            return back_to_case(case_id, None)
        status = 422
    with firm_scope(write=None, reads=[request.firm.pk]):
        context = _context(request, case, wish) | {"refusal": refusal}
        return render(request, "desk/map_here.html", context, status=status)


def _asked(request: FirmRequest, case_id: int) -> tuple[Case, Wish]:
    case = cases.case_or_none(firm_id=request.firm.pk, case_id=case_id)
    wish = placing.wish_of(case.code, case.facts) if case else None
    if case is None or wish is None or case.closed_at or case.books_id is None:
        raise Http404
    return case, wish


def _context(request: FirmRequest, case: Case, wish: Wish) -> dict[str, Any]:
    version = queries.published(case.books_id or 0)
    context: dict[str, Any] = {
        "section": "exceptions",
        "case": case,
        "wish": wish,
        "currency": request.firm.currency,
        "ledger": words.LEDGERS.get(case.books.ledger, "") if case.books else "the books",
        "draft": queries.draft(case.books_id or 0),
    }
    if version is None:
        return context | {"refusal": placing.NO_MAPPING}
    book = queries.book_of(version)
    offered = placing.candidates(wish, book.chart, book.walled)
    choice = request.GET.get("choice", request.POST.get("choice", ""))
    if choice in dict(offered):
        context |= _effect(case, wish, choice, version)
    elif not choice:
        choice = placing.suggested(wish, book.chart, practice.practice(request.firm.pk))
    return context | {"offered": offered, "choice": choice}


def _effect(case: Case, wish: Wish, choice: str, version: Version) -> dict[str, Any]:
    """Return what the choice would post."""
    found = foreseen.effect(case=case, tried=placing.tried(wish, choice, version), codes=placing.CODES)
    return {
        "effect": found,
        "stays": sorted(found.stays.items(), key=lambda row: -row[1]),
        "said": placing.said(wish, choice),
    }
