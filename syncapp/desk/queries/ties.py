"""Questions about agreement: tie-outs, differences, what the overview and the tie-out page show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Abs, Coalesce

from syncapp.desk import words
from syncapp.records.models import Difference, Document, SourceHead, TieOut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from accounts.models import Books

HISTORY = 30
ALWAYS = frozenset({"invoices", "payments", "receivables"})  # shown even when there are none
AGEING = (
    ("current", "Not yet due"),
    ("1-30", "1 to 30 days"),
    ("31-60", "31 to 60 days"),
    ("61-90", "61 to 90 days"),
    ("90+", "Over 90 days"),
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """One kind compared; amounts in minor units, `difference` = `queued` + `unexplained`."""

    kind: str
    label: str
    clio_count: int
    books_count: int
    clio: int
    books: int
    difference: int
    queued: int
    unexplained: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one set of books stands: its newest comparison in words and figures."""

    books: Books
    tie: TieOut | None
    sentence: str = ""
    why: str = ""
    rows: list[KindRow] = field(default_factory=list)
    ledger: str = "QuickBooks"
    currency: str = "USD"

    @property
    def off(self) -> int:
        """Return how many kinds differ."""
        return sum(1 for row in self.rows if row.difference)


def standings(*, firm_id: int, books: Sequence[Books], currency: str) -> list[Standing]:
    """Return how each set of books stands, in its order."""
    newest = TieOut.objects.filter(firm_id=firm_id, books__in=books).order_by("books_id", "-at", "-pk")
    found = {tie.books_id: tie for tie in newest.distinct("books_id")}
    return [standing(each, found.get(each.pk), currency=currency) for each in books]


def standing(books: Books, tie: TieOut | None, *, currency: str) -> Standing:
    """Put one comparison into words and rows."""
    ledger = words.LEDGERS.get(books.ledger, books.ledger)
    if tie is None:
        return Standing(books=books, tie=None, ledger=ledger, currency=currency)
    sentence, why = words.standing(tie.kinds, equal=tie.equal, currency=currency)
    return Standing(
        books=books,
        tie=tie,
        sentence=sentence,
        why=why,
        rows=kind_rows(tie),
        ledger=ledger,
        currency=currency,
    )


def kind_rows(tie: TieOut) -> list[KindRow]:
    """Return the compared kinds in the order of the page."""
    order = [kind for kind in words.TIED if kind in tie.kinds]
    order += [kind for kind in tie.kinds if kind not in words.TIED]
    rows = [_kind(kind, tie.kinds[kind]) for kind in order]
    return [row for row in rows if row.kind in ALWAYS or row.clio_count or row.books_count or row.difference]


def _kind(kind: str, row: dict[str, Any]) -> KindRow:
    clio, books = row.get("clio") or {}, row.get("books") or {}
    return KindRow(
        kind=kind,
        label=words.TIED.get(kind, kind.capitalize()),
        clio_count=int(clio.get("count") or 0),
        books_count=int(books.get("count") or 0),
        clio=int(clio.get("total") or 0),
        books=int(books.get("total") or 0),
        difference=int(row.get("difference") or 0),
        queued=int(row.get("queued") or 0),
        unexplained=int(row.get("unexplained") or 0),
    )


def months(ties: Iterable[TieOut | None]) -> dict[str, Any] | None:
    """Add the last twelve months billed and collected over all sets of books; None without any."""
    sums: dict[str, list[int]] = {}
    for tie in ties:
        for row in tie.months if tie else []:
            pair = sums.setdefault(str(row["month"]), [0, 0])
            pair[0] += int(row.get("billed") or 0)
            pair[1] += int(row.get("collected") or 0)
    last = sorted(sums)[-12:]
    if not last:
        return None
    return {
        "labels": [MONTHS[int(month[5:7]) - 1] for month in last],
        "series": [
            {"label": "Billed", "values": [sums[month][0] for month in last]},
            {"label": "Collected", "values": [sums[month][1] for month in last]},
        ],
        "billed": sum(sums[month][0] for month in last),
        "collected": sum(sums[month][1] for month in last),
    }


def ageing(ties: Iterable[TieOut | None]) -> list[dict[str, Any]]:
    """Add receivables by how long they are overdue over all sets of books; empty when not compared."""
    sums: dict[str, int] = {}
    for tie in ties:
        found = (tie.kinds.get("receivables") or {}).get("ageing") if tie else None
        for key, minor in (found or {}).items():
            sums[key] = sums.get(key, 0) + int(minor or 0)
    return [{"key": key, "label": label, "minor": sums.get(key, 0)} for key, label in AGEING] if sums else []


def tie_or_none(*, firm_id: int, books: Books) -> TieOut | None:
    """Return the newest comparison of a set of books."""
    return TieOut.objects.filter(firm_id=firm_id, books=books).order_by("-at", "-pk").first()


def history(*, firm_id: int, books: Books) -> list[TieOut]:
    """Return the last comparisons of a set of books, the newest first."""
    return list(TieOut.objects.filter(firm_id=firm_id, books=books).order_by("-at", "-pk")[:HISTORY])


def differences(
    *, firm_id: int, tie: TieOut, kind: str = "", what: str = "", queued: str = "", text: str = ""
) -> QuerySet[Difference]:
    """List what differs in a comparison: the unexplained first, then by money."""
    rows = Difference.objects.filter(firm_id=firm_id, tie_out=tie)
    if kind:
        rows = rows.filter(kind=kind)
    if what:
        rows = rows.filter(what=what)
    if queued in {"yes", "no"}:
        rows = rows.filter(queued=queued == "yes")
    if text:
        rows = rows.filter(Q(number__icontains=text) | Q(reason__icontains=text))
    return rows.annotate(size=Abs("amount")).order_by("queued", "-size", "pk")


def sums(rows: QuerySet[Difference]) -> dict[str, int]:
    """Add up all differences that fit, not only those of a page."""
    return rows.order_by().aggregate(
        n=Count("pk"),
        clio_total=Coalesce(Sum("clio"), 0),
        books_total=Coalesce(Sum("books_minor"), 0),
        difference=Coalesce(Sum("amount"), 0),
    )


def records_of(*, firm_id: int, rows: Iterable[Difference]) -> dict[tuple[str, str], int]:
    """Return the documents behind some differences by the practice system's own words for them.

    A payment is named by one of its allocations there, so these are looked up by the group they belong to.
    """
    named = {(row.resource, int(row.source_id)) for row in rows if row.source_id.isdigit()}
    parts = [source_id for resource, source_id in named if resource == "allocations"]
    heads = SourceHead.objects.filter(firm_id=firm_id, resource="allocations", source_id__in=parts)
    groups = dict(heads.values_list("group", "source_id"))
    subjects = {group: ("allocations", source_id) for group, source_id in groups.items()}
    subjects |= {f"{resource}/{source_id}": (resource, source_id) for resource, source_id in named}
    wanted = {subject.partition("/")[2] for subject in subjects}
    found = Document.objects.filter(
        firm_id=firm_id, source_id__in=[int(one) for one in wanted if one.isdigit()]
    )
    records: dict[tuple[str, str], int] = {}
    for pk, kind, source_id in found.values_list("pk", "kind", "source_id"):
        told = subjects.get(f"{words.PREFIX.get(kind, kind)}/{source_id}")
        if told:
            records[told[0], str(told[1])] = pk
    return records
