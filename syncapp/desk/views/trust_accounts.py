"""Trust accounts: which there are, how one is set up, and changes that wait for a partner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from mapping import queries as mapping
from syncapp.desk.queries import trust as query
from syncapp.desk.queries.trust_names import own_names
from syncapp.desk.trust_forms import PairForm
from syncapp.pipeline.trust import setup
from trust.actions import changes
from trust.queries.openings import NO_OPENING
from trust.queries.pairs import terms_of

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.models import Books
    from trust.models import PairChange, TrustPair

COMPARED = "{} is set up. Its opening is compared by the next run."
EMPTY = "{} is set up. A partner agrees first that it begins empty, or its opening ties."
NO_BOOKS = "Connect a set of books first: a trust account is paired with its accounts."


@require_safe
@firm_view(Permission.SEE)
def accounts(request: FirmRequest) -> HttpResponse:
    """Answer which trust accounts are set up, and what waits."""
    rows = query.rows(request.firm.pk)
    context = {
        "section": "trust",
        "rows": rows,
        "waiting": sum(1 for row in rows if row.change),
        "unopened": [row for row in rows if row.waits],
        "refused": query.refused(request.firm.pk, timezone.now()),
        "missing": query.clio_accounts(request.firm.pk),
        "may_map": Permission.MAP in request.can,
    }
    return render(request, "desk/trust_accounts.html", context)


def pair_or_404(request: FirmRequest, pair_id: int) -> TrustPair:
    """Find a trust account of the firm, in an open scope. Raises Http404."""
    found = query.pair_or_none(firm_id=request.firm.pk, pair_id=pair_id)
    if found is None:
        raise Http404
    return found


@require_safe
@firm_view(Permission.SEE)
def account(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Answer how one trust account is set up."""
    pair = pair_or_404(request, pair_id)
    chart = mapping.chart(pair.books_id)
    context = {
        "section": "trust",
        "row": query.account(pair, chart),
        "terms": query.terms(pair, chart),
        "decided": query.decided(pair),
        "names": own_names(pair),
        "may_map": Permission.MAP in request.can,
    }
    return render(request, "desk/trust_account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.MAP, scope="none")
def add(request: FirmRequest) -> HttpResponse:
    """Set a trust account up."""
    wanted = request.POST.get("books") or request.GET.get("books") or ""
    books_id = int(wanted) if wanted.isdecimal() else None
    with firm_scope(write=None, reads=[request.firm.pk]):
        books = query.books_or_none(firm_id=request.firm.pk, books_id=books_id)
        if books is None and books_id is not None:
            raise Http404
        form = _form(request, books) if books is not None else None
        valid = request.method == "POST" and form is not None and form.is_valid()
    if books is None or form is None:
        messages.warning(request, NO_BOOKS)
        return redirect("desk:connections")
    if valid:
        made = setup.add(books=books, terms=form.wanted(), by=request.user, now=timezone.now())
        if not isinstance(made, list):
            what = EMPTY if form.cleaned_data["opening"] == NO_OPENING else COMPARED
            messages.info(request, what.format(made))
            return redirect("desk:trust_account", pair_id=made.pk)
        form.refuse(made)
    return _edit(request, form, books)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.MAP, scope="none")
def change(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Ask for a change of a trust account; a partner approves it."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        pair = pair_or_404(request, pair_id)
        form = _form(request, pair.books, pair)
        valid = request.method == "POST" and form.is_valid()
    if valid:
        asked = setup.ask(
            pair=pair,
            terms=form.wanted(),
            by=request.user,
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        if isinstance(asked, str):
            form.add_error(None, asked)
        elif isinstance(asked, list):
            form.refuse(asked)
        else:
            messages.info(request, "A partner approves this change before it is in force.")
            return redirect("desk:trust_change", change_id=asked.pk)
    return _edit(request, form, pair.books, pair)


def _form(request: FirmRequest, books: Books, pair: TrustPair | None = None) -> PairForm:
    return PairForm(
        request.POST if request.method == "POST" else None,
        chart=mapping.chart(books.pk),
        today=today_of(request.firm, timezone.now()),
        terms=terms_of(pair) if pair is not None else None,
        clio_accounts=query.clio_accounts(request.firm.pk),
    )


def _edit(request: FirmRequest, form: PairForm, books: Books, pair: TrustPair | None = None) -> HttpResponse:
    context: dict[str, Any] = {"section": "trust", "form": form, "books": books, "pair": pair}
    status = 422 if request.method == "POST" else 200
    with firm_scope(write=None, reads=[request.firm.pk]):
        return render(request, "desk/trust_edit.html", context, status=status)


@require_safe
@firm_view(Permission.SEE)
def proposal(request: FirmRequest, change_id: int) -> HttpResponse:
    """Show what a change would do to today's three-way, for the partner who decides."""
    found = _change_or_404(request, change_id)
    now = timezone.now()
    today = today_of(request.firm, now)
    waits = found.state == "waiting"
    effect = setup.effect(found, today=today) if waits else None
    context = {
        "section": "trust",
        "change": found,
        "rows": query.changed(found, mapping.chart(found.pair.books_id)),
        "effect": effect,
        "sides": _sides(effect),
        "today": today,
        "currency": request.firm.currency,
        "may_decide": waits and Permission.SIGN in request.can and found.proposed_by_id != request.user.pk,
    }
    return render(request, "desk/trust_change.html", context)


def _sides(effect: setup.Effect | None) -> list[dict[str, Any]]:
    """Return the figures of today's three-way, as they are and as they would be."""
    if effect is None:
        return []
    labels = {
        "books_bank": "The books' trust bank",
        "books_liability": "The books' trust liability",
        "ledgers_positive": "Client ledgers in Clio",
        "ledgers_negative": "Ledgers below zero",
        "tieout_lines": "Tieout's own entries",
    }
    return [
        {"label": label, "now": getattr(effect.now, key), "then": getattr(effect.then, key)}
        for key, label in labels.items()
    ]


def _change_or_404(request: FirmRequest, change_id: int) -> PairChange:
    found = query.change_or_none(firm_id=request.firm.pk, change_id=change_id)
    if found is None:
        raise Http404
    return found


@require_POST
@firm_view(Permission.SIGN, scope="none")
def decide(request: FirmRequest, change_id: int) -> HttpResponse:
    """Approve a change of a trust account, or refuse it with a word."""
    now, note = timezone.now(), request.POST.get("note", "").strip()[:500]
    with firm_scope(write=None, reads=[request.firm.pk]):
        found = _change_or_404(request, change_id)
    approved = request.POST.get("decision") == "approve"
    if approved:
        refusal = setup.approve(change=found, by=request.user, now=now, note=note)
    else:
        with firm_scope(write=request.firm.pk):
            refusal = changes.refuse(change=found, by=request.user, now=now, note=note)
    if refusal:
        messages.error(request, refusal)
    elif approved:
        messages.info(request, f"Approved. {found.pair} is posted this way from the next run on.")
    else:
        messages.info(request, f"Refused. {found.pair} stays as it was.")
    return redirect("desk:trust_change", change_id=change_id)
