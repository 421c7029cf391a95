"""A payment that a hand raised or moved in closed books is brought back, to the cent, and returned."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from syncapp.core.planning.returns import RETURNED, Said
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.qbo import backdoor, reports, writing
from syncapp.pipeline.cases import choices
from tests.road import books
from tests.road.acts import TODAY, fresh, owed
from tests.road.closing import case_of, close, receivable
from tests.road.test_closed_gone import balance
from tests.road.test_hands_closed import assert_stays, hands, invoice_of, page, paid_amount, payment_of, say
from tests.stage import Stage


def paid_bill(on: Stage, amount: str = "100") -> tuple[Bill, Any, dict[str, Any]]:
    """A bill with a payment of it, and that payment in the books."""
    bill = fresh(on)
    payment = on.desk("record_payment", bills=[bill.id], amount=amount, date=TODAY)
    on.sync()
    return bill, payment, payment_of(on, bill.number)


def links(number: str, on: Stage, amount: str) -> list[dict[str, Any]]:
    target = {"TxnId": invoice_of(on, number)["Id"], "TxnType": "Invoice"}
    return [{"Amount": amount, "LinkedTxn": [target]}]


def corrected(on: Stage) -> dict[str, Any]:
    """Have the one change corrected; the newest journal entry."""
    on.sync()
    assert say(on, case_of(on, "changed_in_books"), "correct") is None
    on.sync()
    entries: dict[str, dict[str, Any]] = on.company.store["JournalEntry"]
    return max(entries.values(), key=lambda one: int(one["Id"]))


def owes(on: Stage, customer: str) -> int:
    """What a customer of the books owes by the receivables account, in minor units."""
    found = reports.receivables(on.company, until=TODAY + timedelta(days=3000))
    return sum(found.get(customer, {}).values())


def bank(on: Stage, payment: dict[str, Any]) -> int:
    name = on.company.store["Account"][payment["DepositToAccountRef"]["value"]]["Name"]
    rows = reports.trial_balance(on.company, until=TODAY + timedelta(days=3000))
    return next(row.minor for row in rows if row.name.endswith(name))


@pytest.mark.parametrize("applied", ["110", "100"])
def test_what_a_payment_was_raised_by_is_charged_again(firm: Stage, applied: str) -> None:
    bill, _, paid = paid_bill(firm)
    before, was, left = receivable(firm), bank(firm, paid), owed(firm, bill)
    backdoor.edit(
        firm.company, "Payment", paid["Id"],
        {"TotalAmt": "110", "Line": links(bill.number, firm, applied)},
    )  # fmt: skip
    closed = close(firm)
    firm.sync()
    told = page(firm, case_of(firm, "changed_in_books"))
    assert "What would correct it, dated" in told

    made = corrected(firm)

    assert {Decimal(str(line["Amount"])) for line in made["Line"]} == {Decimal(10)}
    assert (receivable(firm), bank(firm, paid)) == (before, was)
    assert_stays(firm, closed)

    firm.desk("record_payment", bills=[bill.id], amount=str(left))
    firm.sync()
    assert receivable(firm) == before - left
    assert_stays(firm, closed)


def test_a_payment_raised_and_raised_again_is_corrected_each_time_once(firm: Stage) -> None:
    _, _, paid = paid_bill(firm)
    before, was = receivable(firm), bank(firm, paid)
    paid_amount(firm, paid, "110")
    closed = close(firm)
    first = corrected(firm)
    assert_stays(firm, closed)

    close(firm, None)
    paid_amount(firm, paid, "95")
    closed = close(firm)
    second = corrected(firm)

    assert (first["DocNumber"][-3:], second["DocNumber"][-3:]) == ("-K1", "-K2")
    assert (receivable(firm), bank(firm, paid)) == (before, was)
    assert_stays(firm, closed)


def test_a_payment_put_on_another_invoice_is_credited_to_its_own_and_charged_there(firm: Stage) -> None:
    bill, _, paid = paid_bill(firm)
    other = fresh(firm)
    firm.sync()
    before, left, there = receivable(firm), owed(firm, bill), owed(firm, other)
    backdoor.edit(firm.company, "Payment", paid["Id"], {"Line": links(other.number, firm, "100")})
    closed = close(firm)
    firm.sync()
    told = page(firm, case_of(firm, "changed_in_books"))
    assert told.count(f"Accounts Receivable, invoice {bill.number}") == 1, "as it was posted"
    assert told.count(f"Accounts Receivable, invoice {other.number}") == 1, "as it stands"
    corrected(firm)

    assert balance(firm, bill.number) == left
    assert receivable(firm) == before
    assert_stays(firm, closed)

    firm.desk("record_payment", bills=[other.id], amount=str(there))
    firm.sync()
    assert receivable(firm) == before - there
    assert_stays(firm, closed)


@pytest.mark.parametrize("matter", [0, 1])
def test_a_payment_that_was_brought_back_and_is_moved_again_is_brought_back_again(
    firm: Stage, matter: int
) -> None:
    """To another invoice of its client, for which its first correction stands as well; or of another one."""
    bill, _, paid = paid_bill(firm)
    others = [fresh(firm), fresh(firm, matter=matter)]
    firm.sync()
    names = {row["FullyQualifiedName"] for row in firm.company.store["Customer"].values()}
    left, owing = owed(firm, bill), {name: owes(firm, name) for name in names}
    backdoor.edit(firm.company, "Payment", paid["Id"], {"Line": links(others[0].number, firm, "100")})
    closed = close(firm)
    first = corrected(firm)
    assert_stays(firm, closed)

    close(firm, None)
    customer = invoice_of(firm, others[1].number)["CustomerRef"]
    moved = {"CustomerRef": customer, "Line": links(others[1].number, firm, "100")}
    backdoor.edit(firm.company, "Payment", paid["Id"], moved)
    closed = close(firm)
    firm.sync()
    told = page(firm, case_of(firm, "changed_in_books"))
    assert ("Nothing has to be posted" in told) is (matter == 0)
    assert ("Or accept it as it stands" in told) is (matter != 0), "one press, not two of the same words"
    second = corrected(firm)

    assert (second["DocNumber"] == first["DocNumber"]) is (matter == 0)
    assert {name: owes(firm, name) for name in names} == owing
    assert balance(firm, bill.number) == left
    assert_stays(firm, closed)


@pytest.mark.parametrize("kept", [True, False])
def test_a_payment_put_on_another_customer_goes_back_to_its_own(firm: Stage, kept: bool) -> None:
    bill, _, paid = paid_bill(firm)
    other = fresh(firm, matter=1)
    firm.sync()
    mine, theirs = paid["CustomerRef"]["value"], invoice_of(firm, other.number)["CustomerRef"]["value"]
    assert mine != theirs
    names = {key: firm.company.store["Customer"][key]["FullyQualifiedName"] for key in (mine, theirs)}
    left, owing = owed(firm, bill), {key: owes(firm, name) for key, name in names.items()}
    on = links(other.number, firm, "100") if kept else []
    backdoor.edit(firm.company, "Payment", paid["Id"], {"CustomerRef": {"value": theirs}, "Line": on})
    closed = close(firm)
    firm.sync()
    told = page(firm, case_of(firm, "changed_in_books"))
    assert all(name.rpartition(":")[2] in told for name in names.values()), "whose it is, on both lines"
    corrected(firm)

    assert {key: owes(firm, name) for key, name in names.items()} == owing
    assert balance(firm, bill.number) == left
    assert_stays(firm, closed)


def test_a_payment_on_something_that_tieout_did_not_post_is_told(firm: Stage) -> None:
    _, _, paid = paid_bill(firm)
    customer = paid["CustomerRef"]
    made = writing.view(firm.company, "Invoice", invoice_of(firm, fresh_number(firm))["Id"])
    typed = backdoor.add(
        firm.company, "Invoice",
        {"CustomerRef": customer, "TxnDate": str(TODAY), "DocNumber": "H-1", "Line": [made["Line"][0]]},
    )  # fmt: skip
    line = {"Amount": "100", "LinkedTxn": [{"TxnId": typed["Id"], "TxnType": "Invoice"}]}
    backdoor.edit(firm.company, "Payment", paid["Id"], {"Line": [line]})
    close(firm)
    firm.sync()
    case = case_of(firm, "changed_in_books")
    assert "something now that Tieout did not post" in page(firm, case)
    assert say(firm, case, "accept", reason="As agreed with the client") is None
    firm.sync()
    assert "changed_in_books" not in hands(firm)


def fresh_number(on: Stage) -> str:
    bill = fresh(on)
    on.sync()
    return bill.number


HANDS: dict[str, dict[str, Any]] = {
    "short": {"TotalAmt": "90"},
    "raised": {"TotalAmt": "110"},
    "elsewhere": {},
}


@pytest.mark.parametrize("hand", [*HANDS, "account"])
def test_a_corrected_payment_that_the_bank_returns_ends_to_the_cent(firm: Stage, hand: str) -> None:
    bill, payment, paid = paid_bill(firm)
    before, was = receivable(firm) + 100, bank(firm, paid) - 10000
    total = HANDS.get(hand, {}).get("TotalAmt", "100")
    number = fresh_number(firm) if hand == "elsewhere" else bill.number
    before = receivable(firm) + 100
    changes: dict[str, Any] = {"TotalAmt": total, "Line": links(number, firm, total)}
    if hand == "account":
        changes = {"DepositToAccountRef": {"value": firm.company.account("Undeposited Funds")}}
    backdoor.edit(firm.company, "Payment", paid["Id"], changes)
    closed = close(firm)
    corrected(firm)

    firm.desk("remove_payment", payment=payment.id)
    firm.sync()
    case = case_of(firm, "payment_removed")
    said = Said(what=RETURNED, day=TODAY + timedelta(days=3))
    assert (
        choices.returned(firm_id=firm.firm.pk, case_id=case.pk, said=said, by=firm.person, now=timezone.now())
        is None
    )
    firm.sync()

    assert receivable(firm) == before
    assert bank(firm, paid) == was
    assert_stays(firm, closed)


def test_a_deposited_payment_of_closed_books_that_a_hand_moved_is_brought_back(firm: Stage) -> None:
    bill = fresh(firm)
    firm.desk("record_payment", bills=[bill.id], amount="100", date=TODAY)
    firm.sync()
    paid = payment_of(firm, bill.number)
    before = receivable(firm)
    funds = firm.company.account("Undeposited Funds")
    backdoor.edit(firm.company, "Payment", paid["Id"], {"DepositToAccountRef": {"value": funds}})
    operating = firm.company.account("Operating Bank")
    backdoor.deposit(firm.company, [paid["Id"]], account=operating, day=TODAY)
    closed = close(firm)
    firm.sync()
    told = page(firm, case_of(firm, "changed_in_books"))
    assert "What would correct it, dated" in told
    corrected(firm)
    assert receivable(firm) == before
    books.assert_tieout(firm)
    assert_stays(firm, closed)
