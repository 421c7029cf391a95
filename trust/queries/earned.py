"""What is earned and not moved in a trust account: the list that a partner signs, how signed ones stand."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from trust.lists import Earned, Left, TransferList, Why, transfer_list
from trust.models import EarnedStanding
from trust.queries import bills, ledgers, levels, transfers, witnesses
from trust.queries.pairs import pairs
from trust.queries.rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from trust.lists import Level
    from trust.models import TrustPair
    from trust.queries.transfers import Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list as the page shows it. `key` names it in the form; `balance` is its ledger's."""

    key: str
    line: Earned
    name: str
    balance: int
    disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """What is left out of the list, with the name of its ledger."""

    left: Left
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The list of an account on a day. `digest` is the SHA-256 of what it says."""

    pair: TrustPair
    found: TransferList
    rows: tuple[Row, ...]
    stays: tuple[Stays, ...]
    signed: Signed
    balances: Mapping[str, int]
    names: Mapping[str, str]
    levels: Mapping[str, Level]
    waiting_days: int

    @property
    def overdue(self) -> tuple[Row, ...]:
        """Return what should have been transferred."""
        return tuple(row for row in self.rows if row.line.overdue)

    @property
    def may(self) -> tuple[Row, ...]:
        """Return what may be transferred and is not overdue."""
        return tuple(row for row in self.rows if not row.line.overdue)

    @property
    def total(self) -> int:
        """Return what all of it comes to, in minor units."""
        return self.found.total

    @property
    def overdue_total(self) -> int:
        """Return what the overdue lines come to."""
        return sum(row.line.amount for row in self.overdue)

    @property
    def ledger_count(self) -> int:
        """Return on how many ledgers it lies."""
        return len({row.line.ledger for row in self.rows})

    @property
    def since(self) -> date | None:
        """Return from when the oldest of it could move."""
        oldest = min((row.line.sent for row in self.rows), default=None)
        return oldest + timedelta(days=self.waiting_days) if oldest else None

    @property
    def disputed(self) -> int:
        """Return what of the money held is billed and disputed: it stays."""
        left = Counter(self.balances)
        left.subtract(_sums((row.line.ledger, row.line.amount) for row in self.rows))
        contested = [one.left for one in self.stays if one.left.why is Why.DISPUTED]
        sums = _sums((one.ledger, one.amount) for one in contested)
        return sum(min(amount, max(0, left[ledger])) for ledger, amount in sums.items())

    @property
    def digest(self) -> str:
        """Return the fingerprint of the list: any other line, amount or balance is another list."""
        said = [
            [row.line.ledger, row.line.bill, row.line.amount, row.balance, row.line.sent.isoformat()]
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps([self.pair.pk, said]).encode()).hexdigest()

    def name(self, ledger: str) -> str:
        """Return how people call a ledger."""
        return self.names.get(ledger, ledger or "no ledger that Clio names")


def standings(firm_id: int) -> dict[int, EarnedStanding]:
    """Return what is earned and not moved in each account, as the last run or signature left it."""
    rows = EarnedStanding.objects.filter(firm_id=firm_id).select_related("pair")
    return {row.pair_id: row for row in rows}


def drawn(pair: TrustPair, today: date) -> Drawn:
    """Draw up the list of an account.

    A bill whose client holds money in several accounts is listed once: from the first of them that holds
    any. What is signed and not yet recorded is neither open nor there a second time.
    """
    before = [one for one in pairs(pair.firm_id).select_related("firm") if one.pk != pair.pk]
    signed = {one.pk: transfers.signed_of(one) for one in [*before, pair]}
    pending: Counter[int] = Counter()
    for found in signed.values():
        pending.update(_pending(found))
    for one in before:
        if (one.position, one.pk) < (pair.position, pair.pk):
            lines = _list(one, today, signed[one.pk], pending).found.lines
            pending.update(_sums((line.bill, line.amount) for line in lines))
    return _list(pair, today, signed[pair.pk], pending)


def _list(pair: TrustPair, today: date, signed: Signed, pending: Mapping[int, int]) -> Drawn:
    """Draw up one account's list; `pending` is what of each bill is taken care of in any account."""
    balances = _balances(pair, today)
    free = Counter(balances)
    for line in signed.open:
        free[line.row.ledger] -= line.rest
    kept = levels.levels_of(pair)
    waiting = int(rules_of(pair).value("withdrawal") or 0)
    full = {key for key, amount in balances.items() if amount > 0}
    parts = bills.parts(pair.firm_id, full | set(kept), pending)
    found = transfer_list(
        parts,
        free,
        as_of=today,
        waiting_days=waiting,
        floors={key: level.minimum for key, level in kept.items()},
    )
    keys = {*balances, *(part.ledger for part in parts), *(line.row.ledger for line in signed.lines)}
    names = ledgers.names(pair.firm_id, keys | {one.recorded.ledger for one in signed.outside})
    contested = {(part.bill, part.ledger) for part in parts if part.disputed}
    return Drawn(
        pair=pair,
        found=found,
        rows=tuple(_rows(found.lines, balances, names, contested)),
        stays=tuple(Stays(left=one, name=names.get(one.ledger, one.ledger)) for one in found.left),
        signed=signed,
        balances=balances,
        names=names,
        levels=kept,
        waiting_days=waiting,
    )


def _sums[K](parts: Iterable[tuple[K, int]]) -> Counter[K]:
    found: Counter[K] = Counter()
    for key, amount in parts:
        found[key] += amount
    return found


def _pending(signed: Signed) -> Counter[int]:
    """Return what is signed and not yet recorded, by bill."""
    return _sums((line.row.bill, line.rest) for line in signed.open)


def _rows(
    lines: Iterable[Earned],
    balances: Mapping[str, int],
    names: Mapping[str, str],
    contested: set[tuple[int, str]],
) -> Iterable[Row]:
    for line in lines:
        yield Row(
            key=f"{line.ledger}:{line.bill}",
            line=line,
            name=names.get(line.ledger, line.ledger),
            balance=balances.get(line.ledger, 0),
            disputed=(line.bill, line.ledger) in contested,
        )


def _balances(pair: TrustPair, today: date) -> dict[str, int]:
    """Return what each ledger holds: today, or after what is recorded for later days, whichever is less."""
    now: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for one in witnesses.clio(pair):
        for key, amount in one.ledgers:
            after[key] += amount
            now[key] += amount if one.day <= today else 0
    return {key: min(now[key], amount) for key, amount in after.items() if key.partition("/")[0] != "trust"}
