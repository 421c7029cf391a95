"""What happened: the audit log, its chain head, what people were told by mail, and when they want it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.channels import LEASTS
from accounts.tenancy import FirmModel


class AuditEvent(FirmModel):
    """Who did what to which thing, before and after. Append-only; each event carries the hash of the last."""

    number = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_text = models.CharField(max_length=200)
    verb = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=60, blank=True, default="")
    object_id = models.CharField(max_length=80, blank=True, default="")
    object_text = models.CharField(max_length=300, blank=True, default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=64, blank=True, default="")
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "number"], name="audit_numbers_run_on")
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "-at"], name="audit_by_time"),
            models.Index(fields=["firm", "object_kind", "object_id"], name="audit_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"


class AuditHead(FirmModel):
    """The end of a firm's chain: the row that a writer locks."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["firm"], name="one_audit_head_per_firm")]

    def __str__(self) -> str:
        return f"head of firm {self.firm_id} at {self.number}"


class Notification(FirmModel):
    """A mail that went out under a key, so that it goes out once."""

    key = models.CharField(max_length=200)
    subject = models.CharField(max_length=250)
    recipients = models.JSONField(default=list)
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["firm", "key"], name="told_once_per_key")]

    def __str__(self) -> str:
        return self.subject


class LetterChoice(FirmModel):
    """When a person wants letters about new exceptions of a firm; without a row the role decides.

    `least` is the urgency from which on. `told_at` is until when a daily reader knows what was new. Reached
    only through `accounts.letters`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    letters = models.CharField(max_length=10)  # at_once, daily, never
    least = models.CharField(max_length=12, default="waiting", db_default="waiting")
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "user"], name="one_letter_choice_per_person"),
            models.CheckConstraint(
                condition=Q(letters__in=["at_once", "daily", "never"]), name="letter_choice_is_known"
            ),
            models.CheckConstraint(condition=Q(least__in=LEASTS), name="letter_choice_least_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.firm_id}: {self.letters}"
