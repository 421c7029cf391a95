"""`kill -9` at each stage and at ten random moments of a real first sync; what it stands on taken away."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.bench.document import table
from tests.kills import stories
from tests.kills.outcome import assert_well
from tests.kills.plant import Plant, plant
from tests.kills.servers import servers

HEAD = ["aimed at", "where the worker was", "next run after (s)"]
MOMENTS, SEED = 10, 2026


def rows() -> list[list[str]]:
    """Kill, let it end, prove that it ties, and tell every blow. Raises AssertionError."""
    told: list[list[str]] = []
    tales: dict[str, Callable[[Plant], list[stories.Hit]]] = {
        "killed": partial(stories.killed, times=MOMENTS, seed=SEED),
        "ground": stories.with_what_it_stands_on,
    }
    with tempfile.TemporaryDirectory() as folder, servers(Path(folder)) as ground:
        for name, tell in tales.items():
            with plant(ground, Path(folder), name=name, seed_=7) as on:
                hits = tell(on)
                assert_well(on)
            told += [[hit.aim, hit.found, f"{hit.seconds:.1f}"] for hit in hits]
    return told


def figures() -> str:
    """Tell every blow as a table."""
    return table(HEAD, rows())
