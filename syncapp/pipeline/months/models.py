"""Month ends, what was done to each, and the invoices that were drawn and compared line by line."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Books
from accounts.tenancy import FirmModel
from syncapp.pipeline.months.states import Act, State
from syncapp.records.models import Document

ON_FIGURES = [Act.SUBMITTED.value, Act.LOCKED.value, Act.MOVED.value]
IN_WORDS = [Act.RETURNED.value, Act.MOVED.value, Act.REOPENED.value]


class MonthEnd(FirmModel):
    """One month of one set of books, once somebody began with it. `state` is what its steps tell.

    `seed` draws its invoices; it is kept so that anybody draws the same ones again. `shut`: nothing posts
    into the month.
    """

    books = models.ForeignKey(Books, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()  # its first day
    state = models.CharField(max_length=10, default=State.OPEN.value)
    shut = models.BooleanField(default=False)
    seed = models.CharField(max_length=64, blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-month", "books_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "books", "month"], name="one_month_end_per_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="month_end_names_a_month"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="month_end_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y} of {self.books}"


class MonthStep(FirmModel):
    """One thing that was done to a month end. Append-only: an earlier lock stays as it was.

    `figures` are those it was done to, whole, and `digest` their SHA-256 (`months.figures`); `text` is the
    reason, the words back, or what moved; `separation` why one person did both; `by` is empty for Tieout.
    """

    month_end = models.ForeignKey(MonthEnd, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=150)
    text = models.CharField(max_length=2000, blank=True, default="")
    separation = models.CharField(max_length=500, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    figures = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(act__in=[act.value for act in Act]), name="month_step_act_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(act__in=ON_FIGURES) | Q(digest__regex="^[0-9a-f]{64}$", figures__isnull=False),
                name="month_step_keeps_its_figures",
            ),
            models.CheckConstraint(
                condition=~Q(act__in=IN_WORDS) | Q(text__gt=""), name="month_step_keeps_its_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month_end_id} {self.act}"


class SampledInvoice(FirmModel):
    """One bill that the seed drew for a month end. Append-only."""

    month_end = models.ForeignKey(MonthEnd, on_delete=models.PROTECT, related_name="sampled")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    place = models.IntegerField()

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "month_end", "document"], name="one_draw_per_bill")
        ]

    def __str__(self) -> str:
        return f"{self.document} of {self.month_end_id}"


class SampleReading(FirmModel):
    """How a drawn bill compared, read from both sides at one moment; `rows` as shown. Append-only."""

    sampled = models.ForeignKey(SampledInvoice, on_delete=models.PROTECT, related_name="readings")
    equal = models.BooleanField()
    rows = models.JSONField(default=list)
    differences = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.sampled_id} {'equal' if self.equal else 'differs'}"


class SampleNote(FirmModel):
    """That a person looked at a comparison and signed it off; with words where it differs. Append-only."""

    reading = models.ForeignKey(SampleReading, on_delete=models.PROTECT, related_name="notes")
    words = models.CharField(max_length=1000, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "reading"], name="one_note_per_reading")
        ]

    def __str__(self) -> str:
        return f"reading {self.reading_id} was looked at"
