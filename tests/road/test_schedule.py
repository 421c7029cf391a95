"""Scenario administrator 11: trust at once, payments hourly, invoices daily at 18:00; the clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from accounts.tenancy import firm_scope
from syncapp.core import slots
from syncapp.emulators.clio.world import empty
from syncapp.pipeline import tasks
from syncapp.pipeline.clock import timetable
from syncapp.pipeline.clock.gate import Gate
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import Unreadable, read
from syncapp.pipeline.trust import approvals as trust_approvals
from syncapp.records.models import Document, Run, TieOut
from tests.delivery.scene import Scene
from tests.road.test_trust_setup import entries, partner
from tests.stage import firm_file, stage
from tests.stateful.clock import Virtual, ruling
from tests.trust import opened as trust

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
TIMES = {"bills": "daily 18:00", "payments": "hourly", "trust": "on-event"}


def at(text: str, *, fold: int = 0) -> datetime:
    """An instant by the firm's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold).astimezone(UTC)


class Firm(Scene):
    """A firm whose time the test tells."""

    clock: Virtual

    def tick(self, text: str, *, fold: int = 0) -> dict[str, Any]:
        """Let it be that time: the firm is found due in PostgreSQL, nobody wakes it. Give the counts."""
        self.clock.back(at(text, fold=fold))
        before = self.last()
        tasks.wake_firm()
        done = self.last()
        assert done is not None
        assert done != before
        assert done.state == "done", done.words
        counts: dict[str, Any] = done.counts
        parts = ("posted", "held", "skipped", "unchanged", "uncertain")
        assert counts["seen"] == sum(counts[part] for part in parts), counts
        return counts

    def last(self) -> Run | None:
        """The newest run."""
        with firm_scope(write=None, reads=[self.on.firm.pk]):
            return Run.objects.filter(firm_id=self.on.firm.pk).order_by("-pk").first()

    def waiting(self) -> list[str]:
        """What is said of what waits."""
        return sorted(hold.words for hold in self.holds())

    def books(self) -> tuple[int, int]:
        """How many invoices and payments stand in QuickBooks."""
        return len(self.store("Invoice")), len(self.store("Payment"))


@contextmanager
def firm(begins: str, *, times: dict[str, str] | None = None, **more: Any) -> Iterator[Firm]:
    """A firm with these times, whose first run was then."""
    file = (trust.file_with(trust.IOLTA) if more else firm_file()) | {"schedule": times or TIMES} | more
    with ruling() as clock, pytest.MonkeyPatch.context() as patched:
        patched.setattr(Gate, "take", lambda *_: 0.0)  # it counts by the database's clock, which is not told
        clock.back(at(begins))
        with stage(empty(), file=file, scale=1) as on:
            made = Firm(on=on)
            made.clock = clock
            yield made


def test_trust_posts_at_once_payments_hourly_and_invoices_at_six() -> None:
    with firm("2026-11-20T17:50", approvals={"trust_over": "10000.00"}) as made:
        acme = trust.matter(made.on, "Acme")
        trust.deposit(made.on, acme, "50000.00")
        trust.in_books(made.on, "50000.00")
        first = made.bills(1)[0]
        made.tick("2026-11-20T17:55")
        assert made.books() == (0, 0)
        assert made.waiting() == ["Invoices post daily at 18:00; this one posts on 20 Nov 2026 at 18:00."]
        made.tick("2026-11-20T18:00:20")
        assert made.books() == (1, 0)
        assert made.waiting() == []

        second = made.bills(1)[0]
        made.pay(first.id, amount="10.00")
        made.pay(second.id, amount="20.00", reference="1002")
        for amount in ("9999.99", "12000.00"):
            made.on.desk(
                "trust_disbursement",
                matter=acme,
                amount=Decimal(amount),
                date=date(2026, 10, 30),
                payee="Clerk",
            )
        made.tick("2026-11-21T10:00:20")
        assert len(entries(made.on)) == 2  # the opening, and what is below the limit
        assert made.books() == (1, 0)
        first_words, hourly, approval, follows = made.waiting()
        assert first_words == "Invoices post daily at 18:00; this one posts on 21 Nov 2026 at 18:00."
        assert hourly == "Payments post hourly; this one posts on 21 Nov 2026 at 11:00."
        assert "approval" in approval
        assert follows.endswith("Invoices post daily at 18:00; it posts on 21 Nov 2026 at 18:00.")
        made.tick("2026-11-21T11:00:55")
        assert made.books() == (1, 1)

        with firm_scope(write=None, reads=[made.on.firm.pk]):
            (hold,) = trust_approvals.waiting(made.on.firm.pk)
            kinds = TieOut.objects.filter(firm_id=made.on.firm.pk).latest("at").kinds
        assert all(kind["unexplained"] == 0 for kind in kinds.values())
        assert kinds["invoices"]["queued"] == kinds["invoices"]["difference"] != 0
        given = {"hold_id": hold.pk, "print_": hold.facts["print"], "now": made.clock.now()}
        assert trust_approvals.approve(firm=made.on.firm, by=partner(made.on), **given) is None
        made.tick("2026-11-21T12:10")
        assert len(entries(made.on)) == 3
        assert made.books() == (1, 1)

        made.tick("2026-11-21T17:59:58")
        assert made.books() == (1, 1)
        made.tick("2026-11-21T18:01:20")  # nothing changed in Clio: the slot alone
        assert made.books() == (2, 2)
        made.tick("2026-11-21T18:02:40")
        assert made.books() == (2, 2)
        assert made.waiting() == []
        made.assert_once()
        with firm_scope(write=None, reads=[made.on.firm.pk]):
            assert TieOut.objects.filter(firm_id=made.on.firm.pk).latest("at").equal


