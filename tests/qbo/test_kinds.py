"""Each kind of record stands in the emulated books exactly as it was planned, and leaves them when voided."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from syncapp.core.books import Operation, Refused
from syncapp.core.ledger import (
    Application,
    CheckDraft,
    CreditMemoDraft,
    CustomerDraft,
    DiscountLine,
    EntryLine,
    InvoiceDraft,
    JournalDraft,
    ObjectKind,
    SaleLine,
    Verb,
)
from syncapp.emulators.qbo import backdoor
from syncapp.qbo.compare import differences
from tests.qbo.bench import Bench
from tests.qbo.drafts import DAY


def sold(bench: Bench, amount: int, **more: object) -> SaleLine:
    assert bench.fees
    base = SaleLine(item=bench.fees.id, account=bench.fees.account, amount=amount)
    return replace(base, **more)  # type: ignore[arg-type]


def test_an_invoice_with_class_location_discount_and_a_negative_line(bench: Bench) -> None:
    class_id, location = next(iter(bench.chart.classes)), next(iter(bench.chart.locations))
    discounts = next(one for one in bench.chart.accounts.values() if one.subtype == "DiscountsRefundsGiven")
    hours = sold(bench, 10_000, class_id=class_id, quantity=Decimal("2.5"), rate=Decimal(40))
    draft = InvoiceDraft(
        customer="contacts/1",
        number="D1",
        day=DAY,
        due=None,
        receivable=bench.account("Accounts Receivable"),
        lines=(hours, sold(bench, -2_000, description="adjusted")),
        discount=DiscountLine(account=discounts.id, amount=500),
        location=location,
        class_id=class_id,
        message="Thank you",
        memo="m" * 5000,
    )
    plan = bench.op(draft)

    found = bench.post(plan).object

    assert differences(plan, found) == ()
    customer = bench.ids["contacts/1"]
    assert list(found.lines) == [replace(one, customer=customer) for one in draft.entry()]
    assert found.total == 7_500


def test_a_bill_of_nothing_stands_and_is_not_void(bench: Bench) -> None:
    plan = bench.bill("Z0", 0)

    found = bench.post(plan).object

    assert differences(plan, found) == ()
    assert not found.voided


def test_a_credit_memo_is_zeroed_for_want_of_a_void(bench: Bench) -> None:
    draft = CreditMemoDraft(
        customer="contacts/1",
        number="C1",
        day=DAY,
        receivable=bench.account("Accounts Receivable"),
        lines=(sold(bench, 500), sold(bench, 300)),
    )
    plan = bench.op(draft)
    made = bench.post(plan).object
    void = replace(plan, verb=Verb.VOID, remote_id=made.id, token=made.token, request_id="void")

    found = bench.post(void).object

    assert differences(plan, made) == ()
    assert differences(void, found) == ()
    assert found.voided
    assert found.balance == 0


def test_a_credit_memo_takes_back_an_invoice_with_its_discount_and_its_negative_line(bench: Bench) -> None:
    class_id, location = next(iter(bench.chart.classes)), next(iter(bench.chart.locations))
    discounts = next(one for one in bench.chart.accounts.values() if one.subtype == "DiscountsRefundsGiven")
    given = {
        "customer": "contacts/1",
        "day": DAY,
        "receivable": bench.account("Accounts Receivable"),
        "lines": (sold(bench, 10_000), sold(bench, -2_000, description="adjusted")),
        "discount": DiscountLine(account=discounts.id, amount=500),
        "location": location,
        "class_id": class_id,
    }
    invoice = InvoiceDraft(number="D2", due=None, **given)  # type: ignore[arg-type]
    credit = CreditMemoDraft(number="D2-C", **given)  # type: ignore[arg-type]
    bench.post(bench.op(invoice, name="D2"))
    plan = bench.op(credit, name="D2-C")

    found = bench.post(plan).object

    assert differences(plan, found) == ()
    assert (credit.total, found.total, found.balance) == (7_500, 7_500, 7_500)
    back = [replace(one, amount=-one.amount) for one in invoice.entry()]
    assert list(credit.entry()) == back
    assert list(found.lines) == [replace(one, customer=bench.ids["contacts/1"]) for one in back]
    assert bench.co.ledger.trial_balance() == {}
    void = replace(plan, verb=Verb.VOID, remote_id=found.id, token=found.token, request_id="void")
    assert differences(void, bench.post(void).object) == ()


def test_a_credit_memo_with_a_discount_that_the_company_does_not_take_is_refused(bench: Bench) -> None:
    discounts = next(one for one in bench.chart.accounts.values() if one.subtype == "DiscountsRefundsGiven")
    backdoor.prefer(bench.co, "SalesFormsPrefs.AllowDiscount", False)
    draft = CreditMemoDraft(
        customer="contacts/1",
        number="D3",
        day=DAY,
        receivable=bench.account("Accounts Receivable"),
        lines=(sold(bench, 500),),
        discount=DiscountLine(account=discounts.id, amount=100),
    )

    (outcome,) = bench.qbo.send([bench.op(draft)])

    assert isinstance(outcome, Refused)
    assert (outcome.code, bench.co.store["CreditMemo"]) == ("6000", {})


def test_a_check_names_its_payee_and_the_customer_of_each_line(bench: Bench) -> None:
    expense = next(one for one in bench.chart.accounts.values() if one.classification == "Expense")
    line = EntryLine(account=expense.id, amount=700, customer="contacts/1", memo="filing fee")
    plan = bench.op(CheckDraft(number="55", day=DAY, bank=bench.bank, payee="contacts/1", lines=(line,)))

    found = bench.post(plan).object

    assert differences(plan, found) == ()
    assert [(one.account, one.amount) for one in found.lines] == [(bench.bank, -700), (expense.id, 700)]


def test_a_payment_is_changed_and_then_voided(bench: Bench) -> None:
    bench.post(bench.bill(), "bills/9")
    plan = bench.op(bench.paid())
    made = bench.post(plan).object
    less = Application(subject="bills/9", kind=ObjectKind.INVOICE, amount=8_000)
    draft = replace(bench.paid(8_000), applications=(less,))
    change = replace(
        plan, verb=Verb.UPDATE, remote_id=made.id, token=made.token, request_id="change", draft=draft
    )

    changed = bench.post(change).object
    void = replace(change, verb=Verb.VOID, token=changed.token, request_id="void")
    voided = bench.post(void).object

    assert differences(change, changed) == ()
    assert differences(void, voided) == ()
    assert voided.voided
    bill = bench.qbo.read(ObjectKind.INVOICE, bench.ids["bills/9"])
    assert bill is not None
    assert bill.balance == bill.total


def returned(bench: Bench) -> Operation:
    """A check that came back: what it leaves the customer to owe."""
    rows = (
        EntryLine(account=bench.account("Accounts Receivable"), amount=10_000, customer="contacts/1"),
        EntryLine(account=bench.bank, amount=-10_000),
    )
    return bench.op(JournalDraft(number="R1", day=DAY, lines=rows), name="R1")


@pytest.mark.parametrize("way", ["silent", "shown"])
def test_a_payment_moves_from_the_invoice_to_the_entry_of_a_returned_check(bench: Bench, way: str) -> None:
    bench.co.switches.journal_link_line = way
    bench.post(bench.bill(), "bills/9")
    plan = bench.op(bench.paid())
    made = bench.post(plan).object
    bench.post(returned(bench), "returns/3")
    onto = replace(
        bench.paid(),
        applications=(Application(subject="returns/3", kind=ObjectKind.JOURNAL, amount=10_000),),
    )
    move = replace(bench.op(onto), verb=Verb.UPDATE, remote_id=made.id, token=made.token, request_id="moved")

    moved = bench.post(move).object

    assert differences(move, moved) == ()
    assert differences(replace(plan, verb=Verb.UPDATE, remote_id=made.id), moved) == (
        "QuickBooks applied 0.00 to invoice {} where 100.00 was sent.".format(bench.ids["bills/9"]),
        "QuickBooks applied 100.00 to journal entry {} where 0.00 was sent.".format(bench.ids["returns/3"]),
    )
    assert (moved.total, moved.balance, moved.lines) == (made.total, 0, made.lines)
    bill = bench.qbo.read(ObjectKind.INVOICE, bench.ids["bills/9"])
    entry = bench.qbo.read(ObjectKind.JOURNAL, bench.ids["returns/3"])
    assert bill is not None
    assert entry is not None
    assert (bill.balance, bill.links) == (10_000, ())
    assert entry.links == ((f"Payment:{made.id}", 0),)


def test_a_payment_on_an_entry_whose_line_must_be_named_is_refused(bench: Bench) -> None:
    bench.co.switches.journal_link_line = "required"
    bench.post(returned(bench), "returns/3")
    part = Application(subject="returns/3", kind=ObjectKind.JOURNAL, amount=10_000)

    (outcome,) = bench.qbo.send([bench.op(replace(bench.paid(), applications=(part,)))])

    assert isinstance(outcome, Refused)
    assert (outcome.code, bench.co.store["Payment"]) == ("2020", {})


def test_a_customer_is_never_deleted_but_made_inactive(bench: Bench) -> None:
    plan = bench.op(CustomerDraft(name="Zoe"), name="zoe")
    made = bench.post(plan).object
    gone = replace(plan, verb=Verb.VOID, remote_id=made.id, token=made.token, request_id="gone")

    found = bench.post(gone).object

    assert differences(plan, made) == ()
    assert differences(gone, found) == ()
    assert not found.active
