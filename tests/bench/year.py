"""A firm's first year over the whole road, and the same road when nothing has changed."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass

from django.conf import settings

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import year
from syncapp.http import session
from syncapp.local import testing
from syncapp.records.models import BookCursor, Document, Posting
from tests.bench.document import each, table
from tests.bench.meters import Meter
from tests.stage import Stage, stage

CLIO_A_MINUTE = 50  # clio/API.md: calls for each token
QBO_A_MINUTE = 500  # qbo/API.md section 6: calls for each company
QBO_A_SECOND = 10
QBO_BATCHES_A_MINUTE = 40
SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One sync. Seconds; `cpu` is ours alone, the emulators' share is taken off; `metered` are paid reads."""

    documents: int
    posted: int
    wall: float
    cpu: float
    vendors: float
    clio: Meter
    qbo: Meter
    metered: int
    memory: int  # MiB, the most so far

    @property
    def clio_floor(self) -> float:
        """Return the seconds that Clio's limit asks for these calls."""
        return self.clio.total * 60 / CLIO_A_MINUTE

    @property
    def qbo_floor(self) -> float:
        """Return the seconds that QuickBooks' limits ask for these calls, batches among them."""
        by_minute = self.qbo.total * 60 / QBO_A_MINUTE
        by_batch = self.qbo.calls["batch"] * 60 / QBO_BATCHES_A_MINUTE
        return max(by_minute, by_batch, self.qbo.total / QBO_A_SECOND)

    @property
    def floor(self) -> float:
        """Return the larger of the two, as if both vendors were asked side by side."""
        return max(self.clio_floor, self.qbo_floor)


def mount(stage: Stage) -> tuple[Meter, Meter]:
    """Put a meter before each vendor of the stage."""
    clio, qbo = Meter(app=stage.clio), Meter(app=stage.qbo)
    session.mount_wsgi(settings.CLIO_BASE_URL, clio)
    session.mount_wsgi(settings.QBO_API_BASE_URL, qbo)
    return clio, qbo


def passage(stage: Stage, clio: Meter, qbo: Meter) -> Passage:
    """Sync once and say what it took."""
    posted_before, metered_before = _posted(stage), _metered(stage)
    clio.take(), qbo.take()
    wall, cpu = time.perf_counter(), time.process_time()
    stage.sync()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    to_clio, to_qbo = clio.take(), qbo.take()
    with firm_scope(write=None, reads=[stage.firm.pk]):
        documents = Document.objects.filter(firm=stage.firm).count()
    return Passage(
        documents=documents,
        posted=_posted(stage) - posted_before,
        wall=wall,
        cpu=cpu - to_clio.cpu - to_qbo.cpu,
        vendors=to_clio.wall + to_qbo.wall,
        clio=to_clio,
        qbo=to_qbo,
        metered=_metered(stage) - metered_before,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


def _posted(stage: Stage) -> int:
    with firm_scope(write=None, reads=[stage.firm.pk]):
        return Posting.objects.filter(firm=stage.firm, state="posted").count()


def _metered(stage: Stage) -> int:
    with firm_scope(write=None, reads=[stage.firm.pk]):
        rows = BookCursor.objects.filter(firm=stage.firm).values_list("metered", flat=True)
        return sum(rows)


def figures() -> str:
    """Sync the seeded year into an empty company, then once more, in a database of its own."""
    with testing.clone(f"bench_{os.getpid()}"), stage(year(SEED)) as set_:
        meters = mount(set_)
        return of_passages(passage(set_, *meters), passage(set_, *meters))


def of_passages(first: Passage, idle: Passage) -> str:
    """Set the first sync beside one that finds nothing new."""
    both = (first, idle)
    rows = [
        ["documents read", *(str(one.documents) for one in both)],
        ["postings", *(str(one.posted) for one in both)],
        ["wall", *(f"{one.wall:.1f} s" for one in both)],
        ["of it inside the emulators", *(f"{one.vendors:.1f} s" for one in both)],
        ["our CPU", *(f"{one.cpu:.1f} s" for one in both)],
        ["our CPU per posting (ms)", *(each(one.cpu * 1000, one.posted) for one in both)],
        ["Clio calls", *(str(one.clio.total) for one in both)],
        ["QuickBooks calls", *(str(one.qbo.total) for one in both)],
        ["QuickBooks calls per posting", *(each(one.qbo.total, one.posted) for one in both)],
        ["of them batches", *(str(one.qbo.calls["batch"]) for one in both)],
        ["metered reads", *(str(one.metered) for one in both)],
        ["metered reads per posting", *(each(one.metered, one.posted) for one in both)],
        ["Clio's floor", *(f"{one.clio_floor:.0f} s" for one in both)],
        ["QuickBooks' floor", *(f"{one.qbo_floor:.0f} s" for one in both)],
        ["wall over floor", *(f"{one.wall / one.floor:.2f}" for one in both)],
        ["memory at most", *(f"{one.memory} MiB" for one in both)],
    ]
    return table(["", "first sync", "nothing new"], rows)
