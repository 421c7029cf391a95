"""Credit notes and write-offs: a credit memo in proportion to the bill's lines, applied by a zero payment."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from syncapp.core.cashbasis import COSTS
from syncapp.core.documents import Allocation, Bill, BillLine, Cost, Credit, LineKind
from syncapp.core.ledger import Application, SaleLine
from syncapp.core.money import split, spoken
from syncapp.core.planning.facts import Book, Target
from syncapp.core.planning.lines import facts_of
from syncapp.core.planning.retainers import credit_pair
from syncapp.core.planning.standing import Invoice, Standing, Stands, less, shares
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem

_WORDS = {"fees": "Fees", "costs": "Costs", "tax": "Tax", "early_payment": "Early-payment discount"}

type Shared = list[tuple[Invoice, int]]  # what of an allocation each invoice bears, in minor units


def plan_credit(credit: Credit, bills: dict[int, Bill], book: Book, stands: Stands) -> Answer | Problem:
    """Decide how a credit note or write-off stands in the books, or say why it cannot yet."""
    if not credit.allocations:
        return Answer(skipped="the credit was removed")
    if credit.day < book.options.start_credits:
        return Answer(skipped="credited before the start date")
    wanted: list[Wanted] = []
    before: defaultdict[int | None, Counter[str]] = defaultdict(Counter)  # by its own allocations, of a bill
    for allocation in credit.allocations:
        bill = bills.get(allocation.bill_id) if allocation.bill_id is not None else None
        standing = stands(allocation.bill_id) if allocation.bill_id is not None else Standing(absent="gone")
        if isinstance(standing, Problem):
            return standing.behind("Waits for its bill.")
        if bill is None or standing.absent:
            return Problem(
                code="credit_without_bill",
                fix=Fix.CLIO,
                cause=f"credit_memos/{credit.id}",
                words=f"This credit belongs to a bill that is {standing.absent or 'gone'}. "
                "Remove it in Clio, or restore the bill.",
            )
        open_ = less(standing, before[bill.id])
        shared = shares(allocation, open_, evenly=True)
        before[bill.id].update({one.subject: amount for one, amount in shared})
        pairs = _pairs(credit, allocation, bill, open_, shared, book)
        if isinstance(pairs, Problem):
            return pairs
        wanted += pairs
    return Answer(wanted=tuple(wanted))


def _pairs(
    credit: Credit, allocation: Allocation, bill: Bill, standing: Standing, shared: Shared, book: Book
) -> list[Wanted] | Problem:
    wanted: list[Wanted] = []
    for position, (invoice, amount) in enumerate(shared):
        lines = _lines(
            credit,
            amount,
            bill,
            invoice,
            book,
            opening=standing.before_start,
            interest=invoice in standing.interest,
        )
        if isinstance(lines, Problem):
            return lines
        suffix = f"/{position + 1}" if position else ""
        sales, location = lines
        wanted += credit_pair(
            subject=f"credit_memos/{credit.id}/a{allocation.id}{suffix}",
            number=f"C{allocation.id}{suffix}",
            customer=invoice.customer,
            lines=sales,
            day=credit.day,
            book=book,
            currency=credit.currency,
            location=location,
            memo=f"Clio credit {credit.id} on bill {bill.number}",
            application=Application(subject=invoice.subject, kind=invoice.kind, amount=amount),
        )
    if left := allocation.amount - sum(amount for _, amount in shared):
        return Problem(
            code="credit_over_balance",
            fix=Fix.CLIO,
            cause=f"credit_memos/{credit.id}",
            words=f"This credit is {spoken(left, credit.currency)} more than bill {bill.number} leaves open.",
        )
    return wanted


def weights(
    bill: Bill, matter_id: int | None = None, part: str = ""
) -> list[tuple[BillLine | None, str, int]]:
    """Return each line of a bill after its share of the discount, with what a credit on it writes off.

    `part` takes the fees or the costs alone. The last row is the bill's tax, without a line. `of` is `fees`
    (fees, soft costs, interest), `costs` (hard costs) or `tax`.
    """
    lines = [line for line in bill.lines if matter_id is None or line.matter_id in (matter_id, None)]
    if part:
        lines = [line for line in lines if (line.kind is LineKind.EXPENSE) == (part == COSTS)]
    bases = [
        line.amount if not bill.discount_services_only or line.kind is LineKind.TIME else 0
        for line in bill.lines
    ]
    discounts = split(bill.discount, bases) if bill.discount and sum(bases) else [0] * len(bill.lines)
    by_id = {line.id: share for line, share in zip(bill.lines, discounts, strict=True)}
    rows: list[tuple[BillLine | None, str, int]] = [
        (line, "costs" if line.cost is Cost.HARD else "fees", max(line.amount - by_id[line.id], 0))
        for line in lines
    ]
    tax = bill.tax if len(lines) == len(bill.lines) else sum(line.tax for line in lines)
    return [*rows, (None, "tax", max(tax, 0))]


def _lines(
    credit: Credit,
    amount: int,
    bill: Bill,
    invoice: Invoice,
    book: Book,
    *,
    opening: bool,
    interest: bool,
) -> tuple[tuple[SaleLine, ...], str] | Problem:
    """Share a credit over the targets of the bill's lines: each part half up, odd cents to the largest."""
    rows = _rows(credit, bill, invoice, whole=opening or interest)
    sums: dict[tuple[str, Target], int] = {}
    for line, of, weight in rows:
        facts = facts_of(bill, book, LineKind.WRITE_OFF, line.matter_id if line else invoice.matter_id)
        target = book.place(replace(facts, of=of))
        if isinstance(target, Problem):
            return target
        sums[of, target] = sums.get((of, target), 0) + weight
    parts = split(amount, list(sums.values()))
    on_lines = book.company.classes_per_line
    lines = tuple(
        SaleLine(
            item=target.item,
            account=target.account,
            amount=part,
            rule=target.rule,
            class_id=target.class_id if on_lines else "",
            role=f"write-off {of}",
            description=f"{_WORDS[of]}, bill {bill.number}",
        )
        for ((of, target), _), part in zip(sums.items(), parts, strict=True)
        if part
    )
    locations = {target.location for _, target in sums if target.location}
    return lines, next(iter(locations)) if len(locations) == 1 and book.company.locations else ""


def _rows(
    credit: Credit, bill: Bill, invoice: Invoice, *, whole: bool
) -> list[tuple[BillLine | None, str, int]]:
    """Return what a credit on an invoice writes off: parts of its lines, or the `whole` of it."""
    if credit.early_payment or whole:
        return [(None, "early_payment" if credit.early_payment else "fees", 1)]
    every = weights(bill, invoice.matter_id, invoice.part)
    return [row for row in every if row[2]] or [(None, "fees", 1)]
