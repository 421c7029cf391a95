"""What changed in the books since an instant: captured, queried, and what was deleted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from syncapp.core.ledger import ObjectKind, Verb
from syncapp.http.errors import Refused as HttpRefused
from tests.qbo.bench import Bench


def test_changes_show_what_was_changed_and_deleted(bench: Bench) -> None:
    start = bench.co.clock.now() - timedelta(seconds=1)
    kept = bench.post(bench.bill()).object
    entry = bench.post(bench.entry("J9")).object
    bench.post(bench.entry(verb=Verb.DELETE, remote_id=entry.id, token=entry.token))
    kinds_ = [ObjectKind.INVOICE, ObjectKind.JOURNAL]

    found = {(one.kind, one.id): one for one in bench.qbo.changes(kinds_, start)}
    older = bench.qbo.changes(kinds_, start - timedelta(days=90))

    assert found[ObjectKind.INVOICE, kept.id].number == "1001"
    assert found[ObjectKind.JOURNAL, entry.id].deleted
    assert [one.id for one in older if not one.deleted] == [kept.id]
    assert (ObjectKind.JOURNAL, entry.id) in {(one.kind, one.id) for one in older if one.deleted}


def test_a_deletion_after_a_quiet_month_is_told_where_the_old_bound_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = bench.post(bench.entry("J9")).object
    bench.post(bench.entry(verb=Verb.DELETE, remote_id=entry.id, token=entry.token))
    asked, within = bench.qbo.get, bench.co.clock.now() - timedelta(days=30)

    def refusing(path: str, params: dict[str, str] | None = None) -> Any:
        if path == "cdc" and params and datetime.fromisoformat(params["changedSince"]) < within:
            raise HttpRefused("more than 30 days ago", code="4001")
        return asked(path, params)

    monkeypatch.setattr(bench.qbo, "get", refusing)
    since = bench.co.clock.now() - timedelta(days=40)

    (found,) = bench.qbo.changes([ObjectKind.JOURNAL], since)

    assert (found.id, found.deleted) == (entry.id, True)


def test_what_changes_from_here_is_asked_by_the_clock_that_is_behind(bench: Bench) -> None:
    theirs = bench.co.clock.now()
    bench.qbo.now = lambda: theirs + timedelta(days=60)
    bench.qbo.company()

    assert abs(bench.qbo.unseen_since() - theirs) < timedelta(minutes=1)
    bench.qbo.now = lambda: theirs - timedelta(days=60)
    assert bench.qbo.unseen_since() == theirs - timedelta(days=60)


def test_a_full_list_of_changes_is_asked_again_by_query(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncapp.qbo.changes.MOST", 3)
    monkeypatch.setattr("syncapp.qbo.client.PAGE", 2)
    start = bench.co.clock.now() - timedelta(seconds=1)
    for number in range(5):
        bench.post(bench.bill(str(number)))

    assert {one.number for one in bench.qbo.changes(["Invoice", "Payment"], start)} == set("01234")
