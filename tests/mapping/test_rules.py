"""The mapping rules decide, or say why they cannot; they never guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.rules import HOLD, WHEN_KEYS, RuleRow, matches, place
from syncapp.core.books import Account, Chart, Item, Tag
from syncapp.core.documents import Cost, LineKind
from syncapp.core.planning.facts import LineFacts, Target
from syncapp.core.problems import Problem

ACCOUNTS = [
    Account(id="1", name="Legal Fee Income", type="Income"),
    Account(id="2", name="Advanced Client Costs", type="Other Current Asset"),
    Account(id="3", name="Sales Tax Payable", type="Other Current Liability"),
    Account(id="4", name="Discounts Given", type="Income", subtype="DiscountsRefundsGiven"),
    Account(id="5", name="IOLTA", type="Bank", subtype="TrustAccounts"),
    Account(id="6", name="Client Funds", type="Other Current Liability"),
    Account(id="7", name="Old Income", type="Income", active=False),
]
ITEMS = [
    Item(id="10", name="Legal Fees", account="1"),
    Item(id="11", name="Litigation Fees", account="1"),
    Item(id="12", name="Costs Advanced", account="2"),
    Item(id="13", name="Tax", account="3"),
    Item(id="14", name="Filing fees", account="1", active=False),
    Item(id="15", name="All Fees", type="Category"),
    Item(id="16", name="Trust fees", account="5"),
    Item(id="17", name="Held fees", account="6"),
    Item(id="18", name="Old Fees", account="7"),
    Item(id="19", name="Lost", account="99"),
]
CHART = Chart(
    accounts={a.id: a for a in ACCOUNTS},
    items={i.id: i for i in ITEMS},
    classes={"20": Tag(id="20", name="Litigation"), "21": Tag(id="21", name="Old", active=False)},
    locations={"30": Tag(id="30", name="Raleigh")},
)


def rules(*rows: dict[str, object]) -> list[RuleRow]:
    return [RuleRow(position=n, **row) for n, row in enumerate(rows, start=1)]  # type: ignore[arg-type]


TIME = LineFacts(line=LineKind.TIME, practice_area="Litigation", timekeeper="Ann Ash")


def test_the_first_matching_rule_wins() -> None:
    rows = rules(
        {"when": {"line": "time", "practice_area": "litigation "}, "item": "Litigation Fees"},
        {"when": {"line": "time"}, "item": "Legal Fees"},
    )

    assert place(TIME, rows, CHART, HOLD) == Target(account="1", item="11", rule=1)


def test_class_and_location_come_from_the_first_rules_that_set_them() -> None:
    rows = rules(
        {"when": {"office": "Raleigh"}, "location": "Raleigh"},
        {"when": {"line": "time"}, "item": "Legal Fees"},
        {"when": {"practice_area": "Litigation"}, "class_id": "id:20", "location": "nowhere"},
    )
    facts = LineFacts(line=LineKind.TIME, practice_area="Litigation", office="raleigh")

    assert place(facts, rows, CHART, HOLD) == Target(
        account="1", item="10", class_id="20", location="30", rule=2
    )


def test_an_unmapped_line_is_held_with_words_and_one_cause_for_its_like() -> None:
    one = place(LineFacts(line=LineKind.TIME, practice_area="Estates", timekeeper="A"), [], CHART, HOLD)
    two = place(LineFacts(line=LineKind.TIME, practice_area=" estates", timekeeper="B"), [], CHART, HOLD)

    assert isinstance(one, Problem)
    assert isinstance(two, Problem)
    assert one.words == "Choose a product or service for time on Estates matters."
    assert one.cause_key == two.cause_key == "unmapped:line=time;practice_area=estates"


def test_the_fallback_takes_what_no_rule_names() -> None:
    assert place(TIME, [], CHART, "Legal Fees") == Target(account="1", item="10", rule=0)


@pytest.mark.parametrize(
    ("item", "code", "words"),
    [
        ("Filing fees", "inactive_item", "Item “Filing fees” is inactive in QuickBooks."),
        ("Old Fees", "inactive_account", "Account “Old Income” is inactive in QuickBooks."),
        ("All Fees", "not_sellable", "“All Fees” is a category"),
        ("Nothing", "missing_in_books", "There is no product or service “Nothing” in QuickBooks."),
        ("Lost", "missing_in_books", "names no account"),
        ("Trust fees", "trust_wall", "holds client money"),
        ("Held fees", "trust_wall", "holds client money"),
    ],
)
def test_a_target_that_cannot_take_the_line_is_a_problem_and_never_the_next_rule(
    item: str, code: str, words: str
) -> None:
    rows = rules({"when": {"line": "time"}, "item": item}, {"item": "Legal Fees"})

    found = place(TIME, rows, CHART, "Legal Fees", walled=frozenset({"6"}))

    assert isinstance(found, Problem)
    assert found.code == code
    assert words in found.words


@pytest.mark.parametrize(
    ("facts", "row", "code"),
    [
        (LineFacts(line=LineKind.TAX), {"item": "Legal Fees"}, "tax_to_liability"),
        (LineFacts(line=LineKind.WRITE_OFF, of="tax"), {"item": "Legal Fees"}, "tax_to_liability"),
        (LineFacts(line=LineKind.EXPENSE, cost=Cost.HARD), {"item": "Legal Fees"}, "hard_cost_to_asset"),
        (LineFacts(line=LineKind.DISCOUNT), {"account": "Sales Tax Payable"}, "discount_account"),
        (LineFacts(line=LineKind.DISCOUNT), {"account": "IOLTA"}, "trust_wall"),
        (LineFacts(line=LineKind.DISCOUNT), {"item": "Legal Fees"}, "needs_account"),
        (LineFacts(line=LineKind.TIME), {"account": "Legal Fee Income"}, "needs_item"),
        (LineFacts(line=LineKind.TIME), {"item": "Legal Fees", "class_id": "Old"}, "inactive_class"),
        (LineFacts(line=LineKind.TIME), {"item": "Legal Fees", "location": "Cary"}, "missing_in_books"),
    ],
)
def test_each_kind_of_line_has_accounts_it_may_not_touch(
    facts: LineFacts, row: dict[str, object], code: str
) -> None:
    found = place(facts, rules(row), CHART, HOLD)

    assert isinstance(found, Problem)
    assert found.code == code


@pytest.mark.parametrize(
    ("facts", "row", "account"),
    [
        (LineFacts(line=LineKind.TAX), {"item": "Tax"}, "3"),
        (LineFacts(line=LineKind.EXPENSE, cost=Cost.HARD), {"item": "Costs Advanced"}, "2"),
        (LineFacts(line=LineKind.EXPENSE, cost=Cost.SOFT), {"item": "Legal Fees"}, "1"),
        (LineFacts(line=LineKind.DISCOUNT), {"account": "Discounts Given"}, "4"),
    ],
)
def test_the_right_types_are_taken(facts: LineFacts, row: dict[str, object], account: str) -> None:
    found = place(facts, rules(row), CHART, HOLD)

    assert isinstance(found, Target)
    assert found.account == account


def test_before_the_books_were_read_a_mapped_line_waits_for_them() -> None:
    found = place(TIME, rules({"item": "Legal Fees"}), Chart(), HOLD)

    assert isinstance(found, Problem)
    assert found.code == "chart_not_read"


TEXTS = st.sampled_from(["", "Litigation", "Estates", "time", "expense", "hard", "Ann Ash", "tax"])
PICKS = st.sampled_from(["", *[i.name for i in ITEMS], "id:10", "id:5", "Nothing"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "when": st.dictionaries(st.sampled_from(WHEN_KEYS), TEXTS, max_size=3),
            "item": PICKS,
            "account": st.sampled_from(["", *[a.name for a in ACCOUNTS], "id:4", "Nothing"]),
            "class_id": st.sampled_from(["", "Litigation", "Old", "Nothing"]),
            "location": st.sampled_from(["", "Raleigh", "Nothing"]),
        }
    ),
    max_size=6,
)
FACTS = st.builds(
    LineFacts,
    line=st.sampled_from(LineKind),
    practice_area=TEXTS,
    timekeeper=TEXTS,
    cost=st.sampled_from([None, Cost.HARD, Cost.SOFT]),
    of=st.sampled_from(["", "fees", "costs", "tax"]),
)


@given(facts=FACTS, rows=ROWS, fallback=PICKS)
def test_nothing_is_ever_defaulted(facts: LineFacts, rows: list[dict[str, object]], fallback: str) -> None:
    """A target is one that a matching rule or the fallback names, and never client money; else a problem."""
    table = rules(*rows)

    found = place(facts, table, CHART, fallback, walled=frozenset({"6"}))

    if isinstance(found, Problem):
        assert found.words
        return
    assert found.account not in {"5", "6"}
    fitting = [row for row in table if matches(row.when, facts)]
    if found.rule == 0:
        assert not any(row.item or row.account for row in fitting)
        named_item, named_account = fallback, ""
    else:
        chosen = next(row for row in fitting if row.item or row.account)
        assert chosen.position == found.rule
        named_item, named_account = chosen.item, chosen.account
    if facts.line is LineKind.DISCOUNT:
        account = CHART.account_named(named_account)
        assert account is not None
        assert account.id == found.account
    else:
        item = CHART.item_named(named_item)
        assert item is not None
        assert (item.id, item.account) == (found.item, found.account)
