"""What a firm file says of cents that lack, of client money below zero, and of what is confidential. Pure."""

from __future__ import annotations

from typing import Any

from syncapp.core.money import MOST_ROUNDED, NotMoneyError, minor
from syncapp.pipeline.firmfile.shape import Trouble, Troubles, keys, money, one_of, rows, text, within


def _few(value: Any, place: str, troubles: Troubles) -> Any:
    """Refuse more than may be rounded, and less than nothing."""
    try:
        cents = minor(str(value.get("up_to", "0")))
    except NotMoneyError:
        return value  # said by the amount itself
    if not 0 <= cents <= MOST_ROUNDED:
        words = f"a bill is rounded by at most {MOST_ROUNDED} cents, and not by less than nothing"
        troubles.append(Trouble(within(place, "up_to"), words))
    return value


ROUNDING = keys({"item": text(), "up_to": money}, need=("item", "up_to"), also=_few)
CLIENT_MONEY = keys(
    {
        "below_zero": one_of("post", "hold"),
        "waiting_days": keys({"check": one_of(*range(31)), "other": one_of(*range(31))}),
    }
)
CONFIDENTIAL = keys({"matters": rows(text()), "practice_areas": rows(text())})
