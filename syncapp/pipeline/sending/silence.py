"""When a vendor says nothing clear any more, it is in trouble, and not the records that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from syncapp.core.books import Outcome, Posted, Refused
from syncapp.http.errors import Transient

MOST_SILENT = 2  # calls in a row without a clear answer


@dataclass(slots=True)
class Silence:
    """Counts the calls in a row that got no clear answer; `most` of them are too many."""

    most: int
    calls: int = 0
    words: str = ""

    def heard(self, outcomes: Sequence[Outcome]) -> None:
        """Take note of what one lot came to. Raises Transient when it was one too many."""
        clear = any(isinstance(outcome, Posted | Refused) for outcome in outcomes)
        self.calls = 0 if clear else self.calls + 1
        self.words = getattr(outcomes[-1], "words", "")
        if self.calls >= self.most:
            raise Transient(self.words, sent=False)

    def end(self, *, patient: bool) -> None:
        """Nothing is left to send. Raises Transient when the last calls were not answered, unless patient."""
        if self.calls and not patient:
            raise Transient(self.words, sent=False)
