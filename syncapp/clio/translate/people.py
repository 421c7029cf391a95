"""Contacts and matters as clients and matters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from syncapp.clio.translate.reading import (
    Reading,
    Row,
    UnreadableError,
    code_of,
    exact,
    reading,
    tells,
    whole,
)
from syncapp.core.documents import Client, Matter, Payer


@tells
def client(row: Row, *, currency: str = "USD", gone: bool = False) -> Client:
    """Read a contact. A name of any length is kept; the planner shortens names."""
    found = reading(row, "client", "contacts")
    _visible(found)
    kind = found.word("type", {"Person", "Company"}, default="Person")
    first, last = found.text("first_name"), found.text("last_name")
    name = found.text("name") or " ".join(part for part in (first, last) if part)
    if not name:
        raise found.unreadable("name", None)
    return Client(
        id=found.id,
        name=name,
        company=kind == "Company",
        first_name=first,
        last_name=last,
        email=found.text("primary_email_address"),
        phone=found.text("primary_phone_number"),
        address=_address(found),
        currency=code_of(found, currency),
        gone=gone,
    )


@tells
def matter(row: Row, *, gone: bool = False) -> Matter:
    """Read a matter. One without a client is a Problem."""
    found = reading(row, "matter", "matters")
    _visible(found)
    client_id = found.ref("client") or whole(found.row.get("client_id"))
    number = found.text("display_number") or found.text("number")
    if client_id is None:
        words = f"Matter {number or found.id} has no client in Clio. Choose its client there."
        raise UnreadableError(found.problem("matter_without_client", words))
    return Matter(
        id=found.id,
        number=number or str(found.id),
        client_id=client_id,
        description=found.text("description"),
        practice_area=found.text("name", inside="practice_area"),
        responsible=found.text("name", inside="responsible_attorney"),
        office=found.text("name", inside="group"),
        billing=found.text("billing_method"),
        payers=payers(found),
        gone=gone,
        closed_on=closed_on(found),
    )


def closed_on(found: Reading) -> date | None:
    """Return the day a matter was closed; None while it is not, whatever day an earlier closing left.

    A day that cannot be read is none: it keeps records longer, and no bill waits for it.
    """
    try:
        return found.day("close_date") if found.text("status").casefold() == "closed" else None
    except UnreadableError:
        return None


def payers(found: Reading) -> tuple[Payer, ...]:
    """Return who pays which percentage of a matter's split bills."""
    result = []
    for item in found.parts("split_invoice_payers"):
        contact, portion = whole(item.get("contact_id")), exact(item.get("split_portion"))
        if contact is not None:
            result.append(Payer(client_id=contact, portion=portion if portion is not None else Decimal(0)))
    return tuple(result)


def payer_of(found: Reading, matters: Sequence[Row]) -> int | None:
    """Return who pays a split bill: its client where he is a payer of this portion, else who has it."""
    portion = found.number("split_portion", inside="split_invoice")
    if portion is None:
        return None
    client = found.ref("client")
    known = dict.fromkeys(payer for row in matters for payer in payers(Reading(row, "matter", "matters")))
    fitting = [payer.client_id for payer in known if payer.portion == portion]
    if client in fitting:
        return client
    if len(fitting) == 1:
        return fitting[0]
    return client


def _address(found: Reading) -> tuple[str, ...]:
    part = Reading(found.part("primary_address"), found.noun, found.resource)
    town = " ".join(x for x in (part.text("province"), part.text("postal_code")) if x)
    city = ", ".join(x for x in (part.text("city"), town) if x)
    lines = [*part.text("street").splitlines(), city, part.text("country")]
    return tuple(line.strip() for line in lines if line.strip())


def _visible(found: Reading) -> None:
    """A record that the connected person may not see comes with `redacted: true` (clio/API.md section 1)."""
    if found.row.get("redacted") is True:
        words = (
            f"Clio hides {found.noun} {found.id} from the person who connected. Give that person access in "
            f"Clio, or connect as an administrator."
        )
        raise UnreadableError(found.problem("hidden_in_clio", words, cause=f"{found.resource}:hidden"))
