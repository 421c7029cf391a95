"""The oracle's books against the company's: every difference as a line for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from syncapp.emulators.clio.model import World
from syncapp.emulators.qbo import seed
from syncapp.emulators.qbo.company import Company
from tests.oracle import reports
from tests.oracle.company import Shown
from tests.oracle.expect import expected
from tests.oracle.model import BooksFacts, Expected

FACTS = BooksFacts(items=dict(seed.ITEMS))


def month_ends(last: date, *, months: int = 12) -> list[date]:
    """The last days of so many months up to `last`, the oldest first."""
    found = [last]
    while len(found) < months:
        found.insert(0, found[0].replace(day=1) - timedelta(days=1))
    return found


def unlike(title: str, wanted: Mapping[Any, int], found: Mapping[Any, int]) -> list[str]:
    """Where two sums differ."""
    keys = sorted({*wanted, *found}, key=str)
    return [
        f"{title}: {' · '.join(key)}: expected {wanted.get(key, 0)}, in the books {found.get(key, 0)}"
        for key in keys
        if wanted.get(key, 0) != found.get(key, 0)
    ]


def differences(
    world: World, file: Mapping[str, Any], company: Company, *, on: list[date],
    facts: BooksFacts = FACTS, aged: bool = True,
) -> list[str]:  # fmt: skip
    """Every difference between what must be and what is; nothing means that the books tie.

    `aged` off leaves out the age of receivables: it depends on what was paid first, where Clio does not say.
    """
    wanted, shown = expected(world, file, facts), Shown(company, world, file)
    found: list[str] = unlike("trust", {}, shown.trust())
    found += unlike("invoice", reports.heads(wanted.documents), shown.heads())
    found += unlike("row", reports.rows(wanted.documents), shown.rows())
    for day in on:
        found += on_day(wanted, shown, day, aged=aged)
    return found


def on_day(wanted: Expected, shown: Shown, day: date, *, aged: bool) -> list[str]:
    """The differences of the reports of one day."""
    documents = wanted.documents
    return [
        *unlike(
            f"{day} account", reports.trial_balance(documents, until=day), shown.trial_balance(until=day)
        ),
        *unlike(f"{day} customer", reports.by_customer(documents, until=day), shown.by_customer(until=day)),
        *unlike(f"{day} class", reports.by_class(documents, until=day), shown.by_class(until=day)),
        *(
            unlike(f"{day} ageing", reports.ageing(documents, until=day), shown.ageing(until=day))
            if aged
            else []
        ),
    ]
