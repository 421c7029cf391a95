"""What people do with bills in Clio: draft, approve, edit, back to draft, void, delete, interest."""

from __future__ import annotations

import datetime as dt
from datetime import timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from syncapp.emulators.clio.funds import InterestCharge
from syncapp.emulators.clio.model import ZERO, Refused, World
from syncapp.emulators.clio.nouns import LIVE, PAYABLE, Activity, Bill, LineItem, Matter
from syncapp.emulators.clio.sums import live, sums


def draft_bill(
    world: World,
    *,
    activities: list[int],
    client: int | None = None,
    issued_at: dt.date | None = None,
    due_at: dt.date | None = None,
    number: str | None = None,
    tax_rate: Decimal = ZERO,
    secondary_tax_rate: Decimal = ZERO,
    tax_services: bool = False,
    subject: str | None = None,
    user: int | None = None,
    share: Decimal = Decimal(1),
) -> Bill:
    """Draft a bill from unbilled activities of one client; several matters make a ClientBill.

    `share` is the part of every line (a split invoice). Raises Refused when an activity is billed.
    """
    work = [world.get(Activity, a) for a in activities]
    if not work:
        raise Refused("Choose what to bill.")
    if any(a.bill_id is not None for a in work):
        raise Refused("One of these activities is on a bill already.")
    bill = _head(world, work, client=client, issued_at=issued_at, due_at=due_at, number=number)
    bill.tax_rate, bill.secondary_tax_rate = tax_rate, secondary_tax_rate
    bill.subject, bill.user_id = subject, user
    for activity in work:
        activity.bill_id = bill.id
        _line(world, bill, activity, tax_services=tax_services, share=share)
    return bill


def _head(
    world: World,
    work: list[Activity],
    *,
    client: int | None,
    issued_at: dt.date | None,
    due_at: dt.date | None,
    number: str | None,
) -> Bill:
    matters = list(dict.fromkeys(a.matter_id for a in work))
    issued = issued_at or world.today()
    return world.add(
        Bill(
            number=number or next_number(world),
            client_id=client or world.get(Matter, matters[0]).client_id,
            matter_ids=matters,
            type="ClientBill" if len(matters) > 1 else "MatterBill",
            issued_at=issued,
            due_at=due_at or issued + timedelta(days=30),
            start_at=min(a.date for a in work),
            end_at=max(a.date for a in work),
        )
    )


def _line(world: World, bill: Bill, activity: Activity, *, tax_services: bool, share: Decimal) -> LineItem:
    service = activity.type == "TimeEntry"
    taxed = activity.tax_setting == "tax_1_only" or (tax_services and service)
    line = world.add(
        LineItem(
            bill_id=bill.id,
            matter_id=activity.matter_id,
            kind_of="Service" if service else "Expense",
            type="NoChargeLineItem" if activity.no_charge else "ActivityLineItem",
            date=activity.date,
            price=activity.price * share if activity.flat_rate else activity.price,
            quantity=activity.hours if activity.flat_rate else activity.hours * share,
            flat=activity.flat_rate,
            description=activity.note.split(":")[0],
            note=activity.note,
            activity_id=activity.id,
            user_id=activity.user_id,
            taxable=taxed,
            secondary_taxable=taxed and bill.secondary_tax_rate > 0,
        )
    )
    bill.line_ids.append(line.id)
    return line


def next_number(world: World) -> str:
    taken = {b.number for b in world.all(Bill)}
    while str(world.next_bill_number) in taken:
        world.next_bill_number += 1
    world.next_bill_number += 1
    return str(world.next_bill_number - 1)


def submit_bill(world: World, *, bill: int) -> Bill:
    """Draft to awaiting approval."""
    return _move(world, bill, frm=("draft",), to="awaiting_approval")


def approve_bill(world: World, *, bill: int) -> Bill:
    """To awaiting payment, or to paid when there is nothing to pay."""
    found = _move(world, bill, frm=("draft", "awaiting_approval"), to="awaiting_payment")
    world.touch(*world.some(Activity, [line.activity_id or 0 for line in lines(world, found)]))
    settle(world, found)
    return found


def send_bill(world: World, *, bill: int, on: dt.date | None = None) -> Bill:
    """Send an approved bill to its client, `on` a past day; `last_sent_at` says when (API.md appendix A)."""
    found = world.get(Bill, bill)
    if found.state not in PAYABLE:
        raise Refused("Only an approved bill is sent.")
    now = world.now()
    found.last_sent_at = now.replace(year=on.year, month=on.month, day=on.day, hour=16) if on else now
    world.touch(found)
    return found


def back_to_draft(world: World, *, bill: int) -> Bill:
    """An approved bill without payments becomes a draft again."""
    found = world.get(Bill, bill)
    if not world.switches.back_to_draft_allowed:
        raise Refused("This firm does not return approved bills to draft.")
    _unpaid(world, found)
    return _move(world, bill, frm=("awaiting_approval", *PAYABLE), to="draft")


def void_bill(world: World, *, bill: int) -> Bill:
    """Void an approved bill without payments; its number stays, its activities are unbilled again."""
    found = world.get(Bill, bill)
    _unpaid(world, found)
    _move(world, bill, frm=PAYABLE, to="void")
    _release(world, found)
    return found


