"""A bill with its lines, discount, tax and interest as one document that adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from syncapp.clio.translate import lines as bill_lines
from syncapp.clio.translate.arithmetic import BillFigures, Discount, LineFigures, Sum, add_up, nearest
from syncapp.clio.translate.people import payer_of
from syncapp.clio.translate.reading import Reading, Row, UnreadableError, code_of, reading, tells, whole
from syncapp.core import money
from syncapp.core.documents import Bill, BillLine, BillState, LineKind
from syncapp.core.problems import Problem

_STATES: Mapping[str, BillState] = {
    "draft": BillState.NOT_YET,
    "awaiting_approval": BillState.NOT_YET,
    "awaiting_payment": BillState.ISSUED,
    "paid": BillState.ISSUED,
    "void": BillState.VOID,
    "deleted": BillState.DELETED,
}
_TRUST = "trust_kind"
_KINDS = (
    "revenue_kind",
    "summary_kind",
    _TRUST,
    "aggregate_all",
    "aggregate_split",
    "aggregate_services",
    "aggregate_expenses",
)


@tells
def bill(
    row: Row,
    *,
    lines: Sequence[Row],
    activities: Mapping[int, Row],
    matters: Mapping[int, Row],
    interest: Sequence[Row],
    currency: str = "USD",
    gone: bool = False,
) -> Bill:
    """Read a bill with its line items, their activities, its matters and its interest charges.

    An issued bill must add up, or it is the Problem `bill_does_not_add_up`; what it lacks of less than a unit
    of its currency is its `rounding`, which the planner judges by the firm's tolerance. A draft, a void or a
    deleted one asks nothing of the books but its removal: when it does not add up it comes without lines.
    A trust request is never an invoice: NOT_YET, without lines. Interest dated the issue date is a line,
    later interest a document of its own (see `later_charges`). `currency` is the firm's. One that is `gone`
    from Clio is a deleted one, whatever it said last.
    """
    found = reading(row, "bill", "bills")
    currency = code_of(found, currency)
    state = BillState.DELETED if gone else _STATES[found.word("state", _STATES)]
    if found.word("kind", _KINDS, default="revenue_kind") == _TRUST:
        return _trust_request(found, state, currency)
    if found.ref("client") is None and state is BillState.ISSUED:
        words = f"{found.name} has no client in Clio. Choose its client there."
        raise UnreadableError(found.problem("bill_without_client", words))
    if state is not BillState.ISSUED:
        return _not_issued(found, state, currency, lines, activities, matters, interest)
    return _whole(found, state, currency, lines, activities, matters, interest)


def later_charges(issued: date | None, charges: Sequence[Row]) -> list[tuple[Row, int]]:
    """Return the charges of one bill that are documents of their own, numbered from 1 by day, then id.

    A charge that cannot be read keeps its place at the end; `interest` says what is wrong with it.
    """
    later = [(row, _day(row)) for row in charges]
    kept = sorted(
        (
            (day or date.max, whole(row.get("id")) or 0, row)
            for row, day in later
            if day is None or day != issued
        ),
        key=lambda item: item[:2],
    )
    return [(row, order) for order, (_, _, row) in enumerate(kept, start=1)]


def _not_issued(
    found: Reading,
    state: BillState,
    currency: str,
    lines: Sequence[Row],
    activities: Mapping[int, Row],
    matters: Mapping[int, Row],
    interest: Sequence[Row],
) -> Bill:
    try:
        return _whole(found, state, currency, lines, activities, matters, interest)
    except UnreadableError:
        owed = found.money("due", currency)
        return _headed(found, state, currency, amount=owed if owed is not None else 0)


def _whole(
    found: Reading,
    state: BillState,
    currency: str,
    lines: Sequence[Row],
    activities: Mapping[int, Row],
    matters: Mapping[int, Row],
    interest: Sequence[Row],
) -> Bill:
    own_matters = [matter for part in found.parts("matters") if (matter := whole(part.get("id"))) is not None]
    items = bill_lines.items(lines, activities, currency, only_matter=own_matters)
    issued = found.day("issued_at")
    charges = [reading(row, "interest charge", "interest_charges") for row in interest]
    with_bill = [charge for charge in charges if issued is not None and charge.day("date") == issued]
    figures = _figures(found, currency, charges=charges, with_bill=with_bill)
    told, hidden = [item.figures for item in items], bill_lines.summaries_hide_kinds(items)
    agreed, lacks = add_up(told, figures, detail_first=hidden), 0
    if agreed is None:
        near = nearest(told, figures, detail_first=hidden)
        if near is None:
            raise UnreadableError(_does_not_add_up(found, items, figures, currency))
        agreed, lacks = near
    shown = _lines(items, agreed, figures) + tuple(_interest_line(charge, currency) for charge in with_bill)
    bill_matters = dict.fromkeys([*own_matters, *(line.matter_id for line in shown if line.matter_id)])
    return _headed(
        found,
        state,
        currency,
        amount=agreed.amount + lacks + sum(charge.amount("total", currency) for charge in with_bill),
        lines=shown,
        rounding=lacks,
        discount=agreed.discount,
        discount_services_only=agreed.services_only and agreed.discount > 0,
        tax=agreed.tax,
        matter_ids=tuple(bill_matters),
        payer_id=payer_of(found, [matters[key] for key in bill_matters if key in matters]),
    )


def _headed(
    found: Reading,
    state: BillState,
    currency: str,
    *,
    amount: int,
    lines: tuple[BillLine, ...] = (),
    discount: int = 0,
    discount_services_only: bool = False,
    tax: int = 0,
    rounding: int = 0,
    matter_ids: tuple[int, ...] | None = None,
    payer_id: int | None = None,
    trust_request: bool = False,
) -> Bill:
    if matter_ids is None:
        matter_ids = tuple(x for part in found.parts("matters") if (x := whole(part.get("id"))) is not None)
    return Bill(
        id=found.id,
        number=found.text("number"),
        state=state,
        client_id=found.ref("client"),
        currency=currency,
        issued=found.day("issued_at"),
        due=found.day("due_at"),
        amount=amount,
        lines=lines,
        discount=discount,
        discount_services_only=discount_services_only,
        tax=tax,
        rounding=rounding,
        matter_ids=matter_ids,
        payer_id=payer_id,
        trust_request=trust_request,
        outstanding=found.money("balance", currency) or 0,
        subject=found.text("subject"),
        sent=found.day_or_none("last_sent_at"),  # a bill posts whenever it was sent
    )


def _trust_request(found: Reading, state: BillState, currency: str) -> Bill:
    asked = next(
        (
            value
            for name in ("due", "total", "sub_total")
            if (value := found.money(name, currency)) is not None
        ),
        0,
    )
    gone = state in {BillState.VOID, BillState.DELETED}
    return _headed(found, state if gone else BillState.NOT_YET, currency, amount=asked, trust_request=True)


def _figures(
    found: Reading, currency: str, *, charges: Sequence[Reading], with_bill: Sequence[Reading]
) -> BillFigures:
    due, total, balance = (found.money(name, currency) for name in ("due", "total", "balance"))
    settled = [found.money(name, currency) or 0 for name in ("paid", "credits_issued")]
    moved = None if balance is None else balance + sum(settled)
    every = sum(charge.amount("total", currency) for charge in charges)
    at_issue = sum(charge.amount("total", currency) for charge in with_bill)
    stated = found.money("total", currency, inside="interest")
    interests = (
        [every, every - at_issue, at_issue, 0] if stated is None else [every, stated, every - at_issue, 0]
    )
    primary, second = found.money("tax_sum", currency), found.money("secondary_tax_sum", currency)
    taxes = [
        None if primary is None else primary + (second or 0),
        found.money("total_tax", currency),
        primary,
    ]
    return BillFigures(
        currency=currency,
        sub_total=found.money("sub_total", currency),
        owed=tuple(dict.fromkeys(value for value in (due, moved, total) if value is not None)),
        gross=total,
        taxes=tuple(dict.fromkeys(tax for tax in taxes if tax is not None)) or (0,),
        interests=tuple(dict.fromkeys(interests)),
        discount=_discount(found, currency),
        portion=found.number("split_portion", inside="split_invoice"),
    )


def _discount(found: Reading, currency: str) -> Discount | None:
    rate = found.number("rate", inside="discount")
    if not rate:
        return None
    kind = found.text("type", inside="discount")
    if kind:
        found.word("type", ("percentage", "money"), inside="discount")
    try:
        amount = None if kind == "percentage" else money.minor(rate, currency)
    except money.NotMoneyError:
        amount = None
    return Discount(kind=kind, rate=rate, amount=amount, services_only=found.flag("discount_services_only"))


def _lines(items: Sequence[bill_lines.Item], agreed: Sum, figures: BillFigures) -> tuple[BillLine, ...]:
    """Return the lines as billed; a tax per line only where the lines' taxes are the bill's."""
    chosen = [item for item in items if item.figures.id in agreed.amounts]
    scaled = figures.portion is not None and sum(item.figures.tax for item in chosen) != agreed.tax
    per_line = not scaled and sum(item.figures.tax for item in chosen) == agreed.tax
    return tuple(
        bill_lines.line(
            item,
            items,
            amount=agreed.amounts[item.figures.id],
            tax=item.figures.tax if per_line else 0,
        )
        for item in chosen
        if not (item.figures.no_charge and agreed.amounts[item.figures.id] == 0)
    )


def _interest_line(charge: Reading, currency: str) -> BillLine:
    return BillLine(
        id=charge.id,
        kind=LineKind.INTEREST,
        amount=charge.amount("total", currency),
        day=charge.day("date"),
        label=charge.text("description"),
    )


def _does_not_add_up(
    found: Reading, items: Sequence[bill_lines.Item], figures: BillFigures, currency: str
) -> Problem:
    detail = [item.figures for item in items if not item.figures.summary and not item.figures.no_charge]
    lines = sum(_first(line) for line in detail)
    owed = figures.owed[0] if figures.owed else 0
    tax = figures.taxes[0]
    gap = lines + tax - owed
    say = {
        name: money.spoken(value, currency)
        for name, value in (("l", lines), ("t", tax), ("o", owed), ("g", gap))
    }
    words = (
        f"{found.name} does not add up in Clio: its lines come to {say['l']} and its tax to {say['t']}, but "
        f"{say['o']} is owed; no discount or interest explains {say['g']}. "
        f"Open it in Clio and save it again."
    )
    return found.problem(
        "bill_does_not_add_up",
        words,
        lines=money.text(lines, currency),
        tax=money.text(tax, currency),
        owed=money.text(owed, currency),
    )


def _first(line: LineFigures) -> int:
    return line.total if line.total is not None else line.sub_total or 0


def _day(row: Row) -> date | None:
    try:
        return Reading(row, "interest charge", "interest_charges").day("date")
    except UnreadableError:
        return None
