"""A bill becomes an invoice: every line placed by a rule, every cent of the bill accounted for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from syncapp.core.documents import Bill, BillLine, BillState, Interest, LineKind
from syncapp.core.ledger import DiscountLine, InvoiceDraft, SaleLine
from syncapp.core.money import spoken, split
from syncapp.core.planning.facts import Book, LineFacts, Target
from syncapp.core.planning.wanted import Answer, Wanted, client_subject, closed, matter_subject
from syncapp.core.problems import Fix, Problem

NUMBER_LIMIT = 21  # qbo/API.md section 8.6
LINE_LIMIT = 750  # on taxable transactions; 10,000 otherwise (qbo/API.md section 11, row 9)


def bill_subject(bill: Bill, matter_id: int | None = None) -> str:
    """Return the natural key of a bill's invoice, or of its invoice for one matter."""
    return f"bills/{bill.id}" if matter_id is None else f"bills/{bill.id}/m{matter_id}"


def plan_bill(bill: Bill, book: Book, *, open_at_start: int | None = None) -> Answer | Problem:
    """Decide how a bill stands in the books, or say why it cannot yet.

    `open_at_start` is what was open on the start date of a bill issued before it, in minor units.
    """
    if bill.trust_request:
        return Answer(skipped="a request for trust money is not an invoice")
    if bill.state is not BillState.ISSUED:
        return Answer(skipped=f"the bill is {bill.state.value}", renumber=bill.state is BillState.NOT_YET)
    for problem in _objections(bill, book):
        return problem
    if bill.issued is not None and bill.issued < book.options.start_bills:
        return _opening(bill, book, open_at_start or 0)
    if problem := closed(bill.issued, book.company.closed_through, f"Bill {bill.number}"):
        return problem
    parts = _by_matter(bill) if _one_for_each(bill, book) else [(None, bill)]
    wanted = []
    for position, (matter_id, part) in enumerate(parts, start=1):
        suffix = f"-{position}" if matter_id is not None else ""
        draft = _invoice(
            part, book, matter_id=matter_id, number=book.options.number_prefix + bill.number + suffix
        )
        if isinstance(draft, Problem):
            return draft
        wanted.append(Wanted(subject=bill_subject(bill, matter_id), draft=draft))
    return Answer(wanted=tuple(wanted))


def bill_customer(bill: Bill, book: Book) -> str:
    """Return the subject of the customer that a bill is for: its payer, its only matter, else its client."""
    if bill.payer_id is not None and bill.payer_id != _client_of_matter(bill, book):
        return client_subject(bill.payer_id)
    if book.options.matters_as == "sub-customers" and len(bill.matter_ids) == 1:
        return matter_subject(bill.matter_ids[0])
    assert bill.client_id is not None
    return client_subject(bill.client_id)


def plan_interest(charge: Interest, bill: Bill | None, book: Book) -> Answer | Problem:
    """Decide how an interest charge stands in the books: an invoice of its own, dated and due its day."""
    if charge.gone:
        return Answer(skipped="the interest charge was deleted")
    if bill is None or bill.client_id is None:
        return Problem(
            code="interest_without_bill",
            fix=Fix.CLIO,
            cause=f"interest_charges/{charge.id}",
            words="This interest charge names no bill. Check it in Clio.",
        )
    if bill.state is not BillState.ISSUED:
        return Answer(skipped=f"its bill is {bill.state.value}")
    if charge.day < book.options.start_bills:
        return Answer(skipped="charged before the start date")
    if problem := closed(charge.day, book.company.closed_through, f"Interest on bill {bill.number}"):
        return problem
    number = f"{book.options.number_prefix}{bill.number}-I{charge.order}"
    if len(number) > NUMBER_LIMIT:
        return _number_too_long(number, bill)
    matter = book.matters.get(bill.matter_ids[0]) if len(bill.matter_ids) == 1 else None
    target = book.place(facts_of(bill, book, LineKind.INTEREST, matter.id if matter else None))
    if isinstance(target, Problem):
        return target
    line = SaleLine(
        item=target.item,
        account=target.account,
        amount=charge.amount,
        class_id=target.class_id,
        rule=target.rule,
        description=f"Interest on bill {bill.number}",
        day=charge.day,
        role="interest",
    )
    draft = InvoiceDraft(
        customer=bill_customer(bill, book),
        number=number,
        day=charge.day,
        due=charge.day,
        lines=(line,),
        receivable=book.receivable,
        location=target.location,
        currency=charge.currency,
        memo=f"Clio interest charge {charge.id} on bill {bill.number}",
    )
    return Answer(wanted=(Wanted(subject=f"interest_charges/{charge.id}", draft=_with_class(draft, book)),))


