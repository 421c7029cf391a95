"""A payment and its bank rows are seen at different times, or do not name each other: once in the books."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from syncapp.emulators.clio.world import small
from syncapp.pipeline import pull
from tests.road import books
from tests.road.acts import fresh
from tests.road.clientmoney import assert_money, assert_walled, trust_file
from tests.stage import Stage, stage


@pytest.fixture
def firm(db: Any) -> Iterator[Stage]:
    """A small firm whose trust account is set up."""
    with stage(small(7), file=trust_file()) as set_:
        yield set_


def meanwhile(patch: pytest.MonkeyPatch, acts: dict[str, Callable[[], Any]]) -> None:
    """People act in Clio while it is read: just before each of these lists is asked for."""
    whole = pull._pull_list

    def asked(firm_id: int, clio: Any, shape: Any, **more: Any) -> Any:
        if (act := acts.pop(shape.resource, None)) is not None:
            act()
        return whole(firm_id, clio, shape, **more)

    patch.setattr(pull, "_pull_list", asked)


@pytest.mark.parametrize("linked", [True, False])
def test_a_payment_taken_while_clio_is_read_posts_once(
    firm: Stage, monkeypatch: pytest.MonkeyPatch, linked: bool
) -> None:
    firm.world.switches.bank_rows_linked = linked
    bill = fresh(firm, matter=2)
    firm.desk("trust_deposit", matter=bill.matter_ids[0], amount="5000")
    firm.sync()

    def paid(amount: str) -> Callable[[], Any]:
        return lambda: firm.desk("pay_from_trust", bill=bill.id, amount=amount, reference=f"10{amount}")

    with monkeypatch.context() as patch:
        meanwhile(
            patch,
            {"bank_transactions": paid("21"), "credit_memos": paid("22"), "allocations": paid("23")},
        )
        firm.sync()
    firm.sync()

    assert_money(firm)
    assert_walled(firm)
    books.assert_tieout(firm)
    numbers = {str(entry.get("DocNumber")) for entry in firm.company.store["JournalEntry"].values()}
    assert not [number for number in numbers if number.startswith("102") and "P" not in number]
    assert not [number for number in numbers if "-K" in number]


@pytest.mark.parametrize("linked", [True, False])
def test_money_like_a_payment_of_its_day_is_not_taken_for_it(firm: Stage, linked: bool) -> None:
    firm.world.switches.bank_rows_linked = linked
    bill = fresh(firm, matter=2)
    firm.desk("record_payment", bills=[bill.id], amount="121.50", reference="9001")
    more = firm.desk("operating_deposit", client=bill.client_id, amount="121.50")
    back = firm.desk("refund_operating", client=bill.client_id, amount="121.50")

    firm.sync()

    books.assert_tieout(firm)
    entered = {str(entry.get("DocNumber")) for entry in firm.company.store["JournalEntry"].values()}
    paid_out = [check["TotalAmt"] for check in firm.company.store["Purchase"].values()]
    assert f"R{more.id}" in entered
    assert -back.amount in paid_out
