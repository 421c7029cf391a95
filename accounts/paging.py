"""Pages of long lists that do not count what nobody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from django.db.models import QuerySet

    type Rows = QuerySet[Any]

MOST = 10_000  # of a list that is not counted to its end; filters lead further than leafing does


class Counted(Paginator):  # type: ignore[type-arg]  # not generic when it runs
    """Pages of rows whose number is known from elsewhere; `more` means that there are more than `count`."""

    def __init__(self, rows: Rows, per_page: int, *, count: int, more: bool = False) -> None:
        super().__init__(rows, per_page)
        self.rows, self.known, self.more = rows, count, more

    @cached_property
    def count(self) -> int:
        """Return how many rows can be leafed through."""
        return self.known


def capped(rows: Rows, per_page: int, *, most: int = MOST) -> Counted:
    """Return pages of the first rows; counting stops one past `most`."""
    found = rows.order_by()[: most + 1].count()
    return Counted(rows, per_page, count=min(found, most), more=found > most)


class Numbered(Counted):
    """Pages of rows that are numbered from 1 without a gap, the newest first: none is counted or skipped."""

    def page(self, number: int | str) -> Page[Any]:
        """Return one page. Raises what Django's own raises for a page that is not there."""
        number = self.validate_number(number)
        newest = self.count - (number - 1) * self.per_page
        rows = self.rows.filter(number__lte=newest, number__gt=newest - self.per_page)
        return Page(list(rows), number, self)
