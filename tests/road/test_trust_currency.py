"""Client money of another currency: nothing is converted, and no number posts as if it were dollars."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from syncapp.emulators.clio.values import GETTERS
from syncapp.emulators.clio.world import small
from tests.road.clientmoney import trust_file
from tests.road.test_trust_posting import matter
from tests.stage import stage

pytestmark = pytest.mark.django_db


def test_money_of_another_currency_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    def said(_world: Any, row: Any) -> str:
        return "CAD" if abs(row.amount) == Decimal("777.77") else "USD"

    monkeypatch.setitem(GETTERS["BankTransaction"], "currency", said)
    with stage(small(7), file=trust_file()) as firm:
        where = matter(firm, 1)
        client = next(m.client_id for m in firm.world.tables["Matter"].values() if m.id == where)
        rows = [
            firm.desk("trust_deposit", matter=where, amount="777.77"),
            firm.desk("operating_deposit", client=client, amount="777.77"),
        ]

        firm.sync()

        entered = [line["Amount"] for e in firm.company.store["JournalEntry"].values() for line in e["Line"]]
        assert Decimal("777.77") not in entered
        held = {row["clio_id"]: row for case in firm.exceptions() for row in case["holds"]}
        assert {held[row.id]["code"] for row in rows} == {"currency"}
        assert "CAD" in held[rows[0].id]["reason"]
