"""How reconciliations stand, who signs, and which days are locked. To be asked in an open scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from trust.models import Deputy, Duty, Reconciliation, SignOff, TrustPair
from trust.signing import duties, states
from trust.signing.figures import Figures, restored
from trust.signing.states import Act, Event, Standing, State

if TYPE_CHECKING:
    from accounts.models import User

MONTHS_SHOWN = 36


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def months(pair: TrustPair, today: date) -> list[date]:
    """List the months that are over since the account's start, the latest first, three years at most."""
    found: list[date] = []
    month = month_of(pair.start)
    while next_month(month) <= today:
        found.append(month)
        month = next_month(month)
    return found[: -MONTHS_SHOWN - 1 : -1]


def reconciliation(pair: TrustPair, month: date) -> Reconciliation | None:
    """Return the reconciliation of one month; None until somebody submits it."""
    rows = Reconciliation.objects.filter(firm_id=pair.firm_id, pair=pair, month=month_of(month))
    return rows.select_related("pair", "pair__firm").first()


def sign_offs(one: Reconciliation) -> list[SignOff]:
    """List all that was done to a reconciliation, in its order."""
    rows = SignOff.objects.filter(firm_id=one.firm_id, reconciliation=one)
    return list(rows.select_related("by", "deputy_for"))


def as_event(row: SignOff) -> Event:
    """Return a kept act as the states read it."""
    return Event(
        id=row.pk, act=Act(row.act), by=row.by_id, at=row.at, digest=row.digest, answers=row.answers_id
    )


def standing(one: Reconciliation | None) -> Standing:
    """Tell how a reconciliation stands."""
    return states.standing([as_event(row) for row in sign_offs(one)]) if one else Standing()


def figures_of(row: SignOff) -> Figures | None:
    """Return the figures an act was done to, as they were then; None for words alone."""
    return restored(row.figures) if row.figures else None


def states_of(firm_id: int) -> dict[tuple[int, date], State]:
    """Return the state of every reconciliation of a firm, by pair and month."""
    rows = Reconciliation.objects.filter(firm_id=firm_id).values_list("pair_id", "month", "state")
    return {(pair, month): State(state) for pair, month, state in rows}


def standing_months(firm_id: int) -> list[Reconciliation]:
    """List the months that somebody stands for: submitted or signed."""
    live = [State.PREPARED.value, State.ASKED.value, State.SIGNED.value]
    rows = Reconciliation.objects.filter(firm_id=firm_id, state__in=live)
    return list(rows.select_related("pair", "pair__firm").order_by("pk"))


def locked(*, firm_id: int, books_id: int, accounts: Iterable[str], day: date) -> bool:
    """Tell whether a day is locked for any trust account that has one of these accounts of the books.

    A month locks when it is submitted and until it is reopened: what changes then is a new entry dated the
    day of the change (DESIGN section 9, e).
    """
    named = list(accounts)
    rows = Reconciliation.objects.filter(
        Q(pair__bank__in=named) | Q(pair__liability__in=named),
        firm_id=firm_id,
        pair__books_id=books_id,
        month=month_of(day),
    )
    return rows.exclude(state=State.OPEN.value).exists()


def locked_months(*, firm_id: int, books_id: int) -> frozenset[tuple[str, date]]:
    """Return each account of the books that trust pairs name, with the months that are locked for it."""
    rows = Reconciliation.objects.filter(firm_id=firm_id, pair__books_id=books_id)
    shut = rows.exclude(state=State.OPEN.value).values_list("pair__bank", "pair__liability", "month")
    return frozenset((account, month) for bank, liability, month in shut for account in (bank, liability))


def is_locked(pair: TrustPair, day: date) -> bool:
    """Tell whether a day of one trust account lies in a month that is submitted or signed."""
    rows = Reconciliation.objects.filter(firm_id=pair.firm_id, pair=pair, month=month_of(day))
    return rows.exclude(state=State.OPEN.value).exists()


def named(pair: TrustPair, duty: str) -> list[Duty]:
    """List who is named for a duty of an account (`signs` or `checks`)."""
    rows = Duty.objects.filter(firm_id=pair.firm_id, pair=pair, duty=duty)
    return list(rows.select_related("user").order_by("user__name", "id"))


def deputies(firm_id: int) -> list[Deputy]:
    """List who signs for whom, the latest first; those taken back stay in the list."""
    rows = Deputy.objects.filter(firm_id=firm_id)
    return list(rows.select_related("absent", "deputy", "by"))


def signer(pair: TrustPair, person: User, today: date) -> duties.Signer:
    """Tell whether a person signs for an account today, and for whom if as a deputy."""
    standins = [
        duties.Standin(absent=row.absent_id, deputy=row.deputy_id, first=row.first_day, last=row.last_day)
        for row in Deputy.objects.filter(firm_id=pair.firm_id, ended_at=None)
    ]
    people = {row.user_id for row in named(pair, "signs")}
    return duties.signer(person=person.pk, named=people, standins=standins, today=today)


def last_bar_number(firm_id: int, person: User) -> str:
    """Return the bar number a person signed with last; empty before the first signature."""
    rows = SignOff.objects.filter(firm_id=firm_id, by=person, act=Act.SIGNED.value).order_by("-id")
    return rows.values_list("bar_number", flat=True).first() or ""
