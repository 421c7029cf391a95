"""Where a firm's own people are told beside the mail: a channel of a chat."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel

LEASTS = ("trust", "needs_person", "waiting")  # what somebody is told of, and all that is more urgent


class AlertChannel(FirmModel):
    """An incoming webhook of Slack or Teams; its address is the secret, sealed to this row.

    `told_at` is until when the channel knows what was new; a message that could not be sent leaves it.
    """

    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    url_sealed = models.BinaryField(default=b"")
    least = models.CharField(max_length=12, default="waiting")
    daily = models.BooleanField(default=False)
    told_at = models.DateTimeField()
    trouble = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["slack", "teams"]), name="alert_channel_is_known"),
            models.CheckConstraint(condition=Q(least__in=LEASTS), name="alert_channel_least_is_known"),
            models.UniqueConstraint(fields=["firm", "name"], name="one_alert_channel_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
