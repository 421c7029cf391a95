"""What awaits whom in client money: months, questions, signatures, texts, changes, entries to approve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Min

from accounts.queries import today_of
from accounts.roles import ALLOWS, Permission, Role
from syncapp.core.money import spoken
from syncapp.records.models import Hold
from trust.approving import CODE
from trust.models import LimitChange, PairChange, StatementArrival
from trust.models.arrivals import REFUSED
from trust.models.setup import WAITING
from trust.queries import arrivals, earned, reviews, rules, signing
from trust.queries import pairs as pairs_query
from trust.signing.states import State

if TYPE_CHECKING:
    from accounts.models import Firm, Membership
    from trust.jurisdictions import Jurisdiction
    from trust.models import TrustPair

WORDS = {
    State.OPEN: "Prepare",
    State.SUSPENDED: "A figure moved: look at and prepare again",
    State.ASKED: "Answer the question about",
    State.PREPARED: "Sign",
}

JANUARY = 1  # when the pack of the year before awaits its partners

type Can = frozenset[Permission]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits, with the page on which it is done. `mine` when this person may do it."""

    words: str
    page: str
    names: dict[str, Any] = field(default_factory=dict)
    since: date  # the first day on which it could be done
    due: date | None = None  # by which the jurisdiction wants it
    mine: bool = False


def waiting(member: Membership, now: datetime) -> list[Waiting]:
    """List what waits for anybody in client money, what is this person's own first, the oldest first."""
    can, today = ALLOWS[Role(member.role)], today_of(member.firm, now)
    standing = signing.states_of(member.firm_id)
    found = [*_changes(member.firm, can), *_limit(member.firm, can), *_approvals(member.firm, can)]
    found += [*_arrivals(member.firm, can), *_tokens(member.firm, can, now)]
    found += _transfers(member, can, today)
    unread: set[str] = set()
    packs: dict[str, Waiting] = {}
    for pair in pairs_query.pairs(member.firm_id).select_related("firm"):
        place = rules.rules_of(pair)
        found += _months(member, can, pair, place, today, standing)
        if place.value("review") == "quarter":
            found += _reviews(pair, can, today)
        if place.value("review") == "year" and today.month == JANUARY and pair.start.year < today.year:
            packs.setdefault(place.code, _pack(place, can, today))
        if place.code not in unread and not place.rule("certification").by:
            unread.add(place.code)
            found.append(_text(pair, place, can))
    found += packs.values()
    return sorted(found, key=lambda one: (not one.mine, one.since, one.words))


def _months(
    member: Membership,
    can: Can,
    pair: TrustPair,
    place: Jurisdiction,
    today: date,
    standing: dict[tuple[int, date], State],
) -> Iterator[Waiting]:
    may_sign = Permission.SIGN in can and not signing.signer(pair, member.user, today).refused
    for month in signing.months(pair, today):
        state = standing.get((pair.pk, month), State.OPEN)
        if state is State.SIGNED:
            continue
        after = signing.next_month(month)
        yield Waiting(
            words=f"{WORDS[state]} {month:%B %Y} of {pair}",
            page="trust:month",
            names={"pair_id": pair.pk, "month": f"{month:%Y-%m}"},
            since=after,
            due=after.replace(day=min(place.due_day, 28)) if place.due_day else None,
            mine=may_sign if state is State.PREPARED else _prepares(can),
        )


def _prepares(can: Can) -> bool:
    """Tell whether a role prepares months; a lawyer may as well, but it does not wait for one."""
    return Permission.APPROVE in can and Permission.SIGN not in can


def _reviews(pair: TrustPair, can: Can, today: date) -> Iterator[Waiting]:
    signed, moved = reviews.signed_quarters(pair), reviews.moved_quarters(pair)
    for quarter in reviews.quarters(pair, today):
        last = reviews.last_day(quarter)
        if quarter in moved and quarter not in signed:
            yield Waiting(
                words=f"Review transactions of the quarter to {last:%-d %b %Y} of {pair}",
                page="trust:review",
                names={"pair_id": pair.pk, "month": f"{quarter:%Y-%m}"},
                since=last,
                mine=Permission.SIGN in can,
            )


