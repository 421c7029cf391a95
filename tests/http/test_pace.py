"""No window of a vendor's ever sees more calls than it allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.http.errors import Transient
from syncapp.http.pace import Budget, Pace


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def pace(time: Time, *args: object, **options: object) -> Pace:
    return Pace(*args, clock=time.clock, wall=time.clock, sleep=time.sleep, **options)  # type: ignore[arg-type]


@given(st.lists(st.floats(0, 5), max_size=120), st.integers(1, 20))
def test_no_window_holds_more_than_the_limit(gaps: list[float], limit: int) -> None:
    time = Time()
    one = pace(time, limit, 10, longest_wait=1e9)
    calls = []

    for gap in gaps:
        time.now += gap
        one.take()
        calls.append(time.now)

    for i, at in enumerate(calls):
        assert sum(1 for other in calls[i:] if other < at + 10 - 1e-6) <= limit


def test_several_budgets_hold_at_once() -> None:
    time = Time()
    one = pace(time, 500, 60, Budget(10, 1), Budget(40, 60, "batch"), longest_wait=1e9)

    for _ in range(41):
        one.take("batch")
    waited_for_batches = time.now - 1000
    for _ in range(20):
        one.take()

    assert waited_for_batches >= 60
    assert time.now - 1000 - waited_for_batches <= 3


def test_a_used_up_budget_waits_for_the_vendors_reset() -> None:
    time = Time()
    one = pace(time, 50, 60)

    one.heard({"x-ratelimit-limit": "50", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1012"})
    one.take()

    assert time.now == 1012


def test_a_higher_limit_off_peak_is_used() -> None:
    time = Time()
    one = pace(time, 50, 60)

    one.heard({"x-ratelimit-limit": "200", "x-ratelimit-remaining": "150", "x-ratelimit-reset": "1012"})
    for _ in range(200):
        one.take()

    assert time.now == 1000


def test_nonsense_in_the_headers_changes_nothing() -> None:
    time = Time()
    one = pace(time, 2, 60)

    one.heard({"x-ratelimit-limit": "many", "x-ratelimit-remaining": "", "x-ratelimit-reset": "soon"})
    one.heard({"x-ratelimit-limit": "inf", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "nan"})
    one.take()

    assert time.now == 1000


def test_time_runs_faster_under_a_time_scale() -> None:
    time = Time()
    one = pace(time, 50, 60, time_scale=100)

    for _ in range(101):
        one.take()

    assert 1.1 < time.now - 1000 < 1.3


def test_a_wait_that_is_too_long_is_left_to_the_schedule() -> None:
    one = pace(Time(), 1, 600, longest_wait=60)
    one.take()

    with pytest.raises(Transient) as caught:
        one.take()

    assert caught.value.sent is False
    assert caught.value.retry_after
