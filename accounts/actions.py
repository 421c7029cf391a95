"""What people do to a firm and its members; each writes its audit sentence in the same transaction.

A refusal is a sentence (`str`) for the person; what must never happen raises.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.text import slugify

from accounts import audit, joining, queries
from accounts.models import Books, Firm, Invitation, LetterChoice, Membership, User
from accounts.roles import Role
from accounts.tenancy import firm_scope
from accounts.windows import Seen

if TYPE_CHECKING:
    from collections.abc import Callable

INVITATION_LIFE = timedelta(days=7)
LAST_ADMINISTRATOR = "This is the firm's last administrator. Make somebody else administrator first."
HOUR = timedelta(hours=1)
INVITATIONS_AN_HOUR = 30  # nobody writes letters to strangers through us
TOO_MANY = "A firm sends at most {} invitations an hour. Send the next one later."
ALL = Seen()


def create_firm(
    *,
    user: User | None,
    name: str,
    time_zone: str,
    now: datetime,
    currency: str = "USD",
    jurisdiction: str = "",
    slug: str = "",
) -> Firm:
    """Make a firm with its first set of books; `user`, if given, becomes its administrator.

    A taken `slug` gets a number. Opens its own scope.
    """
    firm = Firm(
        pk=_next_firm_id(),
        slug=_free_slug(slug or slugify(name)[:50] or "firm"),
        name=name,
        time_zone=time_zone,
        currency=currency,
        jurisdiction=jurisdiction,
        created_at=now,
    )
    with firm_scope(write=firm.pk):
        firm.save(force_insert=True)
        audit.record(
            firm_id=firm.pk,
            actor=user,
            verb="firm.created",
            obj=firm,
            after={"name": name, "time_zone": time_zone, "currency": currency},
            now=now,
        )
        if user is not None:
            joining.join(firm=firm, user=user, role=Role.ADMINISTRATOR, ends_on=None, sees=ALL, now=now)
    return firm


def _next_firm_id() -> int:
    """Take the next id, so that the scope can be opened before the firm's row exists."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('accounts_firm', 'id'))")
        (number,) = cursor.fetchone() or (0,)
    return int(number)


