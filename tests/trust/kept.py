"""Matters of a trust account, open and closed, with the movements that Clio has of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.queries import today_of
from accounts.tenancy import firm_scope
from syncapp.core import codec
from syncapp.core.documents import Client, Matter, Money
from syncapp.records.models import Document
from tests import cast
from tests.trust import world
from trust.actions import keeping, linking
from trust.queries import retention

if TYPE_CHECKING:
    from tests.cast import House
    from trust.models import LegalHold, TrustPair

START = date(2019, 1, 1)


def account(house: House, jurisdiction: str = "IL", **more: Any) -> TrustPair:
    """Set up a trust account that began in 2019."""
    given: dict[str, Any] = {
        "books": cast.books(house, f"books of {jurisdiction}"),
        "start": START,
        "clio_account": "IOLTA",
    }
    return world.pair(house, jurisdiction=jurisdiction, **(given | more))


def matter(house: House, number: int, *, closed_on: date | None = None, client: int = 1) -> None:
    """Let Clio have a matter of a client."""
    name = Client(id=client, name=f"Client {client}")
    told = Matter(id=number, number=f"{number:05}-{name.name}", client_id=client, closed_on=closed_on)
    with firm_scope(write=house.firm.pk):
        for kind, resource, one in (("client", "contacts", name), ("matter", "matters", told)):
            Document.objects.update_or_create(
                firm=house.firm, kind=kind, source_id=one.id,
                defaults={"resource": resource, "data": codec.to_json(one), "read_at": cast.NOW},
            )  # fmt: skip


def money(
    house: House, pair: TrustPair, number: int, day: date, amount: int, of: int | None, **more: Any
) -> None:
    """Let Clio have a movement of a matter's money; of nobody's where no matter is named."""
    told = Money(
        id=number, day=day, currency="USD", amount=amount, bank_account=pair.clio_account, trust=True,
        matter_id=of, client_id=1 if of else None,
        **more,
    )  # fmt: skip
    with firm_scope(write=house.firm.pk):
        Document.objects.create(
            firm=house.firm, kind="money", resource="bank_transactions", source_id=number, day=day,
            amount=amount, data=codec.to_json(told), read_at=cast.NOW,
        )  # fmt: skip


def spent(house: House, pair: TrustPair, of: int, first: date, last: date, *, number: int = 0) -> None:
    """Let a matter's money come and go."""
    at = number or of * 10
    money(house, pair, at, first, 500_00, of)
    money(house, pair, at + 1, last, -500_00, of)


def held(house: House, kind: str, key: str, reason: str = "Litigation about the fee") -> LegalHold:
    """Let the partner set a legal hold."""
    with firm_scope(write=house.firm.pk):
        found = retention.records(house.firm, today_of(house.firm, cast.NOW)).find(kind, key, "all")
        assert found is not None
        return keeping.set_hold(
            firm_id=house.firm.pk, record=found, reason=reason, actor=house.partner, now=cast.NOW
        )


def a_record(house: House) -> dict[str, Any]:
    """Name a matter whose money is gone."""
    pair = account(house)
    matter(house, 7, closed_on=date(2019, 5, 14))
    spent(house, pair, 7, date(2019, 2, 1), date(2019, 5, 2))
    return {"kind": "matters", "key": "7"}


def a_link(house: House) -> dict[str, Any]:
    """Name a link to a binder."""
    pair = account(house)
    with firm_scope(write=house.firm.pk):
        row, _ = linking.make(
            pair=pair, month=START, email="bar@state.test", days=7, actor=house.partner, now=cast.NOW
        )
    return {"link_id": row.pk}


def a_hold(house: House) -> dict[str, Any]:
    """Name a legal hold."""
    a_record(house)
    return {"hold_id": held(house, "matters", "7").pk}
