"""Client money, counted without the product: Clio's trust rows against the company's ledger, every day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Mapping
from datetime import date
from typing import Any

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.emulators.qbo.company import Company
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

END = date(2030, 12, 31)

type Sums = dict[str, int]
type Moves = dict[date, Counter[tuple[str, str]]]  # by day: account in Clio and ledger, cents


def trust_file(**changes: Any) -> dict[str, Any]:
    """A firm file with one trust pair; `changes` of the pair."""
    return firm_file(trust=[{**IOLTA, **changes}])


def clio_moves(stage: Stage, *, but: Container[int] = ()) -> Moves:
    """What Clio's own rows do to each ledger of each account that is set up, by day, from the start on.

    What was there before stands on the first day, where the firm opens with it. `but` are rows left out.
    """
    names = {pair["clio_account"] for pair in pairs_of(stage)}
    found: Moves = defaultdict(Counter)
    opened = {pair["clio_account"] for pair in pairs_of(stage) if pair["opening"] == "clio"}
    for row in stage.world.all(BankTransaction):
        account = stage.world.get(BankAccount, row.bank_account_id)
        if account.name in (names if row.date >= START else opened) and row.id not in but:
            found[max(row.date, START)][account.name, ledger_of(row)] += int(row.amount * 100)
    return found


def ledger_of(row: BankTransaction) -> str:
    """Whose money a row of Clio is."""
    if row.matter_id:
        return f"matters/{row.matter_id}"
    return f"contacts/{row.client_id}" if row.client_id else NOBODYS.get(row.transaction_type, "trust/firm")


def books_moves(stage: Stage, company: Company | None = None) -> tuple[Moves, Moves]:
    """What stands on the trust banks by day, and on the liabilities by ledger; of any copy of the books.

    A ledger is a customer on the liability, or an account below it. What was there before the start stands
    on the first day.
    """
    ours = company or stage.company
    shown = Shown(ours, stage.world, stage.file)
    said = {**NAMES, **stage.file["books"][0].get("customers", {})}
    own = {said[key]: ledger for key, ledger in OURS.items()}
    who = {i: own.get(c["DisplayName"], shown.subject[i]) for i, c in ours.store["Customer"].items()}
    banks = {pair["bank"]: pair["clio_account"] for pair in pairs_of(stage)}
    owed = {pair["liability"]: pair["clio_account"] for pair in pairs_of(stage)}
    bank: Moves = defaultdict(Counter)
    ledgers: Moves = defaultdict(Counter)
    for entry in ours.ledger.entries():
        day = max(entry.day, START)
        for line in entry.lines:
            name, _, below = shown.account(line.account).partition(":")
            if name in banks:
                bank[day][banks[name], ""] += line.minor
            elif name in owed:
                mine = (
                    own.get(below) or shown.of(below, sub=True) if below else who.get(line.customer or "", "")
                )
                ledgers[day][owed[name], mine] -= line.minor
    return bank, ledgers


def tieout_moves(stage: Stage) -> Moves:
    """What our own posted lines say of each ledger, by day."""
    names = {
        i: one["FullyQualifiedName"].partition(":")[0] for i, one in stage.company.store["Account"].items()
    }
    owed = {pair["liability"]: pair["clio_account"] for pair in pairs_of(stage)}
    found: Moves = defaultdict(Counter)
    with firm_scope(write=None, reads=[stage.firm.pk]):
        lines = PostedLine.objects.filter(firm_id=stage.firm.pk).exclude(ledger__in=["", "trust/untagged"])
        for day, account, ledger, minor in lines.values_list("entry__day", "account", "ledger", "minor"):
            found[day][owed[names[account]], ledger] -= minor
    return found


def pairs_of(stage: Stage) -> list[dict[str, Any]]:
    """The trust accounts of the firm file."""
    found: list[dict[str, Any]] = stage.file["books"][0].get("trust", [])
    return found


def upto(moves: Moves, pair: Mapping[str, Any], until: date) -> Sums:
    """Cents of each ledger of one account on a day."""
    total: Counter[str] = Counter()
    for day, sums in moves.items():
        if day <= until:
            total.update({key: cents for (name, key), cents in sums.items() if name == pair["clio_account"]})
    return {key: cents for key, cents in total.items() if cents}


def in_clio(stage: Stage, pair: Mapping[str, Any], until: date) -> Sums:
    """Cents of each ledger by Clio's own rows, from the start on."""
    return upto(clio_moves(stage), pair, until)


def assert_money(stage: Stage, *, but: Mapping[str, int] | None = None) -> None:
    """On every day: Σ ledgers = trust liability = trust bank, ledger by ledger, in Clio, here and there.

    `but` are the cents of each ledger that are held, and so missing in the books: then the last day counts.
    """
    clio, (bank, ledgers), tieout = clio_moves(stage), books_moves(stage), tieout_moves(stage)
    shown = Shown(stage.company, stage.world, stage.file)
    days = sorted({row.date for row in stage.world.all(BankTransaction) if row.date >= START})
    for day in [END] if but is not None else [*days, END]:
        balances = {name: cents for (name,), cents in shown.trial_balance(until=day).items()}
        for pair in pairs_of(stage):
            sums = Counter(upto(clio, pair, day))
            sums.subtract(but or {})
            wanted = {key: cents for key, cents in sums.items() if cents}
            held = upto(ledgers, pair, day)
            assert held == wanted, (day, held, wanted, stage.exceptions())
            at_bank, owed = balances.get(pair["bank"], 0), -balances.get(pair["liability"], 0)
            assert at_bank == owed == sums.total(), (day, at_bank, owed, sums.total())
            assert upto(bank, pair, day).get("", 0) == at_bank, day
            assert upto(tieout, pair, day) == wanted, day


def assert_walled(stage: Stage) -> None:
    """No entry of the company touches client money and anything else."""
    shown = Shown(stage.company, stage.world, stage.file)
    walled = {pair[side] for pair in stage.file["books"][0]["trust"] for side in ("bank", "liability")}
    for entry in stage.company.ledger.entries():
        names = {shown.account(line.account).partition(":")[0] for line in entry.lines}
        assert not (names & walled) or names <= walled, (entry.key, names)
