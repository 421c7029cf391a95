"""`manage.py adopt`: the list for machines, all that is certain, one by its id, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests.adoption.history import START, History, plant
from tests.road.clientmoney import IOLTA
from tests.stage import Stage, firm_file, stage, unwritten


@pytest.fixture(scope="module")
def come(django_db_setup: Any, django_db_blocker: Any) -> Iterator[tuple[Stage, History]]:
    history = plant(clients=5, months=3, seed_=3)
    start = {kind: str(START) for kind in ("bills", "payments", "credits", "trust")}
    made = firm_file(start=start, trust=[IOLTA])
    with (
        django_db_blocker.unblock(),
        unwritten(),
        stage(history.world, company=history.company, file=made) as firm,
    ):
        yield firm, history


def _adopt(*words: str) -> Any:
    said = StringIO()
    call_command("adopt", "--firm", "ash-birch", "--json", *words, stdout=said)
    return json.loads(said.getvalue())


def test_the_list_is_read_afresh_and_linked_as_asked(
    come: tuple[Stage, History], django_db_blocker: Any
) -> None:
    _, history = come
    with django_db_blocker.unblock():
        before = {name: len(rows) for name, rows in history.company.store.items()}
        listed = _adopt()
        assert {row["confidence"] for row in listed} <= {"certain", "likely", "doubtful"}
        for row in listed:
            assert row.keys() >= {"id", "kind", "clio_id", "books_id", "confidence", "reasons"}
            if row["confidence"] == "certain":
                assert history.truth[row["kind"], row["clio_id"]] == row["books_id"]
        customer = next(row for row in listed if row["kind"] == "contacts")
        accepted = [row for row in _adopt("--accept", customer["id"]) if row["adopted"]]
        assert accepted == [customer | {"adopted": True}]
        left = _adopt("--accept", "certain")
        assert customer["id"] not in {row["id"] for row in left}
        assert all(row["adopted"] for row in left if row["confidence"] == "certain")
        assert {name: len(rows) for name, rows in history.company.store.items()} == before
        with pytest.raises(SystemExit):
            _adopt("--accept", "999999999")
        with pytest.raises(SystemExit):
            _adopt("--accept", "everything")
