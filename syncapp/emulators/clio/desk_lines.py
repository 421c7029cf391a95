"""What people do with the lines of a bill in Clio."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from syncapp.emulators.clio.desk_bills import editable, settle
from syncapp.emulators.clio.model import ZERO, World
from syncapp.emulators.clio.nouns import Activity, LineItem


def edit_line(
    world: World,
    *,
    line: int,
    price: Decimal | None = None,
    quantity: Decimal | None = None,
    date: dt.date | None = None,
    note: str | None = None,
    taxable: bool | None = None,
    discount_type: str | None = None,
    discount_rate: Decimal | None = None,
) -> LineItem:
    """Change a line; the bill's etag and totals follow."""
    found = world.get(LineItem, line)
    bill = editable(world, found.bill_id)
    given = {k: v for k, v in locals().items() if k not in ("world", "line", "found", "bill")}
    for name, value in given.items():
        if value is not None:
            setattr(found, name, value)
    world.touch(found, bill)
    settle(world, bill)
    return found


def add_line(
    world: World,
    *,
    bill: int,
    description: str,
    price: Decimal,
    quantity: Decimal = Decimal(1),
    kind: str = "Service",
    date: dt.date | None = None,
    matter: int | None = None,
    taxable: bool = False,
) -> LineItem:
    """A line typed on the bill, with no activity behind it."""
    found = editable(world, bill)
    line = world.add(
        LineItem(
            bill_id=bill,
            matter_id=matter or found.matter_ids[0],
            kind_of=kind,
            type="LineItem",
            date=date or found.issued_at or world.today(),
            price=price,
            quantity=quantity,
            description=description,
            note=description,
            taxable=taxable,
        )
    )
    found.line_ids.append(line.id)
    world.touch(found)
    settle(world, found)
    return line


def remove_line(world: World, *, line: int) -> None:
    """Take a line off its bill; its activity is unbilled again."""
    found = world.get(LineItem, line)
    bill = editable(world, found.bill_id)
    bill.line_ids.remove(found.id)
    for activity in world.some(Activity, [found.activity_id or 0]):
        activity.bill_id = None
        world.touch(activity)
    world.remove(found)
    world.touch(bill)
    settle(world, bill)


def summarize_lines(world: World, *, lines: list[int], description: str) -> LineItem:
    """Print several lines as one: they become hidden members of a SummaryLineItem."""
    found = [world.get(LineItem, i) for i in lines]
    bill = editable(world, found[0].bill_id)
    group = 1 + max((x.group_ordering or 0 for x in world.some(LineItem, bill.line_ids)), default=0)
    for member in found:
        member.display, member.group_ordering = False, group
    summary = world.add(
        LineItem(
            bill_id=bill.id,
            matter_id=found[0].matter_id,
            kind_of=found[0].kind_of,
            type="SummaryLineItem",
            date=found[0].date,
            price=sum((x.total for x in found), ZERO),
            description=description,
            note=description,
            group_ordering=group,
            taxable=all(x.taxable for x in found),
        )
    )
    bill.line_ids.append(summary.id)
    world.touch(*found, bill)
    return summary
