"""What a firm file may say of exceptions: whose, by when, when a partner hears, which rules answer some."""

from __future__ import annotations

from typing import Any

from syncapp.pipeline.autos.ways import LONGEST_NAME, WAYS
from syncapp.pipeline.firmfile.shape import (
    Check,
    Trouble,
    Troubles,
    keys,
    money,
    one_of,
    rows,
    text,
    truth,
    within,
)

LONGEST_TERM = 60  # working days
TERM = one_of(*range(LONGEST_TERM + 1))
AUTO: dict[str, Check] = {
    "name": text(longest=LONGEST_NAME),
    "cause": text(longest=40),
    "answer": text(longest=40),
    "client": text(longest=200),
    "up_to": money,
    "on": truth,
}


def shape(email: Check) -> Check:
    """Return how the exceptions of a firm are written; `email` is how an address is."""
    rule = keys(
        {
            "kind": text(longest=40),
            "severity": one_of("trust", "needs_person", "waiting"),
            "client": text(longest=200),
            "owner": email,
        },
        need=("owner",),
    )
    return keys(
        {
            "owner": email,
            "owners": rows(rule),
            "due": keys({"trust": TERM, "needs_person": TERM}),
            "escalate_after": TERM,
            "auto": rows(keys({**AUTO, "by": email}, need=("name", "cause", "answer", "by"), also=_way)),
        },
        also=_names,
    )


def _way(value: Any, place: str, troubles: Troubles) -> Any:
    """Take an answer only where its cause takes it."""
    way = (value.get("cause"), value.get("answer"))
    if way not in WAYS and all(isinstance(part, str) for part in way):
        ways = "; ".join(f"{cause}: {answer}" for cause, answer in WAYS)
        troubles.append(Trouble(within(place, "answer"), f"no rule may answer so; known are {ways}"))
    return value


def _names(value: Any, place: str, troubles: Troubles) -> Any:
    """Refuse two rules of one name: their uses are told apart by it."""
    names = [str(row.get("name", "")).casefold() for row in value.get("auto") or [] if isinstance(row, dict)]
    for index, name in enumerate(names):
        if name in names[:index]:
            troubles.append(Trouble(f"{within(place, 'auto')}[{index}].name", "this rule stands already"))
    return value
