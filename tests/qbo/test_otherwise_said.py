"""A QuickBooks that says the same otherwise: what its documents leave open is read as it is meant."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from syncapp.qbo import read
from tests.qbo.drafts import ITEM_ACCOUNT


def book(entity: str, **row: Any) -> Any:
    given = {"Id": "12", **row}
    return read.book_object(entity, given, item_account=ITEM_ACCOUNT.__getitem__, receivable="84")


def side(amount: int, posting: str | None, **detail: Any) -> dict[str, Any]:
    """One line of a journal entry."""
    said = {} if posting is None else {"PostingType": posting}
    return {
        "Amount": Decimal(amount),
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": {**said, "AccountRef": {"value": "35"}, **detail},
    }


@pytest.mark.parametrize(
    ("type_", "customer"),
    [
        ("Customer", "58"), ("CUSTOMER", "58"), ("Job", "58"), ("", "58"), (None, "58"),
        ("Vendor", ""), ("EMPLOYEE", ""),
    ],
)  # fmt: skip
def test_the_customer_of_a_line_is_one_however_its_list_is_named(type_: str | None, customer: str) -> None:
    said = {} if type_ is None else {"Type": type_}
    entity = {**said, "EntityRef": {"value": "58"}}

    found = book("JournalEntry", Line=[side(5, "Debit", Entity=entity)])

    assert [line.customer for line in found.lines] == [customer]
    named = {"value": "58"} | ({} if type_ is None else {"type": type_})
    detail = {"AccountRef": {"value": "90"}, "Entity": named}
    line = {"Amount": 5, "DetailType": "DepositLineDetail", "DepositLineDetail": detail}
    deposit = book("Deposit", TotalAmt=5, DepositToAccountRef={"value": "35"}, Line=[line])
    assert [line.customer for line in deposit.lines] == ["", customer]


def test_a_side_is_a_debit_in_any_case_and_never_guessed() -> None:
    found = book("JournalEntry", Line=[side(5, "DEBIT"), side(5, "credit")])

    assert [line.amount for line in found.lines] == [500, -500]
    for said in (None, "", "Both"):
        with pytest.raises(read.UnreadableError, match="JournalEntry cannot be read"):
            book("JournalEntry", Line=[side(5, said)])
