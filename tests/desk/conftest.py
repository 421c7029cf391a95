"""What every test of the pages stands on: a firm, its synced year, and how rows are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from tests import cast
from tests.desk.year import year

if TYPE_CHECKING:
    from accounts.models import Books
    from tests.cast import House


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def main(alpha: House) -> Books:
    return year(alpha)
