"""A firm whose bills are held as the road holds them: through the queue, with an owner from birth."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from accounts.tenancy import firm_scope
from mapping import actions as mapping
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.queue import Verdict
from syncapp.records.models import Case, CaseNote, Document
from tests.desk import books as seeded

if TYPE_CHECKING:
    from accounts.models import Books, User
    from tests.cast import House

MONDAY = datetime(2026, 9, 14, 14, 0, tzinfo=UTC)  # 10:00 in New York


def problem(code: str = "inactive_item", cause: str = "7", *, fix: Fix = Fix.BOOKS) -> Problem:
    """Say what stops a bill."""
    return Problem(code=code, fix=fix, cause=cause, words=f"{code} {cause} stops it.")


def hold(
    house: House, books: Books, *bills: int, why: Problem, now: datetime = MONDAY, client: int = 1
) -> Case:
    """Hold bills of one client, of 100.00 each, by one problem; none of them releases what is held."""
    with firm_scope(write=house.firm.pk):
        verdicts = []
        for number in bills:
            found = Document.objects.filter(firm=house.firm, resource="bills", source_id=number).first()
            found = found or seeded.bill(house, number, 10_000)
            Document.objects.filter(pk=found.pk).update(client_id=client)
            found.client_id = client
            verdicts.append(Verdict(document=found, problem=why))
        queue.apply(firm_id=house.firm.pk, books_id=books.pk, verdicts=verdicts, now=now)
        return Case.objects.select_related("owner").get(firm=house.firm, cause=why.cause_key)


def release(house: House, books: Books, *bills: int, now: datetime) -> None:
    """Let bills post: what held them is gone."""
    with firm_scope(write=house.firm.pk):
        rows = Document.objects.filter(firm=house.firm, resource="bills", source_id__in=bills)
        verdicts = [Verdict(document=row) for row in rows]
        queue.apply(firm_id=house.firm.pk, books_id=books.pk, verdicts=verdicts, now=now)
        queue.close_done(firm_id=house.firm.pk, now=now)


def client(house: House, number: int, name: str) -> None:
    """Name a client."""
    with firm_scope(write=house.firm.pk):
        seeded.document(house, number, kind="client", number=name)


def settings(house: House, **said: object) -> None:
    """Set who looks after the firm's exceptions, as its file says it."""
    with firm_scope(write=house.firm.pk):
        mapping.keep_settings(firm_id=house.firm.pk, settings={"cases": said})


def again(case: Case) -> Case:
    """Read a case anew."""
    with firm_scope(write=None, reads=[case.firm_id]):
        return Case.objects.select_related("owner").get(pk=case.pk)


def history(case: Case) -> list[str]:
    """Read what stands in the history of a case beside the log, the oldest first."""
    with firm_scope(write=None, reads=[case.firm_id]):
        notes = CaseNote.objects.filter(firm_id=case.firm_id, case=case)
        return list(notes.order_by("at", "pk").values_list("words", flat=True))


def owner(case: Case) -> User | None:
    """Return whose a case is now."""
    return again(case).owner
