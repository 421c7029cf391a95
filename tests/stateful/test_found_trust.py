"""Every failure that the histories with client money ever found, each as a test of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.stateful.ground import Ground, ground
from tests.stateful.history import history
from tests.stateful.proof import prove


@pytest.fixture(scope="module")
def firm(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    """The ground of all of these; each history finds it as it was set up."""
    with django_db_blocker.unblock(), ground("plain") as at:
        yield at


def test_a_change_that_meets_a_closing_is_said_by_a_later_entry_in_the_same_run(firm: Ground) -> None:
    """It was planned before the books were closed: its refusal held it until the run after."""
    prove(
        firm,
        history(
            ("clio", "edit trust", (9, 41, 171)),
            ("shut", -5),
            ("fault", "qbo", "write", 1, "drop_before", 1, {}),
            ("work",),
            honoured=False,
        ),
    )


def test_what_was_changed_and_never_sent_and_then_removed_is_reversed_not_ended(firm: Ground) -> None:
    """The change that waited hid the entry from its later ones: the entry itself would have been ended."""
    prove(
        firm,
        history(
            ("clio", "edit trust", (0, 0, 171)),
            ("line", "qbo", "down", "write", 1, 60),
            ("work",),
            ("clio", "remove from trust", (0, 0, 0)),
            ("work",),
        ),
    )


def test_a_transfer_held_behind_closed_books_is_told_with_both_of_its_ledgers(firm: Ground) -> None:
    """The queue names a transfer by its paying row; the proof left only that row's ledger out."""
    prove(firm, history(("clio", "between matters", (4, 148, 76)), ("shut", 8)))


def test_a_charge_that_client_money_bears_is_owed_by_the_firm_and_held(firm: Ground) -> None:
    """The bank's charge was put on a matter in Clio; the proof knew no cause of the hold."""
    prove(firm, history(("clio", "bank charge", (6, 102, 219)), ("clio", "edit trust", (7, 163, 139))))


def test_a_charge_that_has_posted_and_is_then_put_on_a_matter_is_held(firm: Ground) -> None:
    """It stood on the firm's own funds in the books."""
    prove(
        firm,
        history(("clio", "bank charge", (6, 102, 219)), ("work",), ("clio", "edit trust", (7, 163, 139))),
    )


def test_a_payment_from_trust_that_is_removed_while_both_its_legs_wait_is_over_at_once(firm: Ground) -> None:
    """Its trust leg saw the other one on its way, which was then withdrawn: the run called it uncertain."""
    prove(
        firm,
        history(
            ("clio", "draft", (9, 388, 103)),
            ("clio", "bill from trust", (1, 109, 234)),
            ("fault", "qbo", "write", 1, "malformed", 2, {"commit": False}),
            ("work",),
            ("clio", "remove a trust payment", (10, 28, 227)),
        ),
    )


def test_a_refreshed_token_whose_answer_is_lost_asks_a_person_and_goes_on(firm: Ground) -> None:
    """The old token is good no more and the new one never came; the proof knew no person who mends it."""
    prove(
        firm,
        history(
            ("wait", 3700),
            ("fault", "qbo", "token refresh_token", 1, "malformed", 1, {"commit": True}),
            honoured=False,
        ),
    )


def test_interest_that_was_on_its_way_leaves_with_its_deleted_bill(firm: Ground) -> None:
    """Found in the books after a killed worker, it was called settled; its bill had gone meanwhile."""
    prove(
        firm,
        history(
            ("clio", "draft", (6, 241, 76)),
            ("clio", "charge interest", (3, 181, 186)),
            ("kill", "commit record.run", "before", 1),
            ("work",),
            ("clio", "delete", (10, 47, 344)),
            honoured=False,
        ),
    )


@pytest.mark.parametrize("gone", [4, 5], ids=["voided", "deleted"])
def test_what_was_taken_from_the_books_by_hand_and_then_from_clio_is_not_reversed_there(
    firm: Ground, gone: int
) -> None:
    """An entry of the opposite was posted against one that the books did not have any more."""
    prove(
        firm,
        history(
            ("clio", "trust deposit of either account", (0, 6, 7)),
            ("work",),
            ("say", "hand", (0, gone, 45)),
            ("clio", "remove from trust", (0, 0, 0)),
        ),
    )
