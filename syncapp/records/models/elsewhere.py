"""What a person settled elsewhere than by our posting, with the reason and the evidence."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel
from syncapp.records.models.queue import Case
from syncapp.records.models.sources import Document


class Elsewhere(FirmModel):
    """One record, as it was in `version`, that a person says is settled elsewhere: it is not posted.

    A later version of the record is planned again. `evidence` is a file as it came, `digest` its SHA-256; the
    bytes of one file are kept once, with the first row that names it.
    It holds until somebody takes it back (`ended_at`); nothing of it is deleted.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="elsewhere")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="elsewhere")
    version = models.IntegerField()
    reason = models.CharField(max_length=300)
    name = models.CharField(max_length=200, blank=True, default="")
    evidence = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "document"], condition=Q(ended_at__isnull=True), name="settled_elsewhere_once"
            ),
            models.CheckConstraint(condition=Q(reason__gt=""), name="settled_elsewhere_says_why"),
        ]

    @property
    def words(self) -> str:
        """Return who said so and why, as the record and the tie-out tell it."""
        return f"Settled elsewhere, says {self.by}: {self.reason}"

    def __str__(self) -> str:
        return f"settled elsewhere: {self.reason}"
