"""A planted history taken through recognising, adopting and syncing; what came of it, against the truth."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.pipeline.adoption import accepting, proposing
from syncapp.pipeline.afresh import read_afresh
from syncapp.records.models import Link, Proposal
from tests.adoption.history import START, History
from tests.road.clientmoney import IOLTA
from tests.stage import SCALE, Stage, firm_file, stage

ENTITY = {
    "customer": "Customer",
    "invoice": "Invoice",
    "payment": "Payment",
    "credit_memo": "CreditMemo",
    "journal": "JournalEntry",
}
MONEY = ("Invoice", "Payment", "CreditMemo", "JournalEntry")


@dataclass(slots=True)
class Measured:
    """What recognising and adopting one history came to."""

    history: History
    firm: Stage
    sure: dict[tuple[str, int], list[tuple[str, str]]] = field(default_factory=dict)  # (object, confidence)
    adopted: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)

    def certain(self) -> dict[tuple[str, int], str]:
        """What would be adopted without a look at each."""
        return {
            key: one for key, some in self.sure.items() for one, confidence in some if confidence == "certain"
        }

    def wrong(self) -> dict[tuple[str, int], str]:
        """What was certain and is not so."""
        return {key: one for key, one in self.certain().items() if self.history.truth.get(key) != one}

    def missed(self) -> set[tuple[str, int]]:
        """What nobody need have asked about, and is not certain."""
        return self.history.plain - self.certain().keys()

    def unseen(self) -> set[tuple[str, int]]:
        """What is neither certain nor shown to a person beside what it is."""
        shown = {
            key for key, some in self.sure.items() if self.history.truth.get(key) in {one for one, _ in some}
        }
        return self.history.truth.keys() - shown

    def new(self) -> dict[str, int]:
        """How many objects of money the books have more than the connector left."""
        now = counted(self.history)
        return {name: now[name] - self.before[name] for name in MONEY if now[name] != self.before[name]}

    def links(self) -> dict[str, str]:
        """The live links that were adopted, by subject."""
        with firm_scope(write=None, reads=[self.firm.firm.pk]):
            rows = Link.objects.filter(firm=self.firm.firm, live=True, adopted=True)
            return {row.subject: f"{ENTITY[row.object_kind]}:{row.remote_id}" for row in rows}


def counted(history: History) -> Counter[str]:
    """How many objects of each kind stand in the books."""
    return Counter({name: len(history.company.store[name]) for name in (*MONEY, "Customer")})


@contextmanager
def adopted(history: History, *, scale: float = SCALE, **file: Any) -> Iterator[Measured]:
    """Connect a firm to a history, recognise, adopt all that is certain, and sync."""
    start = {kind: str(START) for kind in ("bills", "payments", "credits", "trust")}
    made = firm_file(start=start, trust=[IOLTA], **file)
    with stage(history.world, company=history.company, file=made, scale=scale) as firm:
        found = Measured(history, firm, before=dict(counted(history)))
        ids = {"firm_id": firm.firm.pk, "books_id": firm.books.pk}
        with timed(found, "both sides read"):
            read_afresh(firm=firm.firm, clock=timezone.now)
        with timed(found, "recognised"):
            assert proposing.propose(**ids, now=timezone.now()) is None
        with firm_scope(write=None, reads=[firm.firm.pk]):
            for row in Proposal.objects.filter(firm=firm.firm):
                one = (f"{ENTITY[row.object_kind]}:{row.remote_id}", row.confidence)
                found.sure.setdefault((row.resource, row.source_id), []).append(one)
        with timed(found, "adopted"):
            done = accepting.accept(**ids, ids=None, by=firm.person, now=timezone.now())
        assert isinstance(done, int), done
        found.adopted = done
        with timed(found, "first run afterwards"):
            firm.sync()
        yield found


@contextmanager
def timed(found: Measured, what: str) -> Iterator[None]:
    """Take the time of a part."""
    began = time.perf_counter()
    yield
    found.seconds[what] = time.perf_counter() - began
