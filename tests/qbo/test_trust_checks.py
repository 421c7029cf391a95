"""A check of client money and its payee, as QuickBooks takes them, refuses them and shows them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from syncapp.core import codec
from syncapp.core.books import Operation, Refused, Uncertain
from syncapp.core.ledger import (
    ObjectKind,
    TrustBankLine,
    TrustCheckDraft,
    TrustJournalDraft,
    TrustLedgerLine,
    VendorDraft,
    Verb,
    account_subject,
    draft_class,
    payee_subject,
)
from syncapp.qbo.compare import differences
from tests.qbo.bench import Bench
from tests.qbo.drafts import DAY

PAYEE = payee_subject("Clerk of Court")


def check(bench: Bench, **more: Any) -> TrustCheckDraft:
    line = TrustLedgerLine(
        account=bench.account("Client Funds Held in Trust"),
        ledger="matters/1",
        customer="contacts/1",
        amount=500,
    )
    made = TrustCheckDraft(
        number="1043-T9",
        day=DAY,
        banks=(TrustBankLine(account=bench.account("IOLTA Trust Account"), amount=-500),),
        ledgers=(line,),
        payee=PAYEE,
        payee_name="Clerk of Court",
    )
    return replace(made, **more)


def sent(bench: Bench, draft: TrustCheckDraft, name: str = "a", **ids: str) -> Operation:
    made = bench.op(draft, name=name)
    return replace(made, ids=made.ids | ids)


def vendor(bench: Bench, name: str = "Clerk of Court") -> str:
    return bench.post(bench.op(VendorDraft(name=name), name=name)).object.id


def test_a_check_is_made_out_to_a_vendor_changed_in_place_and_read_back(bench: Bench) -> None:
    asked = sent(bench, check(bench), **{PAYEE: vendor(bench)})

    found = bench.post(asked).object

    assert differences(asked, found) == ()
    assert (found.kind, found.number, found.total) == (ObjectKind.CHECK, "1043-T9", 500)
    assert found.payee == f"Vendor:{asked.ids[PAYEE]}"
    assert bench.co.ledger.balance(bench.account("IOLTA Trust Account")) == -500
    other = "contacts/1"
    again = replace(
        sent(bench, check(bench, payee=other), "b"), verb=Verb.UPDATE, remote_id=found.id, token=found.token
    )
    changed = bench.post(again).object
    assert differences(again, changed) == ()
    assert changed.payee == f"Customer:{bench.ids[other]}"
    (words,) = differences(asked, changed)
    assert "shows the payee" in words


def test_a_payee_may_be_an_employee_nobody_or_paid_from_a_ledgers_own_account(bench: Bench) -> None:
    employee = "id:Employee:7"
    bench.co.store["Employee"]["7"] = {"Id": "7", "DisplayName": "Erin Staff", "Active": True}
    below = account_subject(bench.account("Client Funds Held in Trust"), "matters/1")
    parent = bench.chart.accounts[bench.account("Client Funds Held in Trust")]
    own = bench.co.store["Account"]
    own["901"] = {**own[parent.id], "Id": "901", "Name": "1", "FullyQualifiedName": f"{parent.name}:1"}
    line = replace(check(bench).ledgers[0], customer="", below=below)

    first = sent(bench, check(bench, payee=employee), **{employee: "Employee:7"})
    alone = check(bench, number="T10", payee="", payee_name="", ledgers=(line,))
    second = sent(bench, alone, "b", **{below: "901"})

    assert differences(first, bench.post(first).object) == ()
    posted = bench.post(second).object
    assert differences(second, posted) == ()
    assert "EntityRef" not in posted.raw
    assert bench.co.ledger.balance("901") == 500


def test_a_name_is_given_once_over_the_three_lists_and_a_lost_vendor_is_found_by_it(bench: Bench) -> None:
    (refused,) = bench.qbo.send([bench.op(VendorDraft(name="amy bird"))])
    assert isinstance(refused, Refused)
    assert refused.code == "6240"
    asked, began = bench.op(VendorDraft(name="Clerk: of  Court"), name="c"), bench.co.clock.now()
    bench.faults.add("create vendor", 1, "drop_after")

    (lost,) = bench.qbo.send([asked])

    assert isinstance(lost, Uncertain)
    (row,) = [v for v in bench.co.store["Vendor"].values() if v["DisplayName"] == "Clerk- of Court"]
    found = bench.qbo.look_up([asked], began)[asked.request_id]
    assert found.id == row["Id"]
    assert differences(asked, found) == ()
    assert bench.qbo.find(asked) is not None
    row["DisplayName"] = "Somebody else"
    assert bench.qbo.find(asked) is None
    assert "shows the name Somebody else" in " ".join(differences(asked, bench.qbo.object("Vendor", row)))


def test_a_check_is_kept_as_what_it_is_and_never_lets_money_in(bench: Bench) -> None:
    draft = check(bench)
    kept = json.loads(json.dumps(codec.to_json(draft)))

    assert draft_class("check", kept) is TrustCheckDraft
    assert codec.from_json(draft_class("check", kept), kept) == draft
    assert draft_class("journal", kept) is TrustJournalDraft
    assert draft_class("check", {"bank": "1"}).__name__ == "CheckDraft"
    assert draft.needs() == ("contacts/1", PAYEE)
    into = replace(draft.ledgers[0], amount=-500)
    with pytest.raises(AssertionError, match="does not pay out"):
        replace(draft, banks=(replace(draft.banks[0], amount=500),), ledgers=(into,))
