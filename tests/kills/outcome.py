"""How it must stand after whatever happened: tied, once, and every control total holding."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from syncapp.core.keys import TRACE_MARK
from tests.kills.plant import Plant
from tests.oracle.compare import FACTS, differences
from tests.oracle.expect import expected

MADE = ("Customer", "Invoice", "Payment", "CreditMemo", "JournalEntry", "Purchase", "Deposit")
CONTROL = ("posted", "held", "skipped", "unchanged")


def assert_well(on: Plant) -> None:
    """Ask the books, the oracle and the product itself."""
    on.stop()  # what is asked now stands still
    assert_once(on)
    today = on.world.now().date()
    found = differences(on.world, on.file, on.company, on=[today, date(2030, 12, 31)])
    assert not found, "\n" + "\n".join(found[:40])
    end = on.child("finish")
    assert end["state"] == "done", end
    assert not end["going"], "a run whose worker died still says that it goes on"
    counts = end["counts"]
    assert counts["seen"] == sum(counts[name] for name in CONTROL), counts
    assert counts["uncertain"] == counts["posted"] == 0, counts
    assert counts["held"] == len(expected(on.world, on.file, FACTS).held), counts
    assert all(Decimal(kind["unexplained"]) == 0 for kind in end["tie"]["kinds"].values()), end["tie"]
    assert end["verify"]["ok"], end["verify"]


def assert_once(on: Plant) -> None:
    """No operation stands in the books twice, and no number does."""
    for entity in MADE:
        rows = list(on.company.store[entity].values())
        marks = Counter(
            _mark(row.get("Notes" if entity == "Customer" else "PrivateNote", "")) for row in rows
        )
        twice = {mark: count for mark, count in marks.items() if mark and count > 1}
        assert not twice, (entity, twice)
        numbers = Counter(row.get("DocNumber") for row in rows)
        assert all(count == 1 for number, count in numbers.items() if number), (entity, numbers)


def _mark(note: str) -> str:
    return note[note.find(TRACE_MARK) :].split(maxsplit=1)[0] if TRACE_MARK in note else ""
