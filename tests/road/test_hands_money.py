"""What an exception about a hand in the books comes to: the money by which the books differ, counted once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from syncapp.emulators.qbo import backdoor
from tests.road.acts import TODAY, fresh
from tests.road.at_the_desk import cases
from tests.road.test_closed_gone import taken_out
from tests.road.test_hands_closed import invoice_of, lowered, paid_amount, payment_of
from tests.stage import Stage


def at_stake(on: Stage, code: str) -> dict[str, Decimal]:
    """What each exception of a cause comes to, by the object of the books that it is about."""
    amounts = {one["case"]: Decimal(one["amount"]) for one in on.exceptions()}
    return {case.facts["place"]: amounts[case.pk] for case in cases(on, code)}


def test_what_a_hand_changed_comes_to_what_the_books_differ_by(firm: Stage) -> None:
    bills = [fresh(firm) for _ in range(6)]
    for bill in bills[1:5]:
        firm.desk("record_payment", bills=[bill.id], amount="100", date=TODAY)
    firm.sync()
    invoices = [invoice_of(firm, bill.number) for bill in bills]
    ids = [f"invoice:{one['Id']}" for one in invoices]
    whole = Decimal(str(invoices[0]["TotalAmt"]))
    raised, moved, dated = (payment_of(firm, bill.number) for bill in bills[2:5])
    funds = {"value": firm.company.account("Undeposited Funds")}

    lowered(firm, bills[0].number, "12.00")
    taken_out(firm, "Invoice", invoices[1]["Id"], "delete")
    paid_amount(firm, raised, "110")
    backdoor.edit(firm.company, "Payment", moved["Id"], {"DepositToAccountRef": funds})
    backdoor.edit(firm.company, "Payment", dated["Id"], {"TxnDate": str(TODAY - timedelta(days=1))})
    backdoor.edit(firm.company, "Invoice", invoices[5]["Id"], {"DocNumber": "A-1"})
    firm.sync()

    assert at_stake(firm, "changed_in_books") == {
        ids[0]: whole - 12,
        ids[1]: whole,
        f"payment:{raised['Id']}": Decimal(10),
        f"payment:{moved['Id']}": Decimal(100),
        f"payment:{dated['Id']}": Decimal(100),
        ids[5]: Decimal(0),
    }
