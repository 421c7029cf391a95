"""What a bookkeeper of the demonstration has deposited: a slip for each past month, and a card payout.

The youngest receipts are left where they are, so that there is something to tick.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from accounts.tenancy import firm_scope
from syncapp.core.money import text
from syncapp.pipeline.deposits import actions, payouts, waiting
from syncapp.records.models import BankDeposit

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Books, Firm, User
    from syncapp.pipeline.deposits.waiting import Waits

OF_PAYOUT = 3  # receipts
FEE = 29  # thousandths of a charge
HEADS = "Payout ID,Date,Gross,Fee,Net,Reference"


def deposit(*, firm: Firm, books: Books, by: User, now: datetime) -> int:
    """Deposit what waits in Undeposited Funds but for the last month; return how many deposits were made.

    Of the last month a payout is brought in, with a charge that nobody has recorded in Clio.
    """
    made, left = past_months(firm=firm, books=books, by=by, now=now)
    if left:
        bring(firm=firm, books=books, by=by, now=now, file=_file(left[:OF_PAYOUT]))
    return made


def past_months(*, firm: Firm, books: Books, by: User, now: datetime) -> tuple[int, list[Waits]]:
    """Deposit what waits month by month, but for the last; return how many, and what waits still."""
    with firm_scope(write=None, reads=[firm.pk]):
        waits = waiting.read(firm_id=firm.pk, books_id=books.pk).waits
        banks = actions.places(firm_id=firm.pk, books_id=books.pk).banks
    months = [list(some) for _, some in groupby(waits, key=lambda one: (one.day.year, one.day.month))]
    made = 0
    for month in months[:-1]:
        slip = actions.Slip(day=month[-1].day, bank=banks[0].id, keys=[one.key for one in month])
        done = actions.make(firm_id=firm.pk, books_id=books.pk, slip=slip, by=by, now=now)
        made += isinstance(done, BankDeposit)
    return made, months[-1] if months else []


def bring(*, firm: Firm, books: Books, by: User, now: datetime, file: bytes) -> None:
    """Bring a card processor's file in."""
    payouts.bring(
        firm_id=firm.pk, books_id=books.pk, name="payouts.csv", data=file, currency=firm.currency, by=by,
        now=now,
    )  # fmt: skip


def _file(receipts: list[Waits]) -> bytes:
    """Write the processor's file of some receipts: one payout that is whole, one with a charge too many."""
    rows = [f"po_1001,{one.day},{_sums(one.amount)},{one.reference}" for one in receipts]
    if receipts:
        rows.append(f"po_1002,{receipts[-1].day},{_sums(42_500)},ch_9917")
    return "\n".join([HEADS, *rows]).encode()


def _sums(amount: int) -> str:
    fee = amount * FEE // 1000
    return f"{text(amount)},{text(fee)},{text(amount - fee)}"
