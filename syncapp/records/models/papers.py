"""The PDFs of bills at their invoices in the books: what is to be attached, what hangs there, what did."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Books
from accounts.tenancy import FirmModel
from syncapp.records.models.sources import Document

PAPER_STATES = ("ready", "attached", "leaving", "replaced", "withheld", "failed", "dropped")


class BillPaper(FirmModel):
    """The PDF of a bill, as it was in `version`, at the invoice `remote_id`.

    `ready` waits for its turn; with `sent_at` it may be there already and is looked for first. `attached`
    hangs at the invoice as `attachment`; `leaving` is an older one that is taken away, then `replaced`.
    `withheld` is confidential, `failed` was given up (`words` say why), `dropped` is not asked for any more.
    Nothing of it is deleted.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="papers")
    remote_id = models.CharField(max_length=40)
    version = models.IntegerField()
    print = models.CharField(max_length=64)
    key = models.UUIDField()
    state = models.CharField(max_length=8, default="ready")
    attachment = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    size = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")
    words = models.CharField(max_length=300, blank=True, default="")
    tries = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attached_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "books", "remote_id"], condition=Q(state="ready"), name="one_paper_on_its_way"
            ),
            models.UniqueConstraint(
                fields=["firm", "books", "remote_id"],
                condition=Q(state="attached"),
                name="one_paper_attached",
            ),
            models.UniqueConstraint(fields=["firm", "key"], name="one_paper_per_key"),
            models.CheckConstraint(condition=Q(state__in=PAPER_STATES), name="paper_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["attached", "leaving", "replaced"]) | Q(attachment__gt=""),
                name="attached_means_we_know_its_id",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "document", "remote_id"], name="paper_by_document"),
            models.Index(
                fields=["firm", "books", "next_at"],
                condition=Q(state__in=["ready", "leaving"]),
                name="paper_open",
            ),
        ]

    def __str__(self) -> str:
        return f"PDF of bill {self.document_id} at invoice {self.remote_id}"
