"""Questions about what is stuck: cases, their holds and alarms. Each is asked inside a scope of the firm."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case as When_
from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from accounts.paging import Counted
from syncapp.desk import words
from syncapp.desk.queries.wish import AGES, Wish, fitting
from syncapp.pipeline.cases import standing
from syncapp.pipeline.drifting import hands
from syncapp.records.models import Case, CaseAsk, Hold
from syncapp.records.models.queue import QUIET

if TYPE_CHECKING:
    from collections.abc import Sequence


SHOWN_WITHIN = 5  # records of a case shown in the list itself
MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What the shown cases come to; amounts in minor units, alarms apart since they have posted."""

    cases: int = 0
    holding: int = 0
    holds: int = 0
    alarms: int = 0
    held_minor: int = 0
    alarm_minor: int = 0
    trust_minor: int = 0
    trust_holds: int = 0
    bare: int = 0  # cases that hold nothing: lost connections


@dataclass(slots=True, kw_only=True)
class Shown:
    """One case as the list shows it; `group` heads the first case of its sort."""

    case: Case
    days: int
    records: str
    pill: tuple[str, str]
    step: str
    late: bool = False
    group: str = ""
    settles: bool = False  # by a word on how it was settled
    holds: list[tuple[Hold, str]] = field(default_factory=list)
    asked: CaseAsk | None = None

    @property
    def more(self) -> int:
        """Return how many records are not shown in the list."""
        return self.case.held + self.case.alarms - len(self.holds)  # type: ignore[attr-defined,no-any-return]


HELD, ALARMED = Q(waiting__alarm=False), Q(waiting__alarm=True)
CLEARED = ("trust", "needs_person")  # what somebody clears; the rest goes on by itself
GROUPS = (
    "Client money",
    "Needs a person",
    "Goes on by itself",
    "Waits until a day",
    "Paused, or posts at its time",
)
RESTS = ("Waits until a day", "")
RANK = When_(
    When(rested_until__isnull=False, then=Value(3)),
    When(severity="trust", then=Value(0)),
    When(severity="needs_person", then=Value(1)),
    When(severity__in=QUIET, then=Value(4)),
    default=Value(2),
    output_field=IntegerField(),
)


def open_cases(*, firms: Sequence[int], wish: Wish | None = None) -> QuerySet[Case]:
    """List open cases: trust first, then what needs a person, then by money and age.

    A lost connection heads its sort: all else waits for it.
    """
    waiting = FilteredRelation(
        "holds", condition=Q(holds__closed_at__isnull=True, holds__firm_id__in=list(firms))
    )
    return (
        fitting(firms=firms, wish=wish)
        .select_related("books", "owner", "firm")
        .annotate(
            waiting=waiting,
            rank=RANK,
            behind=When_(When(code__in=standing.CODES, then=Value(0)), default=Value(1)),
            held=Count("waiting", filter=HELD),
            alarms=Count("waiting", filter=ALARMED),
            amount=Coalesce(Sum("waiting__amount", filter=HELD), 0),
            alarm_amount=Coalesce(Sum("waiting__amount", filter=ALARMED), 0),
            oldest=Coalesce(Min("waiting__opened_at"), F("opened_at")),
        )
        .order_by("rank", "behind", "-amount", "-alarm_amount", "oldest", "pk")
    )


def after(case: Case) -> Case | None:
    """Return the case that follows one in the queue, of those that somebody clears; None after the last."""
    clears = open_cases(firms=[case.firm_id]).filter(severity__in=CLEARED, rested_until__isnull=True)
    keys = list(clears.values_list("pk", flat=True))
    at = keys.index(case.pk) + 1 if case.pk in keys else 0
    following = [pk for pk in (*keys[at:], *keys[:at]) if pk != case.pk]
    return Case.objects.filter(firm_id=case.firm_id, pk=following[0]).first() if following else None


def pages(*, firms: Sequence[int], wish: Wish, per_page: int) -> Counted:
    """Return the pages of `open_cases`; they are counted without being added up."""
    count = fitting(firms=firms, wish=wish).count()
    return Counted(open_cases(firms=firms, wish=wish), per_page, count=count)


def open_holds(*, firm_id: int, case_id: int | None = None) -> QuerySet[Hold]:
    """List what is held and what is alarmed, the oldest first."""
    rows = Hold.objects.filter(firm_id=firm_id, closed_at__isnull=True)
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    return rows.order_by("alarm", "opened_at", "pk")


def totals(*, firms: Sequence[int], wish: Wish | None = None, paused: bool = True) -> Totals:
    """Add up all cases that fit, not only those of a page; without `paused` only what is stuck."""
    cases = fitting(firms=firms, wish=wish).values("pk")
    cases = cases if paused else cases.exclude(severity__in=QUIET)
    held, trust = Q(alarm=False), Q(case__severity="trust")
    found = (
        Hold.objects.filter(firm_id__in=firms, closed_at__isnull=True)
        .filter(case__in=cases)
        .order_by()
        .aggregate(
            cases=Count("case", distinct=True),
            holding=Count("case", distinct=True, filter=held),
            holds=Count("pk", filter=held),
            alarms=Count("pk", filter=~held),
            held_minor=Coalesce(Sum("amount", filter=held), 0),
            alarm_minor=Coalesce(Sum("amount", filter=~held), 0),
            trust_minor=Coalesce(Sum("amount", filter=held & trust), 0),
            trust_holds=Count("pk", filter=held & trust),
        )
    )
    alone = bare(firms=firms, wish=wish).count()
    return Totals(**found | {"cases": found["cases"] + alone}, bare=alone)


