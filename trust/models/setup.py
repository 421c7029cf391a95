"""Setting trust up: changes that wait for a partner, opening balances, approvals to post.

Amounts are signed minor units; those of an item are positive into the bank.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel
from trust.models.pairs import TrustPair

WAITING = "waiting"
CHANGE_STATES = (WAITING, "approved", "refused", "withdrawn")
OPENING_STATES = (WAITING, "agreed")
SOURCES = ("clio", "file")
ITEMS = ("check", "deposit")


class PairChange(FirmModel):
    """A change of a trust pair that somebody asked for: in force only when a partner approves it.

    `terms` and `before` are `trust.pairing.Terms` as the log keeps them.
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    terms = models.JSONField()
    before = models.JSONField()
    state = models.CharField(max_length=10, default=WAITING)
    reason = models.CharField(max_length=500, blank=True, default="")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    proposed_text = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "pair"], condition=Q(state=WAITING), name="one_waiting_change_per_pair"
            ),
            models.CheckConstraint(condition=Q(state__in=CHANGE_STATES), name="pair_change_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=WAITING) | Q(decided_at__isnull=False), name="pair_change_was_decided"
            ),
        ]

    def __str__(self) -> str:
        return f"change of {self.pair}"


class Opening(FirmModel):
    """Whose money a trust account held at the end of `day`, the day before its start.

    `waiting` until the books' bank and liability, the ledgers and, where a person gave it, the bank's
    statement adjusted by what was outstanding are all equal; then `agreed` for ever. `books_bank` and
    `books_liability` are what the books showed when last compared (positive: held), None before that.
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    source = models.CharField(max_length=10, default=SOURCES[0])
    state = models.CharField(max_length=10, default=WAITING)
    total = models.BigIntegerField(default=0)
    books_bank = models.BigIntegerField(null=True)
    books_liability = models.BigIntegerField(null=True)
    statement = models.BigIntegerField(null=True)
    words = models.TextField(blank=True, default="")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    prepared_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "pair"], name="one_opening_per_pair"),
            models.CheckConstraint(condition=Q(state__in=OPENING_STATES), name="opening_state_is_known"),
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="opening_source_is_known"),
            models.CheckConstraint(
                condition=Q(state=WAITING)
                | Q(books_bank=models.F("total"), books_liability=models.F("total"), agreed_at__isnull=False),
                name="an_agreed_opening_ties",
            ),
        ]

    def __str__(self) -> str:
        return f"opening of {self.pair}"


class OpeningLine(FirmModel):
    """What one ledger held at the opening (`core.ledger.Ledger.key`)."""

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="lines")
    ledger = models.CharField(max_length=40)
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "opening", "ledger"], name="one_opening_line_per_ledger")
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.amount}"


class OpeningItem(FirmModel):
    """One check or deposit that the bank had not yet seen at the opening; a check's amount is negative."""

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=10)
    day = models.DateField()
    amount = models.BigIntegerField()
    number = models.CharField(max_length=40, blank=True, default="")
    payee = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["day", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="check", amount__lt=0) | Q(kind="deposit", amount__gt=0),
                name="opening_item_has_its_sign",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} {self.amount}"


class TrustApproval(FirmModel):
    """One person's approval to post one trust entry as it was seen (`print` is its fingerprint)."""

    subject = models.CharField(max_length=120)
    print = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    entry = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "subject", "print", "by"], name="one_trust_approval_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} by {self.by_id}"
