"""Amounts of more than two decimals in what people enter themselves (qbo/API.md section 8.6: 10.5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from syncapp.core.money import NotMoneyError, nearest
from syncapp.emulators.qbo import backdoor
from syncapp.http.errors import Refused
from syncapp.qbo import read
from syncapp.qbo.sold import sold
from tests.qbo.bench import Bench
from tests.qbo.drafts import ITEM_ACCOUNT

THIRD = Decimal("33.33333")


def book(entity: str, **row: Any) -> Any:
    given = {"Id": "12", **row}
    return read.book_object(
        entity, given, item_account=ITEM_ACCOUNT.__getitem__, receivable="84", client_money="303".__eq__
    )


def of(name: str, amount: Decimal, **detail: Any) -> dict[str, Any]:
    return {"DetailType": name, "Amount": amount, name: detail}


def sale(item: str = "1") -> dict[str, Any]:
    line = of("SalesItemLineDetail", THIRD, ItemRef={"value": item})
    return {
        "TotalAmt": Decimal("35.81"),
        "Line": [
            line | {"LinkedTxn": [{"TxnId": "7", "TxnType": "TimeActivity"}]},
            of("DescriptionOnly", Decimal("0.12345")),
            of("SubTotalLineDetail", THIRD),
        ],
        "TxnTaxDetail": {"TotalTax": Decimal("2.475")},
    }


@pytest.mark.parametrize(
    ("told", "cents"),
    [("33.33333", 3_333), ("2.475", 248), ("-2.475", -248), ("0.004", 0), (5, 500), ("1.10", 110)],
)
def test_a_fraction_of_a_cent_is_rounded_half_up(told: str | int, cents: int) -> None:
    assert nearest(told) == cents


@pytest.mark.parametrize("told", [None, "x", "NaN", "1e999"])
def test_what_is_no_amount_is_not_rounded_into_one(told: str | None) -> None:
    with pytest.raises(NotMoneyError):
        nearest(told)


@pytest.mark.parametrize("entity", ["Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt"])
def test_the_lines_of_a_sale_are_read_to_the_cent_and_its_total_as_it_stands(entity: str) -> None:
    found = book(entity, **sale())

    assert found.total == 3_581
    assert [abs(line.amount) for line in found.lines] == [3_581, 3_333, 248]
    assert found.links == (("TimeActivity:7", 3_333),)
    with pytest.raises(read.UnreadableError, match="fraction of a cent"):
        book(entity, **{**sale(), "TotalAmt": Decimal("35.805")})


def test_an_invoice_shown_line_by_line_is_read_to_the_cent() -> None:
    row = sale()
    row["Line"].append(of("DiscountLineDetail", Decimal("0.005")))

    found = sold({"Id": "12", **row}, "USD")

    assert [line.amount for line in found.lines] == [3_333, -1, 248]


@pytest.mark.parametrize(
    ("entity", "row"),
    [
        ("Invoice", sale("3")),
        ("JournalEntry", {"Line": [of("JournalEntryLineDetail", THIRD, PostingType="Debit")]}),
        (
            "Purchase",
            {
                "TotalAmt": 33,
                "Line": [of("AccountBasedExpenseLineDetail", THIRD, AccountRef={"value": "60"})],
            },
        ),
        ("Deposit", {"TotalAmt": 33, "Line": [of("DepositLineDetail", THIRD)]}),
        ("Payment", {"TotalAmt": 33, "Line": [{"Amount": THIRD, "LinkedTxn": [{"TxnId": "1"}]}]}),
    ],
)
def test_client_money_and_what_moves_money_is_never_rounded(entity: str, row: dict[str, Any]) -> None:
    with pytest.raises(read.UnreadableError, match="fraction of a cent"):
        book(entity, **row)


@pytest.mark.parametrize(
    ("entity", "detail"),
    [
        ("JournalEntry", of("JournalEntryLineDetail", Decimal(5), PostingType="Debit")),
        ("Purchase", of("AccountBasedExpenseLineDetail", Decimal(5))),
    ],
)
def test_a_line_of_text_has_no_amount(entity: str, detail: dict[str, Any]) -> None:
    found = book(entity, TotalAmt=5, Line=[detail, of("DescriptionOnly", Decimal("0.00001"))])

    assert found.total == 500


def test_one_such_invoice_and_one_such_balance_keep_nothing_else_from_being_read(bench: Bench) -> None:
    ours = bench.post(bench.bill()).object
    line = {"DetailType": "SalesItemLineDetail", "Amount": 3}
    line["SalesItemLineDetail"] = {"ItemRef": {"value": bench.fees.id if bench.fees else ""}}
    customer = {"value": bench.ids["contacts/1"]}
    made = backdoor.add(bench.co, "Invoice", {"CustomerRef": customer, "Line": [line]})
    stored = bench.co.store["Invoice"][made["Id"]]
    stored["Line"][0]["Amount"] = Decimal("2.99999")
    bench.co.store["Account"][bench.bank]["CurrentBalance"] = Decimal("5.005")

    assert {one.id for one in bench.qbo.query("Invoice")} == {ours.id, made["Id"]}
    assert bench.bank in bench.qbo.chart().accounts
    assert read.account({"Id": "1", "CurrentBalance": Decimal("5.005")}).balance == 501


def test_a_balance_that_is_no_amount_is_a_refusal_with_words(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.qbo, "rows", lambda *_: iter([{"Id": "1", "CurrentBalance": "much"}]))

    with pytest.raises(Refused, match="chart of accounts cannot be read"):
        bench.qbo.chart()
