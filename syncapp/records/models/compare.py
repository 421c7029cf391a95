"""Comparisons: what the practice system says against what stands in the books."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Books
from accounts.tenancy import FirmModel


class TieOut(FirmModel):
    """One comparison of one set of books. `kinds` holds counts and totals of both sides in minor units."""

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    equal = models.BooleanField()
    kinds = models.JSONField(default=dict)
    months = models.JSONField(default=list)
    time = models.JSONField(default=dict)
    records = models.IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["firm", "books", "-at"], name="tie_out_latest"),
            models.Index(fields=["firm", "-at"], name="tie_out_newest"),
            models.Index(fields=["firm", "-at"], condition=Q(equal=True), name="tie_out_equal"),
        ]

    def __str__(self) -> str:
        return f"{'equal' if self.equal else 'not equal'} at {self.at}"


class Difference(FirmModel):
    """One record in which the two sides differ. Amounts signed, in minor units; queued ones wait as holds.

    `what` says how: missing in the books, extra there, different, duplicated, or changed after posting.
    """

    tie_out = models.ForeignKey(TieOut, on_delete=models.CASCADE, related_name="differences")
    kind = models.CharField(max_length=16)
    what = models.CharField(max_length=12, default="different", db_default="different")
    resource = models.CharField(max_length=40, blank=True, default="")
    source_id = models.CharField(max_length=40, blank=True, default="")
    books_object = models.CharField(max_length=60, blank=True, default="")
    number = models.CharField(max_length=120, blank=True, default="")
    clio = models.BigIntegerField(default=0)
    books_minor = models.BigIntegerField(default=0)
    amount = models.BigIntegerField(default=0)
    queued = models.BooleanField(default=False)
    reason = models.CharField(max_length=400)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["firm", "tie_out"], name="difference_of_tie_out")]

    def __str__(self) -> str:
        return self.reason
