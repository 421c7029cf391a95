"""What the practice system said, verbatim and in every version, and how we read it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.tenancy import FirmModel
from syncapp.records.exact import ExactDecoder, ExactEncoder


class SourceRecord(FirmModel):
    """One version of one object, word for word. Append-only."""

    resource = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    version = models.IntegerField()
    payload = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    fingerprint = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "resource", "source_id", "version"], name="source_versions_run_on"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource}/{self.source_id} v{self.version}"


class SourceHead(FirmModel):
    """The newest version of one object. `group` is the subject it is read into, such as `bills/99`.

    `unread` waits for the read stage; `gone_at` is when a sweep or an answer showed that it is no more.
    """

    resource = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField(default=1)
    fingerprint = models.CharField(max_length=64)
    etag = models.CharField(max_length=80, blank=True, default="")
    group = models.CharField(max_length=60, blank=True, default="")
    unread = models.BooleanField(default=True)
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "resource", "source_id"], name="one_head_per_source")
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "resource", "group"], name="source_by_group"),
            models.Index(fields=["firm", "resource"], condition=Q(unread=True), name="source_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.resource}/{self.source_id}"


class Cursor(FirmModel):
    """How far a list of the practice system was read: kept after each page."""

    name = models.CharField(max_length=60)
    state = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["firm", "name"], name="one_cursor_per_list")]

    def __str__(self) -> str:
        return self.name


class Document(FirmModel):
    """Our typed reading of one source object: its newest version.

    `settled` means that the books hold what this version asks for, or that it asks for nothing. What is not
    settled is planned anew by every run. `resource` and `source_id` are the practice system's own words.
    """

    kind = models.CharField(max_length=12)
    resource = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    version = models.IntegerField(default=1)
    data = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    problem = models.JSONField(null=True)
    number = models.CharField(max_length=120, blank=True, default="")
    day = models.DateField(null=True)
    amount = models.BigIntegerField(default=0)
    client_id = models.BigIntegerField(null=True)
    settled = models.BooleanField(default=False)
    outcome = models.CharField(
        max_length=12, blank=True, default=""
    )  # posted, held, skipped, waiting, unchanged
    outcome_words = models.CharField(max_length=300, blank=True, default="")
    read_at = models.DateTimeField()
    of_trust = models.GeneratedField(  # it moves client money, or may: the database reads it off `data`
        expression=models.Func(F("kind"), F("data"), function="records_of_trust"),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "kind", "source_id"], name="one_document_per_source")
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "day"], condition=Q(of_trust=True), name="document_of_trust"),
            models.Index(fields=["firm", "kind"], condition=Q(settled=False), name="document_unsettled"),
            models.Index(fields=["firm", "kind", "day"], name="document_by_day"),
            models.Index(fields=["firm", "number"], name="document_by_number"),
            models.Index(  # the search reads this and no row (desk/queries/search.py)
                fields=["firm", "-day", "-id"],
                include=["kind", "source_id", "number", "amount", "client_id"],
                name="document_search",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number or self.source_id}"


class DocumentVersion(FirmModel):
    """One version of our reading, with the source versions it was read from. Append-only."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    version = models.IntegerField()
    data = models.JSONField()
    sources = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "document", "version"], name="document_versions_run_on")
        ]

    def __str__(self) -> str:
        return f"version {self.version} of {self.document_id}"


class Concern(FirmModel):
    """Which subjects a document speaks of: a payment concerns the bills that it pays."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="concerns")
    subject = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "document", "subject"], name="one_concern_per_subject")
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "subject"], name="concern_by_subject")]

    def __str__(self) -> str:
        return self.subject
