"""Who has a case, and by when it is done: the firm's rules, read anew whenever a case is born.

The first rule that fits names the owner, else the firm's default owner, else its first bookkeeper, else its
first administrator, else a partner. What only an administrator can mend, a connection, goes past those who
cannot. Somebody who left the firm owns nothing: the rules choose again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from accounts import queries as people
from accounts.roles import Permission, Role, allows
from mapping import queries
from syncapp.core import workdays
from syncapp.core.problems import Fix

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from accounts.models import Membership, User

KEY = "cases"  # of the firm's settings
DAYS: Mapping[str, int] = {"trust": 1, "needs_person": 3}  # working days, unless the firm says otherwise
ESCALATE_AFTER = 5  # working days; 0 never
FIRST = (Role.BOOKKEEPER, Role.ADMINISTRATOR, Role.PARTNER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Born:
    """What a rule may ask of a case. `client` is Clio's id when all that it holds is of one client."""

    code: str
    fix: str
    severity: str
    client: int | None = None
    client_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Whose the cases are that fit; empty conditions fit everything. `client` is a name or `id:5`."""

    owner: str
    kind: str = ""
    severity: str = ""
    client: str = ""

    def fits(self, born: Born) -> bool:
        """Tell whether a case is meant."""
        if self.kind and self.kind not in {born.code, born.fix}:
            return False
        if self.severity and self.severity != born.severity:
            return False
        return not self.client or (born.client is not None and _same_client(self.client, born))


def _same_client(said: str, born: Born) -> bool:
    if said.startswith("id:"):
        return said[3:].strip() == str(born.client)
    return said.strip().casefold() == born.client_name.strip().casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """How a firm's cases are looked after, and by whom today. `today` is a day of the firm."""

    today: date
    zone: str
    members: Sequence[Membership] = ()
    rules: Sequence[Rule] = ()
    default: str = ""
    days: Mapping[str, int] = field(default_factory=lambda: dict(DAYS))
    escalate_after: int = ESCALATE_AFTER

    @property
    def owners(self) -> dict[int, User]:
        """Return who may have a case, by id."""
        return {member.user_id: member.user for member in self.members}

    @property
    def asks_clients(self) -> bool:
        """Tell whether a rule asks whose client it is."""
        return any(rule.client for rule in self.rules)

    def owner_of(self, born: Born) -> User | None:
        """Return who gets a case; None only in a firm without people who clear exceptions."""
        named = [rule.owner for rule in self.rules if rule.fits(born)]
        able = list(self.members)
        if born.fix == Fix.CONNECT:
            able = [member for member in able if allows(member.role, Permission.CONNECT)] or able
        by_address = {member.user.email: member.user for member in able}
        for address in (*named, self.default):
            if address.strip().lower() in by_address:
                return by_address[address.strip().lower()]
        ranked = sorted(able, key=lambda member: FIRST.index(Role(member.role)))
        return ranked[0].user if ranked else None

    def due(self, severity: str, opened: date) -> date | None:
        """Return by when a case is to be cleared; None for what goes on by itself or was stopped."""
        return workdays.after(opened, self.days[severity]) if severity in self.days else None


def load(*, firm_id: int, now: datetime) -> Care:
    """Read who looks after the cases of a firm. In a scope of it."""
    zone = people.zone_of(firm_id)
    said = queries.firm_settings(firm_id).get(KEY) or {}
    return Care(
        today=now.astimezone(ZoneInfo(zone)).date(),
        zone=zone,
        members=may_own(people.members_today(firm_id=firm_id, now=now)),
        rules=rules_of(said),
        default=str(said.get("owner", "")),
        days={**DAYS, **{key: int(days) for key, days in (said.get("due") or {}).items()}},
        escalate_after=int(said.get("escalate_after", ESCALATE_AFTER)),
    )


def rules_of(said: Mapping[str, Any]) -> list[Rule]:
    """Read the rules of a firm's settings, in their order."""
    return [Rule(**{key: str(value) for key, value in row.items()}) for row in said.get("owners") or []]


def may_own(members: Iterable[Membership]) -> list[Membership]:
    """Return the members who may have cases: those who change something, and see the whole firm."""
    return [member for member in members if allows(member.role, Permission.APPROVE) and member.window is None]
