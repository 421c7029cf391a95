"""Client money, counted without the product: Clio's trust rows against the company's ledger, every day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.records.models import PostedLine
from tests.oracle.company import Shown
from tests.stage import Stage, firm_file

START = date(2025, 11, 1)
IOLTA: dict[str, Any] = {
    "clio_account": "IOLTA",
    "kind": "pooled",
    "operating": "Operating Bank",
    "bank": "IOLTA Trust Account",
    "liability": "Client Funds Held in Trust",
    "client_as": "customer",
    "opening": "none",
    "post": ["deposit", "disbursement", "refund", "transfer", "bill_payment", "interest", "bank_charge"],
}
OURS = {"firm_funds": "trust/firm", "trust_interest": "trust/interest"}
NAMES = {"firm_funds": "Firm funds in trust", "trust_interest": "IOLTA interest"}
NOBODYS = {"trust_interest": "trust/interest", "bank_charge": "trust/firm"}

type Sums = dict[str, int]


def trust_file(**changes: Any) -> dict[str, Any]:
    """A firm file with one trust pair; `changes` of the pair."""
    return firm_file(trust=[{**IOLTA, **changes}])


def in_clio(stage: Stage, pair: Mapping[str, Any], until: date) -> Sums:
    """Cents of each ledger by Clio's own rows, from the start on."""
    found: Counter[str] = Counter()
    for row in stage.world.all(BankTransaction):
        account = stage.world.get(BankAccount, row.bank_account_id)
        if account.name == pair["clio_account"] and START <= row.date <= until:
            found[_ledger(row)] += int(row.amount * 100)
    return {key: cents for key, cents in found.items() if cents}


def _ledger(row: BankTransaction) -> str:
    if row.matter_id:
        return f"matters/{row.matter_id}"
    return f"contacts/{row.client_id}" if row.client_id else NOBODYS.get(row.transaction_type, "trust/firm")


def in_books(stage: Stage, pair: Mapping[str, Any], until: date) -> tuple[int, int, Sums]:
    """Cents on the trust bank, on the trust liability, and of each customer there."""
    shown = Shown(stage.company, stage.world, stage.file)
    balances = {name: cents for (name,), cents in shown.trial_balance(until=until).items()}
    said = {**NAMES, **stage.file["books"][0].get("customers", {})}
    ours = {said[key]: ledger for key, ledger in OURS.items()}
    names = {
        i: ours.get(c["DisplayName"], shown.subject[i]) for i, c in stage.company.store["Customer"].items()
    }
    sums = stage.company.ledger.sums(
        lambda line: (shown.account(line.account), names.get(line.customer or "", "")), until=until
    )
    held = {who: -cents for (name, who), cents in sums.items() if name == pair["liability"] and cents}
    return balances.get(pair["bank"], 0), -balances.get(pair["liability"], 0), held


def in_tieout(stage: Stage, until: date) -> Sums:
    """Cents of each ledger by our own posted lines."""
    found: Counter[str] = Counter()
    with firm_scope(write=None, reads=[stage.firm.pk]):
        lines = PostedLine.objects.filter(firm_id=stage.firm.pk, entry__day__lte=until).exclude(ledger="")
        for ledger, minor in lines.values_list("ledger", "minor"):
            found[ledger] -= minor
    return {key: cents for key, cents in found.items() if cents}


def assert_money(stage: Stage, *, but: Mapping[str, int] | None = None) -> None:
    """On every day: Σ ledgers = trust liability = trust bank, ledger by ledger, in Clio, here and there.

    `but` are the cents of each ledger that are held, and so missing in the books.
    """
    pairs = stage.file["books"][0]["trust"]
    days = sorted({row.date for row in stage.world.all(BankTransaction) if row.date >= START})
    for day in [*days, date(2030, 12, 31)]:
        everywhere: Counter[str] = Counter()
        for pair in pairs:
            wanted = Counter(in_clio(stage, pair, day))
            if but is not None and day == date(2030, 12, 31):
                wanted.subtract(but)
            elif but is not None:
                continue
            wanted = Counter({key: cents for key, cents in wanted.items() if cents})
            bank, liability, held = in_books(stage, pair, day)
            assert held == dict(wanted), (day, held, dict(wanted), stage.exceptions())
            assert bank == liability == wanted.total(), (day, bank, liability, wanted.total())
            everywhere.update(wanted)
        if but is None or day == date(2030, 12, 31):
            assert in_tieout(stage, day) == {k: v for k, v in everywhere.items() if v}, day


def assert_walled(stage: Stage) -> None:
    """No entry of the company touches client money and anything else."""
    shown = Shown(stage.company, stage.world, stage.file)
    walled = {pair[side] for pair in stage.file["books"][0]["trust"] for side in ("bank", "liability")}
    for entry in stage.company.ledger.entries():
        names = {shown.account(line.account) for line in entry.lines}
        assert not (names & walled) or names <= walled, (entry.key, names)
