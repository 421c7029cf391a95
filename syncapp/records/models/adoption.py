"""What stands in the books already and may be what a record of the practice system would post."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Books
from accounts.tenancy import FirmModel
from syncapp.records.models.sources import Document


class ProposalState(StrEnum):
    """`open → adopted | refused`, `adopted → undone`; one that is undone or refused is asked no more."""

    OPEN = "open"
    ADOPTED = "adopted"
    REFUSED = "refused"
    UNDONE = "undone"


class Proposal(FirmModel):
    """One record of the practice system beside one object of the books that may be it, with the reasons.

    `resource` and `source_id` are the practice system's own words for the record; `amount` in minor units;
    `name` is the customer's, `number` the record's, `remote_number` that in the books. `document_version` is
    the version that was adopted: while it is the newest one, nothing is planned for the record.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    document_version = models.IntegerField(default=0)
    subject = models.CharField(max_length=120)
    resource = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    number = models.CharField(max_length=120, blank=True, default="")
    name = models.CharField(max_length=500, blank=True, default="")
    amount = models.BigIntegerField(default=0)
    day = models.DateField(null=True)
    object_kind = models.CharField(max_length=16)
    remote_id = models.CharField(max_length=40)
    remote_number = models.CharField(max_length=60, blank=True, default="")
    confidence = models.CharField(max_length=10)
    conflict = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=ProposalState.OPEN.value)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "books", "subject", "object_kind", "remote_id"],
                name="one_proposal_per_pair",
            ),
            models.UniqueConstraint(
                fields=["firm", "books", "object_kind", "remote_id"],
                condition=Q(state="adopted"),
                name="one_adoption_per_book_object",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ProposalState]),
                name="proposal_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=["certain", "likely", "doubtful"]),
                name="proposal_confidence_is_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "books", "state", "confidence"], name="proposal_by_state"),
            models.Index(fields=["firm", "document"], name="proposal_by_document"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.number or self.source_id} as {self.object_kind} {self.remote_id}"