def delete_bill(world: World, *, bill: int) -> Bill:
    """Clio's DELETE: a draft or a bill pending approval is deleted, an unpaid one void (API.md section 5)."""
    found = world.get(Bill, bill)
    if found.state in PAYABLE:
        return void_bill(world, bill=bill)
    _move(world, bill, frm=("draft", "awaiting_approval"), to="deleted")
    _release(world, found)
    return found


def edit_bill(
    world: World,
    *,
    bill: int,
    number: str | None = None,
    issued_at: dt.date | None = None,
    due_at: dt.date | None = None,
    discount_type: str | None = None,
    discount_rate: Decimal | None = None,
    discount_services_only: bool | None = None,
    discount_note: str | None = None,
    tax_rate: Decimal | None = None,
    secondary_tax_rate: Decimal | None = None,
    interest_rate: Decimal | None = None,
    subject: str | None = None,
    memo: str | None = None,
    purchase_order: str | None = None,
) -> Bill:
    """Change a bill's head. `discount_rate` 0 removes the discount. Raises Refused."""
    found = editable(world, bill)
    given = {k: v for k, v in locals().items() if k not in ("world", "bill", "found") and v is not None}
    for name, value in given.items():
        setattr(found, name, value)
    if discount_rate is not None and not discount_rate:
        found.discount_type = None
    world.touch(found)
    settle(world, found)
    return found


def split_bill(
    world: World,
    *,
    activities: list[int],
    payers: list[int],
    portion: Decimal,
    issued_at: dt.date | None = None,
) -> list[Bill]:
    """Two invoices for the same work: the first payer owes `portion` percent, the second the rest."""
    share = portion / 100
    first = draft_bill(world, activities=activities, client=payers[0], issued_at=issued_at, share=share)
    work = [world.get(Activity, a) for a in activities]
    for activity in work:
        activity.bill_id = None
    rest = draft_bill(world, activities=activities, client=payers[1], issued_at=issued_at, share=1 - share)
    for activity in work:
        activity.bill_id = first.id
    rest.original_bill_id = first.id
    for bill, part in ((first, portion), (rest, 100 - portion)):
        bill.split_portion, bill.split_ids = part, [first.id, rest.id]
        bill.split_connection_id = str(uuid5(NAMESPACE_URL, f"split:{world.account_id}:{first.id}"))
        world.touch(bill)
    return [first, rest]


def add_interest(
    world: World, *, bill: int, total: Decimal, date: dt.date | None = None, description: str = ""
) -> InterestCharge:
    """Charge interest on an approved bill; a paid one is owed again."""
    found = world.get(Bill, bill)
    if found.state not in PAYABLE:
        raise Refused("Interest is charged on an approved bill.")
    if total <= 0:
        raise Refused("Interest is more than nothing.")
    text = description or f"Interest on overdue balance of bill {found.number}"
    day = date or world.today()
    charge = world.add(InterestCharge(bill_id=bill, date=day, total=total, description=text))
    found.charge_ids.append(charge.id)
    world.touch(found)
    settle(world, found)
    return charge


def remove_interest(world: World, *, charge: int) -> None:
    """Delete an interest charge; what was paid on it stays, without a bill (API.md section 5)."""
    found = world.get(InterestCharge, charge)
    bill = world.get(Bill, found.bill_id)
    if sums(world, bill).interest_balance < found.total:
        raise Refused("This interest has been paid; remove the payment first.")
    bill.charge_ids.remove(found.id)
    world.remove(found)
    world.touch(bill)
    settle(world, bill)


def lines(world: World, bill: Bill) -> list[LineItem]:
    """Every line of a bill, hidden ones too."""
    return world.some(LineItem, bill.line_ids)


def settle(world: World, bill: Bill) -> None:
    """Let the state follow the balance: awaiting_payment with nothing owed is paid, and back."""
    if bill.state not in PAYABLE:
        return
    owed = sums(world, bill).balance > 0
    moved = bool(live(world, bill)) or world.switches.zero_bill_is_paid
    bill.state = "paid" if not owed and moved else "awaiting_payment"
    world.cache.clear()


def _move(world: World, bill_id: int, *, frm: tuple[str, ...], to: str) -> Bill:
    bill = world.get(Bill, bill_id)
    if bill.state not in frm:
        raise Refused(f"A bill that is {bill.state} cannot become {to}.")
    bill.state = to
    world.touch(bill)
    return bill


def editable(world: World, bill_id: int) -> Bill:
    bill = world.get(Bill, bill_id)
    if bill.state not in LIVE:
        raise Refused(f"A bill that is {bill.state} cannot be edited.")
    if bill.state in PAYABLE:
        if not world.switches.edit_approved_allowed:
            raise Refused("This firm does not allow editing of approved bills.")
        if bill.state == "paid":
            _unpaid(world, bill)
    return bill


def _unpaid(world: World, bill: Bill) -> None:
    if live(world, bill):
        raise Refused("Remove the payments and credits of this bill first.")


def _release(world: World, bill: Bill) -> None:
    for activity in world.some(Activity, [line.activity_id or 0 for line in lines(world, bill)]):
        if activity.bill_id == bill.id:
            activity.bill_id = None
            world.touch(activity)
