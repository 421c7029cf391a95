"""A trust account with its statement and its entries in the books, for the tests of matching."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from accounts.models import Books
from accounts.tenancy import firm_scope
from syncapp.records.models import BookRow
from tests import cast
from tests.cast import House
from trust.models import Statement, StatementFile, StatementLine, TrustPair
from trust.nouns import BankLine

START = date(2026, 9, 1)
BANK, LIABILITY = "35", "41"


def pair(house: House, *, books: Books | None = None, **more: Any) -> TrustPair:
    """Make a trust account of a firm."""
    of = books or cast.books(house)
    values = {"clio_account": "IOLTA", "bank": BANK, "liability": LIABILITY, "start": START, "at": cast.NOW}
    with firm_scope(write=house.firm.pk):
        return TrustPair.objects.create(firm=house.firm, books=of, **(values | more))


def bank(
    of: TrustPair,
    lines: Iterable[BankLine],
    *,
    opening: int = 0,
    first: date = START,
    last: date | None = None,
) -> Statement:
    """Import a statement with these lines, without a reader."""
    listed = list(lines)
    days = [line.day for line in listed]
    firm = of.firm_id
    name = " ".join([*([f"{first} {opening}"] if first != START else []), *(line.id for line in listed)])
    digest = sha256(name.encode()).hexdigest()
    with firm_scope(write=firm):
        file = StatementFile.objects.create(
            firm_id=firm, name="september.ofx", content=b"", size=0, sha256=digest,
            reader="test", version="1", at=cast.NOW,
        )  # fmt: skip
        made = Statement.objects.create(
            firm_id=firm, pair=of, file=file, opening=opening,
            closing=opening + sum(line.amount for line in listed), first_day=min([first, *days]),
            last_day=last or max([first, *days]), seen=len(listed), at=cast.NOW,
        )  # fmt: skip
        StatementLine.objects.bulk_create(
            StatementLine(
                firm_id=firm, pair=of, statement=made, identity=line.id, position=number, day=line.day,
                amount=line.amount, check_number=line.check, reference=line.reference, text=line.text,
            )
            for number, line in enumerate(listed)
        )  # fmt: skip
    return made


def booked(of: TrustPair, number: str, day: date, amount: int, *, payee: str = "", check: str = "") -> str:
    """Put an entry on the trust bank and its liability into the books; return its natural key."""
    kind = "check" if check else "journal"
    lines = [{"account": of.bank, "amount": amount}, {"account": of.liability, "amount": -amount}]
    with firm_scope(write=of.firm_id):
        BookRow.objects.create(
            firm_id=of.firm_id, books_id=of.books_id, kind=kind, remote_id=number, number=check, name=payee,
            day=day, total=abs(amount), data={"lines": lines}, seen_at=cast.NOW,
        )  # fmt: skip
    return f"books/{kind}:{number}"


def unbooked(of: TrustPair, key: str) -> None:
    """Take an entry out of the books again, as a person does in QuickBooks."""
    with firm_scope(write=of.firm_id):
        BookRow.objects.filter(firm_id=of.firm_id, remote_id=key.partition(":")[2]).update(deleted=True)
