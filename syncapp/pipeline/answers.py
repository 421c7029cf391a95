"""The answers of the commands in the forms of DESIGN section 10. Money is text with two decimals."""

from __future__ import annotations

from typing import Any

from accounts import audit
from syncapp.core.money import text
from syncapp.pipeline.drifting.book_documents import entity
from syncapp.pipeline.undoing.told import told as undone
from syncapp.records.models import (
    BillPaper,
    Case,
    Difference,
    Document,
    Hold,
    Link,
    PostedLine,
    Posting,
    SourceHead,
    TieOut,
)

CONTROL = ("seen", "posted", "held", "skipped", "unchanged", "uncertain")


def totals(counts: dict[str, int]) -> dict[str, int]:
    """Return a run's control totals; what was planned only, where that is all that happened."""
    planned = {"planned": counts["planned"]} if counts.get("planned") else {}
    return {name: counts.get(name, 0) for name in CONTROL} | planned


def exceptions(firm_id: int) -> list[dict[str, Any]]:
    """Return every open case with what it holds, trust first, then the oldest. In a reading scope."""
    cases = (
        Case.objects.filter(firm_id=firm_id, closed_at__isnull=True)
        .order_by("opened_at", "pk")
        .select_related("owner")
    )
    holds: dict[int, list[Hold]] = {}
    rows = Hold.objects.filter(firm_id=firm_id, closed_at__isnull=True).select_related("document")
    for hold in rows.order_by("pk"):
        holds.setdefault(hold.case_id, []).append(hold)
    answer = []
    for case in sorted(cases, key=lambda one: one.severity != "trust"):
        mine = holds.get(case.pk, [])
        answer.append(
            {
                "case": case.pk,
                "cause": case.title,
                "code": case.code,
                "severity": case.severity,
                "owner": case.owner.email if case.owner else None,
                "due": case.due_on.isoformat() if case.due_on else None,
                "waits_until": case.rested_until.isoformat() if case.rested_until else None,
                "amount": text(sum(abs(hold.amount) for hold in mine)),
                "holds": [row for hold in mine if not hold.alarm for row in _rows(hold)],
                "alarms": [row for hold in mine if hold.alarm for row in _rows(hold)],
            }
        )
    return answer


def _rows(hold: Hold) -> list[dict[str, Any]]:
    """Name a hold by the ids that Clio shows: a payment by each of its allocations."""
    base: dict[str, Any] = {
        "kind": hold.resource,
        "number": hold.number,
        "reason": hold.words,
        "code": hold.code,
    }
    parts = (hold.document.data or {}).get("allocations") or []
    if hold.document.kind == "payment" and parts:
        return [base | {"clio_id": part["id"], "amount": text(part["amount"])} for part in parts]
    if hold.resource == "books":  # it did not come from Clio
        return [base | {"books_id": hold.facts.get("books_id", ""), "amount": text(hold.amount)}]
    if hold.resource in {"deposits", "payouts"}:  # a person made it here, or a processor's file told it
        return [base | {"id": hold.source_id, "amount": text(hold.amount)}]
    return [base | {"clio_id": hold.source_id, "amount": text(hold.amount)}]


def tie_out(found: TieOut) -> dict[str, Any]:
    """Return a comparison with every record that differs. In a reading scope."""

    def side(figures: dict[str, int]) -> dict[str, Any]:
        return {"count": figures["count"], "total": text(figures["total"])}

    kinds = {
        name: {"clio": side(one["clio"]), "books": side(one["books"])}
        | {key: text(one[key]) for key in ("difference", "queued", "unexplained")}
        for name, one in found.kinds.items()
    }
    rows = Difference.objects.filter(firm_id=found.firm_id, tie_out=found).order_by("pk")
    return {
        "equal": found.equal,
        "as_of": found.at.isoformat(timespec="seconds"),
        "kinds": kinds,
        "differences": [
            {
                "kind": row.kind,
                "resource": row.resource,
                "clio_id": _number(row.source_id),
                "books_id": _books_id(row.books_object),
                "number": row.number,
                "clio": text(row.clio),
                "books": text(row.books_minor),
                "amount": text(row.amount),
                "queued": row.queued,
                "reason": row.reason,
            }
            for row in rows
        ],
    }


def _books_id(place: str) -> str:
    """Name an object of the books as every command does: `Invoice:130`."""
    kind, _, key = place.partition(":")
    return f"{entity(kind)}:{key}" if key else place


def _number(value: str) -> int | str | None:
    return int(value) if value.lstrip("-").isdigit() else value or None


