"""What is earned and may move, and what was recorded against what was signed: the pure lists."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from syncapp.core.documents import Allocation, Funds, Payment
from trust.lists import (
    BillPart,
    Recorded,
    SignedLine,
    Why,
    check_recorded,
    parts_of,
    transfer_list,
)

TODAY = date(2026, 10, 31)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


# Money earned (scenario partner 4)


def part(
    bill: int, open_: int, sent: int | None, *, ledger: str = "matters/1", disputed: int = 0
) -> BillPart:
    day = None if sent is None else ago(sent)
    return BillPart(bill=bill, number=str(bill), ledger=ledger, open=open_, sent=day, disputed=disputed)


def test_only_sent_undisputed_bills_past_the_firms_days_move_and_never_more_than_is_held() -> None:
    parts = [
        part(1, 60_000, 40),
        part(2, 60_000, 20),
        part(3, 30_000, 3),
        part(4, 30_000, None),
        part(5, 50_000, 45, ledger="matters/2", disputed=20_000),
    ]

    found = transfer_list(
        parts, {"matters/1": 100_000, "matters/2": 90_000}, as_of=TODAY, waiting_days=15,
        floors={"matters/1": 10_000},
    )  # fmt: skip

    assert [(one.bill, one.amount, one.overdue) for one in found.lines] == [
        (5, 30_000, True),
        (1, 60_000, True),
        (2, 30_000, False),
    ]
    assert found.total == 120_000
    assert {(one.bill, one.amount, one.why) for one in found.left} == {
        (5, 20_000, Why.DISPUTED),
        (2, 10_000, Why.KEPT),
        (2, 20_000, Why.NO_MONEY),
        (3, 30_000, Why.WAITING),
        (4, 30_000, Why.NOT_SENT),
    }


PARTS = st.lists(
    st.builds(
        BillPart,
        bill=st.integers(1, 6),
        number=st.just("n"),
        ledger=st.sampled_from(("matters/1", "matters/2", "matters/3")),
        open=st.integers(0, 5_000),
        sent=st.none() | st.integers(0, 60).map(ago),
        disputed=st.integers(0, 6_000),
    ),
    max_size=12,
    unique_by=lambda p: (p.bill, p.ledger),
)
BALANCES = st.fixed_dictionaries({key: st.integers(-2_000, 9_000) for key in ("matters/1", "matters/2")})


@given(parts=PARTS, held=BALANCES, waiting=st.integers(0, 30), floor=st.integers(0, 2_000))
def test_a_list_never_takes_a_ledger_below_its_floor_nor_loses_a_cent(
    parts: list[BillPart], held: dict[str, int], waiting: int, floor: int
) -> None:
    floors = {"matters/1": floor}

    found = transfer_list(parts, held, as_of=TODAY, waiting_days=waiting, floors=floors)

    for key, balance in held.items():
        taken = sum(one.amount for one in found.lines if one.ledger == key)
        assert taken <= max(0, balance - floors.get(key, 0))
    assert not [one for one in found.lines if one.ledger not in held]
    for each in parts:
        moved = sum(o.amount for o in found.lines if (o.bill, o.ledger) == (each.bill, each.ledger))
        stays = sum(o.amount for o in found.left if (o.bill, o.ledger) == (each.bill, each.ledger))
        assert moved + stays == each.open
        assert moved <= max(0, each.open - each.disputed)
    assert all((TODAY - one.sent).days >= waiting for one in found.lines)


def test_what_the_agreement_keeps_and_what_another_client_owes_is_left_with_the_reason() -> None:
    bill = part(1, 90_000, 40)
    split = BillPart(bill=2, number="2", ledger="matters/2", open=10_000, sent=ago(40), other_payer=True)

    found = transfer_list(
        [bill, split], {"matters/1": 100_000, "matters/2": 50_000}, as_of=TODAY,
        floors={"matters/1": 30_000},
    )  # fmt: skip

    assert [(one.bill, one.amount) for one in found.lines] == [(1, 70_000)]
    assert [(one.bill, one.amount, one.why) for one in found.left] == [
        (1, 20_000, Why.KEPT),
        (2, 10_000, Why.OTHER_PAYER),
    ]
    assert found.left[0].words == "$200.00 stays in trust by agreement."
    assert found.due == {"matters/1": 90_000}


def test_the_clients_money_without_a_matter_pays_what_the_matter_does_not_hold() -> None:
    bill = BillPart(bill=1, number="1", ledger="matters/1", open=90_000, sent=ago(40), fallback="contacts/9")

    found = transfer_list([bill], {"matters/1": 50_000, "contacts/9": 30_000}, as_of=TODAY)

    assert [(one.ledger, one.amount) for one in found.lines] == [
        ("matters/1", 50_000),
        ("contacts/9", 30_000),
    ]
    assert [(one.amount, one.why) for one in found.left] == [(10_000, Why.NO_MONEY)]


def test_a_bill_is_overdue_only_after_the_firms_own_days() -> None:
    parts = [part(1, 100, 40), part(2, 100, 46)]

    found = transfer_list(parts, {"matters/1": 500}, as_of=TODAY, waiting_days=40, overdue_days=30)

    assert [(one.bill, one.overdue) for one in found.lines] == [(2, True), (1, False)]
    assert found.overdue == (found.lines[0],)


# What was recorded in Clio, against what was signed


def at(hours: int) -> datetime:
    return datetime(2026, 10, 31, tzinfo=UTC) + timedelta(hours=hours)


def line(number: int, amount: int, hours: int = 0, *, bill: int = 1, ended: int | None = None) -> SignedLine:
    return SignedLine(
        id=number, ledger="matters/1", bill=bill, amount=amount, at=at(hours),
        ended=None if ended is None else at(ended),
    )  # fmt: skip


def paid(number: int, amount: int, hours: int, *, ledger: str = "matters/1", bill: int = 1) -> Recorded:
    return Recorded(
        subject=f"payments/{number}", ledger=ledger, bill=bill, amount=amount, day=TODAY, at=at(hours)
    )


SIGNED = st.lists(
    st.builds(
        SignedLine,
        id=st.integers(1, 99),
        ledger=st.sampled_from(("matters/1", "matters/2")),
        bill=st.integers(1, 3),
        amount=st.integers(1, 5_000),
        at=st.integers(0, 9).map(at),
        ended=st.none() | st.integers(10, 19).map(at),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)
PAID = st.lists(
    st.builds(
        Recorded,
        subject=st.integers(1, 99).map(str),
        ledger=st.sampled_from(("matters/1", "matters/2", "matters/3")),
        bill=st.integers(1, 3),
        amount=st.integers(1, 5_000),
        day=st.just(TODAY),
        at=st.integers(0, 24).map(at),
    ),
    max_size=8,
)


@given(signed=SIGNED, recorded=PAID)
def test_every_cent_recorded_is_inside_a_signed_line_or_told(
    signed: list[SignedLine], recorded: list[Recorded]
) -> None:
    found = check_recorded(signed, recorded)

    inside = sum(one.recorded for one in found.lines)
    assert inside + sum(one.amount for one in found.outside) == sum(one.amount for one in recorded)
    for one in found.lines:
        assert one.recorded + one.rest <= one.line.amount
        assert one.line.ended is not None or one.recorded + one.rest == one.line.amount
        assert one.line.ended is None or not one.rest
    assert not [one for one in found.outside if one.amount > one.recorded.amount]


@given(parts=PARTS, held=BALANCES, extra=st.integers(0, 500))
def test_what_is_recorded_as_signed_is_inside_the_list_and_all_beyond_it_is_told(
    parts: list[BillPart], held: dict[str, int], extra: int
) -> None:
    lines = transfer_list(parts, held, as_of=TODAY).lines
    signed = [
        SignedLine(id=i, ledger=one.ledger, bill=one.bill, amount=one.amount, at=at(0))
        for i, one in enumerate(lines)
    ]
    recorded = [paid(i, one.amount, 1, ledger=one.ledger, bill=one.bill) for i, one in enumerate(signed)]

    assert check_recorded(signed, recorded).outside == ()
    assert check_recorded(signed, recorded).open == ()
    assert [one.rest for one in check_recorded(signed, []).open] == [one.amount for one in signed]
    over = check_recorded(signed, [*recorded, paid(99, 1 + extra, 2)])
    assert [(one.recorded.subject, one.amount) for one in over.outside] == [("payments/99", 1 + extra)]


def test_a_payment_from_another_ledger_or_for_more_is_a_case() -> None:
    wrong, more = paid(1, 60_000, 1, ledger="matters/2"), paid(2, 70_000, 2)

    found = check_recorded([line(1, 60_000)], [wrong, more])

    assert [(one.recorded.subject, one.amount) for one in found.outside] == [
        ("payments/1", 60_000),
        ("payments/2", 10_000),
    ]
    assert "not on the signed list" in found.outside[0].words
    assert "the signed list has $600.00" in found.outside[1].words


def test_a_line_covers_nothing_that_happened_before_it_was_signed_or_after_it_was_taken_off() -> None:
    signed = [line(1, 400, 5), line(2, 300, 5, bill=2, ended=8)]
    payments = [paid(1, 400, 4), paid(2, 400, 6), paid(3, 100, 7, bill=2), paid(4, 200, 9, bill=2)]

    found = check_recorded(signed, payments)

    assert [(one.recorded.subject, one.amount) for one in found.outside] == [
        ("payments/1", 400),
        ("payments/4", 200),
    ]
    assert [(one.recorded, one.rest) for one in found.lines] == [(400, 0), (100, 0)]


def test_a_payment_of_several_bills_takes_each_from_its_own_matter_first() -> None:
    bills = [(11, 1, 300), (12, 2, 200), (13, None, 50)]
    payment = Payment(
        id=1, day=TODAY, currency="USD", funds=Funds.TRUST, client_id=9,
        allocations=tuple(
            Allocation(id=bill, bill_id=bill, matter_id=matter, amount=amount, day=TODAY)
            for bill, matter, amount in bills
        ),
    )  # fmt: skip

    assert sorted(parts_of(payment, {"matters/1": 200, "matters/2": 300})) == [
        ("", 13, 50),
        ("matters/1", 11, 200),
        ("matters/2", 11, 100),
        ("matters/2", 12, 200),
    ]
