"""Bills, interest and openings as invoices."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from syncapp.emulators.clio.funds import Allocation, InterestCharge
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import PAYABLE, Bill, LineItem
from syncapp.emulators.clio.sums import SERVICE, line_total, lines_of_bill, live, sums
from tests.oracle.firm import Firm, facts_of, matter_facts
from tests.oracle.model import RECEIVABLE, Document, Held, Row, half_up, minor

COSTS = "-COSTS"  # what the number of an invoice of costs ends with


def issued(bill: Bill) -> bool:
    """Whether a bill stands: approved, not void, and no trust request."""
    return bill.bill_kind != "trust_kind" and bill.state in PAYABLE


def is_opening(firm: Firm, bill: Bill) -> bool:
    """Whether a bill is from before the start date."""
    return bill.issued_at is not None and bill.issued_at < firm.start("bills")


def invoices(world: World, firm: Firm, bill: Bill) -> list[Document]:
    """The invoices of a bill and its interest. Raises Held."""
    if bill.issued_at is None:
        raise Held("a bill without a date")
    _number_is_its_own(world, bill)
    made = [_opening(world, firm, bill)] if is_opening(firm, bill) else _bill(world, firm, bill)
    return [*(one for one in made if one), *_interest(world, firm, bill)]


def _number_is_its_own(world: World, bill: Bill) -> None:
    same = [b for b in world.all(Bill) if issued(b) and b.number == bill.number]
    if len(same) > 1:
        raise Held(f"number {bill.number} is used twice")


def own_charges(world: World, bill: Bill) -> list[InterestCharge]:
    """Charges that are lines of the bill: dated its day of issue."""
    return [c for c in world.some(InterestCharge, bill.charge_ids) if c.date == bill.issued_at]


def later_charges(world: World, firm: Firm, bill: Bill) -> list[InterestCharge]:
    """Charges that are invoices of their own, the oldest first."""
    charges = [c for c in world.some(InterestCharge, bill.charge_ids) if c.date != bill.issued_at]
    if is_opening(firm, bill):
        charges = [c for c in charges if c.date >= firm.start("bills")]
    return sorted(charges, key=lambda c: (c.date, c.id))


def _bill(world: World, firm: Firm, bill: Bill) -> list[Document]:
    parts = [[m] for m in bill.matter_ids] if firm.each and len(bill.matter_ids) > 1 else [bill.matter_ids]
    made = []
    for matters in parts:
        suffix = f"-{parts.index(matters) + 1}" if len(parts) > 1 else ""
        customer = firm.billed(world, bill.client_id, matters)
        kinds = ["fees", "costs"] if firm.apart else [""]
        rows = [_rows(world, firm, bill, matters if len(parts) > 1 else None, of, customer) for of in kinds]
        if matters is parts[0]:
            _of_the_whole(world, firm, bill, matters, rows[0], customer)
        if firm.apart and not all(_is_owed(one) for one in rows):
            both = _rows(world, firm, bill, matters if len(parts) > 1 else None, "", customer)
            if matters is parts[0]:
                _of_the_whole(world, firm, bill, matters, both, customer)
            kinds, rows = [""], [both]
        for of, one in zip(kinds, rows, strict=True):
            named = suffix + (COSTS if of == "costs" else "")
            made.append(_invoice(firm, bill, "invoice", ("bills", bill.id), customer, one, suffix=named))
    return made


def _is_owed(rows: Counter[Row]) -> bool:
    return sum(rows.values()) < 0


def _rows(
    world: World, firm: Firm, bill: Bill, matters: list[int] | None, of: str, customer: str
) -> Counter[Row]:
    """What an invoice of some matters bears: the fees of the bill, its costs, or both."""
    rows: Counter[Row] = Counter()
    off = _discounts(world, bill)
    for line, money in lines_of_bill(world, bill):
        if matters is not None and line.matter_id not in matters:
            continue
        if of and (line.kind_of == SERVICE) != (of == "fees"):
            continue
        firm.place(facts_of(world, line))  # a line of nothing is a line too: it must have its place
        _add(rows, firm, facts_of(world, line), -minor(line_total(world, line)), customer)
        if not of:
            _add(rows, firm, {"line": "discount"}, off.get(line.id, 0), customer)
        if matters is not None or of:
            _add(rows, firm, {"line": "tax"}, -minor(money.tax + money.secondary_tax), customer)
    if of:
        _add(rows, firm, {"line": "discount"}, _discount_of(world, bill, matters, of), customer)
    if matters is None and not of:
        found = sums(world, bill)
        _add(rows, firm, {"line": "tax"}, -minor(found.tax + found.secondary_tax), customer)
    return rows


def _discount_of(world: World, bill: Bill, matters: list[int] | None, of: str) -> int:
    """The part of a discount that falls on the fees, or on the costs, of some matters."""
    off, bases, whole = _discounts(world, bill), {"fees": Decimal(0), "costs": Decimal(0)}, 0
    for line, _ in lines_of_bill(world, bill):
        if matters is None or line.matter_id in matters:
            kind = "fees" if line.kind_of == SERVICE else "costs"
            bases[kind] += line_total(world, line) if kind == "fees" or not bill.discount_services_only else 0
            whole += off.get(line.id, 0)
    return shares(whole, bases).get(of, 0) if whole else 0


def _of_the_whole(
    world: World, firm: Firm, bill: Bill, matters: list[int], rows: Counter[Row], customer: str
) -> None:
    """Add what only the first invoice bears: what was rounded, and interest charged with the bill."""
    if bill.off:
        item = firm.item(firm.option("rounding.item") or "")
        rows[Row(account=item.account, cents=0, customer=customer, item=item.item)] -= minor(bill.off)
    for charge in own_charges(world, bill):
        facts = {**matter_facts(world, matters[0]), "line": "interest"}
        _add(rows, firm, facts, -minor(charge.total), customer)


def _discounts(world: World, bill: Bill) -> dict[int, int]:
    """The bill's discount in cents on its lines, so that their sum is exact."""
    shown = lines_of_bill(world, bill)
    left, parts = minor(sums(world, bill).discount), {}
    shares = {line.id: minor(line_total(world, line)) - int(money.net * 100) for line, money in shown}
    for line_id, share in shares.items():
        parts[line_id] = share
        left -= share
    if left and parts:
        parts[max(parts, key=lambda i: parts[i])] += left
    return parts


