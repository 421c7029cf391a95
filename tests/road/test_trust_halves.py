"""The two rows of a transfer change, go or come one without the other, and the books follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from syncapp.emulators.clio.funds import BankTransaction
from syncapp.emulators.clio.world import small
from tests.road import books
from tests.road.acts import TODAY
from tests.road.clientmoney import assert_money, assert_walled, trust_file
from tests.road.test_trust_posting import matter
from tests.stage import Stage, stage


@pytest.fixture
def firm(db: Any) -> Iterator[Stage]:
    """A small firm whose trust account is set up, with money on one matter."""
    with stage(small(7), file=trust_file()) as set_:
        set_.desk("trust_deposit", matter=matter(set_, 1), amount="5000")
        yield set_


def agrees(firm: Stage) -> None:
    firm.sync()
    assert_money(firm)
    assert_walled(firm)
    books.assert_tieout(firm)


def transfer(firm: Stage, amount: str) -> tuple[BankTransaction, BankTransaction]:
    """A transfer between two matters: the row that pays, and the row that takes."""
    before = {row.id for row in firm.world.all(BankTransaction)}
    firm.desk("matter_transfer", source=matter(firm, 1), destination=matter(firm, 2), amount=amount)
    out, into = (row for row in firm.world.all(BankTransaction) if row.id not in before)
    return (out, into) if out.amount < 0 else (into, out)


def test_half_of_a_transfer_is_edited_or_removed_then_the_other(firm: Stage) -> None:
    raised = [transfer(firm, amount) for amount in ("101", "102")]
    moved = [transfer(firm, amount) for amount in ("203", "204")]
    removed = [transfer(firm, amount) for amount in ("305", "306")]
    agrees(firm)

    def act(first: int) -> None:
        """On each first transfer one row, on each second the other."""
        for place, pair in enumerate(raised):
            row = pair[(place + first) % 2]
            row.amount += 5 if row.amount > 0 else -5
            firm.world.touch(row)
        for place, pair in enumerate(moved):
            pair[(place + first) % 2].date = TODAY - timedelta(days=3)
            firm.world.touch(pair[(place + first) % 2])

    act(0)
    for place, pair in enumerate(removed):
        firm.world.remove(pair[place])
    agrees(firm)
    act(1)
    agrees(firm)
    books.assert_idle(firm)


def test_the_other_half_of_a_transfer_comes_later(firm: Stage) -> None:
    one, other = matter(firm, 1), matter(firm, 2)
    paid = {"matter": one, "payee": "Fulton", "description": "Transfer to Fulton"}
    taken = {"matter": other, "description": "Transfer from Ada"}
    firm.desk("trust_disbursement", amount="250", **paid)
    firm.desk("trust_deposit", amount="260", **taken)
    agrees(firm)

    firm.desk("trust_deposit", amount="250", **taken)
    firm.desk("trust_disbursement", amount="260", **paid)
    agrees(firm)
    books.assert_idle(firm)
