"""Firms that are set once for the tests of a module; each test finds its firm as it was set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from syncapp.emulators.clio.world import empty, small
from tests.road.clientmoney import trust_file
from tests.road.own_accounts import OWN
from tests.stage import Stage, Standing, stage, standing
from tests.trust import opened


@pytest.fixture(scope="module")
def small_firm(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Standing]:
    """The small firm, taken over the road once."""
    with django_db_blocker.unblock(), standing(small(7), synced=True) as made:
        yield made


@pytest.fixture
def firm(small_firm: Standing) -> Iterator[Stage]:
    """The small firm, of which everything has been posted."""
    with small_firm.fresh() as on:
        yield on


@pytest.fixture
def on(db: Any) -> Iterator[Stage]:
    """A firm without work, whose ledgers are accounts of their own."""
    with stage(empty(), file=opened.file_with(OWN)) as made:
        yield made


@pytest.fixture(scope="module")
def trust_firm(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Standing]:
    """The small firm with its client money, taken over the road once."""
    with django_db_blocker.unblock(), standing(small(7), file=trust_file(), synced=True) as made:
        yield made
