"""Hands in the books (auditor 12): kept with before and after until they are resolved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor
from tests.road.clientmoney import trust_file
from tests.stage import Stage, stage, unwritten
from tests.trust import opened
from trust.models import TrustPair
from trust.queries.controls.hands import hands


@pytest.fixture(scope="module")
def on(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """A firm with three posted entries of client money, through both emulated vendors."""
    with django_db_blocker.unblock(), unwritten(), stage(empty(), file=trust_file()) as made:
        ash = opened.matter(made, "Ash Holdings")
        for day, amount in ((5, 5000), (6, 700), (7, 90)):
            made.desk("trust_deposit", matter=ash, amount=Decimal(amount), date=date(2026, 10, day))
        made.sync()
        yield made


def entry(on: Stage, amount: int) -> str:
    rows = on.company.store["JournalEntry"].items()
    return next(key for key, row in rows if any(Decimal(line["Amount"]) == amount for line in row["Line"]))


def changed(on: Stage, key: str, amount: int) -> None:
    lines = [{**line, "Amount": Decimal(amount)} for line in on.company.store["JournalEntry"][key]["Line"]]
    backdoor.edit(on.company, "JournalEntry", key, {"Line": lines})
    on.sync()


def seen(on: Stage, *, text: bool = False) -> list[Any]:
    """The hands on figures, or with `text` those that touched a text alone: the firm is shared."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        found = hands(
            TrustPair.objects.select_related("firm").get(firm=on.firm), date(2020, 1, 1), date(2099, 1, 1)
        )
    return [one for one in found if ("See the file" in one.after) is text]


def test_hands_in_the_books_are_kept_with_before_and_after_until_they_are_resolved(on: Stage) -> None:
    assert seen(on) == []  # what Tieout wrote itself is no hand

    first = entry(on, 5000)
    changed(on, first, 4999)
    changed(on, first, 4998)
    backdoor.delete(on.company, "JournalEntry", entry(on, 700))
    on.sync()
    rows = seen(on)
    assert [(one.what, one.open) for one in rows] == [("Edited", True), ("Edited", True), ("Deleted", True)]
    assert "$5,000.00" in rows[0].before
    assert "$4,999.00" in rows[0].after
    assert "Ash Holdings" in rows[0].before
    assert rows[0].who.startswith("unknown")

    changed(on, first, 5000)
    rows = seen(on)
    assert [one.open for one in rows] == [False, False, True, False]
    assert rows[0].resolution.startswith("Put back in QuickBooks")
    assert rows[3].resolution == "This put it back as it was posted."
    on.sync()
    assert len(seen(on)) == 4


def test_a_text_that_somebody_adds_is_told_and_touches_no_figure(on: Stage) -> None:
    backdoor.edit(on.company, "JournalEntry", entry(on, 90), {"PrivateNote": "See the file"})
    on.sync()

    (row,) = seen(on, text=True)
    assert row.resolution == "No figure, date or ledger was touched."
    assert not row.open
