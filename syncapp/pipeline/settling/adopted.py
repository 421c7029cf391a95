"""What stood in the books already: what was adopted is not planned, what is asked waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from syncapp.core.documents import Kind
from syncapp.core.ledger import FORMS
from syncapp.core.planning.customers import Proposed
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.trust import twin_answers
from syncapp.records.models import BookChoice, Document, Link, Proposal
from syncapp.records.models.adoption import ProposalState

if TYPE_CHECKING:
    from syncapp.pipeline.context import Context

CODE = "stands_already"
_WAITS = Problem(
    code=CODE,
    fix=Fix.BOOKS,
    cause="adoption",
    title="Records stand in QuickBooks already. Adopt them, or say that they are others.",
    words="It seems to stand in QuickBooks already. Adopt what stands there, or say that it is another one.",
)
_FORMS = {kind.value for kind in FORMS}
_BILLS = (Kind.BILL.value, Kind.INTEREST.value)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What of the unsettled documents was adopted, by version, and what is asked; customers by client."""

    versions: Mapping[int, int] = field(default_factory=dict)
    asked: frozenset[int] = frozenset()
    customers: Mapping[str, tuple[Proposed, ...]] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)  # what was said of entries and of inactive ones


NONE = Adoption()


def read(firm_id: int, books_id: int, start_bills: date) -> Adoption:
    """Read what was adopted and what is asked of documents that are not settled. In a reading scope.

    A bill that is doubtful waits elsewhere where its number is taken; one from before the start date is
    linked by number and amount without asking.
    """
    rows = Proposal.objects.filter(firm_id=firm_id, books_id=books_id)
    versions: dict[int, int] = {}
    asked: set[int] = set()
    customers: dict[str, list[Proposed]] = {}
    waiting = rows.filter(document__settled=False, state__in=["open", "adopted"]).exclude(
        object_kind="customer", state="adopted"
    )
    columns = ("state", "document_id", "document_version", "document__kind", "object_kind", "confidence")
    more = ("subject", "remote_id", "reasons", "day", "document__data__trust", "number", "remote_number")
    found = waiting.exclude(object_kind="customer").values_list(*columns, *more)
    people = rows.filter(state=ProposalState.OPEN.value, object_kind="customer").values_list(*columns, *more)
    for state, pk, version, kind, object_kind, sure, subject, remote_id, reasons, day, trust, *numbers in (
        *found,
        *people,
    ):
        if object_kind == "customer":
            one = Proposed(id=remote_id, certain=sure == "certain", reasons=tuple(reasons))
            customers.setdefault(subject, []).append(one)
        elif object_kind in _FORMS and (trust or kind != Kind.MONEY.value):
            continue  # client money is a part of its own, and waits under its own cause (`trust.twins`)
        elif state == ProposalState.ADOPTED.value:
            versions[pk] = version
        elif kind not in _BILLS or (day is not None and day >= start_bills and _waits(sure, *numbers)):
            asked.add(pk)
    named = {key: tuple(some) for key, some in customers.items()}
    return Adoption(versions, frozenset(asked), named, _choices(rows))


def chosen(firm_id: int, books_id: int, adoption: Adoption) -> dict[str, str]:
    """Return what people answered, by subject. In a reading scope."""
    said = BookChoice.objects.filter(firm_id=firm_id, books_id=books_id).values_list("subject", "answer")
    return dict(said) | dict(adoption.choices)


def _waits(sure: str, number: str, there: str) -> bool:
    """Tell whether a bill waits here: where its number is taken and doubtful, that is its own exception."""
    return sure == "certain" or not there.casefold().endswith(number.casefold())


def _choices(rows: QuerySet[Proposal]) -> dict[str, str]:
    """Return the answers that adopted pairs are for what is not linked yet."""
    mine = Link.objects.filter(
        firm_id=OuterRef("firm_id"), books_id=OuterRef("books_id"), subject=OuterRef("subject"), live=True
    )
    waiting = rows.filter(state=ProposalState.ADOPTED.value).exclude(Exists(mine))
    found = {}
    for subject, kind, key in waiting.values_list("subject", "object_kind", "remote_id"):
        if kind == "customer":
            found[subject] = key
        elif kind in _FORMS:
            found[twin_answers.asked(subject, f"{kind}:{key}")] = twin_answers.SAME
    return found


def answer(context: Context, row: Document) -> Answer | Problem | None:
    """Return what settles a document that stood in the books already; None when it is planned as all others.

    What was adopted stands as it is until Clio changes it; then it is planned like what we posted ourselves.
    """
    if context.adoption.versions.get(row.pk) == row.version:
        return Answer(kept=frozenset(context.own.get(row.pk, set()) | context.coming.get(row.pk, set())))
    if row.pk in context.adoption.asked and not context.own.get(row.pk):
        return _WAITS
    return None
