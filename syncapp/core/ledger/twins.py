"""What the bank feed or a person has entered in the books, with the ledger that Tieout names on it.

Its money, its number and its payee are theirs; Tieout gives it the trust liability with the ledger, the day
of the practice system, and its own texts and mark.
"""

from __future__ import annotations

from dataclasses import dataclass

from syncapp.core.ledger.kinds import ObjectKind
from syncapp.core.ledger.trust import TrustJournalDraft

FORMS = (ObjectKind.CHECK, ObjectKind.EXPENSE, ObjectKind.DEPOSIT, ObjectKind.JOURNAL)  # with lines to name


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinDraft(TrustJournalDraft):
    """An entry of client money that stands in the books without its ledger. It is only ever updated.

    `form` is which object it is there; `payee` (`Vendor:55`) and `location` are the books' own, sent along
    because nobody documents that a sparse update of a purchase leaves them. So are the `check` and the
    `method` of a deposit's one line: a line is replaced as a whole (qbo/API.md section 7).
    """

    form: ObjectKind
    payee: str = ""
    location: str = ""
    check: str = ""
    method: str = ""

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return self.form
