"""What somebody did in the books to entries of client money that Tieout posted; it is kept for ever."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel
from trust.models.pairs import TrustPair

EDITED, VOIDED, DELETED = DOINGS = ("edited", "voided", "deleted")


class BookHand(FirmModel):
    """One change of one entry in the books that was not ours. Append-only.

    `before` and `after` are the day, the number, the text and the lines as they stood and as they stand;
    amounts in minor units, positive a debit. `changed_at` is QuickBooks' own time, None where it says none;
    who did it, its interface does not tell (qbo/API.md section 5).
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120)
    object_kind = models.CharField(max_length=16)
    remote_id = models.CharField(max_length=40)
    number = models.CharField(max_length=60, blank=True, default="")
    day = models.DateField(null=True)
    what = models.CharField(max_length=10)
    before = models.JSONField()
    after = models.JSONField()
    changed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["seen_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(what__in=DOINGS), name="book_hand_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "pair", "seen_at"], name="book_hand_by_time")]

    def __str__(self) -> str:
        return f"{self.object_kind} {self.number or self.remote_id} {self.what}"
