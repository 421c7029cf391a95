"""What a person says of one record, with the reason, until it is taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel


class Said(FirmModel):
    """A person's word on one record as it was in `version`. It holds until somebody ends it (`ended_at`).

    Each kind of word names its record as `document`, and one of a kind stands on it at a time. Nothing of it
    is deleted.
    """

    version = models.IntegerField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta(FirmModel.Meta):
        abstract = True


def standing_once(*, once: str, says_why: str) -> list[models.BaseConstraint]:
    """Return what holds for every kind of word, under the names that its table gives the two constraints."""
    return [
        models.UniqueConstraint(fields=["firm", "document"], condition=Q(ended_at__isnull=True), name=once),
        models.CheckConstraint(condition=Q(reason__gt=""), name=says_why),
    ]
