"""What a firm says of its contacts: whose word holds, by field, and whether Tieout may write to Clio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts import audit
from accounts.models import Firm
from accounts.tenancy import firm_scope
from mapping import actions as mapping
from mapping import queries
from syncapp.core.contacts import DEFAULTS, Winner

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

KEY = "contacts"
NOTHING_NEW = "Nothing would change."


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The winner of each field, and whether a change may go back to Clio: never unless the firm says so."""

    winners: Mapping[str, Winner]
    write_clio: bool = False


def read(told: Mapping[str, Any]) -> Flow:
    """Read the firm's settings; what it does not say holds by default."""
    said = told.get(KEY) or {}
    chosen = {field: Winner(word) for field, word in (said.get("winners") or {}).items() if field in DEFAULTS}
    return Flow(winners={**DEFAULTS, **chosen}, write_clio=bool(said.get("write_clio")))


def of(firm_id: int) -> Flow:
    """Return how the contacts of a firm flow. In a reading scope."""
    return read(queries.firm_settings(firm_id))


def change(*, firm: Firm, wanted: Flow, by: User, now: datetime) -> str | None:
    """Keep how contacts flow from now on; a sentence when nothing would change. Opens its own scope."""
    with firm_scope(write=firm.pk):
        Firm.objects.select_for_update().get(pk=firm.pk)
        standing = queries.firm_settings(firm.pk)
        before = read(standing)
        if before == wanted:
            return NOTHING_NEW
        mapping.keep_settings(firm_id=firm.pk, settings=standing | {KEY: said(wanted)})
        audit.record(
            firm_id=firm.pk, actor=by, verb="firm.contacts", obj=firm, before=said(before),
            after=said(wanted), now=now,
        )  # fmt: skip
    return None


def said(flow: Flow) -> dict[str, Any]:
    """Return settings as the firm file writes them."""
    return {
        "winners": {field: flow.winners[field].value for field in DEFAULTS},
        "write_clio": flow.write_clio,
    }
