"""What a person does in Clio arrives in the books and ties; a second sync moves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncapp.emulators.clio.funds import Payment
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.clio.world import small
from tests.road import books
from tests.stage import Stage, stage

type Act = Callable[[Stage], Any]

TODAY = date(2026, 10, 31)


@pytest.fixture
def firm(db: Any) -> Iterator[Stage]:  # noqa: ARG001
    with stage(small(7)) as set_:
        yield set_


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
        firm.desk("create_expense", matter=made, user=user, date=TODAY, price="95", category=cost["Filing Fees"]).id,
        firm.desk(
            "create_expense", matter=made, user=user, date=TODAY, price="33.33", category=cost["Travel"], taxed=True
        ).id,
    ]  # fmt: skip
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


def test_the_small_firm_ties(firm: Stage) -> None:
    arrives(firm, lambda _: None)


def test_a_draft_and_a_waiting_bill_arrive_when_approved(firm: Stage) -> None:
    arrives(
        firm,
        lambda f: f.desk("approve_bill", bill=planted(f, "draft")),
        lambda f: f.desk("approve_bill", bill=planted(f, "awaiting_approval")),
    )


EDITS: tuple[dict[str, Any], ...] = (
    {"number": "9001-B"},
    {"issued_at": TODAY - timedelta(days=3), "due_at": TODAY + timedelta(days=40)},
    {"discount_type": "percentage", "discount_rate": "12.5"},
    {"discount_type": "money", "discount_rate": "10.01", "discount_services_only": True},
    {"tax_rate": "4"},
)


def test_an_edited_head_arrives(firm: Stage) -> None:
    made = [fresh(firm) for _ in EDITS]

    arrives(
        firm,
        lambda _: None,
        lambda f: [f.desk("edit_bill", bill=b.id, **change) for b, change in zip(made, EDITS, strict=True)],
    )


def test_edited_added_and_removed_lines_arrive(firm: Stage) -> None:
    bill = fresh(firm)

    arrives(
        firm,
        lambda _: None,
        lambda f: f.desk("edit_line", line=bill.line_ids[0], quantity="2.5"),
        lambda f: f.desk("add_line", bill=bill.id, description="Filing service", price="45.10", kind="Expense"),
        lambda f: f.desk("remove_line", line=bill.line_ids[1]),
        lambda f: f.desk("edit_line", line=bill.line_ids[0], discount_type="money", discount_rate="7.77"),
    )


def test_a_voided_bill_leaves_the_books_and_its_work_comes_back_on_another(firm: Stage) -> None:
    bill = fresh(firm)
    work = [line.activity_id for line in firm.world.tables["LineItem"].values() if line.bill_id == bill.id]

    arrives(
        firm,
        lambda _: None,
        lambda f: f.desk("void_bill", bill=bill.id),
        lambda f: f.desk("approve_bill", bill=f.desk("draft_bill", activities=work).id),
    )


def test_a_bill_back_to_draft_leaves_and_keeps_its_number_when_approved_again(firm: Stage) -> None:
    bill = fresh(firm)

    arrives(
        firm,
        lambda _: None,
        lambda f: f.desk("back_to_draft", bill=bill.id),
        lambda f: f.desk("edit_line", line=bill.line_ids[0], price="250"),
        lambda f: f.desk("approve_bill", bill=bill.id),
        lambda f: f.desk("back_to_draft", bill=bill.id),
        lambda f: f.desk("approve_bill", bill=bill.id),
        lambda f: f.desk("back_to_draft", bill=bill.id),
        lambda f: f.desk("delete_bill", bill=bill.id),
    )
    numbers = [one["DocNumber"] for one in firm.company.store["Invoice"].values()]
    assert len(numbers) == len(set(numbers))


def test_a_payment_is_recorded_edited_moved_and_removed(firm: Stage) -> None:
    one, other = fresh(firm), fresh(firm, hours="9.0")
    paid: list[Payment] = []

    arrives(
        firm,
        lambda f: paid.append(f.desk("record_payment", bills=[one.id], amount="300.10", reference="C-1")),
        lambda f: f.desk("edit_payment", payment=paid[0].id, amount="310.25"),
        lambda f: f.desk("edit_payment", payment=paid[0].id, date=TODAY - timedelta(days=1), reference="C-2"),
        lambda f: f.desk("move_payment", payment=paid[0].id, bill=other.id),
        lambda f: f.desk("remove_payment", payment=paid[0].id),
    )


def test_a_payment_moves_to_a_bill_that_owes_less(firm: Stage) -> None:
    one, other = fresh(firm, hours="8"), fresh(firm, hours="0.1")
    paid: list[Payment] = []

    arrives(
        firm,
        lambda f: paid.append(f.desk("record_payment", bills=[one.id], amount="900", reference="C-1")),
        lambda f: f.desk("move_payment", payment=paid[0].id, bill=other.id),
    )


def test_a_payment_moves_to_a_bill_of_another_client(firm: Stage) -> None:
    one, other = fresh(firm), fresh(firm, matter=1, hours="9")
    paid: list[Payment] = []

    arrives(
        firm,
        lambda f: paid.append(f.desk("record_payment", bills=[one.id], amount="100", reference="C-1")),
        lambda f: f.desk("move_payment", payment=paid[0].id, bill=other.id),
        lambda f: f.desk("remove_payment", payment=paid[0].id),
    )


def test_a_payment_over_several_bills_of_several_matters_and_an_overpayment(firm: Stage) -> None:
    first, second, third = fresh(firm), fresh(firm, matter=3), fresh(firm, hours="1.1")
    whole = owed(firm, first) + owed(firm, second) + owed(firm, third)
    paid: list[Payment] = []
    every = [first.id, second.id, third.id]

    arrives(
        firm,
        lambda f: paid.append(f.desk("record_payment", bills=every, amount=whole + 75, reference="S-1")),
        lambda f: f.desk("remove_payment", payment=paid[0].id),
        lambda f: paid.append(f.desk("record_payment", bills=every, amount=whole - 20, reference="S-2")),
    )


def test_a_payment_over_bills_of_two_clients(firm: Stage) -> None:
    first, second = fresh(firm), fresh(firm, matter=1)
    whole = owed(firm, first) + owed(firm, second)

    arrives(firm, lambda f: f.desk("record_payment", bills=[first.id, second.id], amount=whole, reference="T-1"))


def test_an_edit_below_what_is_paid_leaves_money_unapplied(firm: Stage) -> None:
    bill = fresh(firm)

    arrives(
        firm,
        lambda f: f.desk("record_payment", bills=[bill.id], amount="1500", reference="U-1"),
        lambda f: f.desk("edit_line", line=bill.line_ids[0], quantity="1.0"),
    )


def test_a_removed_and_a_new_payment_of_one_client_are_the_same_money(firm: Stage) -> None:
    one, other = fresh(firm), fresh(firm)
    paid = firm.desk("record_payment", bills=[one.id], amount="500", reference="R-1")
    firm.sync()
    before = {i for i, p in firm.company.store["Payment"].items() if p.get("PaymentRefNum") == "R-1"}

    firm.desk("remove_payment", payment=paid.id)
    firm.desk("record_payment", bills=[other.id], amount="500", reference="R-1")

    arrives(firm, lambda _: None)
    after = {i for i, p in firm.company.store["Payment"].items() if p.get("PaymentRefNum") == "R-1"}
    assert after == before


def test_credits_and_write_offs_arrive_and_leave(firm: Stage) -> None:
    bill = fresh(firm)
    given: list[Any] = []

    arrives(
        firm,
        lambda f: given.append(f.desk("credit_note", bill=bill.id, amount="100.01", description="Goodwill")),
        lambda f: given.append(f.desk("write_off", bill=bill.id, amount="33.34")),
        lambda f: f.desk("remove_credit", credit=given[0].id),
        lambda f: f.desk("write_off", bill=bill.id),
        lambda f: f.desk("remove_credit", credit=given[1].id),
    )


def test_a_credited_bill_is_edited(firm: Stage) -> None:
    bill = fresh(firm)

    arrives(
        firm,
        lambda f: f.desk("credit_note", bill=bill.id, amount="100.01", description="Goodwill"),
        lambda f: f.desk("edit_bill", bill=bill.id, discount_type="percentage", discount_rate="10"),
        lambda f: f.desk("edit_line", line=bill.line_ids[1], price="310.20"),
    )


def test_interest_arrives_is_paid_and_leaves(firm: Stage) -> None:
    bill = fresh(firm)
    made: list[Any] = []

    def charge(amount: str, days: int) -> Act:
        return lambda f: made.append(
            f.desk("add_interest", bill=bill.id, total=amount, date=TODAY + timedelta(days=days))
        )

    arrives(
        firm,
        charge("12.40", 5),
        charge("9.15", 7),
        lambda f: f.desk("remove_interest", charge=made[0].id),
        charge("3.03", 9),
        lambda f: f.desk("record_payment", bills=[bill.id], amount=owed(f, bill), reference="I-1"),
    )


def test_interest_of_the_day_of_issue_is_a_line_of_the_bill(firm: Stage) -> None:
    bill = fresh(firm)
    made: list[Any] = []

    arrives(
        firm,
        lambda f: made.append(f.desk("add_interest", bill=bill.id, total="8.88", date=TODAY)),
        lambda f: f.desk("add_interest", bill=bill.id, total="2.22", date=TODAY + timedelta(days=4)),
        lambda f: f.desk("remove_interest", charge=made[0].id),
    )


def test_operating_funds_come_are_used_and_go_back(firm: Stage) -> None:
    bill = fresh(firm)
    used: list[Payment] = []

    arrives(
        firm,
        lambda f: f.desk("operating_deposit", client=bill.client_id, amount="700", reference="W-1"),
        lambda f: used.append(f.desk("pay_from_operating", bill=bill.id, amount="250.50")),
        lambda f: f.desk("edit_payment", payment=used[0].id, date=TODAY - timedelta(days=2)),
        lambda f: f.desk("refund_operating", client=bill.client_id, amount="99.50", reference="W-2"),
        lambda f: f.desk("remove_payment", payment=used[0].id),
    )


def test_a_split_bill_names_its_payers(firm: Stage) -> None:
    world = firm.world
    matter = next(iter(world.tables["Matter"].values()))
    payer = next(c.id for c in world.tables["Contact"].values() if c.id != matter.client_id)
    user = next(iter(world.tables["User"]))
    work = firm.desk("create_time", matter=matter.id, user=user, date=TODAY, hours="3.3").id
    pair = firm.desk("split_bill", activities=[work], payers=[matter.client_id, payer], portion="60", issued_at=TODAY)

    arrives(
        firm,
        lambda f: [f.desk("approve_bill", bill=bill.id) for bill in pair],
        lambda f: f.desk("record_payment", bills=[pair[1].id], amount=owed(f, pair[1]), reference="P-2"),
    )


def test_client_money_never_posts(firm: Stage) -> None:
    bill = fresh(firm, matter=2)

    arrives(
        firm,
        lambda f: f.desk("trust_deposit", matter=bill.matter_ids[0], amount="5000", reference="T-9"),
        lambda f: f.desk("pay_from_trust", bill=bill.id, amount="120"),
        lambda f: f.desk("record_payment", bills=[bill.id], amount="80", reference="D-1"),
        lambda f: f.desk("trust_disbursement", matter=bill.matter_ids[0], amount="60", payee="Clerk"),
    )


def test_a_renamed_client_keeps_its_customer(firm: Stage) -> None:
    firm.sync()
    customers = len(firm.company.store["Customer"])
    client = next(c for c in firm.world.tables["Contact"].values() if c.name.startswith("Harbor"))

    firm.desk("rename_client", contact=client.id, name="Harbor Mills Holdings Inc.")
    firm.sync()

    assert len(firm.company.store["Customer"]) == customers
