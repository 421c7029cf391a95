"""What the vendors were asked for each day, so that a bill of theirs surprises nobody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Books
from accounts.tenancy import FirmModel


class DailyUse(FirmModel):
    """One day (UTC) of one vendor: calls that left, reads that are charged for, operations that were posted.

    `books` is null for the practice system. Added to by `pipeline.clock.use`, never set.
    """

    provider = models.CharField(max_length=10)
    books = models.ForeignKey(Books, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    calls = models.BigIntegerField(default=0)
    metered = models.BigIntegerField(default=0)
    posted = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "provider", "books", "day"], name="one_row_per_day", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.calls} calls to {self.provider} on {self.day}"