def _free_slug(wanted: str) -> str:
    taken = set(Firm.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(
        slug for n in range(1, len(taken) + 2) if (slug := wanted if n == 1 else f"{wanted}-{n}") not in taken
    )


def add_books(*, firm_id: int, name: str, ledger: str, by: User | str | None, now: datetime) -> Books:
    """Add a set of books, in the open scope; the one of that name if it exists."""
    position = Books.objects.filter(firm_id=firm_id).count()
    books, made = Books.objects.get_or_create(
        firm_id=firm_id, name=name, defaults={"ledger": ledger, "position": position}
    )
    if made:
        audit.record(
            firm_id=firm_id, actor=by, verb="books.added", obj=books, after={"ledger": ledger}, now=now
        )
    return books


def ensure_member(
    *,
    firm: Firm,
    email: str,
    role: str,
    now: datetime,
    ends_on: date | None = None,
    name: str = "",
    sees: Seen = ALL,
) -> str:
    """Make somebody a member as a firm file says, creating the person without a password.

    Answers `created`, `changed`, `unchanged`, or the sentence of a refusal. Opens its own scope.
    """
    user = queries.user_by_email(email) or User.objects.create_user(
        email, name=name or email.split("@", maxsplit=1)[0]
    )
    member = Membership.objects.filter(firm=firm, user=user).select_related("user", "firm").first()
    if member is not None:
        if (member.role, member.ends_on, member.sees) == (role, ends_on, sees):
            return "unchanged"
        changed = change_role(member=member, role=role, ends_on=ends_on, sees=sees, by=None, now=now)
        return changed or "changed"
    if refused := joining.wrong(role, ends_on, sees):
        return refused
    with firm_scope(write=firm.pk):
        joining.join(firm=firm, user=user, role=role, ends_on=ends_on, sees=sees, now=now)
    return "created"


def invite(
    *,
    firm: Firm,
    email: str,
    role: str,
    ends_on: date | None,
    by: User,
    now: datetime,
    mail: Callable[[Invitation, str], object],
    sees: Seen = ALL,
) -> Invitation | str:
    """Invite somebody by e-mail in place of an earlier invitation; `mail` gets it and the token after."""
    address = email.strip().lower()
    if refused := joining.wrong(role, ends_on, sees):
        return refused
    if ends_on is not None and ends_on < queries.today_of(firm, now):
        return "The last day is in the past."
    if Membership.objects.filter(firm=firm, user__email=address).exists():
        return f"{address} is a member already. Change the role in the list."
    token = secrets.token_urlsafe(32)
    with firm_scope(write=firm.pk):
        if Invitation.objects.filter(firm=firm, invited_at__gt=now - HOUR).count() >= INVITATIONS_AN_HOUR:
            return TOO_MANY.format(INVITATIONS_AN_HOUR)
        Invitation.objects.filter(firm=firm, email=address, accepted_at=None, withdrawn_at=None).update(
            withdrawn_at=now
        )
        invitation = Invitation.objects.create(
            firm=firm,
            email=address,
            role=role,
            ends_on=ends_on,
            token_hash=queries.hashed(token),
            invited_by=by,
            invited_at=now,
            expires_at=now + INVITATION_LIFE,
            **sees.columns(),
        )
        joining.record_invitation(invitation, verb="person.invited", by=by, now=now)
    mail(invitation, token)
    return invitation


def withdraw(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Make an open invitation's link worthless."""
    with firm_scope(write=invitation.firm_id):
        open_one = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
        if open_one.update(withdrawn_at=now):
            joining.record_invitation(invitation, verb="person.invitation_withdrawn", by=by, now=now)


def accept(*, invitation: Invitation, user: User, now: datetime) -> Membership | str:
    """Make the invited person a member; the invitation works once and only for its own address."""
    if user.email != invitation.email:
        return f"This invitation is for {invitation.email}. Sign in with that address."
    with firm_scope(write=invitation.firm_id):
        claimed = Invitation.objects.filter(
            pk=invitation.pk, accepted_at=None, withdrawn_at=None, expires_at__gt=now
        ).update(accepted_at=now)
        if not claimed:
            return "This invitation has been used or withdrawn. Ask for a new one."
        member = Membership.objects.filter(firm_id=invitation.firm_id, user=user).first()
        return member or joining.join(
            firm=invitation.firm,
            user=user,
            role=invitation.role,
            ends_on=invitation.ends_on,
            sees=invitation.sees,
            now=now,
        )


def change_role(
    *,
    member: Membership,
    role: str,
    ends_on: date | None,
    by: User | None,
    now: datetime,
    sees: Seen = ALL,
) -> str | None:
    """Give a member another role, last day or view; a sentence when that would leave no administrator."""
    if refused := joining.wrong(role, ends_on, sees):
        return refused
    with firm_scope(write=member.firm_id):
        Firm.objects.select_for_update().get(pk=member.firm_id)  # two administrators demoting each other
        keeps = role == Role.ADMINISTRATOR and ends_on is None
        if (
            member.role == Role.ADMINISTRATOR
            and not keeps
            and not queries.other_administrators(member=member, now=now)
        ):
            return LAST_ADMINISTRATOR
        before = joining.facts(member)
        member.role, member.ends_on, member.sees = role, ends_on, sees
        member.save(update_fields=["role", "ends_on", "accounts", "sees_from", "sees_to"])
        after = joining.facts(member)
        if before["role"] != role:
            joining.record_member(member, verb="person.role_changed", before=before, by=by, now=now)
            return None
        if before["ends_on"] != after["ends_on"]:
            joining.record_member(member, verb="person.end_changed", before=before, by=by, now=now)
        if before.get("sees") != after.get("sees"):
            joining.record_member(member, verb="person.window_changed", before=before, by=by, now=now)
    return None


def remove(*, member: Membership, by: User, now: datetime) -> str | None:
    """Take a person out of the firm; a sentence when it is the last administrator."""
    with firm_scope(write=member.firm_id):
        Firm.objects.select_for_update().get(pk=member.firm_id)
        if member.role == Role.ADMINISTRATOR and not queries.other_administrators(member=member, now=now):
            return LAST_ADMINISTRATOR
        joining.record_member(
            member, verb="person.removed", before=joining.facts(member), by=by, now=now, gone=True
        )
        LetterChoice.objects.filter(firm_id=member.firm_id, user_id=member.user_id).delete()
        Membership.objects.filter(pk=member.pk).delete()
    return None


def change_profile(*, user: User, name: str, time_zone: str) -> None:
    """Change a person's own name and time zone."""
    user.name, user.time_zone = name, time_zone
    user.save(update_fields=["name", "time_zone"])
