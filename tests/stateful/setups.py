"""How the firm of a history has set up its client money: each way is a ground of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.emulators.qbo import backdoor
from syncapp.emulators.qbo.company import Company
from tests.road.clientmoney import IOLTA, START
from tests.stage import Stage, firm_file
from tests.trust.opened import BEFORE

SECOND: dict[str, Any] = {
    **IOLTA,
    "clio_account": "IOLTA Seattle",
    "bank": "IOLTA Seattle Trust Account",
    "liability": "Client Funds Held in Trust Seattle",
}
CHECKS = {"disbursement_as": "check"}
OWN = {"client_as": "sub-account"}
OPENED = {"opening": "clio"}
PARTNER, OTHER = "partner@ash-birch.test", "second@ash-birch.test"
POSTED = frozenset(IOLTA["post"])
LIMIT = 600
HELD = Decimal("200.10")  # before the start, of each matter in each account of a firm that opens with it
MISSING = Decimal("25.00")  # of the second account's opening, until a person enters it


@dataclass(frozen=True, slots=True)
class Setup:
    """What the firm chose for its first and its second trust account, and for both."""

    first: Mapping[str, Any] = field(default_factory=dict)
    second: Mapping[str, Any] = field(default_factory=dict)
    firm: Mapping[str, Any] = field(default_factory=dict)

    @property
    def opened(self) -> bool:
        """Whether the accounts held money before the start."""
        return "opening" in self.first

    @property
    def limited(self) -> bool:
        """Whether entries wait for approval."""
        return "approvals" in self.firm

    def file(self) -> dict[str, Any]:
        """The firm file with both trust accounts."""
        file = firm_file(trust=[{**IOLTA, **self.first}, {**SECOND, **self.second}])
        people = [(PARTNER, "partner"), (OTHER, "bookkeeper")]
        file["people"] += [{"email": address, "role": role} for address, role in people]
        return file | dict(self.firm)


SETUPS = {
    "plain": Setup(),
    "own accounts": Setup(first=OWN | CHECKS, second=CHECKS, firm={"client_money": {"below_zero": "hold"}}),
    "opened": Setup(first=OPENED, second=OPENED | OWN),
    "feed": Setup(
        first={"post": sorted(POSTED - {"disbursement", "bill_payment"})},
        second={"post": sorted(POSTED - {"deposit"}), **CHECKS},
    ),
    "limit": Setup(second=CHECKS, firm={"approvals": {"trust_over": f"{LIMIT}.00"}}),
}


def open_books(company: Company, pair: Mapping[str, Any], amount: Decimal) -> None:
    """A person enters what stood in trust before the start, or less: bank and liability, without a name."""
    sides = ("bank", "liability") if amount > 0 else ("liability", "bank")
    lines = [
        {
            "Amount": abs(amount),
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {
                "PostingType": side,
                "AccountRef": {"value": company.account(pair[where])},
            },
        }
        for side, where in zip(("Debit", "Credit"), sides, strict=True)
    ]
    backdoor.add(
        company,
        "JournalEntry",
        {"TxnDate": BEFORE.isoformat(), "PrivateNote": "before Tieout", "Line": lines},
    )


def hold_before(firm: Stage) -> None:
    """Clients have money in both accounts before the start; the books of the second one lack some of it."""
    accounts = [one.id for one in firm.world.tables["BankAccount"].values() if one.type == "Trust"]
    matters = list(firm.world.tables["Matter"])
    for account in accounts:
        for matter in matters:
            firm.desk("trust_deposit", matter=matter, amount=HELD, date=BEFORE, bank_account=account)
    whole = HELD * len(matters)
    open_books(firm.company, IOLTA, whole)
    open_books(firm.company, SECOND, whole - MISSING)


def missing(firm: Stage) -> Decimal:
    """What the books' second trust bank lacks of what Clio says was there before the start."""
    (account,) = [one for one in firm.world.all(BankAccount) if one.name == SECOND["clio_account"]]
    rows = [row for row in firm.world.all(BankTransaction) if row.bank_account_id == account.id]
    told = sum((row.amount for row in rows if row.date < START), Decimal(0))
    bank = firm.company.account(SECOND["bank"])
    entries = [entry for entry in firm.company.ledger.entries() if entry.day < START]
    stands = sum(line.minor for entry in entries for line in entry.lines if line.account == bank)
    return told - Decimal(stands) / 100
