"""The QuickBooks bench, with the network in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from syncapp.http import session
from tests.qbo.bench import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    session.configure(time_scale=1000)
    yield Bench()
    session.unmount_all()
    session.configure(time_scale=1)
