"""The yearly pack of a firm's trust accounts: accounts, signed months, open findings (partner 10).

What California's CTAPP registration and self-assessment ask for; any place's yearly duty is met by the same.
To be asked within an open scope of the firm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Max, Sum
from django.db.models.fields.json import KeyTextTransform

from mapping import queries as mapping
from syncapp.records.models import Hold
from trust.models import SignOff
from trust.queries import lists, rules, signing
from trust.queries.controls.firm_money import firm_money
from trust.queries.controls.hands import hands
from trust.queries.controls.separation import separation
from trust.queries.pairs import pairs
from trust.signing.states import Act, State

if TYPE_CHECKING:
    from accounts.models import Firm
    from trust.jurisdictions import Rule
    from trust.models import TrustPair

STATES = {
    State.OPEN: "not prepared",
    State.PREPARED: "awaits signature",
    State.ASKED: "a question is open",
    State.SIGNED: "signed",
    State.SUSPENDED: "signature suspended",
}
EARLIEST = 10  # years that the page offers


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of an account with the signature in force, if there is one."""

    month: date
    state: State
    signer: str = ""
    bar_number: str = ""
    at: datetime | None = None
    digest: str = ""

    @property
    def words(self) -> str:
        """Return how it stands."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is open, in words; `amount` in minor units where it has one."""

    words: str
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One trust account in the year. `bank` is the account in the books."""

    pair: TrustPair
    bank: str
    place: str
    duty: Rule
    months: tuple[Month, ...]
    findings: tuple[Finding, ...]

    @property
    def signed(self) -> int:
        """Return how many months are signed."""
        return sum(one.state is State.SIGNED for one in self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The pack of one year: every account, and what is open of client money without naming one."""

    year: int
    accounts: tuple[Account, ...]
    other: tuple[Finding, ...]

    @property
    def signed(self) -> int:
        """Return how many months are signed in all accounts."""
        return sum(one.signed for one in self.accounts)

    @property
    def due(self) -> int:
        """Return how many months there are to sign."""
        return sum(len(one.months) for one in self.accounts)

    @property
    def open(self) -> int:
        """Return how many findings are open."""
        return len(self.other) + sum(len(one.findings) for one in self.accounts)


def years(firm_id: int, today: date) -> list[int]:
    """Return the years that have a trust account, the latest first."""
    first = min((pair.start.year for pair in pairs(firm_id)), default=today.year)
    return list(range(today.year, max(first, today.year - EARLIEST) - 1, -1))


def pack(firm: Firm, year: int, today: date) -> Pack:
    """Gather the pack of a year, as it stands today."""
    stuck = _exceptions(firm.pk)
    standing = signing.states_of(firm.pk)
    accounts = [
        _account(pair, year, today, standing, stuck.pop(pair.clio_account, []))
        for pair in pairs(firm.pk).select_related("firm", "books")
        if pair.start.year <= year
    ]
    other = tuple(finding for findings in stuck.values() for finding in findings)
    return Pack(year=year, accounts=tuple(accounts), other=other)


def _account(
    pair: TrustPair,
    year: int,
    today: date,
    standing: dict[tuple[int, date], State],
    stuck: list[Finding],
) -> Account:
    place = rules.rules_of(pair)
    known = mapping.chart(pair.books_id).accounts.get(pair.bank)
    months = _months(pair, year, today, standing)
    return Account(
        pair=pair,
        bank=known.name if known else pair.bank,
        place=place.name,
        duty=place.rule("review"),
        months=months,
        findings=(*stuck, *_findings(pair, year, today, months)),
    )


def _months(
    pair: TrustPair, year: int, today: date, standing: dict[tuple[int, date], State]
) -> tuple[Month, ...]:
    """List the months of the year that are over, with the signature of each."""
    first = max(date(year, 1, 1), signing.month_of(pair.start))
    rows = SignOff.objects.filter(
        firm_id=pair.firm_id,
        reconciliation__pair=pair,
        reconciliation__month__year=year,
        act=Act.SIGNED.value,
    )
    signed = {row.reconciliation.month: row for row in rows.select_related("reconciliation").order_by("pk")}
    found: list[Month] = []
    month = first
    while month.year == year and signing.next_month(month) <= today:
        state, row = standing.get((pair.pk, month), State.OPEN), signed.get(month)
        told = Month(month=month, state=state)
        if row is not None and state is State.SIGNED:
            told = Month(
                month=month,
                state=state,
                signer=row.name,
                bar_number=row.bar_number,
                at=row.at,
                digest=row.digest,
            )
        found.append(told)
        month = signing.next_month(month)
    return tuple(found)


def _findings(pair: TrustPair, year: int, today: date, months: tuple[Month, ...]) -> Iterator[Finding]:
    for one in months:
        if one.state is not State.SIGNED:
            yield Finding(words=f"{one.month:%B %Y}: {one.words}.")
    first, last = date(year, 1, 1), date(year, 12, 31)
    shared = sum(one.open for one in separation(pair, first, last))
    if shared:
        yield Finding(words=f"{_count(shared, 'month')} in which one person had two duties without a reason.")
    own = [one for one in firm_money(pair, first, last) if one.open]
    if own:
        words = f"{_count(len(own), 'movement')} that may be the firm's own money, not resolved."
        yield Finding(words=words, amount=sum(one.amount for one in own))
    touched = sum(one.open for one in hands(pair, first, last))
    if touched:
        yield Finding(words=f"{_count(touched, 'change')} in QuickBooks after posting, not resolved.")
    resting = lists.lists_of(pair, min(today, last)).open
    if resting:
        yield Finding(
            words=f"{_count(resting, 'thing')} resting too long or missing, listed for the account."
        )


def _exceptions(firm_id: int) -> dict[str, list[Finding]]:
    """Return the open cases of client money by the account that their records name, else under none."""
    rows = Hold.objects.filter(firm_id=firm_id, case__severity="trust", closed_at__isnull=True).order_by()
    named = Max(KeyTextTransform("account", "facts"))
    listed = rows.values("case_id", "case__title").annotate(account=named, amount=Sum("amount"))
    found: dict[str, list[Finding]] = defaultdict(list)
    for row in listed.order_by("case_id"):
        found[str(row["account"] or "")].append(Finding(words=row["case__title"], amount=row["amount"]))
    return found


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
