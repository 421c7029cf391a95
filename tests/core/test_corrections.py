"""The law of corrections: what stands and all its corrections come to what is wanted, cent for cent."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from syncapp.core.ledger import CreditMemoDraft, DiscountLine, InvoiceDraft, JournalDraft, SaleLine
from syncapp.core.planning.corrections import Correction, Sale, corrections, owed

DAY, CLOSED = date(2026, 10, 3), date(2026, 8, 14)

lines = st.lists(
    st.builds(
        SaleLine,
        item=st.sampled_from(["fees", "costs", "tax"]),
        account=st.just("income"),
        amount=st.integers(0, 90_000),
        class_id=st.sampled_from(["", "litigation"]),
        role=st.sampled_from(["time", "expense"]),
    ),
    min_size=1,
    max_size=5,
)


@st.composite
def invoices(draw: st.DrawFn) -> InvoiceDraft:
    rows = tuple(draw(lines))
    discount = draw(st.integers(0, sum(row.amount for row in rows)))
    return InvoiceDraft(
        customer=draw(st.sampled_from(["matters/1", "matters/2"])),
        number="1042",
        day=CLOSED,
        due=CLOSED,
        receivable="receivable",
        lines=rows,
        discount=DiscountLine(account="discounts", amount=discount) if discount else None,
        class_id=draw(st.sampled_from(["", "firm"])),
        memo="Clio bill 1042",
    )


@st.composite
def credit_memos(draw: st.DrawFn) -> CreditMemoDraft:
    return CreditMemoDraft(
        customer="matters/1", number="C7", day=CLOSED, receivable="receivable", lines=tuple(draw(lines))
    )


def sums(*drafts: Correction | None) -> Counter[tuple[str, str, str]]:
    """What entries come to by account, customer and class."""
    found: Counter[tuple[str, str, str]] = Counter()
    for draft in drafts:
        for line in draft.entry() if draft is not None else ():
            customer = line.customer if line.account == "receivable" else ""
            found[line.account, customer, line.class_id] += line.amount
    return Counter({key: amount for key, amount in found.items() if amount})


@given(
    st.one_of(
        st.tuples(invoices(), st.lists(st.none() | invoices(), min_size=1, max_size=3)),
        st.tuples(credit_memos(), st.lists(st.none() | credit_memos(), min_size=1, max_size=3)),
    )
)
def test_any_row_of_changes_ends_at_what_is_wanted(history: tuple[Sale, list[Sale | None]]) -> None:
    base, wishes = history
    made: list[Correction] = []
    for wanted in wishes:
        for draft in corrections(base, made, wanted, number="1042-K1", day=DAY):
            assert draft.day == DAY
            assert sum(line.amount for line in draft.entry()) == 0
            assert isinstance(draft, JournalDraft) or draft.total >= 0
            made.append(draft)
        assert sums(base, *made) == sums(wanted)


@given(invoices(), invoices())
def test_what_is_owed_changes_by_the_difference(base: InvoiceDraft, wanted: InvoiceDraft) -> None:
    made = corrections(base, [], wanted, number="1042-K1", day=DAY)

    assert sum(owed(draft) for draft in made) == wanted.total - base.total


@given(invoices())
def test_a_void_invoice_is_credited_line_for_line(base: InvoiceDraft) -> None:
    (credit,) = corrections(base, [], None, number="1042-K1", day=DAY)

    assert isinstance(credit, CreditMemoDraft)
    assert [(line.item, line.amount) for line in credit.lines] == [(r.item, r.amount) for r in base.lines]
    assert credit.discount == base.discount


@given(invoices())
def test_nothing_is_corrected_when_nothing_changed(base: InvoiceDraft) -> None:
    assert corrections(base, [], base, number="1042-K1", day=DAY) == []
