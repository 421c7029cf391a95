"""What people enter in Clio: clients, matters, time and costs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from syncapp.emulators.clio.model import Refused, World
from syncapp.emulators.clio.nouns import Activity, Contact, ExpenseCategory, Matter, PracticeArea, User


def create_client(
    world: World,
    *,
    name: str = "",
    first_name: str = "",
    last_name: str = "",
    email: str | None = None,
    phone: str | None = None,
    street: str = "",
    city: str = "",
    province: str = "",
    postal_code: str = "",
    is_client: bool = True,
) -> Contact:
    """A company (by name) or a person (by first and last name)."""
    person = not name
    return world.add(
        Contact(
            name=name or f"{first_name} {last_name}".strip(),
            type="Person" if person else "Company",
            first_name=first_name or None,
            last_name=last_name or None,
            is_client=is_client,
            primary_email_address=email,
            primary_phone_number=phone,
            street=street,
            city=city,
            province=province,
            postal_code=postal_code,
        )
    )


def rename_client(world: World, *, contact: int, name: str) -> Contact:
    """Change the name a client goes by."""
    found = world.get(Contact, contact)
    found.name = name
    if found.type == "Person":
        found.first_name, _, found.last_name = name.rpartition(" ")
    world.touch(found)
    return found


def create_matter(
    world: World,
    *,
    client: int,
    description: str,
    practice_area: int | None = None,
    responsible: int | None = None,
    billing_method: str = "hourly",
    open_date: dt.date | None = None,
    flat_fee: Decimal = Decimal(0),
) -> Matter:
    """Open a matter; Clio numbers it `00012-Name`."""
    owner = world.get(Contact, client)
    if practice_area is not None:
        world.get(PracticeArea, practice_area)
    number = len(world.all(Matter)) + 1
    word = (owner.last_name or owner.name.split()[0]).replace(",", "")
    return world.add(
        Matter(
            client_id=client,
            display_number=f"{number:05d}-{word}",
            number=number,
            description=description,
            practice_area_id=practice_area,
            responsible_attorney_id=responsible,
            originating_attorney_id=responsible,
            billing_method=billing_method,
            open_date=open_date or world.today(),
            flat_fee=flat_fee,
        )
    )


def close_matter(world: World, *, matter: int, close_date: dt.date | None = None) -> Matter:
    """Close a matter; fires `matter_closed`."""
    found = world.get(Matter, matter)
    found.status, found.close_date = "Closed", close_date or world.today()
    world.touch(found)
    world.say("matter_closed", found)
    return found


def create_time(
    world: World,
    *,
    matter: int,
    user: int,
    date: dt.date,
    hours: Decimal,
    rate: Decimal | None = None,
    note: str = "",
    description: int | None = None,
    no_charge: bool = False,
    non_billable: bool = False,
    flat_rate: bool = False,
    contingency_fee: bool = False,
) -> Activity:
    """A time entry: hours, and money per hour (or, with `flat_rate`, the fee itself)."""
    return world.add(
        Activity(
            type="TimeEntry",
            date=date,
            matter_id=world.get(Matter, matter).id,
            user_id=user,
            price=world.get(User, user).rate if rate is None else rate,
            hours=hours,
            note=note,
            activity_description_id=description,
            no_charge=no_charge,
            non_billable=non_billable or no_charge,
            flat_rate=flat_rate,
            contingency_fee=contingency_fee,
        )
    )


def create_expense(
    world: World,
    *,
    matter: int,
    user: int,
    date: dt.date,
    price: Decimal,
    category: int,
    quantity: Decimal = Decimal(1),
    note: str = "",
    vendor: int | None = None,
    reference: str | None = None,
    taxed: bool = False,
) -> Activity:
    """A cost. Hard or soft by its category; hard costs carry vendor and check reference."""
    kind = world.get(ExpenseCategory, category).entry_type
    hard = kind == "hard_cost"
    return world.add(
        Activity(
            type="HardCostEntry" if hard else "SoftCostEntry" if kind == "soft_cost" else "ExpenseEntry",
            date=date,
            matter_id=world.get(Matter, matter).id,
            user_id=user,
            price=price,
            hours=Decimal(1) if hard else quantity,
            note=note,
            expense_category_id=category,
            vendor_id=vendor if hard else None,
            reference=reference if hard else None,
            tax_setting="tax_1_only" if taxed else "no_tax",
        )
    )


def edit_activity(
    world: World, *, activity: int, price: Decimal | None = None, hours: Decimal | None = None
) -> Activity:
    """Change time or cost that is on no approved bill. Raises Refused."""
    found = world.get(Activity, activity)
    if found.bill_id is not None:
        raise Refused("This activity is on a bill.")
    found.price = found.price if price is None else price
    found.hours = found.hours if hours is None else hours
    world.touch(found)
    return found


def delete_activity(world: World, *, activity: int) -> None:
    """Delete unbilled time or cost. Raises Refused."""
    found = world.get(Activity, activity)
    if found.bill_id is not None:
        raise Refused("This activity is on a bill.")
    world.remove(found)
