"""Every failure that the histories ever found, each as a test of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from syncapp.pipeline import connect
from syncapp.pipeline.clock import schedule
from tests.stateful.ground import Ground, ground
from tests.stateful.history import history
from tests.stateful.proof import prove


@pytest.fixture(scope="module")
def firm(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    """The ground of all of these; each history finds it as it was set up."""
    with django_db_blocker.unblock(), ground() as at:
        yield at


def test_a_payment_whose_answer_was_lost_is_counted_once_in_what_is_open(firm: Ground) -> None:
    """The change capture that found the payment had brought its invoice too: its balance moved twice."""
    prove(
        firm,
        history(
            ("clio", "draft", (8, 337, 342)),
            ("clio", "pay", (10, 177, 77)),
            ("line", "qbo", "timeout_after", "write", 4, 1),
            ("work",),
            honoured=False,
        ),
    )


def test_what_pays_more_of_a_bill_waits_for_what_pays_less_of_it(firm: Ground) -> None:
    """A new charge takes a credit off the bill; the write-off of the rest was sent before, and refused."""
    prove(
        firm,
        history(
            ("clio", "draft", (10, 19, 359)),
            ("clio", "credit", (12, 58, 238)),
            ("clio", "charge interest", (8, 41, 118)),
            ("work",),
            ("clio", "charge interest", (8, 217, 306)),
            ("clio", "write off", (11, 164, 132)),
            ("work",),
        ),
    )


def test_a_credit_whose_invoice_is_refused_does_not_stand_for_nothing(firm: Ground) -> None:
    """The books had been closed meanwhile: the invoice was refused, and its credit stood there alone."""
    prove(
        firm,
        history(
            ("clio", "draft", (2, 141, 87)),
            ("clio", "write off", (12, 374, 208)),
            ("shut", 4),
            ("work",),
        ),
    )


def test_a_call_outside_a_run_does_not_keep_the_firm_from_its_worker(firm: Ground) -> None:
    """A page's or a command's call counts in the budget; it also took the lease that nobody held."""
    firm_id, books_id = firm.on.firm.pk, firm.on.books.pk
    with firm.fresh():
        schedule.ask(firm_id=firm_id, now=timezone.now())
        connect.preflight(firm_id=firm_id, books_id=books_id, now=timezone.now())

        assert [taken for taken, _ in schedule.claim_due(now=timezone.now())] == [firm_id]


def test_a_number_that_is_freed_waits_once_however_often_its_bill_is_settled(firm: Ground) -> None:
    """The renumbering of a bill back to draft had no clear answer; planned again, it took its own key."""
    prove(
        firm,
        history(
            ("clio", "draft", (12, 289, 212)),
            ("work",),
            ("clio", "back to draft", (5, 206, 116)),
            ("fault", "qbo", "write", 1, "fault_200", 1, {}),
            ("work",),
            honoured=True,
        ),
    )


def test_what_a_removed_payment_leaves_paid_is_explained_by_its_question(firm: Ground) -> None:
    """The payment was queued, but what its bill has open was called unexplained."""
    prove(
        firm,
        history(
            ("clio", "draft", (1, 331, 376)),
            ("clio", "pay", (1, 69, 86)),
            ("work",),
            ("clio", "remove a payment", (2, 82, 210)),
            ("shut", 10),
            honoured=False,
        ),
    )


def test_on_one_day_a_bill_is_paid_before_it_is_credited(firm: Ground) -> None:
    """Their order hung on the ids of two lists, and with it what pays the bill and what its interest."""
    prove(
        firm,
        history(
            ("clio", "draft", (6, 112, 271)),
            ("clio", "pay", (8, 153, 69)),
            ("clio", "charge interest", (11, 132, 133)),
            ("clio", "credit", (5, 5, 342)),
        ),
    )
