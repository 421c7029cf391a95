"""The random review of a quarter: what was drawn with which seed, what the lawyer answered and signed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel
from trust.models.pairs import TrustPair


class Review(FirmModel):
    """One draw of one quarter: the seed, and the natural keys of what it drew. Append-only."""

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    quarter = models.DateField()  # its first day
    seed = models.CharField(max_length=64)
    drawn = ArrayField(models.CharField(max_length=120), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-quarter", "pair_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "pair", "quarter"], name="one_review_per_quarter"),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]), name="review_names_a_quarter"
            ),
            models.CheckConstraint(condition=Q(seed__gt=""), name="review_keeps_its_seed"),
        ]

    def __str__(self) -> str:
        return f"review of the quarter from {self.quarter:%B %Y} of {self.pair}"


class ReviewNote(FirmModel):
    """What a lawyer answered about one drawn transaction, or (no `subject`) the signature. Append-only."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="notes")
    subject = models.CharField(max_length=120, blank=True, default="")
    answers = models.JSONField(default=dict)
    name = models.CharField(max_length=150)
    bar_number = models.CharField(max_length=60, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(subject__gt="") | Q(name__gt="", bar_number__gt=""),
                name="review_signature_names_its_lawyer",
            ),
            models.UniqueConstraint(
                fields=["firm", "review"], condition=Q(subject=""), name="one_signature_per_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject or 'signature'} of review {self.review_id}"
