"""How far a person sees: all of the firm, or an auditor's trust accounts between two days."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.roles import Role
from accounts.windows import Seen, Window

__all__ = ["ALL_OR_WINDOW", "Reach", "Seen"]

ALL_OR_WINDOW = Q(accounts=[], sees_from=None, sees_to=None) | (
    ~Q(accounts=[])
    & Q(
        role=Role.AUDITOR.value,
        sees_from__isnull=False,
        sees_to__isnull=False,
        sees_to__gte=models.F("sees_from"),
    )
)


class Reach(models.Model):
    """What somebody sees: `accounts` are trust accounts by their names in Clio, the days both included.

    Without accounts the role sees all that it is for. An account that is renamed is no longer named here.
    """

    accounts: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=200), default=list, blank=True
    )
    sees_from = models.DateField(null=True, blank=True)
    sees_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def sees(self) -> Seen:
        """Return what the person sees."""
        return Seen(accounts=tuple(self.accounts), first=self.sees_from, last=self.sees_to)

    @sees.setter
    def sees(self, seen: Seen) -> None:
        for column, value in seen.columns().items():
            setattr(self, column, value)

    @property
    def window(self) -> Window | None:
        """Return what an auditor with named accounts sees; None for who sees all that the role is for."""
        return self.sees.window
