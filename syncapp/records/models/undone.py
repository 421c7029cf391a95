"""What a person took back out of the books, with the reason, until it is sent again."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel
from syncapp.records.models.runs import Run
from syncapp.records.models.sources import Document


class Undone(FirmModel):
    """One record that a person undid as it was in `version`: what stands of it is taken back visibly.

    `batch` is shared by what was undone at once, `run` the run that had posted it, if a whole run was undone.
    With `again` it is sent again as soon as all of its batch is taken back; else it waits until somebody says
    so (`ended_at`). Nothing of it is deleted.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="undone")
    version = models.IntegerField()
    batch = models.UUIDField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="undone")
    reason = models.CharField(max_length=300)
    again = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "document"], condition=Q(ended_at__isnull=True), name="undone_once"
            ),
            models.CheckConstraint(condition=Q(reason__gt=""), name="undone_says_why"),
        ]

    @property
    def words(self) -> str:
        """Return who undid it and why, as the queue and the tie-out tell it."""
        return f"Undone by {self.by} because: {self.reason.rstrip('.')}."

    def __str__(self) -> str:
        return f"undone: {self.reason}"
