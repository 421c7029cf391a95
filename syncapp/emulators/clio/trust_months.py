"""What happens to client money in every month of the year, and what was there before it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from syncapp.emulators.clio import desk_money, desk_trust, desk_trust_rows
from syncapp.emulators.clio.diary import month_after
from syncapp.emulators.clio.funds import BankTransaction
from syncapp.emulators.clio.nouns import Bill, Matter
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.clio.trustworld import TrustDesk, workday

PAYEES = (
    "Clerk of Superior Court",
    "Register of Deeds",
    "Riverside Medical Center",
    "Triangle Title Company",
    "Dr. Amara Obi",
    "Blue Ridge Reporting",
)
FLOAT = Decimal("250.00")
FLOOR = Decimal(150)
MONTHS = 12
CHARGED = (1, 4, 7, 10)  # months of the year in which the bank takes something for itself
REFUNDED = (2, 5, 8, 11)


def openings(desk: TrustDesk) -> None:
    """What the account held before the first day: a float of the firm's, and money of most matters."""
    diary = desk.diary
    first = month_after(diary.start, -3)
    desk.resting.update(m.id for m in desk.matters[-2:])  # the last two belong to stories
    diary.on(
        workday(first + timedelta(days=1)),
        lambda: desk_trust_rows.firm_funds(desk.world, amount=FLOAT, bank_account=desk.bank.id),
    )
    for i, matter in enumerate(desk.matters):
        day = workday(first + timedelta(days=4 + 2 * i))
        low, high = (120, 480) if matter is desk.matters[-1] else (2500, 9000)
        diary.on(day, lambda matter=matter, low=low, high=high: deposit(desk, matter, low, high))  # type: ignore[misc]
    for i, matter in enumerate(desk.matters[1:4]):
        day = workday(month_after(diary.start, -2) + timedelta(days=18 + 4 * i))
        diary.on(day, lambda matter=matter: disburse(desk, matter))  # type: ignore[misc]


def tell_months(desk: TrustDesk) -> None:
    """The ordinary work of twelve months."""
    chance, on = desk.diary.chance, desk.diary.on
    for number in range(MONTHS):
        first = month_after(desk.diary.start, number)
        for _ in range(chance.randint(2, 4)):
            on(some_day(desk, first, 1, 24), lambda: deposit(desk, chance.choice(desk.busy), 500, 6000))
        for _ in range(chance.randint(1, 3)):
            on(some_day(desk, first, 6, 26), lambda: disburse(desk, desk.richest()))
        on(some_day(desk, first, 2, 5), lambda: _request(desk, chance.choice(desk.busy)))
        for matter in chance.sample(desk.busy, 2):
            _work(desk, matter, first)
        last = month_after(first, 1) - timedelta(days=1)
        on(last, lambda last=last: _interest(desk, last))  # type: ignore[misc]
        if number in CHARGED:
            on(some_day(desk, first, 12, 20), lambda: _charge(desk))
        if number in REFUNDED:
            on(some_day(desk, first, 15, 24), lambda: _refund(desk, desk.richest()))
    on(
        workday(month_after(desk.diary.start, 6) + timedelta(days=1)),
        lambda: desk_trust_rows.firm_funds(desk.world, amount=Decimal(100), bank_account=desk.bank.id),
    )


def some_day(desk: TrustDesk, first: date, low: int, high: int) -> date:
    return workday(first + timedelta(days=desk.diary.chance.randint(low, high) - 1))


def deposit(desk: TrustDesk, matter: Matter, low: int, high: int) -> BankTransaction:
    kind = desk.diary.chance.choice(("check", "check", "ACH", "WIRE"))
    number = desk.diary.chance.randint(1100, 98000)
    return desk_trust.trust_deposit(
        desk.world, matter=matter.id, amount=desk.amount(low, high), bank_account=desk.bank.id,
        reference=str(number) if kind == "check" else f"{kind} {number}",
    )  # fmt: skip


