"""The planted things of the year, each told on its own matter (the list of issue 2, point B.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from syncapp.emulators.clio import desk_bills as bills
from syncapp.emulators.clio import desk_lines as lines
from syncapp.emulators.clio import desk_money as money
from syncapp.emulators.clio.diary import Diary
from syncapp.emulators.clio.nouns import LineItem, Matter
from syncapp.emulators.clio.tales import (
    bill_on,
    bounced,
    credited,
    moved,
    note,
    opening_credited,
    opening_open,
    opening_part_paid,
    over_several,
    overpaid,
    pay_up,
    refunded,
    retainer,
    written_off,
)
from syncapp.emulators.clio.trust_stories import tell_trust

LONG_BILL = 700


def tell(diary: Diary, matters: list[Matter]) -> None:
    """Put every story into the diary, spread over the year."""
    day = diary.start
    tales: list[tuple[int, Callable[[Diary, Matter], None]]] = [
        (-55, opening_open),
        (-50, opening_part_paid),
        (-45, opening_credited),
        (19, over_several),
        (110, over_several),
        (33, moved),
        (47, overpaid),
        (58, retainer),
        (64, bounced),
        (78, refunded),
        (92, written_off),
        (99, credited),
        (104, split),
        (118, redrafted),
        (126, voided),
        (133, edited),
        (140, several_matters),
        (152, long_bill),
        (160, zero),
        (171, interest_deleted),
        (183, reapplied),
        (197, payment_edited),
        (205, deleted_draft),
        (216, summarized),
    ]
    for i, (days, tale) in enumerate(tales):
        matter = matters[i % len(matters)]
        diary.on(day + timedelta(days=days), lambda tale=tale, matter=matter: tale(diary, matter))  # type: ignore[misc]
    diary.on(diary.end - timedelta(days=6), lambda: unfinished(diary, matters))
    tell_trust(diary, matters)


def split(diary: Diary, matter: Matter) -> None:
    day = diary.today - timedelta(days=1)
    payer = next(m.client_id for m in diary.world.all(Matter) if m.client_id != matter.client_id)
    work = [diary.time(matter, day, h) for h in ("2.0", "1.5")] + [
        diary.cost(matter, day, "Filing Fees", "210")
    ]
    pair = bills.split_bill(
        diary.world,
        activities=work,
        payers=[matter.client_id, payer],
        portion=Decimal(60),
        issued_at=diary.today,
    )
    matter.payers = [(matter.client_id, Decimal(60)), (payer, Decimal(40))]
    for bill in pair:
        bills.approve_bill(diary.world, bill=bill.id)
        note(diary, "split_bill", bill, f"{bill.split_portion} % of the same work")
    diary.on(diary.later(12, 20), lambda: pay_up(diary, pair[1]))


def redrafted(diary: Diary, matter: Matter) -> None:
    again, still = bill_on(diary, matter, "4.4"), bill_on(diary, matter, "2.8")

    def back() -> None:
        for bill in (again, still):
            bills.back_to_draft(diary.world, bill=bill.id)
        lines.edit_line(diary.world, line=again.line_ids[0], price=Decimal("300.00"))
        diary.on(diary.later(1, 2), approve)

    def approve() -> None:
        bills.approve_bill(diary.world, bill=again.id)
        note(diary, "back_to_draft_and_approved", again, "put back, one line changed, approved again")
        note(diary, "back_to_draft", still, "put back to draft and left there: a draft, not to be posted")

    diary.on(diary.later(4, 6), back)


def voided(diary: Diary, matter: Matter) -> None:
    bill = bill_on(diary, matter, "3.3")

    def void() -> None:
        work = [line.activity_id or 0 for line in diary.world.some(LineItem, bill.line_ids)]
        bills.void_bill(diary.world, bill=bill.id)
        note(diary, "void", bill, "voided; its work is on another bill")
        note(diary, "rebilled", diary.bill(work), "the work of a voided bill")

    diary.on(diary.later(7, 9), void)


def edited(diary: Diary, matter: Matter) -> None:
    amount, number, dated = (bill_on(diary, matter, hours) for hours in ("3.9", "1.7", "2.6"))

    def edit() -> None:
        lines.edit_line(diary.world, line=amount.line_ids[0], quantity=Decimal("3.1"))
        bills.edit_bill(diary.world, bill=number.id, number=f"{number.number}-A")
        moved_to = (dated.issued_at or diary.today) + timedelta(days=1)
        bills.edit_bill(diary.world, bill=dated.id, issued_at=moved_to, due_at=moved_to + timedelta(days=45))
        note(diary, "edited_line", amount, "hours of one line lowered after approval")
        note(diary, "edited_number", number, "renumbered after approval")
        note(diary, "edited_date", dated, "issue and due date moved after approval")

    diary.on(diary.later(3, 5), edit)


def several_matters(diary: Diary, matter: Matter) -> None:
    from syncapp.emulators.clio.desk_work import create_matter

    other = create_matter(
        diary.world,
        client=matter.client_id,
        description="Second engagement",
        practice_area=diary.ground.areas["Employment"],
        responsible=diary.ground.users[2],
    )
    day = diary.today
    work = [
        diary.time(matter, day, "2.1"),
        diary.time(other, day, "3.2"),
        diary.cost(other, day, "Copies", "0.15", 61),
    ]
    bill = diary.bill(work)
    note(diary, "several_matters", bill, "two matters of one client on one bill")
    diary.on(diary.later(20, 30), lambda: pay_up(diary, bill))


def long_bill(diary: Diary, matter: Matter) -> None:
    first = diary.today - timedelta(days=30)
    work = []
    for i in range(LONG_BILL):
        day = first + timedelta(days=i % 28)
        work.append(
            diary.cost(matter, day, "Copies", "0.15", 3 + i % 90)
            if i % 7 == 0
            else diary.time(matter, day, Decimal(1 + i % 9) / 10)
        )
    note(diary, "long_bill", diary.bill(work), f"{LONG_BILL} lines")


def zero(diary: Diary, matter: Matter) -> None:
    bill = diary.bill([diary.time(matter, diary.today, "0.6", no_charge=True)])
    note(diary, "zero", bill, "a bill of 0.00")


def interest_deleted(diary: Diary, matter: Matter) -> None:
    keeps, loses = bill_on(diary, matter, "6.1"), bill_on(diary, matter, "4.9")

    def charge() -> None:
        kept = bills.add_interest(diary.world, bill=keeps.id, total=Decimal("31.17"))
        diary.world.plant("interest", "interest_charges", kept.id, "interest on an open bill")
        gone = bills.add_interest(diary.world, bill=loses.id, total=Decimal("24.50"))
        note(diary, "interest_deleted", loses, f"its interest charge {gone.id} was deleted")
        diary.on(diary.later(3, 4), lambda: bills.remove_interest(diary.world, charge=gone.id))

    diary.on(diary.later(45, 50), charge)


def reapplied(diary: Diary, matter: Matter) -> None:
    wrong, right = bill_on(diary, matter, "2.7"), bill_on(diary, matter, "2.9")

    def pay() -> None:
        payment = diary.pay(wrong, amount=Decimal(500))
        diary.on(diary.today + timedelta(days=2), lambda: swap(payment))

    def swap(payment: int) -> None:
        removed = money.remove_payment(diary.world, payment=payment)
        diary.pay(right, amount=Decimal(500))
        diary.world.plant(
            "reapplied", "allocations", removed.allocation_ids[0], "removed, recorded anew elsewhere"
        )

    diary.on(diary.later(10, 14), pay)


def payment_edited(diary: Diary, matter: Matter) -> None:
    bill = bill_on(diary, matter, "3.5")

    def pay() -> None:
        payment = diary.pay(bill, amount=Decimal("430.00"))
        diary.on(diary.later(1, 2), lambda: edit(payment))

    def edit(payment: int) -> None:
        made = money.edit_payment(diary.world, payment=payment, amount=Decimal("403.00"))
        diary.world.plant(
            "payment_edited", "allocations", made.allocation_ids[0], "amount corrected 430 to 403"
        )

    diary.on(diary.later(10, 14), pay)


def deleted_draft(diary: Diary, matter: Matter) -> None:
    bill = bill_on(diary, matter, "1.3", approve=False)
    bills.delete_bill(diary.world, bill=bill.id)
    note(diary, "deleted", bill, "a draft that was deleted")


def summarized(diary: Diary, matter: Matter) -> None:
    day = diary.today
    work = [diary.time(matter, day, h) for h in ("0.4", "0.8", "1.2")]
    bill = diary.bill(work, approve=False)
    lines.summarize_lines(diary.world, lines=bill.line_ids[:2], description="Correspondence")
    bills.approve_bill(diary.world, bill=bill.id)
    note(diary, "summary_line", bill, "two hidden lines printed as one")


def unfinished(diary: Diary, matters: list[Matter]) -> None:
    """Drafts and a bill that awaits approval, at the end of the year."""
    for matter in matters[:3]:
        note(diary, "draft", bill_on(diary, matter, "2.0", approve=False), "a draft, not to be posted")
    waiting = bill_on(diary, matters[3], "2.4", approve=False)
    bills.submit_bill(diary.world, bill=waiting.id)
    note(diary, "awaiting_approval", waiting, "awaiting approval, not to be posted")
