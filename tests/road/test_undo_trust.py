"""Undo of client money: never deleted, always a partner's, and not what the bank has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import yaml
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import read
from syncapp.pipeline.undoing import acts, refusals
from syncapp.pipeline.undoing.refusals import Rights
from tests.road import books
from tests.road.acts import TODAY
from tests.road.clientmoney import assert_walled
from tests.road.undone import assert_queued, look, record, send_again, sums, undo, why
from tests.stage import Stage, Standing
from tests.trust import world as bank
from trust.nouns import BankLine
from trust.queries.pairs import pair_named

pytestmark = pytest.mark.django_db
PARTNER, BOOKKEEPER = Rights(operating=False, trust=True), Rights(operating=True, trust=False)


@pytest.fixture
def firm(trust_firm: Standing) -> Iterator[Stage]:
    with trust_firm.fresh() as on:
        yield on


def test_client_money_that_a_bank_line_has_is_not_undone_and_other_is_a_partners(firm: Stage) -> None:
    where = next(iter(firm.world.tables["Matter"]))
    day = TODAY - timedelta(days=20)
    row = firm.desk("trust_deposit", matter=where, amount="500", reference="77", date=day)
    firm.sync()
    ours = record(firm, "money", row.id)

    assert why(firm, ours, BOOKKEEPER) == refusals.PARTNER
    assert look(firm, [ours], PARTNER).taken[0].acts == (
        f"Journal entry 77-T{row.id}-K1, dated {day:%-d %b %Y}, reverses it.",
    )
    with firm_scope(write=None, reads=[firm.firm.pk]):
        pair = pair_named(firm.firm.pk, "IOLTA")
    assert pair is not None
    bank.bank(pair, [BankLine(id="b1", day=day, amount=50000, reference="77", text="DEPOSIT 77")])
    firm.sync()
    assert why(firm, ours, PARTNER) == refusals.MATCHED
    assert why(firm, record(firm, "bill", "1"), PARTNER) == refusals.BOOKKEEPER


def test_client_money_is_never_deleted_but_reversed_and_posted_once_more(firm: Stage) -> None:
    where = next(iter(firm.world.tables["Matter"]))
    row = firm.desk("trust_deposit", matter=where, amount="500", reference="77")
    firm.sync()
    before, ours = sums(firm), record(firm, "money", row.id)

    undo(firm, [ours], rights=PARTNER)
    firm.sync()
    assert_walled(firm)
    assert_queued(firm)
    assert send_again(firm, [ours], BOOKKEEPER) == acts.NOT_YOURS
    assert send_again(firm, [ours], PARTNER) == 1
    firm.sync()

    assert sums(firm) == before
    numbers = {entry["DocNumber"] for entry in firm.company.store["JournalEntry"].values()}
    assert {f"77-T{row.id}", f"77-T{row.id}-K1", f"77-T{row.id}-K2"} <= numbers
    assert_walled(firm)
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_the_reversal_of_client_money_waits_for_approval_above_the_firms_limit(firm: Stage) -> None:
    where = next(iter(firm.world.tables["Matter"]))
    row = firm.desk("trust_deposit", matter=where, amount="500", reference="77")
    firm.sync()
    firm.file["approvals"] = {"trust_over": "400.00", "needed": 1}
    apply(read(yaml.safe_dump(firm.file, sort_keys=False)), now=timezone.now())
    before, ours = sums(firm), record(firm, "money", row.id)

    assert look(firm, [ours], PARTNER).taken[0].approval
    undo(firm, [ours], rights=PARTNER)
    firm.sync()

    assert sums(firm) == before, "nothing half"
    assert "trust_awaiting_approval" in {case["code"] for case in firm.exceptions()}
