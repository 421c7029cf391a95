"""Client money in the year: requests, deposits, payments from trust, disbursements, a transfer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from syncapp.emulators.clio import desk_trust as trust
from syncapp.emulators.clio.desk_transfers import matter_transfer
from syncapp.emulators.clio.diary import Diary
from syncapp.emulators.clio.nouns import Bill, Matter


def tell_trust(diary: Diary, matters: list[Matter]) -> None:
    """Put the trust stories into the diary; all of it is to be held until trust is set up."""
    for i, matter in enumerate(matters[:12]):
        day = diary.start + timedelta(days=12 + 25 * i)
        diary.on(day, lambda matter=matter, i=i: _deposit(diary, matter, i))  # type: ignore[misc]
    for i, matter in enumerate(matters[6:12]):
        day = diary.start + timedelta(days=28 + 48 * i)
        diary.on(day, lambda matter=matter, i=i: _request(diary, matter, paid=i < 4))  # type: ignore[misc]
    for days in (90, 180, 300):
        diary.on(diary.start + timedelta(days=days), lambda: _pay_bill(diary, matters[1:5]))
    diary.on(diary.start + timedelta(days=150), lambda: _disburse(diary, matters[5]))
    diary.on(diary.start + timedelta(days=200), lambda: _transfer(diary, matters[0]))


def _deposit(diary: Diary, matter: Matter, i: int) -> None:
    row = trust.trust_deposit(
        diary.world, matter=matter.id, amount=Decimal(2500 + 250 * i), reference=str(5100 + i)
    )
    diary.world.plant("trust_deposit", "bank_transactions", row.id, "client money, to be held")


def _request(diary: Diary, matter: Matter, *, paid: bool) -> None:
    bill = trust.trust_request(diary.world, client=matter.client_id, matter=matter.id, amount=Decimal(1800))
    diary.world.plant("trust_request", "bills", bill.id, "never an invoice")

    def pay() -> None:
        payment = trust.pay_trust_request(diary.world, bill=bill.id, reference="ACH 88")
        part = payment.allocation_ids[0]
        diary.world.plant("trust_request_payment", "allocations", part, "client money, to be held")

    if paid:
        diary.on(diary.later(5, 9), pay)


def _pay_bill(diary: Diary, matters: list[Matter]) -> None:
    """The first open bill of a matter that has money in trust is paid from there."""
    wanted = {m.id for m in matters}
    for bill in diary.world.all(Bill):
        if bill.state != "awaiting_payment" or bill.bill_kind == "trust_kind" or len(bill.matter_ids) != 1:
            continue
        matter, owed = bill.matter_ids[0], diary.owed(bill)
        if matter in wanted and bill.issued_at and bill.issued_at >= diary.start and not bill.allocation_ids:
            amount = min(owed, trust.trust_balance(diary.world, matter=matter))
            if amount > 100:
                payment = trust.pay_from_trust(diary.world, bill=bill.id, amount=amount, reference="TR")
                part = payment.allocation_ids[0]
                diary.world.plant("trust_payment", "allocations", part, "paid from trust, to be held")
                return


def _disburse(diary: Diary, matter: Matter) -> None:
    row = trust.trust_disbursement(
        diary.world, matter=matter.id, amount=Decimal("640.00"), payee="County Clerk", reference="3301"
    )
    diary.world.plant("trust_disbursement", "bank_transactions", row.id, "client money, to be held")


def _transfer(diary: Diary, matter: Matter) -> None:
    from syncapp.emulators.clio.desk_work import create_matter

    other = create_matter(diary.world, client=matter.client_id, description="Appeal")
    made = matter_transfer(diary.world, source=matter.id, destination=other.id, amount=Decimal("500.00"))
    diary.world.plant("trust_transfer", "matter_transfers", made.id, "two rows in trust, to be held")
