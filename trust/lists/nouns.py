"""What the lists of a trust account are told. Pure; amounts are minor units, days have no zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trust.nouns import Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One ledger as it stands: what is held for it, since when nothing moved, and whom to ask.

    `contact` is an address or telephone number of the client, empty when none is known; `closed` is the day
    its matter was closed.
    """

    key: str
    balance: int
    name: str = ""
    last_day: date | None = None
    contact: str = ""
    closed: date | None = None

    @property
    def client(self) -> bool:
        """Tell a client's money from the firm's float and the programme's interest."""
        return self.key.partition("/")[0] != "trust"

    @property
    def shown(self) -> str:
        """Return the name that people read."""
        return self.name or self.key

    def reach(self) -> str:
        """Say how the client is reached."""
        return f"at {self.contact}" if self.contact else "(Clio has no e-mail or telephone number)"


def effect(movement: Movement, key: str) -> int:
    """Return what a movement does to a ledger."""
    return sum(amount for ledger, amount in movement.ledgers if ledger == key)
