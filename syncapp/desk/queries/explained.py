"""What explains a comparison: the fewest records that make up its gap, and whose they are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncapp.core.explaining import smallest
from syncapp.desk import words
from syncapp.desk.queries.search import client_names
from syncapp.records.models import BookRow, Difference, Document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syncapp.records.models import TieOut

MOST = 500  # records of one kind among which the fewest are looked for
NAMED = 6  # records that a sentence names
PARTIES = ("receivables", "trust")
OWN = {
    "trust/firm": "The firm’s own funds",
    "trust/interest": "Interest on trust",
    "trust/untagged": "No client",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The fewest records that make up the gap of one kind; `others` cancel out among themselves."""

    label: str
    gap: int
    rows: Sequence[Difference]
    others: int


def gaps(*, firm_id: int, tie: TieOut) -> list[Explained]:
    """Explain each kind's gap that nothing in the queue explains; what no few records make up is left out."""
    found = Difference.objects.filter(firm_id=firm_id, tie_out=tie, queued=False).order_by("-amount", "pk")
    by_kind: dict[str, list[Difference]] = defaultdict(list)
    for row in found[: MOST * len(words.TIED)]:
        by_kind[row.kind].append(row)
    explained = [_gap(kind, by_kind[kind]) for kind in words.TIED if by_kind[kind]]
    return [one for one in explained if one is not None]


def _gap(kind: str, rows: list[Difference]) -> Explained | None:
    gap = sum(row.amount for row in rows)
    moving = [row for row in rows if row.amount]
    if not gap or len(moving) > MOST:
        return None
    ways = smallest([row.amount for row in moving], gap)
    if not ways or len(ways[0]) > NAMED:
        return None
    chosen = [moving[at] for at in ways[0]]
    return Explained(label=words.TIED[kind], gap=gap, rows=chosen, others=len(rows) - len(chosen))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """One client, matter or trust ledger on both sides; amounts in minor units."""

    label: str
    name: str
    clio: int
    books: int

    @property
    def difference(self) -> int:
        """Return Clio less the books."""
        return self.clio - self.books


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """How many clients, matters and ledgers were compared, and those that differ, the largest first."""

    compared: int
    differ: int
    rows: list[PartyRow]


def parties(*, firm_id: int, tie: TieOut) -> Parties:
    """Return receivables by client and matter, and client money by ledger, as they were compared."""
    told = {kind: (tie.kinds.get(kind) or {}).get("parties") or {} for kind in PARTIES}
    off = [(kind, row) for kind in PARTIES for row in told[kind].get("off", [])]
    names = _names(firm_id, tie, {str(row[0]) for _, row in off})
    return Parties(
        compared=sum(int(one.get("compared", 0)) for one in told.values()),
        differ=sum(int(one.get("differ", 0)) for one in told.values()),
        rows=[
            PartyRow(label=words.TIED[kind], name=names[str(key)], clio=int(clio), books=int(books))
            for kind, (key, clio, books) in off
        ],
    )


def _names(firm_id: int, tie: TieOut, keys: set[str]) -> dict[str, str]:
    ids: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        kind, _, number = key.partition("/")
        if number.isdigit():
            ids[kind].add(int(number))
    clients = client_names(firm_id=firm_id, ids=ids["contacts"])
    matters = Document.objects.filter(firm_id=firm_id, kind="matter", source_id__in=ids["matters"])
    numbers = dict(matters.values_list("source_id", "number"))
    remote = {key[3:] for key in keys if key.startswith("id:")}
    rows = BookRow.objects.filter(
        firm_id=firm_id, books_id=tie.books_id, kind="customer", remote_id__in=remote
    )
    others = {f"id:{key}": name for key, name in rows.values_list("remote_id", "name")}
    return {key: _name(key, clients, numbers, others) for key in keys}


def _name(key: str, clients: dict[int, str], matters: dict[int, str], others: dict[str, str]) -> str:
    kind, _, number = key.partition("/")
    if number.isdigit():
        known = clients.get(int(number)) if kind == "contacts" else matters.get(int(number))
        return known or f"{'Client' if kind == 'contacts' else 'Matter'} {number}"
    return others.get(key) or OWN.get(key) or "A customer that Clio does not have"
