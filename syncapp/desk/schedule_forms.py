"""What people choose when they set at which times a firm's records post."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from django import forms

from syncapp.core.slots import Every, Schedule
from syncapp.pipeline.ties import reread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syncapp.pipeline.clock.timetable import Entry

EVERY = [
    (Every.EVENT.value, "As they come"),
    (Every.HOUR.value, "Hourly, on the hour"),
    (Every.DAY.value, "Daily, at a time"),
    (Every.MONTH.value, "When the month has ended"),
]
NO_TIME = "Say at what time of day, such as 18:00."


class RereadForm(forms.Form):
    """How often the books are read completely again, each choice with its metered reads in a year."""

    every = forms.ChoiceField(label="Read everything again")

    def __init__(self, given: Any = None, *, chosen: str, reads: int) -> None:
        super().__init__(given, initial={"every": chosen})
        self.fields["every"] = forms.ChoiceField(
            label="Read everything again",
            choices=[(every, _costs(every, reads)) for every in reread.EVERY],
            initial=chosen,
        )


def _costs(every: str, reads: int) -> str:
    year = reads * reread.IN_A_YEAR[every]
    said = reread.SAID[every].capitalize()
    return f"{said}: {year:,} reads a year" if year else said


class ScheduleForm(forms.Form):
    """For each kind of record how often it posts, and for a daily one the time of day."""

    def __init__(self, given: Any = None, *, entries: Iterable[Entry], zone: str) -> None:
        super().__init__(given)
        self._kinds = [one.kind for one in entries]
        for one in entries:
            daily = one.schedule.every is Every.DAY
            self.fields[one.kind] = forms.ChoiceField(
                label=f"{one.noun} post", choices=EVERY, initial=one.schedule.every.value
            )
            self.fields[f"{one.kind}_at"] = forms.TimeField(
                label=f"{one.noun}: time of day",
                required=False,
                initial=f"{one.schedule.at:%H:%M}" if daily else "",
                help_text=f"For a daily time, by the firm's clock ({zone}).",
                input_formats=["%H:%M"],
                error_messages={"invalid": NO_TIME},
                widget=forms.TextInput(attrs={"class": "n", "inputmode": "numeric", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        """Ask for the time of what posts daily."""
        given: dict[str, Any] = super().clean() or {}
        for kind in self._kinds:
            at = f"{kind}_at"
            if given.get(kind) == Every.DAY.value and given.get(at) is None and at not in self.errors:
                self.add_error(at, NO_TIME)
        return given

    def wanted(self) -> dict[str, Schedule]:
        """Return what was chosen, once it is valid."""
        found = {}
        for kind in self._kinds:
            every = Every(self.cleaned_data[kind])
            at = self.cleaned_data[f"{kind}_at"] if every is Every.DAY else None
            found[kind] = Schedule(every, at or time(0))
        return found
