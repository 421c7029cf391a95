"""A deposit by the adapter, against the QuickBooks emulator."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from syncapp.core.ledger import DepositDraft, EntryLine, JournalDraft, ObjectKind, Verb
from syncapp.emulators.qbo import writing
from syncapp.emulators.qbo.errors import missing
from syncapp.qbo.compare import differences
from syncapp.qbo.render import render
from tests.qbo.bench import Bench
from tests.qbo.drafts import DAY, journal, operation


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


def test_a_deposit_leaves_the_books_by_its_full_payload(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The documents of Deposit want all of it in a deletion (qbo/API.md section 7)."""
    deleted = writing.delete

    def wanting(co: Any, entity: str, given: Any, *more: Any) -> Any:
        if entity == "Deposit" and not (given.get("DepositToAccountRef") and given.get("Line")):
            raise missing("DepositToAccountRef")
        return deleted(co, entity, given, *more)

    monkeypatch.setattr(writing, "delete", wanting)
    bench.post(bench.bill(), "bills/9")
    waits = bench.account("Undeposited Funds")
    bench.post(bench.op(bench.paid(account=waits), name="waiting"), "allocations/4")
    together = DepositDraft(
        day=DAY, bank=bench.bank, undeposited=waits, payments=("allocations/4",), amounts=(10_000,)
    )
    made = bench.post(bench.op(together, name="deposit")).object
    gone = bench.op(together, name="gone", verb=Verb.DELETE, remote_id=made.id, token=made.token)

    assert differences(gone, bench.post(gone).object) == ()
    assert bench.qbo.read(ObjectKind.DEPOSIT, made.id) is None


def test_a_deletion_names_what_is_deleted_above_all_that_it_held() -> None:
    known: dict[str, Any] = {"verb": Verb.DELETE, "remote_id": "130", "token": "3"}
    minimal = {"Id": "130", "SyncToken": "3"}
    lost = DepositDraft(day=DAY, bank="35", undeposited="4", payments=("allocations/8",), amounts=(500,))

    body = render(operation(replace(lost, payments=("allocations/4",)), **known)).body
    assert body.items() >= minimal.items()
    assert (body["DepositToAccountRef"], len(body["Line"])) == ({"value": "35"}, 1)
    assert render(operation(lost, **known)).body == minimal
    assert render(operation(journal(), **known)).body == minimal
