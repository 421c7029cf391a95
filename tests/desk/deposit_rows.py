"""What the addresses of deposits ask for, and what they name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.roles import Permission
from accounts.tenancy import firm_scope
from mapping.models import MirrorAccount, Version
from syncapp.pipeline.deposits.wish import KIND, RESOURCE, number_of
from syncapp.pipeline.settling.planning_book import UNDEPOSITED
from syncapp.records.models import BankDeposit, BookRow, Document, Payout, PayoutCharge
from tests import cast
from tests.desk.books import NOW
from tests.matrix_rows import within

if TYPE_CHECKING:
    from accounts.models import Books, User
    from tests.cast import House

DAY = date(2026, 11, 12)


def undeposited(house: House, books: Books, *, payments: int = 3) -> None:
    """Let payments wait in Undeposited Funds, with a bank, an account for fees and a mapping in force."""
    firm = house.firm
    accounts = [
        ("35", "Operating Bank", "Bank", "Checking"),
        ("37", "Merchant Fees", "Expense", "BankCharges"),
        ("4", "Undeposited Funds", *UNDEPOSITED),
    ]
    with firm_scope(write=firm.pk):
        for remote_id, name, type_, subtype in accounts:
            MirrorAccount.objects.create(
                firm=firm,
                books=books,
                remote_id=remote_id,
                name=name,
                type=type_,
                subtype=subtype,
                seen_at=NOW,
            )
        start = dict.fromkeys(("bills", "payments", "credits"), "2026-01-01")
        Version.objects.create(
            firm=firm, books=books, number=1, state="published", started_at=NOW, published_at=NOW,
            options={"start": start, "payouts": {"fees": "Merchant Fees"}},
        )  # fmt: skip
        BookRow.objects.create(
            firm=firm, books=books, kind="customer", remote_id="58", name="Cedar Freight, Inc.", seen_at=NOW
        )
        for n in range(payments):
            lines = [{"account": "4", "amount": 150_000}, {"account": "84", "amount": -150_000}]
            BookRow.objects.create(
                firm=firm, books=books, kind="payment", remote_id=str(145 + n), day=date(2026, 11, 1 + n),
                total=150_000, customer="58", seen_at=NOW,
                data={"lines": lines, "account": "4", "reference": str(1001 + n)},
            )  # fmt: skip


def deposited(firm_id: int, books: Books, by: User, *, payments: int = 2) -> BankDeposit:
    """Keep a deposit of some payments that posts with the next run. In a writing scope."""
    rows = [
        {"kind": "payment", "id": str(145 + n), "amount": 150_000, "words": f"Payment {1001 + n}",
         "name": "Cedar Freight, Inc.", "reference": str(1001 + n), "day": "2026-11-10"}
        for n in range(payments)
    ]  # fmt: skip
    made = BankDeposit.objects.create(
        firm_id=firm_id, books=books, day=DAY, bank="35", bank_name="Operating Bank", rows=rows, by=by, at=NOW
    )
    Document.objects.create(
        firm_id=firm_id, kind=KIND, resource=RESOURCE, source_id=made.pk, number=number_of(made.pk),
        day=DAY, amount=made.total, read_at=NOW,
    )  # fmt: skip
    return made


def a_deposit(house: House) -> dict[str, Any]:
    """Name a deposit of the firm for an address."""
    books = cast.books(house, "theirs")
    with firm_scope(write=house.firm.pk):
        return {"deposit_id": deposited(house.firm.pk, books, house.bookkeeper).pk}


def paid_out(firm_id: int, books: Books, by: User) -> Payout:
    """Keep a payout of one charge and one of client money. In a writing scope."""
    made = Payout.objects.create(
        firm_id=firm_id,
        books=books,
        key="po_1",
        day=DAY,
        gross=150_000,
        fee=4_350,
        net=145_650,
        by=by,
        at=NOW,
    )
    for position, (gross, whole) in enumerate(((150_000, False), (300_000, True)), start=1):
        PayoutCharge.objects.create(
            firm_id=firm_id, payout=made, position=position, day=DAY, gross=gross, fee=4_350, whole=whole,
            reference=f"ch_{position}",
        )  # fmt: skip
    return made


def a_payout(house: House) -> dict[str, Any]:
    """Name a payout of the firm for an address."""
    books = cast.books(house, "theirs")
    with firm_scope(write=house.firm.pk):
        return {"payout_id": paid_out(house.firm.pk, books, house.bookkeeper).pk}


DEPOSITS = {
    "desk:payouts": within(Permission.SEE),
    "desk:payout_bring": within(Permission.APPROVE, method="post"),
    "desk:payout": within(Permission.SEE, args=a_payout),
    "desk:payout_choose": within(Permission.APPROVE, method="post", args=a_payout),
    "desk:payout_post": within(Permission.APPROVE, method="post", args=a_payout),
    "desk:retainers": within(Permission.SEE),
    "desk:retainers_file": within(Permission.EXPORT),
    "desk:cash_basis": within(Permission.SEE),
    "desk:cash_basis_file": within(Permission.EXPORT),
    "desk:deposits": within(Permission.SEE),
    "desk:deposits_file": within(Permission.EXPORT),
    "desk:slip": within(Permission.APPROVE),
    "desk:deposits_made": within(Permission.SEE),
    "desk:deposit": within(Permission.SEE, args=a_deposit),
    "desk:deposit_take_back": within(
        Permission.APPROVE, method="post", args=a_deposit, body={"reason": "Another day"}
    ),
}
