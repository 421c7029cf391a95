"""Naming signers, check signers and deputies, and setting the firm's own rules; in a scope that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import audit
from trust import jurisdictions
from trust.models import Deputy, Duty, FirmRule

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from trust.models import TrustPair

DUTY_WORDS = {"signs": "signs reconciliations", "checks": "signs checks"}


def set_rule(
    *,
    firm_id: int,
    code: str,
    key: str,
    words: str,
    value: str,
    source: str,
    dated: str,
    actor: User,
    now: datetime,
) -> FirmRule:
    """Set or approve a rule of a place for the firm, with the source and date that it rests on.

    What held before stays in its history. Raises KeyError for a key that no place has.
    """
    place = jurisdictions.of(code)
    before = FirmRule.objects.filter(firm_id=firm_id, jurisdiction=place.code, key=key).last()
    row = FirmRule.objects.create(
        firm_id=firm_id,
        jurisdiction=place.code,
        key=key,
        words=words,
        value=value,
        source=source,
        dated=dated,
        by=actor,
        at=now,
    )
    audit.record(
        firm_id=firm_id,
        actor=actor,
        verb="trust.rule_set",
        obj=row,
        text=f"{place.rule(key).label}, {place.name}",
        before={"words": before.words, "value": before.value} if before else None,
        after={"words": words, "value": value, "source": source, "dated": dated},
        now=now,
    )
    return row


def name(*, pair: TrustPair, person: User, duty: str, actor: User, now: datetime) -> Duty:
    """Name a person for a duty of an account; naming twice changes nothing."""
    row, made = Duty.objects.get_or_create(
        firm_id=pair.firm_id, pair=pair, user=person, duty=duty, defaults={"at": now}
    )
    if made:
        audit.record(
            firm_id=pair.firm_id,
            actor=actor,
            verb="trust.duty_named",
            obj=pair,
            after={"person": str(person), "duty": DUTY_WORDS[duty]},
            now=now,
        )
    return row


def take_back(*, row: Duty, actor: User, now: datetime) -> None:
    """Take a duty back from a person."""
    audit.record(
        firm_id=row.firm_id,
        actor=actor,
        verb="trust.duty_taken_back",
        obj=row.pair,
        before={"person": str(row.user), "duty": DUTY_WORDS[row.duty]},
        now=now,
    )
    row.delete()


def name_deputy(
    *, firm_id: int, absent: User, deputy: User, first: date, last: date, actor: User, now: datetime
) -> Deputy | str:
    """Name who signs for a lawyer from one day to another; return the words when it cannot be."""
    if absent.pk == deputy.pk:
        return "The deputy is somebody else than the lawyer."
    if last < first:
        return "The last day lies before the first."
    row = Deputy.objects.create(
        firm_id=firm_id,
        absent=absent,
        deputy=deputy,
        first_day=first,
        last_day=last,
        by=actor,
        at=now,
    )
    audit.record(
        firm_id=firm_id,
        actor=actor,
        verb="trust.deputy_named",
        obj=row,
        text=_told(row),
        after={"first_day": first, "last_day": last},
        now=now,
    )
    return row


def end_deputy(*, row: Deputy, actor: User, now: datetime) -> None:
    """End a deputy's time early; the row stays."""
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    audit.record(
        firm_id=row.firm_id, actor=actor, verb="trust.deputy_ended", obj=row, text=_told(row), now=now
    )


def _told(row: Deputy) -> str:
    return f"{row.deputy} for {row.absent}, {row.first_day:%-d %b %Y} to {row.last_day:%-d %b %Y}"
