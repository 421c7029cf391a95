"""A year of a believable firm: its books tie to the cent at each month end, and what is held was planted."""

from __future__ import annotations

from typing import Any

from syncapp.emulators.clio.funds import BankTransaction, MatterTransfer
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.world import END, year
from tests.oracle.compare import month_ends
from tests.oracle.model import Source
from tests.road import books
from tests.stage import stage

HELD_PLANTS = ("trust_deposit", "trust_disbursement", "trust_request_payment", "trust_payment")


def planted(world: World) -> set[Source]:
    """What was put into the year to be held: client money, a transfer by its paying row."""
    found = {(p.resource, p.id) for p in world.planted if p.kind in HELD_PLANTS}
    for plant in world.planted:
        if plant.kind == "trust_transfer":
            move = world.get(MatterTransfer, plant.id)
            found |= {
                ("bank_transactions", row.id)
                for row in world.all(BankTransaction)
                if (row.matter_id, row.date, row.amount) == (move.source_matter_id, move.date, -move.amount)
            }
    return found


def test_the_year_ties_at_every_month_end(db: Any) -> None:
    """By account, customer and class, receivables with their age, every entry, and what is held."""
    with stage(year(7)) as set_:
        done = set_.sync()

        books.assert_ties(set_, on=month_ends(END))
        assert set(books.held(set_)) == planted(set_.world)
        books.assert_control(done.counts)
        books.assert_tieout(set_)
        books.assert_tieout(set_, afresh=True)
        assert set_.verify()["ok"], set_.verify()
        books.assert_idle(set_)
