"""When a person of a firm is written to about new exceptions: at once, once a day, or never."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from accounts import audit, queries
from accounts.models import LetterChoice, User
from accounts.models.channels import LEASTS
from accounts.roles import Role
from accounts.tenancy import firm_scope

if TYPE_CHECKING:
    from accounts.models import Firm, Membership

DAILY_AT = time(8)  # in the firm's time zone


class Letters(StrEnum):
    """When a letter about new causes goes out."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


WORDS: dict[Letters, str] = {
    Letters.AT_ONCE: "at once",
    Letters.DAILY: "once a day, at 08:00",
    Letters.NEVER: "never",
}


LEAST_WORDS = {
    "waiting": "Everything, also what waits and goes on by itself",
    "needs_person": "What needs a person, and client money",
    "trust": "Client money alone",
}


def told_of(least: str) -> tuple[str, ...]:
    """Return the urgencies that somebody is told of, by the least of them."""
    return LEASTS[: LEASTS.index(least) + 1]


def default_of(role: str) -> Letters:
    """Return what holds for a role until the person chooses: the bookkeeper's letters come at once."""
    return Letters.AT_ONCE if role == Role.BOOKKEEPER else Letters.NEVER


def of(member: Membership) -> Letters:
    """Return what a member chose, or what holds for the role. In a reading scope."""
    row = LetterChoice.objects.filter(firm_id=member.firm_id, user_id=member.user_id).first()
    return Letters(row.letters) if row else default_of(member.role)


def least_of(member: Membership) -> str:
    """Return from which urgency on a member is written to. In a reading scope."""
    rows = LetterChoice.objects.filter(firm_id=member.firm_id, user_id=member.user_id)
    return rows.values_list("least", flat=True).first() or LEASTS[-1]


def choose(*, member: Membership, letters: Letters, now: datetime, least: str = LEASTS[-1]) -> None:
    """Keep a member's own choice with its sentence in the log; the same choice again changes nothing.

    A daily letter begins with what is new from now on. Opens its own scope.
    """
    with firm_scope(write=member.firm_id):
        before, before_least = of(member), least_of(member)
        if (before, before_least) == (letters, least):
            return
        LetterChoice.objects.update_or_create(
            firm_id=member.firm_id,
            user_id=member.user_id,
            defaults={"letters": letters.value, "least": least, "told_at": now},
        )
        audit.record(
            firm_id=member.firm_id,
            actor=member.user,
            verb="person.letters_chosen",
            kind="user",
            id=member.user_id,
            text=str(member.user),
            before={"letters": WORDS[before], "least": before_least},
            after={"letters": WORDS[letters], "least": least},
            now=now,
        )


def readers_at_once(*, firm: Firm, now: datetime) -> list[User]:
    """List the people of today who are written to as soon as something is new. In a reading scope.

    Nobody who is held to some trust accounts: a letter names what waits anywhere.
    """
    chosen = dict(LetterChoice.objects.filter(firm_id=firm.pk).values_list("user_id", "letters"))
    return [
        member.user
        for member in queries.members_today(firm_id=firm.pk, now=now)
        if chosen.get(member.user_id, default_of(member.role)) == Letters.AT_ONCE and member.window is None
    ]


def leasts(*, firm: Firm) -> dict[int, str]:
    """Return from which urgency on each person is written to who chose one. In a reading scope."""
    return dict(LetterChoice.objects.filter(firm_id=firm.pk).values_list("user_id", "least"))


def readers_due(*, firm: Firm, now: datetime) -> list[LetterChoice]:
    """List the daily readers of today whose letter is due, with what they were told last. In a scope."""
    since = last_morning(firm.time_zone, now)
    due = LetterChoice.objects.filter(firm_id=firm.pk, letters=Letters.DAILY.value, told_at__lt=since)
    rows = list(due.select_related("user").order_by("pk"))
    if not rows:
        return []
    today = queries.members_today(firm_id=firm.pk, now=now)
    people = {member.user_id for member in today if member.window is None}
    return [row for row in rows if row.user_id in people]


def told(*, row: LetterChoice, now: datetime) -> None:
    """Remember that a daily reader knows what was new until now. Opens its own scope."""
    with firm_scope(write=row.firm_id):
        LetterChoice.objects.filter(firm_id=row.firm_id, pk=row.pk).update(told_at=now)


def last_morning(zone: str, now: datetime) -> datetime:
    """Return the last 08:00 of a time zone that has passed."""
    here = now.astimezone(ZoneInfo(zone))
    day = here.date() if here.time() >= DAILY_AT else here.date() - timedelta(days=1)
    return datetime.combine(day, DAILY_AT, tzinfo=ZoneInfo(zone))
