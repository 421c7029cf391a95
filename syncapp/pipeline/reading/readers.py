"""How each kind of document is read from what was pulled: one reader for each kind, all rows in one question.

A payment is read from all its allocations and the bank rows that name them; a bill from its lines, the
entries behind them and its interest charges.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from syncapp.clio import translate
from syncapp.core.documents import Document, Kind, Payment
from syncapp.core.problems import Problem
from syncapp.pipeline.reading import explained
from syncapp.pipeline.reading.sources import (
    Reading,
    Sources,
    bank_rows,
    called,
    concerns_of,
    inner_id,
    inner_ids,
    live_or_void,
    version_name,
)
from syncapp.records.models import Cursor, SourceHead
from trust.queries import called as trust_accounts

Reader = Callable[[int, Sequence[int], str], list[Reading]]
WAITS = 10**15  # minor units: more than any row is of


def _read_clients(firm_id: int, ids: Sequence[int], _currency: str) -> list[Reading]:
    heads = Sources(firm_id).by_ids("contacts", ids)
    return [_one(Kind.CLIENT, head, translate.client(head.record.payload)) for head in heads]


def _read_matters(firm_id: int, ids: Sequence[int], _currency: str) -> list[Reading]:
    heads = Sources(firm_id).by_ids("matters", ids)
    return [_one(Kind.MATTER, head, translate.matter(head.record.payload)) for head in heads]


def _one(kind: Kind, head: SourceHead, result: Document | Problem) -> Reading:
    return Reading(
        kind=kind,
        source_id=head.source_id,
        result=result,
        sources=(version_name(head),),
        gone=head.gone_at is not None,
    )


def _read_bills(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    sources = Sources(firm_id)
    heads = sources.by_ids("bills", ids)
    groups = [head.group for head in heads]
    lines = sources.by_groups("line_items", groups)
    interest = sources.by_groups("interest_charges", groups)
    wanted = {a for rows in lines.values() for h in rows if (a := inner_id(h.record.payload, "activity"))}
    activities = {h.source_id: h.record.payload for h in sources.by_ids("activities", wanted)}
    matters = {m for h in heads for m in inner_ids(h.record.payload, "matters")}
    matter_rows = {h.source_id: h.record.payload for h in sources.by_ids("matters", matters)}
    readings = []
    for head in heads:
        mine = [h for h in lines[head.group] if h.gone_at is None]
        charges = [h for h in interest[head.group] if h.gone_at is None]
        result = translate.bill(
            head.record.payload,
            lines=[h.record.payload for h in mine],
            activities=activities,
            matters=matter_rows,
            interest=[h.record.payload for h in charges],
            currency=currency,
            gone=head.gone_at is not None,
        )
        readings.append(
            Reading(
                kind=Kind.BILL,
                source_id=head.source_id,
                result=result,
                sources=tuple(version_name(h) for h in (head, *mine, *charges)),
                concerns=concerns_of(result),
            )
        )
    return readings


def _read_interest(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    """Read all charges of some bills: their order counts those after the issue date."""
    sources = Sources(firm_id)
    groups = sources.by_groups("interest_charges", [f"bills/{key}" for key in ids])
    bills = sources.by_ids("bills", ids)
    issued = {h.group: translate.day_told(h.record.payload, "issued_at") for h in bills}
    readings = []
    for group, heads in groups.items():
        dated = {h.source_id: translate.day_told(h.record.payload, "date") for h in heads}
        live = [h for h in heads if dated[h.source_id] is None or dated[h.source_id] != issued.get(group)]
        live.sort(key=lambda h: (str(h.record.payload.get("date")), h.source_id))
        order = {h.source_id: position for position, h in enumerate(live, start=1)}
        for head in heads:
            on_the_bill = head.source_id not in order
            result = translate.interest(
                head.record.payload,
                order=order.get(head.source_id, 1),
                currency=currency,
                gone=head.gone_at is not None or on_the_bill,
            )
            readings.append(
                Reading(
                    kind=Kind.INTEREST,
                    source_id=head.source_id,
                    result=result,
                    sources=(version_name(head),),
                    concerns=concerns_of(result),
                )
            )
    return readings


def _read_payments(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    sources = Sources(firm_id)
    groups = sources.by_groups("allocations", [f"payments/{key}" for key in ids])
    members = {h.source_id for heads in groups.values() for h in heads}
    bank = bank_rows(sources, members)
    names = trust_accounts.names(firm_id)
    readings = []
    for group, heads in groups.items():
        parts = [called(live_or_void(h), names) for h in heads]
        rows = [called(row, names) for h in heads for row in bank.get(h.source_id, [])]
        result = translate.payment(
            int(group.partition("/")[2]), allocations=parts, bank_rows=rows, currency=currency
        )
        readings.append(
            Reading(
                kind=Kind.PAYMENT,
                source_id=int(group.partition("/")[2]),
                result=result,
                sources=tuple(version_name(h) for h in heads),
                concerns=concerns_of(result),
            )
        )
    return readings


def _read_credits(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    sources = Sources(firm_id)
    groups = [f"credit_memos/{key}" for key in ids]
    parts = sources.by_groups("allocations", groups)
    memos = {h.group: h for h in sources.by_ids("credit_memos", ids)}
    listed = Cursor.objects.filter(firm_id=firm_id, name="allocations:write_off").first()
    write_offs = frozenset(listed.state.get("ids", [])) if listed else frozenset()
    readings = []
    for group in groups:
        heads, memo = parts[group], memos.get(group)
        if memo is None and not heads:
            continue
        rows = [live_or_void(h) for h in heads]
        if memo is not None and memo.gone_at is not None:
            rows = [row | {"voided_at": str(memo.gone_at)} for row in rows]
        result = translate.credit(
            memo.record.payload if memo else None,
            allocations=rows,
            write_off_ids=write_offs,
            currency=currency,
        )
        named = [h for h in (memo, *heads) if h is not None]
        readings.append(
            Reading(
                kind=Kind.CREDIT,
                source_id=int(group.partition("/")[2]),
                result=result,
                sources=tuple(version_name(h) for h in named),
                concerns=concerns_of(result),
            )
        )
    return readings


def _read_money(firm_id: int, ids: Sequence[int], currency: str) -> list[Reading]:
    """Read bank transactions as far as no allocation explains them (DESIGN section 9, rule c)."""
    sources = Sources(firm_id)
    heads = sources.by_ids("bank_transactions", ids)
    named = {a for h in heads if (a := inner_id(h.record.payload, "allocation"))}
    groups = {h.source_id: h.group for h in sources.by_ids("allocations", named)}
    totals, payments = _allocated(sources, set(groups.values()), currency)
    unnamed = explained.unnamed(firm_id, heads)
    names = trust_accounts.names(firm_id)
    readings = []
    for head in heads:
        row = called(head.record.payload, names)
        group = groups.get(inner_id(head.record.payload, "allocation") or 0, "")
        allocated = totals.get(group, 0) or unnamed.get(head.source_id, 0)
        result = translate.movement(
            row,
            allocated=allocated,
            payment_id=payments.get(group),
            currency=currency,
            gone=head.gone_at is not None,
        )
        if result is None:
            result = translate.movement(row, allocated=0, currency=currency, gone=True)
        if result is not None:
            readings.append(
                Reading(
                    kind=Kind.MONEY,
                    source_id=head.source_id,
                    result=result,
                    sources=(version_name(head),),
                    concerns=concerns_of(result),
                )
            )
    return readings


def _allocated(sources: Sources, groups: set[str], currency: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return what the live allocations of some payments come to, and the payments' ids, by group.

    The rows of a payment that cannot be read are explained by it all the same: they wait with it.
    """
    totals: dict[str, int] = {}
    ids: dict[str, int] = {}
    for group, heads in sources.by_groups("allocations", groups).items():
        parts = [live_or_void(h) for h in heads]
        found = translate.payment(int(group.partition("/")[2]), allocations=parts, currency=currency)
        totals[group] = found.amount if isinstance(found, Payment) else WAITS
        ids[group] = int(group.partition("/")[2])
    return totals, ids


READERS: dict[Kind, Reader] = {
    Kind.CLIENT: _read_clients,
    Kind.MATTER: _read_matters,
    Kind.BILL: _read_bills,
    Kind.INTEREST: _read_interest,
    Kind.PAYMENT: _read_payments,
    Kind.CREDIT: _read_credits,
    Kind.MONEY: _read_money,
}
