"""The nouns of mapping: the mirrored chart, versions of rules, the company as last read."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Books
from accounts.tenancy import FirmModel


class Mirrored(FirmModel):
    """A row of one of the books' lists. `gone`: the books no longer list it; nothing maps to it."""

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    remote_id = models.CharField(max_length=64)
    name = models.CharField(max_length=600)
    active = models.BooleanField(default=True)
    gone = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class MirrorAccount(Mirrored):
    """An account of the books' chart (`syncapp.core.books.Account`)."""

    type = models.CharField(max_length=60)
    subtype = models.CharField(max_length=80, blank=True, default="")
    classification = models.CharField(max_length=40, blank=True, default="")
    currency = models.CharField(max_length=3, blank=True, default="")
    parent = models.CharField(
        max_length=64, blank=True, default="", db_default=""
    )  # the remote id of the account above

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["books", "remote_id"], name="account_mirrored_once")
        ]


class MirrorItem(Mirrored):
    """A product or service; `account` is the remote id of the account its sales post to."""

    type = models.CharField(max_length=40, default="Service")
    account = models.CharField(max_length=64, blank=True, default="")
    taxable = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["books", "remote_id"], name="item_mirrored_once")
        ]


class MirrorTag(Mirrored):
    """A class or a location."""

    kind = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["books", "kind", "remote_id"], name="tag_mirrored_once"),
            models.CheckConstraint(condition=Q(kind__in=["class", "location"]), name="tag_kind_is_known"),
        ]


class Version(FirmModel):
    """One version of a set of books' rules and options. A published one is never changed again.

    `options` is the firm file's `books` entry without its rules. `resolved` pins the names used to ids of the
    books, by kind (`{"item": {"Legal Fees": "12"}}`), so that a rename there changes nothing here; it may
    gain entries after publication, never lose or change one.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="draft")
    note = models.CharField(max_length=500, blank=True, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    options = models.JSONField(default=dict)
    resolved = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["books", "number"], name="mapping_versions_are_numbered"),
            models.UniqueConstraint(
                fields=["books"], condition=Q(state="draft"), name="one_mapping_draft_per_books"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | Q(state="published", published_at__isnull=False),
                name="published_mapping_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class Rule(FirmModel):
    """One rule of a version; the choices are kept as they were made: a full name or `id:123`."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="rules")
    position = models.PositiveIntegerField()
    when = models.JSONField(default=dict)
    item = models.CharField(max_length=600, blank=True, default="")
    account = models.CharField(max_length=600, blank=True, default="")
    class_name = models.CharField(max_length=600, blank=True, default="")
    location = models.CharField(max_length=600, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="one_rule_per_position",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return f"rule {self.position}"


class CompanyState(FirmModel):
    """The company behind a set of books as last read, what pre-flight found, and the ways it accepts."""

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    company = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    capabilities = models.JSONField(default=dict)
    checked_at = models.DateTimeField()
    mirrored_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["books"], name="one_company_per_books")]

    def __str__(self) -> str:
        return str(self.company.get("name", ""))


class FirmSettings(FirmModel):
    """What the firm file says about the firm beyond its books: source, schedule, approvals."""

    settings = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["firm"], name="one_settings_row_per_firm")]

    def __str__(self) -> str:
        return f"settings of firm {self.firm_id}"
