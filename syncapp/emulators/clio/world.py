"""The seeded worlds: `year` a believable firm, `trust` client money, `small` everything, `empty` nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from syncapp.emulators.clio.diary import month_after
from syncapp.emulators.clio.ground import lay
from syncapp.emulators.clio.model import Planted, World
from syncapp.emulators.clio.smallworld import fill
from syncapp.emulators.clio.trustworld import fill_trust
from syncapp.emulators.clio.yearworld import fill_year

END = date(2026, 10, 31)


def empty(*, account_id: int = 1, account_name: str = "Ash & Birch LLP", end: date = END) -> World:
    """A firm with people, accounts and categories, and nothing else."""
    world = World(account_id=account_id, account_name=account_name, first_id=account_id * 1_000_000 + 1)
    lay(world, at=datetime.combine(end.replace(year=end.year - 1, day=1), time(9), tzinfo=UTC))
    world.at = None
    return world


def small(
    seed: int = 7, *, account_id: int = 1, account_name: str = "Ash & Birch LLP", end: date = END
) -> World:
    """Three clients and every kind of record once; amounts vary with the seed."""
    world = empty(account_id=account_id, account_name=account_name, end=end)
    fill(world, seed=seed, end=end)
    world.at = None
    return world


def year(
    seed: int = 7,
    end: date = END,
    *,
    size: float = 1,
    account_id: int = 1,
    account_name: str = "Ash & Birch LLP",
) -> World:
    """A firm of 12 timekeepers with a year of work that ends on `end`, the last day of a month.

    Bills from before the first day are there too. `size` scales clients, matters and bills; what was
    planted is listed in `World.planted`. The same seed gives the same world.
    """
    start = month_after(end, -11)
    world = World(account_id=account_id, account_name=account_name, first_id=account_id * 1_000_000 + 1)
    ground = lay(world, at=datetime.combine(month_after(start, -4), time(9), tzinfo=UTC))
    fill_year(world, ground, seed=seed, start=start, end=end, size=size)
    world.at = None
    return world


def trust(
    seed: int = 7, end: date = END, *, account_id: int = 1, account_name: str = "Ash & Birch LLP"
) -> World:
    """A firm with two trust accounts in two states and a year of every event of client money.

    Rows from before the first day are openings; what is planted names its account first. The same seed
    gives the same world.
    """
    start = month_after(end, -11)
    world = World(account_id=account_id, account_name=account_name, first_id=account_id * 1_000_000 + 1)
    ground = lay(world, at=datetime.combine(month_after(start, -4), time(9), tzinfo=UTC))
    fill_trust(world, ground, seed=seed, start=start, end=end)
    world.at = None
    return world


WORLDS: dict[str, Callable[..., World]] = {
    "year": year,
    "small": small,
    "trust": trust,
    "empty": lambda seed=7, **how: empty(**how),
}

__all__ = ["WORLDS", "Planted", "World", "empty", "small", "trust", "year"]
