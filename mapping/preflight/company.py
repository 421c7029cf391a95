"""What the QuickBooks company does by itself, and what it can keep (qbo/API.md section 8.2). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapping.findings import Finding, Severity
from mapping.preflight.ask import ADVANCED, BILLING, MAPPING, SALES, opposite, spoken_day, tell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from mapping.rules import RuleRow
    from syncapp.core.books import Company
    from syncapp.core.planning.facts import Options

SMALL_PLANS = ("simple start", "easystart", "essentials", "self-employed", "ledger")


def numbers(company: Company) -> Iterator[Finding]:
    """Numbers and guards against duplicates."""
    yield from tell(
        "custom_numbers",
        company.custom_numbers,
        good="Custom transaction numbers are on",
        bad="Custom transaction numbers are off",
        effect="QuickBooks would number invoices itself, and an invoice whose answer was lost could not be "
        "found again by its number. Nothing posts until it is on.",
        where=f"{SALES} → Sales form content → Custom transaction numbers",
        severity=Severity.BLOCKS,
    )
    yield from tell(
        "duplicate_journal",
        company.warn_duplicate_journal,
        good="QuickBooks refuses a journal number used twice",
        bad="QuickBooks accepts a journal number used twice",
        effect="A second guard against an entry posted twice is missing; we still look before sending again.",
        where=f"{ADVANCED} → Other preferences → Warn if duplicate journal number is used",
    )
    yield from tell(
        "duplicate_check",
        company.warn_duplicate_check,
        good="QuickBooks warns of a check number used twice",
        bad="QuickBooks does not warn of a check number used twice",
        effect="A check typed in by hand beside ours would not be noticed by QuickBooks.",
        where=f"{ADVANCED} → Other preferences → Warn if duplicate check number is used",
    )


def sales(company: Company) -> Iterator[Finding]:
    """What QuickBooks would do to our invoices by itself."""
    yield from tell(
        "auto_apply",
        opposite(company.auto_apply_credits),
        good="QuickBooks does not apply credits by itself",
        bad="QuickBooks applies credits to invoices by itself",
        effect="It would pay invoices that Clio shows as open, and receivables would differ. "
        "Switch it off before the first invoice posts.",
        where=f"{ADVANCED} → Automation → Automatically apply credits",
    )
    yield from tell(
        "discounts",
        company.allow_discounts,
        good="Discounts on invoices are allowed",
        bad="Discounts on invoices are switched off",
        effect="A bill with a discount is refused by QuickBooks and held.",
        where=f"{SALES} → Sales form content → Discount",
    )
    yield from tell(
        "online_payments",
        opposite(company.online_payments),
        good="QuickBooks does not offer online payment by itself",
        bad="Online payment is on for new invoices",
        effect="We switch it off on what we create, but an invoice made by hand may ask clients to pay "
        "outside Clio, and such a payment is not in Clio.",
        where="QuickBooks: Gear → Account and settings → Payments",
    )


def tracking(company: Company, rules: tuple[RuleRow, ...]) -> Iterator[Finding]:
    """Classes and locations, where rules set them."""
    if any(rule.class_id for rule in rules):
        per_line = company.classes_per_line
        bad = (
            "Classes are tracked once per invoice, not per line"
            if company.classes_per_transaction
            else "Class tracking is off"
        )
        yield from tell(
            "classes",
            per_line,
            good="Classes are tracked on each line",
            bad=bad,
            effect="Rules set a class that QuickBooks would not keep on each line, "
            "so reports by class would not add up.",
            where=f"{ADVANCED} → Categories → Track classes → One to each row",
        )
    if any(rule.location for rule in rules):
        yield from tell(
            "locations",
            company.locations,
            good="Locations are tracked",
            bad="Location tracking is off",
            effect="Rules set a location that QuickBooks would not keep.",
            where=f"{ADVANCED} → Categories → Track locations",
        )


def period(company: Company, options: Options | None, today: date) -> Iterator[Finding]:
    """Closing date and report basis."""
    closed = company.closed_through
    if closed is None:
        yield Finding(code="closing_date", severity=Severity.GOOD, title="The books have no closing date")
    else:
        first = min((options.start_bills, options.start_payments, options.start_credits)) if options else None
        overlaps = closed >= today or (first is not None and first <= closed)
        yield from tell(
            "closing_date",
            not overlaps,
            good=f"The books are closed through {spoken_day(closed)}, before anything we post",
            bad=f"The books are closed through {spoken_day(closed)}",
            effect="What is dated in the closed period is held. Nothing is moved to another day.",
            where=f"{ADVANCED} → Accounting → Close the books; or {MAPPING} → Options → Start dates",
        )
    yield from tell(
        "report_basis",
        company.report_basis.casefold() == "accrual" if company.report_basis else None,
        good="Reports are on the accrual basis",
        bad="Reports are on the cash basis by default",
        effect="Postings are the same; choose Accrual in a report before comparing it with this page.",
        where=f"{ADVANCED} → Accounting → Accounting method",
    )


def plan(company: Company) -> Iterator[Finding]:
    """The plan and whether the subscription runs."""
    small = any(name in company.plan.casefold() for name in SMALL_PLANS)
    yield from tell(
        "books_plan",
        not small if company.plan else None,
        good=f"The plan is {company.plan or 'known'}",
        bad=f"The plan is {company.plan}, which has neither classes nor locations",
        effect="Invoices and payments post; income by class needs QuickBooks Online Plus or Advanced.",
        where=BILLING,
    )
    lapsed = company.subscription.casefold() in {"expired", "cancelled", "canceled", "suspended"}
    if company.subscription:
        yield from tell(
            "subscription",
            not lapsed,
            good="The subscription is running",
            bad=f"The subscription is {company.subscription.lower()}",
            effect="QuickBooks refuses every entry until the subscription runs again.",
            where=BILLING,
            severity=Severity.BLOCKS,
        )
