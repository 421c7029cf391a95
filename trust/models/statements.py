"""What the bank said: files kept untouched, statements proved from them, and their lines; only ever added.

Amounts are signed minor units, positive into the bank. TRUST-RULES, rules 3 to 7.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.tenancy import FirmModel
from trust.models.pairs import TrustPair

# Where a statement's opening balance is from; only "worked_out" leaves the statement without a proof.
OPENINGS = ("file", "previous", "said", "worked_out")
STATES = ("proved", "opening_worked_out")


class StatementFile(FirmModel):
    """A bank's file, byte for byte, with its SHA-256 and the reader and version that read it."""

    name = models.CharField(max_length=200)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    reader = models.CharField(max_length=40)
    version = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "sha256"], name="a_bank_file_is_kept_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="bank_file_has_hash"),
        ]

    def __str__(self) -> str:
        return self.name


class Statement(FirmModel):
    """One trust account of one file: opening + lines = closing, which the database checks too.

    `known` lines, worth `known_amount`, were imported before by an earlier file; the others are its own
    `StatementLine`s. `told` is what a person added to the file: balances, period, the profile of a CSV.
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="statements")
    account = models.CharField(max_length=60, blank=True, default="")  # as the file has it
    currency = models.CharField(max_length=3, blank=True, default="")
    opening = models.BigIntegerField()
    closing = models.BigIntegerField()
    opening_from = models.CharField(max_length=12, default=OPENINGS[0])
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=20, default=STATES[0])
    seen = models.PositiveIntegerField()
    known = models.PositiveIntegerField(default=0)
    known_amount = models.BigIntegerField(default=0)
    warnings = ArrayField(models.TextField(), default=list)
    told = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-last_day", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "pair", "file"], name="one_statement_per_file_and_pair"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="statement_has_a_period"),
            models.CheckConstraint(condition=Q(known__lte=F("seen")), name="statement_knows_what_it_saw"),
            models.CheckConstraint(condition=Q(opening_from__in=OPENINGS), name="statement_opening_is_known"),
            models.CheckConstraint(
                condition=Q(state="proved") & ~Q(opening_from="worked_out")
                | Q(state="opening_worked_out", opening_from="worked_out"),
                name="statement_state_follows_its_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%-d %b %Y} to {self.last_day:%-d %b %Y}"


class StatementLine(FirmModel):
    """One line of the bank. `identity` is unique within the trust account, so that no line comes in twice."""

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    identity = models.CharField(max_length=80)
    position = models.PositiveIntegerField()  # among the file's new lines, from 0
    day = models.DateField()
    amount = models.BigIntegerField()
    check_number = models.CharField(max_length=40, blank=True, default="")
    reference = models.CharField(max_length=140, blank=True, default="")
    text = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["day", "statement_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "pair", "identity"], name="one_bank_line_per_identity"),
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "pair", "day"], name="bank_line_by_day")]

    def __str__(self) -> str:
        return f"{self.day:%-d %b %Y} {self.text}"


class StatementProfile(FirmModel):
    """How one bank's CSV is read, built by a person: `shape` is a `trust.statements.profile.Profile`.

    `heads` is the head row that it was built on, by which the next file of the bank finds its profile.
    """

    name = models.CharField(max_length=80)
    heads = models.CharField(max_length=1000, blank=True, default="")
    shape = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "name"], name="one_statement_profile_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class StatementUpload(FirmModel):
    """A file that a person looks at before it is brought in; gone when it is, or thrown away.

    One per person and account. `shape` is the profile of a table as far as it is built, `told` what a person
    has said besides the file.
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    shape = models.JSONField(default=dict)
    told = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "pair", "by"], name="one_upload_per_person_and_pair"),
        ]

    def __str__(self) -> str:
        return self.name
