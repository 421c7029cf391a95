"""What a processor charged back of a payment, part by part, is never more than the payment and never lost."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from syncapp.core.ledger import Application, ObjectKind, PaymentDraft
from syncapp.core.planning.returns import PART, Said, less_parts, part_number, part_subject, said, taken_from

AMOUNT = st.integers(1, 10_000_000)


@st.composite
def paid(draw: st.DrawFn) -> tuple[PaymentDraft, dict[str, int], int]:
    """What Clio says of a payment, the parts that were charged back of it, and what stands in the books."""
    standing = draw(AMOUNT)
    left, parts = standing, dict[str, int]()
    for number in range(1, draw(st.integers(1, 3)) + 1):
        if left:
            parts[part_subject("payments/7", number)] = part = draw(st.integers(1, left))
            left -= part
    amount = draw(st.one_of(st.just(standing), st.just(left), AMOUNT))
    pays, rest = [], amount
    for name in ("bills/1", "bills/2"):
        if rest:
            pays.append(Application(subject=name, kind=ObjectKind.INVOICE, amount=draw(st.integers(1, rest))))
            rest -= pays[-1].amount
    asked = PaymentDraft(
        customer="1", day=date(2026, 11, 12), amount=amount, account="9", receivable="8", currency="USD",
        applications=tuple(pays),
    )  # fmt: skip
    return asked, parts, standing


@given(paid())
def test_a_payment_pays_its_parts_and_of_its_invoices_what_is_left(
    one: tuple[PaymentDraft, dict[str, int], int],
) -> None:
    asked, parts, standing = one
    payment, counted = less_parts(asked, parts, standing=standing)
    pays = {part.subject: part.amount for part in payment.applications}
    before = {part.subject: part.amount for part in asked.applications}

    assert {key: pays.pop(key) for key in parts} == parts
    assert all(0 < amount <= before[key] for key, amount in pays.items())
    assert sum(part.amount for part in payment.applications) <= payment.amount
    assert payment.amount == asked.amount + sum(parts.values()) - counted
    assert 0 <= counted <= sum(parts.values())
    if asked.amount == standing:
        assert (payment.amount, counted) == (standing, sum(parts.values())), "Clio knows of none"
    if asked.amount + sum(parts.values()) <= standing:
        assert counted == 0, "Clio took them off"


@given(
    AMOUNT,
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.none() | st.dates(date(2020, 1, 1), date(2099, 12, 31)),
)
def test_what_was_said_of_a_part_is_read_as_it_was_kept(amount: int, day: date, won: date | None) -> None:
    told = Said(what=PART, day=day, amount=amount, won=won)
    assert said(told.kept()) == told
    assert len(told.kept()) <= 40


def test_an_entry_names_its_payment_and_its_part() -> None:
    assert [taken_from(part_subject("payments/7", n)) for n in (0, 1, 12)] == ["payments/7"] * 3
    assert [part_number(part_subject("payments/7", n)) for n in (0, 1, 12)] == [0, 1, 12]
