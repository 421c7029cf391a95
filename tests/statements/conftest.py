"""A firm with one trust account."""

from __future__ import annotations

import pytest

from tests import cast
from tests.cast import House
from tests.trust import world
from trust.models import TrustPair


@pytest.fixture
def house(db) -> House:
    return cast.firm()


@pytest.fixture
def account(house: House) -> TrustPair:
    return world.pair(house)
