"""The account of a ledger below its trust liability, as QuickBooks takes it, refuses it and shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from syncapp.core.books import Refused, Uncertain
from syncapp.core.ledger import (
    LedgerAccountDraft,
    ObjectKind,
    TrustBankLine,
    TrustJournalDraft,
    TrustLedgerLine,
    account_subject,
)
from syncapp.qbo import read
from syncapp.qbo.compare import differences
from tests.qbo.bench import Bench
from tests.qbo.drafts import DAY

PARENT, BANK = "Client Funds Held in Trust", "IOLTA Trust Account"


def draft(bench: Bench, name: str = "00001 Bird", **more: Any) -> LedgerAccountDraft:
    parent = bench.chart.accounts[bench.account(PARENT)]
    made = LedgerAccountDraft(
        name=name, parent=parent.id, ledger="matters/1", type=parent.type, subtype=parent.subtype
    )
    return replace(made, **more)


def test_it_stands_below_its_parent_as_a_trust_liability_and_takes_the_ledgers_lines(bench: Bench) -> None:
    asked = bench.op(draft(bench, 'Bird: the "first"'))

    found = bench.post(asked).object

    assert differences(asked, found) == ()
    assert found.kind is ObjectKind.ACCOUNT
    account = read.account(found.raw)
    assert account.name == f"{PARENT}:Bird- the 'first'"
    assert (account.parent, account.is_trust) == (bench.account(PARENT), True)
    subject = account_subject(account.parent, "matters/1")
    entry = TrustJournalDraft(
        number="T1",
        day=DAY,
        banks=(TrustBankLine(account=bench.account(BANK), amount=500),),
        ledgers=(
            TrustLedgerLine(
                account=account.parent, ledger="matters/1", customer="", amount=-500, below=subject
            ),
        ),
    )
    sent = bench.op(entry, name="T1")
    sent = replace(sent, ids={subject: found.id})
    posted = bench.post(sent).object
    assert differences(sent, posted) == ()
    assert bench.co.ledger.balance(found.id) == -500
    elsewhere = replace(sent, ids={subject: "999"})
    assert "account 999" in " ".join(differences(elsewhere, posted))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"Name": "Other"}, "shows the name Other"),
        ({"ParentRef": {"value": "1"}}, "shows it below account 1"),
        ({"AccountSubType": "OtherCurrentLiabilities"}, "not as a trust liability"),
        ({"Active": False}, "shows it as inactive"),
    ],
)
def test_what_comes_back_otherwise_is_told(bench: Bench, changed: dict[str, Any], words: str) -> None:
    asked = bench.op(draft(bench))
    raw = bench.post(asked).object.raw | changed

    assert words in " ".join(differences(asked, bench.qbo.object("Account", raw)))


def test_a_wrong_parent_and_a_full_plan_are_refused_and_nothing_is_written(bench: Bench) -> None:
    before = len(bench.co.store["Account"])
    wrong = [
        draft(bench, parent=bench.account("Operating Bank")),  # a bank's child is a bank
        draft(bench, parent="999"),
        draft(
            bench,
            subtype="UndepositedFunds",
            type="Other Current Asset",
            parent=bench.account("Undeposited Funds"),
        ),
    ]
    for number, one in enumerate(wrong):
        (outcome,) = bench.qbo.send([bench.op(one, name=str(number))])
        assert isinstance(outcome, Refused), outcome
        assert outcome.code in {"6430", "2500"}
    bench.co.switches.most_accounts = before

    (full,) = bench.qbo.send([bench.op(draft(bench), name="full")])

    assert isinstance(full, Refused)
    assert "limit on accounts" in full.detail
    assert len(bench.co.store["Account"]) == before
    said = {"Name": "OfferingSku", "Value": "QuickBooks Online Advanced"}
    bench.co.store["CompanyInfo"]["1"]["NameValue"] = [said]
    bench.post(bench.op(draft(bench), name="advanced"))


def test_a_lost_answer_is_found_by_its_mark_whatever_its_name_became(bench: Bench) -> None:
    asked, other = bench.op(draft(bench)), bench.op(draft(bench, "00002 Crane"), name="b")
    began = bench.co.clock.now()
    bench.faults.add("create account", 1, "drop_after")

    (lost,) = bench.qbo.send([asked])

    assert isinstance(lost, Uncertain)
    (row,) = [one for one in bench.co.store["Account"].values() if one["Name"] == "00001 Bird"]
    assert bench.qbo.look_up([asked, other], began)[asked.request_id].id == row["Id"]
    row["Name"], row["Description"] = "00001 Bird", ""
    found = bench.qbo.find(asked)
    assert found is not None
    assert found.id == row["Id"]
    row["ParentRef"] = {"value": bench.account("Client Retainers Operating")}
    assert bench.qbo.find(asked) is None


@pytest.mark.parametrize(
    ("plan", "most"),
    [("QuickBooks Online Advanced", None), ("QuickBooks Online Plus", 250), ("Simple Start", 250), ("", 250)],
)
def test_the_plan_says_how_many_accounts_there_may_be(plan: str, most: int | None) -> None:
    info = {"NameValue": [{"Name": "OfferingSku", "Value": plan}]}
    assert read.company(info, {}).most_accounts == most