def find(firm_id: int, resource: str, source_id: int) -> Document | None:
    """Return the document of a record by Clio's own words; an allocation leads to its payment or credit."""
    rows = Document.objects.filter(firm_id=firm_id)
    if resource == "allocations":
        head = SourceHead.objects.filter(firm_id=firm_id, resource=resource, source_id=source_id).first()
        kind, _, key = head.group.partition("/") if head else ("", "", "")
        if key:
            return rows.filter(kind="payment" if kind == "payments" else "credit", source_id=int(key)).first()
    return rows.filter(resource=resource, source_id=source_id).first()


def trace(document: Document) -> dict[str, Any]:
    """Return the whole road of one record, from Clio to the books. In a reading scope."""
    firm_id = document.firm_id
    postings = Posting.objects.filter(firm_id=firm_id, document=document).order_by("pk")
    links = Link.objects.filter(firm_id=firm_id, document=document).order_by("pk")
    holds = Hold.objects.filter(firm_id=firm_id, document=document).order_by("pk")
    return {
        "record": {
            "kind": document.resource,
            "clio_id": document.source_id,
            "number": document.number,
            "amount": text(document.amount),
            "day": document.day.isoformat() if document.day else None,
            "settled": document.settled,
            "outcome": document.outcome,
            "words": document.outcome_words,
        },
        "versions": [
            {
                "version": version.version,
                "at": version.at.isoformat(timespec="seconds"),
                "sources": version.sources,
            }
            for version in document.versions.filter(firm_id=firm_id).order_by("version")
        ],
        "postings": [_posting(posting) for posting in postings],
        "links": [_link(link) for link in links],
        "holds": [_hold(hold) for hold in holds],
        "undone": undone(document),
        "papers": [
            _paper(row) for row in BillPaper.objects.filter(firm_id=firm_id, document=document).order_by("pk")
        ],
    }


def _paper(row: BillPaper) -> dict[str, Any]:
    return {
        "name": row.name,
        "state": row.state,
        "books_id": f"invoice:{row.remote_id}",
        "attachment": row.attachment or None,
        "version": row.version,
        "at": row.attached_at.isoformat(timespec="seconds") if row.attached_at else None,
        "sha256": row.digest,
        "words": row.words,
    }


def _link(link: Link) -> dict[str, Any]:
    return {
        "subject": link.subject,
        "books_id": f"{link.object_kind}:{link.remote_id}",
        "live": link.live,
        "adopted": link.adopted,
    }


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "reason": hold.words,
        "alarm": hold.alarm,
        "opened": hold.opened_at.isoformat(timespec="seconds"),
        "closed": hold.closed_at.isoformat(timespec="seconds") if hold.closed_at else None,
    }


def _posting(posting: Posting) -> dict[str, Any]:
    lines = PostedLine.objects.filter(firm_id=posting.firm_id, entry__posting=posting).order_by("pk")
    return {
        "operation": f"{posting.verb} {posting.object_kind}",
        "number": posting.number,
        "state": posting.state,
        "rule_version": posting.rule_version,
        "request_id": posting.request_id,
        "books_id": f"{posting.object_kind}:{posting.remote_id}" if posting.remote_id else None,
        "attempts": [
            {
                "outcome": attempt.outcome,
                "at": attempt.ended_at.isoformat(timespec="seconds"),
                "vendor_request_id": attempt.vendor_request_id,
                "words": attempt.words,
            }
            for attempt in posting.attempts.filter(firm_id=posting.firm_id).order_by("pk")
        ],
        "entry": [
            {
                "account": line.account,
                "amount": text(line.minor),
                "customer": line.customer,
                "item": line.item,
                "class": line.class_id,
            }
            for line in lines
        ],
    }


def verify(firm_id: int) -> dict[str, Any]:
    """Check the audit chain, the posted entries and the links. In a reading scope."""
    chain = audit.verify(firm_id)
    from django.db.models import Count, Sum

    lines = PostedLine.objects.filter(firm_id=firm_id)
    unbalanced = lines.values("entry_id").annotate(total=Sum("minor")).exclude(total=0).count()
    lost = Posting.objects.filter(firm_id=firm_id, state="posted", remote_id="").count()
    live = Link.objects.filter(firm_id=firm_id, live=True)
    twice = (
        live.values("books_id", "object_kind", "remote_id").annotate(n=Count("id")).filter(n__gt=1).count()
    )
    found = TieOut.objects.filter(firm_id=firm_id).order_by("-at").first()
    changed = (
        Difference.objects.filter(firm_id=firm_id, tie_out=found, kind="entries").count() if found else 0
    )
    checks: dict[str, dict[str, Any]] = {
        "audit": {"ok": chain.ok, "events": chain.count, "first_broken": chain.first_broken},
        "entries": {"ok": not unbalanced and not lost, "unbalanced": unbalanced, "without_id": lost},
        "links": {"ok": not twice, "live": live.count(), "twice": twice},
        "books": {"ok": not changed, "changed_after_posting": changed},
    }
    return {"ok": all(check["ok"] for check in checks.values()), "checks": checks}
