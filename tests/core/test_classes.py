"""Classes and locations where the company keeps one for each invoice: never dropped, never chosen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from mapping.rules import RuleRow, place
from syncapp.core.books import Tag
from syncapp.core.documents import Bill
from syncapp.core.ledger import InvoiceDraft
from syncapp.core.planning.bills import plan_bill
from syncapp.core.planning.facts import Book
from syncapp.core.problems import Problem
from tests.core.test_planning_laws import CALM, RULES, bills, books
from tests.mapping.world import CHART, COMPANY

FIRST, SECOND = Tag(id="30", name="Litigation"), Tag(id="31", name="Corporate")
TWO = replace(CHART, classes={one.id: one for one in (FIRST, SECOND)})
CLASSED: tuple[RuleRow, ...] = (
    RuleRow(
        position=0,
        when={"line": "time", "practice_area": "Litigation"},
        item="Litigation Fees",
        class_id=FIRST.name,
    ),
    RuleRow(position=1, when={"line": "time"}, item="Legal Fees", class_id=SECOND.name),
    *(replace(rule, position=rule.position + 2) for rule in RULES),
)
ONE_CLASS = replace(COMPANY, classes_per_line=False, classes_per_transaction=True)


@CALM
@given(bills(), books(), st.booleans())
def test_an_invoice_of_two_classes_is_held_where_it_has_one(bill: Bill, book: Book, whole: bool) -> None:
    company = ONE_CLASS if whole else replace(COMPANY, classes_per_line=True, classes_per_transaction=False)
    rules = partial(place, rules=CLASSED, chart=TWO, fallback="")
    answer = plan_bill(bill, replace(book, company=company, place=rules, chart=TWO))

    if isinstance(answer, Problem):
        assert answer.code != "mixed_classes" or whole
        return
    for wanted in answer.wanted:
        assert isinstance(wanted.draft, InvoiceDraft)
        lines = {line.class_id for line in wanted.draft.lines} - {""}
        assert not lines if whole else not wanted.draft.class_id
        if whole and any(line.item in _classed_items() for line in wanted.draft.lines):
            assert wanted.draft.class_id in {FIRST.id, SECOND.id}


def _classed_items() -> set[str]:
    return {item.id for item in CHART.items.values() if item.name in {"Litigation Fees", "Legal Fees"}}
