"""Sets of books and the grants that open them (and Clio)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.tenancy import FirmModel


class Ledger(StrEnum):
    """The kinds of books."""

    QBO = "qbo"
    XERO = "xero"


class Provider(StrEnum):
    """Whom a grant is with."""

    CLIO = "clio"
    QBO = "qbo"
    XERO = "xero"


class GrantState(StrEnum):
    """Health of a grant: `expired` and `revoked` need a person to connect again, `error` is retried."""

    CONNECTED = "connected"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ERROR = "error"


PROVIDER_WORDS = {"clio": "Clio", "qbo": "QuickBooks", "xero": "Xero"}


class Books(FirmModel):
    """One set of books of a firm (one QuickBooks company)."""

    name = models.CharField(max_length=120)
    ledger = models.CharField(max_length=10, default=Ledger.QBO.value)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "name"], name="one_set_of_books_per_name"),
            models.CheckConstraint(condition=Q(ledger__in=[x.value for x in Ledger]), name="ledger_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Grant(FirmModel):
    """An authorised link to a vendor account; its tokens are sealed to this row and column.

    `region` is Clio's (`us`, `ca`, `eu`, `au`), empty for books. `external_id` is Clio's account id or the
    QuickBooks realm. `hard_expires_at` is when no refresh will help any more.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    provider = models.CharField(max_length=10)
    region = models.CharField(max_length=10, blank=True, default="")
    base_url = models.CharField(max_length=200, blank=True, default="")
    external_id = models.CharField(max_length=64)
    external_name = models.CharField(max_length=250, blank=True, default="")
    access_token_sealed = models.BinaryField(default=b"")
    refresh_token_sealed = models.BinaryField(default=b"")
    expires_at = models.DateTimeField(null=True)
    refresh_expires_at = models.DateTimeField(null=True)
    hard_expires_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default=GrantState.CONNECTED.value)
    state_reason = models.CharField(max_length=500, blank=True, default="")
    state_at = models.DateTimeField(null=True)
    authorised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    authorised_at = models.DateTimeField()
    disconnected_at = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=64, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    identity = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(provider__in=[x.value for x in Provider]), name="grant_provider_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[x.value for x in GrantState]), name="grant_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(provider=Provider.CLIO.value, books__isnull=True)
                | (~Q(provider=Provider.CLIO.value) & Q(books__isnull=False)),
                name="books_grants_name_their_books",
            ),
            models.UniqueConstraint(fields=["firm", "books"], name="one_grant_per_set_of_books"),
            models.UniqueConstraint(
                fields=["firm"], condition=Q(provider=Provider.CLIO.value), name="one_clio_grant_per_firm"
            ),
        ]

    def __str__(self) -> str:
        return f"{PROVIDER_WORDS[self.provider]} {self.external_name or self.external_id}"


class ExternalAccount(models.Model):
    """Which firm holds a vendor account. Outside the wall: it sees other firms, to refuse a second link."""

    id = models.BigAutoField(primary_key=True)
    provider = models.CharField(max_length=10)
    region = models.CharField(max_length=10, blank=True, default="")
    external_id = models.CharField(max_length=64)
    firm = models.ForeignKey("accounts.Firm", on_delete=models.PROTECT, related_name="+")
    books_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "region", "external_id"], name="one_firm_per_vendor_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.external_id} of firm {self.firm_id}"
