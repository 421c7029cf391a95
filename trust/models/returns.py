"""Deposits that the bank sent back, as it was seen which deposit each of them is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.tenancy import FirmModel
from trust.models.pairs import TrustPair


class ReturnedDeposit(FirmModel):
    """Which deposit a return takes back, by natural keys of movements. Append-only: the newest row holds.

    `original` is empty where the link was found and stands no more, because a row was changed in the practice
    system.
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120)
    original = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["firm", "subject"], name="returned_by_subject"),
            models.Index(fields=["firm", "original"], name="returned_by_original"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} returns {self.original or 'nothing'}"
