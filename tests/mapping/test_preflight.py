"""Pre-flight names each setting that would make the books differ, and where to change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mapping.checks import check
from mapping.coverage import Practice, coverage, sorts
from mapping.findings import Finding, Severity
from mapping.options import resolve
from mapping.preflight import ClioFacts, findings
from mapping.rules import HOLD, RuleRow, place
from mapping.suggest import suggest, suggest_options
from syncapp.core.books import Company
from tests.mapping.world import CHART, OPTIONS

GOOD = Company(
    id="1",
    name="Ash & Birch",
    plan="QuickBooks Online Plus",
    subscription="PAID",
    custom_numbers=True,
    warn_duplicate_journal=True,
    warn_duplicate_check=True,
    auto_apply_credits=False,
    allow_discounts=True,
    online_payments=False,
    classes_per_line=True,
    locations=True,
    report_basis="Accrual",
)
CLIO = ClioFacts(
    person="Ann Ash", sees_everything=True, plan="Complete", next_number="1001", highest_number="900"
)
RULES = (RuleRow(position=1, item="Legal Fees", class_id="Litigation", location="Raleigh"),)
PLAIN = {key: value for key, value in OPTIONS.items() if key != "trust"}


def asked(company: Company = GOOD, clio: ClioFacts = CLIO, **options: object) -> dict[str, Finding]:
    chosen = resolve({**PLAIN, **options}, CHART, pins={}).options
    rows = findings(
        company=company, chart=CHART, clio=clio, rules=RULES, options=chosen, today=date(2026, 5, 4)
    )
    return {row.code: row for row in rows}


def test_a_company_set_up_rightly_passes_every_check() -> None:
    assert {row.severity for row in asked().values()} == {Severity.GOOD}


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        ({"custom_numbers": False}, "custom_numbers", Severity.BLOCKS),
        ({"custom_numbers": None}, "custom_numbers", Severity.WARNS),
        ({"warn_duplicate_journal": False}, "duplicate_journal", Severity.WARNS),
        ({"warn_duplicate_check": False}, "duplicate_check", Severity.WARNS),
        ({"auto_apply_credits": True}, "auto_apply", Severity.WARNS),
        ({"allow_discounts": False}, "discounts", Severity.WARNS),
        ({"online_payments": True}, "online_payments", Severity.WARNS),
        ({"classes_per_line": False}, "classes", Severity.WARNS),
        ({"locations": False}, "locations", Severity.WARNS),
        ({"closed_through": date(2026, 3, 31)}, "closing_date", Severity.WARNS),
        ({"closed_through": date(2025, 12, 31)}, "closing_date", Severity.GOOD),
        ({"report_basis": "Cash"}, "report_basis", Severity.WARNS),
        ({"currency": "CAD"}, "currency", Severity.BLOCKS),
        ({"tax_engine": "automated"}, "tax_engine", Severity.WARNS),
        ({"plan": "QuickBooks Online Simple Start"}, "books_plan", Severity.WARNS),
        ({"subscription": "EXPIRED"}, "subscription", Severity.BLOCKS),
    ],
)
def test_each_setting_is_found(change: dict[str, object], code: str, severity: Severity) -> None:
    found = asked(replace(GOOD, **change))[code]  # type: ignore[arg-type]

    assert found.severity is severity
    assert severity is Severity.GOOD or (found.effect and found.where)


@pytest.mark.parametrize(
    ("ours", "theirs", "prefix", "severity"),
    [
        ("1001", "1040", "", Severity.WARNS),
        ("1001", "1001", "", Severity.WARNS),
        ("1001", "1000", "", Severity.GOOD),
        ("1001", "1040", "C-", Severity.GOOD),
        ("1001", "C-1040", "C-", Severity.WARNS),
    ],
)
def test_numbers_that_would_collide(ours: str, theirs: str, prefix: str, severity: Severity) -> None:
    clio = replace(CLIO, next_number=ours, highest_number=theirs)

    assert asked(clio=clio, invoices={"number_prefix": prefix})["numbers_collide"].severity is severity


def test_clio_seen_with_too_few_rights_and_a_small_plan() -> None:
    found = asked(clio=replace(CLIO, sees_everything=False, role="Non-attorney", plan="EasyStart"))

    assert found["clio_role"].severity is Severity.WARNS
    assert "Ann Ash does not see all" in found["clio_role"].title
    assert found["clio_plan"].severity is Severity.WARNS


def test_rules_are_judged_where_they_stand() -> None:
    rows = [
        RuleRow(position=1, when={"line": "time"}, item="Legal Fees"),
        RuleRow(position=2, when={"line": "time", "client": "X"}, item="Legal Fees"),
        RuleRow(position=3, when={"line": "tax"}, item="Legal Fees"),
        RuleRow(position=4, when={"line": "expense"}, item="Old Fees"),
        RuleRow(position=5, when={"lime": "x"}, class_id="Nowhere"),
        RuleRow(position=6, when={"line": "discount"}, account="IOLTA"),
    ]

    found = {(row.rule, row.code): row.severity for row in check(rows, CHART, OPTIONS)}

    assert found == {
        (2, "unreachable"): Severity.WARNS,
        (3, "tax_to_liability"): Severity.BLOCKS,
        (4, "inactive_item"): Severity.WARNS,
        (5, "unknown_condition"): Severity.BLOCKS,
        (5, "missing_in_books"): Severity.BLOCKS,
        (6, "trust_wall"): Severity.BLOCKS,
    }


def test_the_proposal_stands_and_covers_every_sort_of_line_it_found_a_name_for() -> None:
    practice = Practice(practice_areas=("Estates", "Litigation"), expense_categories=(("Filing", "hard"),))
    rows = suggest(CHART, practice)
    options = {**suggest_options(CHART), "start": OPTIONS["start"]}

    assert check(rows, CHART, options) == []
    assert rows[0] == RuleRow(
        position=1,
        when={"line": "time", "practice_area": "Litigation"},
        item="Litigation Fees",
        class_id="Litigation",
    )
    covered = coverage(lambda facts: place(facts, rows, CHART, HOLD), CHART, sorts(practice))
    assert [row.words for row in covered if row.problem] == []
