"""Questions about people and firms: the only way to the tables that lie outside the wall."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import (
    AuditEvent,
    AuditHead,
    Books,
    ExternalAccount,
    Firm,
    Grant,
    Invitation,
    Membership,
    User,
)
from accounts.paging import Counted, Numbered, capped
from accounts.roles import Permission, Role, allows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet


def today_of(firm: Firm, now: datetime) -> date:
    """Return the day it is for a firm."""
    return now.astimezone(ZoneInfo(firm.time_zone)).date()


def zone_of(firm_id: int) -> str:
    """Return the name of a firm's time zone."""
    return Firm.objects.values_list("time_zone", flat=True).get(pk=firm_id)


def firm_name(firm_id: int) -> str:
    """Return the name of a firm."""
    return Firm.objects.values_list("name", flat=True).get(pk=firm_id)


def firm_ids() -> list[int]:
    """Return every firm's id, for what runs over all of them."""
    return list(Firm.objects.order_by("id").values_list("id", flat=True))


def firm_by_slug(slug: str) -> Firm | None:
    """Find a firm by the name in its file and in commands."""
    return Firm.objects.filter(slug=slug).first()


def user_by_email(email: str) -> User | None:
    """Find a person by address, whatever its case."""
    return User.objects.filter(email=email.strip().lower()).first()


def memberships(*, user: User, now: datetime) -> list[Membership]:
    """List a person's memberships that hold today, by the name of the firm."""
    mine = Membership.objects.filter(user=user).select_related("firm").order_by("firm__name", "firm_id")
    return [member for member in mine if member.runs_on(today_of(member.firm, now))]


def membership(*, user: User, firm_id: int, now: datetime) -> Membership | None:
    """Find a person's membership of one firm, if it holds today."""
    member = Membership.objects.filter(user=user, firm_id=firm_id).select_related("firm").first()
    return member if member is not None and member.runs_on(today_of(member.firm, now)) else None


def members(*, firm_id: int) -> list[Membership]:
    """List everybody of a firm, ended ones too, by name."""
    everybody = Membership.objects.filter(firm_id=firm_id).select_related("user", "firm")
    return list(everybody.order_by("user__name", "user__email"))


def members_today(*, firm_id: int, now: datetime) -> list[Membership]:
    """List the memberships of a firm that hold today, of people who may sign in, by name."""
    return [
        member
        for member in members(firm_id=firm_id)
        if member.user.is_active and member.runs_on(today_of(member.firm, now))
    ]


def since_when(*, firm_id: int, permission: Permission, now: datetime) -> dict[int, datetime]:
    """Say of everybody who carries a permission today, by person, since when he has been in the firm."""
    today = members_today(firm_id=firm_id, now=now)
    return {member.user_id: member.joined_at for member in today if allows(member.role, permission)}


def stands(*, maker: int | None, made_at: datetime, since: Mapping[int, datetime]) -> bool:
    """Say whether what somebody made works on without him: a token, a link, an invitation.

    It ends with his membership, and with the right to make it; `since` is `since_when` of that right. Who
    comes back brings nothing back.
    """
    return maker is not None and maker in since and since[maker] <= made_at


def people_of(*, firm_id: int, role: str, now: datetime) -> list[User]:
    """List the people who hold a role in a firm today."""
    return [member.user for member in members_today(firm_id=firm_id, now=now) if member.role == role]


def other_administrators(*, member: Membership, now: datetime) -> int:
    """Count the firm's administrators of today besides one person."""
    people = people_of(firm_id=member.firm_id, role=Role.ADMINISTRATOR, now=now)
    return sum(person.pk != member.user_id for person in people)


def hashed(token: str) -> str:
    """Return what is kept of an invitation's token."""
    return sha256(token.encode()).hexdigest()


def open_invitations(*, firm_id: int, now: datetime) -> list[tuple[Invitation, bool]]:
    """List invitations that nobody has accepted or withdrawn, newest first, and whether each stands.

    One ends with the administrator who sent it.
    """
    waiting = Invitation.objects.filter(firm_id=firm_id, accepted_at=None, withdrawn_at=None)
    since = since_when(firm_id=firm_id, permission=Permission.MANAGE_PEOPLE, now=now)
    return [
        (one, stands(maker=one.invited_by_id, made_at=one.invited_at, since=since))
        for one in waiting.select_related("invited_by").order_by("-invited_at")
    ]


def invitation_for(*, token: str, now: datetime) -> Invitation | None:
    """Find the invitation behind a link, while it can be accepted."""
    waiting = Invitation.objects.filter(
        token_hash=hashed(token), accepted_at=None, withdrawn_at=None, expires_at__gt=now
    )
    found = waiting.select_related("firm", "invited_by").first()
    if found is None:
        return None
    since = since_when(firm_id=found.firm_id, permission=Permission.MANAGE_PEOPLE, now=now)
    return found if stands(maker=found.invited_by_id, made_at=found.invited_at, since=since) else None


def books_of(*, firm_id: int) -> list[Books]:
    """List a firm's sets of books in their order, in the open scope."""
    return list(Books.objects.filter(firm_id=firm_id))


def grants_of(*, firm_id: int) -> list[Grant]:
    """List a firm's connections, Clio first, in the open scope."""
    grants = Grant.objects.filter(firm_id=firm_id).select_related("books", "authorised_by")
    return sorted(grants, key=lambda grant: (grant.provider != "clio", grant.books_id or 0))


def holders(*, provider: str, accounts: Iterable[str]) -> dict[str, tuple[int, int | None]]:
    """Say which firm and set of books holds each vendor account; one that nobody connected is left out."""
    rows = ExternalAccount.objects.filter(provider=provider, region="", external_id__in=list(accounts))
    return {key: (firm, books) for key, firm, books in rows.values_list("external_id", "firm_id", "books_id")}


def audit_events(
    *,
    firm_id: int,
    verb: str = "",
    person: str = "",
    since: date | None = None,
    until: date | None = None,
    zone: str = "UTC",
) -> QuerySet[AuditEvent]:
    """Filter the firm's log, newest first, in the open scope; days are of `zone`, both included.

    A `verb` may be a family (`grant.`); `person` is an id, or `tieout` for what went by itself.
    """
    events = AuditEvent.objects.filter(firm_id=firm_id).order_by("-number")
    if verb:
        events = events.filter(Q(verb=verb) | Q(verb__prefix=verb.rstrip(".") + "."))
    if person == "tieout":
        events = events.filter(actor=None)
    elif person.isdecimal():
        events = events.filter(actor_id=int(person))
    if since is not None:
        events = events.filter(at__gte=_midnight(since, zone))
    if until is not None and until < date.max:
        events = events.filter(at__lt=_midnight(until + timedelta(days=1), zone))
    return events


def audit_pages(events: QuerySet[AuditEvent], *, firm_id: int, per_page: int, whole: bool) -> Counted:
    """Return the pages of what `audit_events` found; the `whole` log is numbered, so it is not counted."""
    if not whole:
        return capped(events, per_page)
    head = AuditHead.objects.filter(firm_id=firm_id).values_list("number", flat=True).first()
    return Numbered(events, per_page, count=head or 0)


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
