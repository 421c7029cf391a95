"""When each firm is due, what its vendors do to it, and what people have stopped.

The schedule and the budgets of calls stand outside the wall: the tick must see every firm to be fair to all,
and a budget belongs to a connection, whoever uses it. Trouble and pauses belong to their firm.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Books, Firm, User
from accounts.tenancy import FirmModel
from syncapp.pipeline.months.models import MonthEnd, MonthStep, SampledInvoice, SampleNote, SampleReading

__all__ = [
    "CallWindow",
    "MonthEnd",
    "MonthStep",
    "Pause",
    "SampleNote",
    "SampleReading",
    "SampledInvoice",
    "SyncSchedule",
    "Tick",
    "Trouble",
]


class SyncSchedule(models.Model):
    """One row for each firm: when it is due, and who has it now.

    Reached only through `pipeline.clock.schedule`. `every` in seconds. A lease that ran out means that its
    worker died: the firm is due again.
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


class CallWindow(models.Model):
    """The newest calls of one grant, by the database's clock (Unix seconds): its vendor's budget.

    `marked` are those that count in a budget of their own (QuickBooks: batches). Reached only through
    `pipeline.clock.gate`.
    """

    grant_id = models.BigIntegerField(primary_key=True)
    calls = ArrayField(models.FloatField(), default=list)
    marked = ArrayField(models.FloatField(), default=list)
    rest_until = models.FloatField(default=0)

    def __str__(self) -> str:
        return f"calls of grant {self.grant_id}"


class Trouble(FirmModel):
    """A vendor that cannot be worked with now: since when, why, and when it is tried next.

    The row goes when the vendor is back. `fix` is `wait` for what ends by itself, `connect` or `setup`
    for what a person must do.
    """

    provider = models.CharField(max_length=8)
    books = models.ForeignKey(Books, on_delete=models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tries = models.IntegerField(default=1)
    fix = models.CharField(max_length=12, default="wait")
    silent = models.BooleanField(default=False)  # it does not answer, or not with anything of use
    words = models.CharField(max_length=400)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "provider", "books"], nulls_distinct=False, name="one_trouble_per_vendor"
            )
        ]

    def __str__(self) -> str:
        return self.words


class Pause(FirmModel):
    """What a person has stopped, with the reason: everything, one kind of record, or one client.

    `client_id` is Clio's. A pause that was ended stays, with who ended it.
    """

    what = models.CharField(max_length=12)
    client_id = models.BigIntegerField(null=True)
    client_name = models.CharField(max_length=120, blank=True, default="")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "what", "client_id"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_pause_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(what__in=["all", "bills", "payments", "credits", "trust", "client"]),
                name="what_is_paused_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"
