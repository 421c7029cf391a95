"""What a person may undo and send again, by the permissions of the role. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.roles import Permission
from syncapp.pipeline.undoing.refusals import Rights

if TYPE_CHECKING:
    from collections.abc import Collection


def rights_of(can: Collection[Permission]) -> Rights:
    """Return the right to operating records (who clears exceptions) and to client money (who signs)."""
    return Rights(operating=Permission.RETRY in can, trust=Permission.SIGN in can)
