"""A matter with money in trust, a bill that it pays, and the list that a partner signed; no vendor needed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from accounts.tenancy import firm_scope
from syncapp.core import codec
from syncapp.core.documents import Allocation, Bill, BillState, Client, Funds, Kind, Matter, Money, Payment
from syncapp.records.models import Document, DocumentVersion
from tests import cast
from tests.trust import world
from trust.actions import earned as verbs
from trust.models import TransferLine, TransferSheet, TrustPair
from trust.queries import earned as query

if TYPE_CHECKING:
    from datetime import datetime

    from tests.cast import House

TODAY = cast.NOW.date()
RESOURCES = {Kind.CLIENT: "contacts", Kind.MATTER: "matters", Kind.BILL: "bills", Kind.PAYMENT: "allocations"}


def read(house: House, kind: Kind, told: Any, *, at: datetime = cast.NOW, **more: Any) -> Document:
    """Keep a reading as the road does: the document, and its version; a later one follows the first."""
    data = codec.to_json(told)
    with firm_scope(write=house.firm.pk):
        row, made = Document.objects.get_or_create(
            firm=house.firm, kind=kind.value, source_id=told.id,
            defaults={"resource": RESOURCES.get(kind, "bank_transactions"), "read_at": at},
        )  # fmt: skip
        values = {"data": data, "read_at": at, "version": 1 if made else row.version + 1, **more}
        Document.objects.filter(pk=row.pk).update(**values)
        DocumentVersion.objects.create(
            firm=house.firm, document=row, version=values["version"], data=data, at=at
        )
    return row


def matter(house: House, number: int, *, client: int, holds: int, pair: str = "IOLTA") -> None:
    """A matter of a client with money in trust since 60 days."""
    name = f"Client {client}"
    read(house, Kind.CLIENT, Client(id=client, name=name))
    read(house, Kind.MATTER, Matter(id=number, number=f"{number:05d}-Client", client_id=client))
    if holds:
        deposit(house, number, client=client, holds=holds, pair=pair, matter=number)


def deposit(
    house: House, number: int, *, client: int, holds: int, pair: str = "IOLTA", matter: int | None = None
) -> None:
    """Client money, of a matter or of the client alone."""
    day = TODAY - timedelta(days=60)
    told = Money(
        id=number, day=day, currency="USD", amount=holds, trust=True, bank_account=pair, client_id=client,
        matter_id=matter,
    )  # fmt: skip
    read(house, Kind.MONEY, told, day=day, amount=holds, client_id=client)


def bill(
    house: House, number: int, open_: int, *, client: int = 1, matters: tuple[int, ...] = (11,), **more: Any
) -> Bill:
    """An issued bill that went to its client 40 days ago."""
    told = Bill(
        id=number, number=str(number), state=BillState.ISSUED, client_id=client, currency="USD",
        issued=TODAY - timedelta(days=45), due=TODAY, amount=more.pop("amount", open_), matter_ids=matters,
        outstanding=open_, **{"sent": TODAY - timedelta(days=40), **more},
    )  # fmt: skip
    read(house, Kind.BILL, told, client_id=client, number=told.number)
    return told


def payment(
    house: House, number: int, amount: int, *, bill: int, at: datetime, matter: int = 11, client: int = 1
) -> None:
    """A payment from trust as Clio tells it, read at an instant."""
    part = Allocation(id=number, bill_id=bill, amount=amount, day=TODAY, matter_id=matter, client_id=client)
    told = Payment(
        id=number, day=TODAY, currency="USD", funds=Funds.TRUST, client_id=client,
        allocations=(part,) if amount else (), source_account="IOLTA",
    )  # fmt: skip
    read(house, Kind.PAYMENT, told, at=at, day=TODAY, amount=amount, client_id=client)


def account(house: House, **more: Any) -> TrustPair:
    """The account that all of it is in."""
    start = date(2026, 1, 1)
    return world.pair(house, books=cast.books(house, more.pop("books", "theirs")), **{"start": start, **more})


def signed(house: House, of: TrustPair, *, at: datetime = cast.NOW) -> TransferSheet:
    """Let the partner sign all that is listed."""
    with firm_scope(write=house.firm.pk):
        found = query.drawn(of, TODAY)
        made = verbs.sign(
            pair=of, chosen={row.key for row in found.rows}, seen=found.digest, name="Pat Partner",
            actor=house.partner, today=TODAY, now=at,
        )  # fmt: skip
    assert isinstance(made, TransferSheet), made
    return made


def a_bill(house: House) -> dict[str, Any]:
    """Name a bill that a matter's money in trust pays."""
    pair = account(house)
    matter(house, 11, client=1, holds=100_000)
    return {"pair_id": pair.pk, "bill": bill(house, 1042, 60_000).id}


def a_signed_list(house: House) -> dict[str, Any]:
    """Name a list that the partner signed."""
    named = a_bill(house)
    with firm_scope(write=None, reads=[house.firm.pk]):
        pair = TrustPair.objects.select_related("firm").get(pk=named["pair_id"])
    return {"pair_id": pair.pk, "sheet_id": signed(house, pair).pk}


def a_signed_line(house: House) -> dict[str, Any]:
    """Name one transfer of it."""
    named = a_signed_list(house)
    with firm_scope(write=None, reads=[house.firm.pk]):
        return {"line_id": TransferLine.objects.get(sheet_id=named["sheet_id"]).pk}
