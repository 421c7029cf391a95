"""One month of one trust account: may I sign? The report on one page, and each step to the signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from accounts.windows import month_end
from trust.actions import signing as verbs
from trust.queries import figures as figures_query
from trust.queries import reviews
from trust.queries import rules as rules_query
from trust.queries import signing as query
from trust.signing import duties, states
from trust.signing.changes import changes
from trust.signing.states import Act, State
from trust.signing_forms import AnswerForm, QuestionForm, ReopenForm, SignForm, SubmitForm
from trust.views.frame import month_address, month_or_404, pair_or_404
from trust.views.words import history, outstanding, pill, tie, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django import forms

    from accounts.access import FirmRequest
    from trust.jurisdictions import Jurisdiction
    from trust.models import SignOff, TrustPair
    from trust.signing.figures import Figures
    from trust.signing.states import Standing


@require_safe
@firm_view(Permission.SEE)
def month(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Show the three-way of one month, what is behind it, and what may be done with it."""
    pair = pair_or_404(request, pair_id)
    return _page(request, pair, month_or_404(pair, month))


def _page(
    request: FirmRequest,
    pair: TrustPair,
    month: date,
    *,
    given: Mapping[str, forms.Form] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    one = query.reconciliation(pair, month)
    rows = query.sign_offs(one) if one else []
    stands = states.standing([query.as_event(row) for row in rows])
    found = figures_query.of(pair, month)
    moved = states.moved(stands, found)
    rules = rules_query.rules_of(pair)
    context = {
        "section": "trust",
        "pair": pair,
        "month": month,
        "may_send": Permission.APPROVE in request.can,
        "currency": pair.firm.currency,
        "figures": found,
        "tie": tie(found),
        "verdict": verdict(found),
        "pill": pill(State.SUSPENDED if moved else stands.state),
        "moved": _moved(rows, stands, found),
        "outstanding": outstanding(found),
        "rules": rules,
        "certification": rules.rule("certification"),
        "history": history(rows, month_address(pair.pk, month, "trust:report")),
        "signed": next((row for row in rows if stands.signed and row.pk == stands.signed.id), None),
        "questions": [row for row in rows if row.pk in stands.questions],
        "signers": query.named(pair, "signs"),
        "quarter": _quarter(request, rules, month),
        "refused": refused,
        **_steps(request, pair, rules, stands, found),
        **(given or {}),
    }
    return render(request, "trust/month.html", context, status=status)


def _quarter(request: FirmRequest, rules: Jurisdiction, month: date) -> date | None:
    """Return the quarter whose review the page leads to; None where no rule or no window has it."""
    if rules.value("review") != "quarter":
        return None
    first, window = reviews.quarter_of(month), request.member.window
    last = month_end(query.next_month(query.next_month(first)))
    return first if window is None or window.covers(first, last) else None


def _moved(rows: list[SignOff], stands: Standing, found: Figures) -> dict[str, Any] | None:
    """Say what moved since somebody stood for the figures: since the last hash, or before its suspension."""
    stood = [row for row in rows if row.act in {Act.PREPARED, Act.SIGNED}]
    if not stood or stands.state is State.OPEN:
        return None
    if stands.digest and stands.digest == found.digest:
        return None
    last = stood[-1]
    before = query.figures_of(last)
    return {"row": last, "changes": changes(before, found) if before else []}


def _steps(
    request: FirmRequest, pair: TrustPair, rules: Jurisdiction, stands: Standing, found: Figures
) -> dict[str, Any]:
    """Return the forms of the steps that this person may take now, and why not where one may not be."""
    steps: dict[str, Any] = {"locked": stands.locked}
    if Permission.APPROVE in request.can:
        checks = {row.user_id for row in query.named(pair, "checks")}
        apart = duties.preparing(person=request.user.pk, check_signers=checks, rules=rules)
        why = states.why_not_prepare(stands, found, explanation="said") or apart.refused
        steps["why_not_submit"] = why
        if not why:
            steps["submit_form"] = SubmitForm(explain=not found.signable, reason=apart.reason)
        if stands.locked:
            steps["reopen_form"] = ReopenForm()
        if stands.questions:
            steps["answer_form"] = AnswerForm(initial={"question": stands.questions[0]})
    if Permission.SIGN in request.can:
        steps |= _signing(request, pair, rules, stands, found)
    return steps


def _signing(
    request: FirmRequest, pair: TrustPair, rules: Jurisdiction, stands: Standing, found: Figures
) -> dict[str, Any]:
    today = today_of(request.firm, timezone.now())
    who = query.signer(pair, request.user, today)
    apart = duties.signing(person=request.user.pk, preparer=stands.preparer, rules=rules)
    approved = bool(rules.rule("certification").by)
    why = states.why_not_sign(stands, found, seen=found.digest) or who.refused or apart.refused
    steps: dict[str, Any] = {"why_not_sign": why, "deputy_for": who.deputy_for, "text_approved": approved}
    if not why and approved:
        start = {
            "seen": found.digest,
            "name": request.user.name,
            "bar_number": query.last_bar_number(request.firm.pk, request.user),
        }
        steps["sign_form"] = SignForm(initial=start, reason=apart.reason)
    if not states.why_not_ask(stands):
        steps["question_form"] = QuestionForm()
    return steps


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def submit(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Prepare the month for its lawyer, which locks it."""
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        which = month_or_404(pair, month)
        found = figures_query.of(pair, which)
        checks = {row.user_id for row in query.named(pair, "checks")}
        apart = duties.preparing(
            person=request.user.pk, check_signers=checks, rules=rules_query.rules_of(pair)
        )
        form = SubmitForm(request.POST, explain=not found.signable, reason=apart.reason)
        if not form.is_valid():
            return _page(request, pair, which, given={"submit_form": form}, status=422)
        outcome = verbs.submit(
            pair=pair,
            month=which,
            figures=found,
            actor=request.user,
            position=form.cleaned_data["position"],
            explanation=form.cleaned_data.get("explanation", ""),
            reason=form.cleaned_data.get("reason", ""),
            now=timezone.now(),
        )
        if isinstance(outcome, str):
            return _page(request, pair, which, refused=outcome, status=422)
    messages.info(request, "Prepared. The month is locked and awaits its lawyer.")
    return redirect(month_address(pair_id, which))


@require_POST
@firm_view(Permission.SIGN, scope="none")
def sign(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Sign the figures that the page showed."""
    now = timezone.now()
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        which = month_or_404(pair, month)
        one = query.reconciliation(pair, which)
        if one is None:
            return _page(request, pair, which, refused="Nobody has prepared this month yet.", status=422)
        apart = duties.signing(
            person=request.user.pk,
            preparer=query.standing(one).preparer,
            rules=rules_query.rules_of(pair),
        )
        form = SignForm(request.POST, reason=apart.reason)
        if not form.is_valid():
            return _page(request, pair, which, given={"sign_form": form}, status=422)
        outcome = verbs.sign(
            one=one,
            figures=figures_query.of(pair, which),
            seen=form.cleaned_data["seen"],
            actor=request.user,
            name=form.cleaned_data["name"],
            bar_number=form.cleaned_data["bar_number"],
            reason=form.cleaned_data.get("reason", ""),
            today=today_of(request.firm, now),
            now=now,
        )
        if isinstance(outcome, str):
            return _page(request, pair, which, refused=outcome, status=422)
    messages.info(request, f"Signed. {pair}, {which:%B %Y} is closed.")
    return redirect(month_address(pair_id, which))
