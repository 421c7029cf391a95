"""Laws of planning: what is wanted balances, comes to what Clio says, and never overpays an invoice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapping.rules import RuleRow, place
from syncapp.core.documents import (
    Allocation,
    Bill,
    BillLine,
    BillState,
    Client,
    Cost,
    Credit,
    Funds,
    LineKind,
    Matter,
    Payment,
)
from syncapp.core.ledger import CreditMemoDraft, InvoiceDraft, ObjectKind, PaymentDraft
from syncapp.core.planning.bills import plan_bill
from syncapp.core.planning.credits import plan_credit
from syncapp.core.planning.facts import Book, DepositRule, Options
from syncapp.core.planning.invoices import NUMBER_LIMIT
from syncapp.core.planning.payments import plan_payment
from syncapp.core.planning.standing import Invoice, Standing
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Fix, Problem
from tests.mapping.world import CHART, COMPANY

CALM = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
DAY = date(2026, 3, 2)
START = date(2026, 1, 1)
RULES = tuple(
    RuleRow(position=n, when=when, item=item, account=account)
    for n, (when, item, account) in enumerate(
        [
            ({"line": "time", "practice_area": "Litigation"}, "Litigation Fees", ""),
            ({"line": "time"}, "Legal Fees", ""),
            ({"line": "expense", "cost": "hard"}, "Advanced Costs", ""),
            ({"line": "expense"}, "Costs Recovered", ""),
            ({"line": "discount"}, "", "Discounts Given"),
            ({"line": "tax"}, "Sales Tax", ""),
            ({"line": "interest"}, "Late Interest", ""),
            ({"line": "write_off", "of": "costs"}, "Costs Written Off", ""),
            ({"line": "write_off", "of": "tax"}, "Sales Tax", ""),
            ({"line": "write_off"}, "Write-offs", ""),
        ]
    )
)
CLIENT = Client(id=1, name="Harbor Mills Inc.")
MATTERS = {
    n: Matter(id=n, number=f"0000{n}", client_id=1, practice_area="Litigation" * (n % 2)) for n in (1, 2, 3)
}
TRUST = {one.id for one in CHART.accounts.values() if one.is_trust}


@st.composite
def books(draw: st.DrawFn, *, rules: tuple[RuleRow, ...] = RULES) -> Book:
    """A set of books with any of the choices that the firm file knows."""
    options = Options(
        start_bills=START,
        start_payments=START,
        start_credits=START,
        matters_as=draw(st.sampled_from(["sub-customers", "none"])),
        lines=draw(st.sampled_from(["detail", "summary"])),
        tax=draw(st.sampled_from(["aggregate", "per_line"])),
        several_matters=draw(st.sampled_from(["one", "each"])),
        costs=draw(st.sampled_from(["together", "own"])),
        number_prefix=draw(st.sampled_from(["", "AB-"])),
        deposits=(DepositRule(account="6", bank_account="Operating Checking"), DepositRule(account="7")),
        retainer_account=CHART.accounts["8"],
        retainer_item=CHART.items["29"],
    )
    return Book(
        name="1",
        company=replace(COMPANY, classes_per_line=draw(st.booleans())),
        chart=CHART,
        options=options,
        place=partial(place, rules=rules, chart=CHART, fallback=""),
        version=1,
        across_subcustomers=draw(st.booleans()),
        undeposited="7",
        receivable="11",
        clients={1: CLIENT},
        matters=MATTERS,
    )


@st.composite
def bills(draw: st.DrawFn) -> Bill:
    """A bill whose lines, discount and tax come to what it says; now and then they do not."""
    lines = tuple(
        BillLine(
            id=n + 1,
            kind=draw(st.sampled_from([LineKind.TIME, LineKind.EXPENSE])),
            amount=draw(st.integers(0, 500_000)),
            tax=draw(st.sampled_from([0, 0, 7, 1_234])),
            matter_id=draw(st.sampled_from([1, 2, 3])),
            day=DAY,
            label="Work",
            cost=draw(st.sampled_from([Cost.HARD, Cost.SOFT])),
        )
        for n in range(draw(st.integers(1, 6)))
    )
    net, tax = sum(line.amount for line in lines), sum(line.tax for line in lines)
    discount = draw(st.integers(0, net))
    wrong = draw(st.sampled_from([0, 0, 0, 0, 1, -1, -10_000_000]))
    return Bill(
        id=9,
        number=draw(st.sampled_from(["1001", "1002-A", "9" * 20, "9" * 22])),
        state=BillState.ISSUED,
        client_id=1,
        currency="USD",
        issued=DAY,
        due=DAY,
        amount=net - discount + tax + wrong,
        lines=lines,
        discount=discount,
        tax=tax,
        matter_ids=tuple(dict.fromkeys(line.matter_id for line in lines if line.matter_id)),
    )


@CALM
@given(bills(), books())
def test_a_bill_comes_to_its_amount_or_says_why_not(bill: Bill, book: Book) -> None:
    answer = plan_bill(bill, book)

    if isinstance(answer, Problem):
        assert answer.words.endswith((".", "!", "?"))
        return
    drafts = [wanted.draft for wanted in answer.wanted]
    assert all(isinstance(draft, InvoiceDraft) for draft in drafts)
    assert sum(draft.total for draft in drafts if isinstance(draft, InvoiceDraft)) == bill.amount
    assert len({draft.number for draft in drafts if isinstance(draft, InvoiceDraft)}) == len(drafts)
    for draft in drafts:
        assert isinstance(draft, InvoiceDraft)
        assert len(draft.number) <= NUMBER_LIMIT
        assert sum(line.amount for line in draft.entry()) == 0
        assert not {line.account for line in draft.entry()} & TRUST


@CALM
@given(bills(), books())
def test_a_bill_that_does_not_add_up_is_never_made_to(bill: Bill, book: Book) -> None:
    net = sum(line.amount for line in bill.lines) - bill.discount + bill.tax

    answer = plan_bill(bill, book)

    if bill.amount != net:
        assert isinstance(answer, Problem)


any_rule = st.builds(
    RuleRow,
    position=st.integers(1, 9),
    when=st.dictionaries(st.just("line"), st.sampled_from([kind.value for kind in LineKind]), max_size=1),
    item=st.sampled_from(["", *(item.name for item in CHART.items.values())]),
    account=st.sampled_from(["", *(account.name for account in CHART.accounts.values())]),
)


@CALM
@given(st.data(), bills(), st.lists(any_rule, max_size=6))
def test_no_rule_set_brings_an_operating_line_to_client_money(
    data: st.DataObject, bill: Bill, rules: list[RuleRow]
) -> None:
    walled = frozenset(data.draw(st.sets(st.sampled_from(["1", "2", "8", "9"]))))
    book = data.draw(books())
    book = replace(book, place=partial(place, rules=rules, chart=CHART, fallback="Legal Fees", walled=walled))

    answer = plan_bill(bill, book)

    if isinstance(answer, Answer):
        touched = {line.account for wanted in answer.wanted for line in wanted.draft.entry()}
        assert not touched & (TRUST | walled)


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    """The invoices of a bill with the room that earlier payments left."""
    invoices = []
    for n in range(1, draw(st.integers(1, 3)) + 1):
        total = draw(st.integers(0, 300_000))
        room = draw(st.integers(-50_000, total))
        invoices.append(
            Invoice(subject=f"bills/9/m{n}", customer=f"matters/{n}", total=total, room=room, matter_id=n)
        )
    late = [
        Invoice(
            subject=f"interest_charges/{n}", customer="matters/1", total=900, room=draw(st.integers(0, 900))
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    return Standing(invoices=tuple(invoices), interest=tuple(late))


@st.composite
def payments(draw: st.DrawFn) -> Payment:
    """A payment of one bill, in one part or several."""
    return Payment(
        id=5,
        day=DAY,
        currency="USD",
        funds=draw(st.sampled_from([Funds.OUTSIDE, Funds.OPERATING, Funds.TRUST])),
        client_id=1,
        bank_account=draw(st.sampled_from(["Operating Checking", "Another"])),
        into_trust=draw(st.booleans()),
        allocations=tuple(
            Allocation(
                id=n,
                bill_id=9,
                amount=draw(st.integers(1, 500_000)),
                day=DAY,
                interest=draw(st.booleans()),
                matter_id=draw(st.sampled_from([None, 1, 2])),
                client_id=1,
            )
            for n in range(1, draw(st.integers(1, 3)) + 1)
        ),
    )


def rooms(standing: Standing) -> dict[str, int]:
    return {one.subject: max(one.room, 0) for one in (*standing.invoices, *standing.interest)}


@CALM
@given(payments(), standings(), books())
def test_a_payment_never_pays_more_than_an_invoice_leaves_open(
    payment: Payment, standing: Standing, book: Book
) -> None:
    answer = plan_payment(payment, book, lambda _: standing)

    if payment.funds is Funds.TRUST or payment.into_trust:
        assert isinstance(answer, Problem)
        assert answer.code == "trust_not_set_up"
    if isinstance(answer, Problem):
        return
    paid: dict[str, int] = {}
    cash = 0
    for wanted in answer.wanted:
        draft = wanted.draft
        assert sum(line.amount for line in draft.entry()) == 0
        assert not {line.account for line in draft.entry()} & TRUST
        if isinstance(draft, PaymentDraft):
            cash += draft.amount
            invoiced = [part for part in draft.applications if part.kind is ObjectKind.INVOICE]
            assert sum(part.amount for part in invoiced) <= draft.amount or not draft.amount
            for part in invoiced:
                paid[part.subject] = paid.get(part.subject, 0) + part.amount
    assert all(amount <= rooms(standing)[subject] for subject, amount in paid.items())
    if payment.funds is Funds.OUTSIDE:
        assert cash == payment.amount
    else:
        assert cash == 0


@CALM
@given(bills(), standings(), books(), st.integers(1, 400_000))
def test_a_credit_loses_no_cent(bill: Bill, standing: Standing, book: Book, amount: int) -> None:
    part = Allocation(id=3, bill_id=9, amount=amount, day=DAY)
    credit = Credit(id=4, day=DAY, currency="USD", client_id=1, allocations=(part,))

    answer = plan_credit(credit, {9: bill}, book, lambda _: standing)

    if isinstance(answer, Problem):
        return
    memos = [wanted.draft for wanted in answer.wanted if isinstance(wanted.draft, CreditMemoDraft)]
    applied = [wanted.draft for wanted in answer.wanted if isinstance(wanted.draft, PaymentDraft)]
    assert sum(memo.total for memo in memos) == amount
    for draft in applied:
        sides = {part.kind: part.amount for part in draft.applications}
        assert draft.amount == 0
        assert sides[ObjectKind.INVOICE] == sides[ObjectKind.CREDIT_MEMO]
    for wanted in answer.wanted:
        assert sum(line.amount for line in wanted.draft.entry()) == 0
        assert not {line.account for line in wanted.draft.entry()} & TRUST


@CALM
@given(payments(), books())
def test_what_waits_for_a_held_bill_never_heads_its_case(payment: Payment, book: Book) -> None:
    held = Problem(code="inactive_class", fix=Fix.BOOKS, words="Class East is inactive.", cause="class 7")

    answer = plan_payment(payment, book, lambda _: held)

    assert isinstance(answer, Problem)
    if answer.code == held.code:
        assert (answer.cause, answer.title) == (held.cause, held.words)
        assert answer.words != held.words
