"""Pre-flight: does the company behind the books, and the Clio account, let us post rightly? Pure.

The settings and what they do are in qbo/API.md section 8.2; the numbers' rules in sections 8.6 and 11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapping.preflight import company as company_checks
from mapping.preflight import money as money_checks
from mapping.preflight.ask import ClioFacts

if TYPE_CHECKING:
    from datetime import date

    from mapping.findings import Finding
    from mapping.rules import RuleRow
    from syncapp.core.books import Chart, Company
    from syncapp.core.planning.facts import Options

__all__ = ["ClioFacts", "findings"]


def findings(
    *,
    company: Company,
    chart: Chart,
    clio: ClioFacts,
    rules: tuple[RuleRow, ...],
    options: Options | None,
    today: date,
    firm_currency: str = "USD",
) -> list[Finding]:
    """Check everything and return each check's answer, the good ones too."""
    return [
        *company_checks.numbers(company),
        *company_checks.sales(company),
        *company_checks.tracking(company, rules),
        *company_checks.period(company, options, today),
        *money_checks.money(company, chart, clio, firm_currency),
        *money_checks.tax(company),
        *company_checks.plan(company),
        *money_checks.clio(clio),
        *money_checks.accounts(chart, options),
        *money_checks.collisions(clio, options),
    ]
