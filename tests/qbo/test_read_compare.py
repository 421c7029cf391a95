"""What QuickBooks says is read whole, and differences from the plan are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from syncapp.core.books import BookObject
from syncapp.core.ledger import Application, EntryLine, ObjectKind, Verb
from syncapp.qbo import read
from syncapp.qbo.compare import differences
from tests.qbo.drafts import ITEM_ACCOUNT, invoice, line, operation, payment

INVOICE: dict[str, Any] = {
    "Id": "130",
    "SyncToken": "0",
    "DocNumber": "1001",
    "TxnDate": "2026-03-02",
    "DueDate": "2026-04-01",
    "CustomerRef": {"value": "58", "name": "Amy"},
    "TotalAmt": Decimal("105.00"),
    "Balance": Decimal("105.00"),
    "PrivateNote": "Clio bill 9 tieout:0123456789abcdef0123",
    "Line": [
        {
            "Id": "1",
            "LineNum": 1,
            "Amount": Decimal("100.00"),
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "TAX"}},
        },
        {"Amount": Decimal("100.00"), "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}},
    ],
    "TxnTaxDetail": {"TotalTax": Decimal("5.00")},
    "LinkedTxn": [{"TxnId": "100", "TxnType": "Payment"}],
    "MetaData": {"CreateTime": "2026-03-02T13:16:17-07:00", "LastUpdatedTime": "2026-03-02T13:16:18-07:00"},
}


def book(entity: str = "Invoice", row: dict[str, Any] = INVOICE) -> BookObject:
    return read.book_object(
        entity, row, item_account=ITEM_ACCOUNT.__getitem__, receivable="84", undeposited="4"
    )


def test_an_invoice_is_read_with_its_effect_and_its_links() -> None:
    found = book()

    assert (found.kind, found.total, found.balance, found.day) == (
        ObjectKind.INVOICE,
        10_500,
        10_500,
        date(2026, 3, 2),
    )
    assert [(one.account, one.amount) for one in found.lines] == [
        ("84", 10_500),
        ("301", -10_000),
        ("", -500),
    ]
    assert found.links == (("Payment:100", 0),)
    assert found.changed_at == datetime(2026, 3, 2, 20, 16, 18, tzinfo=UTC)
    assert read.trace_of(found.memo) == "tieout:0123456789abcdef0123"


def test_a_bundle_shows_its_inner_lines_and_a_discount_its_account() -> None:
    inner = INVOICE["Line"][0]
    discount = {
        "Amount": Decimal(10),
        "DetailType": "DiscountLineDetail",
        "DiscountLineDetail": {"DiscountAccountRef": {"value": "86"}},
    }
    bundle = {"DetailType": "GroupLineDetail", "Amount": 0, "GroupLineDetail": {"Line": [inner, inner]}}
    row = {**INVOICE, "Line": [bundle, discount], "TotalAmt": 190, "TxnTaxDetail": {"TotalTax": 0}}

    found = book(row=row)

    assert [(one.account, one.amount) for one in found.lines] == [
        ("84", 19_000),
        ("301", -20_000),
        ("86", 1_000),
    ]


def test_a_void_and_a_deletion_are_told_apart() -> None:
    void = book(
        row={**INVOICE, "TotalAmt": 0, "Balance": 0, "Line": [], "TxnTaxDetail": {}, "PrivateNote": "Voided"}
    )
    meta = {"LastUpdatedTime": "2026-03-02T13:16:18-07:00"}
    gone = book(row={"status": "Deleted", "domain": "QBO", "Id": "979", "MetaData": meta})

    assert (void.voided, void.deleted) == (True, False)
    assert (gone.voided, gone.deleted, gone.id) == (False, True, "979")
    assert gone.changed_at is not None


@pytest.mark.parametrize(
    ("entity", "row", "expected"),
    [
        (
            "Transfer",
            {"FromAccountRef": {"value": "1"}, "ToAccountRef": {"value": "2"}, "Amount": 3},
            [EntryLine(account="2", amount=300), EntryLine(account="1", amount=-300)],
        ),
        (
            "SalesReceipt",
            {"TotalAmt": 100, "DepositToAccountRef": {"value": "35"}, "Line": INVOICE["Line"]},
            [EntryLine(account="35", amount=10_000), EntryLine(account="301", item="1", amount=-10_000)],
        ),
        (
            "RefundReceipt",
            {"TotalAmt": 100, "DepositToAccountRef": {"value": "35"}, "Line": INVOICE["Line"]},
            [EntryLine(account="35", amount=-10_000), EntryLine(account="301", item="1", amount=10_000)],
        ),
        (
            "Deposit",
            {
                "TotalAmt": 8,
                "DepositToAccountRef": {"value": "35"},
                "Line": [
                    {"Amount": 5, "LinkedTxn": [{"TxnId": "7", "TxnType": "Payment", "TxnLineId": "0"}]},
                    {
                        "Amount": 3,
                        "DetailType": "DepositLineDetail",
                        "DepositLineDetail": {
                            "AccountRef": {"value": "90"},
                            "Entity": {"value": "58", "type": "CUSTOMER"},
                        },
                    },
                ],
            },
            [
                EntryLine(account="35", amount=800),
                EntryLine(account="4", amount=-500),
                EntryLine(account="90", amount=-300, customer="58"),
            ],
        ),
        (
            "Purchase",
            {
                "PaymentType": "Cash",
                "TotalAmt": 4,
                "AccountRef": {"value": "35"},
                "Line": [{"Amount": 4, "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "60"}}}],
            },
            [EntryLine(account="35", amount=-400), EntryLine(account="60", amount=400)],
        ),
    ],
)
def test_what_people_post_themselves_shows_its_effect_too(
    entity: str, row: dict[str, Any], expected: list[EntryLine]
) -> None:
    found = book(entity, {"Id": "1", **row})

    assert list(found.lines) == expected
    assert sum(one.amount for one in found.lines) == 0
    kinds = {"Deposit": ObjectKind.DEPOSIT, "Purchase": ObjectKind.EXPENSE}  # no check: an expense
    assert found.kind is kinds.get(entity)
    assert found.raw["entity"] == entity


@pytest.mark.parametrize(
    "row",
    [
        {"Id": "1", "TotalAmt": "x"},
        {"TotalAmt": 1},
        {"Id": "1", "TotalAmt": "0.001"},
        {"Id": "1", "TxnDate": "soon"},
        {"Id": "1", "Line": [3]},
    ],
)
def test_what_has_not_the_promised_shape_is_not_guessed_at(row: dict[str, Any]) -> None:
    with pytest.raises(read.UnreadableError):
        book(row=row)


def test_the_company_says_what_tieout_depends_on() -> None:
    info = {"CompanyName": "Harbor", "Country": "US", "NameValue": [{"Name": "OfferingSku", "Value": "Plus"}]}
    prefs = {
        "SalesFormsPrefs": {"CustomTxnNumbers": True, "AutoApplyCredit": False},
        "AccountingInfoPrefs": {"ClassTrackingPerTxnLine": True, "BookCloseDate": "2025-12-31"},
        "TaxPrefs": {"UsingSalesTax": True, "PartnerTaxEnabled": True},
        "OtherPrefs": {"NameValue": [{"Name": "WarnDuplicateJournalNumber", "Value": "true"}]},
    }

    found = read.company(info, {"Preferences": prefs}, realm="77")

    assert (found.id, found.plan, found.tax_engine, found.closed_through) == (
        "77",
        "Plus",
        "automated",
        date(2025, 12, 31),
    )
    assert (found.custom_numbers, found.warn_duplicate_journal, found.warn_duplicate_check) == (
        True,
        True,
        None,
    )


def test_a_tax_that_was_added_is_named() -> None:
    plan = operation(invoice(line(10_000)))

    assert differences(plan, book()) == (
        "QuickBooks shows a total of 105.00 where 100.00 was sent (its tax engine added 5.00).",
    )


def test_each_part_that_differs_is_named() -> None:
    plan = operation(invoice(line(4_000), line(6_000, item="2"), number="1002", customer="matters/2"))

    words = " ".join(differences(plan, replace(book(), total=10_000)))

    assert "number 1001 where 1002" in words
    assert "customer 58 where 59" in words
    assert "1 lines where 2" in words
    assert "posted 0.00 to item 2" in words


def test_a_payment_that_paid_something_else_is_not_what_was_sent() -> None:
    row = {
        "Id": "7",
        "TotalAmt": 100,
        "TxnDate": "2026-03-02",
        "CustomerRef": {"value": "58"},
        "DepositToAccountRef": {"value": "35"},
        "Line": [{"Amount": 80, "LinkedTxn": [{"TxnId": "130", "TxnType": "Invoice"}]}],
    }

    assert differences(operation(payment()), book("Payment", row)) == (
        "QuickBooks applied 80.00 to invoice 130 where 100.00 was sent.",
    )


def test_a_void_must_leave_nothing() -> None:
    plan = operation(invoice(), verb=Verb.VOID, remote_id="130", token="0")

    assert differences(plan, book()) == ("QuickBooks shows $105.00 where it was to be void.",)


ZERO: dict[str, Any] = {
    "Id": "7",
    "TotalAmt": 0,
    "UnappliedAmt": 0,
    "TxnDate": "2026-03-02",
    "CustomerRef": {"value": "58"},
    "PrivateNote": "tieout:0123456789abcdef0123",
    "Line": [
        {"Amount": 25, "LinkedTxn": [{"TxnId": "130", "TxnType": "Invoice"}]},
        {"Amount": 25, "LinkedTxn": [{"TxnId": "131", "TxnType": "CreditMemo"}]},
    ],
}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ZERO, "QuickBooks still applies it to invoice 130 and credit memo 131 where it was to be void."),
        ({**ZERO, "Line": []}, "QuickBooks shows it as it was where it was to be void."),
        ({**ZERO, "Line": [], "PrivateNote": "Voided - tieout:0123456789abcdef0123"}, ""),
    ],
)
def test_a_payment_of_nothing_is_void_only_when_quickbooks_says_so(row: dict[str, Any], words: str) -> None:
    """QuickBooks answers some voids with 200 and does nothing; 0.00 alone tells nothing (API.md 7)."""
    parts = (
        Application(subject="bills/9", kind=ObjectKind.INVOICE, amount=2_500),
        Application(subject="bills/10", kind=ObjectKind.CREDIT_MEMO, amount=2_500),
    )
    plan = operation(payment(0, applications=parts), verb=Verb.VOID, remote_id="7", token="0")

    assert differences(plan, book("Payment", row)) == ((words,) if words else ())
    unknown = replace(plan, draft=None)
    assert bool(differences(unknown, book("Payment", row))) is bool(row["Line"])


def test_an_invoice_of_nothing_whose_lines_still_post_is_not_void() -> None:
    less = {**INVOICE["Line"][0], "Amount": Decimal("-100.00")}
    less["SalesItemLineDetail"] = {"ItemRef": {"value": "2"}}
    row = {**INVOICE, "TotalAmt": 0, "Balance": 0, "TxnTaxDetail": {}, "Line": [INVOICE["Line"][0], less]}
    plan = operation(invoice(line(10_000), line(-10_000, item="2")), verb=Verb.VOID, remote_id="130")

    assert differences(plan, book(row=row)) == ("QuickBooks shows it as it was where it was to be void.",)
    assert differences(replace(plan, draft=None), book(row=row)) == differences(plan, book(row=row))
    assert differences(plan, book(row={**row, "PrivateNote": "Voided"})) == differences(plan, book(row=row))
    void = {**row, "Line": [], "PrivateNote": "Voided"}
    assert differences(plan, book(row=void)) == ()
