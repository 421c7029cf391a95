"""What is kept of a case beside its holds: its history, what was carried into a month, a person's views."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel
from syncapp.records.models.queue import Case

COMMENT, PROPOSAL = "comment", "proposal"
NOTES = (COMMENT, PROPOSAL, "opened", "reopened", "closed", "owned", "woke", "escalated", "carried")


class CaseNote(FirmModel):
    """One line of a case's history, append-only: a comment, a proposal, or what Tieout did by itself.

    A proposal is what somebody answered who was asked by mail. What people did otherwise (assigned, retried,
    approved) stands in the audit log.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=NOTES), name="case_note_is_known"),
            models.CheckConstraint(
                condition=Q(kind=COMMENT, by__isnull=False) | (~Q(kind=COMMENT) & Q(by__isnull=True)),
                name="a_comment_is_somebodys",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "case", "at"], name="note_of_case")]

    def __str__(self) -> str:
        return self.words


class CaseCarry(FirmModel):
    """A case that was open when a month ended, as it stood then. Append-only; `month` is its first day.

    `records` and `amount` (minor units) are what it held at the month's last instant.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="carries")
    month = models.DateField()
    title = models.TextField()
    severity = models.CharField(max_length=12)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    records = models.IntegerField()
    amount = models.BigIntegerField()
    opened_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "month", "case"], name="carried_once_into_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.title}"


class CaseView(FirmModel):
    """A filter of the exceptions that a person keeps under a name; `everywhere` is that of all firms."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    everywhere = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "user", "everywhere", "name"], name="one_view_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name
