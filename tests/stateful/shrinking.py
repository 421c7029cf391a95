"""Playing many histories; of one that fails, the shortest form that still fails."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from tests.stateful.ground import Ground, ground
from tests.stateful.history import History, Told
from tests.stateful.proof import prove
from tests.stateful.seeded import made_from

TRIES = 60


def played(seeds: Iterable[int], *, rounds: int = 2, setup: str = "") -> tuple[Told, str | None]:
    """Play the histories of some seeds on one ground, up to the first that fails.

    Tell what happened, and of a failure its reason with a script that can be pasted into a test.
    """
    told = Told()
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # vendors in trouble are loud
    try:
        with ground(setup) as at:
            for seed in seeds:
                given = made_from(seed, rounds=rounds, setup=setup)
                why = _fails(at, given, told)
                if why is not None:
                    return told, _report(at, given, why)
    finally:
        logging.disable(before)
    return told, None


def _fails(at: Ground, given: History, told: Told | None = None) -> str | None:
    """Say why a history fails; None when it ends well."""
    try:
        found = prove(at, given)
    except Exception as wrong:  # noqa: BLE001  whatever goes wrong is a failure of the history
        return f"{type(wrong).__name__}: {wrong}"[:4000]
    if told is not None:
        told.add(found)
    return None


def shortest(at: Ground, given: History) -> History:
    """Leave out steps as long as the history still fails."""
    tries, position = 0, len(given.steps) - 1
    while position >= 0 and tries < TRIES:
        tries += 1
        less = replace(given, steps=given.steps[:position] + given.steps[position + 1 :])
        if _fails(at, less) is not None:
            given = less
        position -= 1
    return given


def _report(at: Ground, given: History, why: str) -> str:
    small = shortest(at, given)
    now = _fails(at, small) or why
    return f"seed {given.seed} {given.setup}: {now}\n\n    {small.script()}\n"