def _pack(place: Jurisdiction, can: Can, today: date) -> Waiting:
    return Waiting(
        words=f"Look through the pack of {today.year - 1} for the yearly duty of {place.name}",
        page="desk:yearly",
        since=today.replace(day=1),
        mine=Permission.SIGN in can,
    )


def _text(pair: TrustPair, place: Jurisdiction, can: Can) -> Waiting:
    return Waiting(
        words=f"Approve the certification text of {place.name}",
        page="trust:rule",
        names={"code": place.code or "strict", "key": "certification"},
        since=pair.start,
        mine=Permission.SIGN in can,
    )


def _arrivals(firm: Firm, can: Can) -> Iterator[Waiting]:
    rows = StatementArrival.objects.filter(firm=firm, state=REFUSED)
    for pair_id, name, first in rows.values_list("pair_id", "pair__clio_account").annotate(first=Min("at")):
        yield Waiting(
            words=f"Look at statements of {name} that arrived and were not taken",
            page="trust:arrivals",
            names={"pair_id": pair_id},
            since=first.astimezone(ZoneInfo(firm.time_zone)).date(),
            mine=Permission.RETRY in can,
        )


def _tokens(firm: Firm, can: Can, now: datetime) -> Iterator[Waiting]:
    for token in arrivals.ended_tokens(firm.pk, now):
        yield Waiting(
            words=f"Make a new upload token of {token.pair}: “{token}” ended with who made it",
            page="trust:arrivals",
            names={"pair_id": token.pair_id},
            since=(token.used_at or token.made_at).astimezone(ZoneInfo(firm.time_zone)).date(),
            mine=Permission.RETRY in can,
        )


def _transfers(member: Membership, can: Can, today: date) -> Iterator[Waiting]:
    for row in earned.standings(member.firm_id).values():
        page, names = "trust:earned", {"pair_id": row.pair_id}
        if row.amount and row.since:
            yield Waiting(
                words=f"Sign the transfers of earned fees of {row.pair}: {spoken(row.amount)}",
                page=page,
                names=names,
                since=row.since,
                mine=Permission.SIGN in can and not signing.signer(row.pair, member.user, today).refused,
            )
        if row.unrecorded and row.signed_since:
            yield Waiting(
                words=f"Record the signed transfers of {row.pair} in Clio: {spoken(row.unrecorded)}",
                page=page,
                names=names,
                since=row.signed_since,
                mine=_prepares(can),
            )


def _changes(firm: Firm, can: Can) -> Iterator[Waiting]:
    for change in PairChange.objects.filter(firm=firm, state=WAITING).select_related("pair"):
        yield Waiting(
            words=f"Decide on the change of the trust account {change.pair}",
            page="desk:trust_change",
            names={"change_id": change.pk},
            since=change.proposed_at.astimezone(ZoneInfo(firm.time_zone)).date(),
            mine=Permission.SIGN in can,
        )


def _limit(firm: Firm, can: Can) -> Iterator[Waiting]:
    for change in LimitChange.objects.filter(firm=firm, state=WAITING):
        yield Waiting(
            words="Decide on the change of the approval limit",
            page="desk:trust_limit",
            since=change.proposed_at.astimezone(ZoneInfo(firm.time_zone)).date(),
            mine=Permission.SIGN in can,
        )


def _approvals(firm: Firm, can: Can) -> Iterator[Waiting]:
    rows = Hold.objects.filter(firm=firm, code=CODE, alarm=False, closed_at__isnull=True)
    first = rows.order_by("opened_at").values_list("opened_at", flat=True).first()
    if first is not None:
        yield Waiting(
            words=f"Approve trust entries over the limit: {rows.count()}",
            page="desk:trust_approvals",
            since=first.astimezone(ZoneInfo(firm.time_zone)).date(),
            mine=Permission.SIGN in can,
        )
