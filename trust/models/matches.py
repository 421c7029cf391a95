"""Which lines of the bank are which entries of the books, and what people taught of payees.

A match is never deleted: undoing it says who, when and why, and frees what it named. Lines are named by their
identity within the trust account, entries by their natural key; amounts are signed minor units, positive into
the bank.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel
from trust.matching import How
from trust.models.pairs import TrustPair

BANK, BOOKS = SIDES = ("bank", "books")
AUTOMATIC, ACCEPTED, BY_HAND = MADE = ("automatic", "accepted", "hand")


class LearnedPayee(FirmModel):
    """What a person taught by matching: a bank text with all these words speaks of this payee.

    `words` are folded, in alphabetical order; `folded` is the payee as names are compared. Every match that
    rests on it names it, so that its uses can be shown.
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    payee = models.CharField(max_length=200)
    folded = models.CharField(max_length=200)
    paid_in = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "pair", "paid_in", "words"],
                condition=Q(stopped_at=None),
                name="one_payee_per_bank_text",
            ),
            models.CheckConstraint(condition=~Q(words="") & ~Q(folded=""), name="learned_payee_says_whom"),
        ]

    def __str__(self) -> str:
        return self.payee


class Match(FirmModel):
    """Bank lines that are entries of the books. `made` says whether the machine or a person decided."""

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=20)
    made = models.CharField(max_length=12)
    reasons = ArrayField(models.TextField(), default=list)
    rule = models.ForeignKey(LearnedPayee, on_delete=models.PROTECT, null=True, related_name="uses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_why = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(how__in=[how.value for how in How]), name="match_how_is_known"
            ),
            models.CheckConstraint(condition=Q(made__in=MADE), name="match_maker_is_known"),
            models.CheckConstraint(
                condition=Q(made=AUTOMATIC) | Q(by__isnull=False), name="a_person_s_match_names_them"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False) | Q(undone_by=None, undone_why=""),
                name="an_undone_match_says_when",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "pair", "undone_at"], name="match_by_pair")]

    def __str__(self) -> str:
        return f"match {self.pk}"


class MatchPart(FirmModel):
    """One line or one entry of a match, as it was then; live until the match is undone."""

    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="parts")
    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=5)
    key = models.CharField(max_length=120)
    day = models.DateField()
    amount = models.BigIntegerField()
    live = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "pair", "side", "key"], condition=Q(live=True), name="matched_once"
            ),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="match_side_is_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "side", "key"], condition=Q(live=True), name="live_match_by_key")
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.key}"