def bare(*, firms: Sequence[int], wish: Wish | None = None) -> QuerySet[Case]:
    """List the lost connections for which no record waits."""
    held_by = Hold.objects.filter(firm_id=OuterRef("firm_id"), case=OuterRef("pk"), closed_at__isnull=True)
    rows = fitting(firms=firms, wish=wish).filter(~Exists(held_by), code__in=standing.CODES)
    return rows.select_related("books", "owner", "firm").order_by("opened_at", "pk")


def shown(*, cases: Sequence[Case], now: datetime, today: date | None = None) -> list[Shown]:
    """Dress a page of cases: their nouns, their age in days, and the first records of each."""
    ids = [case.pk for case in cases]
    first: dict[int, list[tuple[Hold, str]]] = {}
    open_ = Hold.objects.filter(
        firm_id__in={case.firm_id for case in cases}, case__in=ids, closed_at__isnull=True
    )
    ranked = open_.annotate(
        place=Window(
            RowNumber(), partition_by=F("case_id"), order_by=[F("alarm").asc(), F("opened_at").asc()]
        )
    )
    for hold in ranked.filter(place__lte=SHOWN_WITHIN):
        noun = words.RESOURCE.get(hold.resource, hold.resource).capitalize()
        first.setdefault(hold.case_id, []).append((hold, noun))
    counts: dict[int, dict[str, int]] = {}
    kinds = open_.order_by().values("case_id", "resource")
    for row in kinds.annotate(n=Count("pk")):
        noun = words.RESOURCE.get(row["resource"], "record")
        of = counts.setdefault(row["case_id"], {})
        of[noun] = of.get(noun, 0) + row["n"]
    dressed, group = [], -1
    for case in cases:
        heads, group = case.rank != group, case.rank  # type: ignore[attr-defined]
        dressed.append(
            Shown(
                case=case,
                days=max((now - case.oldest).days, 0),  # type: ignore[attr-defined]
                records=words.joined(words.counted(n, noun) for noun, n in counts.get(case.pk, {}).items()),
                pill=RESTS if case.rested_until else words.SEVERITY.get(case.severity, (case.severity, "")),
                step=words.step(case.code, case.fix, case.facts) or "See its records.",
                late=bool(today and case.due_on and case.due_on < today and not case.rested_until),
                group=GROUPS[group] if heads else "",
                settles=not hands.refusal(code=case.code, resource=""),
                holds=first.get(case.pk, []),
            )
        )
    return dressed


def choices(*, firms: Sequence[int]) -> dict[str, list[tuple[str, str]]]:
    """Return what the filters offer: only what is there."""
    codes = fitting(firms=firms).order_by().values_list("code", flat=True).distinct()
    holds = Hold.objects.filter(firm_id__in=firms, closed_at__isnull=True).order_by()
    resources = holds.values_list("resource", flat=True).distinct()
    return {
        "code": sorted((code, code.replace("_", " ").capitalize()) for code in codes),
        "resource": sorted((name, words.RESOURCE.get(name, name).capitalize() + "s") for name in resources),
    }


def ages(*, firm_id: int, now: datetime) -> list[dict[str, Any]]:
    """Add up what is held by how long it has waited, for the ageing bars."""
    held = open_holds(firm_id=firm_id).filter(alarm=False).exclude(case__severity__in=QUIET).order_by()
    days = [(label, _between(now, first, end)) for label, first, end in AGES.values()]
    sums = {f"sum{n}": Coalesce(Sum("amount", filter=span), 0) for n, (_, span) in enumerate(days)}
    counts = {f"count{n}": Count("pk", filter=span) for n, (_, span) in enumerate(days)}
    found = held.aggregate(**sums, **counts)
    return [
        {"label": label, "minor": found[f"sum{n}"], "count": found[f"count{n}"]}
        for n, (label, _) in enumerate(days)
    ]


def _between(now: datetime, first: int, end: int) -> Q:
    newest, oldest = now - timedelta(days=first), now - timedelta(days=end)
    return Q(opened_at__gt=oldest) & (Q(opened_at__lte=newest) if first else Q())


def for_export(*, firms: Sequence[int], wish: Wish) -> QuerySet[Hold]:
    """List the records of all cases that fit, held ones first, the oldest first."""
    cases = fitting(firms=firms, wish=wish).values("pk")
    rows = Hold.objects.filter(firm_id__in=firms, closed_at__isnull=True, case__in=cases)
    whole = rows.select_related("case", "case__books", "case__owner", "firm")
    return whole.order_by("alarm", "opened_at", "pk")[:MOST_EXPORTED]


def case_or_none(*, firm_id: int, case_id: int) -> Case | None:
    """Find a case, closed ones too."""
    return Case.objects.filter(firm_id=firm_id, pk=case_id).select_related("books", "owner").first()


def case_totals(*, firm_id: int, case_id: int) -> Totals:
    """Add up one case."""
    held = Q(alarm=False)
    found = (
        open_holds(firm_id=firm_id, case_id=case_id)
        .order_by()
        .aggregate(
            holds=Count("pk", filter=held),
            alarms=Count("pk", filter=~held),
            held_minor=Coalesce(Sum("amount", filter=held), 0),
            alarm_minor=Coalesce(Sum("amount", filter=~held), 0),
        )
    )
    return Totals(cases=1, **found)


def retryable(
    *, firms: Sequence[int], case_ids: Sequence[int], hold_ids: Sequence[int], everything: bool
) -> tuple[int, int]:
    """Count the records that a retry would try again, and their money."""
    rows = Hold.objects.filter(firm_id__in=firms, closed_at__isnull=True, alarm=False).order_by()
    if not everything:
        rows = rows.filter(Q(case_id__in=case_ids) | Q(pk__in=hold_ids))
    found = rows.aggregate(n=Count("pk"), minor=Coalesce(Sum("amount"), 0))
    return found["n"], found["minor"]
