"""What of client money is kept until when, legal holds, and the answer to who asks for deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from trust.actions import keeping
from trust.downloads import report_file
from trust.models import LegalHold
from trust.queries import retention as query
from trust.reports import retained
from trust.signing_forms import HoldForm

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from trust.queries.retention import Record

PER_PAGE = 50
SHOWN = {"": "All", "kept": "Kept", "held": "Under legal hold", "free": "Free to go"}


@require_safe
@firm_view(Permission.SEE)
def retention(request: FirmRequest) -> HttpResponse:
    """Show what is kept until when: matters and clients, then the accounts by year."""
    today = today_of(request.firm, timezone.now())
    found = query.records(request.firm, today)
    show = request.GET.get("show", "")
    rows = [one for one in found.ledgers if _fits(one, show, request.GET.get("q", ""), today)]
    context = {
        "section": "trust",
        "today": today,
        "counts": _counts(found.ledgers, today),
        "any": bool(found.every),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "years": [(one, one.kept.may_go(today)) for one in found.years],
        "holds": found.holds,
        "asked": query.requests(request.firm.pk),
        "show": show,
        "shown": SHOWN.items(),
        "words": request.GET.get("q", ""),
    }
    return render(request, "trust/retention.html", context)


def _fits(one: Record, show: str, words: str, today: Any) -> bool:
    standing = {
        "kept": not one.kept.may_go(today),
        "held": bool(one.kept.holds),
        "free": one.kept.may_go(today),
    }
    return standing.get(show, True) and words.strip().casefold() in one.name.casefold()


def _counts(rows: tuple[Record, ...], today: Any) -> dict[str, int]:
    free = sum(one.kept.may_go(today) for one in rows)
    return {"free": free, "kept": len(rows) - free, "held": sum(bool(one.kept.holds) for one in rows)}


@require_safe
@firm_view(Permission.EXPORT)
def retention_file(request: FirmRequest) -> HttpResponse:
    """Answer with the whole list as PDF or CSV."""
    now = timezone.now()
    today = today_of(request.firm, now)
    report = retained.report(request.firm, query.records(request.firm, today), today)
    name = f"{slugify(request.firm.name)}-kept-{today}"
    return report_file(request, report, name=name, now=now)


@require_safe
@firm_view(Permission.SEE)
def kept(request: FirmRequest, kind: str, key: str) -> HttpResponse:
    """Answer for one record whether it may go, and why not."""
    return _page(request, _record(request, kind, key))


def _record(request: FirmRequest, kind: str, key: str) -> Record:
    today = today_of(request.firm, timezone.now())
    found = query.records(request.firm, today).find(kind, key, f"All records of {request.firm}")
    if found is None:
        raise Http404
    return found


def _page(
    request: FirmRequest, record: Record, form: HoldForm | None = None, *, status: int = 200
) -> HttpResponse:
    today = today_of(request.firm, timezone.now())
    may_hold = Permission.SIGN in request.can
    context = {
        "section": "trust",
        "record": record,
        "refusal": record.kept.refusal(today),
        "holds": query.holds_on(request.firm.pk, record.subject),
        "asked": query.requests(request.firm.pk, record.subject),
        "may_hold": may_hold,
        "may_ask": Permission.APPROVE in request.can,
        "form": (form or HoldForm()) if may_hold and record.holdable else None,
    }
    return render(request, "trust/kept.html", context, status=status)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def delete(request: FirmRequest, kind: str, key: str) -> HttpResponse:
    """Ask for deletion: refused with the day, or noted; both stand in the log."""
    now = timezone.now()
    with firm_scope(write=request.firm.pk):
        record = _record(request, kind, key)
        row = keeping.ask_deletion(
            firm_id=request.firm.pk,
            record=record,
            today=today_of(request.firm, now),
            actor=request.user,
            now=now,
        )
        if row.refused:
            return _page(request, record, status=409)
    messages.info(request, f"Noted: nothing keeps {record.name} any longer.")
    return redirect("trust:kept", kind=kind, key=key)


@require_POST
@firm_view(Permission.SIGN, scope="none")
def hold(request: FirmRequest, kind: str, key: str) -> HttpResponse:
    """Set a legal hold on a matter, a client or the firm."""
    with firm_scope(write=request.firm.pk):
        record = _record(request, kind, key)
        if not record.holdable:
            raise Http404
        form = HoldForm(request.POST)
        if not form.is_valid():
            return _page(request, record, form, status=422)
        keeping.set_hold(
            firm_id=request.firm.pk,
            record=record,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=timezone.now(),
        )
    messages.info(request, f"{record.name} is under legal hold.")
    return redirect("trust:kept", kind=kind, key=key)


@require_POST
@firm_view(Permission.SIGN, scope="none")
def lift(request: FirmRequest, hold_id: int) -> HttpResponse:
    """Lift a legal hold, with the reason."""
    form = HoldForm(request.POST)
    with firm_scope(write=request.firm.pk):
        row = LegalHold.objects.filter(firm=request.firm, pk=hold_id).first()
        if row is None:
            raise Http404
        if not form.is_valid():
            messages.error(request, "Say why the hold is lifted. It still stands.")
        else:
            refused = keeping.lift_hold(
                hold=row, reason=form.cleaned_data["reason"], actor=request.user, now=timezone.now()
            )
            messages.info(request, refused or f"The legal hold on {row.name} is lifted.")
    kind, _, key = row.subject.partition("/")
    return redirect("trust:kept", kind=kind, key=key or "all")
