"""What a reconciliation report of one month prints, from what was kept and from the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from accounts import queries as accounts
from accounts.roles import Permission, allows
from trust.queries import figures as figures_query
from trust.queries import rules as rules_query
from trust.queries import signing as query
from trust.reports.facts import Done, Sheet
from trust.signing import states
from trust.signing.states import Act

if TYPE_CHECKING:
    from datetime import date, datetime

    from trust.models import SignOff, TrustPair
    from trust.signing.figures import Figures


def sheet(pair: TrustPair, month: date, *, now: datetime) -> Sheet:
    """Return the report of a month as it is known now; a signature whose figures moved is not in force."""
    one = query.reconciliation(pair, month)
    rows = query.sign_offs(one) if one else []
    stands = states.standing([query.as_event(row) for row in rows])
    found = figures_query.of(pair, month)
    told = _history(pair, rows)
    in_force = not states.moved(stands, found)
    at = {row.pk: place for place, row in enumerate(rows)}
    prepared = told[at[stands.prepared.id]] if stands.prepared and in_force else None
    signed = told[at[stands.signed.id]] if stands.signed and in_force else None
    return _sheet(pair, found, told, prepared=prepared, signed=signed, now=now)


def as_signed(pair: TrustPair, row: SignOff, *, now: datetime) -> Sheet | None:
    """Return the report as it was known when one act was done to its figures; None for words alone."""
    found = query.figures_of(row)
    if found is None:
        return None
    rows = [one for one in query.sign_offs(row.reconciliation) if one.pk <= row.pk]
    told = _history(pair, rows)
    prepared = [one for one in told if one.act is Act.PREPARED]
    signed = told[-1] if row.act == Act.SIGNED else None
    return _sheet(pair, found, told, prepared=prepared[-1] if prepared else None, signed=signed, now=now)


def _sheet(
    pair: TrustPair,
    found: Figures,
    told: list[Done],
    *,
    prepared: Done | None,
    signed: Done | None,
    now: datetime,
) -> Sheet:
    return Sheet(
        firm=pair.firm.name,
        account=pair.clio_account,
        last_digits=pair.last_digits,
        books=str(pair.books),
        rules=rules_query.rules_of(pair),
        figures=found,
        made_at=now.astimezone(ZoneInfo(pair.firm.time_zone)),
        prepared=prepared,
        signed=signed,
        history=tuple(told),
    )


def _history(pair: TrustPair, rows: list[SignOff]) -> list[Done]:
    zone = ZoneInfo(pair.firm.time_zone)
    checks = {duty.user_id for duty in query.named(pair, "checks")}
    members = accounts.members(firm_id=pair.firm_id)
    lawyers = {one.user_id for one in members if allows(one.role, Permission.SIGN)}
    return [
        Done(
            act=Act(row.act),
            name=row.name,
            at=row.at.astimezone(zone),
            position=row.position,
            bar_number=row.bar_number,
            deputy_for=str(row.deputy_for) if row.deputy_for else "",
            text=row.text,
            separation=row.separation,
            digest=row.digest,
            certification=row.certification,
            provenance=row.provenance,
            signs_checks=row.by_id in checks,
            lawyer=row.by_id in lawyers,
        )
        for row in rows
    ]
