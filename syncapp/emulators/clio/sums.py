"""The arithmetic of a bill, as Clio's API document words each figure (API.md section 5, "Bill money")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from syncapp.emulators.clio.funds import Allocation, BillingSetting, InterestCharge
from syncapp.emulators.clio.model import ZERO, World, cents
from syncapp.emulators.clio.nouns import Bill, LineItem, TrustLineItem

SERVICE = "Service"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSums:
    """One line's money: `net` is after its share of the bill's discount, the base of its tax."""

    net: Decimal
    tax: Decimal
    secondary_tax: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BillSums:
    """One bill's money, whole cents. `due` = sub_total + tax + interest less discount."""

    sub_total: Decimal
    services_sub_total: Decimal
    discount: Decimal
    taxable: Decimal
    secondary_taxable: Decimal
    services_taxable: Decimal
    services_secondary_taxable: Decimal
    tax: Decimal
    secondary_tax: Decimal
    services_tax: Decimal
    services_secondary_tax: Decimal
    interest: Decimal
    interest_balance: Decimal
    total: Decimal
    due: Decimal
    paid: Decimal
    credits_issued: Decimal
    balance: Decimal


def shown_lines(world: World, bill: Bill) -> list[LineItem]:
    """The lines that count: hidden members of a summary line do not, the summary does."""
    return [line for line in world.some(LineItem, bill.line_ids) if line.display]


def line_total(world: World, line: LineItem) -> Decimal:
    """Total of a line after its own discount; a summary line's is its members'."""
    if line.type != "SummaryLineItem":
        return line.total
    return sum((m.total for m in members(world, line)), ZERO)


def members(world: World, summary: LineItem) -> list[LineItem]:
    """The hidden lines that a summary line stands for: same bill, same `group_ordering`."""
    lines = world.some(LineItem, world.get(Bill, summary.bill_id).line_ids)
    return [m for m in lines if not m.display and m.group_ordering == summary.group_ordering]


def live(world: World, bill: Bill) -> list[Allocation]:
    """The allocations on a bill that are not voided."""
    return [a for a in world.some(Allocation, bill.allocation_ids) if a.voided_at is None]


def discount_of(world: World, bill: Bill) -> tuple[Decimal, Decimal]:
    """The bill's discount and the part of the sub-total it is taken from."""
    lines = shown_lines(world, bill)
    base = _sum(
        line_total(world, x) for x in lines if not bill.discount_services_only or x.kind_of == SERVICE
    )
    if bill.discount_type == "percentage":
        return cents(base * bill.discount_rate / 100), base
    if bill.discount_type == "money":
        return min(cents(bill.discount_rate), max(base, ZERO)), base
    return ZERO, base


def line_sums(world: World, line: LineItem) -> LineSums:
    """Net and taxes of a line; the bill's discount lowers the base of tax. Kept until the world changes."""
    key = ("line", line.id)
    if key not in world.cache:
        bill = world.get(Bill, line.bill_id)
        lines_of_bill(world, bill)
        world.cache.setdefault(key, LineSums(net=line.total, tax=ZERO, secondary_tax=ZERO))
    found: LineSums = world.cache[key]
    return found


def lines_of_bill(world: World, bill: Bill) -> list[tuple[LineItem, LineSums]]:
    """Every shown line with its money."""
    discount, base = discount_of(world, bill)
    compound = any(s.secondary_tax_rule == "Post" for s in world.all(BillingSetting))
    result = []
    for line in shown_lines(world, bill):
        net = line_total(world, line)
        if base and (not bill.discount_services_only or line.kind_of == SERVICE):
            net -= net * discount / base
        tax = net * bill.tax_rate / 100 if line.taxable else ZERO
        second = (net + tax if compound else net) * bill.secondary_tax_rate / 100
        taxes = LineSums(net=net, tax=tax, secondary_tax=second if line.secondary_taxable else ZERO)
        rounded = LineSums(net=net, tax=cents(tax), secondary_tax=cents(taxes.secondary_tax))
        world.cache["line", line.id] = rounded
        result.append((line, taxes if world.switches.tax_per_bill else rounded))
    return result


def sums(world: World, bill: Bill) -> BillSums:
    """All figures of a bill, kept until the world changes."""
    key = ("bill", bill.id)
    if key not in world.cache:
        trust = bill.bill_kind == "trust_kind"
        world.cache[key] = _trust_sums(world, bill) if trust else _sums(world, bill)
    found: BillSums = world.cache[key]
    return found


def _sums(world: World, bill: Bill) -> BillSums:
    lines = lines_of_bill(world, bill)
    service = [(line, s) for line, s in lines if line.kind_of == SERVICE]
    sub_total = _sum(line_total(world, x) for x, _ in lines)
    tax, second = cents(_sum(s.tax for _, s in lines)), cents(_sum(s.secondary_tax for _, s in lines))
    discount = discount_of(world, bill)[0]
    interest = _sum(c.total for c in world.some(InterestCharge, bill.charge_ids))
    gross = sub_total + tax + second + interest + bill.off
    return BillSums(
        sub_total=sub_total,
        services_sub_total=_sum(line_total(world, x) for x, _ in service),
        discount=discount,
        taxable=_sum(line_total(world, x) for x, _ in lines if x.taxable),
        secondary_taxable=_sum(line_total(world, x) for x, _ in lines if x.secondary_taxable),
        services_taxable=_sum(line_total(world, x) for x, _ in service if x.taxable),
        services_secondary_taxable=_sum(line_total(world, x) for x, _ in service if x.secondary_taxable),
        tax=tax,
        secondary_tax=second,
        services_tax=cents(_sum(s.tax for _, s in service)),
        services_secondary_tax=cents(_sum(s.secondary_tax for _, s in service)),
        interest=interest,
        **_paid(world, bill, interest=interest, gross=gross, discount=discount),
    )


def _paid(
    world: World, bill: Bill, *, interest: Decimal, gross: Decimal, discount: Decimal
) -> dict[str, Decimal]:
    allocations = live(world, bill)
    paid = _sum(a.amount for a in allocations if a.parent_type == "Payment")
    credits_issued = _sum(a.amount for a in allocations if a.parent_type == "CreditMemo")
    due = gross - discount
    gone = bill.state in ("void", "deleted") and not world.switches.void_keeps_balance
    return {
        "interest_balance": interest - _sum(a.amount for a in allocations if a.interest),
        "total": due if world.switches.total_net else gross,
        "due": due,
        "paid": paid,
        "credits_issued": credits_issued,
        "balance": ZERO if gone else due - paid - credits_issued,
    }


def _trust_sums(world: World, bill: Bill) -> BillSums:
    asked = _sum(t.total for t in world.some(TrustLineItem, bill.trust_line_ids))
    nothing = dict.fromkeys(BillSums.__dataclass_fields__, ZERO)
    money = _paid(world, bill, interest=ZERO, gross=asked, discount=ZERO)
    return BillSums(**{**nothing, "sub_total": asked, **money})


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
