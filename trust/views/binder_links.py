"""The evidence binder sent as a link: never as an attachment, for one address, until a day."""

from __future__ import annotations

from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import notify
from accounts.access import firm_view
from accounts.downloads import ZIP, download
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from trust.actions import linking
from trust.models import BinderLink
from trust.queries import binders
from trust.signing_forms import BinderLinkForm
from trust.views.frame import month_or_404, pair_or_404

if TYPE_CHECKING:
    from datetime import date

    from accounts.access import FirmRequest
    from trust.models import TrustPair

LETTER = """{by} of {firm} sends you the evidence binder of the trust account {account}, {month}.

Open this link to fetch it, until {until}:
{address}

The link is for you alone; each opening is written down for the firm. Nothing of the binder is in this letter.
"""


@require_safe
@firm_view(Permission.APPROVE)
def links(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Show who has a link to the binder of a month, and send another."""
    pair = pair_or_404(request, pair_id)
    return _page(request, pair, month_or_404(pair, month))


def _page(
    request: FirmRequest,
    pair: TrustPair,
    month: date,
    form: BinderLinkForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    found = BinderLink.objects.filter(firm=request.firm, pair=pair, month=month)
    since = linking.senders(request.firm.pk, now)
    context = {
        "section": "trust",
        "pair": pair,
        "month": month,
        "now": now,
        "rows": [
            (row, linking.sent_by_member(row, since=since)) for row in found.select_related("by", "ended_by")
        ],
        "form": form or BinderLinkForm(),
    }
    return render(request, "trust/binder_links.html", context, status=status)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def send(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Make a link and send it to one address; a letter that cannot be sent leaves no link."""
    now = timezone.now()
    form = BinderLinkForm(request.POST)
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        which = month_or_404(pair, month)
        if not form.is_valid():
            return _page(request, pair, which, form, status=422)
        if linking.too_many(request.firm.pk, now):
            form.add_error(None, linking.TOO_MANY)
            return _page(request, pair, which, form, status=422)
        email, days = form.cleaned_data["email"], form.cleaned_data["days"]
        row, token = linking.make(pair=pair, month=which, email=email, days=days, actor=request.user, now=now)
    try:
        notify.send([email], subject=f"Evidence binder of {pair}, {which:%B %Y}", text=_letter(row, token))
    except (OSError, SMTPException):
        with firm_scope(write=request.firm.pk):
            linking.end(row=row, actor=request.user, now=timezone.now())
        messages.error(
            request, f"The letter to {email} could not be sent, so the link opens nothing. Try again."
        )
    else:
        messages.info(
            request, f"Sent to {email}. The link opens the binder until {row.expires_at:%-d %b %Y}."
        )
    return redirect("trust:binder_links", pair_id=pair_id, month=month)


def _letter(row: BinderLink, token: str) -> str:
    until = timezone.localtime(row.expires_at)
    return LETTER.format(
        by=row.by,
        firm=row.pair.firm,
        account=row.pair,
        month=f"{row.month:%B %Y}",
        until=f"{until:%-d %b %Y %H:%M %Z}",
        address=settings.PUBLIC_URL.rstrip("/") + reverse("trust:fetch_binder", kwargs={"token": token}),
    )


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def end(request: FirmRequest, link_id: int) -> HttpResponse:
    """Take a link back."""
    with firm_scope(write=request.firm.pk):
        row = BinderLink.objects.filter(firm=request.firm, pk=link_id).select_related("pair").first()
        if row is None:
            raise Http404
        linking.end(row=row, actor=request.user, now=timezone.now())
    messages.info(request, f"The link of {row.email} opens nothing any more.")
    return redirect("trust:binder_links", pair_id=row.pair_id, month=f"{row.month:%Y-%m}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fetch(request: HttpRequest, token: str) -> HttpResponse:
    """Show whoever has the link what it opens; a press fetches the binder, and the firm's log says so."""
    now = timezone.now()
    firm_id = linking.firm_of(token)
    if firm_id is None:
        return render(request, "trust/binder_gone.html", status=404)
    with firm_scope(write=firm_id):
        row = linking.standing(firm_id=firm_id, token=token, now=now)
        if row is None:
            return render(request, "trust/binder_gone.html", status=404)
        with timezone.override(row.pair.firm.time_zone):
            if request.method != "POST":
                return render(request, "trust/fetch_binder.html", {"row": row})
            packed = binders.pack(row.pair, row.month, now=now)
            linking.fetched(row=row, packed=packed, now=now)
    name = f"{slugify(row.pair.clio_account)}-{row.month:%Y-%m}-evidence.zip"
    headers = {"X-Manifest-SHA256": packed.digest}
    return download(packed.content, name=name, kind=ZIP, headers=headers)
