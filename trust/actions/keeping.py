"""Setting and lifting legal holds, and asking for deletion; each in a scope that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import audit
from trust.models import DeletionRequest, HoldLift, LegalHold

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from trust.queries.retention import Record


def set_hold(*, firm_id: int, record: Record, reason: str, actor: User, now: datetime) -> LegalHold:
    """Keep a matter's, a client's or all records whatever a rule says, until somebody lifts the hold."""
    row = LegalHold.objects.create(
        firm_id=firm_id, subject=record.subject, name=record.name, reason=reason, by=actor, at=now
    )
    audit.record(
        firm_id=firm_id, actor=actor, verb="trust.hold_set", obj=row, after={"reason": reason}, now=now
    )
    return row


def lift_hold(*, hold: LegalHold, reason: str, actor: User, now: datetime) -> str:
    """End a legal hold; return the words when it has ended already."""
    if HoldLift.objects.filter(firm_id=hold.firm_id, hold=hold).exists():
        return "This hold was lifted already."
    HoldLift.objects.create(firm_id=hold.firm_id, hold=hold, reason=reason, by=actor, at=now)
    audit.record(
        firm_id=hold.firm_id,
        actor=actor,
        verb="trust.hold_lifted",
        obj=hold,
        before={"reason": hold.reason},
        after={"reason": reason},
        now=now,
    )
    return ""


def ask_deletion(*, firm_id: int, record: Record, today: date, actor: User, now: datetime) -> DeletionRequest:
    """Answer somebody who asks to delete a record: refused with the day and the rule, or noted as free.

    Nothing is taken out of a ledger here (docs/decisions/0013): what is free is erased with the whole.
    """
    refusal = record.kept.refusal(today)
    row = DeletionRequest.objects.create(
        firm_id=firm_id,
        subject=record.subject,
        name=record.name,
        refused=bool(refusal),
        until=record.kept.until,
        words=refusal,
        by=actor,
        at=now,
    )
    audit.record(
        firm_id=firm_id,
        actor=actor,
        verb="trust.deletion_refused" if refusal else "trust.deletion_noted",
        obj=row,
        text=record.name,
        after={"words": refusal, "until": record.kept.until},
        now=now,
    )
    return row
