"""What one address asks for: the words of the permission matrix (`tests/matrix.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.roles import Permission
    from tests.cast import House


class Who(StrEnum):
    """For whom an address is."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    VENDOR = "a vendor or a probe, by its signature or token: nobody else, whoever is signed in"
    FIRM = "people of the firm whose role carries the permission"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one address asks for.

    `args` makes what the address names inside the given firm and returns the address's arguments: a stranger
    must get 404 for it. `words` are arguments that name nothing of any firm, such as a vendor. `body` is what
    is posted. An address without `args` shows each person their own firm.
    """

    who: Who
    permission: Permission | None = None
    method: str = "get"
    args: Callable[[House], dict[str, Any]] | None = None
    words: dict[str, str] = field(default_factory=dict)
    body: dict[str, str] = field(default_factory=dict)

    def address(self, house: House) -> dict[str, Any]:
        """Return the arguments of the address, making what it names."""
        return self.words | (self.args(house) if self.args else {})


def anybody(**more: Any) -> Row:
    """Answer whoever asks."""
    return Row(who=Who.ANYBODY, **more)


def vendor(**more: Any) -> Row:
    """Answer what a vendor has signed."""
    return Row(who=Who.VENDOR, method="post", **more)


def signed_in(**more: Any) -> Row:
    """Answer whoever is signed in; anonymous goes to the sign-in page."""
    return Row(who=Who.SIGNED_IN, **more)


def within(permission: Permission, **more: Any) -> Row:
    """Answer people of a firm whose role carries the permission."""
    return Row(who=Who.FIRM, permission=permission, **more)


def fixed(**values: Any) -> Callable[[House], dict[str, Any]]:
    """Return arguments that name nothing of any firm."""
    return lambda _house: values


HOUSE = {"healthz": anybody(), "readyz": anybody(), "metrics": Row(who=Who.VENDOR)}

WEBHOOKS = {"webhooks:clio": vendor(args=fixed(token="unknown")), "webhooks:qbo": vendor()}
