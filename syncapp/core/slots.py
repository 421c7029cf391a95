"""When what is ready leaves: as it comes, hourly, daily at a time of the firm's clock, or after each month.

A slot is an instant. Hours are real ones, counted in UTC. A day has one slot and a month has one, whatever
the clocks do: a time that they leave out is taken as far after midnight as on other days, and of one that
they repeat it is the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAILY = re.compile(r"daily ([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
DECEMBER = 12


class Every(StrEnum):
    """How often a kind of record posts, as the firm file says it."""

    EVENT = "on-event"
    HOUR = "hourly"
    DAY = "daily"
    MONTH = "cycle-close"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a kind of record posts. `at` is the firm's wall-clock time of a daily one."""

    every: Every = Every.EVENT
    at: time = time(0)

    def __str__(self) -> str:
        return f"daily {self.at:%H:%M}" if self.every is Every.DAY else self.every.value

    @property
    def spoken(self) -> str:
        """Say it so that it follows the word "post"."""
        said = {Every.EVENT: "as they come", Every.HOUR: "hourly", Every.MONTH: "when the month has ended"}
        return said.get(self.every) or f"daily at {self.at:%H:%M}"


def read(text: str) -> Schedule:
    """Return the schedule that a firm file names, such as `daily 18:00`. Raises ValueError."""
    if (found := DAILY.fullmatch(text)) is not None:
        return Schedule(Every.DAY, time(int(found[1]), int(found[2])))
    if text == Every.DAY.value:
        raise ValueError("a daily schedule needs its time, such as daily 18:00")
    return Schedule(Every(text))


def next_slot(schedule: Schedule, *, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first slot at or after an instant, in UTC."""
    moment = after.astimezone(UTC)
    if schedule.every is Every.HOUR:
        begun = moment.replace(minute=0, second=0, microsecond=0)
        return begun if begun == moment else begun + HOUR
    if schedule.every is Every.DAY:
        return _first(_days(moment.astimezone(zone).date()), schedule.at, moment, zone)
    if schedule.every is Every.MONTH:
        return _first(_months(moment.astimezone(zone).date()), time(0), moment, zone)
    return moment


def _days(today: date) -> list[date]:
    return [today - DAY, today, today + DAY]  # yesterday's may have been moved past midnight


def _months(today: date) -> list[date]:
    this = today.replace(day=1)
    later = today.month == DECEMBER
    return [this, date(today.year + later, 1 if later else today.month + 1, 1)]


def _first(days: list[date], at: time, moment: datetime, zone: ZoneInfo) -> datetime:
    slots = (datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for day in days)
    return next(slot for slot in slots if slot >= moment)
