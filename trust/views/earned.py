"""What is earned and still in trust: the list that the partner signs, and what became of what was signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.queries import today_of
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core.money import minor
from trust.actions import earned as verbs
from trust.downloads import report_file
from trust.earned_forms import SignTransfersForm, TakeOffForm
from trust.models import TransferLine, TransferSheet
from trust.queries import earned as query
from trust.queries import ledgers, rules, signing, transfers
from trust.reports import transfers as reports
from trust.views.frame import pair_or_404

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from trust.models import TrustPair
    from trust.queries.transfers import Line

CONFIRMED = "Signed. Record these payments in Clio now; each is checked against the list by the next run."


@require_safe
@firm_view(Permission.SEE)
def earned(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Show what may and what should have been transferred, what stays and why, and what is signed."""
    return _page(request, pair_or_404(request, pair_id))


def _page(
    request: FirmRequest,
    pair: TrustPair,
    *,
    form: SignTransfersForm | None = None,
    chosen: frozenset[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    today = today_of(request.firm, timezone.now())
    found = query.drawn(pair, today)
    may_sign = Permission.SIGN in request.can
    who = signing.signer(pair, request.user, today) if may_sign else None
    start = {"seen": found.digest, "name": request.user.name}
    context: dict[str, Any] = {
        "section": "trust",
        "pair": pair,
        "today": today,
        "found": found,
        "place": rules.code_of(pair) or "strict",
        "open": [(one, found.name(one.row.ledger)) for one in found.signed.open],
        "outside": [(one, found.name(one.recorded.ledger)) for one in found.signed.outside],
        "chosen": {row.key for row in found.rows} if chosen is None else chosen,
        "may_say": Permission.APPROVE in request.can,
        "sheets": transfers.sheets(pair),
        "why_not": who.refused if who else "",
        "currency": request.firm.currency,
    }
    if who is not None and not who.refused and found.rows:
        context["form"] = form or SignTransfersForm(initial=start)
    return render(request, "trust/earned.html", context, status=status)


@require_POST
@firm_view(Permission.SIGN, scope="none")
def sign(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Sign the chosen transfers."""
    now = timezone.now()
    form = SignTransfersForm(request.POST)
    chosen = frozenset(request.POST.getlist("line"))
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        if not form.is_valid():
            return _page(request, pair, form=form, chosen=chosen, status=422)
        made = verbs.sign(
            pair=pair,
            chosen=chosen,
            seen=form.cleaned_data["seen"],
            name=form.cleaned_data["name"],
            actor=request.user,
            today=today_of(request.firm, now),
            now=now,
        )
    if isinstance(made, str):
        messages.error(request, made)
        return redirect("trust:earned", pair_id=pair.pk)
    messages.info(request, CONFIRMED)
    return redirect("trust:transfers", pair_id=pair.pk, sheet_id=made.pk)


@require_safe
@firm_view(Permission.SEE)
def sheet(request: FirmRequest, pair_id: int, sheet_id: int) -> HttpResponse:
    """Show one signed list and what was recorded of it."""
    pair = pair_or_404(request, pair_id)
    one = _sheet(pair, sheet_id)
    lines = transfers.signed_of(pair).of(one)
    told = _told(pair, one, lines)
    context = {
        "section": "trust",
        "pair": pair,
        "sheet": one,
        "told": told,
        "lines": list(zip(lines, told.transfers, strict=True)),
        "open": sum(line.rest for line in lines),
        "total": sum(line.row.amount for line in lines),
        "form": TakeOffForm(auto_id=False) if Permission.SIGN in request.can else None,
        "currency": request.firm.currency,
    }
    return render(request, "trust/transfers.html", context)


@require_safe
@firm_view(Permission.EXPORT)
def sheet_file(request: FirmRequest, pair_id: int, sheet_id: int) -> HttpResponse:
    """Answer with a signed list as PDF or CSV."""
    pair = pair_or_404(request, pair_id)
    one = _sheet(pair, sheet_id)
    report = reports.report(_told(pair, one, transfers.signed_of(pair).of(one)))
    name = slugify(f"{pair.clio_account} transfers {one.as_of}")
    return report_file(request, report, name=name, now=timezone.now())


def _sheet(pair: TrustPair, sheet_id: int) -> TransferSheet:
    """Return a signed list of an account. Raises Http404 for any other."""
    rows = TransferSheet.objects.filter(firm_id=pair.firm_id, pair=pair, pk=sheet_id)
    one = rows.select_related("by", "pair").first()
    if one is None:
        raise Http404
    return one


def _told(pair: TrustPair, one: TransferSheet, lines: tuple[Line, ...]) -> reports.Sheet:
    """Return a signed list as its page, its PDF and its CSV tell it."""
    keys = {line.row.ledger for line in lines} | {row["ledger"] for row in one.left}
    names = ledgers.names(pair.firm_id, keys)
    currency = pair.firm.currency
    return reports.Sheet(
        firm=pair.firm.name,
        account=pair.with_digits,
        as_of=one.as_of,
        signed=f"{one.name}, {timezone.localtime(one.at):%-d %b %Y %H:%M}",
        digest=one.digest,
        currency=currency,
        transfers=tuple(
            reports.Transfer(
                name=names.get(line.row.ledger, line.row.ledger),
                number=line.row.number,
                sent=line.row.sent,
                balance=line.row.balance,
                amount=line.row.amount,
                recorded=line.recorded,
                rest=line.rest,
                note=f"Taken off by {line.end.by}: {line.end.words}" if line.end else "",
            )
            for line in lines
        ),
        left=tuple(
            (
                names.get(row["ledger"], row["ledger"]),
                row["number"],
                minor(row["amount"], currency),
                row["words"],
            )
            for row in one.left
        ),
    )


@require_POST
@firm_view(Permission.SIGN, scope="none")
def take_off(request: FirmRequest, line_id: int) -> HttpResponse:
    """Take the rest of a signed transfer off its list."""
    now = timezone.now()
    form = TakeOffForm(request.POST)
    with firm_scope(write=request.firm.pk):
        row = TransferLine.objects.filter(firm=request.firm, pk=line_id).select_related("sheet").first()
        if row is None:
            raise Http404
        pair = pair_or_404(request, row.sheet.pair_id)
        line = next(one for one in transfers.signed_of(pair).lines if one.row.pk == row.pk)
        if form.is_valid():
            words = form.cleaned_data["words"]
            made = verbs.take_off(line=line, words=words, actor=request.user, now=now)
            verbs.refresh(pair=pair, today=today_of(request.firm, now), now=now)
    if not form.is_valid():
        messages.error(request, "Say why it is taken off the list.")
    elif isinstance(made, str):
        messages.error(request, made)
    else:
        messages.info(request, "Taken off the list.")
    return redirect("trust:transfers", pair_id=pair.pk, sheet_id=row.sheet_id)
