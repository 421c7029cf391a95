"""Whatever people do in Clio, in whatever order, with syncs in between: the books tie."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from syncapp.emulators.clio.model import NoSuchRecord, Refused
from syncapp.emulators.clio.sums import live, sums
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo import seed
from tests.road import books
from tests.stage import Stage, firm_file, stage

DAY = date(2026, 10, 31)
FIRMS = count(2)
type Numbers = tuple[int, int, int]
type Act = Callable[[Stage, Numbers], Any]


def pick(firm: Stage, kind: str, number: int) -> int:
    """One of the records of a kind, the newest for 0."""
    rows = list(firm.world.tables[kind].values())
    if not rows:
        raise Refused("There is none.")
    return int(rows[-1 - number % len(rows)].id)


def uncredited(firm: Stage, number: int) -> int:
    """A bill without credits: what a credit above its bill's new total becomes is a person's choice."""
    bill = firm.world.tables["Bill"][pick(firm, "Bill", number)]
    if any(a.parent_type == "CreditMemo" for a in live(firm.world, bill)):
        raise Refused("There is a credit on it.")
    return int(bill.id)


def line_of(firm: Stage, number: int) -> int:
    """A line of a bill without credits."""
    lines = firm.world.tables["Bill"][uncredited(firm, number)].line_ids
    if not lines:
        raise Refused("It has no lines.")
    return int(lines[number % len(lines)])


def money(number: int) -> Decimal:
    """An amount with odd cents."""
    return Decimal(number * 137 % 90000 + 1) / 100


def day(number: int) -> date:
    """A day around the end of the seed."""
    return DAY + timedelta(days=number % 21 - 10)


def draft(firm: Stage, given_: Numbers) -> Any:
    """A bill of one or two matters with time and costs, taxed and discounted by chance, mostly approved."""
    a, b, c = given_
    world = firm.world
    matters = [0, 3] if a % 5 == 0 else [a % 4]
    every = list(world.tables["Matter"])
    user = list(world.tables["User"])[b % 12]
    category = list(world.tables["ExpenseCategory"])[c % 5]
    work = []
    for i in matters:
        hours = Decimal(b % 60 + 1) / 10
        work.append(firm.desk("create_time", matter=every[i], user=user, date=DAY, hours=hours).id)
        cost = {"price": money(c), "category": category, "taxed": bool(b % 2)}
        work.append(firm.desk("create_expense", matter=every[i], user=user, date=DAY, **cost).id)
    bill = firm.desk("draft_bill", activities=work, issued_at=day(a), tax_rate="8.875" if b % 3 else "0")
    if c % 4 == 0:
        kind = "percentage" if a % 2 else "money"
        firm.desk("edit_bill", bill=bill.id, discount_type=kind, discount_rate=b % 20 + 1)
    if c % 7:
        firm.desk("approve_bill", bill=bill.id)


def pay(firm: Stage, given_: Numbers) -> Any:
    """A payment of one or two bills: part, all, or more."""
    a, b, c = given_
    bills = list(dict.fromkeys([pick(firm, "Bill", a), *([pick(firm, "Bill", b)] if c % 3 == 0 else [])]))
    owed = sum((sums(firm.world, firm.world.tables["Bill"][i]).balance for i in bills), Decimal(0))
    amount = {0: owed, 1: owed + money(b), 2: money(b)}[c % 3]
    firm.desk("record_payment", bills=bills, amount=amount, reference=f"N{a}-{b}-{c}", date=day(c))


def drop_interest(firm: Stage, given_: Numbers) -> None:
    """Delete an interest charge of a bill without credits."""
    charges = firm.world.tables["Bill"][uncredited(firm, given_[0])].charge_ids
    if not charges:
        raise Refused("There is none.")
    firm.desk("remove_interest", charge=charges[-1])


ACTS: dict[str, Act] = {
    "draft": draft,
    "pay": pay,
    "approve": lambda f, n: f.desk("approve_bill", bill=pick(f, "Bill", n[0])),
    "back to draft": lambda f, n: f.desk("back_to_draft", bill=pick(f, "Bill", n[0])),
    "void": lambda f, n: f.desk("void_bill", bill=pick(f, "Bill", n[0])),
    "delete": lambda f, n: f.desk("delete_bill", bill=pick(f, "Bill", n[0])),
    "move the date": lambda f, n: f.desk("edit_bill", bill=pick(f, "Bill", n[0]), issued_at=day(n[1])),
    "edit the tax": lambda f, n: f.desk("edit_bill", bill=uncredited(f, n[0]), tax_rate=n[1] % 9),
    "edit a line": lambda f, n: f.desk("edit_line", line=line_of(f, n[0]), price=money(n[1])),
    "add a line": lambda f, n: f.desk(
        "add_line",
        bill=pick(f, "Bill", n[0]),
        description="Typed",
        price=money(n[1]),
        kind="Expense" if n[2] % 2 else "Service",
    ),
    "remove a line": lambda f, n: f.desk("remove_line", line=line_of(f, n[0])),
    "charge interest": lambda f, n: f.desk(
        "add_interest", bill=pick(f, "Bill", n[0]), total=money(n[1]), date=day(n[2])
    ),
    "drop interest": drop_interest,
    "edit a payment": lambda f, n: f.desk(
        "edit_payment", payment=pick(f, "Payment", n[0]), amount=money(n[1]), date=day(n[2])
    ),
    "move a payment": lambda f, n: f.desk(
        "move_payment", payment=pick(f, "Payment", n[0]), bill=pick(f, "Bill", n[1])
    ),
    "remove a payment": lambda f, n: f.desk("remove_payment", payment=pick(f, "Payment", n[0])),
    "credit": lambda f, n: f.desk(
        "credit_note", bill=pick(f, "Bill", n[0]), amount=money(n[1]), date=day(n[2])
    ),
    "write off": lambda f, n: f.desk("write_off", bill=pick(f, "Bill", n[0]), date=day(n[2])),
    "remove a credit": lambda f, n: f.desk("remove_credit", credit=pick(f, "CreditMemo", n[0])),
    "deposit": lambda f, n: f.desk("operating_deposit", client=pick(f, "Contact", n[0]), amount=money(n[1])),
    "refund": lambda f, n: f.desk("refund_operating", client=pick(f, "Contact", n[0]), amount=money(n[1])),
    "use funds": lambda f, n: f.desk("pay_from_operating", bill=pick(f, "Bill", n[0]), amount=money(n[1])),
    "trust deposit": lambda f, n: f.desk("trust_deposit", matter=pick(f, "Matter", n[0]), amount=money(n[1])),
    "pay from trust": lambda f, n: f.desk("pay_from_trust", bill=pick(f, "Bill", n[0]), amount=money(n[1])),
    "sync": lambda f, _: f.sync(),
}
NUMBERS = st.integers(min_value=0, max_value=400)
STEPS = st.lists(
    st.tuples(st.one_of(st.sampled_from(list(ACTS)), st.sampled_from(("draft", "pay", "sync"))),
              st.tuples(st.integers(0, 12), NUMBERS, NUMBERS)),
    min_size=6, max_size=14,
)  # fmt: skip


@settings(
    max_examples=int(os.environ.get("ROAD_EXAMPLES", "3")),
    derandomize="ROAD_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(steps=STEPS)
def test_any_order_of_acts_ties(db: Any, steps: list[tuple[str, Numbers]]) -> None:
    number = next(FIRMS)
    world = small(number, account_id=number)
    file, company = firm_file(slug=f"firm-{number}"), seed.law_firm(seed=number)

    with stage(world, file=file, company=company) as set_:
        for name, numbers in steps:
            try:
                ACTS[name](set_, numbers)
                note(f"{name} {numbers}")
            except (Refused, NoSuchRecord):
                continue  # Clio does not let people do this
        done = set_.sync()

        books.assert_ties(set_, aged=False)
        books.assert_control(done.counts)
        books.assert_tieout(set_)
        books.assert_idle(set_)
