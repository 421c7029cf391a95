"""What Clio took back, and a hand took out of QuickBooks: it stands nowhere, so nobody is asked about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline import post
from tests.road import books
from tests.road.acts import fresh
from tests.road.clientmoney import assert_money
from tests.road.closing import close
from tests.stage import Stage, Standing

pytestmark = pytest.mark.django_db

type Made = tuple[str, str, Callable[[], Any]]  # the entity and its id, and how Clio takes it back


@pytest.fixture
def firm(trust_firm: Standing) -> Iterator[Stage]:
    with trust_firm.fresh() as on:
        yield on


def newest(on: Stage, entity: str) -> str:
    return str(max(int(key) for key in on.company.store[entity]))


def billed(on: Stage) -> Bill:
    bill = fresh(on)
    on.sync()
    return bill


def invoice(on: Stage) -> Made:
    bill = billed(on)
    return "Invoice", newest(on, "Invoice"), lambda: on.desk("void_bill", bill=bill.id)


def deleted_bill(on: Stage) -> Made:
    bill = billed(on)
    return "Invoice", newest(on, "Invoice"), lambda: on.desk("delete_bill", bill=bill.id)


def payment(on: Stage) -> Made:
    bill = billed(on)
    paid = on.desk("record_payment", bills=[bill.id], amount="50", date=date(2026, 10, 31))
    on.sync()
    return "Payment", newest(on, "Payment"), lambda: on.desk("remove_payment", payment=paid.id)


def credit(on: Stage) -> Made:
    made = on.desk("write_off", bill=billed(on).id, amount="20")
    on.sync()
    return "CreditMemo", newest(on, "CreditMemo"), lambda: on.desk("remove_credit", credit=made.id)


def trust(on: Stage) -> Made:
    where = next(iter(on.world.tables["Matter"]))
    row = on.desk("trust_deposit", matter=where, amount="500", reference="77")
    on.sync()
    return "JournalEntry", newest(on, "JournalEntry"), lambda: on.desk("remove_trust_row", row=row.id)


MADE = {made.__name__: made for made in (invoice, deleted_bill, payment, credit, trust)}
SEEN_BEFORE = [("invoice", "delete"), ("trust", "delete"), ("payment", "void")]
WAYS = [(name, "delete", False) for name in MADE] + [(name, hand, True) for name, hand in SEEN_BEFORE]


def by_hand(on: Stage, hand: str, entity: str, key: str) -> None:
    if (hand, entity) == ("delete", "CreditMemo"):  # QuickBooks lets nobody delete one that is applied
        backdoor.delete(on.company, "Payment", newest(on, "Payment"))
    getattr(backdoor, hand)(on.company, entity, key)


@pytest.mark.parametrize(("name", "hand", "told"), WAYS)
def test_what_both_sides_ended_is_no_case(firm: Stage, name: str, hand: str, told: bool) -> None:
    entity, key, in_clio = MADE[name](firm)
    before = {case["code"] for case in firm.exceptions()}
    by_hand(firm, hand, entity, key)
    if told:
        firm.sync()
        assert {case["code"] for case in firm.exceptions()} != before
    in_clio()
    firm.sync()

    assert {case["code"] for case in firm.exceptions()} == before
    assert_money(firm, but={})
    books.assert_tieout(firm)
    books.assert_idle(firm)
    assert firm.verify()["ok"]


def test_nothing_is_corrected_of_what_lay_in_closed_books_and_is_gone_from_them(firm: Stage) -> None:
    entity, key, in_clio = invoice(firm)
    before = {case["code"] for case in firm.exceptions()}
    backdoor.delete(firm.company, entity, key)
    close(firm)
    in_clio()
    firm.sync()

    assert {case["code"] for case in firm.exceptions()} == before
    books.assert_idle(firm)


def test_what_is_deleted_a_moment_before_it_would_be_made_void_is_no_case_after_the_next_run(
    firm: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    entity, key, in_clio = invoice(firm)
    before = {case["code"] for case in firm.exceptions()}
    in_clio()
    send = post.run

    def a_moment_later(**given: Any) -> int:
        if key in firm.company.store[entity]:
            backdoor.delete(firm.company, entity, key)
        return send(**given)

    monkeypatch.setattr(post, "run", a_moment_later)
    firm.sync()
    assert key not in firm.company.store[entity]
    firm.sync()

    assert {case["code"] for case in firm.exceptions()} == before
    books.assert_tieout(firm)
    books.assert_idle(firm)
