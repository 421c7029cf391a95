"""The laws of slots: one a day and one a month by the firm's clock, one an hour by the world's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.core.slots import Every, Schedule, next_slot, read

ZONES = [
    ZoneInfo(name)
    for name in ("America/New_York", "America/Los_Angeles", "Europe/London", "America/Phoenix", "Asia/Tokyo")
]
NEW_YORK = ZONES[0]
HOURLY, MONTHLY, AT_ONCE = read("hourly"), read("cycle-close"), read("on-event")
SECOND = timedelta(seconds=1)
instants = st.integers(0, 7 * 366 * 24 * 3600).map(lambda n: datetime(2024, 1, 1, tzinfo=UTC) + n * SECOND)
schedules = st.one_of(
    st.sampled_from([HOURLY, MONTHLY, AT_ONCE]),
    st.builds(
        lambda hour, minute: Schedule(Every.DAY, time(hour, minute)), st.integers(0, 23), st.integers(0, 59)
    ),
)


def slots(schedule: Schedule, zone: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    """Every slot from one instant to another, each found from a second after the one before."""
    found, at = [], next_slot(schedule, after=first, zone=zone)
    while at < last:
        found.append(at)
        at = next_slot(schedule, after=at + SECOND, zone=zone)
    return found


def year_of(zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A year of a zone's own days."""
    return datetime(2026, 1, 1, tzinfo=zone), datetime(2027, 1, 1, tzinfo=zone)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("text", ["daily 18:00", "daily 02:30", "daily 01:30", "daily 00:00", "daily 23:59"])
def test_each_day_of_a_year_has_exactly_one_daily_slot(zone: ZoneInfo, text: str) -> None:
    found = slots(read(text), zone, *year_of(zone))

    days = [at.astimezone(zone).date() for at in found]
    assert days == [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    odd = [at for at in found if f"daily {at.astimezone(zone):%H:%M}" != text]
    assert len(odd) <= 1  # the one day on which the clocks leave that time out


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_hourly_slots_are_a_real_hour_apart_all_year(zone: ZoneInfo) -> None:
    found = slots(HOURLY, zone, *year_of(zone))

    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(hours=1)}
    assert len(found) == 365 * 24


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_each_month_closes_once_at_its_end(zone: ZoneInfo) -> None:
    found = [at.astimezone(zone) for at in slots(MONTHLY, zone, *year_of(zone))]

    assert [(at.month, at.day, at.time()) for at in found] == [(n, 1, time(0)) for n in range(1, 13)]


@given(schedule=schedules, moment=instants, zone=st.sampled_from(ZONES))
def test_a_slot_is_its_own_next_one_and_nothing_lies_before_it(
    schedule: Schedule, moment: datetime, zone: ZoneInfo
) -> None:
    slot = next_slot(schedule, after=moment, zone=zone)

    assert slot >= moment
    assert next_slot(schedule, after=slot, zone=zone) == slot
    assert next_slot(schedule, after=moment + (slot - moment) / 2, zone=zone) <= slot
    assert slot - moment <= timedelta(days=31, hours=2)


@given(schedule=schedules, moment=instants, later=st.timedeltas(timedelta(0), timedelta(days=40)))
def test_what_comes_later_posts_no_earlier(schedule: Schedule, moment: datetime, later: timedelta) -> None:
    first, second = (next_slot(schedule, after=at, zone=NEW_YORK) for at in (moment, moment + later))

    assert first <= second


def test_the_clocks_go_forward_and_back() -> None:
    def utc(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    half_past_two, half_past_one = read("daily 02:30"), read("daily 01:30")

    # 14 Mar 2027 has no 02:30 in New York; 1 Nov 2026 has 01:30 twice
    assert next_slot(half_past_two, after=utc("2027-03-14T05:00"), zone=NEW_YORK) == utc("2027-03-14T07:30")
    assert next_slot(half_past_one, after=utc("2026-11-01T04:30"), zone=NEW_YORK) == utc("2026-11-01T05:30")
    assert next_slot(half_past_one, after=utc("2026-11-01T05:31"), zone=NEW_YORK) == utc("2026-11-02T06:30")


@pytest.mark.parametrize("text", ["on-event", "hourly", "cycle-close", "daily 00:00", "daily 18:05"])
def test_a_schedule_is_written_as_it_is_read(text: str) -> None:
    assert str(read(text)) == text


@pytest.mark.parametrize(
    "text", ["", "daily", "daily 24:00", "daily 7:00", "weekly", "Hourly", "daily 18:00 "]
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"schedule|Every"):
        read(text)
