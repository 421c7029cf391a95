"""How the books stand: each object as last seen, and how far their changes were read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Books
from accounts.tenancy import FirmModel


class BookRow(FirmModel):
    """One object of a set of books as last seen: from the answer to a write, change capture or a query."""

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    remote_id = models.CharField(max_length=40)
    token = models.CharField(max_length=20, blank=True, default="")
    number = models.CharField(max_length=60, blank=True, default="")
    name = models.CharField(max_length=500, blank=True, default="")
    day = models.DateField(null=True)
    total = models.BigIntegerField(default=0)
    balance = models.BigIntegerField(default=0)
    customer = models.CharField(max_length=40, blank=True, default="")
    active = models.BooleanField(default=True)
    voided = models.BooleanField(default=False)
    deleted = models.BooleanField(default=False)
    data = models.JSONField(default=dict)
    changed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "books", "kind", "remote_id"], name="one_row_per_book_object"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "books", "kind", "number"], name="book_row_by_number"),
            models.Index(  # the search reads this and no row (desk/queries/search.py)
                fields=["firm", "-day", "-id"],
                include=["number", "name", "total", "deleted"],
                name="book_row_search",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number or self.name or self.remote_id}"


class BookLine(FirmModel):
    """What one object of the books does to one account and customer, summed: signed, positive is a debit.

    The database keeps it beside the row (migration 0012), so that an account is asked for by an index: inside
    the row's JSON the wall lets no index look.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    row = models.ForeignKey(BookRow, on_delete=models.CASCADE, related_name="lines")
    account = models.CharField(max_length=40)
    customer = models.CharField(max_length=40, blank=True, default="")
    minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row", "account", "customer"], name="one_line_per_account_of_row")
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "books", "account"], name="book_line_by_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.minor}"


class BookCursor(FirmModel):
    """How far the changes of a set of books were read."""

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    changes_since = models.DateTimeField(null=True)
    full_at = models.DateTimeField(null=True)
    metered = models.BigIntegerField(default=0)
    calls = models.BigIntegerField(default=0)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "books"], name="one_cursor_per_books")
        ]

    def __str__(self) -> str:
        return f"changes of books {self.books_id}"


class BookChoice(FirmModel):
    """A person's answer to "which customer is this?": the id of one, or `new`."""

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120)
    answer = models.CharField(max_length=40)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "books", "subject"], name="one_choice_per_subject")
        ]

    def __str__(self) -> str:
        return f"{self.subject} is {self.answer}"
