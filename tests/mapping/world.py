"""A small law firm's chart, and its mapping."""

from __future__ import annotations

from typing import Any

from accounts.models import Books
from accounts.tenancy import firm_scope
from mapping import actions, mirror
from mapping.models import Rule
from mapping.rules import RuleRow
from syncapp.core.books import Account, Chart, Company, Item, Tag
from tests import cast
from tests.cast import House

CHART = Chart(
    accounts={
        row.id: row
        for row in [
            Account(id="1", name="Legal Fee Income", type="Income"),
            Account(id="2", name="Advanced Client Costs", type="Other Current Asset"),
            Account(id="3", name="Sales Tax Payable", type="Other Current Liability"),
            Account(id="4", name="Discounts Given", type="Income", subtype="DiscountsRefundsGiven"),
            Account(id="5", name="IOLTA", type="Bank", subtype="TrustAccounts"),
            Account(id="6", name="Operating Bank", type="Bank"),
            Account(id="7", name="Undeposited Funds", type="Other Current Asset", subtype="UndepositedFunds"),
            Account(id="8", name="Client Retainers", type="Other Current Liability"),
            Account(id="9", name="Bad Debt", type="Expense"),
            Account(id="10", name="Old Account", type="Income", active=False),
            Account(id="11", name="Accounts Receivable", type="Accounts Receivable"),
        ]
    },
    items={
        row.id: row
        for row in [
            Item(id="20", name="Legal Fees", account="1"),
            Item(id="21", name="Litigation Fees", account="1"),
            Item(id="22", name="Advanced Costs", account="2"),
            Item(id="23", name="Costs Recovered", account="1"),
            Item(id="24", name="Sales Tax", account="3"),
            Item(id="25", name="Late Interest", account="1"),
            Item(id="26", name="Costs Written Off", account="9"),
            Item(id="27", name="Write-offs", account="9"),
            Item(id="28", name="Old Fees", account="1", active=False),
            Item(id="29", name="Operating Retainer", account="8"),
        ]
    },
    classes={"30": Tag(id="30", name="Litigation")},
)
COMPANY = Company(id="c1", name="Ash & Birch", custom_numbers=True)
OPTIONS: dict[str, Any] = {
    "start": {"bills": "2026-01-01", "payments": "2026-01-01", "credits": "2026-01-01"},
    "fallback": "hold",
    "deposits": [
        {"clio_bank_account": "Operating Checking", "account": "Operating Bank"},
        {"otherwise": "Undeposited Funds"},
    ],
    "trust": [{"clio_account": "IOLTA", "bank": "IOLTA", "liability": "Client Retainers"}],
}
RULES = (
    RuleRow(position=1, when={"line": "time", "practice_area": "Litigation"}, item="Litigation Fees"),
    RuleRow(position=2, when={"line": "time"}, item="Legal Fees"),
    RuleRow(position=3, when={"line": "expense", "cost": "hard"}, item="Advanced Costs"),
)


def mirrored(house: House, chart: Chart = CHART) -> Books:
    """Return a firm's set of books with its chart read."""
    books = cast.books(house)
    with firm_scope(write=house.firm.pk):
        mirror.mirror_chart(
            firm_id=house.firm.pk, books_id=books.pk, chart=chart, company=COMPANY, now=cast.NOW
        )
    return books


def drafted(house: House) -> Rule:
    """Return the first rule of a draft."""
    books = mirrored(house)
    with firm_scope(write=house.firm.pk):
        draft = actions.save_draft(
            books=books, options=OPTIONS, rules=RULES, author=house.administrator, now=cast.NOW
        )
        return Rule.objects.get(version=draft, position=1)


def published(house: House, **options: Any) -> Books:
    """Return a set of books with a mapping in force."""
    books = mirrored(house)
    with firm_scope(write=house.firm.pk):
        draft = actions.save_draft(
            books=books, options={**OPTIONS, **options}, rules=RULES, author=house.administrator, now=cast.NOW
        )
        assert actions.publish(draft=draft, actor=house.administrator, now=cast.NOW) == []
    return books
