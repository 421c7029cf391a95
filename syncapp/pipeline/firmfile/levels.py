"""What a firm file may say of levels: what a client agreed to keep in trust for a matter. Pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from syncapp.pipeline.firmfile.shape import Trouble, Troubles, keys, money, rows, text, within

LONGEST = 200


def _level(value: Any, place: str, troubles: Troubles) -> Any:
    try:
        minimum, evergreen = (Decimal(value.get(key, 0)) for key in ("minimum", "evergreen"))
    except (InvalidOperation, TypeError):
        return value  # it is told as no amount
    if min(minimum, evergreen) < 0 or not (minimum or evergreen):
        troubles.append(Trouble(within(place, "minimum"), "a level is an amount above 0.00"))
    elif 0 < evergreen < minimum:
        troubles.append(Trouble(within(place, "evergreen"), "it is filled up to at least the minimum"))
    return value


LEVELS = rows(
    keys(
        {
            "account": text(longest=LONGEST),
            "matter": text(longest=LONGEST),
            "minimum": money,
            "evergreen": money,
        },
        need=("account", "matter"),
        also=_level,
    )
)
