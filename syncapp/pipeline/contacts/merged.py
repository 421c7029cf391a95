"""Customers merged in the books, as settling knows them: where each stands now, and what is asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.drifting import hands
from syncapp.records.models import BookRow, Document, Link, Merger

if TYPE_CHECKING:
    from syncapp.pipeline.context import Context


@dataclass(frozen=True, slots=True)
class Merged:
    """`kept` leads from a customer that is gone to where it stands; `asked` holds who is not decided on."""

    kept: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Problem] = field(default_factory=dict)

    def of(self, remote_id: str) -> str:
        """Return the customer that stands for one now."""
        return self.kept.get(remote_id, remote_id)

    def owner(self, subjects: Mapping[tuple[str, str], str], remote_id: str) -> str:
        """Return the subject that a customer stands for, or the customer itself."""
        now_on = self.of(remote_id)
        known = subjects.get(("customer", now_on)) or subjects.get(("customer", remote_id))
        return known or f"id:{now_on}"


NONE = Merged()


def links(firm_id: int, books_id: int) -> list[Link]:
    """Return what stands, whose a shared customer is after those who share it. In a reading scope."""
    rows = Link.objects.filter(firm_id=firm_id, books_id=books_id, live=True)
    return list(rows.order_by("-shared", "pk"))


def load(firm_id: int, books_id: int, standing: Iterable[Link]) -> Merged:
    """Read the mergers of one set of books. In a reading scope."""
    rows = list(Merger.objects.filter(firm_id=firm_id, books_id=books_id).order_by("pk"))
    if not rows:
        return NONE
    kept = {row.gone: row.kept for row in rows}
    for gone, then in list(kept.items()):  # merged again since
        seen = {gone}
        while then in kept and then not in seen:
            seen.add(then)
            then = kept[then]  # noqa: PLW2901 - the chain is followed to its end
        kept[gone] = then
    subjects = {link.remote_id: link.subject for link in standing if link.object_kind == "customer"}
    names = dict(
        BookRow.objects.filter(
            firm_id=firm_id, books_id=books_id, kind="customer", remote_id__in=kept.values()
        ).values_list("remote_id", "name")
    )
    asked = {
        subjects[row.gone]: problem(row, kept[row.gone], names.get(kept[row.gone], ""), subjects)
        for row in rows
        if row.accepted_at is None and row.gone in subjects
    }
    return Merged(kept, asked)


def problem(row: Merger, kept: str, kept_name: str, subjects: Mapping[str, str]) -> Problem:
    """Ask whether the client of the customer that is gone stands on the other from now on."""
    name = str(row.facts.get("name") or row.gone)
    return Problem(
        code=hands.MERGED,
        fix=Fix.CHOOSE,
        cause=f"customer {row.gone}",
        title=f"Customer “{name}” was merged into “{kept_name or kept}” in QuickBooks.",
        words=f"“{name}” is not in QuickBooks any more; what was its stands on “{kept_name or kept}”. "
        "What is new of it waits until somebody says where it stands.",
        facts={
            "gone": row.gone,
            "kept": kept,
            "name": name,
            "kept_name": kept_name,
            "subject": subjects[row.gone],
            "other": subjects.get(kept, ""),
            "records": str(row.facts.get("records") or 0),
            "told": "yes" if row.told else "",
            "books_id": f"customer:{kept}",
        },
    )


def asked(context: Context) -> list[tuple[Document, Problem]]:
    """Return what is asked of merged customers, with the client or matter of each."""
    found = []
    for subject, said in context.merged.asked.items():
        kind, _, key = subject.partition("/")
        document = context.people.get(({"contacts": "client", "matters": "matter"}.get(kind, ""), int(key)))
        if document is not None:
            found.append((document, said))
    return found
