"""The adapter against the QuickBooks emulator: whatever the network does, the books say what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from syncapp.core.books import NotSent, Outcome, Posted, Refused, Uncertain
from syncapp.core.ledger import (
    Application,
    CreditMemoDraft,
    CustomerDraft,
    DepositDraft,
    InvoiceDraft,
    ObjectKind,
    Verb,
)
from syncapp.emulators.qbo.seed import item
from syncapp.http.errors import Refused as HttpRefused
from syncapp.http.errors import Revoked
from syncapp.qbo.compare import differences
from syncapp.qbo.read import is_ours
from syncapp.qbo.shapes import literal
from tests.qbo.bench import Bench
from tests.qbo.drafts import DAY


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [type(one).__name__ for one in outcomes]


def test_the_company_and_its_lists_are_read_inactive_ones_too(bench: Bench) -> None:
    assert bench.qbo.company().custom_numbers is True
    assert bench.qbo.company().id == bench.co.realm
    assert not bench.chart.items[item(bench.co, "Fax and Telex")].active
    names = bench.qbo.names()
    assert {one.name for one in names.customers} == {"Amy Bird", "Old Client"}
    assert "Columbia Process Servers" in names.others


def test_an_invoice_its_payment_and_its_credit_stand_as_planned(bench: Bench) -> None:
    bill = bench.bill()
    posted = bench.post(bill, "bills/9")
    assert isinstance(bill.draft, InvoiceDraft)
    note = CreditMemoDraft(customer="contacts/1", number="C1", day=DAY, receivable="", lines=bill.draft.lines)
    credit = bench.op(bench.receivable(note), name="credit")
    money = bench.op(bench.paid(4_000), name="money")

    paid, credited = bench.post(money), bench.post(credit, "credits/1")
    parts = (
        Application(subject="bills/9", kind=ObjectKind.INVOICE, amount=6_000),
        Application(subject="credits/1", kind=ObjectKind.CREDIT_MEMO, amount=6_000),
    )
    applied = bench.op(replace(bench.paid(0), applications=parts, account=""), name="apply")
    zero = bench.post(applied)

    done = ((bill, posted), (money, paid), (credit, credited), (applied, zero))
    assert [differences(plan, outcome.object) for plan, outcome in done] == [(), (), (), ()]
    assert all(outcome.vendor_request_id for _, outcome in done)
    left = bench.qbo.read(ObjectKind.INVOICE, posted.object.id)
    assert left is not None
    assert left.balance == 0
    assert [row.amount for row in posted.object.lines] == [row.amount for row in bill.draft.entry()]


def test_a_deposited_payment_is_not_voided(bench: Bench) -> None:
    bench.post(bench.bill(), "bills/9")
    undeposited = bench.account("Undeposited Funds")
    waiting = bench.op(bench.paid(account=undeposited), name="waiting")
    bench.post(waiting, "allocations/4")
    together = DepositDraft(
        day=DAY, bank=bench.bank, undeposited=undeposited, payments=("allocations/4",), amounts=(10_000,)
    )
    deposit = bench.op(together, name="deposit")

    made = bench.post(deposit)
    void = replace(waiting, verb=Verb.VOID, remote_id=bench.ids["allocations/4"], token="0", request_id="v")
    (refused,) = bench.qbo.send([void])

    assert differences(deposit, made.object) == ()
    assert isinstance(refused, Refused)
    assert refused.code == "6540"


def test_a_batch_tells_the_fate_of_each(bench: Bench) -> None:
    bills = [bench.bill(str(number)) for number in range(40)]
    bad = replace(bills[7], ids={"contacts/1": "999"})
    long = bench.bill("1234567890123456789012")

    outcomes = bench.qbo.send([*bills[:7], bad, *bills[8:], long])

    assert kinds(outcomes).count("Posted") == 39
    assert isinstance(outcomes[7], Refused)
    assert outcomes[7].code == "2500"
    assert isinstance(outcomes[40], Refused)
    assert [one.object.number for one in outcomes[:7] if isinstance(one, Posted)] == [
        str(n) for n in range(7)
    ]
    assert bench.faults.calls["batch"] == 2


def test_names_go_alone_and_a_taken_name_is_refused(bench: Bench) -> None:
    taken = bench.op(CustomerDraft(name="old client"), name="c1")
    matter = bench.op(CustomerDraft(name="Matter 2", parent="contacts/1"), name="c2")

    refused, made = bench.qbo.send([taken, matter])

    assert isinstance(refused, Refused)
    assert refused.code == "6240"
    assert isinstance(made, Posted)
    assert made.object.parent == bench.ids["contacts/1"]
    assert bench.faults.calls["batch"] == 0
    found = bench.qbo.find(taken)
    assert found is not None
    assert (found.name, found.active) == ("Old Client", False)


def test_update_void_and_delete(bench: Bench) -> None:
    first = bench.post(bench.bill()).object
    changed = bench.bill("1001", 5_000, 2_500, verb=Verb.UPDATE, remote_id=first.id, token=first.token)
    second = bench.post(changed).object
    stale = bench.bill("1001", verb=Verb.VOID, remote_id=first.id, token=first.token)
    (refused,) = bench.qbo.send([stale])
    void = bench.post(replace(stale, token=second.token, request_id="void-again"))
    entry = bench.post(bench.entry("J9")).object
    gone = bench.entry(verb=Verb.DELETE, remote_id=entry.id, token=entry.token)
    deleted = bench.post(gone)

    assert (second.id, differences(changed, second)) == (first.id, ())
    assert isinstance(refused, Refused)
    assert refused.code == "5010"
    assert void.object.voided
    assert differences(stale, void.object) == ()
    assert differences(gone, deleted.object) == ()
    assert bench.qbo.read(ObjectKind.JOURNAL, entry.id) is None


@pytest.mark.parametrize("honoured", [True, False])
@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
@pytest.mark.parametrize("several", [False, True])
def test_a_lost_answer_is_found_by_looking_and_never_posted_twice(
    bench: Bench, kind, honoured, several
) -> None:
    bench.co.switches.honour_requestid = honoured
    plan = [bench.bill("1"), bench.bill("2")] if several else [bench.bill("1")]
    start = bench.co.clock.now()
    bench.faults.add("batch" if several else "create invoice", 1, kind)

    outcomes = bench.qbo.send(plan)
    found = bench.qbo.look_up(plan, start)
    again = bench.qbo.send([one for one in plan if one.request_id not in found])

    assert set(kinds(outcomes)) == {"Uncertain"}
    assert set(found) == ({one.request_id for one in plan} if kind == "drop_after" else set())
    assert all(isinstance(one, Posted) for one in again)
    assert all(is_ours(one, found[one.request_id]) for one in plan if one.request_id in found)
    assert len(bench.co.store["Invoice"]) == len(plan)


def test_each_kind_is_found_when_its_answer_was_lost(bench: Bench) -> None:
    bench.post(bench.bill(), "bills/9")
    plan = [
        bench.op(bench.paid(), name="p"),
        bench.entry("J5"),
        bench.op(CustomerDraft(name="New Client"), name="c"),
    ]
    for outcome in bench.qbo.send(plan):
        assert isinstance(outcome, Posted)

    assert all(bench.qbo.find(one) for one in plan)
    assert set(bench.qbo.look_up(plan, bench.co.clock.now() - timedelta(days=60))) == {
        p.request_id for p in plan
    }
    stranger = bench.op(bench.paid(), name="another of the same day and amount")
    assert bench.qbo.find(stranger) is None


@pytest.mark.parametrize(
    ("fault", "args", "kind"),
    [
        ("throttle", {}, NotSent),
        ("server_error", {"status": 500}, Uncertain),
        ("fault_200", {}, Uncertain),
        ("malformed", {}, Uncertain),
    ],
)
def test_an_unclear_answer_is_never_taken_for_a_success(
    bench: Bench, fault: str, args: dict[str, int], kind: type[Outcome]
) -> None:
    bench.faults.add("create invoice", 1, fault, **args)

    (outcome,) = bench.qbo.send([bench.bill()])

    assert isinstance(outcome, kind)


def test_who_is_asked_to_wait_sends_nothing_more(bench: Bench) -> None:
    bench.faults.add("create customer", 1, "throttle", retry_after=5)
    plan = [bench.op(CustomerDraft(name="A"), name="a"), bench.bill("1"), bench.bill("2")]

    outcomes = bench.qbo.send(plan)

    assert kinds(outcomes) == ["NotSent"] * 3
    assert not bench.co.store["Invoice"]


def test_an_expired_token_is_refreshed_once_and_a_lost_connection_said(bench: Bench) -> None:
    bench.faults.add("create invoice", 1, "expired_token")

    bench.post(bench.bill())

    assert bench.forced[-2:] == [False, True]
    bench.app.state.oauth.disconnect(bench.co.realm)
    with pytest.raises(Revoked):
        bench.qbo.send([bench.bill("2")])
    with pytest.raises(Revoked):
        bench.qbo.company()


def test_reads_are_counted_and_writes_are_not(bench: Bench) -> None:
    reads, calls = bench.qbo.metered, bench.qbo.calls

    bench.post(bench.bill())
    list(bench.qbo.query(ObjectKind.INVOICE, f"DocNumber = {literal('1001')}"))
    with pytest.raises(HttpRefused) as refused:
        list(bench.qbo.query(ObjectKind.INVOICE, "PrivateNote = 'x'"))

    assert refused.value.code == "4001"
    assert (bench.qbo.metered - reads, bench.qbo.calls - calls) == (1, 3)
    assert bench.qbo.metered == sum(bench.co.reads.values())


def test_an_apostrophe_in_a_name_is_no_end_of_the_question(bench: Bench) -> None:
    name = r"O'Brien \ Active 'Sons'"
    bench.post(bench.op(CustomerDraft(name=name), name="ob"))

    assert [one.name for one in bench.qbo.query("Customer", f"DisplayName = {literal(name)}")] == [name]


def test_instants_are_asked_in_universal_time() -> None:
    clock: Callable[..., datetime] = datetime
    assert literal(clock(2026, 3, 2, 4, 5, 6, tzinfo=UTC)) == "'2026-03-02T04:05:06Z'"
    assert literal(True) == "true"
