"""The evidence binder of one month, packed when a person asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import firm_view
from accounts.downloads import ZIP, download
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from trust.queries import binders
from trust.views.frame import month_or_404, pair_or_404

if TYPE_CHECKING:
    from accounts.access import FirmRequest


@require_POST
@firm_view(Permission.EXPORT, scope="none")
def binder(request: FirmRequest, pair_id: int, month: str) -> HttpResponse:
    """Answer with the ZIP; who took it, and the hash of its manifest, stand in the log."""
    now = timezone.now()
    with firm_scope(write=request.firm.pk):
        pair = pair_or_404(request, pair_id)
        packed = binders.pack(pair, month_or_404(pair, month), now=now)
        audit.record(
            firm_id=request.firm.pk,
            actor=request.user,
            verb="trust.binder_taken",
            kind="trust account",
            id=pair.pk,
            text=f"{pair.clio_account}, {month}",
            after={"sha256": packed.digest},
            now=now,
        )
    name = f"{slugify(pair.clio_account)}-{month}-evidence.zip"
    headers = {"X-Manifest-SHA256": packed.digest}
    return download(packed.content, name=name, kind=ZIP, headers=headers)
