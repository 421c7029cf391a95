"""QuickBooks as the bookkeeper left it: two trust pairs, what they held on the first day, a feed's twin."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from syncapp.emulators.qbo.company import Company, Obj
from syncapp.emulators.qbo.seed import BOOKKEEPER, OTHER_LIABILITY, law_firm
from syncapp.emulators.qbo.writing import Act, create
from syncapp.emulators.trust_year.clearing import minor
from syncapp.emulators.trust_year.year import TrustYear
from syncapp.emulators.wire import Clock

FEED = Act(who="Bank feed")
PAIRS = {
    "IOLTA": ("IOLTA Trust Account", "Client Funds Held in Trust"),
    "IOLTA Seattle": ("IOLTA Seattle Trust Account", "Client Funds Held in Trust Seattle"),
}
FIRST_REALM = 9_341_450_000_000_000
OPENING_BANK = Decimal("48250.00")


def trust_company(year: TrustYear, *, clock: Clock | None = None) -> Company:
    """The books of the trust year before Tieout: client money stands there, and no line says whose."""
    name = year.world.account_name
    realm = str(FIRST_REALM + year.world.account_id * 100_000 + year.seed)
    co = law_firm(seed=year.seed, realm=realm, name=name, clock=clock, opening_bank=OPENING_BANK)
    bank, liability = PAIRS["IOLTA Seattle"]
    for account, kind, subtype in (
        (bank, "Bank", "TrustAccounts"),
        (liability, OTHER_LIABILITY, "TrustAccountsLiabilities"),
    ):
        create(co, "Account", {"Name": account, "AccountType": kind, "AccountSubType": subtype}, BOOKKEEPER)
    for clio_account, pair in PAIRS.items():
        _opening(co, year, clio_account, pair)
    _feed_twin(co, year)
    return co


def _opening(co: Company, year: TrustYear, clio_account: str, pair: tuple[str, str]) -> None:
    held = Decimal(year.opening(clio_account)) / 100
    lines = [
        {
            "Amount": held,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": co.account(account)}},
        }
        for side, account in zip(("Debit", "Credit"), pair, strict=True)
    ]
    entry: Obj = {
        "TxnDate": (year.start - timedelta(days=1)).isoformat(),
        "Line": lines,
        "DocNumber": f"TRUST-{year.kept(clio_account).number[-4:]}",
        "PrivateNote": "Client money on the first day",
    }
    create(co, "JournalEntry", entry, BOOKKEEPER)


def _feed_twin(co: Company, year: TrustYear) -> None:
    """A check as a bank feed writes it: the bank's day, the liability, no client."""
    row = year.twin
    bank, liability = PAIRS[year.world.tables["BankAccount"][row.bank_account_id].name]
    payee = create(co, "Vendor", {"DisplayName": row.source}, FEED)
    line = year.accounts[year.world.tables["BankAccount"][row.bank_account_id].name]
    paid = next(each for each in line.kept.lines if any(r.id == row.id for r in line.rows.get(each.id, ())))
    check: Obj = {
        "PaymentType": "Check",
        "TxnDate": paid.day.isoformat(),
        "DocNumber": row.confirmation,
        "AccountRef": {"value": co.account(bank)},
        "EntityRef": {"value": payee["Id"], "type": "Vendor"},
        "PrivateNote": paid.text,
        "Line": [
            {
                "Amount": Decimal(-minor(row)) / 100,
                "DetailType": "AccountBasedExpenseLineDetail",
                "AccountBasedExpenseLineDetail": {"AccountRef": {"value": co.account(liability)}},
            }
        ],
    }
    create(co, "Purchase", check, FEED)
