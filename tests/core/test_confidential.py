"""A confidential matter and its client are known to the books by a code, and no text of them leaves (F26)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from mapping.rules import RuleRow, place
from syncapp.core.documents import Client, Matter
from syncapp.core.ledger import InvoiceDraft
from syncapp.core.planning.bills import plan_bill
from syncapp.core.planning.confidential import coded, masked, rule_of
from syncapp.core.planning.customers import Names, client_customer, matter_customer
from syncapp.core.planning.facts import Book
from syncapp.core.planning.trust.entries import text_of
from syncapp.core.planning.wanted import Answer, Wanted
from tests.core.test_planning_laws import RULES
from tests.core.test_rounding import book, read
from tests.mapping.world import CHART

DOE = Client(id=1, name="Jane Doe", email="jane@doe.test", phone="555-1234", address=("1 Main St",))
ROE = Client(id=2, name="Roe Inc.")
CLIENTS = {1: DOE, 2: ROE}
MATTERS = {
    1: Matter(id=1, number="00001-Doe", client_id=1, description="Divorce", practice_area="Family"),
    2: Matter(id=2, number="00002-Doe", client_id=1, practice_area="Litigation"),
    3: Matter(id=3, number="00003-Roe", client_id=2, practice_area="Litigation"),
}


@pytest.mark.parametrize(
    "said", [{"matters": ["00001-doe "]}, {"matters": ["id:1"]}, {"practice_areas": ["family"]}]
)
def test_a_client_with_such_a_matter_is_coded_as_a_whole_and_nobody_else(said: dict[str, list[str]]) -> None:
    shown = coded(CLIENTS, MATTERS, rule_of(said))

    assert shown.clients == {1: Client(id=1, name="Client 1"), 2: ROE}
    assert [matter.number for matter in shown.matters.values()] == ["Matter 1", "Matter 2", "00003-Roe"]
    assert shown.matters[1].description == ""
    assert shown.known_clients == {1: "Jane Doe"}


def hidden() -> Book:
    shown = coded(CLIENTS, MATTERS, rule_of({"matters": ["id:1"]}))
    rules = (RuleRow(position=0, when={"line": "time", "client": "Jane Doe"}, item="Litigation Fees"), *RULES)
    made = replace(
        book(), clients=shown.clients, matters=shown.matters, known_clients=shown.known_clients,
        known_matters=shown.known_matters, place=partial(place, rules=rules, chart=CHART, fallback=""),
    )  # fmt: skip
    return replace(made, options=replace(made.options, narrative=True))


def test_its_invoice_says_no_name_and_no_narrative_and_its_rule_fits_by_name() -> None:
    bill = replace(read("100.00", "100.00", subject="Divorce of Jane Doe"), subject="Divorce of Jane Doe")
    bill = replace(bill, lines=tuple(replace(line, narrative="Call with Jane Doe") for line in bill.lines))

    answer = plan_bill(bill, hidden())

    assert isinstance(answer, Answer)
    [draft] = [one.draft for one in answer.wanted]
    assert isinstance(draft, InvoiceDraft)
    assert "Doe" not in repr(draft)
    assert draft.message == ""
    assert [line.item for line in draft.lines] == ["21"], "the rule for Jane Doe"


def test_its_customers_bear_codes_and_no_address() -> None:
    at = hidden()
    names = Names.of([], linked=set(), taken=[], clients=at.clients.values())
    client = client_customer(at.clients[1], options=at.options, names=names)
    matter = matter_customer(at.matters[1], at.clients[1], parent_id="", options=at.options, names=names)

    assert isinstance(client, Wanted)
    assert isinstance(matter, Wanted)
    assert "Doe" not in repr((client, matter))
    assert "555" not in repr(client)


def test_a_movement_of_it_says_neither_who_nor_what_for() -> None:
    moved: Any = SimpleNamespace(
        kind="deposit", payee="Jane Doe", text="Retainer, account 1234 5678 9012", check="77", returns=""
    )

    assert text_of(moved, bare=True) == "Deposit into trust: check 77"
    assert text_of(moved) == "Deposit into trust: Jane Doe, check 77, Retainer, account …9012"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Wire from 123456789 on 2026-10-03", "Wire from …6789 on 2026-10-03"),
        ("IBAN-like 1234-5678-9012", "IBAN-like …9012"),
        ("Check 10045, bill 00012345", "Check 10045, bill 00012345"),
    ],
)
def test_of_a_number_that_may_be_an_accounts_four_digits_stay(text: str, told: str) -> None:
    assert masked(text) == told
