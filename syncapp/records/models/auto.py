"""What a firm's rules answered by themselves."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.tenancy import FirmModel
from syncapp.records.models.queue import Case
from syncapp.records.models.sources import Document


class AutoUse(FirmModel):
    """One record that a rule answered, as the rule read then. Append-only: once for a record and a cause.

    `author` stands for the rule; `amount` in minor units.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="auto_uses")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="auto_uses")
    cause = models.CharField(max_length=40)
    rule = models.CharField(max_length=80)
    says = models.CharField(max_length=300)
    amount = models.BigIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "document", "cause"], name="a_rule_answers_a_record_once")
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "case"], name="auto_use_of_case")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.says}"
