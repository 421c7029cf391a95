"""The whole trust year of one seed: Clio's firm, its two accounts at their banks, the faults between them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from syncapp.emulators.clio.diary import month_after
from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.world import END, trust
from syncapp.emulators.trust_year.account import Kept
from syncapp.emulators.trust_year.clearing import Cleared, clear, minor
from syncapp.emulators.trust_year.planting import Fault, plant_open, plant_settled

MONTHS = 12
FEED_DAYS = 5


@dataclass(slots=True, kw_only=True)
class TrustYear:
    """A firm of one seed. `open_fault` is the one that keeps its account's last month from tying."""

    seed: int
    start: date
    end: date
    world: World
    accounts: dict[str, Cleared]
    faults: list[Fault]
    open_fault: Fault
    twin: BankTransaction

    @property
    def months(self) -> list[date]:
        """The first days of the twelve months."""
        return [month_after(self.start, i) for i in range(MONTHS)]

    def kept(self, name: str) -> Kept:
        """An account at its bank, by Clio's name or the end of its number. Raises KeyError."""
        for found in (c.kept for c in self.accounts.values()):
            if found.name == name or found.number.endswith(name):
                return found
        raise KeyError(name)

    def files(self) -> Iterator[tuple[str, date, str, bytes]]:
        """Every month's statement of every account: its name in Clio, the month, the file."""
        for name, cleared in self.accounts.items():
            for month in self.months:
                yield name, month, *cleared.kept.file(month)

    def opening(self, name: str) -> int:
        """Cents in an account on the day before the first, in Clio as at the bank."""
        bank = self.accounts[name].bank.id
        rows = (t for t in self.world.all(BankTransaction) if t.bank_account_id == bank)
        return sum(minor(t) for t in rows if t.date < self.start)


def trust_year(
    seed: int = 7, *, end: date = END, account_id: int = 1, account_name: str = "Ash & Birch LLP"
) -> TrustYear:
    """Make the year of a seed; the same seed gives the same firm, lines and faults."""
    world = trust(seed, end, account_id=account_id, account_name=account_name)
    chance = random.Random(f"bank {seed}")  # noqa: S311
    start = month_after(end, -(MONTHS - 1))
    months = [month_after(start, i) for i in range(MONTHS)]
    banks = [a for a in world.all(BankAccount) if a.type == "Trust"]
    accounts = {bank.name: clear(world, bank, chance=chance, end=end) for bank in banks}
    twin, its_month = _twin(world, accounts, chance, months)
    settled = [
        fault
        for cleared in accounts.values()
        for fault in plant_settled(world, cleared, chance, [m for m in months[1:-1] if m != its_month])
    ]
    wrong = accounts[open_account(world)]
    found = plant_open(world, wrong, chance, months[-1])
    return TrustYear(
        seed=seed,
        start=start,
        end=end,
        world=world,
        accounts=accounts,
        faults=[*settled, *_stale(world, accounts), _feed(twin, accounts), found],
        open_fault=found,
        twin=twin,
    )


def open_account(world: World) -> str:
    """The name of the account whose last month does not tie, and which has the stale checks."""
    planted = next(p for p in world.planted if p.kind == "stale_check")
    return planted.note.partition(":")[0]


def _stale(world: World, accounts: dict[str, Cleared]) -> list[Fault]:
    """Checks that nobody cashed: outstanding to the end, and too old in the last month."""
    rows = [world.get(BankTransaction, p.id) for p in world.planted if p.kind == "stale_check"]
    names = {cleared.bank.id: name for name, cleared in accounts.items()}
    return [
        Fault(
            kind="stale_check", account=names[row.bank_account_id], day=row.date, amount=0, row=row.id,
            matter=row.matter_id, cause="never paid by the bank",
        )
        for row in rows
    ]  # fmt: skip


def _twin(
    world: World, accounts: dict[str, Cleared], chance: random.Random, months: list[date]
) -> tuple[BankTransaction, date]:
    """A check that the bank's own feed wrote into QuickBooks, at most five days after Clio; and its month."""
    name = next(n for n in accounts if n != open_account(world))
    checks = [
        (row, line.day.replace(day=1))
        for line, row in accounts[name].alone(months[1], months[-1])
        if line.check and row.date >= months[1] and (line.day - row.date).days <= FEED_DAYS
    ]
    return chance.choice(checks)


def _feed(row: BankTransaction, accounts: dict[str, Cleared]) -> Fault:
    name = next(n for n, cleared in accounts.items() if cleared.bank.id == row.bank_account_id)
    return Fault(
        kind="feed_twin", account=name, day=row.date, amount=0, row=row.id, matter=row.matter_id,
        cause="the bank feed wrote this check into QuickBooks by itself",
    )  # fmt: skip
