"""What somebody typed into the books that bears on our invoices, or that counts income a second time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.text import capfirst

from syncapp.core.explaining import MANY, smallest
from syncapp.core.money import spoken
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context
from syncapp.pipeline.drifting import drift, hands, reversals
from syncapp.pipeline.drifting.book_documents import document_of, entity
from syncapp.pipeline.drifting.drift import Place
from syncapp.records.models import BookRow

INCOME = frozenset({"Income", "Other Income"})
BEFORE, AFTER = timedelta(days=45), timedelta(days=3)  # how long a payment waits to be deposited


def invoices_of(row: BookRow) -> set[str]:
    """Return the ids of the invoices that a payment of the books is applied to."""
    found = (str(target).partition(":") for target, amount in row.data.get("links") or [] if amount)
    return {key for kind, _, key in found if kind == "Invoice"}


def against(
    context: Context, rows: dict[Place, BookRow], short: set[str]
) -> Iterator[tuple[Place, set[str]]]:
    """Give what is not ours and is applied to those of our invoices that do not tie.

    A payment, or the credit memo that a payment of 0.00 applies.
    """
    reversed_ = reversals.standing(context, rows).rows
    for place, row in rows.items():
        if place[0] != "payment" or place in context.subject_of or row.deleted or row.voided:
            continue
        mine = invoices_of(row) & short
        if not mine or place in reversed_:
            continue
        if row.total:
            yield place, mine
            continue
        links = (str(target).partition(":") for target, _ in row.data.get("links") or [])
        memos = [("credit_memo", key) for kind, _, key in links if kind == "CreditMemo"]
        yield from ((memo, mine) for memo in memos if _is_strange(context, memo, rows, reversed_))


def _is_strange(context: Context, place: Place, rows: dict[Place, BookRow], reversed_: set[Place]) -> bool:
    return place in rows and place not in context.subject_of and place not in reversed_


def payment(context: Context, row: BookRow, invoices: set[str]) -> Problem:
    """Ask to record in Clio a payment that somebody typed against an invoice of ours."""
    drafts = [context.content(context.subject_of.get(("invoice", key), "")) for key in sorted(invoices)]
    numbers = [str(getattr(draft, "number", "")) for draft in drafts]
    amount = spoken(row.total, context.book.company.currency)
    dated = f", dated {row.day:%-d %b %Y}" if row.day else ""
    return Problem(
        code=hands.PAID_THERE,
        fix=Fix.CLIO,
        cause=f"{row.kind}:{row.remote_id}",
        title=f"A payment of {amount} on invoice {', '.join(numbers)} was typed into QuickBooks.",
        words=f"QuickBooks has a payment of {amount}{dated}, on invoice {', '.join(numbers)}. Clio has "
        "it not. Record it there with this date and amount: it is then matched, not posted a second time.",
        facts=_facts(context, row),
    )


def entry(context: Context, row: BookRow) -> Problem:
    """Say that something stands on receivables that no bill asks for."""
    noun = row.kind.replace("_", " ")
    amount = spoken(row.total, context.book.company.currency)
    dated = f", dated {row.day:%-d %b %Y}" if row.day else ""
    name = f"{noun} {row.number or row.remote_id}"
    return Problem(
        code=hands.TYPED,
        fix=Fix.LOOK,
        cause=f"{row.kind}:{row.remote_id}",
        title=f"{capfirst(name)} of {amount} stands on receivables, and Clio knows nothing of it.",
        words=f"Somebody typed {name} of {amount}{dated} into QuickBooks. No bill of Clio asks for it.",
        facts=_facts(context, row),
    )


def _facts(context: Context, row: BookRow) -> dict[str, str]:
    walled = any(line["account"] in context.walled for line in row.data.get("lines") or [])
    return {
        "place": f"{row.kind}:{row.remote_id}",
        "books_id": f"{entity(row.kind)}:{row.remote_id}",
        "print": drift.shape_of(row),
        "is": json.dumps(drift.lines_of(context, row)),
        "reversal": json.dumps([] if walled else drift.lines_of(context, row, sign=-1)),
        "is_day": row.day.isoformat() if row.day else "",
        "changed_at": row.changed_at.isoformat() if row.changed_at else "",
        "trust": "yes" if walled else "",
    }


def twice(context: Context, rows: dict[Place, BookRow], now: datetime) -> list[queue.Verdict]:
    """Find deposits booked to income that are payments which wait in Undeposited Funds: income twice."""
    found = []
    for place, row in rows.items():
        if place[0] != "deposit" or place in context.subject_of or row.deleted or row.day is None:
            continue
        amount = _income(context, row)
        if amount <= 0 or drift.answered(context, place, row) == drift.ACCEPT:
            continue
        chosen = _waiting(context, rows, row, amount)
        if chosen:
            found.append(_twice(context, row, amount, chosen, now))
    return found


def _income(context: Context, row: BookRow) -> int:
    """Return what of a deposit was booked straight to income, in minor units."""
    accounts = context.book.chart.accounts
    lines = row.data.get("lines") or []
    on_income = (line for line in lines if (a := accounts.get(line["account"])) and a.type in INCOME)
    return -sum(int(line["amount"]) for line in on_income)


def _waiting(context: Context, rows: dict[Place, BookRow], deposit: BookRow, amount: int) -> list[BookRow]:
    """Return the fewest payments in Undeposited Funds that come to an amount, the nearest by day."""
    day = deposit.day
    if day is None:
        return []
    near = [
        row
        for place, row in rows.items()
        if place[0] == "payment"
        and row.total > 0
        and not row.deleted
        and not row.voided
        and row.data.get("account") == context.book.undeposited
        and row.remote_id not in context.deposited
        and row.day is not None
        and day - BEFORE <= row.day <= day + AFTER
    ]
    near.sort(key=lambda row: (abs(((row.day or day) - day).days), row.remote_id))
    ways = smallest([row.total for row in near[:MANY]], amount)
    return [near[at] for at in ways[0]] if ways else []


def _twice(
    context: Context, row: BookRow, amount: int, payments: list[BookRow], now: datetime
) -> queue.Verdict:
    total = spoken(amount, context.book.company.currency)
    count = "a payment" if len(payments) == 1 else f"{len(payments)} payments"
    problem = Problem(
        code=hands.TWICE,
        fix=Fix.BOOKS,
        cause=f"deposit:{row.remote_id}",
        title=f"A deposit of {total} went straight to income, and {count} of {total} wait for a deposit.",
        words=f"The bank feed booked the deposit of {row.day:%-d %b %Y} to income. The same money is income "
        "by its invoices already, and its payments lie in Undeposited Funds. Open the deposit in QuickBooks, "
        "take the income line out, and tick these payments instead.",
        facts=_facts(context, row) | {"payments": ", ".join(p.remote_id for p in payments), "reversal": "[]"},
    )
    document = document_of(row, amount=amount, now=now)
    return queue.Verdict(document=document, alarms=(problem,))
