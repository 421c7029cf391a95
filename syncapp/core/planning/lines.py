"""The lines of a sale: every line of a bill placed by a rule, with its tax and the discount."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from syncapp.core.documents import Bill, BillLine, LineKind
from syncapp.core.ledger import DiscountLine, SaleLine
from syncapp.core.planning.facts import Book, LineFacts, Target
from syncapp.core.problems import Problem


def facts_of(bill: Bill, book: Book, kind: LineKind, matter_id: int | None) -> LineFacts:
    """Return what the rules may ask of a line of a bill; of several matters it is none that is not named."""
    matter_id = matter_id or (bill.matter_ids[0] if len(bill.matter_ids) == 1 else None)
    matter = book.matters.get(matter_id) if matter_id else None
    client = book.clients.get(bill.client_id) if bill.client_id else None
    return LineFacts(
        line=kind,
        practice_area=matter.practice_area if matter else "",
        office=matter.office if matter else "",
        responsible=matter.responsible if matter else "",
        matter=book.known_matters.get(matter.id, matter.number) if matter else "",
        client=book.known_clients.get(client.id, client.name) if client else "",
    )


def sale_lines(bill: Bill, book: Book) -> tuple[list[SaleLine], list[Target]] | Problem:
    """Place what a bill charges and its tax, in its order; also say where each charge went."""
    nothing = BillLine(id=0, kind=LineKind.TIME, amount=0, label="No charge")
    billed = [row for row in bill.lines if row.amount] or list(bill.lines[:1])
    by_line = book.options.tax == "per_line" and _taxes_by_line(bill)
    lines: list[SaleLine] = []
    places: list[Target] = []
    for line in billed or ([nothing] if not bill.amount else []):
        target = book.place(_line_facts(line, bill, book))
        if isinstance(target, Problem):
            return target
        places.append(target)
        lines.append(_sale_line(line, target, bill, book))
        if line.tax and by_line:
            tax = _tax_line(bill, book, line.tax, line)
            if isinstance(tax, Problem):
                return tax
            lines.append(tax)
    if bill.tax and not by_line:
        tax = _tax_line(bill, book, bill.tax, None)
        if isinstance(tax, Problem):
            return tax
        lines.append(tax)
    return lines, places


def discount_of(bill: Bill, book: Book) -> DiscountLine | SaleLine | Problem | None:
    """Place a bill's discount: on the whole invoice, or as a line where its rule names an item."""
    if not bill.discount:
        return None
    target = book.place(facts_of(bill, book, LineKind.DISCOUNT, None))
    if isinstance(target, Problem):
        return target
    if target.item:
        return SaleLine(
            item=target.item,
            account=target.account,
            amount=-bill.discount,
            class_id=target.class_id,
            rule=target.rule,
            description="Discount",
            role="discount",
        )
    return DiscountLine(
        account=target.account, amount=bill.discount, class_id=target.class_id, rule=target.rule
    )


def summary(lines: tuple[SaleLine, ...]) -> tuple[SaleLine, ...]:
    """One line for each item and class; quantities are hours of different rates, so none is shown."""
    groups: dict[tuple[str, str, str], list[SaleLine]] = {}
    for line in lines:
        groups.setdefault((line.item, line.class_id, line.role), []).append(line)
    return tuple(
        rows[0]
        if len(rows) == 1
        else replace(
            rows[0],
            amount=sum(r.amount for r in rows),
            quantity=None,
            rate=None,
            day=max((r.day for r in rows if r.day), default=None),
            description=f"{rows[0].role.capitalize()}, {len(rows)} lines",
            sources=tuple(s for r in rows for s in r.sources),
        )
        for rows in groups.values()
    )


def _line_facts(line: BillLine, bill: Bill, book: Book) -> LineFacts:
    facts = facts_of(bill, book, line.kind, line.matter_id)
    return replace(
        facts,
        timekeeper=line.timekeeper,
        expense_category=line.expense_category,
        cost=line.cost,
        activity=line.label,
    )


def _sale_line(line: BillLine, target: Target, bill: Bill, book: Book) -> SaleLine:
    words = [_day_words(line.day), line.timekeeper, line.label]
    if len(bill.matter_ids) > 1 or book.options.matters_as == "none":
        matter = book.matters.get(line.matter_id) if line.matter_id else None
        words.insert(0, matter.number if matter else "")
    matters = [line.matter_id] if line.matter_id else []
    if book.options.narrative and not book.hides(client_id=bill.client_id, matter_ids=matters):
        words.append(line.narrative)
    return SaleLine(
        item=target.item,
        account=target.account,
        amount=line.amount,
        class_id=target.class_id,
        rule=target.rule,
        description=" · ".join(word for word in words if word)[:4000],
        day=line.day,
        quantity=line.quantity,
        rate=line.rate,
        sources=(line.id,) if line.id else (),
        role="fees" if line.kind is LineKind.TIME else "costs",
    )


def _day_words(day: date | None) -> str:
    return day.isoformat() if day else ""


def _taxes_by_line(bill: Bill) -> bool:
    return sum(line.tax for line in bill.lines) == bill.tax


def _tax_line(bill: Bill, book: Book, amount: int, line: BillLine | None) -> SaleLine | Problem:
    target = book.place(facts_of(bill, book, LineKind.TAX, line.matter_id if line else None))
    if isinstance(target, Problem):
        return target
    words = f"Tax on {line.label or 'line'}" if line else "Tax"
    return SaleLine(
        item=target.item,
        account=target.account,
        amount=amount,
        class_id=target.class_id,
        rule=target.rule,
        description=words,
        role="tax",
        sources=(line.id,) if line else (),
    )