def _add(rows: Counter[Row], firm: Firm, facts: dict[str, str], cents: int, customer: str) -> None:
    if cents:
        place = firm.place(facts)
        rows[Row(account=place.account, cents=0, customer=customer, item=place.item, klass=place.klass)] += (
            cents
        )


def _invoice(
    firm: Firm, bill: Bill, kind: str, source: tuple[str, int], customer: str, rows: Counter[Row],
    *, suffix: str = "", day: date | None = None, due: date | None = None,
) -> Document:  # fmt: skip
    whole = {r.klass for r in rows if r.klass}
    one = whole.pop() if len(whole) == 1 else ""  # several classes cannot stand on one transaction
    lines = [
        Row(account=r.account, cents=v, customer=r.customer, item=r.item,
            klass=one if firm.facts.class_of_transaction else r.klass)
        for r, v in rows.items()
    ]  # fmt: skip
    owed = -sum(rows.values())
    issued_at = day or bill.issued_at
    if issued_at is None:
        raise Held("a bill without a date")
    return Document(
        kind=kind, source=source, day=issued_at, due=due or bill.due_at, customer=customer,
        number=firm.number(f"{bill.number}{suffix}"),
        rows=(Row(account=RECEIVABLE, cents=owed, customer=customer), *lines),
    )  # fmt: skip


def open_on_start(world: World, firm: Firm, bill: Bill) -> int:
    """What was open on a bill on the start date, in cents."""
    found = sums(world, bill)
    late = sum((c.total for c in later_charges(world, firm, bill)), Decimal(0))
    paid = sum((a.amount for a in live(world, bill) if not counts(firm, a)), Decimal(0))
    return minor(found.due - late - paid)


def counts(firm: Firm, part: Allocation) -> bool:
    """Whether an allocation is from the start date or later."""
    return part.date >= firm.start("payments" if part.parent_type == "Payment" else "credits")


def _opening(world: World, firm: Firm, bill: Bill) -> Document | None:
    owed = open_on_start(world, firm, bill)
    if owed <= 0:
        return None
    name = firm.option("openings.item")
    if not name:
        raise Held("no item for openings")
    place, customer = firm.item(name), firm.billed(world, bill.client_id, bill.matter_ids)
    row = Row(account=place.account, cents=0, customer=customer, item=place.item)
    return _invoice(firm, bill, "opening", ("bills", bill.id), customer, Counter({row: -owed}))


def _interest(world: World, firm: Firm, bill: Bill) -> list[Document]:
    made = []
    customer = firm.billed(world, bill.client_id, bill.matter_ids)
    if firm.each and len(bill.matter_ids) > 1:
        customer = f"contacts/{bill.client_id}"
    for order, charge in enumerate(later_charges(world, firm, bill), start=1):
        rows: Counter[Row] = Counter()
        matter = bill.matter_ids[0] if len(bill.matter_ids) == 1 else None
        facts = {**matter_facts(world, matter), "line": "interest"}
        _add(rows, firm, facts, -minor(charge.total), customer)
        made.append(
            _invoice(
                firm, bill, "interest", ("interest_charges", charge.id), customer, rows,
                suffix=f"-I{order}", day=charge.date, due=charge.date,
            )
        )  # fmt: skip
    return made


def weights(world: World, bill: Bill, of: str = "") -> dict[str, Decimal]:
    """What a bill's lines come to after discount: fees (with soft costs and interest), costs, tax.

    `of` leaves only what the invoice of its fees, or of its costs, bears.
    """
    found = {"fees": Decimal(0), "costs": Decimal(0), "tax": Decimal(0)}
    lines = [line for line, _ in lines_of_bill(world, bill)]
    taken = [line for line in lines if not bill.discount_services_only or line.kind_of == SERVICE]
    bases = {line.id: line_total(world, line) for line in taken}
    off = shares(minor(sums(world, bill).discount), bases) if any(bases.values()) else {}
    mine = [(line, sums_) for line, sums_ in lines_of_bill(world, bill) if _bears(line, of)]
    for line, _ in mine:
        net = line_total(world, line) - Decimal(off.get(line.id, 0)) / 100
        found["costs" if is_hard(world, line) else "fees"] += net
    for charge in own_charges(world, bill) if of != "costs" else ():
        found["fees"] += charge.total
    total = sums(world, bill)
    found["tax"] = total.tax + total.secondary_tax
    if of:
        found["tax"] = sum((money.tax + money.secondary_tax for _, money in mine), Decimal(0))
    return found


def _bears(line: LineItem, of: str) -> bool:
    return not of or (line.kind_of == SERVICE) == (of == "fees")


def is_hard(world: World, line: LineItem) -> bool:
    """Whether a line is a hard cost."""
    return facts_of(world, line).get("cost") == "hard"


def shares[K](amount: int, given: dict[K, Decimal]) -> dict[K, int]:
    """Cents in proportion, each part rounded half up, what is left over to the largest."""
    whole = sum(given.values())
    parts = {name: half_up(amount * weight / whole) for name, weight in given.items() if weight}
    largest = max(parts, key=lambda name: given[name])
    parts[largest] += amount - sum(parts.values())
    return parts
