"""What the road costs in statements: as many for thirty bills as for three, never one more for each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.pipeline.sending.due import BATCH, NAMES, Due
from syncapp.records import bulk
from syncapp.records.models import Posting
from tests.delivery.scene import Scene, scene

MOST_MORE = 3  # a page more of something, never a statement for each bill
MOST_IDLE = 700  # statements of a whole run with nothing new, transactions and all


def statements(at: Scene, matter: int, bills: int, *, paid: bool) -> int:
    """How many statements on records it takes to bring some bills of one matter into the books, paid or not.

    Those that say how far a run is depend on the time it takes, and are left out.
    """
    for _ in range(bills):
        bill = at.bill(matter)
        if paid:
            at.pay(bill.id, amount="100.00")
    with CaptureQueriesContext(connection) as asked:
        at.sync()
    texts = [query["sql"] for query in asked.captured_queries]
    return sum("records_" in text and "records_run" not in text for text in texts)


@pytest.mark.django_db
@pytest.mark.parametrize("paid", [False, True])
def test_thirty_bills_cost_as_many_statements_as_three(paid: bool) -> None:
    with scene() as at:
        matter = at.fresh_matter()
        statements(at, matter, 1, paid=paid)

        three = statements(at, matter, 3, paid=paid)
        thirty = statements(at, matter, BATCH, paid=paid)

        assert thirty <= three + MOST_MORE
        assert len(at.postings(object_kind="invoice", state="posted")) == 1 + 3 + BATCH


@pytest.mark.django_db
def test_a_whole_run_with_nothing_new_asks_little() -> None:
    with scene() as at:
        at.bills(1)
        at.sync()

        with CaptureQueriesContext(connection) as asked:
            at.sync()

        assert len(asked) <= MOST_IDLE


def test_names_and_full_batches_take_turns() -> None:
    due = Due(names=list(range(2 * NAMES + 5)), transactions=list(range(100, 100 + 2 * BATCH + 4)))

    turns = []
    while ids := due.next():
        turns.append(("names" if ids[0] < 100 else "batch", len(ids)))

    assert turns == [
        ("names", NAMES),
        ("batch", BATCH),
        ("names", NAMES),
        ("batch", BATCH),
        ("names", 5),
        ("batch", 4),  # half full only when no name is left that could fill it
    ]


def test_what_waits_is_sent_after_what_it_waits_for() -> None:
    due = Due(names=[1], named={1}, waits={1: set(), 2: {1}, 3: {1, 2}})
    due.followers[1] = [2, 3]
    due.followers[2] = [3]

    assert due.next() == [1]
    assert due.next() == []
    due.posted([1])
    assert due.next() == [2]
    due.posted([2])
    assert due.next() == [3]


@pytest.mark.django_db
def test_many_rows_are_written_as_each_would_be() -> None:
    with scene() as at:
        at.bills(2)
        at.sync()
        now = timezone.now()
        rows = at.postings()
        for row in rows:
            row.after, row.differences, row.vendor_words = [row.pk, 7], ["“Ünïcode” \\ 'quoted'"], "none"
            row.not_before, row.lease_until, row.more = now + timedelta(microseconds=1), None, True
            row.draft = {"deep": [{"empty": None, "number": 12}]} if row.pk % 2 else None
            row.day = now.date()
        names = ["after", "differences", "vendor_words", "not_before", "lease_until", "more", "draft", "day"]

        with firm_scope(write=at.on.firm.pk):
            bulk.rewrite(rows, names)

        kept = {row.pk: row for row in at.postings()}
        assert {row.pk: [getattr(kept[row.pk], name) for name in names] for row in rows} == {
            row.pk: [getattr(row, name) for name in names] for row in rows
        }
        with firm_scope(write=at.on.firm.pk):
            assert Posting.objects.filter(pk__in=kept, draft__isnull=True).count() == sum(
                row.draft is None for row in rows
            )
