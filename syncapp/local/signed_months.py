"""A year of client money as its firm has left it: statements brought in, months prepared and signed.

For the demonstration: what a bookkeeper and a partner would press, month by month. A month that does not tie
stays open, for a person to find out why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.queries import today_of
from accounts.tenancy import firm_scope
from trust.actions import naming, signing, statements
from trust.models import SignOff, TrustPair
from trust.queries import figures as figures_query
from trust.queries import rules as rules_query
from trust.queries import signing as signing_query
from trust.queries.pairs import pair_named, pairs
from trust.statements.fitting import Told

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import Firm, User

BAR_NUMBER = "NC 40217"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One statement as its bank hands it out. `account` is Clio's name of the account."""

    account: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """How the months of one account ended: signed, or open with the reason."""

    account: str
    signed: tuple[date, ...]
    left: tuple[tuple[date, str], ...]


def bring_in(*, firm: Firm, files: Iterable[File], by: User, now: datetime) -> int:
    """Import statements in their order; return how many. Raises KeyError for an account without a pair."""
    count = 0
    for one in files:
        opened = statements.open_file(name=one.name, content=one.content, currency=firm.currency)
        with firm_scope(write=firm.pk):
            pair = pair_named(firm.pk, one.account)
            if pair is None:
                raise KeyError(one.account)
            statements.take(pair=pair, file=opened, told=Told(), by=by, today=today_of(firm, now), now=now)
        count += 1
    return count


def sign_months(
    *, firm: Firm, first: date, last: date, bookkeeper: User, partner: User, now: datetime
) -> list[Year]:
    """Prepare and sign each month of a time that a lawyer may sign, account by account."""
    today = today_of(firm, now)
    with firm_scope(write=firm.pk):
        accounts = list(pairs(firm.pk).select_related("firm", "books"))
        for pair in accounts:
            _approve_text(pair, partner, now)
    found = []
    for pair in accounts:
        signed: list[date] = []
        left: list[tuple[date, str]] = []
        for month in reversed(signing_query.months(pair, today)):
            if not first <= month <= last:
                continue
            if why := _month(pair, month, bookkeeper, partner, today, now):
                left.append((month, why))
            else:
                signed.append(month)
        found.append(Year(account=str(pair), signed=tuple(signed), left=tuple(left)))
    return found


def _approve_text(pair: TrustPair, partner: User, now: datetime) -> None:
    """Approve the certification text of the account's place, once."""
    text = rules_query.rules_of(pair).rule("certification")
    if not text.by:
        naming.set_rule(
            firm_id=pair.firm_id,
            code=rules_query.code_of(pair),
            key="certification",
            words=text.words,
            value=text.value,
            source="Read and approved by the firm's partners",
            dated=now.date().isoformat(),
            actor=partner,
            now=now,
        )


def _month(pair: TrustPair, month: date, bookkeeper: User, partner: User, today: date, now: datetime) -> str:
    """Prepare and sign one month; return why not, empty when it is signed."""
    with firm_scope(write=pair.firm_id):
        found = figures_query.of(pair, month)
        if not found.signable:
            return " ".join(found.obstacles)
        made = signing.submit(
            pair=pair, month=month, figures=found, actor=bookkeeper, position="Bookkeeper", now=now
        )
        if not isinstance(made, SignOff):
            return made
        done = signing.sign(
            one=made.reconciliation,
            figures=found,
            seen=found.digest,
            actor=partner,
            name=partner.get_full_name() or str(partner),
            bar_number=BAR_NUMBER,
            today=today,
            now=now,
        )
        return "" if isinstance(done, SignOff) else done
