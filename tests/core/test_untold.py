"""What Clio leaves out is not guessed, and what can be told without it is: the planner's facts."""

from __future__ import annotations

from hypothesis import given

from syncapp.core.documents import Allocation, Bill, BillState, Funds, LineKind, Payment
from syncapp.core.ledger import PaymentDraft
from syncapp.core.planning.facts import Book
from syncapp.core.planning.lines import facts_of
from syncapp.core.planning.payments import plan_payment
from syncapp.core.planning.standing import Invoice, Standing
from syncapp.core.planning.wanted import Answer
from tests.core.test_planning_laws import CALM, DAY, books


def bill(*matters: int) -> Bill:
    return Bill(
        id=9, number="1001", state=BillState.ISSUED, client_id=1, currency="USD", issued=DAY, due=DAY,
        amount=0, lines=(), matter_ids=matters,
    )  # fmt: skip


@CALM
@given(books())
def test_a_line_without_a_matter_is_of_the_bills_only_one_and_of_several_of_none(book: Book) -> None:
    assert facts_of(bill(1), book, LineKind.TIME, None).practice_area == "Litigation"
    assert facts_of(bill(1, 2), book, LineKind.TIME, None).practice_area == ""
    assert facts_of(bill(1, 2), book, LineKind.TIME, 1).practice_area == "Litigation"


@CALM
@given(books())
def test_what_a_payment_without_a_client_has_over_is_of_the_bills_client(book: Book) -> None:
    part = Allocation(id=1, bill_id=9, amount=5_000, day=DAY, interest=False)
    paid = Payment(
        id=5, day=DAY, currency="USD", funds=Funds.OUTSIDE, client_id=None,
        bank_account="Operating Checking", allocations=(part,),
    )  # fmt: skip
    asked = Invoice(subject="bills/9", customer="contacts/1", total=4_000, room=4_000)

    answer = plan_payment(paid, book, lambda _: Standing(invoices=(asked,)))

    assert isinstance(answer, Answer)
    drafts = [one.draft for one in answer.wanted if isinstance(one.draft, PaymentDraft)]
    assert sum(one.amount for one in drafts) == 5_000
    assert {one.customer for one in drafts} == {"contacts/1"}
