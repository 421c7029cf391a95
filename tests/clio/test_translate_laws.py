"""Whatever way Clio counts, a bill that is right adds up, and a bill that is wrong is never made to."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from syncapp.clio import translate
from syncapp.core import money
from syncapp.core.documents import Bill, LineKind
from syncapp.core.problems import Problem

ISSUED = "2026-03-31"


@dataclass
class Made:
    """A bill in Clio's words and what it comes to, in cents."""

    row: dict[str, Any]
    lines: list[dict[str, Any]]
    charges: list[dict[str, Any]]
    amount: int
    discount: int
    tax: int
    notes: dict[str, Any] = field(default_factory=dict)

    def read(self) -> Bill | Problem:
        return translate.bill(self.row, lines=self.lines, activities={}, matters={}, interest=self.charges)


def cents(amount: int) -> Decimal:
    return money.decimal(amount)


def half_up(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))


@st.composite
def bills(draw: st.DrawFn) -> Made:
    nets = draw(st.lists(st.integers(5_000, 900_000), min_size=1, max_size=8))
    service = [draw(st.booleans()) for _ in nets]
    taxes = [half_up(Decimal(net) * draw(st.sampled_from([0, 5, 8])) / 100) for net in nets]
    seconds = [half_up(Decimal(net) * draw(st.sampled_from([0, 2])) / 100) for net in nets]
    whole, tax = sum(nets), sum(taxes) + sum(seconds)
    served = sum(net for net, yes in zip(nets, service, strict=True) if yes)

    kind = draw(st.sampled_from(["none", "zero", "percentage", "money"]))
    services_only = draw(st.booleans()) and served > 0
    base = served if services_only else whole
    rate = draw(st.integers(5, 60)) if kind == "percentage" else draw(st.integers(100, 4_000))
    discount = {"percentage": half_up(Decimal(base) * rate / 100), "money": rate}.get(kind, 0)
    at_issue = draw(st.sampled_from([0, 0, 1_234]))
    later = draw(st.lists(st.integers(1_000, 9_000), max_size=3))
    charges = [(at_issue, ISSUED)] * bool(at_issue) + [(each, "2026-05-01") for each in later]

    in_due = draw(st.booleans())
    interest = sum(amount for amount, _ in charges) if in_due else 0
    due = whole - discount + tax + interest
    total = due if draw(st.booleans()) else due + discount
    lines = [
        _line(draw, i, net, yes, tax=taxes[i], second=seconds[i])
        for i, (net, yes) in enumerate(zip(nets, service, strict=True))
    ]
    _dialect(draw(st.sampled_from(["same", "tax_inside", "only_total", "own_discount"])), lines)
    row = {
        "id": 7,
        "number": "1042",
        "state": "awaiting_payment",
        "kind": draw(st.sampled_from(["revenue_kind", None, "aggregate_all"])),
        "issued_at": ISSUED,
        "client": {"id": 3},
        "matters": [{"id": 5}],
        "sub_total": cents(whole),
        "total": cents(total),
        "discount_services_only": draw(st.sampled_from([services_only, str(services_only).lower()])),
        "discount": {
            "none": None,
            "zero": {"type": "percentage", "rate": 0},
            "percentage": {"type": "percentage", "rate": Decimal(rate)},
            "money": {"type": "money", "rate": cents(rate)},
        }[kind],
        **_owed(draw, due, has_discount=discount > 0),
        **_taxed(draw, sum(taxes), sum(seconds)),
    }
    return Made(
        row,
        lines,
        [
            {"id": 90 + i, "date": day, "total": cents(n), "bill": {"id": 7}}
            for i, (n, day) in enumerate(charges)
        ],
        whole - discount + tax + at_issue,
        discount,
        tax,
    )


def _line(draw: st.DrawFn, i: int, net: int, service: bool, *, tax: int, second: int) -> dict[str, Any]:
    return {
        "id": 100 + i,
        "type": "ActivityLineItem",
        "kind": "Service" if service else "Expense",
        "date": "2026-03-01",
        "total": cents(net),
        "sub_total": cents(net),
        "tax": cents(tax),
        "secondary_tax": cents(second),
        "group_ordering": draw(st.sampled_from([None, i])),
    }


