"""Changing who clears a firm's exceptions, by when, and when a partner hears of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts import audit
from accounts.models import Firm
from accounts.tenancy import firm_scope
from mapping import actions as mapping
from mapping import queries
from syncapp.pipeline.cases.owners import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from accounts.models import User

NOTHING_NEW = "Nothing would change."


def said(firm_id: int) -> dict[str, Any]:
    """Return what the firm says of its exceptions, as its file writes it. In a reading scope."""
    return dict(queries.firm_settings(firm_id).get(KEY) or {})


def change(*, firm: Firm, wanted: Mapping[str, Any], by: User, now: datetime) -> str | None:
    """Keep new rules; what is open keeps its owner and its day. A sentence when nothing would change.

    Opens its own scope.
    """
    with firm_scope(write=firm.pk):
        Firm.objects.select_for_update().get(pk=firm.pk)
        settings = queries.firm_settings(firm.pk)
        before = settings.get(KEY) or {}
        if before == dict(wanted):
            return NOTHING_NEW
        mapping.keep_settings(firm_id=firm.pk, settings=settings | {KEY: dict(wanted)})
        audit.record(
            firm_id=firm.pk,
            actor=by,
            verb="firm.cases",
            obj=firm,
            before=before,
            after=dict(wanted),
            now=now,
        )
    return None
