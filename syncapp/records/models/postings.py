"""What was planned, sent and posted, and the links that outlive everything."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Books
from accounts.tenancy import FirmModel
from syncapp.records.models.sources import Document


class PostingState(StrEnum):
    """`ready → sending → posted`, `sending → refused`, `sending → uncertain → posted | ready` (DESIGN 5)."""

    READY = "ready"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    POSTED = "posted"
    REFUSED = "refused"
    AWAITING_APPROVAL = "awaiting_approval"
    SHADOW = "shadow"
    SUPERSEDED = "superseded"


OPEN_STATES = (PostingState.READY.value, PostingState.SENDING.value, PostingState.UNCERTAIN.value)
TRANSITIONS: dict[PostingState, frozenset[PostingState]] = {
    PostingState.READY: frozenset({PostingState.SENDING, PostingState.SUPERSEDED}),
    PostingState.SENDING: frozenset(
        {PostingState.POSTED, PostingState.REFUSED, PostingState.UNCERTAIN, PostingState.READY}
    ),
    PostingState.UNCERTAIN: frozenset({PostingState.POSTED, PostingState.READY, PostingState.REFUSED}),
    PostingState.REFUSED: frozenset({PostingState.READY, PostingState.SUPERSEDED}),
    PostingState.AWAITING_APPROVAL: frozenset({PostingState.READY, PostingState.SUPERSEDED}),
    PostingState.POSTED: frozenset(),
    PostingState.SHADOW: frozenset(),
    PostingState.SUPERSEDED: frozenset({PostingState.READY}),
}


class Posting(FirmModel):
    """One operation on one object of the books, written before it is sent.

    `key` says what it is, `request_id` what the vendor is asked to recognise it by. `after` are the postings
    that must be posted first. `amount` in minor units.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    request_id = models.CharField(max_length=50)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="postings")
    document_version = models.IntegerField()
    subject = models.CharField(max_length=120)
    generation = models.IntegerField(default=1)
    verb = models.CharField(max_length=8)
    object_kind = models.CharField(max_length=16)
    draft = models.JSONField(null=True)
    print = models.CharField(max_length=64, blank=True, default="")
    rule_version = models.IntegerField(default=0)
    number = models.CharField(max_length=60, blank=True, default="")
    day = models.DateField(null=True)
    amount = models.BigIntegerField(default=0)
    after = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(max_length=20, default=PostingState.READY.value)
    retries = models.IntegerField(default=0)
    first_sent_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    remote_id = models.CharField(max_length=40, blank=True, default="")
    vendor_code = models.CharField(max_length=40, blank=True, default="")
    vendor_words = models.TextField(blank=True, default="")
    differences = models.JSONField(default=list)
    more = models.BooleanField(default=False)  # the document asks for more once this is posted
    created_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "key"], name="one_posting_per_key"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in PostingState]), name="posting_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=PostingState.POSTED.value) | Q(remote_id__gt=""),
                name="posted_means_we_know_its_id",
            ),
            models.UniqueConstraint(
                fields=["firm", "books", "subject"],
                condition=Q(state__in=["sending", "uncertain"]),
                name="one_operation_on_its_way_per_subject",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["firm", "books", "id"],
                condition=Q(state__in=["ready", "sending", "uncertain"]),
                name="posting_open",
            ),
            models.Index(fields=["firm", "subject"], name="posting_by_subject"),
            models.Index(fields=["firm", "document"], name="posting_by_document"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind} {self.number or self.subject}"


class Attempt(FirmModel):
    """One time that a posting was sent, and what came back. Append-only."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="attempts")
    request_id = models.CharField(max_length=50)
    vendor_request_id = models.CharField(max_length=120, blank=True, default="")
    outcome = models.CharField(max_length=12)
    code = models.CharField(max_length=40, blank=True, default="")
    words = models.TextField(blank=True, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.outcome} at {self.ended_at}"


class Link(FirmModel):
    """What stands in the books for a subject, for ever: it survives disconnecting and mapping anew.

    `content` is the draft that was last posted. A subject has one live link; earlier generations stay.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120)
    generation = models.IntegerField(default=1)
    object_kind = models.CharField(max_length=16)
    remote_id = models.CharField(max_length=40)
    live = models.BooleanField(default=True)
    adopted = models.BooleanField(default=False)
    shared = models.BooleanField(
        default=False, db_default=False
    )  # a customer that stands for another client too: merged there
    content = models.JSONField(null=True)
    print = models.CharField(max_length=64, blank=True, default="")
    round = models.IntegerField(default=0)  # operations posted on this object
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="links")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "books", "subject", "generation"], name="link_generations"
            ),
            models.UniqueConstraint(
                fields=["firm", "books", "subject"], condition=Q(live=True), name="one_live_link_per_subject"
            ),
            models.UniqueConstraint(
                fields=["firm", "books", "object_kind", "remote_id"],
                condition=Q(live=True, shared=False),
                name="one_subject_per_book_object",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "remote_id"], name="link_by_remote_id"),
            models.Index(
                fields=["firm", "subject"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="link_by_prefix",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} is {self.object_kind} {self.remote_id}"


class PostedEntry(FirmModel):
    """What one posting did to the ledger. Append-only; a correction is a new entry that names the old one."""

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="entries")
    subject = models.CharField(max_length=120)
    side = models.CharField(max_length=10, default="operating")  # or trust
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    number = models.CharField(max_length=60, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["firm", "books", "subject"], name="entry_by_subject")]

    def __str__(self) -> str:
        return f"entry of {self.subject} on {self.day}"


class PostedLine(FirmModel):
    """One signed line of an entry: positive minor units are a debit. An entry's lines sum to zero.

    `ledger` is whose client money a line of a trust liability is (`core.ledger.Ledger.key`). `parent` is the
    trust liability that `account` is below, where the ledger has an account of its own; else empty.
    """

    entry = models.ForeignKey(PostedEntry, on_delete=models.PROTECT, related_name="lines", db_index=False)
    account = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    minor = models.BigIntegerField()
    customer = models.CharField(max_length=120, blank=True, default="")
    item = models.CharField(max_length=40, blank=True, default="")
    class_id = models.CharField(max_length=40, blank=True, default="")
    location = models.CharField(max_length=40, blank=True, default="")
    memo = models.CharField(max_length=500, blank=True, default="")
    ledger = models.CharField(max_length=40, blank=True, default="")
    parent = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["firm", "account"], name="line_by_account"),
            models.Index(fields=["firm", "parent"], condition=~Q(parent=""), name="line_by_parent"),
            models.Index(fields=["firm", "ledger"], condition=~Q(ledger=""), name="line_by_ledger"),
            models.Index(fields=["entry", "firm"], name="line_of_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.minor}"
