"""The seeded firms, the pages and the back door."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from syncapp.emulators.clio.app import create_app
from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Activity, Bill, Contact, Matter
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.clio.world import small, trust, year
from syncapp.emulators.wire import Clock
from tests.emulators.clio.conftest import Clio
from tests.emulators.clio.figures import agree

WANTED = """
opening_open opening_part_paid opening_credit paid_together payment_moved_to overpayment
operating_retainer operating_use bounced_check refund write_off credit_note split_bill
back_to_draft_and_approved void edited_line several_matters same_name client_with_colon
client_with_accents long_bill zero trust_request trust_deposit trust_payment draft
trust_request_payment awaiting_approval unbilled interest trust_transfer
"""


@pytest.mark.parametrize("seed", [7, 8])
def test_the_year_is_the_firm_that_was_asked_for(seed: int) -> None:
    world = year(seed)
    revenue = [b for b in world.all(Bill) if b.bill_kind != "trust_kind"]

    agree(world)
    assert 350 <= len(revenue) <= 450
    assert len(world.all(Activity)) <= 4000
    assert len([u for u in world.tables["User"].values() if u.enabled]) == 12
    assert any(b.issued_at and b.issued_at < date(2025, 11, 1) for b in revenue)
    assert max(len(b.line_ids) for b in revenue) == 700
    names = Counter(c.name for c in world.all(Contact))
    assert [n for n, count in names.items() if count > 1] == ["John Carter"]
    assert len({b.number for b in world.all(Bill)}) == len(world.all(Bill))
    assert min(trust_balance(world, matter=m.id) for m in world.all(Matter)) >= 0


def test_every_planted_thing_is_there_and_is_what_it_says() -> None:
    world = year()
    kinds = {
        "bills": "Bill",
        "allocations": "Allocation",
        "credit_memos": "CreditMemo",
        "contacts": "Contact",
        "interest_charges": "InterestCharge",
        "bank_transactions": "BankTransaction",
        "matter_transfers": "MatterTransfer",
        "activities": "Activity",
    }
    states = {
        "void": "void",
        "deleted": "deleted",
        "draft": "draft",
        "back_to_draft": "draft",
        "zero": "paid",
        "awaiting_approval": "awaiting_approval",
        "bounced_bill": "paid",
    }
    for thing in world.planted:
        record = world.tables[kinds[thing.resource]][thing.id]
        if thing.kind in states:
            assert record.state == states[thing.kind], thing
        if thing.kind in ("bounced_check", "reapplied", "credit_removed"):
            assert record.voided_at is not None, thing
    assert set(WANTED.split()) <= {p.kind for p in world.planted}


def test_one_seed_is_one_world() -> None:
    def face(world: World) -> list[Any]:
        return [(b.number, b.state, sums(world, b).due, b.etag, b.updated_at) for b in world.all(Bill)]

    assert face(year(3)) == face(year(3))
    assert face(year(3)) != face(year(4))
    assert face(small(3)) != face(small(4))
    assert face(trust(3)) == face(trust(3))
    assert face(trust(3)) != face(trust(4))


TRUST_WANTED = """
trust_payment bank_charge trust_refund stale_check returned_deposit restored voided_check edited_row
client_level matter_transfer account_transfer unidentified dormant equal_deposits
"""


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_trust_year_has_every_event_in_two_accounts_and_ends_with_no_ledger_short(seed: int) -> None:
    world = trust(seed)
    banks = [a for a in world.all(BankAccount) if a.type == "Trust"]

    agree(world)
    assert [a.name for a in banks] == ["IOLTA", "IOLTA Seattle"]
    assert set(TRUST_WANTED.split()) <= {p.kind for p in world.planted}
    for bank in banks:
        rows = [t for t in world.all(BankTransaction) if t.bank_account_id == bank.id]
        assert {t.date.month for t in rows if t.date >= date(2025, 11, 1)} == set(range(1, 13))
        assert any(t.date < date(2025, 11, 1) for t in rows)
        ledgers = [trust_balance(world, matter=m.id, bank=bank.id) for m in world.all(Matter)]
        assert min(ledgers) >= 0
        assert sum(t.amount for t in rows if t.client_id is None) > 0
    stale = [world.tables["BankTransaction"][p.id] for p in world.planted if p.kind == "stale_check"]
    assert len({check.bank_account_id for check in stale}) == 1
    assert [180 < (date(2026, 10, 31) - check.date).days <= 210 for check in stale] == [True, True]


def test_people_act_on_the_pages(clio: Clio) -> None:
    bill = next(b for b in clio.world.all(Bill) if b.state == "awaiting_payment" and not b.charge_ids)
    back = f"/firms/1/bills/{bill.id}"

    for path in ("/firms/1/bills?state=paid", "/firms/1/clients", "/firms/1/trust", back):
        shown = clio.http.get(path)
        assert shown.status_code == 200
        assert "for demonstration" in shown.text
    owed = sums(clio.world, bill).balance
    answer = clio.http.post(
        "/firms/1/do",
        data={
            "do": "record_payment",
            "bills": str(bill.id),
            "amount": str(owed),
            "date": "2026-11-01",
            "reference": "5",
            "back": back,
        },
    )
    assert answer.headers["Location"].startswith(back)
    assert bill.state == "paid"
    no = clio.http.post("/firms/1/do", data={"do": "void_bill", "bill": str(bill.id), "back": back})
    assert "Clio%20refuses" in no.headers["Location"]
    assert clio.http.get("/firms/1/bills/5").status_code == 404


def test_the_back_door_does_the_same(clio: Clio) -> None:
    draft = next(b for b in clio.world.all(Bill) if b.state == "draft")

    made = clio.http.post("/_backdoor/do", json={"do": "approve_bill", "bill": draft.id}).get_json()["data"]
    wrong = clio.http.post("/_backdoor/do", json={"do": "approve_bill", "bill": draft.id})
    switched = clio.http.post("/_backdoor/switches", json={"total_net": True}).get_json()

    assert (made["kind"], made["state"]) == ("revenue_kind", "awaiting_payment")
    assert wrong.status_code == 400
    assert switched["total_net"] is True
    assert clio.http.post("/_backdoor/switches", json={"total_gross": True}).status_code == 400
    assert clio.http.get("/_backdoor/planted").get_json()[0]["resource"] == "bills"


def test_on_a_machine_that_lives_before_the_seeded_end_time_still_runs_forward() -> None:
    world = small()
    app = create_app(world, clock=Clock(datetime(2025, 1, 1, tzinfo=UTC)))
    seeded = max(b.updated_at for b in world.all(Bill))
    draft = next(b for b in world.all(Bill) if b.state == "draft")

    app.clock.advance(seconds=5)
    do(world, "approve_bill", bill=draft.id)

    assert draft.updated_at > seeded
