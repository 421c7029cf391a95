"""The steps that ask: looking up what got no answer, and renewing the token in the middle of a write."""

from __future__ import annotations

from functools import partial

from tests.table.ground import Row, row
from tests.table.line import Act
from tests.table.words import cells


def tell(step: str) -> dict[str, list[str]]:
    """Tell one row; return what was not as it must be, by cell. Each fault is met and mended by itself."""
    with row() as told:
        matter = told.at.fresh_matter()
        told.at.bill(matter)
        told.settle_down(whole=True)
        for fault in [fault for at, fault, _ in cells() if at == step]:
            bill = told.at.bill(matter)
            before = "drop_after" if step == "lookup" else "expired"
            told.arm(bill.number, Act(before, partial(_next, told, step, fault)))
            told.settle_down()
            who = "read" if step == "lookup" else "token"
            told.met(fault, before, bill.number)
            told.met(fault, fault, who)
            told.line.sprung.clear()
            told.assert_well(fault)
        told.settle_down(whole=True)
        told.verified()
        return told.wrong


def _next(told: Row, step: str, fault: str) -> None:
    """The call after this one meets the fault."""
    oauth, realm = told.at.on.qbo.state.oauth, told.at.on.company.realm
    act = Act(fault, (lambda: oauth.disconnect(realm)) if fault == "revoked" else None)
    if step == "lookup":
        told.line.next_read = act
    else:
        told.line.next_token = act
