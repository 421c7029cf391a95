"""What rests, what is earned, what is missing: the lists of a trust account with their next step."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trust.lists import (
    BillPart,
    Held,
    Level,
    Recorded,
    Why,
    check_recorded,
    dormant,
    stale_checks,
    top_ups,
    transfer_list,
    unidentified,
)
from trust.nouns import Movement

TODAY = date(2026, 10, 31)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def check(number: str, amount: int, days: int, *, ledger: str = "matters/1", payee: str = "") -> Movement:
    return Movement(
        subject=f"bank_transactions/{number}", day=ago(days), amount=-amount, check=number, payee=payee,
        ledgers=((ledger, -amount),),
    )  # fmt: skip


def put(name: str, amount: int, days: int, *, ledger: str = "matters/1", reference: str = "") -> Movement:
    return Movement(
        subject=name, day=ago(days), amount=amount, reference=reference, ledgers=((ledger, amount),)
    )


# Money that rests (scenario bookkeeper 10)


def test_checks_older_than_180_days_are_listed_with_whom_to_ask_and_void_as_the_way() -> None:
    held = {"matters/1": Held(key="matters/1", balance=5, name="Carter", contact="carter@client.example")}
    checks = [
        check("1042", 50_000, 181, payee="County Clerk"),
        check("1043", 61_743, 300),
        check("1044", 10_000, 180),
        put("a", 10_000, 400),
    ]

    found = stale_checks(checks, as_of=TODAY, held=held)

    assert [(one.check.check, one.amount, one.days) for one in found] == [
        ("1043", 61_743, 300),
        ("1042", 50_000, 181),
    ]
    assert "County Clerk" in found[1].step
    assert "carter@client.example" in found[1].step
    assert "void it in Clio: it keeps its number" in found[1].step
    assert "delete" not in found[1].step


def test_a_clients_money_without_activity_for_a_year_is_dormant_and_the_firms_float_is_not() -> None:
    held = [
        Held(key="matters/1", balance=41_237, name="Ivanov", last_day=ago(400), closed=ago(390)),
        Held(key="matters/2", balance=100, last_day=ago(364)),
        Held(key="matters/3", balance=0, last_day=ago(900)),
        Held(key="trust/firm", balance=25_000, last_day=ago(500)),
    ]

    found = dormant(held, as_of=TODAY)

    assert [(one.held.key, one.days) for one in found] == [("matters/1", 400)]
    assert "$412.37" in found[0].step
    assert str(ago(390)) in found[0].step


def test_money_of_nobody_known_is_listed_at_once_and_a_clients_without_a_matter_after_a_month() -> None:
    held = [
        Held(key="contacts/9", balance=70_000, name="Unidentified Funds", last_day=ago(1)),
        Held(key="contacts/5", balance=90_000, name="Eriksen", last_day=ago(31)),
        Held(key="contacts/6", balance=80_000, last_day=ago(29)),
        Held(key="matters/1", balance=80_000, last_day=ago(300)),
    ]

    found = unidentified(held, as_of=TODAY, nobody=frozenset({"contacts/9"}))

    assert [one.held.key for one in found] == ["contacts/5", "contacts/9"]
    assert "without a matter" in found[0].step
    assert "ask the bank who sent it" in found[1].step


def test_a_ledger_below_its_minimum_is_filled_up_to_its_evergreen_level() -> None:
    held = [Held(key=f"matters/{i}", balance=i * 50_000, name=f"M{i}") for i in range(4)]
    levels = {
        "matters/0": Level(minimum=100_000),
        "matters/1": Level(minimum=100_000, evergreen=250_000),
        "matters/2": Level(minimum=100_000, evergreen=250_000),
    }

    found = top_ups(held, levels)

    assert [(one.held.key, one.ask) for one in found] == [("matters/1", 200_000), ("matters/0", 100_000)]
    assert "trust request" in found[0].step


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
        (2, 30_000, Why.NO_MONEY),
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


@given(parts=PARTS, held=BALANCES, extra=st.integers(0, 500))
def test_what_is_recorded_as_signed_is_inside_the_list_and_all_beyond_it_is_told(
    parts: list[BillPart], held: dict[str, int], extra: int
) -> None:
    signed = transfer_list(parts, held, as_of=TODAY).lines
    recorded = [
        Recorded(subject=f"payments/{i}", ledger=one.ledger, bill=one.bill, amount=one.amount, day=TODAY)
        for i, one in enumerate(signed)
    ]

    assert check_recorded(signed, recorded).outside == ()
    assert check_recorded(signed, recorded).open == ()
    assert check_recorded(signed, []).open == signed
    over = [
        *recorded,
        Recorded(subject="payments/x", ledger="matters/1", bill=1, amount=1 + extra, day=TODAY),
    ]
    assert [(o.recorded.subject, o.amount) for o in check_recorded(signed, over).outside] == [
        ("payments/x", 1 + extra)
    ]


def test_a_payment_from_another_ledger_or_for_more_is_a_case() -> None:
    signed = transfer_list([part(1, 60_000, 40)], {"matters/1": 100_000}, as_of=TODAY).lines
    wrong = Recorded(subject="payments/1", ledger="matters/2", bill=1, amount=60_000, day=TODAY)
    more = Recorded(subject="payments/2", ledger="matters/1", bill=1, amount=70_000, day=TODAY)

    found = check_recorded(signed, [wrong, more])

    assert [(one.recorded.subject, one.amount) for one in found.outside] == [
        ("payments/1", 60_000),
        ("payments/2", 10_000),
    ]
    assert "not on the signed list" in found.outside[0].words
    assert "the signed list has $600.00" in found.outside[1].words
