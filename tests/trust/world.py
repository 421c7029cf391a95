"""A trust account with its statement and its entries in the books, for the tests of matching."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Books
from accounts.tenancy import firm_scope
from tests import cast
from tests.cast import House
from trust.models import TrustPair

START = date(2026, 9, 1)
BANK, LIABILITY = "35", "41"


def pair(house: House, *, books: Books | None = None, **more: Any) -> TrustPair:
    """Make a trust account of a firm."""
    of = books or cast.books(house)
    values = {"clio_account": "IOLTA", "bank": BANK, "liability": LIABILITY, "start": START, "at": cast.NOW}
    with firm_scope(write=house.firm.pk):
        return TrustPair.objects.create(firm=house.firm, books=of, **(values | more))
