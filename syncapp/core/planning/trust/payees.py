"""Who a check of client money pays: a name that the books have is used, none is made a second time.

Names are unique over customers, vendors and employees, inactive ones too (qbo/API.md sections 8.5 and 9,
code 6240); an inactive one may end in "(deleted)" (section 7).
"""

from __future__ import annotations

from collections.abc import Iterable

from syncapp.core.books import BookObject
from syncapp.core.ledger import VendorDraft
from syncapp.core.planning.wanted import Wanted
from syncapp.core.problems import Fix, Problem

_DELETED = " (deleted)"


def vendor(subject: str, name: str, named: Iterable[BookObject]) -> Wanted | Problem:
    """Find the vendor of a name, or draft one. `named` are the vendors that bear it, active and not."""
    rows = list(named)
    found = next((row for row in rows if row.active), rows[0] if rows else None)
    if found is None:
        return Wanted(subject=subject, draft=VendorDraft(name=name))
    if not found.active:
        return inactive(found.id, name)
    return Wanted(subject=subject, draft=VendorDraft(name=found.name), adopt=found.id)


def names(name: str) -> tuple[str, str]:
    """Return how a vendor of a name may be called in the books: as it is, and made inactive."""
    return name, name + _DELETED


def inactive(found: str, name: str) -> Problem:
    """Say that a check cannot be made out to somebody whom the books made inactive."""
    return Problem(
        code="inactive_payee",
        fix=Fix.BOOKS,
        cause=f"payee {found}",
        title="A check of client money is made out to somebody who is inactive in QuickBooks.",
        words=f"“{name}” is inactive in QuickBooks, so no check can be made out to that name. Make it active "
        "there and retry.",
        facts={"payee": found, "kind": "payee", "id": found, "name": name},
    )
