"""Every failure that the histories of hands at the desk ever found, each as a test of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.stateful.ground import DESK, Ground, ground
from tests.stateful.history import history
from tests.stateful.proof import prove


@pytest.fixture
def firm(db: Any) -> Iterator[Ground]:
    with ground(DESK) as at:
        yield at


def test_a_write_off_that_lost_its_invoice_is_of_the_invoices_case(firm: Ground) -> None:
    """The payment that applies its credit memo differed too, and was a case that nobody had made."""
    prove(
        firm,
        history(
            ("clio", "draft", (8, 345, 342)),
            ("work",),
            ("clio", "write off", (10, 221, 262)),
            ("wait", 90000),
            ("work",),
            ("say", "change at the desk", (7, 334, 77)),
            honoured=True,
        ),
    )


def test_an_invoice_on_a_customer_of_nobody_is_a_difference_and_its_case_not_in_vain(firm: Ground) -> None:
    """What is open on it stands in the books and in no bill: the proof called its case one without cause."""
    prove(
        firm,
        history(
            ("clio", "draft", (8, 345, 342)),
            ("books", "hand customer", (0, 0, 0)),
            ("books", "hand invoice", (0, 120, 4)),
            ("work",),
            ("say", "credit at the desk", (0, 14, 7)),
        ),
    )


def test_what_is_made_again_for_a_hand_stands_as_clio_says_since(firm: Ground) -> None:
    """A bill was edited in Clio and its invoice deleted by a hand: restored, it stood as it was before."""
    prove(
        firm,
        history(
            ("clio", "draft", (0, 223, 137)),
            ("work",),
            ("clio", "edit the tax", (0, 356, 251)),
            ("say", "change at the desk", (10, 298, 97)),
            honoured=False,
        ),
    )


def test_what_is_put_back_for_a_hand_stands_as_clio_says_since(firm: Ground) -> None:
    prove(
        firm,
        history(
            ("clio", "draft", (4, 392, 54)),
            ("work",),
            ("say", "change at the desk", (5, 62, 122)),
            ("clio", "charge interest", (6, 19, 51)),
            ("clio", "edit a line", (5, 9, 187)),
            ("say", "change at the desk", (7, 58, 45)),
            honoured=False,
        ),
    )


def test_a_payment_of_two_parts_takes_no_more_of_an_interest_invoice_than_it_asks(firm: Ground) -> None:
    """A write-off left less of the bill; what was over and what was marked as interest took the same one."""
    prove(
        firm,
        history(
            ("clio", "draft", (11, 50, 181)),
            ("clio", "charge interest", (0, 85, 14)),
            ("clio", "pay", (3, 42, 166)),
            ("clio", "charge interest", (6, 114, 106)),
            ("clio", "write off", (2, 84, 185)),
            honoured=False,
        ),
    )


def test_a_bill_that_clio_voided_and_a_hand_deleted_is_nobodys_question(firm: Ground) -> None:
    """QuickBooks was asked to void what was deleted, and refused it each time somebody answered."""
    prove(
        firm,
        history(
            ("clio", "draft", (10, 314, 70)),
            ("clio", "approve", (0, 126, 142)),
            ("work",),
            ("clio", "void", (3, 117, 269)),
            ("say", "change at the desk", (1, 338, 127)),
        ),
    )


def test_a_payment_moved_to_a_bill_that_was_paid_already_pays_nothing_and_differs_from_nothing(
    firm: Ground,
) -> None:
    """Its allocation was of 0.00: the tie-out missed a payment of $0.00 in the books, a case of nothing."""
    prove(
        firm,
        history(
            ("clio", "draft", (6, 78, 363)),
            ("clio", "draft", (12, 234, 269)),
            ("clio", "pay", (3, 2, 266)),
            ("clio", "write off", (2, 14, 166)),
            ("clio", "move a payment", (3, 46, 94)),
        ),
    )