def _objections(bill: Bill, book: Book) -> list[Problem]:
    number = book.options.number_prefix + bill.number
    found: list[Problem] = []
    if bill.client_id is None:
        found.append(
            Problem(
                code="bill_without_client",
                fix=Fix.CLIO,
                cause=f"bills/{bill.id}",
                words=f"Bill {bill.number} names no client. Give it one in Clio.",
            )
        )
    if not bill.number or bill.issued is None:
        missing = "number" if not bill.number else "issue date"
        found.append(
            Problem(
                code="bill_incomplete",
                fix=Fix.CLIO,
                cause=f"bills/{bill.id}",
                words=f"Bill {bill.number or bill.id} has no {missing}. Complete it in Clio.",
            )
        )
    if len(number) > NUMBER_LIMIT:
        found.append(_number_too_long(number, bill))
    if bill.currency != book.company.currency:
        found.append(
            Problem(
                code="currency",
                fix=Fix.CLIO,
                cause=bill.currency,
                words=f"Bill {bill.number} is in {bill.currency}; the books are in "
                f"{book.company.currency}. Tieout does not convert currencies.",
            )
        )
    if bill.amount < 0:
        found.append(
            Problem(
                code="negative_total",
                fix=Fix.CLIO,
                cause=f"bills/{bill.id}",
                words=f"Bill {bill.number} has a total of {spoken(bill.amount, bill.currency)}. "
                "QuickBooks takes no invoice below zero: issue a credit note in Clio instead.",
            )
        )
    return found


def _number_too_long(number: str, bill: Bill) -> Problem:
    return Problem(
        code="number_too_long",
        fix=Fix.CLIO,
        cause=f"bills/{bill.id}",
        words=f"“{number}” is longer than the {NUMBER_LIMIT} characters that QuickBooks takes. "
        "Shorten the number in Clio or the prefix in the mapping.",
    )


def _opening(bill: Bill, book: Book, open_at_start: int) -> Answer | Problem:
    """Stand for what was open on the start date: linked if the books have it, else one line on the openings item."""
    if open_at_start <= 0:
        return Answer(skipped="settled before the start date")
    item = book.options.opening_item
    assert bill.issued is not None
    draft = InvoiceDraft(
        customer=bill_customer(bill, book),
        number=book.options.number_prefix + bill.number,
        day=bill.issued,
        due=bill.due,
        receivable=book.receivable,
        currency=bill.currency,
        lines=(
            SaleLine(
                item=item.id if item else "",
                account=item.account if item else "",
                amount=open_at_start,
                description=f"Open on {book.options.start_bills:%d %b %Y} from bill {bill.number}",
                role="opening",
            ),
        ),
        memo=f"Clio bill {bill.number} (id {bill.id}), balance open on the start date",
    )
    subject = bill_subject(bill)
    return Answer(wanted=(Wanted(subject=subject, draft=draft),), openings=frozenset({subject}))


def _one_for_each(bill: Bill, book: Book) -> bool:
    matters = {line.matter_id for line in bill.lines if line.matter_id is not None}
    return book.options.several_matters == "each" and len(matters) > 1


def _by_matter(bill: Bill) -> list[tuple[int | None, Bill]]:
    """Divide a bill of several matters, its discount and its tax, without losing a cent."""
    first = next(line.matter_id for line in bill.lines if line.matter_id is not None)
    groups: dict[int | None, list[BillLine]] = {}
    for line in bill.lines:
        groups.setdefault(line.matter_id if line.matter_id is not None else first, []).append(line)
    sums = [sum(line.amount for line in rows) for rows in groups.values()]
    taxes = [sum(line.tax for line in rows) for rows in groups.values()]
    discounts = split(bill.discount, sums) if bill.discount else [0] * len(sums)
    if sum(taxes) != bill.tax:
        taxes = split(bill.tax, sums)
    return [
        (
            matter_id,
            replace(
                bill,
                lines=tuple(rows),
                discount=discount,
                tax=tax,
                matter_ids=(matter_id,),
                amount=total - discount + tax,
            ),
        )
        for (matter_id, rows), total, discount, tax in zip(
            groups.items(), sums, discounts, taxes, strict=True
        )
        if matter_id is not None
    ]


