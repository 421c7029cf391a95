"""A payment on a receivable line of a journal entry: a check that came back, and a period that is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from syncapp.emulators.qbo import backdoor, reports


def entry(books, amount: str = "100.00", *, customer: str = "1", day: str = "2026-03-09") -> dict[str, Any]:
    """What a returned check is: Dr receivable, Cr bank, dated the return."""
    sides = (("Debit", "Accounts Receivable", amount, customer), ("Credit", "Operating Bank", amount, ""))
    return dict(books.make("JournalEntry", books.journal(*sides, TxnDate=day)))


def onto(payment: dict[str, Any], *parts: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    """The payment with other lines: (amount, kind, id)."""
    lines = [{"Amount": a, "LinkedTxn": [{"TxnType": kind, "TxnId": i}]} for a, kind, i in parts]
    return {**payment, "Line": lines, **more}


def row(books, day: str = "2026-04-30", customer: str = "1") -> dict[str, int]:
    found = reports.receivables(books.co, until=date.fromisoformat(day)).get(customer, {})
    return {bucket: minor for bucket, minor in found.items() if minor}


def test_a_returned_check_is_what_the_customer_owes_until_it_is_paid_again(books):
    bill = books.invoice(DueDate="2026-03-31")
    paid = books.payment(amount="100", of=[("Invoice", bill["Id"], "100")])
    back = entry(books)
    assert row(books) == {"31-60": 10_000}

    books.make("Payment", onto(paid, ("100", "JournalEntry", back["Id"])))

    assert books.read("Invoice", bill["Id"])["Balance"] == 100
    assert row(books) == {"1-30": 10_000}
    assert row(books, "2026-03-08") == {}
    assert books.read("JournalEntry", back["Id"])["LinkedTxn"] == [
        {"TxnId": paid["Id"], "TxnType": "Payment"}
    ]
    again = books.payment(amount="100", of=[("Invoice", bill["Id"], "100")], TxnDate="2026-04-02")
    assert row(books) == {}
    page = books.http.get(f"/company/{books.co.realm}/receivables?date=2026-04-01").get_data(as_text=True)
    assert "100.00" in page
    assert again["UnappliedAmt"] == 0


def test_open_amounts_and_unapplied_money_that_come_to_nothing_are_shown_as_both(books):
    entry(books)
    books.payment(amount="100", of=[], TxnDate="2026-03-10")

    assert row(books) == {"31-60": 10_000, "current": -10_000}


@pytest.mark.parametrize("way", ["refuse", "cap"])
def test_no_more_is_applied_than_is_open_of_the_entry(books, way):
    back = entry(books, "60.00")
    books.co.switches.overapply = way
    given = onto({"CustomerRef": {"value": "1"}, "TotalAmt": 100}, ("100", "JournalEntry", back["Id"]))

    if way == "refuse":
        assert books.refused("payment", given)[0] == "6000"
        return
    made = books.make("Payment", given)
    assert made["UnappliedAmt"] == 40
    assert row(books) == {"current": -4_000}


@pytest.mark.parametrize("kind", ["JournalEntry", "Invoice"])
def test_two_lines_of_one_payment_do_not_take_the_same_open_amount_twice(books, kind):
    owed = entry(books) if kind == "JournalEntry" else books.invoice()
    given = onto(
        {"CustomerRef": {"value": "1"}, "TotalAmt": 200}, ("100", kind, owed["Id"]), ("100", kind, owed["Id"])
    )

    assert books.refused("payment", given)[0] == "6000"


def test_only_the_customer_of_the_line_or_its_family_pays_an_entry(books):
    matter = books.make("Customer", {"DisplayName": "Matter", "Job": True, "ParentRef": {"value": "1"}})["Id"]
    back = entry(books, customer=matter)
    part = ("100", "JournalEntry", back["Id"])

    assert books.refused("payment", onto({"CustomerRef": {"value": "2"}, "TotalAmt": 100}, part))[0] == "6000"
    books.co.switches.payment_across_subcustomers = "refuse"
    assert books.refused("payment", onto({"CustomerRef": {"value": "1"}, "TotalAmt": 100}, part))[0] == "6000"
    books.co.switches.payment_across_subcustomers = "accept"
    books.make("Payment", onto({"CustomerRef": {"value": "1"}, "TotalAmt": 100}, part))
    assert row(books, customer=matter) == row(books) == {}


@pytest.mark.parametrize("way", ["refuse", "unlink"])
def test_an_entry_with_a_payment_on_it_is_deleted_as_an_invoice_is(books, way):
    back = entry(books)
    paid = books.payment(amount="100", of=[("JournalEntry", back["Id"], "100")])
    books.co.switches.delete_linked = way
    stands = books.read("JournalEntry", back["Id"])
    key = {"Id": stands["Id"], "SyncToken": stands["SyncToken"]}

    if way == "refuse":
        assert books.refused("journalentry", key, operation="delete")[0] == "6000"
        return
    assert books.call("journalentry", key, operation="delete")[0] == 200
    assert books.read("Payment", paid["Id"])["UnappliedAmt"] == 100


@pytest.mark.parametrize(
    ("sides", "unapplied"),
    [
        ((("Debit", "Accounts Receivable", "70", "1"), ("Credit", "Operating Bank", "70", "")), 30),
        ((("Credit", "Operating Bank", "100", ""), ("Debit", "Accounts Receivable", "100", "1")), 0),
        ((("Debit", "Accounts Receivable", "100", "2"), ("Credit", "Operating Bank", "100", "")), 100),
        ((("Credit", "Accounts Receivable", "100", "1"), ("Debit", "Operating Bank", "100", "")), 100),
        ((("Debit", "Rent", "100", ""), ("Credit", "Operating Bank", "100", "")), 100),
    ],
    ids=["less", "another line", "another customer", "the other side", "no receivable"],
)
def test_an_entry_that_is_changed_keeps_of_its_payment_what_still_fits(books, sides, unapplied):
    back = entry(books)
    paid = books.payment(amount="100", of=[("JournalEntry", back["Id"], "100")])
    stands = books.read("JournalEntry", back["Id"])

    books.make("JournalEntry", {**stands, **books.journal(*sides)})

    assert books.read("Payment", paid["Id"])["UnappliedAmt"] == unapplied
    balance = books.co.ledger.balance(books.co.account("Accounts Receivable"))
    assert sum(minor for one in ("1", "2") for minor in row(books, customer=one).values()) == balance
    assert sum(books.balances().values()) == 0


def test_a_payment_that_is_voided_leaves_the_entry_open(books):
    back = entry(books)
    paid = books.payment(amount="100", of=[("JournalEntry", back["Id"], "100")])

    backdoor.void(books.co, "Payment", paid["Id"])

    assert row(books) == {"31-60": 10_000}
    assert books.read("JournalEntry", back["Id"])["LinkedTxn"] == []


def in_a_deposit(books) -> tuple[dict[str, Any], dict[str, Any]]:
    """An invoice, and its payment in a deposit."""
    bill = books.invoice()
    paid = books.payment(amount="100", of=[("Invoice", bill["Id"], "100")])
    bank = books.co.account("Operating Bank")
    backdoor.deposit(books.co, [paid["Id"]], account=bank, day=date(2026, 3, 6))
    return bill, books.read("Payment", paid["Id"])


@pytest.mark.parametrize("allowed", [True, False])
def test_a_payment_in_a_deposit_moves_from_the_invoice_to_the_entry(books, allowed):
    bill, paid = in_a_deposit(books)
    back = entry(books)
    books.co.switches.deposited_relink_ok = allowed
    part = ("100", "JournalEntry", back["Id"])

    if not allowed:
        assert books.refused("payment", onto(paid, part))[0] == "6540"
        return
    moved = books.make("Payment", onto(paid, part))
    assert books.read("Invoice", bill["Id"])["Balance"] == 100
    assert moved["LinkedTxn"][0]["TxnType"] == "Deposit"
    assert books.balances().get("Operating Bank", 0) == 0


@pytest.mark.parametrize(
    "change", [{"TotalAmt": 90}, {"TxnDate": "2026-03-12"}, {"account": "Operating Bank"}]
)
def test_nothing_else_of_a_payment_in_a_deposit_may_change(books, change):
    _bill, paid = in_a_deposit(books)
    books.co.switches.deposited_relink_ok = True
    if name := change.pop("account", ""):
        change = {"DepositToAccountRef": books.account(name)}

    assert books.refused("payment", onto(paid, **change))[0] == "6540"
    key = {"Id": paid["Id"], "SyncToken": paid["SyncToken"], "sparse": True}
    assert books.refused("payment", key, operation="update", include="void")[0] == "6540"


@pytest.fixture
def closed(books):
    """An invoice and its payment, and the books closed through the end of March; it is April."""
    bill = books.invoice()
    paid = books.payment(amount="40", of=[("Invoice", bill["Id"], "40")])
    backdoor.close_books(books.co, date(2026, 3, 31))
    return books, bill["Id"], paid["Id"]


def test_a_payment_of_a_closed_period_is_not_linked_anew(closed):
    books, _bill, paid = closed
    back = entry(books, "40.00", day="2026-04-09")
    stands = books.read("Payment", paid)

    assert books.refused("payment", onto(stands, ("40", "JournalEntry", back["Id"])))[0] == "6210"
    moved = onto(stands, ("40", "JournalEntry", back["Id"]), TxnDate="2026-04-09")
    assert books.refused("payment", moved)[0] == "6210"


def test_what_is_dated_in_an_open_period_may_be_linked_to_a_closed_one(closed):
    books, bill, _paid = closed
    before = books.co.ledger.entry(("Invoice", bill))
    march = books.co.ledger.trial_balance(until=date(2026, 3, 31))
    sale = {"ItemRef": {"value": "10"}}
    line = {"DetailType": "SalesItemLineDetail", "Amount": 60, "SalesItemLineDetail": sale}
    memo = books.make("CreditMemo", {"CustomerRef": {"value": "1"}, "TxnDate": "2026-04-02", "Line": [line]})

    applied = books.payment(
        amount="0",
        of=[("Invoice", bill, "60"), ("CreditMemo", memo["Id"], "60")],
        TxnDate="2026-04-02",
    )

    assert books.read("Invoice", bill)["Balance"] == 0
    assert books.read("CreditMemo", memo["Id"])["RemainingCredit"] == 0
    assert books.co.ledger.entry(("Invoice", bill)) == before
    assert books.co.ledger.trial_balance(until=date(2026, 3, 31)) == march
    key = {"Id": applied["Id"], "SyncToken": applied["SyncToken"], "sparse": True}
    assert books.call("payment", key, operation="update", include="void")[0] == 200
    assert books.read("Invoice", bill)["Balance"] == 60


def test_an_entry_of_the_closed_period_is_refused_and_one_after_it_is_paid(closed):
    books, _bill, _paid = closed
    early = books.journal(("Debit", "Accounts Receivable", "5", "1"), ("Credit", "Operating Bank", "5", ""))
    late = entry(books, "5.00", day="2026-04-01")

    assert books.refused("journalentry", early)[0] == "6210"
    books.payment(amount="5", of=[("JournalEntry", late["Id"], "5")], TxnDate="2026-04-02")
    assert sum(row(books).values()) == 6_000


@pytest.mark.parametrize("way", ["silent", "shown", "required"])
def test_whether_the_line_of_the_entry_must_be_named_is_open(books, way):
    back = entry(books)
    books.co.switches.journal_link_line = way
    given = onto({"CustomerRef": {"value": "1"}, "TotalAmt": 100}, ("100", "JournalEntry", back["Id"]))

    if way == "required":
        assert books.refused("payment", given)[0] == "2020"
        given["Line"][0]["LinkedTxn"][0]["TxnLineId"] = "0"
    made = books.make("Payment", given)

    shown = made["Line"][0]["LinkedTxn"][0].get("TxnLineId")
    assert shown == (None if way == "silent" else "0")


def test_an_entry_without_an_open_receivable_line_cannot_be_paid(books):
    rent = books.make(
        "JournalEntry", books.journal(("Debit", "Rent", "5", ""), ("Credit", "Operating Bank", "5", ""))
    )
    given = onto({"CustomerRef": {"value": "1"}, "TotalAmt": 5}, ("5", "JournalEntry", rent["Id"]))

    assert books.refused("payment", given)[0] == "620"
