"""One bill as far as trust pays it: when it went to the client, and what the client disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core.documents import BillState
from syncapp.core.money import decimal, minor
from trust.actions import earned as verbs
from trust.earned_forms import ALL, NONE, PART, DisputeForm, SentForm
from trust.queries import bills as query
from trust.queries import ledgers
from trust.views.frame import pair_or_404

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from syncapp.core.documents import Bill
    from trust.models import BillWord, TrustPair


def _bill(request: FirmRequest, pair_id: int, bill: int) -> tuple[TrustPair, Bill]:
    """Return the account and an issued bill. Raises Http404 for any other."""
    pair = pair_or_404(request, pair_id)
    found = query.bill_of(request.firm.pk, bill)
    if found is None or found.state is not BillState.ISSUED or found.trust_request:
        raise Http404
    return pair, found


@require_safe
@firm_view(Permission.SEE)
def bill(request: FirmRequest, pair_id: int, bill: int) -> HttpResponse:
    """Show a bill, what is open on it for each ledger, and what people said of it."""
    return _page(request, *_bill(request, pair_id, bill))


def _page(
    request: FirmRequest,
    pair: TrustPair,
    found: Bill,
    *,
    disputing: DisputeForm | None = None,
    sending: SentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shares = query.shares_of(request.firm.pk, found)
    said = query.said(request.firm.pk, [found.id])
    names = ledgers.names(request.firm.pk, {*shares, *(ledger for _, ledger in said.disputes)})
    may_say = Permission.APPROVE in request.can
    word = said.sent.get(found.id)
    context: dict[str, Any] = {
        "section": "trust",
        "pair": pair,
        "bill": found,
        "sent": found.sent or (word.day if word else None),
        "by_clio": found.sent is not None,
        "parts": [
            {
                "name": names.get(ledger, ledger),
                "open": open_,
                "disputed": min(said.disputed(found.id, ledger, open_), open_),
                "form": _form(said.disputes.get((found.id, ledger)), ledger, disputing) if may_say else None,
            }
            for ledger, open_ in shares.items()
        ],
        "sent_form": (sending or _sending(request)) if may_say and found.sent is None else None,
        "history": [_event(row, names) for row in query.history(request.firm.pk, found.id)],
        "currency": request.firm.currency,
    }
    return render(request, "trust/earned_bill.html", context, status=status)


def _form(word: BillWord | None, ledger: str, given: DisputeForm | None) -> DisputeForm:
    """Return the form of one ledger: what was just sent for it, else what stands."""
    if given is not None and given.data.get("ledger") == ledger:
        return given
    auto = f"id_{ledger.replace('/', '_')}_%s"
    if word is None or word.amount == 0:
        return DisputeForm(initial={"ledger": ledger, "how": ALL if word is None else NONE}, auto_id=auto)
    part = {"how": PART, "amount": decimal(word.amount)} if word.amount is not None else {"how": ALL}
    return DisputeForm(initial={"ledger": ledger, **part}, auto_id=auto)


def _sending(request: FirmRequest) -> SentForm:
    return SentForm(today=today_of(request.firm, timezone.now()))


def _event(row: BillWord, names: dict[str, str]) -> dict[str, Any]:
    if row.day is not None:
        title = f"Sent on {row.day:%-d %b %Y}"
    elif row.amount == 0:
        title = f"Not disputed any more: {names.get(row.ledger, row.ledger)}"
    else:
        title = f"Disputed: {names.get(row.ledger, row.ledger)}"
    tone = "waiting" if row.ledger and row.amount != 0 else "proven"
    return {"title": title, "tone": tone, "who": str(row.by), "at": row.at, "text": row.words}


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def dispute(request: FirmRequest, pair_id: int, bill: int) -> HttpResponse:
    """Note what of a bill the client disputes, or that he does not any more."""
    now = timezone.now()
    form = DisputeForm(request.POST)
    with firm_scope(write=request.firm.pk):
        pair, found = _bill(request, pair_id, bill)
        if form.is_valid() and form.cleaned_data["ledger"] not in query.shares_of(request.firm.pk, found):
            form.add_error(None, "Nothing is open on this bill for that ledger any more.")
        if not form.is_valid():
            return _page(request, pair, found, disputing=form, status=422)
        given = form.cleaned_data
        part = minor(given["amount"] or 0, request.firm.currency)
        verbs.dispute(
            firm_id=request.firm.pk,
            bill=found.id,
            number=found.number,
            ledger=given["ledger"],
            amount={ALL: None, PART: part, NONE: 0}[given["how"]],
            words=given["words"],
            actor=request.user,
            now=now,
        )
        verbs.refresh(pair=pair, today=today_of(request.firm, now), now=now)
    messages.info(request, "Noted. The list of transfers follows it.")
    return redirect("trust:earned_bill", pair_id=pair.pk, bill=found.id)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def sent(request: FirmRequest, pair_id: int, bill: int) -> HttpResponse:
    """Note when a bill went to the client without Clio."""
    now = timezone.now()
    today = today_of(request.firm, now)
    form = SentForm(request.POST, today=today)
    with firm_scope(write=request.firm.pk):
        pair, found = _bill(request, pair_id, bill)
        if form.is_valid() and found.sent is not None:
            form.add_error("day", f"Clio sent it on {found.sent:%-d %b %Y}; that day holds.")
        if not form.is_valid():
            return _page(request, pair, found, sending=form, status=422)
        verbs.sent(
            firm_id=request.firm.pk,
            bill=found.id,
            number=found.number,
            day=form.cleaned_data["day"],
            words=form.cleaned_data["words"],
            actor=request.user,
            now=now,
        )
        verbs.refresh(pair=pair, today=today, now=now)
    messages.info(request, "Noted. The list of transfers follows it.")
    return redirect("trust:earned_bill", pair_id=pair.pk, bill=found.id)
