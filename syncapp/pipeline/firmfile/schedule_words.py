"""The schedule of a firm file: when each kind of record posts, and how often the books are re-read."""

from __future__ import annotations

from syncapp.pipeline.firmfile.shape import keys, one_of, pattern

REREAD = ("never", "weekly", "monthly", "quarterly")  # how often the books are read completely again
TIMES = pattern(
    r"on-event|hourly|cycle-close|daily ([01]\d|2[0-3]):[0-5]\d",
    "a schedule: on-event, hourly, daily 18:00 or cycle-close",
)
SCHEDULE = keys(
    {**dict.fromkeys(("bills", "payments", "credits", "trust"), TIMES), "reread": one_of(*REREAD)}
)
