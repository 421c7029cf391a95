"""What issued bills still ask of clients' ledgers, with what people said of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from syncapp.core import codec
from syncapp.core.documents import Bill, BillState, Credit, Kind, Payment
from syncapp.core.money import split
from syncapp.records.models import Concern, Document, DocumentVersion
from trust.lists import BillPart
from trust.models import BillWord
from trust.models.earned import DISPUTED, SENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CLASSES = {Kind.PAYMENT.value: Payment, Kind.CREDIT.value: Credit}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What people said of some bills: the newest word on each dispute, by bill and ledger, and of sending."""

    disputes: Mapping[tuple[int, str], BillWord] = field(default_factory=dict)
    sent: Mapping[int, BillWord] = field(default_factory=dict)

    def disputed(self, bill: int, ledger: str, open_: int) -> int:
        """Return how much of a bill's part the client contests."""
        word = self.disputes.get((bill, ledger))
        if word is None:
            return 0
        return open_ if word.amount is None else word.amount


def said(firm_id: int, bills: Iterable[int]) -> Said:
    """Return what people said of some bills."""
    disputes: dict[tuple[int, str], BillWord] = {}
    sent: dict[int, BillWord] = {}
    rows = BillWord.objects.filter(firm_id=firm_id, bill__in=list(bills)).select_related("by")
    for row in rows.order_by("id"):
        if row.what == SENT:
            sent[row.bill] = row
        elif row.what == DISPUTED:
            disputes[row.bill, row.ledger] = row
    return Said(disputes=disputes, sent=sent)


def bill_of(firm_id: int, number: int) -> Bill | None:
    """Return one bill by its id in Clio; None when it was not read, or cannot be."""
    rows = Document.objects.filter(firm_id=firm_id, kind=Kind.BILL.value, source_id=number).exclude(data={})
    data = rows.values_list("data", flat=True).first()
    return codec.from_json(Bill, data) if data else None


def history(firm_id: int, bill: int) -> list[BillWord]:
    """List all that people ever said of a bill, the newest first."""
    rows = BillWord.objects.filter(firm_id=firm_id, bill=bill)
    return list(rows.select_related("by").order_by("-id"))


def shares_of(firm_id: int, bill: Bill) -> dict[str, int]:
    """Return what is open on a bill for each ledger that it asks."""
    paid = _paid(firm_id, [bill.id] if len(bill.matter_ids) > 1 else [])
    return _shares(bill, bill.outstanding, paid[bill.id])


def parts(firm_id: int, full: set[str], less: Mapping[int, int]) -> list[BillPart]:
    """Return what open bills ask of the ledgers `full`, and of those whose client's own is among them.

    `less` is what of each bill is taken care of elsewhere.
    """
    owners = _owners(firm_id, _numbers(full, "matters"))
    clients = _numbers(full, "contacts") | set(owners.values())
    bills = _open_bills(firm_id, clients, set(owners))
    owners |= _owners(firm_id, {m for one in bills for m in one.matter_ids} - set(owners))
    known = said(firm_id, [one.id for one in bills])
    first = _first_sent(firm_id, bills)
    paid = _paid(firm_id, [one.id for one in bills if len(one.matter_ids) > 1])
    found: list[BillPart] = []
    for one in bills:
        open_ = one.outstanding - less.get(one.id, 0)
        for ledger, amount in _shares(one, open_, paid[one.id]).items():
            asked = replace(one, outstanding=amount, sent=first.get(one.id, one.sent))
            part = _part(asked, ledger, owners, known, full)
            found += [part] if part is not None else []
    return found


def _numbers(keys: Iterable[str], kind: str) -> set[int]:
    parted = (key.partition("/") for key in keys)
    return {int(number) for head, _, number in parted if head == kind}


def _owners(firm_id: int, matters: set[int]) -> dict[int, int]:
    """Return whose each matter is."""
    rows = Document.objects.filter(firm_id=firm_id, kind=Kind.MATTER.value, source_id__in=matters)
    told = rows.exclude(data={}).values_list("source_id", "data__client_id")
    return {matter: int(client) for matter, client in told if client is not None}


