"""How payments, credits, journals and tax move the money of a company."""

from __future__ import annotations

import pytest

from syncapp.emulators.qbo import backdoor


def test_a_zero_payment_applies_a_credit_memo(books):
    invoice = books.invoice()
    sale = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 25,
        "SalesItemLineDetail": {"ItemRef": {"value": "10"}},
    }
    memo = books.make("CreditMemo", {"CustomerRef": {"value": "1"}, "Line": [sale]})
    assert memo["RemainingCredit"] == 25

    books.payment(amount="0", of=[("Invoice", invoice["Id"], "25"), ("CreditMemo", memo["Id"], "25")])

    assert books.read("CreditMemo", memo["Id"])["RemainingCredit"] == 0
    assert books.read("Invoice", invoice["Id"])["Balance"] == 75
    assert books.read("Customer", "1")["Balance"] == 75


def test_a_returned_check_is_a_receivable_line_that_the_payment_is_linked_to(books):
    invoice = books.invoice()
    payment = books.payment(amount="100", of=[("Invoice", invoice["Id"], "100")])
    returned = books.make(
        "JournalEntry",
        books.journal(("Debit", "Accounts Receivable", "100", "1"), ("Credit", "Operating Bank", "100", "")),
    )

    link = {"Amount": 100, "LinkedTxn": [{"TxnType": "JournalEntry", "TxnId": returned["Id"]}]}
    books.make("Payment", {**payment, "Line": [link]})

    assert books.read("Invoice", invoice["Id"])["Balance"] == 100
    assert books.read("Customer", "1")["Balance"] == 100
    assert books.read("Payment", payment["Id"])["UnappliedAmt"] == 0


@pytest.mark.parametrize("way", ["accept", "refuse"])
def test_one_payment_over_several_matters_by_switch(books, way):
    matter = books.make("Customer", {"DisplayName": "Matter", "Job": True, "ParentRef": {"value": "1"}})["Id"]
    invoice = books.invoice(customer=matter)
    books.co.switches.payment_across_subcustomers = way
    line = {"Amount": 100, "LinkedTxn": [{"TxnType": "Invoice", "TxnId": invoice["Id"]}]}
    given = {"CustomerRef": {"value": "1"}, "TotalAmt": 100, "Line": [line]}

    if way == "refuse":
        assert books.refused("payment", given)[0] == "6000"
        return
    books.make("Payment", given)
    assert books.read("Customer", matter)["Balance"] == 0
    assert books.read("Customer", "1")["Balance"] == 0


def test_a_journal_entry_balances_names_its_customer_and_has_two_lines(books):
    lopsided = books.journal(("Debit", "Rent", "5", ""), ("Credit", "Operating Bank", "4", ""))
    nameless = books.journal(("Debit", "Accounts Receivable", "5", ""), ("Credit", "Legal Fees", "5", ""))

    assert books.refused("journalentry", lopsided)[0] == "2300"
    assert "choose a customer in the Name field" in books.refused("journalentry", nameless)[1]
    assert "at least two detail lines" in books.refused("journalentry", {"Line": lopsided["Line"][:1]})[1]


def test_open_credit_pays_a_new_invoice_when_the_company_wants_it(books):
    backdoor.prefer(books.co, "SalesFormsPrefs.AutoApplyCredit", True)
    payment = books.payment(amount="30", of=[])

    invoice = books.invoice()

    assert invoice["Balance"] == 70
    assert books.read("Payment", payment["Id"])["UnappliedAmt"] == 0


def test_a_deactivated_account_is_renamed_and_reads_zero(books):
    books.invoice()
    account = books.read("Account", books.co.account("Legal Fees"))

    gone = books.make("Account", {**account, "Active": False})

    assert gone["Name"] == "Legal Fees (deleted)"
    assert gone["CurrentBalance"] == 0
    assert books.balances()["Legal Fees (deleted)"] == -10000


def test_sales_tax_goes_to_a_liability_and_the_engine_may_change_the_total(books):
    backdoor.prefer(books.co, "TaxPrefs.UsingSalesTax", True)
    books.co.switches.tax_engine = "on"
    tax = {"TxnTaxDetail": {"TotalTax": 4.25}}

    assert str(books.invoice(**tax)["TotalAmt"]) == "104.25"
    books.co.switches.tax_engine_changes_total = True
    assert str(books.invoice(**tax)["TotalAmt"]) == "100.00"
    assert books.balances()["Sales Tax Payable"] == -425


def test_an_unknown_property_and_an_unknown_reference_are_named(books):
    assert books.refused("customer", {"DisplayName": "D", "Nickname": "d"})[0] == "2010"
    sale = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 1,
        "SalesItemLineDetail": {"ItemRef": {"value": "2"}},
    }
    code, detail = books.refused("invoice", {"CustomerRef": {"value": "75"}, "Line": [sale]})
    assert (code, detail) == ("2500", "Invalid Reference Id : Names element id 75 not found")
