"""Connections: what is connected, and whether it may post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import oauth_state
from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from accounts.tokens import GrantBusy, GrantUnusable
from mapping.findings import Severity
from syncapp.clio.oauth import REGIONS
from syncapp.desk import actions, words
from syncapp.desk.forms import AddBooks
from syncapp.desk.queries import links
from syncapp.desk.replies import reply
from syncapp.http.errors import VendorError
from syncapp.pipeline import connect as connecting
from syncapp.pipeline.vendors import NotConnected

if TYPE_CHECKING:
    from accounts.access import FirmRequest

DENIED = "{what} was not connected: it was not allowed there. Nothing was changed. Start again when you like."
ODD = "{what} sent you back without an answer. Nothing was changed. Start again."
PROVIDERS = ("clio", "qbo")


@require_safe
@firm_view(Permission.SEE)
def connections(request: FirmRequest) -> HttpResponse:
    """Show Clio and each set of books with their health and what pre-flight found."""
    return _page(request, AddBooks())


def _page(request: FirmRequest, form: AddBooks, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    rows = links.connections(firm_id=request.firm.pk, now=now)
    context = {
        "section": "connections",
        "now": now,
        "rows": rows,
        "working": sum(1 for row in rows if row.connected and row.grant and row.grant.state == "connected"),
        "blocks": sum(len(row.blocks) for row in rows),
        "regions": list(words.REGIONS.items()),
        "form": form,
        "may_connect": Permission.CONNECT in request.can,
        "has_books": len(rows) > 1,
    }
    return render(request, "desk/connections.html", context, status=status)


def _redirect_uri(provider: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("desk:callback", args=[provider])


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def connect(request: FirmRequest, provider: str) -> HttpResponse:
    """Send the person to the vendor's own page."""
    if provider not in PROVIDERS:
        raise Http404
    region, books_id = "", None
    if provider == "clio":
        region = request.POST.get("region", "us")
        region = region if region in REGIONS else "us"
    else:
        wanted = request.POST.get("books", "")
        with firm_scope(write=None, reads=[request.firm.pk]):
            books = (
                links.books_or_none(firm_id=request.firm.pk, books_id=int(wanted))
                if wanted.isdecimal()
                else None
            )
        if books is None:
            raise Http404
        books_id = books.pk
    state = oauth_state.new_state(
        request.session,
        provider,
        request.firm.pk,
        books_id,
        now=timezone.now(),
        region=region,
        user_id=request.user.pk,
    )
    try:
        address = connecting.begin(
            provider=provider, region=region, redirect_uri=_redirect_uri(provider), state=state
        )
    except VendorError:
        what = words.PROVIDERS[provider]
        messages.error(request, f"{what} did not answer, so nothing was begun. Try again in a minute.")
        return redirect("desk:connections")
    return HttpResponseRedirect(address)


@require_safe
@firm_view(Permission.CONNECT, scope="none")
def callback(request: FirmRequest, provider: str) -> HttpResponse:
    """Take the vendor's answer: keep the connection, or say in a sentence why not."""
    if provider not in PROVIDERS:
        raise Http404
    refusal = _finish(request, provider)
    if refusal is not None:
        messages.error(request, refusal)
    else:
        messages.success(request, f"{words.PROVIDERS[provider]} is connected.")
    return redirect("desk:connections")


def _finish(request: FirmRequest, provider: str) -> str | None:
    now, what = timezone.now(), words.PROVIDERS[provider]
    pending = oauth_state.claim_state(request.session, request.GET.get("state", ""), now=now)
    if isinstance(pending, str):
        return pending
    if pending.provider != provider or pending.user_id != request.user.pk:
        return oauth_state.STRANGE
    if pending.firm_id != request.firm.pk:
        return "You switched to another firm meanwhile. Nothing was changed. Switch back and start again."
    if request.GET.get("error"):
        denied = request.GET["error"] == "access_denied"
        return (DENIED if denied else ODD).format(what=what)
    if not request.GET.get("code"):
        return ODD.format(what=what)
    outcome = connecting.finish(
        firm_id=request.firm.pk,
        provider=provider,
        books_id=pending.books_id,
        region=pending.region,
        callback_params=request.GET.dict(),
        redirect_uri=_redirect_uri(provider),
        by=request.user,
        now=now,
    )
    return outcome if isinstance(outcome, str) else None


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def disconnect(request: FirmRequest, grant_id: int) -> HttpResponse:
    """Give the vendor's tokens back; every link stays."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        grant = links.grant_or_none(firm_id=request.firm.pk, grant_id=grant_id)
    if grant is None:
        raise Http404
    connecting.disconnect(firm_id=request.firm.pk, grant_id=grant_id, by=request.user, now=timezone.now())
    messages.info(
        request,
        f"{words.PROVIDERS[grant.provider]} is disconnected. What has posted stays, and every link is kept: "
        "connect the same account again and it goes on where it stopped.",
    )
    return redirect("desk:connections")


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def purge(request: FirmRequest, grant_id: int) -> HttpResponse:
    """Forget the links of a disconnected set of books, once the company's name is typed."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        grant = links.grant_or_none(firm_id=request.firm.pk, grant_id=grant_id)
    if grant is None or grant.books_id is None:
        raise Http404
    refusal = connecting.purge(
        firm_id=request.firm.pk,
        books_id=grant.books_id,
        typed_name=request.POST.get("name", ""),
        by=request.user,
        now=timezone.now(),
    )
    reply(
        request, refusal, "The links are forgotten, and posting has stopped. Nothing changed in QuickBooks."
    )
    return redirect("desk:connections")


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def add_books(request: FirmRequest) -> HttpResponse:
    """Add a set of books."""
    form = AddBooks(request.POST)
    if not form.is_valid():
        with firm_scope(write=None, reads=[request.firm.pk]):
            return _page(request, form, status=422)
    books = actions.add_books(
        firm_id=request.firm.pk, name=form.cleaned_data["name"].strip(), by=request.user, now=timezone.now()
    )
    messages.info(request, f"{books.name} is there. Connect its QuickBooks company next.")
    return redirect("desk:connections")


@require_POST
@firm_view(Permission.RETRY, scope="none")
def check(request: FirmRequest, books_id: int) -> HttpResponse:
    """Ask the company now for what pre-flight depends on."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        books = links.books_or_none(firm_id=request.firm.pk, books_id=books_id)
        grant = next((row for row in links.connections(firm_id=request.firm.pk, now=timezone.now())
                      if row.books and row.books.pk == books_id), None)  # fmt: skip
    if books is None:
        raise Http404
    if grant is None or not grant.connected:
        messages.warning(request, f"{books.name} is not connected, so there is nothing to check yet.")
        return redirect("desk:connections")
    try:
        findings = connecting.preflight(firm_id=request.firm.pk, books_id=books_id, now=timezone.now())
    except (VendorError, GrantUnusable, GrantBusy, NotConnected) as error:
        messages.error(
            request, f"{books.name} could not be checked: {error} What was found before still stands."
        )
        return redirect("desk:connections")
    blocking = sum(1 for found in findings if found.severity is Severity.BLOCKS)
    if blocking:
        told = words.counted(blocking, "setting")
        messages.warning(request, f"{told} must be changed before anything posts to {books.name}.")
    else:
        messages.info(request, f"{books.name} is checked: nothing stands in the way of posting.")
    return redirect("desk:connections")