def _open_bills(firm_id: int, clients: set[int], matters: set[int]) -> list[Bill]:
    """Return the open bills of some clients, and those that another client owes for a matter of theirs."""
    rows = Document.objects.filter(firm_id=firm_id, kind=Kind.BILL.value)
    rows = rows.filter(data__state=BillState.ISSUED.value, data__outstanding__gt=0)
    if not clients:
        return []
    listed = rows.filter(client_id__in=clients).order_by("source_id")
    bills = {id_: codec.from_json(Bill, data) for id_, data in listed.values_list("source_id", "data")}
    subjects = [f"matters/{number}" for number in matters]
    others = rows.filter(concerns__subject__in=subjects).exclude(client_id__in=clients).distinct()
    for id_, data in others.order_by("source_id").values_list("source_id", "data"):
        bills[id_] = codec.from_json(Bill, data)
    return [one for one in bills.values() if not one.trust_request]


def _first_sent(firm_id: int, bills: Sequence[Bill]) -> dict[int, date]:
    """Return when each bill first went out at its present amount: Clio tells the last time only."""
    amounts = {one.id: one.amount for one in bills if one.sent is not None}
    rows = DocumentVersion.objects.filter(
        firm_id=firm_id, document__kind=Kind.BILL.value, document__source_id__in=amounts
    )
    found: dict[int, date] = {}
    for number, sent, amount in rows.values_list("document__source_id", "data__sent", "data__amount"):
        if sent and amount == amounts[number]:
            day = date.fromisoformat(sent)
            found[number] = min(day, found.get(number, day))
    return found


def _paid(firm_id: int, bills: Sequence[int]) -> defaultdict[int, Counter[int]]:
    """Return what was paid and credited on bills of several matters, by bill and matter."""
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    subjects = [f"bills/{number}" for number in bills]
    if not subjects:
        return found
    named = Concern.objects.filter(firm_id=firm_id, subject__in=subjects).values("document_id")
    rows = Document.objects.filter(firm_id=firm_id, kind__in=CLASSES, pk__in=named).exclude(data={})
    for kind, data in rows.values_list("kind", "data"):
        document: Payment | Credit = codec.from_json(CLASSES[kind], data)
        for part in document.allocations:
            if part.bill_id is not None and part.matter_id is not None:
                found[part.bill_id][part.matter_id] += part.amount
    return found


def _shares(bill: Bill, open_: int, paid: Mapping[int, int]) -> dict[str, int]:
    """Share what is open on a bill over its matters: by their lines, less what was paid for each."""
    if open_ <= 0 or not bill.matter_ids:
        return {f"contacts/{bill.client_id}": open_} if open_ > 0 and bill.client_id else {}
    billed = dict.fromkeys(bill.matter_ids, 0)
    for line in bill.lines:
        if line.matter_id in billed:
            billed[line.matter_id] += max(0, line.amount + line.tax)
    weights = list(billed.values()) if any(billed.values()) else [1 for _ in billed]
    due = [
        max(0, share - paid.get(matter, 0))
        for matter, share in zip(billed, split(bill.amount, weights), strict=True)
    ]
    shares = split(open_, due if any(due) else weights)
    return {f"matters/{matter}": share for matter, share in zip(billed, shares, strict=True) if share > 0}


def _part(bill: Bill, ledger: str, owners: Mapping[int, int], known: Said, full: set[str]) -> BillPart | None:
    """Return what a bill asks of one ledger; None where neither it nor its client's own is asked for."""
    kind, _, number = ledger.partition("/")
    owner = owners.get(int(number)) if kind == "matters" else bill.client_id
    stranger = owner != bill.client_id or bill.payer_id not in {None, owner}
    fallback = f"contacts/{owner}" if kind == "matters" and not stranger else ""
    if ledger not in full and fallback not in full:
        return None
    word = known.sent.get(bill.id)
    return BillPart(
        bill=bill.id,
        number=bill.number,
        ledger=ledger,
        open=bill.outstanding,
        sent=word.day if word is not None and bill.sent is None else bill.sent,
        disputed=known.disputed(bill.id, ledger, bill.outstanding),
        fallback=fallback if fallback in full else "",
        other_payer=stranger,
    )
