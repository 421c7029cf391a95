"""One month of one trust account that ties, and the pair it is of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from accounts.tenancy import firm_scope
from tests import cast
from trust.actions import naming
from trust.models import TrustPair
from trust.signing.figures import Figures, Item, LedgerLine, StatementFile

if TYPE_CHECKING:
    from tests.cast import House

AT = datetime(2026, 10, 10, 15, 0, tzinfo=UTC)
TODAY = date(2026, 10, 10)
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
LEDGERS = (
    LedgerLine(key="matters/1", name="00001 Ash", balance=100_00, last_day=date(2026, 9, 3)),
    LedgerLine(key="matters/2", name="00002 Birch", balance=50_00, last_day=LAST),
)
SEPTEMBER = Figures(
    account="IOLTA",
    first=FIRST,
    last=LAST,
    currency="USD",
    statement=175_00,
    deposits=(Item(subject="bank_transactions/9", day=LAST, amount=25_00, payee="Ash"),),
    checks=(Item(subject="bank_transactions/8", day=LAST, amount=-50_00, check="1042", payee="Clerk"),),
    adjusted_bank=150_00,
    books_bank=150_00,
    books_liability=150_00,
    ledgers=LEDGERS,
    tieout_lines=150_00,
    held=(),
    equal=True,
    signable=True,
    files=(StatementFile(name="september.qbo", sha256="ab" * 32),),
)


def pair(house: House, *, jurisdiction: str = "NC", name: str = "IOLTA", bank: int = 5) -> TrustPair:
    """Set up a trust account of the firm, from July 2026 on."""
    books = cast.books(house, f"books of {name}")
    with firm_scope(write=house.firm.pk):
        return TrustPair.objects.create(
            firm=house.firm,
            books=books,
            clio_account=name,
            bank=str(bank),
            liability=str(bank + 1),
            operating="9",
            start=date(2026, 7, 1),
            post=["deposit", "disbursement"],
            jurisdiction=jurisdiction,
            last_digits="7725",
            at=AT,
        )


def approve_text(house: House, code: str = "NC") -> None:
    """Let the partner approve the certification text of a place."""
    with firm_scope(write=house.firm.pk):
        naming.set_rule(
            firm_id=house.firm.pk,
            code=code,
            key="certification",
            words="I certify that I have reviewed this.",
            value="",
            source="The firm's own counsel",
            dated="1 Oct 2026",
            actor=house.partner,
            now=AT,
        )
