"""An auditor who is held to the account IOLTA in September and October 2026."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from accounts import actions
from accounts.roles import Role
from accounts.windows import Seen
from tests import cast

if TYPE_CHECKING:
    from accounts.models import Membership
    from tests.cast import House

SEEN = Seen(accounts=("IOLTA",), first=date(2026, 9, 1), last=date(2026, 10, 31))


def held(house: House, seen: Seen = SEEN) -> Membership:
    """Hold the firm's auditor to an account and days."""
    answer = actions.ensure_member(
        firm=house.firm,
        email=house.auditor.email,
        role=Role.AUDITOR,
        ends_on=cast.FAR,
        sees=seen,
        now=cast.NOW,
    )
    assert answer == "changed", answer
    return house.member(Role.AUDITOR)
