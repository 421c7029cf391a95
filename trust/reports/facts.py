"""What a reconciliation report is told: the figures, the account, the rules, what was done. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from trust.signing.states import Act

if TYPE_CHECKING:
    from trust.jurisdictions import Jurisdiction
    from trust.signing.figures import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One act of the history, with `at` in the firm's own time."""

    act: Act
    name: str
    at: datetime
    position: str = ""
    bar_number: str = ""
    deputy_for: str = ""
    text: str = ""
    separation: str = ""
    digest: str = ""
    certification: str = ""
    provenance: str = ""
    signs_checks: bool = False
    lawyer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that one report prints. `prepared` and `signed` are in force; `history` is everything."""

    firm: str
    account: str
    last_digits: str
    books: str
    rules: Jurisdiction
    figures: Figures
    made_at: datetime
    prepared: Done | None = None
    signed: Done | None = None
    history: tuple[Done, ...] = ()

    @property
    def number(self) -> str:
        """Return the account's number as far as it is shown."""
        return f"…{self.last_digits}" if self.last_digits else "not noted"
