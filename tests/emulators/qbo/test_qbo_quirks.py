"""The behaviors of QuickBooks that break integrations, each as the fact sheet has it."""

from __future__ import annotations

from datetime import date

import pytest

from syncapp.emulators.qbo import backdoor, seed


def keys(obj):
    return {"Id": obj["Id"], "SyncToken": obj["SyncToken"]}


def test_a_voided_invoice_stays_at_zero_and_its_payment_becomes_unapplied(books):
    invoice = books.invoice(PrivateNote="trace 7")
    payment = books.payment(amount="60", of=[("Invoice", invoice["Id"], "60")])

    voided = books.make("Invoice", keys(invoice), operation="void")

    assert (voided["TotalAmt"], voided["Balance"], voided["SyncToken"]) == (0, 0, "1")
    assert voided["PrivateNote"] == "Voided - trace 7"
    assert voided["Line"][0]["Amount"] == 0
    assert voided["Line"][0]["SalesItemLineDetail"]["Qty"] == 0
    assert books.read("Payment", payment["Id"])["UnappliedAmt"] == 60
    assert books.balances() == {"Undeposited Funds": 6000, "Accounts Receivable": -6000}


def test_a_payment_is_voided_by_an_update_that_includes_void(books):
    invoice = books.invoice()
    payment = books.payment(amount="100", of=[("Invoice", invoice["Id"], "100")])

    voided = books.make("Payment", {**keys(payment), "sparse": True}, operation="update", include="void")

    assert (voided["TotalAmt"], voided["UnappliedAmt"], voided["Line"]) == (0, 0, [])
    assert voided["PrivateNote"] == "Voided"
    assert books.read("Invoice", invoice["Id"])["Balance"] == 100


def test_voiding_a_journal_entry_answers_200_and_does_nothing(books):
    entry = books.make(
        "JournalEntry",
        books.journal(("Debit", "Bank Charges", "5", ""), ("Credit", "Operating Bank", "5", "")),
    )

    status, answer = books.call("journalentry", keys(entry), operation="void")

    assert status == 200
    assert answer["BatchItemResponse"] == []
    assert books.read("JournalEntry", entry["Id"])["SyncToken"] == "0"


def test_voiding_a_check_is_refused_and_voiding_a_bill_is_a_fault_inside_200(books):
    line = {
        "Amount": 5,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {"AccountRef": books.account("Rent")},
    }
    check = {"PaymentType": "Check", "AccountRef": books.account("Operating Bank"), "Line": [line]}
    made = books.make("Purchase", check)
    vendor = next(iter(books.co.store["Vendor"]))
    bill = books.make("Bill", {"VendorRef": {"value": vendor}, "Line": [line]})

    assert books.refused("purchase", keys(made), operation="void")[0] == "500"
    status, answer = books.call("bill", keys(bill), operation="void")
    assert (status, answer["Fault"]["Error"][0]["code"]) == (200, "10000")


def test_an_old_sync_token_is_stale(books):
    invoice = books.invoice()
    backdoor.edit(books.co, "Invoice", invoice["Id"], {"PrivateNote": "by hand"}, who="Dana")

    code, detail = books.refused("invoice", {**keys(invoice), "sparse": True, "PrivateNote": "mine"})

    assert code == "5010"
    assert "You and Dana were working on this at the same time" in detail


def test_a_number_used_twice_is_refused_unless_allowed(books):
    first = books.invoice(DocNumber="A-1")

    sale = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 1,
        "SalesItemLineDetail": {"ItemRef": {"value": "2"}},
    }
    twin = {"CustomerRef": {"value": "1"}, "DocNumber": "A-1", "Line": [sale]}

    code, detail = books.refused("invoice", twin)
    assert code == "6140"
    assert detail.endswith(f"DocNumber=A-1 is assigned to TxnType=Invoice with TxnId={first['Id']}")
    assert books.make("Invoice", twin, include="allowduplicatedocnum")["DocNumber"] == "A-1"
    assert books.refused("invoice", {**twin, "DocNumber": "9" * 22})[0] == "2050"


def test_numbers_follow_the_preference(books):
    assert "DocNumber" not in books.invoice()

    backdoor.prefer(books.co, "SalesFormsPrefs.CustomTxnNumbers", False)

    assert books.invoice(DocNumber="ignored")["DocNumber"] == "1001"
    assert books.invoice()["DocNumber"] == "1002"


def test_names_are_unique_over_customers_vendors_and_employees_inactive_ones_too(books):
    backdoor.set_active(books.co, "Customer", "1", active=False)

    for taken in ("ada lovelace", "Max Born", "Columbia Process Servers"):
        assert books.refused("customer", {"DisplayName": taken})[0] == "6240"
    assert books.refused("customer", {"DisplayName": "Smith: v. Jones"})[0] == "2010"
    assert books.refused("customer", {"Notes": "nobody"})[0] == "6080"


def test_matters_nest_five_levels_and_no_deeper(books):
    parent, made = "2", {}
    for level in range(1, 5):
        made = books.make(
            "Customer", {"DisplayName": f"Level {level}", "Job": True, "ParentRef": {"value": parent}}
        )
        assert made["Level"] == level
        parent = made["Id"]

    assert made["FullyQualifiedName"] == "Byron Estate:Level 1:Level 2:Level 3:Level 4"
    deeper = {"DisplayName": "Level 5", "Job": True, "ParentRef": {"value": parent}}
    assert books.refused("customer", deeper)[0] == "6180"