def _dialect(name: str, lines: list[dict[str, Any]]) -> None:
    for line in lines:
        if name in {"tax_inside", "only_total"}:
            line["total"] += line["tax"] + line["secondary_tax"]
        if name == "only_total":
            line["sub_total"] = None
        if name == "own_discount":
            line["sub_total"] += Decimal("25.00")


def _owed(draw: st.DrawFn, due: int, *, has_discount: bool) -> dict[str, Any]:
    """Clio may leave `due` out; then what is open and what is settled say it."""
    paid = draw(st.integers(0, due))
    settled = {"paid": cents(paid), "credits_issued": Decimal(0), "balance": cents(due - paid)}
    if draw(st.booleans()):
        return {"due": cents(due), **settled}
    return settled if draw(st.booleans()) or has_discount else {}


def _taxed(draw: st.DrawFn, first: int, second: int) -> dict[str, Any]:
    words = [
        {"tax_sum": cents(first), "secondary_tax_sum": cents(second), "total_tax": cents(first + second)},
        {"tax_sum": cents(first), "secondary_tax_sum": cents(second)},
        {"total_tax": cents(first + second)},
        {"tax_sum": cents(first + second), "total_tax": cents(first + second)},
    ]
    return draw(st.sampled_from(words))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bills())
def test_a_right_bill_adds_up_under_every_way_of_counting(made: Made) -> None:
    read = made.read()

    assert isinstance(read, Bill), read
    assert (read.amount, read.discount, read.tax) == (made.amount, made.discount, made.tax)
    assert sum(line.amount for line in read.lines) - read.discount + read.tax == read.amount
    assert sum(line.tax for line in read.lines) in {0, read.tax}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bills(), st.integers(20, 999), st.data())
def test_a_bill_that_is_wrong_is_a_problem_and_never_rounded_into_place(
    made: Made, off: int, data: st.DataObject
) -> None:
    interest = sum(money.minor(charge["total"]) for charge in made.charges)
    assume(made.tax not in {off, off + interest})  # a line too high by the very tax is a way of counting
    line = data.draw(st.sampled_from(made.lines))
    for name in ("total", "sub_total"):
        if line[name] is not None:
            line[name] += cents(off)

    read = made.read()

    if isinstance(read, Bill):  # less than a unit: told apart, for the firm to allow
        assert 0 < abs(read.rounding) <= min(off, money.MOST_ROUNDED)
        assert read.amount == made.amount
        lines = sum(one.amount for one in read.lines)
        assert read.amount == lines - read.discount + read.tax + read.rounding
    else:
        assert read.code == "bill_does_not_add_up"


@given(
    st.integers(100, 900_000), st.integers(1, 99), st.booleans(), st.lists(st.integers(1, 90_000), max_size=6)
)
def test_a_split_bill_is_the_payers_part(
    first: int, portion: int, bill_is_whole: bool, more: list[int]
) -> None:
    nets = [first, *more]
    part = half_up(Decimal(sum(nets)) * portion / 100)
    row = {
        "id": 7,
        "number": "1",
        "state": "paid",
        "issued_at": ISSUED,
        "client": {"id": 3},
        "sub_total": cents(sum(nets) if bill_is_whole else part),
        "total": cents(part),
        "due": cents(part),
        "split_invoice": {"split_portion": portion},
        "matters": [{"id": 5}],
    }
    lines = [{"id": i, "kind": "Service", "total": cents(net)} for i, net in enumerate(nets, 1)]
    payers = [{"contact_id": 3, "split_portion": portion}, {"contact_id": 4, "split_portion": 100 - portion}]
    matter = {"id": 5, "client": {"id": 3}, "split_invoice_payers": payers}

    read = translate.bill(row, lines=lines, activities={}, matters={5: matter}, interest=[])

    assert isinstance(read, Bill), read
    assert read.amount == part == sum(line.amount for line in read.lines)
    assert read.payer_id == 3


