"""What went to the bank together: deposits that a person made here, and payouts of a card processor."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Books
from accounts.tenancy import FirmModel


class Payout(FirmModel):
    """One payout of a processor, as its file says it. Minor units.

    `net` is what reached the operating bank: client money arrives whole at its own bank and is in none of the
    three sums. `name` is the file's.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    day = models.DateField()
    gross = models.BigIntegerField()
    fee = models.BigIntegerField()
    net = models.BigIntegerField()
    name = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "books", "key"], name="one_payout_per_key"),
            models.CheckConstraint(
                condition=Q(net=models.F("gross") - models.F("fee")), name="payout_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class PayoutCharge(FirmModel):
    """One row of a payout. `whole` arrived without its fee: client money, whose fee the firm bears.

    `kind` is empty for a charge; what the processor took is below zero. `chosen` is what a person said that
    it is: a payment of the books (`payment:145`), the entry of a subject (`for:payments/12/return`), a `fee`.
    """

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="charges")
    position = models.IntegerField()
    day = models.DateField()
    gross = models.BigIntegerField()
    fee = models.BigIntegerField()
    whole = models.BooleanField(default=False)
    reference = models.CharField(max_length=120, blank=True, default="")
    text = models.CharField(max_length=300, blank=True, default="")
    chosen = models.CharField(max_length=60, blank=True, default="")
    kind = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "payout", "position"], name="payout_charges_run_on")
        ]

    def __str__(self) -> str:
        return self.reference or f"charge {self.position}"


class BankDeposit(FirmModel):
    """What a person brought to the bank together, and had posted as one deposit. Minor units.

    `rows` are what it takes out of Undeposited Funds, each `{"kind", "id", "amount", "words"}` by the books'
    own kind and id. `trust_fee` is the fee of client money, which arrived whole: out of this deposit, or
    `apart`, taken from the operating bank by itself. It stands until `ended_at`; nothing of it is deleted.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, null=True, related_name="deposits")
    day = models.DateField()
    bank = models.CharField(max_length=40)
    bank_name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)
    fee = models.BigIntegerField(default=0)
    trust_fee = models.BigIntegerField(default=0)
    apart = models.BooleanField(default=False)
    fee_account = models.CharField(max_length=40, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "payout"], condition=Q(ended_at__isnull=True), name="one_deposit_per_payout"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_words__gt=""), name="deposit_ends_with_words"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "books", "-day", "-id"], name="deposit_by_day")]

    @property
    def gathered(self) -> int:
        """Return what it takes out of Undeposited Funds."""
        return sum(int(row["amount"]) for row in self.rows)

    @property
    def total(self) -> int:
        """Return what reached the bank."""
        return self.gathered - self.fee - (0 if self.apart else self.trust_fee)

    def __str__(self) -> str:
        return f"deposit D{self.pk}"
