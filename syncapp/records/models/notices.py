"""What the vendors call out to us: the subscriptions we asked for, and the notices that came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Books, Grant
from accounts.tenancy import FirmModel

WEBHOOK_STATES = ("asked", "live", "suspended", "refused", "gone")
NOTICE_PROVIDERS = ("clio", "qbo")


class Webhook(FirmModel):
    """One subscription at Clio: which kind of record it speaks of, and how it stands.

    `token_hash` is what is kept of the address that Clio calls, `secret_sealed` what it signs with, sealed to
    this row. `heard_at` is the last notice; `missed_at` the first time since then that a poll found a record
    that should have been announced.
    """

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    model = models.CharField(max_length=30)
    url = models.CharField(max_length=500)
    token_hash = models.CharField(max_length=64)
    remote_id = models.BigIntegerField(null=True)
    secret_sealed = models.BinaryField(default=b"")
    state = models.CharField(max_length=12, default="asked")
    words = models.CharField(max_length=300, blank=True, default="")
    asked_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    renew_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "model"], name="one_webhook_per_kind_of_record"),
            models.CheckConstraint(condition=Q(state__in=WEBHOOK_STATES), name="webhook_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.model} of {self.grant_id}"


class Notice(FirmModel):
    """One thing that a vendor announced; said again, it is the same row. It only says "look again".

    Nothing of the body is kept but which record it names. `looked_at` is when a run had looked since.
    """

    provider = models.CharField(max_length=10)
    books = models.ForeignKey(Books, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64)
    entity = models.CharField(max_length=40)
    event = models.CharField(max_length=40)
    source_id = models.CharField(max_length=64, blank=True, default="")
    gone_id = models.CharField(max_length=64, blank=True, default="", db_default="")  # what a merge swallowed
    changed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    repeats = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "provider", "digest"], name="one_row_per_notice"),
            models.CheckConstraint(
                condition=Q(provider__in=NOTICE_PROVIDERS), name="notice_provider_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["firm", "provider"], condition=Q(looked_at__isnull=True), name="notice_open"
            ),
            models.Index(fields=["firm", "provider", "received_at"], name="notice_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.source_id} {self.event}"
