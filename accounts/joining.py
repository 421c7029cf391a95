"""How joining, inviting and leaving are written down, and what nobody can be. In a scope that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import audit
from accounts.models import Membership
from accounts.roles import Role

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import Firm, Invitation, User
    from accounts.windows import Seen

AUDITOR_NEEDS_END = "An auditor needs a last day."


def wrong(role: str, ends_on: date | None, sees: Seen) -> str | None:
    """Say why nobody can be this; None when somebody can."""
    if role == Role.AUDITOR and ends_on is None:
        return AUDITOR_NEEDS_END
    return sees.refusal(auditor=role == Role.AUDITOR)


def join(*, firm: Firm, user: User, role: str, ends_on: date | None, sees: Seen, now: datetime) -> Membership:
    """Make somebody a member and write it down."""
    member = Membership.objects.create(
        firm=firm, user=user, role=role, ends_on=ends_on, joined_at=now, **sees.columns()
    )
    audit.record(
        firm_id=firm.pk,
        actor=user,
        verb="person.joined",
        kind="user",
        id=user.pk,
        text=str(user),
        after=facts(member),
        now=now,
    )
    return member


def facts(member: Membership | Invitation) -> dict[str, str | None]:
    """Return what the log keeps of a membership or an invitation."""
    told = {"role": member.role, "ends_on": member.ends_on.isoformat() if member.ends_on else None}
    return told | {"sees": str(member.sees)} if member.role == Role.AUDITOR else told


def record_invitation(invitation: Invitation, *, verb: str, by: User, now: datetime) -> None:
    """Write down what happened to an invitation."""
    audit.record(
        firm_id=invitation.firm_id,
        actor=by,
        verb=verb,
        kind="invitation",
        id=invitation.pk,
        text=invitation.email,
        after=facts(invitation),
        now=now,
    )


def record_member(
    member: Membership,
    *,
    verb: str,
    before: dict[str, str | None],
    by: User | None,
    now: datetime,
    gone: bool = False,
) -> None:
    """Write down what happened to a membership; `gone` when nothing of it stands after."""
    audit.record(
        firm_id=member.firm_id,
        actor=by,
        verb=verb,
        kind="user",
        id=member.user_id,
        text=str(member.user),
        before=before,
        after=None if gone else facts(member),
        now=now,
    )
