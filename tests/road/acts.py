"""Acts of people in Clio, and what must be true after each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.sums import sums
from tests.road import books
from tests.stage import Stage

type Act = Callable[[Stage], Any]

TODAY = date(2026, 10, 31)


def planted(firm: Stage, kind: str) -> int:
    """The id of what was planted under a name."""
    return next(p.id for p in firm.world.planted if p.kind == kind)


def fresh(firm: Stage, *, matter: int = 0, hours: str = "4.0", approve: bool = True, **more: Any) -> Bill:
    """A new bill of a matter: time, a hard cost and a taxed soft cost."""
    made = [m.id for m in firm.world.tables["Matter"].values()][matter]
    user = next(iter(firm.world.tables["User"]))
    cost = {c.name: c.id for c in firm.world.tables["ExpenseCategory"].values()}
    work = [
        firm.desk("create_time", matter=made, user=user, date=TODAY, hours=hours).id,
        firm.desk(
            "create_expense", matter=made, user=user, date=TODAY, price="95", category=cost["Filing Fees"]
        ).id,
        firm.desk(
            "create_expense",
            matter=made,
            user=user,
            date=TODAY,
            price="33.33",
            category=cost["Travel"],
            taxed=True,
        ).id,
    ]
    bill: Bill = firm.desk("draft_bill", activities=work, issued_at=TODAY, **{"tax_rate": "8.875", **more})
    if approve:
        firm.desk("approve_bill", bill=bill.id)
    return bill


def owed(firm: Stage, bill: Bill) -> Decimal:
    """What Clio says is open on a bill."""
    return sums(firm.world, bill).balance


def arrives(firm: Stage, *acts: Act) -> None:
    """After each act: sync, tie, and nothing moves when nothing happens."""
    for act in acts:
        act(firm)
        done = firm.sync()
        books.assert_control(done.counts)
        books.assert_ties(firm)
    books.assert_tieout(firm)
    books.assert_idle(firm)
    assert firm.verify()["ok"], firm.verify()
