"""Payouts of a card processor: bring its file in, see what each charge is, and post one deposit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.paging import capped
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk.deposit_forms import PayoutFileForm, PayoutForm
from syncapp.desk.queries import deposits as queries
from syncapp.desk.views.deposits import PAGE, chosen_books, frame
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.deposits import actions as verbs
from syncapp.pipeline.deposits import payouts as core
from syncapp.pipeline.deposits import taken
from syncapp.pipeline.deposits.wish import number_of
from syncapp.records.models import BankDeposit, Payout

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from syncapp.pipeline.deposits.payouts import Grouped


def _one(request: FirmRequest, payout_id: int) -> Grouped:
    """Return a payout with what its charges are. Raises Http404. In a scope."""
    rows = Payout.objects.filter(firm_id=request.firm.pk, pk=payout_id).select_related("books", "by")
    found = rows.prefetch_related("deposits").first()
    if found is None:
        raise Http404
    return core.grouped(firm_id=request.firm.pk, books_id=found.books_id, payouts=[found])[0]


@require_safe
@firm_view(Permission.SEE)
def payouts(request: FirmRequest) -> HttpResponse:
    """List the payouts that were brought in, and how each stands."""
    return _list(request, PayoutFileForm())


def _list(request: FirmRequest, form: PayoutFileForm, *, status: int = 200) -> HttpResponse:
    context = frame(request, "payouts")
    books = context["books"]
    rows = Payout.objects.filter(firm_id=request.firm.pk, books=books).order_by("-day", "-pk")
    page = capped(rows.prefetch_related("deposits"), PAGE).get_page(request.GET.get("page"))
    grouped = core.grouped(firm_id=request.firm.pk, books_id=books.pk, payouts=list(page)) if books else []
    context |= {"page": page, "rows": [(one, queries.payout_pill(one)) for one in grouped], "form": form}
    return render(request, "desk/payouts.html", context, status=status)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def bring(request: FirmRequest) -> HttpResponse:
    """Bring a processor's file in."""
    firm, form = request.firm, PayoutFileForm(request.POST, request.FILES)
    with firm_scope(write=None, reads=[firm.pk]):
        _, books = chosen_books(request)
        if books is None or not form.is_valid():
            return _list(request, form, status=422)
    file = form.cleaned_data["file"]
    brought = core.bring(
        firm_id=firm.pk, books_id=books.pk, name=file.name, data=file.read(), currency=firm.currency,
        by=request.user, now=timezone.now(),
    )  # fmt: skip
    if isinstance(brought, str):
        form.add_error("file", brought)
        with firm_scope(write=None, reads=[firm.pk]):
            return _list(request, form, status=422)
    known = f" {brought.known} were known as they are." if brought.known else ""
    messages.info(request, f"{brought.fresh} payout{'' if brought.fresh == 1 else 's'} brought in.{known}")
    return redirect(f"{reverse('desk:payouts')}?books={books.pk}")


@require_safe
@firm_view(Permission.SEE)
def payout(request: FirmRequest, payout_id: int) -> HttpResponse:
    """Show one payout: each charge with its payment, the entry, and what is missing."""
    return _page(request, _one(request, payout_id), None)


def _page(
    request: FirmRequest, found: Grouped, form: PayoutForm | None, *, status: int = 200
) -> HttpResponse:
    books = found.payout.books
    where = verbs.places(firm_id=request.firm.pk, books_id=books.pk)
    form = form or PayoutForm(banks=where.banks, today=found.payout.day, trust_fee=found.trust_fee)
    rows = queries.charges(found, books)
    lacks_fees = bool(found.fee or found.trust_fee) and not where.fees
    context = {
        "section": "deposits",
        "one": found,
        "payout": found.payout,
        "pill": queries.payout_pill(found),
        "rows": rows,
        "asks": bool(found.grouping.doubtful) or any(row.answers for row in rows),
        "currency": request.firm.currency,
        "lacks_fees": lacks_fees,
        "form": form,
        "may_make": Permission.APPROVE in request.can,
        "may_map": Permission.MAP in request.can,
        "ready": found.ready and not lacks_fees,
        **_entry(request, where, found, str(form["bank"].value() or "")),
    }
    return render(request, "desk/payout.html", context, status=status)


