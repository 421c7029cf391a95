"""Deposits that came back and what took them back, as it was written down. To be asked in an open scope."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from syncapp.records.models import Document
from trust.models import ReturnedDeposit

KINDS = {"bank_transactions": "money", "payments": "payment"}
_SUBJECTS = {
    "money": ("bank_transactions/{}",),
    "payment": ("payments/{}/trust", "payments/{}/into"),
}
MOST = 20  # rows that name one record


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """The other side of a returned deposit: `back` where it is the return of the one that is looked at."""

    document: Document
    back: bool


def others_of(document: Document) -> list[Other]:
    """Return what a record takes back, and what took it back."""
    mine = {name.format(document.source_id) for name in _SUBJECTS.get(document.kind, ())}
    rows = ReturnedDeposit.objects.filter(firm_id=document.firm_id)
    about = rows.filter(Q(subject__in=mine) | Q(original__in=mine)).order_by("-id")[:MOST]
    subjects = {row.subject for row in about}
    newest = rows.filter(subject__in=subjects).order_by("id").values_list("subject", "original")
    found = []
    for subject, original in dict(newest).items():
        if original and (subject in mine or original in mine):
            other = _document(document.firm_id, original if subject in mine else subject)
            found += [Other(document=other, back=subject not in mine)] if other is not None else []
    return found


def _document(firm_id: int, subject: str) -> Document | None:
    resource, key, *_ = subject.split("/")
    rows = Document.objects.filter(firm_id=firm_id, kind=KINDS.get(resource, ""), source_id=int(key))
    return rows.first()
