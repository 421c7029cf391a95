"""Each time that a ledger of client money was below zero, as it was seen; nothing takes it away again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.tenancy import FirmModel
from trust.models.pairs import TrustPair


class LedgerDip(FirmModel):
    """A ledger below zero from a day on, first by one movement. Append-only: a change is another row.

    `subject` and `cure` are natural keys of movements, `cause` and `cured` the same in words as they stood
    then. `lowest` is in minor units, below zero; `until` is the day on which it was made good, the same day
    for a dip within one day. `from_at` and `until_at` are when the practice system recorded what made it and
    what ended it (None: it does not say); `at` is when Tieout saw it.
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    ledger = models.CharField(max_length=60)
    day = models.DateField()
    subject = models.CharField(max_length=120)
    lowest = models.BigIntegerField()
    until = models.DateField(null=True)
    cure = models.CharField(max_length=120, blank=True, default="")
    cause = models.CharField(max_length=300, blank=True, default="")
    cured = models.CharField(max_length=300, blank=True, default="")
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "pair", "ledger", "day", "subject", "at"], name="one_row_per_seen_dip"
            ),
            models.CheckConstraint(condition=Q(lowest__lt=0), name="a_dip_is_below_zero"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("day")), name="a_dip_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(from_at=None) | Q(until_at__gte=F("from_at")),
                name="a_dip_ends_after_it_was_taken_down",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} below zero since {self.day}"
