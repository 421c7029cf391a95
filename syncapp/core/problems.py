"""What we expect to go wrong is a value: a cause, whose move it is, and the words the user reads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum


class Fix(StrEnum):
    """Whose move it is, and where."""

    MAP = "map"  # a rule or an account is missing: the mapping pages
    CONNECT = "connect"  # authorise again
    SETUP = "setup"  # the company's settings or the set of books
    CHOOSE = "choose"  # a person picks between candidates
    CLIO = "clio"  # correct it in Clio
    BOOKS = "books"  # correct it in the books
    APPROVE = "approve"  # a person approves the proposed entry
    LOOK = "look"  # it has posted: look at it, then close it with a word
    WAIT = "wait"  # the system goes on by itself
    TRUST = "trust"  # trust is not set up for this


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a document cannot post yet.

    `cause` names the one thing to mend: documents with the same cause are one case, headed by `title` (the
    words of one of them when it is left out). `amount` in minor units is what it is about where the
    document says it no more.
    """

    code: str
    fix: Fix
    words: str
    cause: str = ""
    title: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    amount: int | None = None

    def behind(self, words: str) -> Problem:
        """Return this problem as it holds what waits for something held: the case is headed as before."""
        return replace(self, title=self.title or self.words, words=f"{words} {self.words}")

    @property
    def cause_key(self) -> str:
        """Return the identity of the cause, shared by all that it holds."""
        return f"{self.code}:{self.cause}" if self.cause else self.code