@given(st.lists(st.integers(1, 90_000), min_size=2, max_size=6), st.booleans())
def test_a_summary_line_is_counted_once(nets: list[int], mixed: bool) -> None:
    hidden = [
        {"id": i, "type": "ActivityLineItem", "kind": "Expense" if mixed and i == 1 else "Service",
         "total": cents(net), "group_ordering": 4, "matter": {"id": 5}}
        for i, net in enumerate(nets, 1)
    ]  # fmt: skip
    summary = {
        "id": 50,
        "type": "SummaryLineItem",
        "kind": "Service",
        "total": cents(sum(nets)),
        "group_ordering": 4,
    }
    row = {"id": 7, "number": "1", "state": "paid", "client": {"id": 3}, "sub_total": cents(sum(nets)),
           "due": cents(sum(nets))}  # fmt: skip

    read = translate.bill(row, lines=[*hidden, summary], activities={}, matters={}, interest=[])

    assert isinstance(read, Bill), read
    assert read.amount == sum(nets) == sum(line.amount for line in read.lines)
    assert [line.id for line in read.lines] == ([*range(1, len(nets) + 1)] if mixed else [50])
    assert {line.matter_id for line in read.lines} == {5}
    assert {line.kind for line in read.lines} <= {LineKind.TIME, LineKind.EXPENSE}


_NAMES = [
    "id", "number", "state", "kind", "type", "date", "issued_at", "due", "total", "sub_total",
    "balance", "client", "client_id", "matters", "matter", "discount", "interest", "currency", "parent",
    "source_bank_account", "destination_bank_account", "amount", "funds_in", "bank_account", "contact",
    "bill", "voided_at", "split_invoice", "primary_address", "name", "first_name", "display_number",
    "split_invoice_payers", "activity", "user", "tax", "group_ordering", "billed", "on_bill",
    "quantity_in_hours", "tax_sum", "rate", "contact_id", "split_portion", "identifier", "payment_type",
]  # fmt: skip
_SCALARS = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.decimals(allow_nan=True)
    | st.sampled_from(["paid", "draft", "trust_kind", "Person", "Trust", "2026-01-31", "money", "Payment"])
)  # fmt: skip
_JUNK = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6),
)
_ROWS = st.dictionaries(st.sampled_from(_NAMES), _JUNK, max_size=10).map(lambda row: {"id": 1, **row})


@settings(max_examples=200, deadline=None)
@given(_ROWS, st.lists(_ROWS, max_size=2), st.lists(_ROWS, max_size=2))
def test_nonsense_is_a_problem_and_never_an_exception(
    row: dict[str, Any], others: list[dict[str, Any]], more: list[dict[str, Any]]
) -> None:
    translate.client(row)
    translate.matter(row)
    translate.bill(row, lines=others, activities={1: row}, matters={1: row}, interest=more)
    translate.payment(1, allocations=others, bank_rows=more)
    translate.credit(row, allocations=others)
    translate.credit(None, allocations=others)
    translate.interest(row)
    translate.movement(row, allocated=5)
    translate.time_totals(others)
    translate.later_charges(None, others)


def test_a_line_too_high_by_the_very_discount_is_no_way_of_counting_when_the_balance_says_another() -> None:
    """Lines of 51 less a discount of 1 make the total of 50; but 49 are open, so a line is wrong."""
    made = Made(
        {
            "id": 7, "number": "1042", "state": "awaiting_payment", "kind": "revenue_kind",
            "issued_at": ISSUED, "client": {"id": 3}, "matters": [{"id": 5}], "sub_total": cents(5000),
            "total": cents(5000), "discount": {"type": "money", "rate": cents(100)}, "paid": cents(0),
            "credits_issued": cents(0), "balance": cents(4900), "total_tax": cents(0),
        },
        [{
            "id": 100, "type": "ActivityLineItem", "kind": "Expense", "date": "2026-03-01",
            "total": cents(5100), "sub_total": cents(5100), "tax": cents(0), "secondary_tax": cents(0),
        }],
        [], 4900, 100, 0,
    )  # fmt: skip

    assert isinstance(made.read(), Problem)
