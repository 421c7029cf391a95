"""Line items as the lines of a bill: what each was for, whose time, which cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from syncapp.clio.translate.arithmetic import LineFigures
from syncapp.clio.translate.reading import Reading, Row, reading
from syncapp.core.documents import BillLine, Cost, LineKind

_TYPES = ("ActivityLineItem", "LineItem", "NoChargeLineItem", "SummaryLineItem")
_KINDS: Mapping[str, LineKind] = {"Service": LineKind.TIME, "Expense": LineKind.EXPENSE}
_COSTS = ("HardCostEntry", "SoftCostEntry", "ExpenseEntry")
_NO_ROW: Row = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line item, read: its figures, and all of the document's line but the amounts."""

    figures: LineFigures
    kind: LineKind
    cost: Cost | None
    label: str
    category: str
    timekeeper: str
    matter_id: int | None
    day: date | None
    narrative: str
    quantity: Decimal | None
    rate: Decimal | None


def items(
    rows: Sequence[Row], activities: Mapping[int, Row], currency: str, *, only_matter: Sequence[int]
) -> list[Item]:
    """Read the line items of a bill in the order of their ids."""
    found = [reading(row, "line", "line_items") for row in rows]
    unique = {line.id: line for line in found}
    default = only_matter[0] if len(only_matter) == 1 else None
    return [_item(unique[key], activities, currency, default, found) for key in sorted(unique)]


def summaries_hide_kinds(read: Sequence[Item]) -> bool:
    """Tell whether a summary line stands for lines that would be mapped differently."""
    return any(
        len({(m.kind, m.cost, m.category) for m in members(item, read)}) > 1
        for item in read
        if item.figures.summary
    )


def members(item: Item, read: Sequence[Item]) -> list[Item]:
    """Return the hidden lines that a summary line stands for; it shares its `group_ordering` with them."""
    if not item.figures.summary or item.figures.group is None:
        return []
    return [
        other for other in read if not other.figures.summary and other.figures.group == item.figures.group
    ]


def line(item: Item, read: Sequence[Item], *, amount: int, tax: int) -> BillLine:
    """Return the document's line; a summary takes from its members what they have in common."""
    hidden = members(item, read)
    return BillLine(
        id=item.figures.id,
        kind=item.kind,
        amount=amount,
        tax=tax,
        matter_id=item.matter_id or _common([m.matter_id for m in hidden]),
        day=item.day,
        label=item.label or _common([m.label for m in hidden]) or "",
        narrative=item.narrative,
        timekeeper=item.timekeeper or _common([m.timekeeper for m in hidden]) or "",
        expense_category=item.category or _common([m.category for m in hidden]) or "",
        cost=item.cost or _common([m.cost for m in hidden]),
        quantity=item.quantity,
        rate=item.rate,
    )


def _item(
    found: Reading,
    activities: Mapping[int, Row],
    currency: str,
    default: int | None,
    every: Sequence[Reading],
) -> Item:
    kind_of_line = found.word("type", _TYPES, default="LineItem")
    activity_id = found.ref("activity")
    activity = Reading(activities.get(activity_id or 0, _NO_ROW), "activity", "activities")
    activity_type = activity.text("type") or found.text("type", inside="activity")
    group = found.number("group_ordering")
    taxes = [found.money(name, currency) or 0 for name in ("tax", "secondary_tax")]
    kind = _kind(found, activity_type, every)
    return Item(
        figures=LineFigures(
            id=found.id,
            service=kind is LineKind.TIME,
            total=found.money("total", currency),
            sub_total=found.money("sub_total", currency),
            tax=sum(taxes),
            group=None if group is None else int(group),
            summary=kind_of_line == "SummaryLineItem",
            no_charge=kind_of_line == "NoChargeLineItem",
        ),
        kind=kind,
        cost=_cost(found, activity, activity_type) if kind is LineKind.EXPENSE else None,
        label=activity.text("name", inside="activity_description")
        or activity.text("name", inside="expense_category"),
        category=activity.text("name", inside="expense_category"),
        timekeeper=found.text("name", inside="user") or activity.text("name", inside="user"),
        matter_id=found.ref("matter") or activity.ref("matter") or default,
        day=found.day("date") or activity.day("date"),
        narrative=found.text("note") or found.text("description"),
        quantity=found.number("quantity"),
        rate=found.number("price"),
    )


def _kind(found: Reading, activity_type: str, every: Sequence[Reading]) -> LineKind:
    """Return time or expense: by the line's own word, else by its activity, else by its members'."""
    if found.row.get("kind") not in {None, ""}:
        return _KINDS[found.word("kind", _KINDS)]
    if activity_type == "TimeEntry":
        return LineKind.TIME
    if activity_type in _COSTS:
        return LineKind.EXPENSE
    group = found.row.get("group_ordering")
    hidden = {
        other.text("kind")
        for other in every
        if other.id != found.id and group is not None and other.row.get("group_ordering") == group
    }
    if len(hidden) == 1 and (word := hidden.pop()) in _KINDS:
        return _KINDS[word]
    raise found.unreadable("kind", None)


def _cost(found: Reading, activity: Reading, activity_type: str) -> Cost | None:
    """Return hard or soft; None where no activity tells. A plain expense follows its category."""
    if not activity_type:
        return None
    if activity_type == "HardCostEntry":
        return Cost.HARD
    if activity_type == "SoftCostEntry":
        return Cost.SOFT
    if activity_type == "ExpenseEntry":
        hard = activity.text("entry_type", inside="expense_category") == "hard_cost"
        return Cost.HARD if hard else Cost.SOFT
    raise found.unknown("activity.type", activity_type)


def _common[T](values: Sequence[T]) -> T | None:
    """Return what all have in common, or nothing."""
    return values[0] if values and all(value == values[0] for value in values) else None
