"""What happens to client money once in the year, each event by its name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from syncapp.emulators.clio import desk_transfers, desk_trust, desk_trust_rows
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.diary import month_after
from syncapp.emulators.clio.nouns import Contact
from syncapp.emulators.clio.trust_months import PAYEES, deposit, disburse, some_day
from syncapp.emulators.clio.trustworld import TrustDesk, workday

STALE_MONTH = 5  # its checks are older than 180 days in the twelfth month, and in no month before


def tell_stories(desks: list[TrustDesk], *, unidentified: Contact) -> None:
    """Each event that comes once: the same for both accounts, on days of the seed's."""
    tales: list[tuple[int, Callable[[TrustDesk], None]]] = [
        (1, returned),
        (2, reissued),
        (3, corrected),
        (4, by_mistake),
        (6, between_matters),
        (10, equals),
        (7, without_a_matter),
    ]
    for desk in desks:
        diary = desk.diary
        for month, tale in tales:
            first = month_after(diary.start, month)
            low, high = (1, 4) if tale in (returned, reissued) else (6, 15)
            diary.on(some_day(desk, first, low, high), lambda desk=desk, tale=tale: tale(desk))  # type: ignore[misc]
        first = month_after(diary.start, diary.chance.choice((1, 2, 3, 4, 6, 7, 9)))
        diary.on(last_workday(first), lambda desk=desk: at_the_end(desk))  # type: ignore[misc]
        desk.plant("dormant", desk.matters[-1].id, "no movement since before the year", resource="matters")
    diary = desks[0].diary
    late = diary.chance.choice(desks)
    diary.on(some_day(late, month_after(diary.start, STALE_MONTH), 6, 15), lambda: stale(late))
    diary.on(some_day(desks[0], month_after(diary.start, 8), 6, 15), lambda: between_accounts(desks))
    diary.on(
        some_day(desks[1], month_after(diary.start, 9), 6, 15), lambda: nobody_knows(desks[1], unidentified)
    )


def returned(desk: TrustDesk) -> None:
    """A deposit comes back after a part of it was spent; the firm restores what is missing on that day."""
    diary, matter = desk.diary, desk.matters[-2]
    put = desk_trust.trust_deposit(
        desk.world, matter=matter.id, amount=desk.amount(1500, 4000), bank_account=desk.bank.id,
        reference=str(diary.chance.randint(1100, 98000)),
    )  # fmt: skip

    def spend() -> None:
        held = trust_balance(desk.world, matter=matter.id, bank=desk.bank.id)
        amount = held - put.amount + desk.amount(300, 900)
        desk_trust.trust_disbursement(
            desk.world, matter=matter.id, amount=min(amount, held), bank_account=desk.bank.id,
            payee=PAYEES[2], reference=desk.check(),
        )  # fmt: skip

    def back() -> None:
        row = desk_trust_rows.return_deposit(desk.world, row=put.id)
        desk.plant("returned_deposit", row.id, f"the return of {put.id}")
        short = -trust_balance(desk.world, matter=matter.id, bank=desk.bank.id)
        if short > 0:
            row = desk_trust.trust_deposit(
                desk.world, matter=matter.id, amount=short, bank_account=desk.bank.id, reference="WIRE 77001",
                source=desk.world.account_name, description="Shortage restored by the firm",
            )  # fmt: skip
            desk.plant("restored", row.id, "the firm's own money, for a shortage")

    diary.on(workday(diary.today + timedelta(days=11)), spend)
    diary.on(workday(diary.today + timedelta(days=14)), back)


def reissued(desk: TrustDesk) -> None:
    """A check that was lost in the mail: voided, and written again under the next number."""
    matter = desk.richest()
    check = disburse(desk, matter, share=5)
    if check is None:
        return

    def again() -> None:
        gone = desk_trust_rows.void_check(desk.world, row=check.id)
        desk.plant("voided_check", gone.id, f"takes back {check.id}, which no bank ever sees")
        desk_trust.trust_disbursement(
            desk.world, matter=matter.id, amount=-check.amount, payee=check.source, reference=desk.check(),
            bank_account=desk.bank.id,
        )  # fmt: skip

    desk.diary.on(workday(desk.diary.later(10, 14)), again)


def corrected(desk: TrustDesk) -> None:
    """A deposit typed with two digits the wrong way round, put right the next day."""
    row = desk_trust.trust_deposit(
        desk.world, matter=desk.busy[1].id, amount=Decimal("1540.00"), bank_account=desk.bank.id,
        reference="44120",
    )  # fmt: skip
    right = Decimal("1450.00") + desk.diary.chance.randint(0, 30)

    def correct() -> None:
        desk_trust_rows.edit_trust_row(desk.world, row=row.id, amount=right)
        desk.plant("edited_row", row.id, "typed wrong, edited the next day")

    desk.diary.on(workday(desk.diary.today + timedelta(days=1)), correct)


