"""Ledgers as accounts of their own: types and planner keep each account to its ledger and its pair."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from syncapp.core.books import Account, Chart
from syncapp.core.ledger import (
    TrustBankLine,
    TrustJournalDraft,
    TrustLedgerLine,
    account_of,
    account_subject,
)
from syncapp.core.planning.trust.accounts import ledger_account, no_room
from syncapp.core.planning.trust.changes import amendments
from syncapp.core.planning.trust.opening import placed
from syncapp.core.planning.trust.plan import plan_leg
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Problem
from syncapp.pipeline.settling.barriers import Blocked, check
from syncapp.pipeline.trust.ledger_accounts import under
from syncapp.records.models import Link
from tests.core.test_trust_wall import BOOK, DAY, PAIRS, context
from trust.nouns import Movement
from trust.pairing import SUB_ACCOUNT, Terms, faults

OWN = replace(BOOK, pairs={key: replace(pair, own_accounts=True) for key, pair in PAIRS.items()})
MINE = account_subject("20", "matters/1")
CHILD = Account(
    id="40", name="Client Funds:Acme", type="Other Current Liability", subtype="TrustAccountsLiabilities",
    parent="20",
)  # fmt: skip


def line(amount: int = -500, **more: Any) -> TrustLedgerLine:
    given = {"account": "20", "ledger": "matters/1", "customer": "", "below": MINE, **more}
    return TrustLedgerLine(amount=amount, **given)


def entry(*ledgers: TrustLedgerLine, bank: str = "5") -> TrustJournalDraft:
    amount = -sum(one.amount for one in ledgers)
    banks = (TrustBankLine(account=bank, amount=amount),) if amount else ()
    return TrustJournalDraft(number="T1", day=DAY, banks=banks, ledgers=ledgers)


def nobody(_: str) -> bool:
    """No account stands for a ledger yet."""
    return False


def book(*accounts: Account, **more: Any) -> Any:
    chart = Chart(
        accounts={**BOOK.chart.accounts, **{one.id: one for one in accounts}}, items=BOOK.chart.items
    )
    return replace(OWN, chart=chart, **more)


def judged(account: Account) -> Problem | None:
    """What the planner says of an entry on an account that stands for a ledger."""
    known = context(book(account))
    known.links[MINE] = Link(subject=MINE, object_kind="account", remote_id=account.id, generation=1)
    try:
        check(known, Wanted(subject="bank_transactions/1", draft=entry(line())))
    except Blocked as blocked:
        return blocked.problem
    return None


def test_a_movement_names_its_ledger_by_its_account_and_by_no_customer() -> None:
    moved = Movement(
        subject="bank_transactions/1", day=DAY, amount=500, ledgers=(("matters/1", 500),), kind="deposit"
    )

    planned = plan_leg("IOLTA", moved, OWN)

    assert isinstance(planned, Answer)
    draft = planned.wanted[0].draft
    assert draft.needs() == (MINE,)
    assert draft.entry()[1].below == MINE
    assert account_of(MINE) == ("20", "matters/1")
    assert account_of("matters/1") is None


@pytest.mark.parametrize(
    "wrong", [{"ledger": "matters/2"}, {"account": "22"}, {"below": account_subject("22", "matters/1")}]
)
def test_the_types_keep_an_account_to_its_ledger_and_its_pair(wrong: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="cannot stand in"):
        line(**wrong)
    assert line(ledger="trust/untagged").below == MINE  # what an opening takes from it


@pytest.mark.parametrize(
    "wrong",
    [
        {"parent": "22"},  # below the liability of another trust account
        {"parent": ""},
        {"active": False},
        {"type": "Income", "subtype": ""},
        {"subtype": "OtherCurrentLiabilities"},
    ],
)
def test_the_planner_posts_on_an_account_only_below_its_own_liability(wrong: dict[str, Any]) -> None:
    assert judged(CHILD) is None
    refused = judged(replace(CHILD, **wrong))
    assert refused is not None
    assert refused.code == "trust_wall"
    assert "Client Funds:Acme" in refused.words


def test_an_account_deep_below_the_liability_is_the_pairs_all_the_same() -> None:
    group = replace(CHILD, id="41", name="Client Funds:Closed")
    assert judged(replace(CHILD, parent="20")) is None
    known = book(group, replace(CHILD, parent="41"))
    assert known.chart.below("20") == {"40", "41"}
    assert under(known.chart, "20", ["20", "41"]) == frozenset()  # a pair below another keeps its own
    ring = Chart(accounts={"1": replace(CHILD, id="1", parent="2"), "2": replace(CHILD, id="2", parent="1")})
    assert ring.below("1") == {"2"}
    assert known.chart.is_below("40", "20")
    assert not known.chart.is_below("20", "40")
    assert not ring.is_below("1", "3")


def test_an_account_is_found_by_name_before_it_is_drafted() -> None:
    name = "00001-Acme Acme Corp"
    options = replace(OWN.options, matter_name="00001-Acme {client}")
    client = replace(OWN.clients[1], name="Acme: Corp")
    drafted = ledger_account(
        MINE, replace(OWN, options=options, clients={1: client}), own={}, linked=nobody, coming=()
    )
    assert isinstance(drafted, Wanted)
    assert getattr(drafted.draft, "name", "") == "00001-Acme Acme - Corp"
    found = book(replace(CHILD, name=f"Client Funds:{name.lower()}"), options=options)
    found = replace(found, clients={1: replace(client, name="Acme Corp")})

    def asked(**more: Any) -> Any:
        return ledger_account(MINE, found, **{"own": {}, "linked": nobody, "coming": (), **more})

    assert asked().adopt == "40"
    assert asked(linked="40".__eq__).draft.name == f"{name} (1)"
    elsewhere = replace(found, chart=replace(found.chart, accounts={**BOOK.chart.accounts, "40": replace(
        CHILD, parent="22", name=f"Escrow Funds:{name}")}))  # fmt: skip
    assert ledger_account(MINE, elsewhere, own={}, linked=nobody, coming=()).adopt == ""  # type: ignore[union-attr]
    assert asked(coming=(name,)).adopt == "40"


def test_the_plans_limit_is_kept_before_it_is_reached() -> None:
    stand = sum(1 for row in OWN.chart.accounts.values() if row.active)
    company = replace(OWN.company, most_accounts=stand + 3, plan="QuickBooks Online Plus")
    limited = replace(OWN, company=company)

    assert no_room(2, 1, "matters/1", limited) is None
    refused = no_room(3, 1, "matters/1", limited)
    assert refused is not None
    assert "matter 00001" in refused.words or "Acme" in refused.words
    assert "Clients in the books" in refused.words
    assert no_room(9999, 0, "matters/1", OWN) is None  # no bound is known


def test_an_opening_takes_from_each_account_what_stood_there_and_the_rest_from_the_liability() -> None:
    whole = TrustLedgerLine(account="20", ledger="trust/untagged", customer="", amount=900, memo="Opening")
    other = account_subject("20", "matters/2")
    draft = entry(whole, line(-600), line(-300, ledger="matters/2", below=other))

    on_accounts = placed(draft, {MINE: 700})

    sums: dict[str, int] = {}
    for one in on_accounts.ledgers:
        sums[one.below] = sums.get(one.below, 0) - one.amount
    assert sums == {"": -200, MINE: -100, other: 300}  # 700 stood there, 600 is right
    assert placed(on_accounts, {MINE: 700}) == on_accounts
    assert placed(draft, {}) == draft


def test_a_later_correction_stands_on_the_same_accounts() -> None:
    other = account_subject("20", "matters/2")
    (later,) = amendments(entry(line()), [], entry(line(-500, ledger="matters/2", below=other)), day=DAY)

    assert {(one.below, one.amount) for one in later.ledgers} == {(MINE, 500), (other, -500)}
    assert later.banks == ()


def test_no_account_lies_below_the_deepest_level() -> None:
    deep = Account(
        id="9", name="A:B:C:D:E", type="Other Current Liability", subtype="TrustAccountsLiabilities"
    )
    terms = Terms(
        clio_account="IOLTA", kind="pooled", bank="5", liability="9", operating="", client_as=SUB_ACCOUNT,
        opening="none", start=DAY, post=(),
    )  # fmt: skip
    known = {**BOOK.chart.accounts, "9": deep}

    assert [fault.term for fault in faults(terms, accounts=known)] == ["client_as"]
    assert not faults(replace(terms, client_as="customer"), accounts=known)
    assert not faults(terms, accounts={**known, "9": replace(deep, name="A:B:C:D")})
