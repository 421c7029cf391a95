"""The identities of Clio's figures, as a check of a whole firm."""

from __future__ import annotations

from collections import Counter

from syncapp.emulators.clio.billvalues import matter_shares
from syncapp.emulators.clio.funds import BankTransaction, Payment
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.sums import sums


def agree(world: World) -> None:
    """The identities of Clio's figures, for every bill."""
    for bill in world.all(Bill):
        s = sums(world, bill)
        gone = bill.state in ("void", "deleted")
        assert s.total == s.sub_total + s.tax + s.secondary_tax + s.interest
        assert s.due == s.total - s.discount
        assert s.balance == (0 if gone else s.due - s.paid - s.credits_issued)
        if bill.bill_kind != "trust_kind" and bill.matter_ids:
            assert sum(amount for _, amount in matter_shares(world, bill)) == s.due - s.interest
        if bill.state == "paid":
            assert s.balance <= 0
        if bill.state == "awaiting_payment":
            assert s.balance > 0
        if bill.state in ("void", "draft", "deleted", "awaiting_approval"):
            assert s.paid == s.credits_issued == 0
    rows = Counter[int]()
    for row in world.all(BankTransaction):
        rows[row.payment_id or 0] += int(row.amount * 100)
    for payment in world.all(Payment):
        if payment.voided_at is None and payment.source_bank_account_id is None:
            assert rows[payment.id] == payment.amount * 100
