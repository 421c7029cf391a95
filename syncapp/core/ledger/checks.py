"""Client money paid out by a check of the books: the entry of a journal, with its payee on it.

The payee of a refund is the client's customer; any other payee is a name of the books, found or made.
"""

from __future__ import annotations

from dataclasses import dataclass

from syncapp.core.ledger.kinds import EntryLine, ObjectKind
from syncapp.core.ledger.trust import TrustJournalDraft

_PAYEES = "payees/"
_KEPT = 100  # characters of a name that its subject tells


def payee_subject(name: str) -> str:
    """Return the subject of somebody who is paid, whatever the case of the name."""
    return f"{_PAYEES}{name.casefold()[:_KEPT]}"


def is_payee(subject: str) -> bool:
    """Tell whether a subject is somebody who is paid, and neither client nor matter."""
    return subject.startswith(_PAYEES)


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorDraft:
    """Somebody who is paid, in the books' own list; no customer or employee bears the same name."""

    name: str

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.VENDOR

    def entry(self) -> tuple[EntryLine, ...]:
        """A name moves no money."""
        return ()

    def needs(self) -> tuple[str, ...]:
        """A payee stands by itself."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustCheckDraft(TrustJournalDraft):
    """A check within one trust account: money of ledgers to one payee.

    `payee` is the subject of who is paid (`payees/…`, `contacts/12`, or the books' own `id:Employee:7`),
    empty where nobody is named; `payee_name` is the name that the practice system says.
    """

    payee: str = ""
    payee_name: str = ""

    def __post_init__(self) -> None:
        """Refuse what no check is: money that comes in, or more than one bank."""
        TrustJournalDraft.__post_init__(self)
        if len(self.banks) != 1 or not all(line.amount > 0 for line in self.ledgers):
            raise AssertionError(f"trust check {self.number} does not pay out of one bank")

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.CHECK

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        lines = TrustJournalDraft.needs(self)
        return tuple(dict.fromkeys((*lines, *((self.payee,) if self.payee else ()))))
