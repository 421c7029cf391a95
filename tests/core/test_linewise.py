"""A bill beside its invoices, line by line: what agrees, what differs, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from syncapp.core.documents import Bill, BillLine, BillState, LineKind
from syncapp.core.linewise import Compared, Sold, SoldLine, compare

DAY = date(2026, 9, 14)
TIME = BillLine(
    id=1, kind=LineKind.TIME, amount=140000, matter_id=11, day=DAY, label="Drafting",
    quantity=Decimal("4.0"), rate=Decimal("350.00"),
)  # fmt: skip
COST = BillLine(id=2, kind=LineKind.EXPENSE, amount=3333, matter_id=11, day=DAY, label="Travel")


def bill(*lines: BillLine, tax: int = 0, discount: int = 0) -> Bill:
    """A bill of these lines."""
    return Bill(
        id=5, number="10482", state=BillState.ISSUED, client_id=1, currency="USD", issued=DAY, due=None,
        amount=sum(line.amount for line in lines) + tax - discount, lines=lines, tax=tax, discount=discount,
        matter_ids=(11,),
    )  # fmt: skip


def sold(line: BillLine) -> SoldLine:
    """A line as QuickBooks shows it when all of it arrived."""
    return SoldLine(amount=line.amount, text=line.label, day=line.day, quantity=line.quantity, rate=line.rate)


def invoice(*lines: SoldLine, matter_id: int | None = 11, day: date = DAY) -> Sold:
    """An invoice of these lines."""
    total = sum(line.amount for line in lines)
    return Sold(
        id="130", number="10482", day=day, customer="7", total=total, lines=lines, matter_id=matter_id
    )


def words(found: Compared) -> str:
    return " ".join(found.differences)


def test_a_bill_whose_every_line_arrived_agrees() -> None:
    found = compare(bill(TIME, COST), [invoice(sold(COST), sold(TIME))])

    assert found.differences == []
    assert [pair.clio[0].text for pair in found.pairs] == ["Drafting", "Travel"]


def test_hours_and_rate_that_make_the_same_amount_are_another_line_all_the_same() -> None:
    shown = replace(sold(TIME), quantity=Decimal("3.5"), rate=Decimal("400.00"))

    found = compare(bill(TIME), [invoice(shown)])

    assert words(found) == "“Drafting”: Clio bills 4 at 350, the books show 3.5 at 400."


def test_a_line_that_shows_its_amount_alone_is_no_difference() -> None:
    assert not compare(bill(TIME), [invoice(replace(sold(TIME), quantity=None, rate=None))]).differences


def test_another_amount_is_named_with_both() -> None:
    found = compare(bill(TIME, COST), [invoice(sold(TIME), replace(sold(COST), amount=3300))])

    assert words(found) == (
        "Clio bills $1,433.33, the books show $1,433.00. “Travel”: $33.33 in Clio, $33.00 in the books."
    )


def test_the_right_total_with_two_wrong_lines_is_found() -> None:
    other = replace(COST, id=3, label="Copies", matter_id=12)
    first = invoice(replace(sold(COST), amount=3333 + 100))
    second = invoice(replace(sold(other), amount=3333 - 100), matter_id=12)

    found = compare(bill(COST, other), [first, second])

    assert len(found.differences) == 2
    assert "Clio bills" not in words(found)


def test_a_line_on_another_matter_is_found_though_the_amounts_agree() -> None:
    found = compare(bill(TIME), [invoice(sold(TIME), matter_id=12)])

    assert words(found) == (
        "“Drafting”, $1,400.00 in Clio, is not in the books. "
        "“Drafting”, $1,400.00 in the books, is not in Clio."
    )


def test_lines_in_summary_agree_by_their_sum_within_a_matter() -> None:
    found = compare(
        bill(TIME, COST, tax=296), [invoice(SoldLine(amount=143333, text="Services"), SoldLine(amount=296))]
    )

    assert found.differences == []


def test_tax_and_discount_are_lines_too() -> None:
    lines = [sold(TIME), SoldLine(amount=-10000, text="Discount"), SoldLine(amount=11538, text="Sales tax")]

    assert compare(bill(TIME, tax=11538, discount=10000), [invoice(*lines)]).differences == []


def test_another_date_and_a_missing_invoice_are_said() -> None:
    assert words(compare(bill(TIME), [invoice(sold(TIME), day=date(2026, 9, 15))])) == (
        "Invoice 10482 is dated 15 Sep 2026 in the books, 14 Sep 2026 in Clio."
    )
    assert "No invoice of it stands in the books." in words(compare(bill(TIME), []))


@given(
    amounts=st.lists(st.integers(1, 500_000), min_size=1, max_size=8),
    at=st.integers(0, 7),
    by=st.integers(-4_000, 4_000).filter(bool),
    order=st.randoms(use_true_random=False),
)
def test_no_changed_amount_goes_unseen_and_no_order_of_lines_matters(amounts, at, by, order) -> None:
    lines = [replace(COST, id=n, amount=amount) for n, amount in enumerate(amounts)]
    shown = [sold(line) for line in lines]
    order.shuffle(shown)
    assert compare(bill(*lines), [invoice(*shown)]).differences == []

    shown[at % len(shown)] = replace(shown[at % len(shown)], amount=shown[at % len(shown)].amount + by)

    assert compare(bill(*lines), [invoice(*shown)]).differences
