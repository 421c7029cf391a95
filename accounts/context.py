"""What every page's frame shows: the firm, the person's other firms, what the role may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.access import current_membership
from accounts.roles import ALLOWS, Role

if TYPE_CHECKING:
    from django.http import HttpRequest


def firm(request: HttpRequest) -> dict[str, Any]:
    """Give templates `firm`, `member`, `firms` and `can` (names of permissions); nothing when signed out."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    member = getattr(request, "member", None) or current_membership(request)
    if member is None:
        return {"firms": []}
    return {
        "firm": member.firm,
        "member": member,
        "firms": [other.firm for other in getattr(request, "memberships", [])],
        "can": {permission.value: True for permission in ALLOWS[Role(member.role)]},
    }
