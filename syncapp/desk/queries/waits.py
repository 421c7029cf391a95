"""Questions about what waits for nobody here: vendors in trouble, and what people have paused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from syncapp.desk import words
from syncapp.desk.templatetags.formats import day_text
from syncapp.pipeline.clock import pausing, troubles
from syncapp.pipeline.sending import timed
from syncapp.records.models import Case, Document, Hold

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Firm
    from syncapp.pipeline.models import Pause

MOST_CLIENTS = 5000  # offered for a pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """One sentence on the overview, and what becomes of it."""

    title: str
    text: str
    connect: bool = False
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A pause with what it keeps back: records and their money in minor units."""

    pause: Pause
    what: str
    records: int = 0
    minor: int = 0
    case_id: int | None = None

    @property
    def title(self) -> str:
        """Say what is paused and how much it keeps back."""
        return f"Paused: {pausing.spoken(self.pause)}, {words.counted(self.records, 'record')}."

    @property
    def said(self) -> str:
        """Say who paused it, and why."""
        return f"{self.pause.by} said: {self.pause.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A kind of record that posts at its time: by which rule, how many wait, and until when."""

    rule: str
    records: int
    when: str
    case_id: int

    @property
    def title(self) -> str:
        """Say what posts when, and how much waits for it."""
        name, waits = words.counted(self.records, "record"), "waits" if self.records == 1 else "wait"
        return f"{self.rule}; {name} {waits}."

    @property
    def text(self) -> str:
        """Say when it goes on."""
        return f"Nothing to do: the next time is {self.when}."


def banners(*, firm: Firm, now: datetime) -> list[Banner]:
    """Say of each vendor in trouble since when, what waits, and that it goes on by itself."""
    rows = troubles.of(firm.pk)
    waiting = _waiting(firm.pk) if rows else 0
    zone = ZoneInfo(firm.time_zone)
    found = []
    for row in rows:
        name, since = words.PROVIDERS[row.provider], _since(row.since.astimezone(zone), now.astimezone(zone))
        if row.fix == "connect":
            found.append(
                Banner(
                    title=f"{name} waits for a person since {since}.",
                    text=row.words,
                    connect=True,
                    provider=row.provider,
                )
            )
            continue
        said = f"{name} is not answering" if row.silent else row.words.rstrip(".")
        what = words.counted(waiting, "record")
        waits = f"{what} {'waits' if waiting == 1 else 'wait'}; {'it goes' if waiting == 1 else 'they go'} on"
        text = f"{waits} by itself." if waiting == 1 else f"{waits} by themselves."
        if not waiting:
            text = "Nothing is lost; it goes on by itself."
        found.append(Banner(title=f"{said} since {since}.", text=text, provider=row.provider))
    return found


def unread(*, firm: Firm, now: datetime) -> list[str]:
    """Say which side was not read since when, for who compares both."""
    zone = ZoneInfo(firm.time_zone)
    return [
        f"{words.PROVIDERS[row.provider]} was not read since "
        f"{_since(row.since.astimezone(zone), now.astimezone(zone))}: this compares what it said before."
        for row in troubles.of(firm.pk)
    ]


def _since(at: datetime, now: datetime) -> str:
    clock = f"{at:%H:%M}"
    return clock if at.date() == now.date() else f"{day_text(at.date())} {clock}"


def _waiting(firm_id: int) -> int:
    rows = Document.objects.filter(firm_id=firm_id, settled=False).exclude(kind__in=["client", "matter"])
    return rows.exclude(outcome__in=timed.RESTING).count()


def pauses(*, firm_id: int) -> list[Stopped]:
    """List what is paused now, with what it keeps back."""
    rows = pausing.active(firm_id)
    if not rows:
        return []
    open_ = Q(holds__closed_at__isnull=True, holds__alarm=False)
    cases = Case.objects.filter(firm_id=firm_id, severity="paused", closed_at__isnull=True)
    counted = cases.annotate(
        n=Count("holds", filter=open_), minor=Coalesce(Sum("holds__amount", filter=open_), 0)
    )
    found = {
        cause.partition(":")[2]: (pk, n, minor)
        for pk, cause, n, minor in counted.values_list("pk", "cause", "n", "minor")
    }
    shown = []
    for row in rows:
        case_id, records, minor = found.get(f"pause {row.pk}", (None, 0, 0))
        what = pausing.spoken(row)
        shown.append(
            Stopped(
                pause=row, what=what[:1].upper() + what[1:], records=records, minor=minor, case_id=case_id
            )
        )
    return shown


def scheduled(*, firm: Firm) -> list[Scheduled]:
    """List the kinds of record that wait for their time, the fullest first."""
    rows = Hold.objects.filter(firm_id=firm.pk, code=timed.CODE, closed_at__isnull=True, alarm=False)
    counted = rows.values("case", "case__title").annotate(n=Count("pk"), at=Min(KT("facts__slot")))
    return [
        Scheduled(rule=title.partition(". ")[0], records=n, when=timed.told(at, firm.time_zone), case_id=case)
        for case, title, n, at in counted.order_by("-n", "case").values_list("case", "case__title", "n", "at")
    ]


def clients(*, firm_id: int) -> list[tuple[str, str]]:
    """Return the clients that can be paused, by name."""
    rows = Document.objects.filter(firm_id=firm_id, kind="client").order_by("number", "source_id")
    return [(str(pk), name or str(pk)) for pk, name in rows.values_list("source_id", "number")[:MOST_CLIENTS]]
