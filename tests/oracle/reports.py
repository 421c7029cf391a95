"""Reports over expected documents: trial balance, receivables with their age, and every row by its names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from tests.oracle.model import RECEIVABLE, Document, Row, numbered

type Sums = dict[tuple[str, ...], int]
INVOICES = ("invoice", "interest", "opening")


def trial_balance(documents: Iterable[Document], *, until: date) -> Sums:
    """Cents by account on a day."""
    return _sums(((row.account,), row.cents) for d in documents if d.day <= until for row in d.rows)


def by_customer(documents: Iterable[Document], *, until: date) -> Sums:
    """Cents by account and customer; money in banks has no customer."""
    rows = (row for d in documents if d.day <= until for row in d.rows)
    return _sums(((row.account, row.customer), row.cents) for row in rows if row.customer)


def by_class(documents: Iterable[Document], *, until: date) -> Sums:
    """Cents by account and class."""
    rows = (row for d in documents if d.day <= until for row in d.rows)
    return _sums(((row.account, row.klass), row.cents) for row in rows if row.klass)


def _sums(pairs: Iterable[tuple[tuple[str, ...], int]]) -> Sums:
    found: Counter[tuple[str, ...]] = Counter()
    for key, cents in pairs:
        found[key] += cents
    return {key: cents for key, cents in found.items() if cents}


def bucket(due: date, on: date) -> str:
    """How old an open amount is on a day."""
    late = (on - due).days
    if late <= 0:
        return "current"
    return "1-30" if late <= 30 else "31-60" if late <= 60 else "61-90" if late <= 90 else "91+"


def ageing(documents: Iterable[Document], *, until: date) -> Sums:
    """Open cents by customer and age; money that is applied to nothing counts as current.

    A refund of it is open since its own day: the two stand beside each other until somebody applies one.
    """
    known = [d for d in documents if d.day <= until]
    open_ = {d.key: d.total for d in known if d.kind in INVOICES}
    open_ |= {d.key: row.cents for d in known if d.kind == "refund" for row in _receivable(d)}
    whole: Counter[str] = Counter()
    for d in known:
        for row in _receivable(d):
            whole[row.customer] += row.cents
        for key, cents in d.pays:
            if key in open_:
                open_[key] -= cents
    found: Counter[tuple[str, ...]] = Counter()
    for d in known:
        if d.key in open_:
            found[d.customer, bucket(d.due or d.day, until)] += open_[d.key]
            whole[d.customer] -= open_[d.key]
    for customer, cents in whole.items():
        found[customer, "current"] += cents
    return {key: cents for key, cents in found.items() if cents}


def _receivable(document: Document) -> list[Row]:
    return [row for row in document.rows if row.account == RECEIVABLE]


def rows(documents: Iterable[Document]) -> Sums:
    """Every line of every entry: day, number, account, customer, item, class."""
    return _sums(
        ((d.day.isoformat(), numbered(d.number), row.account, row.customer, row.item, row.klass), row.cents)
        for d in documents
        for row in d.rows
    )


def heads(documents: Iterable[Document]) -> Counter[tuple[str, ...]]:
    """Every invoice: number, day, due day, customer, total."""
    return Counter(
        (numbered(d.number), d.day.isoformat(), (d.due or d.day).isoformat(), d.customer, str(d.total))
        for d in documents
        if d.kind in INVOICES
    )
