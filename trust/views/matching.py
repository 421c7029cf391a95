"""The bank beside the books: what fits, what a person matches by hand, what was matched and is undone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from trust.actions import matches as verbs
from trust.matching import How
from trust.models.matches import BANK
from trust.queries import payees as payees_query
from trust.queries import workbench as query
from trust.views.frame import month_or_404, pair_or_404

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from trust.models import Match, TrustPair

PAGE = 50
LONGEST = 120  # of a search


@require_safe
@firm_view(Permission.SEE)
def matching(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Show what of the bank and of the books is not matched, side by side, with the difference on top."""
    pair = pair_or_404(request, pair_id)
    return _page(request, pair, lines=request.GET.getlist("line"), entries=request.GET.getlist("entry"))


def _page(
    request: FirmRequest,
    pair: TrustPair,
    *,
    lines: list[str],
    entries: list[str],
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    months = query.months(pair)
    month = _month(request, pair, months)
    search = (request.POST.get("q") or request.GET.get("q") or "").strip()[:LONGEST]
    context: dict[str, Any] = {
        "section": "trust",
        "pair": pair,
        "currency": pair.firm.currency,
        "months": sorted({*months, *([month] if month else [])}, reverse=True),
        "month": month,
        "q": search,
        "refused": refused,
        "may_match": Permission.RETRY in request.can,
    }
    if month is not None:
        desk = query.workbench(pair, query.last_day(month), search=search, lines=lines, entries=entries)
        page = Paginator(query.made(pair, month), PAGE).get_page(request.GET.get("page"))
        context |= {"desk": desk, "chosen": desk.chosen, "tie": _tie(desk, pair), "page": page}
        keys = [part.key for row in page for part in row.parts.all() if part.side != BANK]
        records = query.records_of(pair, keys)
        context["made"] = [_made(row, desk.said, records) for row in page]
    return render(request, "trust/matching.html", context, status=status)


def _month(request: FirmRequest, pair: TrustPair, months: list[date]) -> date | None:
    """Return the month that the address names, else the latest with a statement; None without any."""
    wanted = request.POST.get("month") or request.GET.get("month") or ""
    if wanted:
        return month_or_404(pair, wanted)
    return months[0] if months else None


def _tie(desk: query.Workbench, pair: TrustPair) -> dict[str, Any]:
    """Return the adjusted bank beside the books; the page leaves it out where no statement tells it."""
    deposits, checks = len(desk.standing.deposits), len(desk.standing.checks)
    note = f"{deposits} in transit, {checks} unpaid"
    return {
        "currency": pair.firm.currency,
        "sides": [
            {"label": "Bank, adjusted", "minor": desk.adjusted, "note": note},
            {"label": "Books, trust bank", "minor": desk.books, "equal": desk.difference == 0},
        ],
    }


def _made(row: Match, said: dict[tuple[str, str], str], records: dict[str, int]) -> dict[str, Any]:
    """Return one match as a row: what the bank said, what the books have, who or what decided."""
    parts = row.parts.all()
    return {
        "match": row,
        "how": query.WORDS[How(row.how)],
        "bank": [(part, said.get((part.side, part.key), part.key)) for part in parts if part.side == BANK],
        "books": [
            (part, said.get((part.side, part.key), part.key), records.get(part.key))
            for part in parts
            if part.side != BANK
        ],
    }


@require_safe
@firm_view(Permission.SEE)
def chosen(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Say by how much what is ticked differs."""
    pair = pair_or_404(request, pair_id)
    found = query.chosen(pair, lines=request.GET.getlist("line"), entries=request.GET.getlist("entry"))
    context = {"chosen": found, "pair": pair, "currency": pair.firm.currency}
    return render(request, "trust/chosen.html", context | {"may_match": Permission.RETRY in request.can})


@require_POST
@firm_view(Permission.RETRY, scope="none")
def match(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Match what is ticked on both sides."""
    lines, entries = request.POST.getlist("line"), request.POST.getlist("entry")
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        outcome = verbs.match_by_hand(
            pair=pair,
            lines=lines,
            subjects=entries,
            learn="learn" in request.POST,
            actor=request.user,
            now=timezone.now(),
        )
        if isinstance(outcome, str):
            return _page(request, pair, lines=lines, entries=entries, refused=outcome, status=422)
    return _back(request, pair_id)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def accept(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Take suggestions: one, those that are ticked, or all that the page showed."""
    name = next((key for key in ("only", "all") if key in request.POST), "take")
    keys = request.POST.getlist("offered" if name == "all" else name)
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        month = _month(request, pair, query.months(pair))
        if month is None:
            raise Http404
        outcome = verbs.accept(
            pair=pair, keys=keys, day=query.last_day(month), actor=request.user, now=timezone.now()
        )
        if isinstance(outcome, str):
            return _page(request, pair, lines=[], entries=[], refused=outcome, status=422)
    return _back(request, pair_id)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def undo(request: FirmRequest, match_id: int) -> HttpResponse:
    """Undo a match; what it named is free again."""
    with firm_scope(write=request.firm.pk):
        row = query.match_of(firm_id=request.firm.pk, match_id=match_id)
        if row is None:
            raise Http404
        why = request.POST.get("why", "").strip() or "It was not the same money."
        refused = verbs.undo_by_hand(match=row, why=why, actor=request.user, now=timezone.now())
    if refused:
        messages.warning(request, refused)
    else:
        messages.info(request, "Undone. Its lines and entries can be matched again.")
    return _back(request, row.pair_id)


def _back(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Go back to the screen as it was narrowed."""
    kept = {key: value for key in ("month", "q") if (value := request.POST.get(key, ""))}
    address = reverse("trust:matching", kwargs={"pair_id": pair_id})
    return redirect(f"{address}?{urlencode(kept)}" if kept else address)


@require_safe
@firm_view(Permission.SEE)
def payees(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Show what people taught of the bank's texts, each with its uses."""
    pair = pair_or_404(request, pair_id)
    rules = list(payees_query.learned(pair))
    used = payees_query.uses(pair, rules)
    texts = payees_query.texts(pair, [row for rows in used.values() for row in rows])
    listed = [
        {
            "rule": rule,
            "uses": [
                {"match": row, "parts": [(part, texts.get(part.key, "")) for part in row.parts.all()]}
                for row in used.get(rule.pk, [])
            ],
        }
        for rule in rules
    ]
    context = {
        "section": "trust",
        "pair": pair,
        "rules": listed,
        "may_match": Permission.RETRY in request.can,
    }
    return render(request, "trust/payees.html", context)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def stop_payee(request: FirmRequest, rule_id: int) -> HttpResponse:
    """Stop a learned payee; what was matched by it stays."""
    with firm_scope(write=request.firm.pk):
        rule = payees_query.rule_of(firm_id=request.firm.pk, rule_id=rule_id)
        if rule is None:
            raise Http404
        verbs.stop_rule(rule=rule, actor=request.user, now=timezone.now())
    messages.info(request, "Stopped. What was matched by it stays matched.")
    return redirect("trust:payees", pair_id=rule.pair_id)
