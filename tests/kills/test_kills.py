"""Nothing is lost and nothing is twice when the worker is killed in a real first sync (issue 3, B3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.kills import stories
from tests.kills.outcome import assert_well
from tests.kills.plant import Plant, plant
from tests.kills.servers import Servers, servers


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A PostgreSQL and a broker that may be killed."""
    with servers(tmp_path_factory.mktemp("kills")) as made:
        yield made


@pytest.fixture
def told(capfd: pytest.CaptureFixture[str]) -> Callable[[str, list[stories.Hit]], None]:
    """Say on the terminal what was hit."""

    def say(title: str, hits: list[stories.Hit]) -> None:
        with capfd.disabled():
            print(f"\n{title}:", *hits, sep="\n  ")

    return say


def _story(
    ground: Servers, folder: Path, name: str, tell: Callable[[Plant], list[stories.Hit]]
) -> list[stories.Hit]:
    with plant(ground, folder, name=name, seed_=7) as on:
        hits = tell(on)
        assert_well(on)
    return hits


def test_killed_at_each_stage_and_at_random_moments(ground, tmp_path, told) -> None:
    hits = _story(ground, tmp_path, "killed", partial(stories.killed, times=3, seed=11))

    told("The worker was killed", hits)
    aims = Counter(hit.aim for hit in hits if not hit.aim.startswith("random"))
    assert aims == Counter([*stories.STAGES, *stories.WRITES])
    assert len(hits) == aims.total() + 3


def test_the_broker_and_the_database_gone_for_a_while(ground, tmp_path, told) -> None:
    hits = _story(ground, tmp_path, "ground", stories.with_what_it_stands_on)

    told("What the worker stands on was taken away", hits)
    assert [hit.aim for hit in hits] == [
        "broker emptied, worker killed",
        "PostgreSQL restarted",
        "broker killed",
    ]
