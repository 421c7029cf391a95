"""The limit of trust postings: from which amount an entry waits, and each change that was asked for."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel
from trust.models.setup import CHANGE_STATES, WAITING


class LimitChange(FirmModel):
    """A change of the firm's approval limit: one that loosens it is in force only when a partner approves it.

    `terms` and `before` are the firm file's `approvals`: `trust_over` (text with two decimals), `needed`,
    `approvers`; empty for no limit.
    """

    terms = models.JSONField()
    before = models.JSONField()
    state = models.CharField(max_length=10, default=WAITING)
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm"], condition=Q(state=WAITING), name="one_waiting_limit_per_firm"
            ),
            models.CheckConstraint(condition=Q(state__in=CHANGE_STATES), name="limit_change_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=WAITING) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="limit_change_was_decided",
            ),
        ]

    def __str__(self) -> str:
        return "approval limit of trust entries"
