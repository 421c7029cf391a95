"""What a client paid too much goes back: charged where the credit stands, and never beyond it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.core.planning.refunds import BY_CARD
from syncapp.emulators.clio.funds import BankTransaction, Payment
from syncapp.emulators.clio.nouns import PAYABLE, Bill
from syncapp.emulators.qbo import backdoor
from syncapp.records import anew
from syncapp.records.models import BookChoice, Document, Link
from tests.road import books, undone
from tests.road.acts import TODAY, arrives, fresh, owed
from tests.road.at_the_desk import cases
from tests.road.closing import close, on_closing_day
from tests.road.test_hands_closed import page
from tests.stage import Stage

CENT = Decimal("0.01")


def overpaid(firm: Stage) -> tuple[Bill, Payment, Decimal]:
    """A bill that was made smaller than what was paid on it, the payment, and what of it pays nothing."""
    bill = fresh(firm, matter=1)
    paid = firm.desk("record_payment", bills=[bill.id], amount=owed(firm, bill) - 1, reference="C-1")
    firm.desk("edit_line", line=bill.line_ids[0], quantity="2.5")
    return bill, paid, -owed(firm, bill)


def refund(firm: Stage, bill: Bill, amount: Decimal, **more: Any) -> BankTransaction:
    """The firm pays the client back, and says so in Clio."""
    row = firm.desk("refund_overpayment", client=bill.client_id, amount=amount, **more)
    assert isinstance(row, BankTransaction)
    return row


def checks(firm: Stage) -> dict[str, dict[str, Any]]:
    """The checks of the company that are charged to receivables."""
    on = firm.company.account_of_type("Accounts Receivable")
    found = firm.company.store["Purchase"].items()
    return {key: one for key, one in found if _account(one) == on}


def _account(check: dict[str, Any]) -> str:
    return str(check["Line"][0]["AccountBasedExpenseLineDetail"]["AccountRef"]["value"])


def stands(firm: Stage) -> None:
    """All of it arrived, both sides agree to the cent, by client and by matter too."""
    firm.sync()
    books.assert_tieout(firm, afresh=True)
    found = firm.tieout()["kinds"]["receivables"]
    assert not found.get("parties", {}).get("off"), found


def owes(firm: Stage, bill: Bill) -> Decimal:
    """What the client owes by the books beyond the bills that the firm began with."""
    receivables = firm.company.account_of_type("Accounts Receivable")
    others = [one for one in firm.world.all(Bill) if one.client_id == bill.client_id and one.id < bill.id]
    before = sum(owed(firm, one) for one in others if one.state in PAYABLE)
    with firm_scope(write=None, reads=[firm.firm.pk]):
        mine = {f"contacts/{bill.client_id}", *(f"matters/{key}" for key in bill.matter_ids)}
        ids = set(Link.objects.filter(firm=firm.firm, subject__in=mine).values_list("remote_id", flat=True))
    found = undone.sums(firm)
    return Decimal(sum(found.get((receivables, one), 0) for one in ids)) / 100 - before


def codes(firm: Stage) -> set[str]:
    found = ("refund_over_retainer", "refund_unbacked")
    return {code for code in found if cases(firm, code)}


def test_a_refund_of_an_overpayment_posts_is_edited_and_goes_with_its_removal(firm: Stage) -> None:
    bill, paid, over = overpaid(firm)
    rows: list[BankTransaction] = []

    arrives(
        firm,
        lambda f: rows.append(refund(f, bill, over, reference="771")),
        lambda f: f.desk("edit_operating_row", row=rows[0].id, amount=over - 10),
        lambda f: f.desk("edit_operating_row", row=rows[0].id, date=TODAY - timedelta(days=1)),
    )

    [check] = checks(firm).values()
    assert check["Line"][0]["Description"].startswith(f"Refund of payment C-1 of {paid.date:%-d %b %Y}")
    assert check["DocNumber"] == "771"
    assert owes(firm, bill) == -10, "what is left of the credit, and nothing else"
    assert codes(firm) == set()

    arrives(firm, lambda f: f.desk("remove_operating_row", row=rows[0].id))

    assert not checks(firm)
    assert owes(firm, bill) == -over


def test_what_is_more_than_the_credit_waits_and_one_rest_is_given_back_once(firm: Stage) -> None:
    bill, _, over = overpaid(firm)
    firm.sync()
    rows = [refund(firm, bill, over + CENT)]

    arrives(firm, lambda _: None)
    [held] = cases(firm, "refund_over_retainer")
    assert f"leave ${over} unapplied" in str(firm.exceptions())
    assert held.code == "refund_over_retainer"
    assert not checks(firm)

    arrives(
        firm,
        lambda f: f.desk("edit_operating_row", row=rows[0].id, amount=over - 5),
        lambda f: rows.append(refund(f, bill, Decimal(6))),
        lambda f: f.desk("edit_operating_row", row=rows[1].id, amount=Decimal(5)),
    )

    assert owes(firm, bill) == 0
    assert codes(firm) == set()


def test_a_rest_that_was_refunded_and_then_pays_a_bill_after_all_is_a_case(firm: Stage) -> None:
    bill, paid, over = overpaid(firm)
    refund(firm, bill, over)
    firm.sync()
    assert codes(firm) == set()

    other = fresh(firm, matter=1, hours="9")
    firm.desk("move_payment", payment=paid.id, bill=other.id)
    stands(firm)
    assert codes(firm) == {"refund_unbacked"}
    assert len(checks(firm)) == 1, "the bank has it"

    arrives(firm, lambda f: f.desk("edit_line", line=other.line_ids[0], quantity="1"))
    assert owes(firm, bill) == owed(firm, bill) + owed(firm, other) + over


def test_a_hand_may_apply_the_refund_to_its_payment_and_both_sides_still_tie(firm: Stage) -> None:
    bill, _, over = overpaid(firm)
    row = refund(firm, bill, over)
    firm.sync()
    [check] = checks(firm)
    [payment] = [p for p in firm.company.store["Payment"].values() if p.get("PaymentRefNum") == "C-1"]

    pays = {"Amount": over, "LinkedTxn": [{"TxnId": check, "TxnType": "Check"}]}
    backdoor.edit(firm.company, "Payment", payment["Id"], {"Line": [*payment["Line"], pays]})

    stands(firm)
    refund(firm, bill, CENT)
    stands(firm)
    assert codes(firm) == {"refund_over_retainer"}, "no rest is given back twice"
    firm.desk("edit_operating_row", row=row.id, amount=over - CENT)
    stands(firm)
    assert codes(firm) == set()


def test_a_refund_by_card_goes_out_of_the_payout(firm: Stage) -> None:
    bill, _, over = overpaid(firm)
    firm.sync()
    row = refund(firm, bill, over + CENT)
    firm.sync()
    with firm_scope(write=firm.firm.pk):
        BookChoice.objects.create(
            firm=firm.firm, books=firm.books, subject=f"bank_transactions/{row.id}", answer=BY_CARD,
            by=firm.person, at=timezone.now(),
        )  # fmt: skip
        anew.plan(Document.objects.filter(firm=firm.firm, kind="money", source_id=row.id))
    firm.desk("edit_operating_row", row=row.id, amount=over)
    firm.sync()

    assert not checks(firm)
    assert owes(firm, bill) == 0
    books.assert_tieout(firm)
    firm.desk("remove_operating_row", row=row.id)
    arrives(firm, lambda _: None)
    assert owes(firm, bill) == -over


def test_a_refund_of_closed_books_stays_and_a_new_one_there_waits(firm: Stage) -> None:
    bill, _, over = overpaid(firm)
    row = refund(firm, bill, over - 5, date=TODAY)
    firm.sync()
    closed = close(firm)

    firm.desk("remove_operating_row", row=row.id)
    refund(firm, bill, Decimal(5), date=TODAY)
    firm.sync()

    assert [case.code for case in cases(firm, "closed_period")] == ["closed_period"]
    assert len(checks(firm)) == 1
    books.assert_tieout(firm)
    assert on_closing_day(firm) == closed


def test_an_undone_refund_leaves_the_credit_and_is_sent_again(firm: Stage) -> None:
    bill, _, over = overpaid(firm)
    row = refund(firm, bill, over)
    firm.sync()
    record = undone.record(firm, "money", row.id)

    undone.undo(firm, [record])
    firm.sync()
    assert owes(firm, bill) == -over
    books.assert_tieout(firm)

    undone.send_again(firm, [record])
    firm.sync()
    assert owes(firm, bill) == 0
    books.assert_tieout(firm)
    assert firm.verify()["ok"], firm.verify()


def test_a_payment_that_is_undone_under_its_refund_is_a_case_and_comes_back(firm: Stage) -> None:
    bill, paid, over = overpaid(firm)
    refund(firm, bill, over)
    firm.sync()
    record = undone.record(firm, "payment", paid.id)

    undone.undo(firm, [record])
    firm.sync()
    [case] = cases(firm, "refund_unbacked")
    assert f"-${over:,.2f}" in (told := page(firm, case)), "money that went out, on both sides"
    assert "<mark>" not in told, "and the same of it"
    undone.assert_queued(firm)

    undone.send_again(firm, [record])
    stands(firm)
    assert owes(firm, bill) == 0
