"""Signed transfer lists, and the payments from trust that were recorded in Clio since, against each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncapp.core import codec
from syncapp.core.documents import Kind, Matter, Payment
from syncapp.core.planning.trust.pairs import account_key
from syncapp.core.problems import Problem
from syncapp.records.models import Document, DocumentVersion
from trust import rules
from trust.lists import Checked, Outside, Recorded, SignedLine, check_recorded, parts_of
from trust.models import TransferEnd, TransferLine, TransferSheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from trust.models import TrustPair

type Parts = dict[tuple[str, int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One signed transfer as it stands: what was recorded of it, what is still to be, what was taken off."""

    row: TransferLine
    recorded: int
    rest: int
    end: TransferEnd | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """All signed transfers of an account, the oldest first, and what was recorded outside them."""

    lines: tuple[Line, ...] = ()
    outside: tuple[Outside, ...] = ()

    @property
    def open(self) -> tuple[Line, ...]:
        """Return the transfers that are still to be recorded in Clio."""
        return tuple(line for line in self.lines if line.rest)

    @property
    def unrecorded(self) -> int:
        """Return what is still to be recorded, in minor units."""
        return sum(line.rest for line in self.lines)

    def of(self, sheet: TransferSheet) -> tuple[Line, ...]:
        """Return the transfers of one list."""
        return tuple(line for line in self.lines if line.row.sheet_id == sheet.pk)


def sheets(pair: TrustPair) -> list[TransferSheet]:
    """List the signed lists of an account, the newest first."""
    return list(TransferSheet.objects.filter(firm_id=pair.firm_id, pair=pair).select_related("by"))


def signed_of(pair: TrustPair) -> Signed:
    """Return every signed transfer of an account with what was recorded of it.

    Nothing is checked before the first list was signed: who signs no lists is told nothing about them.
    """
    rows = TransferLine.objects.filter(firm_id=pair.firm_id, sheet__pair=pair).select_related("sheet")
    lines = list(rows.order_by("id"))
    if not lines:
        return Signed()
    ended = {end.line_id: end for end in TransferEnd.objects.filter(firm_id=pair.firm_id, line__in=lines)}
    since = min(line.sheet.at for line in lines)
    found = check_recorded([_signed(line, ended.get(line.pk)) for line in lines], recorded(pair, since))
    return Signed(lines=_joined(lines, found, ended), outside=found.outside)


def _signed(row: TransferLine, end: TransferEnd | None) -> SignedLine:
    return SignedLine(
        id=row.pk,
        ledger=row.ledger,
        bill=row.bill,
        amount=row.amount,
        at=row.sheet.at,
        ended=end.at if end else None,
    )


def _joined(
    rows: Iterable[TransferLine], found: Checked, ended: Mapping[int, TransferEnd]
) -> tuple[Line, ...]:
    by_id = {one.line.id: one for one in found.lines}
    return tuple(
        Line(row=row, recorded=by_id[row.pk].recorded, rest=by_id[row.pk].rest, end=ended.get(row.pk))
        for row in rows
    )


def recorded(pair: TrustPair, since: datetime) -> list[Recorded]:
    """Return what payments from an account took since an instant: new ones, and what older ones grew by."""
    rows = Document.objects.filter(firm_id=pair.firm_id, kind=Kind.PAYMENT.value, data__funds="trust")
    documents = {row.pk: row for row in rows.filter(read_at__gt=since, day__gte=pair.start)}
    before: dict[int, Payment] = {}
    first: dict[int, datetime] = {}
    versions = DocumentVersion.objects.filter(firm_id=pair.firm_id, document__in=documents)
    for key, at, data in versions.order_by("version").values_list("document_id", "at", "data"):
        if at > since:
            first.setdefault(key, at)
        elif data.get("is") == Payment.__name__:
            before[key] = codec.from_json(Payment, data)
    now = {key: codec.from_json(Payment, row.data) for key, row in documents.items() if row.data}
    matters = _matters(pair.firm_id, [*now.values(), *before.values()])
    return [
        one
        for key, payment in now.items()
        for one in _grown(pair, payment, before.get(key), matters, first.get(key, documents[key].read_at))
    ]


def _grown(
    pair: TrustPair,
    payment: Payment,
    before: Payment | None,
    matters: Mapping[int, Matter],
    at: datetime,
) -> list[Recorded]:
    had = _parts(pair, before, matters) if before else {}
    return [
        Recorded(
            subject=f"payments/{payment.id}",
            ledger=ledger,
            bill=bill,
            amount=amount - had.get((ledger, bill), 0),
            day=payment.day,
            at=at,
        )
        for (ledger, bill), amount in _parts(pair, payment, matters).items()
        if amount > had.get((ledger, bill), 0)
    ]


def _parts(pair: TrustPair, payment: Payment, matters: Mapping[int, Matter]) -> Parts:
    """Tell what a payment took from each ledger of an account for each bill; nothing where nobody can."""
    told = rules.movements(payment, matters)
    if isinstance(told, Problem):
        return {}
    found: Counter[tuple[str, int]] = Counter()
    for account, moved in told.items():
        if account_key(account) == account_key(pair.clio_account) and moved.kind == "bill_payment":
            for ledger, bill, amount in parts_of(payment, {key: -part for key, part in moved.ledgers}):
                found[ledger, bill] += amount
    return found


def _matters(firm_id: int, payments: Iterable[Payment]) -> dict[int, Matter]:
    named: set[int | None] = set()
    for one in payments:
        named |= {row.matter_id for row in one.trust_rows} | {part.matter_id for part in one.allocations}
    wanted = {number for number in named if number is not None}
    rows = Document.objects.filter(firm_id=firm_id, kind=Kind.MATTER.value, source_id__in=wanted)
    return {
        key: codec.from_json(Matter, data)
        for key, data in rows.exclude(data={}).values_list("source_id", "data")
    }
