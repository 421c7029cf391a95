"""What the tests of the road ask: do the books tie, is held what must be held, did nothing move."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from syncapp.emulators.qbo.company import Company
from tests.oracle.compare import FACTS, differences
from tests.oracle.expect import expected
from tests.oracle.model import BooksFacts, Source
from tests.stage import Stage

FAR = date(2030, 12, 31)
CONTROL = ("posted", "held", "skipped", "unchanged")


def assert_ties(
    stage: Stage, *, on: Iterable[date] = (), facts: BooksFacts = FACTS, aged: bool = True
) -> None:
    """The books are what the oracle says, and held is exactly what it says."""
    today = stage.world.now().date()
    found = differences(stage.world, stage.file, stage.company, on=[*on, today, FAR], facts=facts, aged=aged)
    assert not found, "\n" + "\n".join(found[:60])
    assert_held(stage, facts=facts)


def held(stage: Stage) -> dict[Source, str]:
    """What the queue holds, by Clio's resource and id, with its reason."""
    return {
        (row["kind"], int(row["clio_id"])): row["reason"]
        for case in stage.exceptions()
        for row in case["holds"]
    }


def assert_held(stage: Stage, *, facts: BooksFacts = FACTS) -> None:
    """The queue holds exactly what must be held."""
    wanted, found = expected(stage.world, stage.file, facts).held, held(stage)
    missing = {key: why for key, why in wanted.items() if key not in found}
    extra = {key: why for key, why in found.items() if key not in wanted}
    assert not missing, f"not held: {missing}"
    assert not extra, f"held without a cause: {extra}"


def assert_control(counts: dict[str, Any]) -> None:
    """Seen = posted + held + skipped + unchanged, and nothing is uncertain."""
    assert counts["seen"] == sum(counts[name] for name in CONTROL), counts
    assert counts["uncertain"] == 0, counts


def assert_tieout(stage: Stage, *, afresh: bool = False) -> None:
    """Every difference of the tie-out is explained by the queue, kind by kind."""
    found = stage.tieout(afresh=afresh)
    for kind, figures in found["kinds"].items():
        off, queued, unexplained = (Decimal(figures[n]) for n in ("difference", "queued", "unexplained"))
        assert off == queued + unexplained, (kind, figures)
        assert unexplained == 0, (kind, figures, found["differences"])
    assert found["equal"] == all(Decimal(figures["difference"]) == 0 for figures in found["kinds"].values())


def picture(company: Company) -> dict[tuple[str, str], str]:
    """Every object of the company with its version: what must not move when nothing happened."""
    return {
        (kind, identity): str(one.get("SyncToken"))
        for kind, objects in company.store.items()
        for identity, one in objects.items()
    }


def assert_idle(stage: Stage) -> None:
    """A second sync changes nothing: no new posting, the books untouched."""
    before = picture(stage.company)
    again = stage.sync().counts
    assert picture(stage.company) == before
    assert_control(again)
    assert again["posted"] == 0, again
