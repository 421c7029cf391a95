"""How statements arrive without a person: by upload token or mail, and what became of each file."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel
from trust.models.pairs import TrustPair
from trust.models.statements import Statement

BY_TOKEN, BY_MAIL = "token", "mail"
TAKEN, KNOWN, REFUSED, SEEN = "taken", "known", "refused", "seen"
ARRIVAL_STATES = (TAKEN, KNOWN, REFUSED, SEEN)


class UploadToken(FirmModel):
    """What lets a program bring statements of one trust account in, and nothing else.

    Only its SHA-256 is kept; `ending` are its last characters, by which people tell tokens apart.
    `hour_began` and `hour_used` count the files of one hour.
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64)
    ending = models.CharField(max_length=4)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    hour_began = models.DateTimeField(null=True)
    hour_used = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "token_hash"], name="one_upload_token_per_hash"),
            models.CheckConstraint(
                condition=Q(token_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106 - a form, no secret
                name="upload_token_is_kept_hashed",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MailSource(FirmModel):
    """The address under which mails bring statements of one trust account, and who may send them.

    `tag` stands in the address and names the firm; `senders` are whole addresses, or `@host` for all of one.
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    tag = models.CharField(max_length=40)
    senders = ArrayField(models.CharField(max_length=254))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "pair"], name="one_mail_address_per_pair"),
            models.UniqueConstraint(fields=["firm", "tag"], name="one_account_per_mail_address"),
        ]

    def __str__(self) -> str:
        return f"mail for {self.pair}"


class MailboxMark(models.Model):
    """How far the mailbox of statements was read, and who reads it now: one row, of no firm.

    `validity` and `last_uid` are IMAP's (see `syncapp.http.mailbox`); `words` say why the last look failed.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=400, blank=True, default="")

    def __str__(self) -> str:
        return f"mailbox read to {self.last_uid}"


class StatementArrival(FirmModel):
    """One file that arrived without a person, and what became of it.

    `content` is kept of a file that was refused, until a person has looked at it (`seen`); a file that was
    taken stands with its statement. A mail's files share its `message_id` and are told apart by `part`.
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10)
    token = models.ForeignKey(UploadToken, on_delete=models.PROTECT, null=True, related_name="+")
    sender = models.CharField(max_length=254, blank=True, default="")
    message_id = models.CharField(max_length=255, blank=True, default="")
    part = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=200, blank=True, default="")
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=10)
    words = models.TextField(blank=True, default="")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="+")
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "pair", "message_id", "part"],
                condition=~Q(message_id=""),
                name="a_mails_file_arrives_once",
            ),
            models.CheckConstraint(
                condition=Q(source=BY_TOKEN, token__isnull=False) | Q(source=BY_MAIL, token__isnull=True),
                name="arrival_came_by_token_or_mail",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[TAKEN, KNOWN], statement__isnull=False)
                | Q(state__in=[REFUSED, SEEN], statement__isnull=True) & ~Q(words=""),
                name="arrival_has_a_statement_or_a_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "pair", "-at"], name="arrival_by_time")]

    def __str__(self) -> str:
        return self.name or "a mail without a file"