def _invoice(bill: Bill, book: Book, *, matter_id: int | None, number: str) -> InvoiceDraft | Problem:
    lines: list[SaleLine] = []
    places: list[Target] = []
    nothing = BillLine(id=0, kind=LineKind.TIME, amount=0, label="No charge")
    billed = [row for row in bill.lines if row.amount] or list(bill.lines[:1])
    for line in billed or ([nothing] if not bill.amount else []):
        target = book.place(_line_facts(line, bill, book))
        if isinstance(target, Problem):
            return target
        places.append(target)
        lines.append(_sale_line(line, target, bill, book))
        if line.tax and book.options.tax == "per_line" and _taxes_by_line(bill):
            tax = _tax_line(bill, book, line.tax, line)
            if isinstance(tax, Problem):
                return tax
            lines.append(tax)
    if bill.tax and not (book.options.tax == "per_line" and _taxes_by_line(bill)):
        tax = _tax_line(bill, book, bill.tax, None)
        if isinstance(tax, Problem):
            return tax
        lines.append(tax)
    discount = _discount(bill, book)
    if isinstance(discount, Problem):
        return discount
    if isinstance(discount, SaleLine):
        lines.append(discount)
    assert bill.issued is not None
    draft = InvoiceDraft(
        customer=bill_customer(bill, book),
        number=number,
        day=bill.issued,
        due=bill.due,
        receivable=book.receivable,
        currency=bill.currency,
        message=bill.subject[:1000],
        lines=tuple(lines),
        discount=discount if isinstance(discount, DiscountLine) else None,
        memo=f"Clio bill {bill.number} (id {bill.id})",
    )
    return _finish(draft, bill, book, places)


def _finish(draft: InvoiceDraft, bill: Bill, book: Book, places: list[Target]) -> InvoiceDraft | Problem:
    if not draft.lines:
        return Problem(
            code="bill_without_lines",
            fix=Fix.CLIO,
            cause=f"bills/{bill.id}",
            words=f"Bill {bill.number} has no lines. Check it in Clio.",
        )
    if draft.total != bill.amount:
        return Problem(
            code="bill_does_not_add_up",
            fix=Fix.CLIO,
            cause=f"bills/{bill.id}",
            words=f"The lines of bill {bill.number} add up to {spoken(draft.total, bill.currency)}, "
            f"but the bill says {spoken(bill.amount, bill.currency)}.",
        )
    locations = {place.location for place in places if place.location}
    if len(locations) > 1:
        return Problem(
            code="mixed_locations",
            fix=Fix.MAP,
            cause=f"bills/{bill.id}",
            words=f"The lines of bill {bill.number} fall under {len(locations)} locations; an invoice "
            "has one. Change the rules or bill the matters apart.",
        )
    if book.options.lines == "summary":
        draft = replace(draft, lines=_summary(draft.lines))
    if len(draft.lines) > LINE_LIMIT:
        return Problem(
            code="too_many_lines",
            fix=Fix.MAP,
            cause=f"bills/{bill.id}",
            words=f"Bill {bill.number} has {len(draft.lines)} lines; QuickBooks takes {LINE_LIMIT}. "
            "Post this set of books in summary, or divide the bill in Clio.",
        )
    draft = replace(draft, location=next(iter(locations), "") if book.company.locations else "")
    return _with_class(draft, book)


def _with_class(draft: InvoiceDraft, book: Book) -> InvoiceDraft:
    """Put classes where the company keeps them: on lines, on the whole transaction, or nowhere."""
    if book.company.classes_per_line:
        return draft
    classes = {line.class_id for line in draft.lines if line.class_id}
    bare = tuple(replace(line, class_id="") for line in draft.lines)
    whole = next(iter(classes)) if len(classes) == 1 and book.company.classes_per_transaction else ""
    discount = replace(draft.discount, class_id="") if draft.discount else None
    return replace(draft, lines=bare, class_id=whole, discount=discount)


def _summary(lines: tuple[SaleLine, ...]) -> tuple[SaleLine, ...]:
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


def _sale_line(line: BillLine, target: Target, bill: Bill, book: Book) -> SaleLine:
    words = [_day_words(line.day), line.timekeeper, line.label]
    if len(bill.matter_ids) > 1 or book.options.matters_as == "none":
        matter = book.matters.get(line.matter_id) if line.matter_id else None
        words.insert(0, matter.number if matter else "")
    if book.options.narrative:
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


def _discount(bill: Bill, book: Book) -> DiscountLine | SaleLine | Problem | None:
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


def _client_of_matter(bill: Bill, book: Book) -> int | None:
    matter = book.matters.get(bill.matter_ids[0]) if len(bill.matter_ids) == 1 else None
    return matter.client_id if matter else bill.client_id


def facts_of(bill: Bill, book: Book, kind: LineKind, matter_id: int | None) -> LineFacts:
    """Return what the rules may ask of a line of a bill."""
    matter_id = matter_id or (bill.matter_ids[0] if bill.matter_ids else None)
    matter = book.matters.get(matter_id) if matter_id else None
    client = book.clients.get(bill.client_id) if bill.client_id else None
    return LineFacts(
        line=kind,
        practice_area=matter.practice_area if matter else "",
        office=matter.office if matter else "",
        responsible=matter.responsible if matter else "",
        matter=matter.number if matter else "",
        client=client.name if client else "",
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
