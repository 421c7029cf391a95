"""What the API may change: contacts, bills, line items, activities, webhooks (API.md section 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request

from syncapp.emulators.clio import desk_bills, desk_lines, desk_transfers, desk_work
from syncapp.emulators.clio.errors import ApiError
from syncapp.emulators.clio.funds import InterestCharge, MatterTransfer, Webhook
from syncapp.emulators.clio.model import Record, Refused, World
from syncapp.emulators.clio.nouns import Activity, Bill, Contact, LineItem, Matter, TrustLineItem
from syncapp.emulators.clio.oauth import Token
from syncapp.emulators.wire import body_json

if TYPE_CHECKING:
    from syncapp.emulators.clio.app import State

type Given = dict[str, Any]


def data(request: Request) -> Given:
    """The `data` of a JSON body. Raises ApiError 400."""
    try:
        body = body_json(request)
        found = body["data"]
    except (ValueError, KeyError, TypeError):
        raise ApiError(400, "ArgumentError", "The body must be JSON with a data object.") from None
    if not isinstance(found, dict):
        raise ApiError(400, "ArgumentError", "data must be an object.")
    return found


def money(value: Any) -> Decimal:
    """A JSON number as Decimal."""
    return Decimal(str(value))


def day(value: Any) -> date:
    """A date. Raises Refused."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Refused(f"{value} is not a date.") from None


def create_contact(_: State, world: World, __: Token, given: Given) -> Record:
    """POST /contacts: a person needs a first or last name (API.md section 5)."""
    if given.get("type") not in ("Person", "Company"):
        raise Refused("type must be Person or Company.")
    person = given["type"] == "Person"
    if person and not (given.get("first_name") or given.get("last_name")):
        raise Refused("A person needs a first or last name.")
    names = (given.get("first_name", ""), given.get("last_name", "")) if person else ("", "")
    made = desk_work.create_client(
        world,
        name="" if person else given.get("name", ""),
        first_name=names[0],
        last_name=names[1],
        is_client=False,
    )
    change_contact(_, world, made, {k: v for k, v in given.items() if k not in ("type", "name")})
    return made


def change_contact(_: State, world: World, contact: Contact, given: Given) -> None:
    """PATCH /contacts: name, e-mail, numbers, address; `primary_email_address` cannot be written."""
    if "primary_email_address" in given:
        raise Refused("primary_email_address cannot be written; send email_addresses.")
    for name in ("first_name", "last_name"):
        if name in given:
            setattr(contact, name, given[name])
    if contact.type == "Person":
        contact.name = f"{contact.first_name or ''} {contact.last_name or ''}".strip()
    elif given.get("name"):
        contact.name = given["name"]
    for address in given.get("email_addresses", []):
        contact.primary_email_address = address.get("address")
    for phone in given.get("phone_numbers", []):
        contact.primary_phone_number = phone.get("number")
    for place in given.get("addresses", []):
        for name in ("street", "city", "province", "postal_code"):
            setattr(contact, name, place.get(name, getattr(contact, name)))
    world.touch(contact)


def change_matter(_: State, world: World, matter: Matter, given: Given) -> None:
    """PATCH /matters: description and status."""
    matter.description = given.get("description", matter.description)
    status = given.get("status")
    if status == "closed":
        desk_work.close_matter(world, matter=matter.id)
    elif status in ("open", "pending"):
        matter.status = status.title()
        world.touch(matter)
    else:
        world.touch(matter)


def change_bill(_: State, world: World, bill: Bill, given: Given) -> None:
    """PATCH /bills: head fields, then the state along its allowed transitions."""
    plain: Given = {k: given[k] for k in ("number", "memo", "subject", "purchase_order") if k in given}
    dates: Given = {k: day(given[k]) for k in ("issued_at", "due_at") if k in given}
    rates: Given = {k: money(given[k]) for k in ("tax_rate", "secondary_tax_rate") if k in given}
    discount = given.get("discount") or {}
    off = {f"discount_{k}": discount[k] for k in ("type", "note") if k in discount}
    off |= {"discount_rate": money(discount["rate"])} if "rate" in discount else {}
    if plain or dates or rates or off:
        desk_bills.edit_bill(world, bill=bill.id, **plain, **dates, **rates, **off)
    state = given.get("state")
    if state and state != bill.state:
        _move(world, bill, state)


