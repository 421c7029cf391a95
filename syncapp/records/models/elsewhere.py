"""What a person settled elsewhere than by our posting, with the reason and the evidence."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from syncapp.records.models.queue import Case
from syncapp.records.models.said import Said, standing_once
from syncapp.records.models.sources import Document


class Elsewhere(Said):
    """One record that a person says is settled elsewhere: it is not posted.

    A later version of the record is planned again. `evidence` is a file as it came, `digest` its SHA-256; the
    bytes of one file are kept once, with the first row that names it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="elsewhere")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="elsewhere")
    name = models.CharField(max_length=200, blank=True, default="")
    evidence = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = standing_once(
            once="settled_elsewhere_once", says_why="settled_elsewhere_says_why"
        )

    @property
    def words(self) -> str:
        """Return who said so and why, as the record and the tie-out tell it."""
        return f"Settled elsewhere, says {self.by}: {self.reason}"

    def __str__(self) -> str:
        return f"settled elsewhere: {self.reason}"
