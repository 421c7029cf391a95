"""A firm whose trust account held money before its start, in Clio and in its books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor
from tests.stage import Stage, firm_file
from trust.models import Opening, TrustPair

START = date(2025, 11, 1)  # the stage's own
BEFORE = date(2025, 10, 20)
IOLTA = {
    "clio_account": "IOLTA",
    "operating": "Operating Bank",
    "bank": "IOLTA Trust Account",
    "liability": "Client Funds Held in Trust",
    "opening": "clio",
}


def file_with(*trust: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The stage's firm file with trust accounts."""
    file = firm_file(**changes)
    file["books"][0]["trust"] = list(trust)
    return file


def trust_account(on: Stage) -> str:
    """The name of the firm's trust account in Clio."""
    return str(next(a.name for a in on.world.tables["BankAccount"].values() if a.type == "Trust"))


def matter(on: Stage, name: str) -> int:
    """A matter of a new client."""
    client = on.desk("create_client", name=name)
    made = on.desk("create_matter", client=client.id, description="Supply dispute", open_date=BEFORE)
    return int(made.id)


def deposit(on: Stage, of: int, amount: str, *, day: date = BEFORE) -> None:
    """Client money comes in."""
    on.desk("trust_deposit", matter=of, amount=Decimal(amount), date=day)


def in_books(on: Stage, amount: str, *, day: date = BEFORE, liability: str = IOLTA["liability"]) -> None:
    """The books' trust bank and liability before Tieout: one entry that names nobody."""
    ids = {row["Name"]: key for key, row in on.company.store["Account"].items()}
    lines = [
        {
            "DetailType": "JournalEntryLineDetail",
            "Amount": Decimal(amount),
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": ids[name]}},
        }
        for side, name in (("Debit", IOLTA["bank"]), ("Credit", liability))
    ]
    backdoor.add(on.company, "JournalEntry", {"TxnDate": day.isoformat(), "Line": lines})


def opening(on: Stage) -> Opening:
    """The opening of the one trust account as it stands."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        return Opening.objects.select_related("pair").get(firm_id=on.firm.pk)


def pair(on: Stage) -> TrustPair:
    """The one trust account."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        return TrustPair.objects.get(firm_id=on.firm.pk)


def pair_in(on: Stage) -> TrustPair:
    """The one trust account, in an open scope."""
    return TrustPair.objects.get(firm_id=on.firm.pk)
