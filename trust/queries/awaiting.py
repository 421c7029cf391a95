"""What awaits whom: months to prepare, questions to answer, months to sign, texts to approve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from accounts.roles import ALLOWS, Permission, Role
from trust.queries import pairs as pairs_query
from trust.queries import rules, signing
from trust.signing.states import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import Membership
    from trust.models import TrustPair

TO_PREPARE = {State.OPEN, State.SUSPENDED}
WORDS = {
    State.OPEN: "Prepare",
    State.SUSPENDED: "A figure moved: look at and prepare again",
    State.ASKED: "Answer the question about",
    State.PREPARED: "Sign",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits. `mine` when this person may do it; `month` is None for a text to approve."""

    words: str
    state: State
    pair: TrustPair
    month: date | None
    since: date  # the first day on which it could be done
    due: date | None = None  # by which the jurisdiction wants it
    mine: bool = False
    code: str = ""  # of the jurisdiction whose text is to be approved


def waiting(member: Membership, today: date) -> list[Waiting]:
    """List what waits for anybody in client money, what is this person's own first, the oldest first."""
    can = ALLOWS[Role(member.role)]
    standing = signing.states_of(member.firm_id)
    found: list[Waiting] = []
    unread: set[str] = set()
    for pair in pairs_query.pairs(member.firm_id).select_related("firm"):
        place = rules.rules_of(pair)
        found += _months(member, can, pair, place.due_day, today, {
            month: state for (pair_id, month), state in standing.items() if pair_id == pair.pk
        })  # fmt: skip
        if place.code not in unread and not place.rule("certification").by:
            unread.add(place.code)
            found.append(
                Waiting(
                    words=f"Approve the certification text of {place.name}",
                    state=State.OPEN,
                    pair=pair,
                    month=None,
                    since=pair.start,
                    mine=Permission.SIGN in can,
                    code=place.code or "strict",
                )
            )
    return sorted(found, key=lambda one: (not one.mine, one.since, one.pair.pk))


def _months(
    member: Membership,
    can: frozenset[Permission],
    pair: TrustPair,
    day: int | None,
    today: date,
    standing: dict[date, State],
) -> Iterator[Waiting]:
    may_sign = Permission.SIGN in can and not signing.signer(pair, member.user, today).refused
    for month in signing.months(pair, today):
        state = standing.get(month, State.OPEN)
        if state is State.SIGNED:
            continue
        after = signing.next_month(month)
        yield Waiting(
            words=f"{WORDS[state]} {month:%B %Y} of {pair}",
            state=state,
            pair=pair,
            month=month,
            since=after,
            due=after.replace(day=min(day, 28)) if day else None,
            mine=may_sign if state is State.PREPARED else _prepares(can),
        )


def _prepares(can: frozenset[Permission]) -> bool:
    """Tell whether a role prepares months; a lawyer may as well, but it does not wait for one."""
    return Permission.APPROVE in can and Permission.SIGN not in can
