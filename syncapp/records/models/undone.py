"""What a person took back out of the books, with the reason, until it is sent again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from syncapp.records.models.runs import Run
from syncapp.records.models.said import Said, standing_once
from syncapp.records.models.sources import Document


class Undone(Said):
    """One record that a person undid: what stands of it is taken back visibly.

    `batch` is shared by what was undone at once, `run` the run that had posted it, if a whole run was undone.
    With `again` it is sent again as soon as all of its batch is taken back; else it waits until somebody says
    so.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="undone")
    batch = models.UUIDField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="undone")
    again = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = standing_once(once="undone_once", says_why="undone_says_why")

    @property
    def words(self) -> str:
        """Return who undid it and why, as the queue and the tie-out tell it."""
        return f"Undone by {self.by} because: {self.reason.rstrip('.')}."

    def __str__(self) -> str:
        return f"undone: {self.reason}"
