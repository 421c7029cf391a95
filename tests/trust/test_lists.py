"""What rests, what is earned, what is missing: the lists of a trust account with their next step."""

from __future__ import annotations

from datetime import date, timedelta

from trust.lists import (
    Held,
    Level,
    dormant,
    stale_checks,
    top_ups,
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
    assert f"{ago(390):%-d %b %Y}" in found[0].step


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


def test_the_fees_that_are_due_count_before_a_client_is_asked() -> None:
    held = [Held(key="matters/1", balance=300_000), Held(key="matters/2", balance=300_000)]
    levels = {"matters/1": Level(minimum=0, evergreen=250_000), "matters/2": Level(minimum=100_000)}

    (found,) = top_ups(held, levels, {"matters/1": 120_000, "matters/2": 200_000})

    assert (found.held.key, found.due, found.ask) == ("matters/1", 120_000, 70_000)
    assert "$3,000.00 is held and $1,200.00 of fees are due, $2,500.00 was agreed." in found.step
