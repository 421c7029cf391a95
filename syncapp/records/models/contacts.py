"""What both sides showed of a contact when it was last settled, and what goes back to the practice system."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Books
from accounts.tenancy import FirmModel
from syncapp.records.models.sources import Document

TELLING = ("ready", "done", "heard", "refused", "dropped")


class Agreed(FirmModel):
    """What both sides showed of a client when they were last settled, as the books write it, by field.

    `fields` is `{"email": ["clio's", "the books'"]}`; `round` the operations posted on the customer by then.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120)
    fields = models.JSONField(default=dict)
    round = models.IntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "books", "subject"], name="one_agreement_per_contact")
        ]

    def __str__(self) -> str:
        return f"{self.subject} as agreed"


class Merger(FirmModel):
    """Two customers that somebody merged in the books: `gone` disappeared, `kept` carries what was its.

    `accepted_at` is when a person let the client of the one stand on the other.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    gone = models.CharField(max_length=40)
    kept = models.CharField(max_length=40)
    told = models.BooleanField(default=False)  # QuickBooks said so; otherwise their transactions did
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "books", "gone"], name="one_merger_per_customer")
        ]

    def __str__(self) -> str:
        return f"customer {self.gone} merged into {self.kept}"


class ContactWrite(FirmModel):
    """A change of a contact that the practice system is to take: `before` and `after`, by field.

    `source_version` is what Clio said when it was decided. What is done is heard when Clio's answer was read;
    nothing of it is deleted.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="told")
    source_version = models.IntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="ready")
    words = models.CharField(max_length=300, blank=True, default="")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "document"], condition=Q(state="ready"), name="one_change_on_its_way_to_clio"
            ),
            models.CheckConstraint(condition=Q(state__in=TELLING), name="contact_write_state_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "document"], name="contact_write_by_document")]

    def __str__(self) -> str:
        return f"change of contact {self.document_id}"
