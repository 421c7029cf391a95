"""Undo as a person presses it, for the tests of the road."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.core.problems import Problem
from syncapp.pipeline import answers
from syncapp.pipeline.undoing import acts, foreseen
from syncapp.pipeline.undoing.refusals import Rights
from syncapp.records.models import Document, PostedLine
from tests.road import books
from tests.stage import Stage

EVERYBODY = Rights(operating=True, trust=True)
WHY = "The account was mapped wrong"


def documents(on: Stage, *kinds: str) -> list[int]:
    """The records of some kinds that were posted, by their day."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        rows = Document.objects.filter(firm=on.firm, kind__in=kinds, outcome="posted")
        return list(rows.order_by("day", "pk").values_list("pk", flat=True))


def look(on: Stage, ids: Iterable[int], rights: Rights = EVERYBODY) -> foreseen.Foreseen:
    """What the page shows before anything is undone."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        found = foreseen.look(
            firm_id=on.firm.pk, documents=ids, rights=rights, by=on.person, now=timezone.now()
        )
    assert not isinstance(found, Problem), found
    return found


def undo(
    on: Stage, ids: Iterable[int], *, again: bool = False, rights: Rights = EVERYBODY, reason: str = WHY
) -> int | str:
    """Undo what was looked at just now."""
    wanted = list(ids)
    shown = look(on, wanted, rights).print
    return acts.undo(
        firm_id=on.firm.pk, documents=wanted, shown=shown, reason=reason, again=again, rights=rights,
        by=on.person, now=timezone.now(),
    )  # fmt: skip


def send_again(on: Stage, ids: Iterable[int], rights: Rights = EVERYBODY) -> int | str:
    """Let undone records be sent again."""
    return acts.send_again(
        firm_id=on.firm.pk, documents=list(ids), rights=rights, by=on.person, now=timezone.now()
    )


ALL = ("payment", "credit", "money", "interest", "bill")
FAR = date(2030, 12, 31)


def sums(on: Stage) -> dict[tuple[str, str], int]:
    """What stands on each account of the company for each customer, in cents, where it is not even."""
    found = on.company.ledger.sums(lambda line: (line.account, str(line.customer or "")), until=FAR)
    return {key: cents for key, cents in found.items() if cents}


def record(on: Stage, kind: str, number: int | str) -> int:
    """One record by its kind and Clio's id or number."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        rows = Document.objects.filter(firm=on.firm, kind=kind)
        found = rows.filter(source_id=number) if isinstance(number, int) else rows.filter(number=number)
        return found.get().pk


def why(on: Stage, document: int, rights: Rights = EVERYBODY) -> tuple[str, str]:
    """Why one record is not undone, and what to do instead."""
    found = look(on, [document], rights)
    assert not found.taken
    [told] = found.refused
    return told.why, told.instead


def assert_queued(on: Stage) -> None:
    """The tie-out adds up to the cent: what is undone waits by name, and nothing is unexplained."""
    found = on.tieout(afresh=False)
    assert {row["queued"] for row in found["differences"]} <= {True}, found["differences"]
    books.assert_tieout(on)


def own_book(on: Stage) -> dict[str, int]:
    """What our own book of entries has on each account, in cents, where it is not even."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        lines = PostedLine.objects.filter(firm=on.firm).values_list("account")
        return {key: cents for key, cents in lines.annotate(cents=Sum("minor")).order_by() if cents}


def traced(on: Stage, document: int) -> dict[str, Any]:
    """The one undo of a record, as `manage.py trace --json` tells it."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        found: list[dict[str, Any]] = answers.trace(Document.objects.get(pk=document))["undone"]
    assert len(found) == 1
    return found[0]
