"""Which figures moved between two states of one reconciliation. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trust.signing.figures import Figures, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure that moved, in minor units; None where there was or is none."""

    label: str
    before: int | None
    after: int | None

    @property
    def amount(self) -> int:
        """Return by how much it moved."""
        return (self.after or 0) - (self.before or 0)


def changes(before: Figures, after: Figures) -> list[Change]:
    """List every figure that moved, the totals first."""
    found = [
        Change(label=label, before=old, after=new) for label, old, new in _totals(before, after) if old != new
    ]
    found += _ledgers(before, after)
    for label, old, new in (
        ("Deposit in transit", before.deposits, after.deposits),
        ("Outstanding check", before.checks, after.checks),
        ("Held", before.held, after.held),
    ):
        found += _items(label, old, new)
    if (before.equal, before.signable) != (after.equal, after.signable):
        found.append(Change(label="Verdict", before=None, after=None))
    return found


def _totals(before: Figures, after: Figures) -> Iterator[tuple[str, int | None, int | None]]:
    yield "Bank statement", before.statement, after.statement
    yield "Adjusted bank balance", before.adjusted_bank, after.adjusted_bank
    yield "Trust bank in the books", before.books_bank, after.books_bank
    yield "Trust liability in the books", before.books_liability, after.books_liability
    yield "Client ledgers above zero", before.positive, after.positive
    yield "Posted by Tieout", before.tieout_lines, after.tieout_lines


def _ledgers(before: Figures, after: Figures) -> list[Change]:
    old = {one.key: one for one in before.ledgers}
    new = {one.key: one for one in after.ledgers}
    found = []
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        name = now.name if now else was.name if was else key
        if (was.balance if was else 0) != (now.balance if now else 0):
            found.append(
                Change(
                    label=f"Ledger {name}",
                    before=was.balance if was else 0,
                    after=now.balance if now else 0,
                )
            )
        elif was and now and was.last_day != now.last_day:
            found.append(Change(label=f"Last activity of {name}", before=None, after=None))
    return found


def _items(label: str, before: tuple[Item, ...], after: tuple[Item, ...]) -> list[Change]:
    old = {(one.subject, one.day, one.amount, one.check): one for one in before}
    new = {(one.subject, one.day, one.amount, one.check): one for one in after}
    gone = [Change(label=_named(label, one), before=one.amount, after=None)
            for key, one in old.items() if key not in new]  # fmt: skip
    come = [Change(label=_named(label, one), before=None, after=one.amount)
            for key, one in new.items() if key not in old]  # fmt: skip
    return gone + come


def _named(label: str, item: Item) -> str:
    number = f" {item.check}" if item.check else ""
    return f"{label}{number} of {item.day:%-d %b %Y}"
