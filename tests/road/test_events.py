"""What a person does with a bill in Clio arrives in the books and ties; a second sync moves nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.road.acts import TODAY, Act, arrives, fresh, owed, planted
from tests.stage import Stage


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
        lambda f: f.desk(
            "add_line", bill=bill.id, description="Filing service", price="45.10", kind="Expense"
        ),
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


def test_a_split_bill_names_its_payers(firm: Stage) -> None:
    world = firm.world
    matter = next(iter(world.tables["Matter"].values()))
    payer = next(c.id for c in world.tables["Contact"].values() if c.id != matter.client_id)
    user = next(iter(world.tables["User"]))
    work = firm.desk("create_time", matter=matter.id, user=user, date=TODAY, hours="3.3").id
    pair = firm.desk(
        "split_bill", activities=[work], payers=[matter.client_id, payer], portion="60", issued_at=TODAY
    )

    arrives(
        firm,
        lambda f: [f.desk("approve_bill", bill=bill.id) for bill in pair],
        lambda f: f.desk("record_payment", bills=[pair[1].id], amount=owed(f, pair[1]), reference="P-2"),
    )


def test_a_renamed_client_keeps_its_customer(firm: Stage) -> None:
    firm.sync()
    customers = len(firm.company.store["Customer"])
    client = next(c for c in firm.world.tables["Contact"].values() if c.name.startswith("Harbor"))

    firm.desk("rename_client", contact=client.id, name="Harbor Mills Holdings Inc.")
    firm.sync()

    assert len(firm.company.store["Customer"]) == customers
