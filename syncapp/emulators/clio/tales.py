"""Stories about money: openings, payments, credits, operating funds (issue 2, point B.4)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio import desk_credits as held
from syncapp.emulators.clio import desk_money as money
from syncapp.emulators.clio.diary import Diary
from syncapp.emulators.clio.funds import Payment
from syncapp.emulators.clio.nouns import Bill, Matter


def bill_on(diary: Diary, matter: Matter, hours: str = "5.5", **how: Any) -> Bill:
    """A plain bill of today: time of yesterday and a soft cost."""
    day = diary.today - timedelta(days=1)
    return diary.bill([diary.time(matter, day, hours), diary.cost(matter, day, "Postage", "9.85")], **how)


def note(diary: Diary, kind: str, bill: Bill, text: str) -> None:
    """Plant a bill."""
    diary.world.plant(kind, "bills", bill.id, text)


def opening_open(diary: Diary, matter: Matter) -> None:
    bill = bill_on(diary, matter, "8.0")
    note(diary, "opening_open", bill, "issued before the start date, open in full on it, paid in the year")
    diary.on(diary.start + timedelta(days=24), lambda: pay_up(diary, bill))


def opening_part_paid(diary: Diary, matter: Matter) -> None:
    bill = bill_on(diary, matter, "7.0")
    diary.on(diary.later(20, 30), lambda: pay_up(diary, bill, Decimal(900)))
    note(diary, "opening_part_paid", bill, "issued and partly paid before the start date, never paid in full")


def opening_credited(diary: Diary, matter: Matter) -> None:
    bill = bill_on(diary, matter, "4.0")
    note(diary, "opening_credited", bill, "issued before the start date, credited in part after it")

    def credit() -> None:
        memo = held.credit_note(diary.world, bill=bill.id, amount=Decimal("150.00"), description="Goodwill")
        diary.world.plant("opening_credit", "credit_memos", memo.id, "a credit on an opening bill")

    diary.on(diary.start + timedelta(days=40), credit)


def over_several(diary: Diary, matter: Matter) -> None:
    made = [bill_on(diary, matter, hours) for hours in ("2.2", "3.4", "1.1")]

    def pay() -> None:
        payment = diary.pay(*made)
        for bill in made:
            note(diary, "paid_together", bill, f"one payment ({payment}) over three bills")

    diary.on(diary.later(15, 20), pay)


def moved(diary: Diary, matter: Matter) -> None:
    wrong, right = bill_on(diary, matter, "6.0"), bill_on(diary, matter, "6.0")

    def pay() -> None:
        payment = diary.pay(wrong, amount=Decimal(400))
        diary.on(diary.later(3, 5), lambda: move(payment))

    def move(payment: int) -> None:
        money.move_payment(diary.world, payment=payment, bill=right.id)
        note(diary, "payment_moved_from", wrong, "its payment was moved away; one voided allocation")
        note(diary, "payment_moved_to", right, "got the payment of another bill")

    diary.on(diary.later(12, 15), pay)


def overpaid(diary: Diary, matter: Matter) -> None:
    bill = bill_on(diary, matter, "3.0")

    def pay() -> None:
        payment = diary.pay(bill, over="125.00")
        row = diary.world.get(Payment, payment).row_ids[-1]
        diary.world.plant(
            "overpayment", "bank_transactions", row, "125.00 over the bill, held for the client"
        )

    diary.on(diary.later(9, 12), pay)


def retainer(diary: Diary, matter: Matter) -> None:
    world = diary.world
    row = held.operating_deposit(
        world,
        client=matter.client_id,
        amount=Decimal(3000),
        reference="7001",
        matter=matter.id,
        description="Retainer, operating",
    )
    world.plant("operating_retainer", "bank_transactions", row.id, "money into operating without a bill")
    bill = bill_on(diary, matter, "4.0")

    def use() -> None:
        payment = held.pay_from_operating(world, bill=bill.id, amount=Decimal(1200))
        world.plant(
            "operating_use", "allocations", payment.allocation_ids[0], "paid from operating funds, no cash"
        )

    diary.on(diary.later(8, 10), use)


def bounced(diary: Diary, matter: Matter) -> None:
    bill = bill_on(diary, matter, "5.0")

    def pay() -> None:
        payment = diary.pay(bill)
        diary.on(diary.later(8, 9), lambda: back(payment))

    def back(payment: int) -> None:
        removed = money.remove_payment(diary.world, payment=payment)
        diary.world.plant(
            "bounced_check", "allocations", removed.allocation_ids[0], "returned by the bank, removed"
        )
        diary.on(diary.later(18, 22), lambda: pay_up(diary, bill))

    note(diary, "bounced_bill", bill, "paid, unpaid, paid again")
    diary.on(diary.later(14, 16), pay)


def refunded(diary: Diary, matter: Matter) -> None:
    world = diary.world
    held.operating_deposit(
        world,
        client=matter.client_id,
        amount=Decimal("850.00"),
        reference="7002",
        matter=matter.id,
        description="Retainer, operating",
    )

    def back() -> None:
        row = held.refund_operating(
            world, client=matter.client_id, amount=Decimal("350.00"), reference="2290", matter=matter.id
        )
        world.plant("refund", "bank_transactions", row.id, "operating funds given back to the client")

    diary.on(diary.later(25, 30), back)


def written_off(diary: Diary, matter: Matter) -> None:
    whole, part = bill_on(diary, matter, "1.4"), bill_on(diary, matter, "5.2")

    def off() -> None:
        for bill, amount in ((whole, None), (part, Decimal("99.99"))):
            memo = held.write_off(diary.world, bill=bill.id, amount=amount, user=diary.ground.users[0])
            diary.world.plant("write_off", "credit_memos", memo.id, f"write-off of {memo.amount}")

    diary.on(diary.later(50, 60), off)


def credited(diary: Diary, matter: Matter) -> None:
    bill, other = bill_on(diary, matter, "6.6"), bill_on(diary, matter, "2.0")

    def credit() -> None:
        kept = held.credit_note(
            diary.world, bill=bill.id, amount=Decimal("210.75"), description="Billing error"
        )
        diary.world.plant("credit_note", "credit_memos", kept.id, "a credit note that stands")
        gone = held.credit_note(diary.world, bill=other.id, amount=Decimal("80.00"), description="By mistake")
        diary.on(diary.later(2, 3), lambda: remove(gone.id))

    def remove(memo: int) -> None:
        held.remove_credit(diary.world, credit=memo)
        diary.world.plant("credit_removed", "credit_memos", memo, "given by mistake and removed")

    diary.on(diary.later(6, 9), credit)


def pay_up(diary: Diary, bill: Bill, amount: Decimal | None = None) -> None:
    if diary.owed(bill) > 0:
        diary.pay(bill, amount=amount)
