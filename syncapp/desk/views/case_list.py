"""What is stuck: the exceptions of a firm, and those of all firms of a person in one queue."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts import queries as firms
from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core import money
from syncapp.desk import actions, words
from syncapp.desk.case_forms import CaseFilter, KeepView
from syncapp.desk.export import table
from syncapp.desk.queries import asks, cases, views
from syncapp.pipeline.cases import owners

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.access import FirmRequest
    from syncapp.desk.queries.cases import Shown
    from syncapp.records.models import Case, Hold

PAGE = 50
MOST_CHOSEN = 500
LONGEST_ID = 18
HEADS = ["Cause", "Urgency", "Whose", "Due", "Books", "Record", "Clio id", "Number", "Held",
         "Posted, needs a look", "Reason", "Since"]  # fmt: skip
AMOUNTS = 8  # columns before the two that are added up


def filter_of(request: FirmRequest, reads: Sequence[int], *, everywhere: bool = False) -> CaseFilter:
    """Read which exceptions the address asks for. In a scope that reads the firms."""
    members = [] if everywhere else firms.members_today(firm_id=request.firm.pk, now=timezone.now())
    books = [] if everywhere else firms.books_of(firm_id=request.firm.pk)
    return CaseFilter(
        request.GET,
        offered=cases.choices(firms=reads),
        people=[member.user for member in owners.may_own(members)],
        books=[(str(one.pk), one.name) for one in books],
    )


@require_safe
@firm_view(Permission.SEE)
def exceptions(request: FirmRequest) -> HttpResponse:
    """Answer: what is stuck."""
    return _list(request, [request.firm.pk], everywhere=False)


@require_safe
@firm_view(Permission.SEE, scope="all")
def everywhere(request: FirmRequest) -> HttpResponse:
    """Answer: what is stuck in all of my firms."""
    return _list(request, request.reads, everywhere=True)


def _list(request: FirmRequest, reads: Sequence[int], *, everywhere: bool) -> HttpResponse:
    now = timezone.now()
    form = filter_of(request, reads, everywhere=everywhere)
    wish = form.wish(me=request.user, now=now, today=request.today)
    page = cases.pages(firms=reads, wish=wish, per_page=PAGE).get_page(request.GET.get("page"))
    currencies = {firm.currency for firm in request.firms if firm.pk in reads}
    address = "desk:everywhere" if everywhere else "desk:exceptions"
    kept = views.kept(firms=reads, user=request.user, everywhere=everywhere)
    context: dict[str, Any] = {
        "section": "exceptions",
        "now": now,
        "here": reverse(address),
        "everywhere": everywhere,
        "several": len(request.firms) > 1,
        "form": form,
        "wish": wish,
        "page": page,
        "rows": _rows(request, list(page), reads, now),
        "totals": cases.totals(firms=reads, wish=wish),
        "currency": currencies.pop() if len(currencies) == 1 else "",
        "views": kept,
        "keep": KeepView(initial={"query": form.query()}) if wish.narrows else None,
        "query": form.query(),
        "may_retry": Permission.RETRY in request.can,
        "may_map": Permission.MAP in request.can,
        "may_change": Permission.APPROVE in request.can,
        "may_export": Permission.EXPORT in request.can,
        "top_note": "Trust first, then by money and age",
    }
    return render(request, "desk/exceptions.html", context)


def _rows(request: FirmRequest, page: Sequence[Case], reads: Sequence[int], now: datetime) -> list[Shown]:
    """Dress the cases of a page, each with the question that was mailed about it last."""
    rows = cases.shown(cases=page, now=now, today=request.today)
    asked = asks.latest(firms=reads, case_ids=[case.pk for case in page], now=now)
    for row in rows:
        row.asked = asked.get(row.case.pk)
    return rows


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def export(request: FirmRequest) -> HttpResponse:
    """Hand out the records of the exceptions that fit the filter, with the totals that the page shows."""
    now, everywhere = timezone.now(), request.GET.get("firms") == "all"
    reads = request.reads if everywhere else [request.firm.pk]
    with firm_scope(write=None, reads=reads):
        form = filter_of(request, reads, everywhere=everywhere)
        wish = form.wish(me=request.user, now=now, today=request.today)
        holds = list(cases.for_export(firms=reads, wish=wish))
        alone = list(cases.bare(firms=reads, wish=wish))
    counts: dict[int, int] = defaultdict(int, {} if everywhere else {request.firm.pk: 0})
    for hold in holds:
        counts[hold.firm_id] += 1
    for firm_id, number in counts.items():
        with firm_scope(write=firm_id):
            what = f"exceptions, {number} records"
            actions.exported(firm_id=firm_id, what=what, by=request.user, now=now)
    more = ["Firm", "Currency"] if everywhere else []
    lines = [(case.firm, _alone(case)) for case in alone] + [(hold.firm, _line(hold)) for hold in holds]
    rows = [[firm.name, firm.currency][: len(more)] + line for firm, line in lines]
    name = "all-firms" if everywhere else request.firm.slug
    return table(
        name=f"{name}-exceptions-{firms.today_of(request.firm, now).isoformat()}",
        heads=[*more, *HEADS],
        rows=rows,
        form=request.GET.get("format", ""),
        totals=_sums(holds, len(more)),
    )


def _head(case: Case) -> list[Any]:
    return [
        case.title,
        words.SEVERITY.get(case.severity, (case.severity, ""))[0],
        str(case.owner) if case.owner else "",
        case.rested_until or case.due_on,
        case.books.name if case.books else "",
    ]


def _alone(case: Case) -> list[Any]:
    """Return the line of a lost connection for which no record waits."""
    return [*_head(case), "", "", "", None, None, case.facts.get("said", ""), case.opened_at]


def _line(hold: Hold) -> list[Any]:
    amount = money.decimal(hold.amount, hold.firm.currency)
    return [
        *_head(hold.case),
        words.RESOURCE.get(hold.resource, hold.resource).capitalize(),
        hold.source_id,
        hold.number,
        None if hold.alarm else amount,
        amount if hold.alarm else None,
        hold.words,
        hold.opened_at,
    ]


def _sums(holds: Sequence[Hold], more: int) -> list[Any]:
    """Return the totals of the page; several currencies have none."""
    currencies = {hold.firm.currency for hold in holds}
    if len(currencies) > 1:
        return []
    currency = currencies.pop() if currencies else "USD"
    held, posted = (
        money.decimal(sum(hold.amount for hold in holds if hold.alarm is alarm), currency)
        for alarm in (False, True)
    )
    return ["Total", *[None] * (more + AMOUNTS - 1), held, posted, None, None]


def chosen(request: FirmRequest, name: str) -> list[int]:
    """Return the ids that were ticked."""
    return [
        int(value)
        for value in request.POST.getlist(name)[:MOST_CHOSEN]
        if value.isdigit() and len(value) <= LONGEST_ID
    ]


def way_back(request: FirmRequest) -> str:
    """Return where a person came from, when it is a page of ours."""
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return back
    return reverse("desk:exceptions")


@require_POST
@firm_view(Permission.RETRY, scope="none")
def retry(request: FirmRequest) -> HttpResponse:
    """Try again, in each firm what was ticked of it: first say what, then do it."""
    case_ids, hold_ids = chosen(request, "case"), chosen(request, "hold")
    everything, back = request.POST.get("all") == "1", way_back(request)
    wanted: dict[str, Any] = {"hold_ids": hold_ids, "everything": everything}
    with firm_scope(write=None, reads=request.reads):
        by_firm = views.by_firm(firms=request.reads, case_ids=case_ids)
        here = [request.firm.pk] if everything or hold_ids else []
        reads = here if everything else sorted({*by_firm, *here})
        number, amount = cases.retryable(firms=reads, case_ids=case_ids, **wanted) if reads else (0, 0)
        if number and request.POST.get("sure") != "1":
            context = wanted | {"section": "exceptions", "number": number, "amount": amount, "back": back}
            currencies = {firm.currency for firm in request.firms if firm.pk in reads}
            context |= {"case_ids": case_ids, "currency": currencies.pop() if len(currencies) == 1 else ""}
            return render(request, "desk/retry.html", context)
    if not number:
        messages.warning(request, "Nothing was chosen that is held. Tick what to try again.")
        return redirect(back)
    now, asked = timezone.now(), 0
    for firm_id in reads:
        ids = by_firm.get(firm_id, [])
        asked += actions.retry(firm_id=firm_id, case_ids=ids, by=request.user, now=now, **wanted)
    noun, verb = words.counted(asked, "record"), "is" if asked == 1 else "are"
    messages.info(
        request, f"{noun} {verb} tried again by the run that begins now. What is still stuck stays here."
    )
    return redirect(back)
