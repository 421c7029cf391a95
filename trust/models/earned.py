"""Earned money: what people said of bills, the transfer lists that a partner signed, what clients keep.

Amounts are minor units. All of it but `EarnedStanding`, which is a reading, is append-only: the newest row of
a thing holds.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.tenancy import FirmModel
from trust.models.pairs import TrustPair

DISPUTED, SENT = "disputed", "sent"


class BillWord(FirmModel):
    """What a person said of a bill that Clio does not say: the client disputes it, or it went out by post.

    A dispute is of the part of one ledger: `amount` is what is contested, None all of it, 0 nothing any more.
    `day` is the day it was sent, None when that was taken back.
    """

    bill = models.BigIntegerField()  # Clio's id
    ledger = models.CharField(max_length=60, blank=True, default="")
    what = models.CharField(max_length=10)
    amount = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    words = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["firm", "bill"], name="bill_word_by_bill")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(what=DISPUTED, ledger__gt="", day=None) | Q(what=SENT, ledger="", amount=None),
                name="bill_word_is_of_one_kind",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0), name="bill_word_disputes_an_amount"
            ),
            models.CheckConstraint(condition=Q(words__gt=""), name="bill_word_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"bill {self.bill} {self.what}"


class TransferSheet(FirmModel):
    """One list of transfers as a partner signed it: `digest` is the SHA-256 of what the page showed."""

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    digest = models.CharField(max_length=64)
    left = models.JSONField(default=list)  # what was not on it, and why
    name = models.CharField(max_length=150)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(name__gt="", digest__gt=""), name="transfer_sheet_names_who_signed_what"
            )
        ]

    def __str__(self) -> str:
        return f"transfer list of {self.as_of:%-d %b %Y} of {self.pair}"


class TransferLine(FirmModel):
    """One transfer that was signed. `balance` is what its ledger held when it was signed."""

    sheet = models.ForeignKey(TransferSheet, on_delete=models.PROTECT, related_name="lines")
    ledger = models.CharField(max_length=60)
    bill = models.BigIntegerField()
    number = models.CharField(max_length=120, blank=True, default="")
    amount = models.BigIntegerField()
    balance = models.BigIntegerField()
    sent = models.DateField()
    overdue = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "sheet", "ledger", "bill"], name="one_transfer_per_ledger_and_bill"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=F("balance")), name="transfer_is_within_its_ledger"
            ),
        ]

    def __str__(self) -> str:
        return f"bill {self.number}, {self.ledger}"


class TransferEnd(FirmModel):
    """The rest of a signed transfer, taken off its list before it was recorded; `words` say why."""

    line = models.ForeignKey(TransferLine, on_delete=models.PROTECT, related_name="ends")
    amount = models.BigIntegerField()
    words = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "line"], name="one_end_per_transfer"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, words__gt=""), name="transfer_end_has_amount_and_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"end of {self.line_id}"


class LedgerLevel(FirmModel):
    """What a client agreed to keep on a ledger. Both amounts 0: nothing any more.

    `account` is the trust account's name in Clio. The firm file may speak of a matter that was not read yet:
    then `name` is what it says, and `ledger` is empty. `by` is empty for the firm file.
    """

    account = models.CharField(max_length=200)
    ledger = models.CharField(max_length=60, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    minimum = models.BigIntegerField(default=0)
    evergreen = models.BigIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ledger__gt="", name="") | Q(ledger="", name__gt=""),
                name="ledger_level_names_its_ledger",
            ),
            models.CheckConstraint(
                condition=Q(minimum__gte=0, evergreen__gte=0)
                & (Q(evergreen=0) | Q(evergreen__gte=F("minimum"))),
                name="ledger_level_is_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"level of {self.ledger or self.name}"


class EarnedStanding(FirmModel):
    """What is earned and not moved in one trust account, as the last run or signature left it."""

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(default=0)
    overdue = models.BigIntegerField(default=0)
    lines = models.IntegerField(default=0)
    ledgers = models.IntegerField(default=0)
    unrecorded = models.BigIntegerField(default=0)  # signed, and not yet recorded in Clio
    since = models.DateField(null=True)  # from when the oldest of it could move
    signed_since = models.DateField(null=True)  # the day of the oldest list that is not recorded
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "pair"], name="one_earned_standing_per_account")
        ]

    def __str__(self) -> str:
        return f"earned in {self.pair_id}"
