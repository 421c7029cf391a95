"""Currencies, tax, account types, numbers, and what Clio lets us see. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mapping import guards
from mapping.findings import Finding, Severity
from mapping.preflight.ask import CONNECTIONS, MAPPING, TAXES, ClioFacts, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syncapp.core.books import Chart, Company
    from syncapp.core.planning.facts import Options

POOR_CLIO_PLANS = ("easystart",)
NUMBER_LIMIT = 21


def money(company: Company, chart: Chart, clio: ClioFacts, firm_currency: str) -> Iterator[Finding]:
    """The currencies of the firm, of Clio and of the books."""
    yield from tell(
        "currency",
        company.currency == firm_currency,
        good=f"The books are kept in {firm_currency}",
        bad=f"The books are kept in {company.currency}, the firm in {firm_currency}",
        effect="Amounts of two currencies would be added as if they were one. Nothing posts. "
        "Connect the company of this firm.",
        where=CONNECTIONS,
        severity=Severity.BLOCKS,
    )
    if clio.currency:
        yield from tell(
            "clio_currency",
            clio.currency == company.currency,
            good=f"Clio bills in {clio.currency}, as the books are kept",
            bad=f"Clio bills in {clio.currency}, the books are kept in {company.currency}",
            effect="Bills in another currency are held.",
            where="Clio: Settings → Billing; or the QuickBooks company",
        )
    if company.multicurrency:
        foreign = sorted(a.name for a in chart.accounts.values() if a.currency not in {"", company.currency})
        yield from tell(
            "multicurrency",
            not foreign,
            good="Multicurrency is on, all accounts are in the home currency",
            bad=f"Multicurrency is on, and some accounts are in another currency: {', '.join(foreign[:3])}",
            effect="We post in the home currency only. Do not map to those accounts.",
            where=MAPPING,
        )


def tax(company: Company) -> Iterator[Finding]:
    """Whether QuickBooks computes a tax of its own."""
    yield from tell(
        "tax_engine",
        company.tax_engine != "automated",
        good="QuickBooks does not compute sales tax by itself",
        bad="Automated sales tax is on",
        effect="QuickBooks may compute its own tax on taxable products. We post Clio's tax on its own line; "
        "keep the mapped products non-taxable.",
        where=TAXES,
    )


def clio(clio: ClioFacts) -> Iterator[Finding]:
    """What the person who connected Clio can see."""
    yield from tell(
        "clio_role",
        clio.sees_everything,
        good=f"{clio.person or 'The person who connected'} sees all of the firm's bills in Clio",
        bad=f"{clio.person or 'The person who connected'} does not see all of the firm's bills in Clio"
        + (f" ({clio.role})" if clio.role else ""),
        effect="What that person cannot see never reaches the books, and nothing here could tell.",
        where="Connect Clio as a person with the role Administrator and the permissions Billing and Accounts",
    )
    if clio.plan:
        yield from tell(
            "clio_plan",
            not any(poor in clio.plan.casefold().replace(" ", "") for poor in POOR_CLIO_PLANS),
            good=f"The Clio plan is {clio.plan}",
            bad=f"The Clio plan is {clio.plan}, which may not offer everything we read",
            effect="Some lists may be refused by Clio; what cannot be read is shown on the dashboard.",
            where="Clio: Settings → Plan and billing",
        )


def accounts(chart: Chart, options: Options | None) -> Iterator[Finding]:
    """The receivables, and the types of the accounts that options choose."""
    receivable = chart.of_type("Accounts Receivable")
    yield from tell(
        "receivable",
        receivable is not None,
        good="There is an accounts receivable account",
        bad="There is no active accounts receivable account",
        effect="No invoice can post.",
        where="QuickBooks: Chart of accounts",
        severity=Severity.BLOCKS,
    )
    if options is not None:
        yield from _retainers(options)
        yield from _deposits(chart, options)


def _retainers(options: Options) -> Iterator[Finding]:
    if account := options.retainer_account:
        yield from tell(
            "retainer_account",
            guards.nature(account) == "liability",
            good="Operating retainers go to a liability",
            bad=f"Operating retainers go to “{account.name}”, which is no liability",
            effect="Money the firm has not earned would stand as its own.",
            where=f"{MAPPING} → Options → Retainers",
            severity=Severity.BLOCKS,
        )
    if options.retainer_item and options.retainer_account:
        yield from tell(
            "retainer_item",
            options.retainer_item.account == options.retainer_account.id,
            good="The retainer product posts to the retainer account",
            bad=f"The retainer product “{options.retainer_item.name}” does not post to "
            f"“{options.retainer_account.name}”",
            effect="Using a retainer would not lower what is owed to the client.",
            where="QuickBooks: Sales → Products and services",
            severity=Severity.BLOCKS,
        )


def _deposits(chart: Chart, options: Options) -> Iterator[Finding]:
    for row in options.deposits:
        account = chart.accounts.get(row.account)
        if account and account.type not in {"Bank", "Other Current Asset"}:
            yield Finding(
                code="deposit_account",
                severity=Severity.BLOCKS,
                title=f"Payments into “{row.bank_account}” go to “{account.name}”, which is no bank",
                effect="Money received would not stand in a bank account.",
                where=f"{MAPPING} → Options → Deposits",
            )


def collisions(clio: ClioFacts, options: Options | None) -> Iterator[Finding]:
    """Numbers that would collide or be too long."""
    prefix = options.number_prefix if options else ""
    if len(prefix) + len(clio.next_number) > NUMBER_LIMIT:
        yield Finding(
            code="long_numbers",
            severity=Severity.WARNS,
            title=f"The next number, {prefix}{clio.next_number}, is over {NUMBER_LIMIT} characters",
            effect="QuickBooks refuses longer numbers; such a bill is held with a proposal.",
            where=f"{MAPPING} → Options → Prefix",
        )
    ours, theirs = trailing(clio.next_number), trailing(clio.highest_number)
    if ours is None or theirs is None:
        return
    same_form = (prefix + clio.next_number)[: -len(str(ours))].rstrip("0") == clio.highest_number[
        : -len(str(theirs))
    ].rstrip("0")
    yield from tell(
        "numbers_collide",
        not (same_form and theirs >= ours),
        good="Clio's next bill number is above every invoice number in the books",
        bad=f"QuickBooks has invoice numbers up to {clio.highest_number}; Clio's next is {clio.next_number}",
        effect="A bill whose number is taken in the books is held.",
        where=f"{MAPPING} → Options → Prefix; or Clio: Settings → Billing → next bill number",
    )


def trailing(number: str) -> int | None:
    """Return the number at the end of a document number, None without one."""
    found = re.search(r"(\d{1,18})$", number)
    return int(found.group(1)) if found else None
