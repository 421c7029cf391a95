"""Records that a person settled elsewhere: not posted, named in the tie-out with who and why.

It closes nothing in the books: the two sides differ by it, and the comparison says so with the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from accounts import audit, queries
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.records import anew
from syncapp.records.models import Case, Document, Elsewhere, Hold

if TYPE_CHECKING:
    from accounts.models import User

LONGEST = 300  # characters of a reason
LARGEST = 5_000_000  # bytes of a file
NO_REASON = "Say in a few words where and how it was settled."
NO_PROOF = "Client money needs the evidence as a file."
PARTNERS_ONLY = "It is client money: a partner says that it was settled elsewhere."
TOO_LARGE = "The file is larger than 5 MB."
NOTHING = "This exception holds nothing any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A file that shows it: its name and its bytes."""

    name: str
    content: bytes


def of_trust(case: Case, holds: Iterable[Hold]) -> bool:
    """Tell whether a case is of client money, so that a partner settles it."""
    return case.severity == "trust" or any(hold.document.of_trust for hold in holds)


def settle(
    *, firm_id: int, case_id: int, reason: str, proof: Proof | None, partner: bool, by: User, now: datetime
) -> int | str:
    """Keep that all that a case holds is settled elsewhere; return how many records, or why not.

    `partner` says that the person signs for client money.
    """
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
        rows = Hold.objects.filter(firm_id=firm_id, case_id=case_id, closed_at__isnull=True, alarm=False)
        holds = list(rows.select_related("document").order_by("pk"))
        if case is None or not holds:
            return NOTHING
        refusal = _refusal(reason.strip(), proof, trust=of_trust(case, holds), partner=partner)
        if refusal:
            return refusal
        digest = hashlib.sha256(proof.content).hexdigest() if proof else ""
        fresh = bool(proof) and not _kept(firm_id, digest)
        Elsewhere.objects.filter(
            firm_id=firm_id, document__in=[hold.document_id for hold in holds], ended_at__isnull=True
        ).update(ended_at=now, ended_by=by)  # said of an earlier version
        Elsewhere.objects.bulk_create(
            Elsewhere(
                firm_id=firm_id,
                case=case,
                document=hold.document,
                version=hold.document.version,
                reason=reason.strip()[:LONGEST],
                name=proof.name[:200] if proof else "",
                evidence=proof.content if proof and fresh and hold is holds[0] else None,
                digest=digest,
                by=by,
                at=now,
            )
            for hold in holds
        )
        after = {"reason": reason.strip()[:LONGEST], "records": len(holds), "sha256": digest}
        _told(case, "case.settled_elsewhere", by, now, after)
        anew.plan(Document.objects.filter(firm_id=firm_id, pk__in=[hold.document_id for hold in holds]))
    return len(holds)


def settle_many(
    *, firm_id: int, case_ids: Iterable[int], reason: str, proof: Proof | None, by: User, now: datetime
) -> tuple[int, int] | str:
    """Settle several cases elsewhere with one reason; return how many, and how many stay as they are.

    Client money stays unless the person signs for it in this firm. A sentence when none could be settled.
    """
    with firm_scope(write=None, reads=[firm_id]):
        partner = by.pk in queries.since_when(firm_id=firm_id, permission=Permission.SIGN, now=now)
    said = [
        settle(firm_id=firm_id, case_id=pk, reason=reason, proof=proof, partner=partner, by=by, now=now)
        for pk in case_ids
    ]
    refusals = [one for one in said if isinstance(one, str)]
    if refusals and len(refusals) == len(said):
        return refusals[0]
    return len(said) - len(refusals), len(refusals)


def _kept(firm_id: int, digest: str) -> bool:
    """Tell whether the bytes of a file are kept already: one file shows many cases."""
    return Elsewhere.objects.filter(firm_id=firm_id, digest=digest, evidence__isnull=False).exists()


def _refusal(reason: str, proof: Proof | None, *, trust: bool, partner: bool) -> str:
    if not reason:
        return NO_REASON
    if proof is not None and len(proof.content) > LARGEST:
        return TOO_LARGE
    if trust and not partner:
        return PARTNERS_ONLY
    return NO_PROOF if trust and proof is None else ""


def take_back(*, firm_id: int, case_id: int, by: User, now: datetime) -> int:
    """Let the records of a case be planned again; return how many."""
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id).first()
        standing = Elsewhere.objects.filter(firm_id=firm_id, case_id=case_id, ended_at__isnull=True)
        documents = list(standing.values_list("document_id", flat=True))
        if case is None or not documents:
            return 0
        standing.update(ended_at=now, ended_by=by)
        _told(case, "case.taken_back", by, now, {"records": len(documents)})
        anew.plan(Document.objects.filter(firm_id=firm_id, pk__in=documents))
    return len(documents)


def standing(*, firm_id: int) -> dict[int, Elsewhere]:
    """Return what is settled elsewhere as its record is now, by document. In a reading scope."""
    rows = Elsewhere.objects.filter(firm_id=firm_id, ended_at__isnull=True, version=F("document__version"))
    return {row.document_id: row for row in rows.select_related("by").defer("evidence")}


def _told(case: Case, verb: str, by: User, now: datetime, after: dict[str, object]) -> None:
    audit.record(
        firm_id=case.firm_id, actor=by, verb=verb, kind="case", id=case.pk, text=case.title[:300],
        after=after, now=now,
    )  # fmt: skip
