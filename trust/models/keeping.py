"""Legal holds, what was asked to be deleted (append-only: it stays), and links to binders."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel
from trust.models.pairs import TrustPair

FIRM = "firm"  # the subject of a hold on everything


class LegalHold(FirmModel):
    """Records that are kept whatever a rule says: of a matter, of a client with all matters, or all.

    `subject` is `matters/<id>` or `contacts/<id>` of the practice system, or `firm`. A `HoldLift` ends it.
    """

    subject = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(subject__gt="", reason__gt=""), name="legal_hold_says_why")
        ]

    def __str__(self) -> str:
        return self.name


class HoldLift(FirmModel):
    """The end of a legal hold, with its reason."""

    hold = models.ForeignKey(LegalHold, on_delete=models.PROTECT, related_name="lifts")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "hold"], name="a_hold_ends_once"),
            models.CheckConstraint(condition=Q(reason__gt=""), name="hold_lift_says_why"),
        ]

    def __str__(self) -> str:
        return f"end of {self.hold_id}"


class DeletionRequest(FirmModel):
    """Somebody asked to delete records: refused with its words, or noted as free to go."""

    subject = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    refused = models.BooleanField()
    until = models.DateField(null=True)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(refused=False, until__isnull=False) | Q(refused=True, words__gt=""),
                name="deletion_request_has_its_answer",
            )
        ]

    def __str__(self) -> str:
        return f"deletion of {self.name}"


class BinderLink(FirmModel):
    """A link to the evidence binder of one month, sent to one address: the token is only in the mail.

    `token_hash` is its SHA-256. It opens nothing after `expires_at` or once it was taken back.
    """

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    email = models.EmailField()
    token_hash = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "token_hash"], name="one_binder_link_per_token"),
            models.CheckConstraint(condition=Q(month__day=1), name="binder_link_names_a_month"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("at")), name="binder_link_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"binder of {self.month:%B %Y} for {self.email}"
