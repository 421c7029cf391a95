"""Who clears what, and by when? The firm's rules of its exceptions, and what it carried into a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import queries as firms
from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core import money
from syncapp.desk import actions
from syncapp.desk.case_rule_forms import CaseRule, CaseTerms, rules, spoken
from syncapp.desk.export import table
from syncapp.desk.queries import carried, cases
from syncapp.pipeline.autos.rules import KEY as AUTO
from syncapp.pipeline.cases import owners
from syncapp.pipeline.cases import rules as firm_rules

if TYPE_CHECKING:
    from accounts.access import FirmRequest

HEADS = ["Cause", "Whose", "Records", "Held", "Open since", "Days open", "Now"]


def _forms(request: FirmRequest, given: Any = None) -> tuple[CaseTerms, list[CaseRule]]:
    firm_id = request.firm.pk
    people = [
        member.user for member in owners.may_own(firms.members_today(firm_id=firm_id, now=timezone.now()))
    ]
    said = firm_rules.said(firm_id)
    codes = [code for code, _ in cases.choices(firms=[firm_id])["code"]]
    return (
        CaseTerms(given, said=said, people=people),
        rules(given, said=said, codes=codes, people=people),
    )


def _page(request: FirmRequest, terms: CaseTerms, rows: list[CaseRule], *, status: int = 200) -> HttpResponse:
    care = owners.load(firm_id=request.firm.pk, now=timezone.now())
    names = {member.user.email: str(member.user) for member in care.members}
    context = {
        "section": "settings",
        "care": care,
        "standing": [spoken(rule, names) for rule in care.rules],
        "default": care.owner_of(owners.Born(code="", fix="", severity="")),
        "terms": terms,
        "rules": rows,
        "may_change": Permission.CONNECT in request.can,
    }
    return render(request, "desk/case_rules.html", context, status=status)


@require_safe
@firm_view(Permission.SEE)
def case_rules(request: FirmRequest) -> HttpResponse:
    """Show whose which exceptions are and by when they are cleared, and a form to change it."""
    return _page(request, *_forms(request))


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def change(request: FirmRequest) -> HttpResponse:
    """Keep new rules for the firm's exceptions."""
    reads = [request.firm.pk]
    with firm_scope(write=None, reads=reads):
        terms, rows = _forms(request, request.POST)
        if not all([terms.is_valid(), *[row.is_valid() for row in rows]]):
            return _page(request, terms, rows, status=422)
    listed = [rule for row in rows if (rule := row.said())]
    wanted = terms.said() | ({"owners": listed} if listed else {})
    with firm_scope(write=None, reads=reads):  # the rules that answer some have a page of their own
        wanted |= {key: said for key, said in firm_rules.said(request.firm.pk).items() if key == AUTO}
    refusal = firm_rules.change(firm=request.firm, wanted=wanted, by=request.user, now=timezone.now())
    messages.info(request, refusal or "Changed. It holds for what opens from now on.")
    return redirect("desk:case_rules")


@require_safe
@firm_view(Permission.SEE)
def month(request: FirmRequest) -> HttpResponse:
    """Answer: what was open when the month ended, and what became of it."""
    found = carried.of(firm=request.firm, month=request.GET.get("month", ""), now=timezone.now())
    context = {
        "section": "exceptions",
        "found": found,
        "currency": request.firm.currency,
        "may_export": Permission.EXPORT in request.can,
    }
    return render(request, "desk/carried.html", context)


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def month_file(request: FirmRequest) -> HttpResponse:
    """Hand out what was open when a month ended, with the total that the page shows."""
    now, firm = timezone.now(), request.firm
    with firm_scope(write=firm.pk):
        found = carried.of(firm=firm, month=request.GET.get("month", ""), now=now)
        what = f"exceptions carried from {found.label}, {len(found.rows)} rows"
        actions.exported(firm_id=firm.pk, what=what, by=request.user, now=now)
    rows: list[list[Any]] = [
        [row.title, row.owner, row.records, money.decimal(row.amount, firm.currency), row.opened_at,
         row.days, row.now]
        for row in found.rows
    ]  # fmt: skip
    whole = money.decimal(found.amount, firm.currency)
    return table(
        name=f"{firm.slug}-carried-{found.key}",
        heads=HEADS,
        rows=rows,
        form=request.GET.get("format", ""),
        totals=["Total", None, found.records, whole, None, None, None],
    )