def test_a_deposited_payment_is_frozen_until_its_deposit_goes(books):
    invoice = books.invoice()
    payment = books.payment(amount="100", of=[("Invoice", invoice["Id"], "100")])
    slip = backdoor.deposit(
        books.co, [payment["Id"]], account=books.co.account("Operating Bank"), day=books.co.today()
    )
    assert books.balances()["Operating Bank"] == 10000

    void = {**keys(payment), "sparse": True}
    assert books.refused("payment", void, operation="update", include="void")[0] == "6540"
    assert books.refused("payment", keys(payment), operation="delete")[0] == "6540"
    relinked = {**payment, "Line": []}
    assert books.refused("payment", relinked)[0] == "6540"

    books.co.switches.deposited_relink_ok = True
    assert books.make("Payment", relinked)["UnappliedAmt"] == 100
    assert books.make("Deposit", keys(slip), operation="delete")["status"] == "Deleted"
    assert "Operating Bank" not in books.balances()


def test_closed_books_refuse_every_write_of_their_days(books):
    invoice = books.invoice()
    backdoor.close_books(books.co, date(2026, 3, 1))

    assert books.refused("invoice", {**keys(invoice), "sparse": True, "PrivateNote": "x"})[0] == "6210"
    assert books.refused("invoice", keys(invoice), operation="void")[0] == "6210"
    assert books.refused("invoice", keys(invoice), operation="delete")[0] == "6210"
    assert books.query("select * from Preferences")["Preferences"][0]["AccountingInfoPrefs"]["BookCloseDate"]
    assert books.payment(amount="100", of=[("Invoice", invoice["Id"], "100")])["UnappliedAmt"] == 0
    assert backdoor.void(books.co, "Invoice", invoice["Id"])["TotalAmt"] == 0


@pytest.mark.parametrize(("code", "seen"), [("610", "610"), ("2500", "2500"), ("6250", "6250")])
def test_an_inactive_customer_cannot_be_billed(books, code, seen):
    books.co.switches.inactive_code = code
    backdoor.set_active(books.co, "Customer", "1", active=False)

    sale = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 1,
        "SalesItemLineDetail": {"ItemRef": {"value": "2"}},
    }
    assert books.refused("invoice", {"CustomerRef": {"value": "1"}, "Line": [sale]})[0] == seen


def test_an_item_line_must_be_quantity_times_price_rounded_half_up(books):
    sale = {"ItemRef": {"value": "2"}, "Qty": 14.5, "UnitPrice": 128.35}
    line = {"DetailType": "SalesItemLineDetail", "Amount": 1861.07, "SalesItemLineDetail": sale}

    code, detail = books.refused("invoice", {"CustomerRef": {"value": "1"}, "Line": [line]})

    assert code == "6070"
    assert "Supplied value:1,861.07" in detail
    right = {"CustomerRef": {"value": "1"}, "Line": [{**line, "Amount": 1861.08}]}
    assert str(books.make("Invoice", right)["TotalAmt"]) == "1861.08"


def test_a_category_is_no_item_and_an_inactive_item_sells_nothing(books):
    for name, code in (("Flat Fee Matters", "2500"), ("Fax and Telex", "610")):
        sale = {"ItemRef": {"value": seed.item(books.co, name)}}
        line = {"DetailType": "SalesItemLineDetail", "Amount": 1, "SalesItemLineDetail": sale}
        assert books.refused("invoice", {"CustomerRef": {"value": "1"}, "Line": [line]})[0] == code


def test_a_negative_invoice_and_a_discount_above_the_subtotal_are_refused(books):
    sale = {
        "DetailType": "SalesItemLineDetail",
        "Amount": -1,
        "SalesItemLineDetail": {"ItemRef": {"value": "2"}},
    }
    bill = {"CustomerRef": {"value": "1"}, "Line": [sale]}
    assert "0 or greater" in books.refused("invoice", bill)[1]

    discount = {
        "DetailType": "DiscountLineDetail",
        "Amount": 11,
        "DiscountLineDetail": {"PercentBased": False},
    }
    bill = {"CustomerRef": {"value": "1"}, "Line": [{**sale, "Amount": 10}, discount]}
    assert "greater than the subtotal" in books.refused("invoice", bill)[1]


def test_a_sparse_update_replaces_the_whole_line_array(books):
    invoice = books.invoice()
    sale = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 40,
        "SalesItemLineDetail": {"ItemRef": {"value": "2"}},
    }

    changed = books.make("Invoice", {**keys(invoice), "sparse": True, "Line": [sale]})

    assert changed["TotalAmt"] == 40
    assert [line["DetailType"] for line in changed["Line"]] == ["SalesItemLineDetail", "SubTotalLineDetail"]


def test_a_full_update_clears_what_it_leaves_out(books):
    made = books.make("Customer", {"DisplayName": "Carol", "Notes": "likes mail", "CompanyName": "C Ltd"})

    changed = books.make("Customer", {**keys(made), "DisplayName": "Carol"})

    assert "Notes" not in changed
    assert "CompanyName" not in changed


def test_an_invoice_made_smaller_than_its_payment_leaves_the_rest_unapplied(books):
    invoice = books.invoice()
    payment = books.payment(amount="100", of=[("Invoice", invoice["Id"], "100")])
    sale = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 30,
        "SalesItemLineDetail": {"ItemRef": {"value": "2"}},
    }

    changed = books.make(
        "Invoice", {**keys(books.read("Invoice", invoice["Id"])), "sparse": True, "Line": [sale]}
    )

    assert changed["Balance"] == 0
    assert books.read("Payment", payment["Id"])["UnappliedAmt"] == 70
    assert books.balances()["Accounts Receivable"] == -7000