def by_mistake(desk: TrustDesk) -> None:
    """A deposit recorded twice; the second is removed and leaves nothing behind."""
    row = deposit(desk, desk.busy[2], 500, 900)
    desk.diary.on(
        workday(desk.diary.today + timedelta(days=1)),
        lambda: desk_trust_rows.remove_trust_row(desk.world, row=row.id),
    )


def last_workday(first: date) -> date:
    """The last working day of the month that begins on a day."""
    day = month_after(first, 1) - timedelta(days=1)
    return day - timedelta(days=max(0, day.weekday() - 4))


def at_the_end(desk: TrustDesk) -> None:
    """A deposit of a month's last working day, which the bank has in the next month."""
    row = desk_trust.trust_deposit(
        desk.world, matter=desk.busy[4].id, amount=desk.amount(700, 2500), bank_account=desk.bank.id,
        reference=str(desk.diary.chance.randint(1100, 98000)),
    )  # fmt: skip
    desk.plant("late_deposit", row.id, "in transit at the month's end")


def stale(desk: TrustDesk) -> None:
    """Two checks that nobody ever cashes."""
    for matter in sorted(desk.busy, key=desk.spare)[-2:]:
        check = disburse(desk, matter, share=6)
        if check is not None:
            desk.plant("stale_check", check.id, "never paid by the bank")


def equals(desk: TrustDesk) -> None:
    """Two deposits of the same day and amount, of two clients: two, not one."""
    for matter in desk.busy[3:5]:
        row = desk_trust.trust_deposit(
            desk.world, matter=matter.id, amount=Decimal("500.00"), bank_account=desk.bank.id,
            reference=f"ACH {desk.diary.chance.randint(1100, 98000)}",
        )  # fmt: skip
        desk.plant("equal_deposits", row.id, "the same day and amount as another client's")


def between_matters(desk: TrustDesk) -> None:
    """Money of a client that came for its first matter and goes on to its appeal a week later."""
    source = desk.busy[0]
    appeal = next(m for m in desk.matters if m.client_id == source.client_id and m is not source)
    row = deposit(desk, source, 900, 1900)

    half = (row.amount / 2).quantize(Decimal("0.01"))

    def move() -> None:
        made = desk_transfers.matter_transfer(
            desk.world, source=source.id, destination=appeal.id, amount=half, bank_account=desk.bank.id
        )
        desk.plant("matter_transfer", made.id, "two matters of one client", resource="matter_transfers")

    desk.diary.on(workday(desk.diary.today + timedelta(days=7)), move)


def without_a_matter(desk: TrustDesk) -> None:
    """Money of a client that names its matter only a week later."""
    matter = desk.busy[5]
    row = desk_trust.trust_deposit(
        desk.world, client=matter.client_id, amount=desk.amount(600, 1900), bank_account=desk.bank.id,
        reference=f"WIRE {desk.diary.chance.randint(1100, 98000)}",
    )  # fmt: skip
    desk.plant("client_level", row.id, "held for a client without a matter for a week")

    def name() -> None:
        desk_transfers.client_transfer(
            desk.world,
            client=matter.client_id,
            matter=matter.id,
            amount=row.amount,
            bank_account=desk.bank.id,
        )

    desk.diary.on(workday(desk.diary.today + timedelta(days=7)), name)


def between_accounts(desks: list[TrustDesk]) -> None:
    """Money of one matter moves from the first state's account to the second's."""
    giver, taker = desks
    matter = giver.richest()
    made = desk_transfers.account_transfer(
        giver.world, source=giver.bank.id, destination=taker.bank.id, matter=matter.id,
        amount=(giver.spare(matter) / 4).quantize(Decimal("0.01")), description="To the Seattle account",
    )  # fmt: skip
    giver.plant("account_transfer", made.id, "from one trust account to the other", resource="bank_transfers")


def nobody_knows(desk: TrustDesk, unidentified: Contact) -> None:
    """A wire that says nothing: held for nobody that is known."""
    row = desk_trust.trust_deposit(
        desk.world, client=unidentified.id, amount=desk.amount(300, 1200), bank_account=desk.bank.id,
        reference="WIRE 90017", source="Unknown sender",
    )  # fmt: skip
    desk.plant("unidentified", row.id, "nobody knows whose money this is")
