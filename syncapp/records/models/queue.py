"""What waits for a person, by cause."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Books
from accounts.tenancy import FirmModel
from syncapp.records.models.sources import Document

QUIET = ("paused", "scheduled")  # severities of what waits because a person wanted it so


class Case(FirmModel):
    """One cause with all that it holds. It closes itself when the cause is gone and reopens as itself.

    It has an owner from birth (`pipeline.cases.owners`); only a firm without people leaves it without one.
    `due_on` is a day of the firm, none for what goes on by itself. Until `rested_until` it waits because a
    person said so. `given` is what a person answered, with what stood before, until it is carried out
    (`pipeline.cases.given`).
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, null=True, related_name="+")
    cause = models.CharField(max_length=200)
    code = models.CharField(max_length=40)
    fix = models.CharField(max_length=12)
    severity = models.CharField(max_length=12, default="needs_person")  # trust, waiting, or QUIET
    title = models.TextField()
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    rested_until = models.DateField(null=True)
    escalated_at = models.DateTimeField(null=True)
    times_opened = models.IntegerField(default=1)
    given = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["firm", "cause"], name="one_case_per_cause")]
        indexes: ClassVar = [
            models.Index(fields=["firm"], condition=Q(closed_at__isnull=True), name="case_open")
        ]

    def __str__(self) -> str:
        return self.title


class Hold(FirmModel):
    """One document that cannot post yet, or (`alarm`) has posted and needs a person all the same.

    `resource` and `source_id` are the practice system's own words for it; `amount` in minor units.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="holds")
    document_version = models.IntegerField(default=1)
    alarm = models.BooleanField(default=False)
    code = models.CharField(max_length=40)
    words = models.TextField()
    facts = models.JSONField(default=dict)
    resource = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    number = models.CharField(max_length=120, blank=True, default="")
    amount = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_words = models.CharField(max_length=200, blank=True, default="")
    retry_asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "document"],
                condition=Q(alarm=False, closed_at__isnull=True),
                name="one_open_hold_per_document",
            ),
            models.UniqueConstraint(
                fields=["firm", "document", "code"],
                condition=Q(alarm=True, closed_at__isnull=True),
                name="one_open_alarm_per_code",
            ),
        ]
        indexes: ClassVar = [
            models.Index(  # all that the queue adds up, so that its sums read no row
                fields=["firm", "case"],
                include=["id", "alarm", "amount", "opened_at", "resource"],
                condition=Q(closed_at__isnull=True),
                name="hold_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.words
