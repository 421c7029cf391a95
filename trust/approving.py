"""Which trust entries wait for approval, and for how much more of it. Pure.

An approval here is an approval to post: what happened at the bank has happened, and it cannot stop money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncapp.core.money import spoken
from syncapp.core.problems import Fix, Problem

CODE = "trust_awaiting_approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The firm's limit, in minor units (None: it has none), and who approved what so far.

    `given` are the people who may approve and did, by subject and fingerprint of the entry; `approvers` are
    those whom the firm named, empty for its partners.
    """

    over: int | None = None
    needed: int = 1
    approvers: tuple[str, ...] = ()
    given: Mapping[tuple[str, str], frozenset[int]] = field(default_factory=dict)
    currency: str = "USD"

    def of(self, *, subject: str, amount: int, print_: str, entry: str = "") -> Problem | None:
        """Say what a trust entry still waits for; None when it may post.

        `amount` is the sum of its debits, `print_` its fingerprint (an entry that changed is asked anew), and
        `entry` the draft as JSON text, for the card. An opening moves nothing and was agreed with the books.
        """
        if self.over is None or amount < self.over or subject.startswith("trust_openings/"):
            return None
        have = len(self.given.get((subject, print_), frozenset()))
        if have >= self.needed:
            return None
        limit, total = spoken(self.over, self.currency), spoken(amount, self.currency)
        wanted = f"{self.needed - have} more approval" if have else f"{self.needed} approval"
        plural = "s" if self.needed - have > 1 else ""
        return Problem(
            code=CODE,
            fix=Fix.APPROVE,
            cause=subject,
            title=f"A trust entry of {total} waits for approval, because it reaches {limit}.",
            words=f"This entry of {total} reaches the limit of {limit} and waits for {wanted}{plural} by "
            f"{self.who}. An approval lets it post; it cannot stop money that has moved.",
            facts={
                "subject": subject,
                "print": print_,
                "amount": str(amount),
                "entry": entry,
                "have": str(have),
                "needed": str(self.needed),
            },
        )

    @property
    def who(self) -> str:
        """Name who may approve."""
        return " or ".join(self.approvers) if self.approvers else "a partner"
