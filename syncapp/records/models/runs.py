"""Runs: what the pipeline did, when, and its control totals."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel


class Run(FirmModel):
    """One passage over the road for one firm.

    `counts` are the control totals: seen = posted + held + skipped + unchanged (+ uncertain while they last).
    `progress` is what the page shows while it goes: `what`, `done`, and `of`, 0 where the whole is unknown.
    """

    trigger = models.CharField(max_length=20)  # schedule, person, command
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    shadow = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="going")  # going, done, waiting, failed
    stage = models.CharField(max_length=12, blank=True, default="")
    progress = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    words = models.CharField(max_length=500, blank=True, default="")
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["going", "done", "waiting", "failed"]), name="run_state_is_known"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "-started_at"], name="run_latest"),
            models.Index(fields=["firm"], condition=Q(state="going"), name="run_going"),
        ]

    def __str__(self) -> str:
        return f"run of {self.started_at}"