def disburse(desk: TrustDesk, matter: Matter, share: int = 3) -> BankTransaction | None:
    """A check on a part of what the matter holds."""
    most = desk.spare(matter) / share
    if most < FLOOR:
        return None
    return desk_trust.trust_disbursement(
        desk.world, matter=matter.id, amount=desk.amount(100, int(most)), bank_account=desk.bank.id,
        payee=desk.diary.chance.choice(PAYEES), reference=desk.check(),
    )  # fmt: skip


def _refund(desk: TrustDesk, matter: Matter) -> None:
    part = (desk.spare(matter) / 4).quantize(Decimal("0.01"))
    if part >= FLOOR:
        row = desk_trust_rows.trust_refund(
            desk.world, matter=matter.id, amount=part, bank_account=desk.bank.id, reference=desk.check()
        )
        desk.plant("trust_refund", row.id, "unused money given back to the client")


def _request(desk: TrustDesk, matter: Matter) -> None:
    """A request for more money, paid within days into the account that it names."""
    bill = desk_trust.trust_request(
        desk.world, client=matter.client_id, matter=matter.id, amount=desk.amount(800, 2400),
        bank_account=desk.bank.id,
    )  # fmt: skip
    reference = f"ACH {desk.diary.chance.randint(1100, 98000)}"
    desk.diary.on(
        workday(desk.diary.later(4, 9)),
        lambda: desk_trust.pay_trust_request(desk.world, bill=bill.id, reference=reference, method="ach"),
    )


def _work(desk: TrustDesk, matter: Matter, first: date) -> None:
    """A month's time on a matter, billed in its last days and paid from trust in the next."""
    diary, work = desk.diary, list[int]()
    for _ in range(diary.chance.randint(2, 4)):
        day = first + timedelta(days=diary.chance.randint(0, 19))
        hours = Decimal(diary.chance.randint(4, 30)) / 10
        diary.on(day, lambda day=day, hours=hours: work.append(diary.time(matter, day, hours)))  # type: ignore[misc]

    def bill() -> None:
        made = diary.bill(list(work))
        diary.on(workday(diary.later(9, 14)), lambda: _pay_bill(desk, made, matter))

    diary.on(workday(first + timedelta(days=21)), bill)


def _pay_bill(desk: TrustDesk, bill: Bill, matter: Matter) -> None:
    """The bill's money leaves trust as far as there is any; the client pays the rest a month later."""
    good = min(sums(desk.world, bill).balance, desk.spare(matter))
    if good >= FLOOR:
        payment = desk_trust.pay_from_trust(
            desk.world, bill=bill.id, amount=good, bank_account=desk.bank.id, reference=f"TR {bill.number}"
        )
        desk.plant("trust_payment", payment.allocation_ids[0], "paid from trust", resource="allocations")
    if sums(desk.world, bill).balance > 0:
        desk.diary.on(workday(desk.diary.later(20, 30)), lambda: _rest(desk, bill))


def _rest(desk: TrustDesk, bill: Bill) -> None:
    owed = sums(desk.world, bill).balance
    number = str(desk.diary.chance.randint(1100, 98000))
    desk_money.record_payment(desk.world, bills=[bill.id], amount=owed, reference=number)


def _interest(desk: TrustDesk, last: date) -> None:
    """Interest on the last day; the bank pays it to the programme five days later."""
    amount = desk.amount(2, 19)
    bank = desk.bank.id
    desk_trust_rows.trust_interest(desk.world, amount=amount, bank_account=bank)
    desk.diary.on(
        workday(last + timedelta(days=5)),
        lambda: desk_trust_rows.trust_interest(
            desk.world, amount=-amount, bank_account=bank, description="Interest paid to the programme"
        ),
    )


def _charge(desk: TrustDesk) -> None:
    row = desk_trust_rows.bank_charge(
        desk.world, amount=desk.amount(12, 35), description="Account analysis fee", bank_account=desk.bank.id
    )
    desk.plant("bank_charge", row.id, "the bank's own charge, borne by the firm's float")
