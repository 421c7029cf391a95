"""What the permission matrix names in an address of client money: one thing of the given firm each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.tenancy import firm_scope
from tests import cast
from tests.trust import world
from trust.actions import naming, signing
from trust.models import Review, SignOff, TrustPair
from trust.queries import figures

if TYPE_CHECKING:
    from tests.cast import House

SEPTEMBER = date(2026, 9, 1)
LAST = date(2026, 9, 30)
ADDRESS = "2026-09"


def empty_account(house: House, **more: Any) -> TrustPair:
    """Set up a trust account that holds nothing, with a statement for September that says so."""
    made = world.pair(house, books=cast.books(house, "theirs"), **more)
    world.bank(made, [], last=LAST)
    return made


def an_account(house: House) -> dict[str, Any]:
    """Name a trust account."""
    return {"pair_id": empty_account(house).pk}


def a_month(house: House) -> dict[str, Any]:
    """Name a month that ties."""
    return {"pair_id": empty_account(house).pk, "month": ADDRESS}


def submitted(house: House, pair: TrustPair) -> SignOff:
    """Let the bookkeeper prepare September."""
    with firm_scope(write=house.firm.pk):
        made = signing.submit(
            pair=pair, month=SEPTEMBER, figures=figures.of(pair, SEPTEMBER), actor=house.bookkeeper,
            position="Bookkeeper", now=cast.NOW,
        )  # fmt: skip
    assert isinstance(made, SignOff), made
    return made


def a_submitted_month(house: House) -> dict[str, Any]:
    """Name a month that awaits its lawyer."""
    pair = empty_account(house)
    submitted(house, pair)
    return {"pair_id": pair.pk, "month": ADDRESS}


def a_duty(house: House) -> dict[str, Any]:
    """Name a duty of a person."""
    pair = empty_account(house)
    with firm_scope(write=house.firm.pk):
        made = naming.name(pair=pair, person=house.partner, duty="signs", actor=house.partner, now=cast.NOW)
    return {"duty_id": made.pk}


def a_deputy(house: House) -> dict[str, Any]:
    """Name a deputy."""
    with firm_scope(write=house.firm.pk):
        made = naming.name_deputy(
            firm_id=house.firm.pk, absent=house.partner, deputy=house.administrator, first=SEPTEMBER,
            last=LAST, actor=house.partner, now=cast.NOW,
        )  # fmt: skip
    assert not isinstance(made, str)
    return {"deputy_id": made.pk}


def a_quarter(house: House) -> dict[str, Any]:
    """Name a quarter to review."""
    return {"pair_id": empty_account(house).pk, "month": "2026-07"}


def a_drawn_quarter(house: House) -> dict[str, Any]:
    """Name a quarter whose transactions are drawn."""
    pair = empty_account(house)
    with firm_scope(write=house.firm.pk):
        Review.objects.create(
            firm=house.firm, pair=pair, quarter=date(2026, 7, 1), seed="5eed", by=house.partner, at=cast.NOW
        )
    return {"pair_id": pair.pk, "month": "2026-07"}