def _entry(request: FirmRequest, where: verbs.Places, found: Grouped, bank: str) -> dict[str, Any]:
    if not found.ready:
        return {}
    rows = [
        {"kind": one.key.partition(":")[0], "id": one.key.partition(":")[2], "amount": one.amount}
        for one in found.grouping.found.values()
    ]
    made = BankDeposit(
        payout=found.payout,
        day=found.payout.day,
        bank=bank or "The bank account",
        rows=rows,
        fee=found.fee,
        trust_fee=found.trust_fee,
        apart=True,
        fee_account=where.fees or "Processor fees, not mapped yet",
    )
    lines, totals = queries.entry(queries.drafted(made, where.chart, request.firm.currency), where.chart)
    return {"lines": lines, "totals": totals}


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def choose(request: FirmRequest, payout_id: int) -> HttpResponse:
    """Keep which payment each doubtful charge is."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        found = _one(request, payout_id)
    said = {
        one.pk: request.POST[f"charge-{one.pk}"]
        for one in found.charges
        if f"charge-{one.pk}" in request.POST
    }
    if said and (found.made or found.deposited):
        messages.error(request, "This payout is deposited already. Take its deposit back first.")
    elif said:
        now = timezone.now()
        back, stays = core.choose(
            firm_id=request.firm.pk, payout_id=payout_id, said=said, by=request.user, now=now
        )
        if back:
            schedule.ask(firm_id=request.firm.pk, now=now)
        messages.info(request, _taken_back(back, stays))
    _tell(request, found)
    return redirect("desk:payout", payout_id=payout_id)


def _taken_back(back: int, stays: int) -> str:
    """Say what became of choices that were made, or taken back."""
    if stays:
        return "A refund that has posted out of this payout stays as it is."
    if back:
        return "Taken back: its entry is taken out of the books with the run that begins now."
    return "Kept. Nothing has posted by it."


def _tell(request: FirmRequest, found: Grouped) -> None:
    """Keep what a person says that the processor took rows of a payout for."""
    told, now = 0, timezone.now()
    for one in found.missing:
        answer = request.POST.get(f"told-{one.pk}", "")[:60]
        if not answer:
            continue
        refusal = taken.say(
            firm_id=request.firm.pk, books_id=found.payout.books_id, charge_id=one.pk, answer=answer,
            by=request.user, now=now,
        )  # fmt: skip
        if refusal:
            messages.error(request, refusal)
        else:
            told += 1
    if told:
        schedule.ask(firm_id=request.firm.pk, now=now)
        messages.info(
            request, "Kept. Its entry posts with the run that begins now; the payout is ready then."
        )


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def post(request: FirmRequest, payout_id: int) -> HttpResponse:
    """Make the one deposit of a payout whose parts are all there."""
    firm_id = request.firm.pk
    with firm_scope(write=None, reads=[firm_id]):
        found = _one(request, payout_id)
        books = found.payout.books
        where = verbs.places(firm_id=firm_id, books_id=books.pk)
    if not found.ready:
        messages.error(request, "Something of this payout is missing, or deposited already. Look again.")
        return redirect("desk:payout", payout_id=payout_id)
    form = PayoutForm(request.POST, banks=where.banks, today=found.payout.day, trust_fee=found.trust_fee)
    if form.is_valid():
        slip = verbs.Slip(
            day=form.cleaned_data["day"],
            bank=form.cleaned_data["bank"],
            keys=found.keys,
            payout=found.payout.pk,
            fee=found.fee,
            trust_fee=found.trust_fee,
            apart=form.cleaned_data.get("apart") != "in",
        )
        made = verbs.make(firm_id=firm_id, books_id=books.pk, slip=slip, by=request.user, now=timezone.now())
        if isinstance(made, BankDeposit):
            messages.info(request, f"Deposit {number_of(made.pk)} posts with the run that begins now.")
            return redirect("desk:deposit", deposit_id=made.pk)
        form.add_error(None, made)
    with firm_scope(write=None, reads=[firm_id]):
        return _page(request, _one(request, payout_id), form, status=422)
