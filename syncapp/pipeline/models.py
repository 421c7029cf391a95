"""When each firm is due. Outside the wall: the tick must see every firm to be fair to all."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Firm


class SyncSchedule(models.Model):
    """One row for each firm: when it is due, and who has it now. Reached only through `pipeline.schedule`.

    `every` in seconds. A lease that ran out means that its worker died: the firm is due again.
    """

    firm = models.OneToOneField(Firm, on_delete=models.CASCADE, primary_key=True, related_name="+")
    due_at = models.DateTimeField()
    every = models.IntegerField(default=60)
    lease_holder = models.CharField(max_length=64, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    whole_at = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    paused_words = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["due_at"], name="schedule_due")]

    def __str__(self) -> str:
        return f"firm {self.firm_id} is due at {self.due_at}"


class Tick(models.Model):
    """The last beat of the clock that wakes the workers: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"tick at {self.at}"
