"""What a card says of an answer that no run has carried out yet, and who may take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.roles import Permission
from syncapp.pipeline.cases import choices, taking_back
from syncapp.pipeline.cases import given as kept
from syncapp.pipeline.trust import strays
from syncapp.records.models import TieOut

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from syncapp.records.models import Case

ASKS = {choices.CORRECTION: Permission.APPROVE, strays.CODE: Permission.SIGN}  # who may answer these


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer: who gave it and when, what the next run does by it, with how many others it was given."""

    who: str
    at: datetime
    says: Sequence[str]
    together: int
    may_take_back: bool
    taken: bool  # a run has taken it since, and nothing was to post by it


def may(case: Case, can: Collection[Permission]) -> bool:
    """Tell whether a person may take back the answer of a case: who may give it may."""
    return ASKS.get(case.code, Permission.RETRY) in can


def of(case: Case, can: Collection[Permission]) -> Given | None:
    """Return the answer of a case while no run has begun to carry it out. In a scope."""
    if not kept.waits(case):
        return None
    told = case.given
    compared = TieOut.objects.filter(firm_id=case.firm_id, books_id=case.books_id or 0)
    at = datetime.fromisoformat(told["at"])
    return Given(
        who=told["who"],
        at=at,
        says=told["says"],
        together=taking_back.alike(case),
        may_take_back=may(case, can),
        taken=case.closed_at is not None and compared.filter(at__gt=at).exists(),
    )