@pytest.mark.parametrize(
    ("begins", "ticks"),
    [
        (  # the clocks go back: 7 Nov 2027 has 25 hours, and 01:00 comes twice
            "2027-11-06T17:50",
            [("2027-11-07T00:59:50", 0, 0), ("2027-11-07T01:30:30", 0, 0), ("2027-11-07T01:30:30", 1, 1),
             ("2027-11-07T17:59:50", 0, 1), ("2027-11-07T18:00:55", 0, 2), ("2027-11-08T17:59:50", 0, 2)],
        ),
        (  # the clocks go forward: 14 Mar 2027 has 23 hours and no 02:00
            "2027-03-13T17:50",
            [("2027-03-14T01:30:00", 0, 0), ("2027-03-14T01:59:50", 0, 0),
             ("2027-03-14T03:00:55", 0, 1), ("2027-03-14T17:59:50", 0, 1),
             ("2027-03-14T18:00:55", 0, 2), ("2027-03-15T17:59:50", 0, 2)],
        ),
    ],
    ids=["back", "forward"],
)  # fmt: skip
def test_a_change_of_the_clocks_neither_skips_nor_repeats_a_run(
    begins: str, ticks: list[tuple[str, int, int]]
) -> None:
    with firm(begins) as made:
        first = made.bills(1)[0]
        made.tick(begins[:11] + "17:55")
        made.tick(begins[:11] + "18:00:20")
        assert made.books() == (1, 0)
        for number, (text, fold, steps) in enumerate(ticks):
            made.tick(text, fold=fold)
            assert made.books() == (1 + (steps > 1), int(steps > 0)), text
            if number == 0:  # the next tick reads them
                made.bills(1)
                made.pay(first.id, amount="10.00")
        made.assert_once()


def test_a_person_or_the_firm_file_changes_the_times_and_what_waits_follows() -> None:
    with firm("2027-10-31T09:00", times={"bills": "cycle-close"}) as made:
        made.bills(1)
        made.tick("2027-10-31T09:05")
        made.sync()  # until all that is due is done: it does not wait for the time
        assert made.waiting() == [
            "Invoices post when the month has ended; this one posts on 1 Nov 2027 at 00:00."
        ]
        file = made.on.file | {"schedule": {"bills": "daily 10:00"}}
        apply(_read(file), now=made.clock.now())
        made.tick("2027-10-31T09:10")
        assert made.waiting() == ["Invoices post daily at 10:00; this one posts on 31 Oct 2027 at 10:00."]
        with firm_scope(write=None, reads=[made.on.firm.pk]):
            assert Document.objects.get(firm_id=made.on.firm.pk, kind="bill").outcome == "scheduled"
        (case,) = made.cases()
        assert case.severity == "scheduled"
        refused = timetable.change(
            firm=made.on.firm,
            wanted={"bills": slots.read("on-event")},
            by=made.on.person,
            now=made.clock.now(),
        )
        assert refused is None
        made.tick("2027-10-31T09:15")
        assert made.books() == (1, 0)
        assert made.waiting() == []


def test_a_bad_schedule_in_the_firm_file_is_refused_with_its_place() -> None:
    with pytest.raises(Unreadable) as caught:
        _read(trust.file_with() | {"schedule": {"bills": "daily 25:00", "payments": "sometimes"}})

    assert [trouble.place for trouble in caught.value.troubles] == ["schedule.bills", "schedule.payments"]


def _read(file: dict[str, Any]) -> dict[str, Any]:
    """A firm file as it is read from its text."""
    return read(yaml.safe_dump(file, sort_keys=False))
