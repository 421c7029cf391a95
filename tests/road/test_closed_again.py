"""What corrects closed books, changed or taken out by a hand in its turn; and our journal entries there."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from syncapp.core.planning.returns import RETURNED, Said
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.cases import choices
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import approve, assert_corrected, case_of, close, on_closing_day, receivable
from tests.road.test_closed_gone import balance, taken_out
from tests.road.test_hands_closed import assert_stays, invoice_of, lowered, page, payment_of, say
from tests.stage import Stage

NOVEMBER = date(2026, 11, 30)


def corrected(on: Stage, *, hours: str = "1") -> Any:
    """A bill of closed October that Clio made smaller: a credit of November corrects it, and applies."""
    bill = fresh(on)
    on.sync()
    close(on)
    on.desk("edit_line", line=bill.line_ids[0], quantity=hours)
    approve(on)
    return bill


def entry(on: Stage, kind: str, number: str) -> dict[str, Any]:
    return next(one for one in on.company.store[kind].values() if one.get("DocNumber") == number)


def november_closes(on: Stage) -> dict[str, int]:
    close(on, NOVEMBER)
    on.sync()
    return on_closing_day(on, NOVEMBER)


def assert_november(on: Stage, closed: dict[str, int]) -> None:
    assert on_closing_day(on, NOVEMBER) == closed


@pytest.mark.parametrize("hours", ["1", "9"])
def test_a_correction_taken_out_of_closed_books_is_proposed_once_more_under_the_next_number(
    firm: Stage, hours: str
) -> None:
    bill = corrected(firm, hours=hours)
    before, kind = receivable(firm), "CreditMemo" if hours == "1" else "Invoice"
    taken_out(firm, kind, entry(firm, kind, f"{bill.number}-K1")["Id"], "delete")
    closed = november_closes(firm)
    case = case_of(firm, "changed_in_books")

    told = page(firm, case)
    assert "It can be posted once more" in told
    assert "You see it once more, line by line, to approve." in told
    assert say(firm, case, "correct") is None
    approve(firm)

    made = entry(firm, kind, f"{bill.number}-K2")
    assert made["TxnDate"] > str(NOVEMBER)
    assert receivable(firm) == before
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))


def test_a_correction_changed_in_closed_books_is_corrected_by_the_next_one(firm: Stage) -> None:
    bill = corrected(firm, hours="9")
    before, number = receivable(firm), f"{bill.number}-K1"
    was = Decimal(str(invoice_of(firm, number)["TotalAmt"]))
    lowered(firm, number, "12.00")
    closed = november_closes(firm)
    case = case_of(firm, "changed_in_books")
    assert say(firm, case, "correct") is None
    approve(firm)

    assert Decimal(str(invoice_of(firm, f"{bill.number}-K2")["TotalAmt"])) == was - 12
    assert receivable(firm) == before
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))


def test_what_is_left_of_a_bill_is_paid_on_the_corrections_that_stand(firm: Stage) -> None:
    bill = corrected(firm, hours="9")
    taken_out(firm, "Invoice", invoice_of(firm, f"{bill.number}-K1")["Id"], "delete")
    november_closes(firm)
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    approve(firm)
    before, left = receivable(firm), owed(firm, bill)

    firm.desk("record_payment", bills=[bill.id], amount=str(left), date=NOVEMBER + timedelta(days=3))
    firm.sync()

    assert receivable(firm) == before - left
    assert_stays(firm, on_closing_day(firm))


def returned(on: Stage, day: date) -> Any:
    """A payment of closed October that the bank took back: its entry of the return."""
    bill = fresh(on)
    payment = on.desk("record_payment", bills=[bill.id], amount="100", date=TODAY)
    on.sync()
    close(on)
    on.desk("remove_payment", payment=payment.id)
    on.sync()
    case = case_of(on, "payment_removed")
    said = Said(what=RETURNED, day=day)
    now, case_id = timezone.now(), case.pk
    assert not choices.returned(firm_id=on.firm.pk, case_id=case_id, said=said, by=on.person, now=now)
    on.sync()
    return bill, max(on.company.store["JournalEntry"].values(), key=lambda one: int(one["Id"]))


def test_a_journal_entry_of_ours_deleted_from_closed_books_is_posted_once_more(firm: Stage) -> None:
    _, made = returned(firm, TODAY + timedelta(days=3))
    before = receivable(firm)
    taken_out(firm, "JournalEntry", made["Id"], "delete")
    closed = november_closes(firm)
    case = case_of(firm, "changed_in_books")
    assert "It can be posted once more" in page(firm, case)
    assert say(firm, case, "correct") is None
    firm.sync()

    again = max(firm.company.store["JournalEntry"].values(), key=lambda one: int(one["Id"]))
    assert again["TxnDate"] > str(NOVEMBER)
    assert again["DocNumber"].endswith("-K")
    assert receivable(firm) == before
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))


@pytest.mark.parametrize("hand", ["deleted", "changed"])
def test_the_entry_that_moved_a_payment_back_is_posted_once_more_or_corrected_in_its_turn(
    firm: Stage, hand: str
) -> None:
    bill = fresh(firm)
    firm.desk("record_payment", bills=[bill.id], amount="100", date=TODAY)
    firm.sync()
    other = firm.company.account("Undeposited Funds")
    backdoor.edit(
        firm.company,
        "Payment",
        payment_of(firm, bill.number)["Id"],
        {"DepositToAccountRef": {"value": other}},
    )
    close(firm)
    firm.sync()
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    firm.sync()
    first = entry(firm, "JournalEntry", number_of(firm, "-K1"))
    if hand == "deleted":
        taken_out(firm, "JournalEntry", first["Id"], "delete")
    else:
        halved = [dict(line, Amount="60.00") for line in first["Line"]]
        backdoor.edit(firm.company, "JournalEntry", first["Id"], {"Line": halved})
    closed = november_closes(firm)
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    firm.sync()

    again = entry(firm, "JournalEntry", number_of(firm, "-K2"))
    assert again["TxnDate"] > str(NOVEMBER)
    lacks = Decimal(100) if hand == "deleted" else Decimal(40)
    assert [Decimal(str(one["Amount"])) for one in again["Line"]] == [lacks, lacks]
    assert_november(firm, closed)
    assert_corrected(firm, on_closing_day(firm))


def number_of(on: Stage, end: str) -> str:
    """The number of a journal entry by its end."""
    rows = on.company.store["JournalEntry"].values()
    return next(str(one["DocNumber"]) for one in rows if str(one["DocNumber"]).endswith(end))


@pytest.mark.parametrize("hand", ["delete", "void"])
def test_the_first_of_two_corrections_is_posted_once_more_and_the_second_stays(
    firm: Stage, hand: str
) -> None:
    bill = corrected(firm, hours="9")
    firm.desk("edit_line", line=bill.line_ids[0], quantity="11")
    approve(firm)
    before, second = receivable(firm), invoice_of(firm, f"{bill.number}-K2")
    taken_out(firm, "Invoice", invoice_of(firm, f"{bill.number}-K1")["Id"], hand)
    closed = november_closes(firm)
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    approve(firm)

    assert invoice_of(firm, f"{bill.number}-K3")["TxnDate"] > str(NOVEMBER)
    assert invoice_of(firm, f"{bill.number}-K2")["TotalAmt"] == second["TotalAmt"]
    assert receivable(firm) == before
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))


def test_what_applied_a_correcting_credit_is_made_once_more_and_nothing_is_approved(firm: Stage) -> None:
    bill = corrected(firm)
    before, left = receivable(firm), balance(firm, bill.number)
    taken_out(firm, "Payment", payment_of(firm, bill.number)["Id"], "delete")
    assert balance(firm, bill.number) > left
    closed = november_closes(firm)
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    firm.sync()

    assert balance(firm, bill.number) == left
    assert payment_of(firm, bill.number)["TxnDate"] > str(NOVEMBER)
    assert receivable(firm) == before
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))


@pytest.mark.parametrize("hours", ["1", "9"])
def test_an_invoice_that_was_corrected_is_posted_once_more_as_it_was_beside_its_correction(
    firm: Stage, hours: str
) -> None:
    bill = corrected(firm, hours=hours)
    before, left = receivable(firm), owed(firm, bill)
    was = Decimal(str(invoice_of(firm, bill.number)["TotalAmt"]))
    taken_out(firm, "Invoice", invoice_of(firm, bill.number)["Id"], "delete")
    closed = november_closes(firm)
    case = case_of(firm, "changed_in_books")
    assert "It can be posted once more" in page(firm, case)
    assert say(firm, case, "correct") is None
    firm.sync()

    made = invoice_of(firm, f"{bill.number}-K")
    assert Decimal(str(made["TotalAmt"])) == was
    assert made["TxnDate"] > str(NOVEMBER)
    if hours == "1":
        assert balance(firm, f"{bill.number}-K") == left, "its credit is on it again"
    assert receivable(firm) == before
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))

    firm.desk("record_payment", bills=[bill.id], amount=str(left), date=NOVEMBER + timedelta(days=3))
    firm.sync()
    assert receivable(firm) == before - left
    assert_stays(firm, on_closing_day(firm))


@pytest.mark.parametrize("hours", ["2", "5"])
def test_a_bill_that_clio_changes_after_its_invoice_was_posted_once_more_ties(
    firm: Stage, hours: str
) -> None:
    """Two hours are less than what its correction charges: the next correction is asked, and is a credit."""
    bill = corrected(firm, hours="9")
    taken_out(firm, "Invoice", invoice_of(firm, bill.number)["Id"], "delete")
    closed = november_closes(firm)
    assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
    firm.sync()

    before, left = receivable(firm), owed(firm, bill)
    firm.desk("edit_line", line=bill.line_ids[0], quantity=hours)
    if hours == "2":
        firm.sync()
        assert "beside what corrects it, and stays as it is" in only_words(firm)
        approve(firm)
    firm.sync()

    assert receivable(firm) - before == owed(firm, bill) - left
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))


def only_words(on: Stage) -> str:
    """What the one record that waits for an approval says."""
    [case] = [one for one in on.exceptions() if one["code"] == "closed_correction"]
    return str(case["holds"][0]["reason"])


def owes_bill(on: Stage, bill: Any) -> Decimal:
    """What is open on all invoices under a bill's number."""
    numbers = [str(one["DocNumber"]) for one in on.company.store["Invoice"].values()]
    mine = [one for one in numbers if one == bill.number or one.startswith(f"{bill.number}-K")]
    return sum((balance(on, one) for one in mine), Decimal())


def test_what_was_paid_of_a_corrected_invoice_before_it_was_taken_out_is_credited_to_what_stands(
    firm: Stage,
) -> None:
    bill = fresh(firm)
    firm.desk("record_payment", bills=[bill.id], amount="100", date=TODAY)
    firm.sync()
    close(firm)
    firm.desk("edit_line", line=bill.line_ids[0], quantity="9")
    approve(firm)
    before, left = receivable(firm), owed(firm, bill)
    taken_out(firm, "Invoice", invoice_of(firm, bill.number)["Id"], "delete")
    closed = november_closes(firm)
    for _ in range(2):  # the invoice, then its payment
        assert say(firm, case_of(firm, "changed_in_books"), "correct") is None
        firm.sync()

    assert owes_bill(firm, bill) == left
    assert receivable(firm) == before
    assert_november(firm, closed)
    assert_stays(firm, on_closing_day(firm))
