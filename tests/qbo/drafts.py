"""Drafts and operations for the tests of the QuickBooks adapter, made up by hand and by hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from syncapp.core import keys
from syncapp.core.books import Operation
from syncapp.core.ledger import (
    Application,
    CheckDraft,
    CreditMemoDraft,
    CustomerDraft,
    DepositDraft,
    DiscountLine,
    Draft,
    EntryLine,
    InvoiceDraft,
    JournalDraft,
    ObjectKind,
    PaymentDraft,
    SaleLine,
    Verb,
)

DAY = date(2026, 3, 2)
IDS = {"contacts/1": "58", "matters/2": "59", "bills/9": "130", "bills/10": "131", "allocations/4": "140"}
ITEM_ACCOUNT = {"1": "301", "2": "302", "3": "303"}
RECEIVABLE, BANK, UNDEPOSITED, DISCOUNTS = "84", "35", "4", "86"


def operation(draft: Draft, *, name: str = "a", verb: Verb = Verb.CREATE, **more: Any) -> Operation:
    """One write of a draft, named so that its ids and trace are stable."""
    key = keys.posting_key(books="b", subject=name, generation=1, verb=verb, print_=name)
    ids = more.pop("ids", IDS)
    return Operation(
        verb=verb,
        kind=draft.kind,
        request_id=keys.request_id(key),
        draft=draft,
        ids=ids,
        trace=keys.trace(key),
        **more,
    )


def line(amount: int, *, item: str = "1", **more: Any) -> SaleLine:
    return SaleLine(item=item, account=ITEM_ACCOUNT[item], amount=amount, **more)


def invoice(*lines: SaleLine, **more: Any) -> InvoiceDraft:
    given = {"customer": "contacts/1", "number": "1001", "day": DAY, "due": date(2026, 4, 1), **more}
    return InvoiceDraft(receivable=RECEIVABLE, lines=lines or (line(10_000),), **given)


def payment(amount: int = 10_000, **more: Any) -> PaymentDraft:
    part = Application(subject="bills/9", kind=ObjectKind.INVOICE, amount=amount)
    given = {"customer": "contacts/1", "account": BANK, "applications": (part,), **more}
    return PaymentDraft(day=DAY, amount=amount, receivable=RECEIVABLE, **given)


def journal(*amounts: int, **more: Any) -> JournalDraft:
    rows = tuple(EntryLine(account=str(35 + n), amount=a) for n, a in enumerate(amounts or (500, -500)))
    return JournalDraft(number=more.pop("number", "J1"), day=DAY, lines=rows, **more)


def resolved(lines: tuple[EntryLine, ...]) -> list[EntryLine]:
    """An entry with the customers' ids of the books, as it will be read back."""
    return [replace(one, customer=IDS.get(one.customer, one.customer)) for one in lines]


_amounts = st.integers(min_value=-5_000_000, max_value=5_000_000)
_positive = st.integers(min_value=1, max_value=5_000_000)
_texts = st.text(max_size=30)
_classes = st.sampled_from(["", "7", "8"])
_customers = st.sampled_from(["contacts/1", "matters/2"])
_numbers = st.text("ABC0123456789-", min_size=1, max_size=21)
_quantities = st.none() | st.decimals(min_value=0, max_value=100, places=2)
_sale_lines = st.builds(
    lambda item, amount, **more: line(amount, item=item, **more),
    item=st.sampled_from(sorted(ITEM_ACCOUNT)),
    amount=_amounts,
    description=_texts,
    quantity=_quantities,
    rate=_quantities,
    class_id=_classes,
)
_sold = st.lists(_sale_lines, min_size=1, max_size=6).map(tuple)
_discounts = st.builds(DiscountLine, account=st.just(DISCOUNTS), amount=_positive, class_id=_classes)
_entry_lines = st.builds(
    EntryLine,
    account=st.sampled_from(["35", "36", "37"]),
    amount=_amounts.filter(bool),
    customer=_customers | st.just(""),
    class_id=_classes,
)


def _balanced(rows: list[EntryLine]) -> tuple[EntryLine, ...]:
    rest = sum(row.amount for row in rows)
    return (*rows, EntryLine(account="90", amount=-rest)) if rest else tuple(rows)


def _deposit(amounts: list[int], fee: int) -> DepositDraft:
    subjects = tuple(f"allocations/{n}" for n in range(len(amounts)))
    kinds = [ObjectKind.JOURNAL if n == 1 else ObjectKind.PAYMENT for n in range(len(amounts))]
    fees = EntryLine(account="37", amount=min(fee, sum(amounts) - 1), customer="contacts/1", memo="Fee")
    return DepositDraft(
        day=DAY,
        bank=BANK,
        undeposited=UNDEPOSITED,
        payments=subjects,
        amounts=tuple(amounts),
        kinds=tuple(kinds) if len(amounts) > 1 else (),
        lines=(fees,) if fees.amount else (),
    )


any_draft: st.SearchStrategy[Draft] = st.one_of(
    st.builds(
        InvoiceDraft,
        customer=_customers,
        number=_numbers,
        day=st.dates(),
        due=st.none() | st.dates(),
        receivable=st.just(RECEIVABLE),
        lines=_sold,
        discount=st.none() | _discounts,
        location=st.sampled_from(["", "2"]),
        class_id=_classes,
        message=_texts,
        memo=_texts,
    ),
    st.builds(
        CreditMemoDraft,
        customer=_customers,
        number=_numbers,
        day=st.dates(),
        receivable=st.just(RECEIVABLE),
        lines=_sold,
        discount=st.none() | _discounts,
        location=st.sampled_from(["", "2"]),
        class_id=_classes,
        memo=_texts,
    ),
    st.builds(payment, amount=_positive, customer=_customers, reference=_texts, memo=_texts),
    st.builds(
        JournalDraft,
        number=_numbers,
        day=st.dates(),
        memo=_texts,
        lines=st.lists(_entry_lines, min_size=2, max_size=6).map(_balanced),
    ),
    st.builds(
        CheckDraft,
        number=_numbers,
        day=st.dates(),
        bank=st.just(BANK),
        payee=_customers,
        lines=st.lists(_entry_lines, min_size=1, max_size=4).map(tuple),
    ),
    st.builds(_deposit, st.lists(_positive, min_size=1, max_size=5), st.just(0) | _positive),
    st.builds(CustomerDraft, name=st.text(min_size=1, max_size=5000), notes=st.text(max_size=5000)),
)
HALF_CENT = (Decimal("128.35"), Decimal("14.50"), 186_108)  # 1861.075 rounds half up (API.md 11.10)
