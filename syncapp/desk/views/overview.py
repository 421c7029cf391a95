"""The overview: are the books right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import queries as firms
from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk.forms import StartPosting
from syncapp.desk.queries import adoption, cases, links, runs, ties, waits
from syncapp.desk.queries.freshness import freshness
from syncapp.pipeline import connect as connecting
from syncapp.pipeline.clock import schedule
from syncapp.records.models.queue import QUIET

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.access import FirmRequest
    from accounts.models import Books

WAITING = 6


@require_safe
@firm_view(Permission.SEE)
def overview(request: FirmRequest) -> HttpResponse:
    """Answer whether the books are right. A new firm sees what is left to set up."""
    now = timezone.now()
    books = firms.books_of(firm_id=request.firm.pk)
    standings = ties.standings(firm_id=request.firm.pk, books=books, currency=request.firm.currency)
    context = _frame(request, books, now)
    if not context["setup"].any_started or not any(standing.tie for standing in standings):
        return render(request, "desk/setup.html", context)
    context |= _proved(request, standings, context, now)
    context["native"] = adoption.banners(firm_id=request.firm.pk)
    return render(request, "desk/overview.html", context)


@require_safe
@firm_view(Permission.SEE)
def setup(request: FirmRequest) -> HttpResponse:
    """Answer: what is left."""
    books = firms.books_of(firm_id=request.firm.pk)
    return render(request, "desk/setup.html", _frame(request, books, timezone.now()))


def _frame(request: FirmRequest, books: Sequence[Books], now: datetime) -> dict[str, Any]:
    """Gather what both pages show: the steps, and the run that goes or is about to."""
    firm_id = request.firm.pk
    steps = links.setup(firm_id=firm_id, books=books)
    plan = schedule.status(firm_id)
    going = runs.going(firm_id=firm_id, now=now)
    troubles = waits.banners(firm=request.firm, now=now)
    return {
        "section": "overview",
        "now": now,
        "going": going,
        "starting": None if going or steps.ran or not steps.started else runs.starting(plan, now=now),
        "setup": steps,
        "stopped": runs.stopped(firm_id=firm_id) if going is None and not troubles else None,
        "troubles": troubles,
        "pauses": waits.pauses(firm_id=firm_id),
        "may": {permission.value: permission in request.can for permission in Permission},
        "start_form": StartPosting(),
        "currency": request.firm.currency,
        "schedule": plan,
    }


def _proved(
    request: FirmRequest, standings: list[ties.Standing], frame: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """Gather what stands below the first sentence."""
    firm_id = request.firm.pk
    reached = all(trouble.provider != "clio" for trouble in frame["troubles"])
    compared = [standing.tie for standing in standings]
    stuck = cases.open_cases(firms=[firm_id]).filter(rested_until__isnull=True)
    waiting = list(stuck.exclude(severity__in=["waiting", *QUIET])[:WAITING])
    overdue = ties.ageing(compared)
    times = [_time(tie.time) for tie in compared if tie and tie.time]
    return {
        "standings": standings,
        "timed": waits.scheduled(firm=request.firm),
        "first": next((one for one in standings if one.tie), standings[0]),
        "all_equal": all(tie.equal for tie in compared if tie),
        "waiting": cases.shown(cases=waiting, now=now),
        "stuck": cases.totals(firms=[firm_id], paused=False),
        "ages": cases.ages(firm_id=firm_id, now=now),
        "last": runs.last(firm_id=firm_id),
        "months": ties.months(compared),
        "receivables": overdue,
        "receivables_total": sum(bucket["minor"] for bucket in overdue),
        "time": times[0] if times else None,
        "freshness": freshness(firm_id=firm_id, plan=frame["schedule"], now=now, reached=reached),
    }


def _time(found: dict[str, Any]) -> dict[str, Any]:
    """Return the time control total as rows that add up to what is billable."""
    rows = [
        {"label": label, "hours": _part(found, key, "hours"), "minor": _part(found, key, "amount")}
        for key, label in (
            ("billed_posted", "Billed and posted"),
            ("billed_held", "Billed and held"),
            ("drafted", "On drafts"),
            ("unbilled", "Not billed yet"),
        )
    ]
    total = {"hours": _part(found, "billable", "hours"), "minor": _part(found, "billable", "amount")}
    oldest = found.get("oldest_unbilled")
    return {
        "rows": rows,
        "total": total,
        "oldest": date.fromisoformat(str(oldest)[:10]) if oldest else None,
        "beside": {
            "hours": _part(found, "written_down", "hours"),
            "minor": _part(found, "written_down", "amount"),
        },
        "ties": sum(int(row["minor"]) for row in rows) == int(total["minor"]),
    }


def _part(found: dict[str, Any], key: str, name: str) -> Any:
    part = found.get(key)
    value = part.get(name) if isinstance(part, dict) else (part if name == "amount" else None)
    if name == "hours":
        return f"{Decimal(str(value or 0)):,.1f}"
    return value or 0


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def start(request: FirmRequest, books_id: int) -> HttpResponse:
    """Begin to post into a company whose name a person has typed."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        books: Books | None = links.books_or_none(firm_id=request.firm.pk, books_id=books_id)
    if books is None:
        raise Http404
    form = StartPosting(request.POST)
    if not form.is_valid():
        messages.error(request, "Type the name of the company as it is shown. Nothing has been posted.")
        return redirect("desk:overview")
    now = timezone.now()
    refusal = connecting.start_posting(
        firm_id=request.firm.pk,
        books_id=books_id,
        typed_name=form.cleaned_data["typed_name"],
        by=request.user,
        now=now,
    )
    if refusal is not None:
        messages.error(request, refusal)
        return redirect("desk:overview")
    schedule.ask(firm_id=request.firm.pk, now=now)
    messages.info(request, "The first sync begins within a few seconds. You can leave this page; it goes on.")
    return redirect("desk:overview")
