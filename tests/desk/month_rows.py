"""What the addresses of the month end ask for, and what they name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.pipeline.months.actions import begun
from syncapp.pipeline.months.models import MonthEnd, SampledInvoice, SampleReading
from tests import cast
from tests.desk.books import NOW, bill
from tests.matrix_rows import within

if TYPE_CHECKING:
    from tests.cast import House

AUGUST = date(2026, 8, 1)


def _begun(house: House) -> MonthEnd:
    books = cast.books(house, "theirs")
    with firm_scope(write=house.firm.pk):
        return begun(firm_id=house.firm.pk, books_id=books.pk, month=AUGUST, now=NOW)


def a_month(house: House) -> dict[str, Any]:
    """Name a month end that somebody began with."""
    return {"books_id": _begun(house).books_id, "month": "2026-08"}


def a_reading(house: House) -> dict[str, Any]:
    """Name a compared invoice of a month end."""
    one = _begun(house)
    with firm_scope(write=house.firm.pk):
        drawn, _ = SampledInvoice.objects.get_or_create(
            firm=house.firm, month_end=one, document=bill(house, 7, 100), defaults={"place": 1}
        )
        read = SampleReading.objects.create(
            firm=house.firm, sampled=drawn, equal=True, by=house.administrator, at=NOW
        )
    return {"books_id": one.books_id, "month": "2026-08", "reading_id": read.pk}


MONTHS = {
    "desk:months": within(Permission.SEE),
    "desk:month": within(Permission.SEE, args=a_month),
    "desk:month_draw": within(Permission.APPROVE, method="post", args=a_month),
    "desk:month_compare": within(Permission.APPROVE, method="post", args=a_month),
    "desk:month_look": within(Permission.APPROVE, method="post", args=a_reading),
    "desk:month_submit": within(Permission.APPROVE, method="post", args=a_month),
    "desk:month_lock": within(Permission.SIGN, method="post", args=a_month),
    "desk:month_send_back": within(Permission.SIGN, method="post", args=a_month),
    "desk:month_reopen": within(Permission.SIGN, method="post", args=a_month),
    "desk:month_file": within(Permission.EXPORT, args=a_month),
}
