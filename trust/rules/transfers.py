"""The rows of client money that are two sides of one transfer (DESIGN section 9, rule h). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from syncapp.core.documents import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfers:
    """The rows that belong together: `partner` by a row's id, and those of which several fit."""

    partner: Mapping[int, Money] = field(default_factory=dict)
    doubtful: frozenset[int] = frozenset()


NO_TRANSFERS = Transfers()


def transfers_of(rows: Iterable[Money]) -> Transfers:
    """Return which rows of client money are the two sides of one transfer.

    Two rows of one day and of opposite amounts are, when that is the only fit (DESIGN section 9, rule h) and
    both say so, or when both have an owner, the same word and text, and no reference: a deposit and a
    disbursement never have. Within one account and client first, then more widely.
    """
    left = {row.id: row for row in rows if row.trust and not row.gone and row.amount and _mark(row)}
    partner: dict[int, Money] = {}
    doubtful: set[int] = set()
    for account, owner in ((True, True), (True, False), (False, True), (False, False)):
        sides: dict[tuple[object, ...], tuple[list[Money], list[Money]]] = {}
        for row in left.values():
            where = row.bank_account if account else ""
            whose = row.client_id if owner else None
            key = (where, whose, row.day, abs(row.amount), _mark(row))
            sides.setdefault(key, ([], []))[row.amount > 0].append(row)
        for out, into in sides.values():
            if len(out) == len(into) == 1:
                partner |= {out[0].id: into[0], into[0].id: out[0]}
                left = {key: row for key, row in left.items() if key not in {out[0].id, into[0].id}}
            elif account and not owner and out and into:
                doubtful |= {row.id for row in (*out, *into)}
    return Transfers(partner=partner, doubtful=frozenset(doubtful))


def _mark(row: Money) -> str:
    """Return what two rows must share to be one transfer; empty for a row that can be none."""
    if "transfer" in f"{row.word} {row.description}".casefold():
        return "transfer"
    owned = row.client_id is not None or row.matter_id is not None
    alike = owned and row.word and row.description and not row.reference
    return f"{row.word}|{row.description}".casefold() if alike else ""
