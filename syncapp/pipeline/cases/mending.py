"""What a person lets Tieout mend in the books itself: names that were made inactive are made active again.

It moves no money and changes no entry. What was held because of it is tried again at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from accounts import audit
from accounts.tenancy import firm_scope
from accounts.tokens import GrantBusy, GrantUnusable
from syncapp.http.errors import VendorError
from syncapp.pipeline import queue, refresh, vendors
from syncapp.qbo import reviving
from syncapp.records.models import BookRow, Case

if TYPE_CHECKING:
    from accounts.models import User

NOUNS = {
    "account": "account",
    "item": "product or service",
    "class": "class",
    "location": "location",
    "customer": "customer",
    "payee": "vendor",
}
DOUBTFUL = "doubtful_customer"
NOTHING = "This exception names nothing that could be made active."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asleep:
    """Something of the books that is inactive, of which a case is: a key of `NOUNS`, its id and name."""

    kind: str
    id: str
    name: str

    @property
    def noun(self) -> str:
        """Return what it is, in words."""
        return NOUNS[self.kind]


def asleep(case: Case) -> Asleep | None:
    """Return what a case wants active, where its facts name it."""
    facts = case.facts
    kind, id_ = str(facts.get("kind", "")), str(facts.get("id", ""))
    if not case.code.startswith("inactive_") or kind not in NOUNS or not id_:
        return None
    return Asleep(kind=kind, id=id_, name=str(facts.get("name", "")))


def revive(*, firm_id: int, case_id: int, by: User, clock: Callable[[], datetime]) -> str | None:
    """Make active in the books what a case is about, and have its records tried again.

    Returns a sentence when it cannot be done; then nothing has changed, or pressing again ends it. In no
    scope: the vendor is called.
    """
    with firm_scope(write=None, reads=[firm_id]):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
    what = asleep(case) if case is not None else None
    if case is None or case.books_id is None or what is None:
        return NOTHING
    refusal = wake(firm_id=firm_id, books_id=case.books_id, what=what, clock=clock)
    if refusal is not None:
        return refusal
    now = clock()
    with firm_scope(write=firm_id):
        keep(case, what, by, now)
    queue.retry(firm_id=firm_id, case_ids=[case.pk], by=by, now=now)
    return None


def revive_chosen(
    *, firm_id: int, case_id: int, answer: str, by: User, clock: Callable[[], datetime]
) -> str | None:
    """Make the customer active that a person chose for a client, where it is not. In no scope."""
    with firm_scope(write=None, reads=[firm_id]):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
        if case is None or case.code != DOUBTFUL or case.books_id is None:
            return None
        rows = BookRow.objects.filter(firm_id=firm_id, books_id=case.books_id, kind="customer")
        row = rows.filter(remote_id=answer, deleted=False, active=False).first()
    if row is None:
        return None
    what = Asleep(kind="customer", id=row.remote_id, name=row.name)
    refusal = wake(firm_id=firm_id, books_id=case.books_id, what=what, clock=clock)
    if refusal is None:
        with firm_scope(write=firm_id):
            BookRow.objects.filter(firm_id=firm_id, pk=row.pk).update(active=True)
            keep(case, what, by, clock())
    return refusal


def wake(*, firm_id: int, books_id: int, what: Asleep, clock: Callable[[], datetime]) -> str | None:
    """Make something active in the books; return a sentence when it could not be. In no scope."""
    try:
        client = vendors.open_books(firm_id=firm_id, books_id=books_id, clock=clock)
        with refresh.counting(firm_id=firm_id, books_id=books_id, client=client):
            reviving.revive(client, what.kind, what.id)
    except (vendors.NotConnected, GrantUnusable) as error:
        return error.words
    except VendorError as error:
        return f"{error.words} Nothing was posted. Press again, or make it active there."
    except GrantBusy:
        return "A run is using the connection just now. Press again in a moment."
    return None


def keep(case: Case, what: Asleep, by: User, now: datetime) -> None:
    """Write down who made something active. In a writing scope."""
    audit.record(
        firm_id=case.firm_id,
        actor=by,
        verb="books.made_active",
        kind="case",
        id=case.pk,
        text=f"{what.noun} {what.name}",
        after={"kind": what.kind, "books_id": what.id},
        now=now,
    )
