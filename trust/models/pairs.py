"""Which trust account of the practice system is which bank and which liability of the books."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Books
from accounts.tenancy import FirmModel

KINDS = ("pooled", "single-client")
MOVEMENTS = ("deposit", "disbursement", "refund", "transfer", "bill_payment", "interest", "bank_charge")


class TrustPair(FirmModel):
    """One trust account: Clio's, the trust bank and the trust liability of one set of books.

    `clio_account` is its name in Clio; `bank`, `liability` and `operating` are ids of the books, `operating`
    is where earned money lands. `post` are the movements that Tieout posts; the others are left to the bank
    feed. `client_id` is the one client of a single-client account. No account stands in two pairs. `below`
    are the accounts below the liability, as the books' chart was last read.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    clio_account = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default=KINDS[0])
    client_id = models.BigIntegerField(null=True)
    bank = models.CharField(max_length=40)
    liability = models.CharField(max_length=40)
    below = ArrayField(models.CharField(max_length=40), default=list)
    operating = models.CharField(max_length=40, blank=True, default="")
    client_as = models.CharField(max_length=20, default="customer")  # or sub-account
    disbursement_as = models.CharField(max_length=10, default="journal")  # or check
    opening = models.CharField(max_length=200, default="none")  # clio, none, or the name of a file
    start = models.DateField()
    post = ArrayField(models.CharField(max_length=20), default=list)
    jurisdiction = models.CharField(max_length=10, blank=True, default="")  # empty: the firm's
    last_digits = models.CharField(max_length=20, blank=True, default="")  # a person confirmed them
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "clio_account"], name="one_pair_per_clio_account"),
            models.UniqueConstraint(fields=["firm", "books", "bank"], name="one_pair_per_trust_bank"),
            models.UniqueConstraint(fields=["firm", "books", "liability"], name="one_pair_per_liability"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="trust_pair_kind_is_known"),
            models.CheckConstraint(
                condition=Q(disbursement_as__in=["journal", "check"]), name="trust_pair_posts_as_is_known"
            ),
            models.CheckConstraint(condition=~Q(bank=models.F("liability")), name="trust_pair_has_two_sides"),
        ]

    def __str__(self) -> str:
        return self.clio_account

    @property
    def with_digits(self) -> str:
        """Return its name with the last digits of its number, as reports head it."""
        return f"{self} …{self.last_digits}" if self.last_digits else str(self)

    @property
    def liabilities(self) -> frozenset[str]:
        """Return the accounts whose money is owed to the ledgers: the liability and all below it."""
        return frozenset({self.liability, *self.below})
