"""The yearly pack as a report: PDF and CSV say the same. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trust.reports.nouns import Facts, Money, Report, Table, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import Firm
    from syncapp.desk.queries.yearly import Account, Finding, Pack
    from trust.reports.nouns import Part

KINDS = {"pooled": "pooled", "single-client": "of one client"}


def verdict(found: Pack) -> str:
    """Say in one sentence how the year stands."""
    if not found.accounts:
        return f"{found.year}: no trust account yet."
    findings = "no open finding" if not found.open else f"{found.open} open finding{'s' * (found.open != 1)}"
    return f"{found.year}: {found.signed} of {found.due} months signed, {findings}."


def report(firm: Firm, found: Pack) -> Report:
    """Write the pack: the accounts, then each with its months, its findings and its yearly duty."""
    accounts = Table(
        title="Trust accounts",
        heads=(
            "Account", "Bank account in the books", "Last digits", "Kind", "Jurisdiction", "Signed",
            "Open findings",
        ),
        rows=tuple(
            (
                str(one.pair), one.bank, one.pair.last_digits or "not told", KINDS[one.pair.kind], one.place,
                f"{one.signed} of {len(one.months)}", str(len(one.findings)),
            )
            for one in found.accounts
        ),
    )  # fmt: skip
    each = tuple(part for one in found.accounts for part in _account(one, firm.time_zone))
    other = (_findings("Open findings that name no account", found.other),) if found.other else ()
    return Report(
        title=f"Trust accounts: the pack of {found.year}",
        subject=firm.name,
        parts=(Words(title="How the year stands", paragraphs=(verdict(found),)), accounts, *each, *other),
        currency=firm.currency,
        foot="For the yearly registration and self-assessment; the lawyer certifies what is certified there.",
    )


def _account(one: Account, zone: str) -> Iterator[Part]:
    name = one.pair.with_digits
    yield Table(
        title=f"{name}: {one.signed} of {len(one.months)} reconciliations signed",
        heads=("Month", "State", "Signed by", "Bar number", "When", "SHA-256 of the figures"),
        rows=tuple(
            (
                f"{month.month:%B %Y}", month.words, month.signer, month.bar_number,
                f"{month.at.astimezone(ZoneInfo(zone)):%-d %b %Y %H:%M %Z}" if month.at else "", month.digest,
            )
            for month in one.months
        ),
        empty="No month of this year is over yet.",
    )  # fmt: skip
    yield _findings(f"{name}: open findings", one.findings)
    told = ((one.place, one.duty.words), ("Source", one.duty.provenance))
    yield Facts(title=f"{name}: {one.duty.label.lower()}", rows=told)


def _findings(title: str, findings: tuple[Finding, ...]) -> Table:
    return Table(
        title=title,
        heads=("Finding", "Amount"),
        rows=tuple((one.words, None if one.amount is None else Money(one.amount)) for one in findings),
    )
