"""What a single case shows beside its records: the choices, what people did, the other side, what left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from accounts.models import AuditEvent
from mapping import placing
from syncapp.desk import words
from syncapp.desk.cards import card_of
from syncapp.pipeline.cases import mending
from syncapp.records.models import BookRow, Elsewhere, Hold, Link, Proposal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from syncapp.records.models import Case, Document

MOST_EVENTS = 30
RECEIVABLE, LANDS = "Accounts receivable", "The bank, or Undeposited Funds, by the mapping"
INCOME, OFF = "Income, costs and tax, by the mapping", "Write-offs, by the mapping"
BANK, LEDGER = "The bank of the movement", "Client ledgers, or retainers"
# resource → the account debited and the account credited when its amount is positive.
SIDES = {
    "bills": (RECEIVABLE, INCOME),
    "interest_charges": (RECEIVABLE, "Interest, by the mapping"),
    "allocations": (LANDS, RECEIVABLE),
    "credit_memos": (OFF, RECEIVABLE),
    "bank_transactions": (BANK, LEDGER),
}
REFUNDED = "The client's retainer, or what a payment left on receivables"


def dressed(*, firm_id: int, case: Case, asks: bool) -> dict[str, Any]:
    """Return what a card says of its cause: what it means, the safe choices, and the entry they post.

    What `asks` a question of its own shows the entry of each answer there.
    """
    found = card_of(case.code, case.facts)
    if found is None or asks:
        return {"card": found}
    would = would_post(firm_id=firm_id, case=case) if any(way.posts for way in found.ways) else {}
    return {"card": found, "ways": found.ways, "would": would, "asleep": mending.asleep(case)} | {
        "wish": placing.wish_of(case.code, case.facts) if case.books_id else None
    }


def perhaps(*, firm_id: int, case: Case) -> Proposal | None:
    """Return the open proposal that takes the invoice under a bill's number for the bill, but for its day."""
    if case.code != "duplicate_number" or case.books_id is None:
        return None
    mine = Proposal.objects.filter(firm_id=firm_id, books_id=case.books_id, state="open", conflict=False)
    return mine.filter(object_kind="invoice", remote_id=str(case.facts.get("books_id", ""))).first()


def would_post(*, firm_id: int, case: Case) -> dict[str, Any]:
    """Return all that a case holds back as debits and credits, added up by kind of record; minor units."""
    held = Hold.objects.filter(firm_id=firm_id, case=case, closed_at__isnull=True, alarm=False).order_by()
    lines: list[dict[str, Any]] = []
    for row in held.values("resource").annotate(minor=Sum("amount"), n=Count("pk")).order_by("resource"):
        debit, credit = SIDES.get(row["resource"], ("", ""))
        if not debit or not row["minor"]:
            continue
        credit = REFUNDED if case.code == "refund_over_retainer" else credit
        debit, credit = (debit, credit) if row["minor"] > 0 else (credit, debit)
        memo = words.counted(row["n"], words.RESOURCE[row["resource"]])
        lines += [
            {"account": debit, "memo": memo, "debit_minor": abs(row["minor"])},
            {"account": credit, "memo": memo, "credit_minor": abs(row["minor"])},
        ]
    both = sum(line.get("debit_minor", 0) for line in lines)
    caption = "What posts then, each record dated as in Clio"
    return {"lines": lines, "totals": {"debit_minor": both, "credit_minor": both}, "caption": caption}


def candidates(*, firm_id: int, case: Case, holds: Sequence[Hold]) -> list[BookRow]:
    """Return the customers of the books between which a person chooses."""
    ids: dict[str, None] = {}
    for facts in (case.facts, *(hold.facts for hold in holds)):
        ids.update(dict.fromkeys(filter(None, str(facts.get("candidates", "")).split(","))))
    rows = BookRow.objects.filter(firm_id=firm_id, kind="customer", remote_id__in=list(ids), deleted=False)
    return list(rows.filter(books=case.books).order_by("-active", "name"))


def events(*, firm_id: int, case: Case, holds: Sequence[Hold]) -> list[AuditEvent]:
    """Return what people did about a case, the newest first."""
    about = Q(object_kind="case", object_id=str(case.pk)) | Q(
        object_kind="hold", object_id__in=[str(hold.pk) for hold in holds]
    )
    # Sorted here: with a limit PostgreSQL would rather read the log from its end until it has found enough.
    found = AuditEvent.objects.filter(about, firm_id=firm_id).order_by()
    return sorted(found, key=lambda event: -event.number)[:MOST_EVENTS]


def beside(*, firm_id: int, document: Document) -> BookRow | None:
    """Return the object of the books that stands for a document, as last seen."""
    subject = f"{words.PREFIX.get(document.kind, document.resource)}/{document.source_id}"
    link = Link.objects.filter(firm_id=firm_id, live=True).filter(Q(document=document) | Q(subject=subject))
    found = link.order_by("pk").first()
    if found is None and document.kind == "bill":
        return _taken(firm_id=firm_id, document=document)
    if found is None:
        return None
    return BookRow.objects.filter(
        firm_id=firm_id, books_id=found.books_id, kind=found.object_kind, remote_id=found.remote_id
    ).first()


def _taken(*, firm_id: int, document: Document) -> BookRow | None:
    """Return the invoice of the books that bears a held bill's number already."""
    held = Hold.objects.filter(firm_id=firm_id, document=document, closed_at__isnull=True, alarm=False)
    hold = held.filter(code="duplicate_number").select_related("case").first()
    if hold is None or hold.case.books_id is None or not hold.facts.get("books_id"):
        return None
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=hold.case.books_id, kind="invoice")
    return rows.filter(remote_id=hold.facts["books_id"]).first()


def settled_elsewhere(*, firm_id: int, case_id: int) -> list[Elsewhere]:
    """Return what of a case a person settled elsewhere; the first has the evidence."""
    rows = Elsewhere.objects.filter(firm_id=firm_id, case_id=case_id, ended_at__isnull=True)
    return list(rows.select_related("by").defer("evidence").order_by("pk")[:500])


def evidence(row: Elsewhere) -> bytes | None:
    """Return the file of what was settled elsewhere: its bytes are kept once, whatever names it."""
    rows = Elsewhere.objects.filter(firm_id=row.firm_id, digest=row.digest, evidence__isnull=False)
    found = rows.order_by("pk").values_list("evidence", flat=True).first()
    return bytes(found) if found is not None else None


def closed_holds(*, firm_id: int, case_id: int) -> list[Hold]:
    """Return the last records that left a case."""
    rows = Hold.objects.filter(firm_id=firm_id, case_id=case_id, closed_at__isnull=False)
    return list(rows.order_by("-closed_at")[:10])
