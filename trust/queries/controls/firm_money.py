"""Firm money in client money: every line of the bank and every row of Clio that speaks of it (auditor 11)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncapp.core.ledger import FIRM_FUNDS
from syncapp.records.models import Hold
from trust.controls import Hit, Sort, sort_of
from trust.queries import ledgers, matches, witnesses
from trust.queries.witnesses import by_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trust.models import TrustPair
    from trust.nouns import BankLine, Movement

OWED = "firm_owes_trust"
KINDS = {"bank_transactions": "money", "payments": "payment"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What resolutions are told from: names of ledgers, and what was held as owed by the firm."""

    names: dict[str, str]
    owed: dict[str, Hold]
    firm: str


def firm_money(pair: TrustPair, first: date, last: date) -> list[Hit]:
    """List what may be the firm's own in a period, the earliest first, each with how it was resolved."""
    said = witnesses.clio(pair)
    ours = witnesses.entries(pair, by_key(said))
    sides = matches.sides(pair, booked=witnesses.book_movements(pair, ours=ours))
    entries = {one.subject: one for one in (*said, *sides.entries)}
    matched: dict[str, list[Movement]] = defaultdict(list)
    for group in sides.groups:
        for line_id in group.lines:
            matched[line_id] += [entries[key] for key in group.movements if key in entries]
    lines = [(line, matched[line.id]) for line in sides.lines if first <= line.day <= last]
    found = [(line, sort, of) for line, of in lines if (sort := _of_line(line, of))]
    told = {one.subject for _, _, of in found for one in of}
    rest = [
        (one, sort)
        for one in said
        if first <= one.day <= last and one.subject not in told and (sort := _of_row(one, pair.firm.name))
    ]
    known = _known(pair, [*(one for _, _, of in found for one in of), *(one for one, _ in rest)])
    hits = [_hit_of_line(line, sort, of, known) for line, sort, of in found]
    hits += [_hit_of_row(one, sort, known) for one, sort in rest]
    return sorted(hits, key=lambda hit: (hit.day, hit.where))


def _of_line(line: BankLine, of: Iterable[Movement]) -> Sort | None:
    sort = sort_of(line.text, line.amount)
    billed = any(one.subject.startswith("payments/") for one in of)
    return None if sort is Sort.OPERATING and billed else sort


def _of_row(one: Movement, firm: str) -> Sort | None:
    if one.subject.startswith("payments/"):
        return None  # a bill stands behind it
    own = firm.casefold() in f"{one.payee} {one.text}".casefold()
    return sort_of(f"{one.payee} {one.text}", one.amount) or (
        Sort.OPERATING if own and one.amount < 0 else None
    )


def _known(pair: TrustPair, movements: Iterable[Movement]) -> _Known:
    listed = list(movements)
    ids: dict[str, set[int]] = defaultdict(set)
    for one in listed:
        resource, _, key = one.subject.partition("/")
        if resource in KINDS:
            ids[KINDS[resource]].add(int(key.partition("/")[0]))
    rows = Hold.objects.filter(
        firm_id=pair.firm_id,
        code=OWED,
        document__kind__in=list(ids),
        document__source_id__in=[number for numbers in ids.values() for number in numbers],
    )
    kinds = {kind: resource for resource, kind in KINDS.items()}
    owed = {
        f"{kinds[row.document.kind]}/{row.document.source_id}": row
        for row in rows.select_related("document").order_by("pk")
    }
    keys = {key for one in listed for key, _ in one.ledgers}
    return _Known(names=ledgers.names(pair.firm_id, keys), owed=owed, firm=pair.firm.name)


def _hit_of_line(line: BankLine, sort: Sort, of: list[Movement], known: _Known) -> Hit:
    resolution, unresolved = _resolved(of, known)
    return Hit(
        day=line.day,
        sort=sort.value,
        text=line.text,
        amount=line.amount,
        where="Bank" + (f", matched with {', '.join(_called(one) for one in of)}" if of else ""),
        resolution=resolution,
        open=unresolved,
    )


def _hit_of_row(one: Movement, sort: Sort, known: _Known) -> Hit:
    resolution, unresolved = _resolved([one], known)
    text = ", ".join(part for part in (one.payee, one.text) if part)
    return Hit(
        day=one.day,
        sort=sort.value,
        text=text,
        amount=one.amount,
        where=_called(one),
        resolution=resolution,
        open=unresolved,
    )


def _called(one: Movement) -> str:
    resource, _, key = one.subject.partition("/")
    if resource == "books":
        return f"QuickBooks {key.replace(':', ' ')}"
    return f"Clio {resource.rstrip('s').replace('_', ' ')} {key.partition('/')[0]}"


def _resolved(of: list[Movement], known: _Known) -> tuple[str, bool]:
    """Say how a hit was resolved, and whether nobody has."""
    if not of:
        return "Nobody has explained it yet: neither Clio nor the books have an entry for it.", True
    for one in of:
        hold = known.owed.get("/".join(one.subject.split("/")[:2]))
        if hold is not None and hold.closed_at is None:
            return f"Held since {hold.opened_at:%-d %b %Y}: the firm owes it to trust.", True
        if hold is not None:
            return f"Held as owed by the firm; ended {hold.closed_at:%-d %b %Y}: {hold.closed_words}.", False
    keys = [key for one in of for key, _ in one.ledgers]
    if keys and all(key == FIRM_FUNDS.key for key in keys):
        return "Borne by the firm's own funds in trust.", False
    names = ", ".join(dict.fromkeys(known.names.get(key, key) for key in keys))
    return f"It stands on {names or 'no ledger'}: a person looks whether it is the client's own cost.", True
