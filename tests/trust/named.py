"""What the permission matrix names in an address of client money: one thing of the given firm each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.tenancy import firm_scope
from syncapp.core import codec
from syncapp.core.documents import Money
from syncapp.records.models import Document
from tests import cast
from tests.trust import world
from trust.actions import naming, signing
from trust.models import LedgerDip, Review, SignOff, TrustPair
from trust.queries import figures

if TYPE_CHECKING:
    from tests.cast import House

SEPTEMBER = date(2026, 9, 1)
LAST = date(2026, 9, 30)
ADDRESS = "2026-09"
SHORT = 900_000_009  # Clio's id of what took a ledger below zero


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


def a_shortage(house: House) -> dict[str, Any]:
    """Name a time below zero that Clio still shows."""
    pair = empty_account(house)
    return {"pair_id": pair.pk, "row_id": short(pair).pk}


def short(pair: TrustPair) -> LedgerDip:
    """Let a client's ledger be below zero since the account's start."""
    row = Money(
        id=SHORT, day=pair.start, currency="USD", amount=-500, trust=True, bank_account=str(pair), client_id=5
    )
    with firm_scope(write=pair.firm_id):
        Document.objects.create(
            firm_id=pair.firm_id, kind="money", resource="bank_transactions", source_id=SHORT, day=pair.start,
            amount=-500, data=codec.to_json(row), settled=True, read_at=cast.NOW,
        )  # fmt: skip
        return LedgerDip.objects.create(
            firm_id=pair.firm_id, pair=pair, ledger="contacts/5", day=pair.start,
            subject=f"bank_transactions/{SHORT}", lowest=-500, cause="$5.00: Paid out of trust", at=cast.NOW,
        )  # fmt: skip


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
