"""Ledgers with accounts of their own: the firm's file, and what its company and its three-way show."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.tenancy import firm_scope
from syncapp.core.ledger import account_of
from syncapp.emulators.qbo import backdoor
from syncapp.records.models import Case, Link
from tests.stage import Stage
from tests.trust import opened as at
from trust.queries import threeway

PARENT = at.IOLTA["liability"]
OWN = at.IOLTA | {"client_as": "sub-account", "opening": "none"}
TRUST_LIABILITY = ("Other Current Liability", "TrustAccountsLiabilities")
FAR = date(2030, 12, 31)
DAY = at.START + timedelta(days=9)


def below(on: Stage) -> dict[str, dict[str, Any]]:
    """The accounts below the trust liability, by name."""
    parent = on.company.account(PARENT)
    rows = on.company.store["Account"].values()
    return {row["Name"]: row for row in rows if (row.get("ParentRef") or {}).get("value") == parent}


def add(on: Stage, name: str, *, parent: str = PARENT, **more: Any) -> str:
    """A person makes an account below another; return its id."""
    above = on.company.account(parent)
    kind, detail = TRUST_LIABILITY
    given = {
        "Name": name,
        "AccountType": kind,
        "AccountSubType": detail,
        "ParentRef": {"value": above},
        **more,
    }
    return str(backdoor.add(on.company, "Account", given)["Id"])


def balances(on: Stage) -> dict[str, int]:
    """Cents owed on every account of the company that is not even, by id."""
    sums = on.company.ledger.sums(lambda line: (line.account,), until=FAR)
    return {account: -cents for (account,), cents in sums.items() if cents}


def held(on: Stage) -> dict[str, int]:
    """Cents on each ledger's account in the company, by ledger."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        links = Link.objects.filter(firm_id=on.firm.pk, object_kind="account", live=True)
        told = {
            key: account_of(subject) or ("", "") for key, subject in links.values_list("remote_id", "subject")
        }
    return {told[key][1]: cents for key, cents in balances(on).items() if key in told}


def journal(on: Stage, amount: str, debit: str, credit: str, *, day: date = DAY) -> str:
    """A person's journal entry between two accounts, by id; return its own id."""
    lines = [
        {
            "DetailType": "JournalEntryLineDetail",
            "Amount": Decimal(amount),
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}},
        }
        for side, account in (("Debit", debit), ("Credit", credit))
    ]
    return str(backdoor.add(on.company, "JournalEntry", {"TxnDate": day.isoformat(), "Line": lines})["Id"])


def cases(on: Stage, code: str) -> list[Case]:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return list(Case.objects.filter(firm_id=on.firm.pk, closed_at__isnull=True, code=code))


def assert_ties(on: Stage, *, but: frozenset[str] = frozenset()) -> None:
    """Bank = liability with all below it = ledgers = Tieout's lines; differences only of the kinds `but`."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        found = threeway.as_of(at.pair_in(on), at.START, FAR, bank=False)
    assert {one.kind.value for one in found.differences} <= but, found.differences
    assert found.books_bank == found.books_liability == found.tieout_lines == found.ledgers_positive
