"""A deposit by the adapter, against the QuickBooks emulator."""

from __future__ import annotations

from dataclasses import replace

from syncapp.core.ledger import DepositDraft, EntryLine, JournalDraft, ObjectKind
from syncapp.qbo.compare import differences
from tests.qbo.bench import Bench
from tests.qbo.drafts import DAY


def test_a_deposit_holds_payments_an_entry_and_the_fee_of_the_processor(bench: Bench) -> None:
    bench.post(bench.bill(), "bills/9")
    waits, fees = bench.account("Undeposited Funds"), bench.account("Bank Charges")
    bench.post(bench.op(bench.paid(account=waits), name="waiting"), "allocations/4")
    sides = (
        EntryLine(account=waits, amount=2_000),
        EntryLine(account=bench.account("Legal Fees"), amount=-2_000),
    )
    bench.post(
        bench.op(JournalDraft(number="R7", day=DAY, lines=sides), name="retainer"), "bank_transactions/7"
    )
    together = DepositDraft(
        day=DAY, bank=bench.bank, undeposited=waits, payments=("allocations/4", "bank_transactions/7"),
        amounts=(10_000, 2_000), kinds=(ObjectKind.PAYMENT, ObjectKind.JOURNAL),
        lines=(EntryLine(account=fees, amount=290, memo="Fee of the processor"),),
    )  # fmt: skip
    deposit = bench.op(together, name="deposit")

    made = bench.post(deposit)
    other = replace(deposit, draft=replace(together, lines=(EntryLine(account=bench.bank, amount=290),)))

    assert made.object.total == 11_710
    assert differences(deposit, made.object) == ()
    assert [row.amount for row in made.object.lines] == [row.amount for row in together.entry()]
    assert any("where 2.90 was sent" in words for words in differences(other, made.object))
