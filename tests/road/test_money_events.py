"""What a person does with money in Clio arrives in the books and ties; a second sync moves nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from syncapp.emulators.clio.funds import Payment
from tests.road import books
from tests.road.acts import TODAY, arrives, fresh, owed
from tests.stage import Stage


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

    arrives(
        firm, lambda f: f.desk("record_payment", bills=[first.id, second.id], amount=whole, reference="T-1")
    )


def test_an_edit_below_what_is_paid_leaves_money_unapplied(firm: Stage) -> None:
    bill = fresh(firm)
    paid: list[Payment] = []

    arrives(
        firm,
        lambda f: paid.append(f.desk("record_payment", bills=[bill.id], amount="1500", reference="U-1")),
        lambda f: f.desk("edit_line", line=bill.line_ids[0], quantity="1.0"),
    )
    [alarm] = _unapplied(firm)
    firm.desk("edit_payment", payment=paid[0].id, amount="100")
    firm.sync()
    assert not _unapplied(firm), "the bill takes all of it: the alarm has ended by itself"

    firm.desk("edit_line", line=bill.line_ids[0], quantity="9.0")
    firm.desk("edit_payment", payment=paid[0].id, amount="1500")
    firm.desk("edit_line", line=bill.line_ids[0], quantity="1.0")
    firm.sync()
    assert [one["case"] for one in _unapplied(firm)] == [alarm["case"]], "and comes back as itself"


def _unapplied(on: Stage) -> list[dict[str, Any]]:
    return [one for one in on.exceptions() if one["code"] == "payment_unapplied"]


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


def test_an_edit_below_what_operating_funds_paid_leaves_a_credit(firm: Stage) -> None:
    bill = fresh(firm)
    used: list[Payment] = []

    arrives(
        firm,
        lambda f: f.desk("operating_deposit", client=bill.client_id, amount="1000", reference="W-5"),
        lambda f: used.append(f.desk("pay_from_operating", bill=bill.id, amount="900")),
        lambda f: f.desk("edit_line", line=bill.line_ids[0], quantity="0.5"),
        lambda f: f.desk("remove_payment", payment=used[0].id),
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


def test_a_tick_brings_what_changed_without_asking_for_everything(firm: Stage) -> None:
    first, second, third = fresh(firm), fresh(firm, matter=1), fresh(firm, matter=2)
    firm.sync()

    firm.desk("record_payment", bills=[first.id], amount="200", reference="K-1")
    firm.desk("edit_line", line=second.line_ids[0], quantity="1.5")
    firm.desk("void_bill", bill=third.id)
    firm.desk("add_interest", bill=first.id, total="5.55", date=TODAY + timedelta(days=8))
    fourth = fresh(firm, matter=3)
    firm.desk("write_off", bill=fourth.id, amount="12.34")
    done = firm.sync(whole=False)

    books.assert_control(done.counts)
    books.assert_ties(firm)
    books.assert_tieout(firm)
    before = books.picture(firm.company)
    again = firm.sync(whole=False)
    assert books.picture(firm.company) == before
    assert again.counts["posted"] == 0
