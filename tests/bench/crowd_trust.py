"""The client money of a firm of the crowd as its bank tells it: a statement a month, its lines matched."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.core import codec
from syncapp.core.documents import Money
from syncapp.core.ledger import TrustBankLine, TrustJournalDraft, TrustLedgerLine
from syncapp.records.models import Document
from tests.trust import world as trusted
from trust.matching import How
from trust.models import Match, MatchPart
from trust.models.matches import AUTOMATIC, BANK, BOOKS
from trust.nouns import BankLine

if TYPE_CHECKING:
    from trust.models import TrustPair

BANK_ACCOUNT, LIABILITY, OPERATING = "9035", "9041", "9036"
MONTHS = 12
EVERY = 160  # posted lines, of which eight are of client money
FREE = 2  # of the last month, that no statement line explains yet


def moves(size: int) -> int:
    """Return how many movements of client money, of two lines each, are among the posted lines of a firm."""
    return size // EVERY * 4


def since(today: date) -> date:
    """Return the first day of the month a year before the present one."""
    return today.replace(year=today.year - 1, day=1)


def forms(today: date) -> dict[str, Any]:
    """Return the forms of a movement as Clio said it and as it was posted, to be filled in by SQL."""
    said = Money(
        id=0,
        day=today,
        currency="USD",
        amount=0,
        trust=True,
        bank_account="IOLTA",
        counterparty="Client of ~number~",
        description="Retainer and its use, as agreed",
    )
    draft = TrustJournalDraft(
        number="~number~",
        day=today,
        banks=(TrustBankLine(account=BANK_ACCOUNT, amount=1),),
        ledgers=(TrustLedgerLine(account=LIABILITY, ledger="matters/", customer="matters/", amount=-1),),
    )
    money, entry = codec.to_json(said), codec.to_json(draft)
    money |= {"id": "#i#", "day": "~day~", "amount": "#amount#"}
    money |= {"client_id": "#client#", "matter_id": "#matter#"}
    entry |= {"day": "~day~"}
    entry["banks"][0]["amount"] = "#amount#"
    entry["ledgers"][0]["amount"] = "#owed#"
    return {"money_form": money, "journal_form": entry}


def tell(pair: TrustPair, today: date) -> None:
    """Bring in a statement for each month that is over, and match its lines with what was posted."""
    rows = Document.objects.filter(firm_id=pair.firm_id, kind="money", day__lt=today.replace(day=1))
    with firm_scope(write=None, reads=[pair.firm_id]):
        moved = list(rows.order_by("day", "source_id").values_list("source_id", "day", "amount"))
    listed = [
        BankLine(id=f"B{key}", day=day, amount=amount, text=f"MOVEMENT {key}")
        for key, day, amount in moved
        if day is not None
    ]
    opening, first = 0, pair.start
    while first < today.replace(day=1):
        after = (first + timedelta(days=31)).replace(day=1)
        month = [line for line in listed if first <= line.day < after]
        made = trusted.bank(pair, month, opening=opening, first=first, last=after - timedelta(days=1))
        opening, first = made.closing, after
    _match(pair, moved[:-FREE])


def _match(pair: TrustPair, moved: list[Any]) -> None:
    now = timezone.now()
    with firm_scope(write=pair.firm_id):
        matches = Match.objects.bulk_create(
            Match(firm_id=pair.firm_id, pair=pair, how=How.EXACT.value, made=AUTOMATIC, at=now) for _ in moved
        )
        MatchPart.objects.bulk_create(
            MatchPart(
                firm_id=pair.firm_id, pair=pair, match=match, side=side, key=name, day=day, amount=amount
            )
            for match, (key, day, amount) in zip(matches, moved, strict=True)
            for side, name in ((BANK, f"B{key}"), (BOOKS, f"bank_transactions/{key}"))
        )
