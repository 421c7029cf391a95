"""What keeps a whole set of books from posting (DESIGN section 7, point 5; FEATURES F3)."""

from __future__ import annotations

from mapping.queries import RuleBook
from syncapp.core.books import Company
from syncapp.core.problems import Fix, Problem
from syncapp.records.models import BookCursor

NOT_READ = Problem(
    code="books_not_read",
    fix=Fix.CONNECT,
    cause="books",
    words="The books are not connected yet. Connect QuickBooks.",
)


def unready(
    rules: RuleBook | None, company: Company | None, cursor: BookCursor | None, *, started: bool = True
) -> Problem | None:
    """Say what keeps a whole set of books from posting; None when nothing does.

    Not `started`: only what keeps it from being looked at.
    """
    if company is None:
        return NOT_READ
    if rules is None:
        return Problem(
            code="no_mapping",
            fix=Fix.MAP,
            cause="mapping",
            words="No mapping is published for this set of books. Publish one, and this posts.",
        )
    if not started:
        return None
    if company.custom_numbers is False:
        return Problem(
            code="custom_numbers_off",
            fix=Fix.BOOKS,
            cause="company",
            words="Custom transaction numbers are off in QuickBooks, so an invoice could not be found "
            "again by its number. Turn them on under Account and settings, Sales.",
        )
    if cursor is None or not cursor.facts.get("started"):
        return Problem(
            code="not_started",
            fix=Fix.SETUP,
            cause="start",
            words=f"Posting to “{company.name}” has not been started. Confirm the company's name in the "
            "set-up.",
        )
    return None
