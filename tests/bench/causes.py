"""Causes that an independent planter hides in random firms, and how many are classified right."""

from __future__ import annotations

import os

from syncapp.local import testing
from tests.bench.document import table
from tests.planted.measured import Score, measure

CAUSES = int(os.environ.get("CAUSES", "320"))
HEAD = ["cause", "planted", "in its case, with its proposal", "recall"]
LEAST_RIGHT = 99  # per cent of the cases that are there


def figures() -> str:
    """Tell recall by cause and precision over all. Raises AssertionError below the promise."""
    with testing.clone(f"bench_causes_{os.getpid()}"):
        score = measure(causes=CAUSES)
    said = told(score)
    print(said)
    assert score.found == score.planted, "\n".join(score.misses)
    assert 100 * score.right >= LEAST_RIGHT * score.named, "\n".join(score.misses)
    return said


def told(score: Score) -> str:
    """The figures as a table."""
    rows = [
        [name, str(count), str(score.found[name]), _percent(score.found[name], count)]
        for name, count in sorted(score.planted.items())
    ]
    rows.append(
        [
            "**all**",
            str(score.planted.total()),
            str(score.found.total()),
            _percent(score.found.total(), score.planted.total()),
        ]
    )
    return (
        f"{table(HEAD, rows)}\n\n{score.firms} random firms, several causes in most. Of {score.named} cases "
        f"in their queues {score.right} were planted: precision {_percent(score.right, score.named)}."
    )


def _percent(part: int, whole: int) -> str:
    """A share in percent, rounded down, so that only all of it is 100."""
    tenths = part * 1000 // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10} %"
