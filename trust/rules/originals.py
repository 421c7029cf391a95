"""Which deposit each returned one takes back, told from a firm's readings in every account at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from syncapp.core.documents import Matter, Money, Payment
from trust import rules
from trust.rules.returns import returns_of

type _Place = tuple[str, int | None, int | None, int]


def originals(
    readings: Iterable[Money | Payment], matters: Mapping[int, Matter], known: rules.Known
) -> dict[str, str]:
    """Return the subject of the deposit that each return takes back, by the return's own subject.

    Only what has an opposite of the same account, client and matter is told at length: a firm has many rows.
    """
    kept = list(readings)
    places = {place for one in kept for place in _places(one)}
    said = {*known.returns, *known.returns.values()}
    likely = [
        one
        for one in kept
        if any(_opposite(place) in places for place in _places(one)) or said & _subjects(one)
    ]
    told, _ = rules.all_movements(likely, matters, known)
    return {
        back: deposit.subject
        for mine in told.values()
        for back, deposit in returns_of(mine, known.returns).items()
    }


def _subjects(one: Money | Payment) -> set[str]:
    """Return the natural keys that a reading's movements may have."""
    if isinstance(one, Money):
        return {f"bank_transactions/{one.id}"}
    return {f"payments/{one.id}/trust", f"payments/{one.id}/into"}


def _places(one: Money | Payment) -> Iterator[_Place]:
    """Give where a reading moved how much, and for whom."""
    if isinstance(one, Money):
        if one.trust and not one.gone:
            yield one.bank_account, one.client_id, one.matter_id, one.amount
        return
    for row in one.trust_rows:
        if row.amount > 0:
            yield row.bank_account, row.client_id, row.matter_id, row.amount


def _opposite(place: _Place) -> _Place:
    return *place[:3], -place[3]
