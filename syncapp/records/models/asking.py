"""A question about a case that somebody without an account answers by a link."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.tenancy import FirmModel
from syncapp.records.models.queue import Case


class CaseAsk(FirmModel):
    """One question, mailed to one address, and its one answer: a proposal that posts nothing.

    `choices` are `{"label", "answer"}`: what the person reads, and what the card takes when a bookkeeper
    applies it ("" when only a person can). `token_hashes` are the SHA-256 of the first letter's link and of
    each reminder's. It opens nothing after `expires_at` or once it was taken back (`ended_at`).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="asks")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    question = models.TextField()
    choices = models.JSONField(default=list)
    token_hashes = ArrayField(models.CharField(max_length=64))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    label = models.CharField(max_length=200, blank=True, default="")
    answer = models.CharField(max_length=60, blank=True, default="")
    said = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(question__gt=""), name="case_ask_asks"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("at")), name="case_ask_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, label="", answer="", said="")
                | (Q(answered_at__isnull=False) & (Q(label__gt="") | Q(said__gt=""))),
                name="case_ask_answer_says_something",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "case"], name="ask_of_case")]

    def __str__(self) -> str:
        return f"question to {self.name}"