def _move(world: World, bill: Bill, state: str) -> None:
    moves: dict[str, Callable[..., Bill]] = {
        "awaiting_approval": desk_bills.submit_bill,
        "awaiting_payment": desk_bills.approve_bill,
        "void": desk_bills.void_bill,
        "deleted": desk_bills.delete_bill,
    }
    if world.switches.api_back_to_draft:
        moves["draft"] = desk_bills.back_to_draft
    if state not in moves:
        raise Refused(f"A bill that is {bill.state} cannot become {state} here.")
    moves[state](world, bill=bill.id)


def change_line(_: State, world: World, line: LineItem, given: Given) -> None:
    """PATCH /line_items: `quantity` of an ActivityLineItem is ignored without a word (API.md section 5)."""
    quantity = money(given["quantity"]) if "quantity" in given else None
    desk_lines.edit_line(
        world,
        line=line.id,
        price=money(given["price"]) if "price" in given else None,
        quantity=None if line.type == "ActivityLineItem" else quantity,
        date=day(given["date"]) if "date" in given else None,
        note=given.get("note"),
        taxable=given.get("taxable"),
    )


def change_activity(_: State, world: World, activity: Activity, given: Given) -> None:
    """PATCH /activities: 422 while on a bill; `quantity` in seconds for time (API.md section 5)."""
    hours = (
        money(given["quantity"]) / (3600 if activity.type == "TimeEntry" else 1)
        if "quantity" in given
        else None
    )
    price = money(given["price"]) if "price" in given else None
    desk_work.edit_activity(world, activity=activity.id, price=price, hours=hours)
    activity.note = given.get("note", activity.note)


def change_trust_line(_: State, world: World, line: TrustLineItem, given: Given) -> None:
    """PATCH /trust_line_items."""
    line.date = day(given["date"]) if "date" in given else line.date
    line.note = given.get("note", line.note)
    world.touch(line)


def create_transfer(_: State, world: World, __: Token, given: Given) -> Record:
    """POST /matter_transfers."""
    return desk_transfers.matter_transfer(
        world,
        source=given["source_matter"]["id"],
        destination=given["destination_matter"]["id"],
        amount=money(given["amount"]),
        date=day(given["date"]),
        description=given.get("description", ""),
    )


def change_transfer(_: State, world: World, transfer: MatterTransfer, given: Given) -> None:
    """PATCH /matter_transfers: its words only."""
    transfer.description = given.get("description", transfer.description)
    world.touch(transfer)


def create_webhook(state: State, world: World, token: Token, given: Given) -> Record:
    """POST /webhooks, with the handshake at once."""
    return state.hooks.create(world, given, user_id=token.user_id)


def change_webhook(state: State, world: World, hook: Webhook, given: Given) -> None:
    """PATCH /webhooks: a new url needs a new handshake."""
    state.hooks.change(world, hook, given)


def delete_contact(world: World, contact: Contact) -> None:
    """DELETE /contacts: not while it has matters or bills."""
    if any(m.client_id == contact.id for m in world.all(Matter)):
        raise Refused("This contact has matters.")
    world.remove(contact)


def delete_interest(world: World, charge: InterestCharge) -> None:
    """DELETE /interest_charges."""
    desk_bills.remove_interest(world, charge=charge.id)


CREATE: dict[str, Callable[[Any, World, Token, Given], Record]] = {
    "contacts": create_contact,
    "matter_transfers": create_transfer,
    "webhooks": create_webhook,
}
CHANGE: dict[str, Callable[[Any, World, Any, Given], None]] = {
    "contacts": change_contact,
    "matters": change_matter,
    "bills": change_bill,
    "line_items": change_line,
    "activities": change_activity,
    "trust_line_items": change_trust_line,
    "matter_transfers": change_transfer,
    "webhooks": change_webhook,
}
DELETE: dict[str, Callable[[World, Any], Any]] = {
    "contacts": delete_contact,
    "bills": lambda world, bill: desk_bills.delete_bill(world, bill=bill.id),
    "line_items": lambda world, line: desk_lines.remove_line(world, line=line.id),
    "activities": lambda world, activity: desk_work.delete_activity(world, activity=activity.id),
    "interest_charges": delete_interest,
    "webhooks": lambda world, hook: world.remove(hook),
}
