"""How do this account's statements arrive? Upload tokens, what came, and what waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from trust import mail
from trust.actions import arriving, mailing
from trust.queries import arrivals as query
from trust.statement_forms import SendersForm, TokenForm
from trust.views.frame import pair_or_404

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from trust.models import MailSource, StatementArrival, TrustPair

GONE = "The file is not kept any more. Ask for it again."


@require_safe
@firm_view(Permission.SEE)
def arrivals(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Show by which ways statements of an account come, and the last that came."""
    return _page(request, pair_or_404(request, pair_id))


def _page(
    request: FirmRequest,
    pair: TrustPair,
    *,
    form: TokenForm | None = None,
    senders: SendersForm | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    may_set = Permission.RETRY in request.can
    came, source, tokens = query.arrivals(pair), query.mail_source(pair), list(query.tokens(pair))
    context: dict[str, Any] = {
        "section": "trust",
        "pair": pair,
        "tokens": tokens,
        "ended": {token.pk for token in query.ended_tokens(pair.firm_id, timezone.now()) if token in tokens},
        "came": came,
        "unseen": query.unseen(pair),
        "may_set": may_set,
        "form": (form or TokenForm()) if may_set else None,
        "senders": (senders or _senders(source)) if may_set else None,
        "source": source,
        "mail_to": mail.address(settings.MAILBOX_ADDRESS, source.tag) if source else "",
        "takes_mail": bool(settings.MAILBOX_URL),
        "mailbox": query.mailbox(),
        "secret": secret,
        "address": settings.PUBLIC_URL + reverse("trust:arrive"),
        "an_hour": arriving.FILES_AN_HOUR,
    }
    answer = render(request, "trust/arrivals.html", context, status=status)
    if secret:
        answer["Cache-Control"] = "no-store"
    return answer


def _senders(source: MailSource | None) -> SendersForm:
    return SendersForm(initial={"senders": "\n".join(source.senders)} if source else None)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def set_mail(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Say who may mail statements of an account; the first time, or anew, it gets an address."""
    form = SendersForm(request.POST)
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        if not form.is_valid():
            return _page(request, pair, senders=form, status=422)
        mailing.watch_for(
            pair=pair,
            senders=form.cleaned_data["senders"],
            by=request.user,
            now=timezone.now(),
            anew="anew" in request.POST,
        )
    messages.info(request, "Statements are taken from these senders. Give the address to the bank.")
    return redirect("trust:arrivals", pair_id=pair_id)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def stop_mail(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Take no statement of an account by mail any more."""
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        mailing.stop(pair=pair, by=request.user, now=timezone.now())
    messages.info(request, "No statement comes by mail any more. The address is gone.")
    return redirect("trust:arrivals", pair_id=pair_id)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def make_token(request: FirmRequest, pair_id: int) -> HttpResponse:
    """Make an upload token; this answer is the only one that shows it."""
    form, secret = TokenForm(request.POST), ""
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        if form.is_valid():
            name = form.cleaned_data["name"]
            _, secret = arriving.make_token(pair=pair, name=name, by=request.user, now=timezone.now())
        shown = None if secret else form
        return _page(request, pair, form=shown, secret=secret, status=200 if secret else 422)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def revoke_token(request: FirmRequest, token_id: int) -> HttpResponse:
    """Take an upload token back."""
    with firm_scope(write=request.firm.pk):
        token = query.token_by_id(request.firm.pk, token_id)
        if token is None:
            raise Http404
        arriving.revoke(token=token, by=request.user, now=timezone.now())
    messages.info(request, f"{token} is taken back. No file comes in with it any more.")
    return redirect("trust:arrivals", pair_id=token.pair_id)


def _arrival_or_404(request: FirmRequest, arrival_id: int) -> StatementArrival:
    found = query.arrival_by_id(request.firm.pk, arrival_id)
    if found is None:
        raise Http404
    return found


@require_POST
@firm_view(Permission.RETRY, scope="none")
def look(request: FirmRequest, arrival_id: int) -> HttpResponse:
    """Look at a file that was not taken, as if it had been dropped in by hand."""
    with firm_scope(write=request.firm.pk):
        arrival = _arrival_or_404(request, arrival_id)
        staged = arriving.look_at(arrival=arrival, by=request.user, now=timezone.now())
    if staged is None:
        messages.warning(request, GONE)
        return redirect("trust:arrivals", pair_id=arrival.pair_id)
    return redirect("trust:new_statement", pair_id=arrival.pair_id)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def dismiss(request: FirmRequest, arrival_id: int) -> HttpResponse:
    """Let go of a file that was not taken."""
    with firm_scope(write=request.firm.pk):
        arrival = _arrival_or_404(request, arrival_id)
        arriving.dismiss(arrival=arrival, by=request.user, now=timezone.now())
    messages.info(request, f"{arrival} is done with. What was said of it stays in the log.")
    return redirect("trust:arrivals", pair_id=arrival.pair_id)
