"""When what posts: the page, who may change it, and what the other pages say of what waits for its time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from mapping import queries as mapping
from syncapp.core.problems import Problem
from syncapp.pipeline import queue
from syncapp.pipeline.models import SyncSchedule
from syncapp.pipeline.sending import timed
from syncapp.pipeline.ties import reread
from syncapp.records.models import BookCursor, BookRow, Case, Document, Hold
from tests import cast

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db
GIVEN = {
    "bills": "daily", "bills_at": "18:00", "payments": "hourly", "payments_at": "",
    "credits": "on-event", "credits_at": "", "trust": "on-event", "trust_at": "07:00",
}  # fmt: skip
SAID = "Invoices post daily at 18:00, payments post hourly, credits post as they come and "


def said(house: House) -> dict[str, str]:
    """The schedule as the firm file would have it."""
    with firm_scope(write=None, reads=[house.firm.pk]):
        found: dict[str, str] = mapping.firm_settings(house.firm.pk).get("schedule", {})
    return found


def test_an_administrator_changes_when_what_posts(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.administrator)
    page = reverse("desk:schedule")
    assert "Everything posts as it comes." in client.get(page).text

    shown = client.post(reverse("desk:schedule_change"), GIVEN, follow=True).text

    assert f"<h1>{SAID}trust entries post as they come.</h1>" in shown
    assert "T18:00:00" in shown  # the next time of invoices, by the firm's clock
    assert said(alpha) == {
        "bills": "daily 18:00", "payments": "hourly", "credits": "on-event", "trust": "on-event",
    }  # fmt: skip
    assert SyncSchedule.objects.get(firm=alpha.firm).whole_at is None  # what waits is looked at anew
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        event = AuditEvent.objects.get(firm=alpha.firm, verb="firm.schedule")
    assert event.before is not None
    assert event.before["bills"] == "on-event"
    assert SAID in client.get(reverse("accounts:audit")).text
    again = client.post(reverse("desk:schedule_change"), GIVEN, follow=True).text
    assert "Nothing of the schedule would change." in again


def test_a_daily_time_is_asked_for_and_nothing_is_changed_without(
    client: Client, alpha: House, main: Books
) -> None:
    cast.sign_in(client, alpha.administrator)

    for wrong in ("", "25:00", "six"):
        refused = client.post(reverse("desk:schedule_change"), GIVEN | {"bills_at": wrong})
        assert refused.status_code == 422
        assert "Say at what time of day, such as 18:00." in refused.text

    assert said(alpha) == {}


def test_others_read_it_and_what_waits_is_told_apart_from_what_is_stuck(
    client: Client, alpha: House, main: Books
) -> None:
    cast.sign_in(client, alpha.bookkeeper)
    before = client.get(reverse("desk:overview")).context["stuck"].cases
    waits(alpha, main)

    page = client.get(reverse("desk:schedule")).text
    overview = client.get(reverse("desk:overview"))

    assert "Save the schedule" not in page
    for text in (page, overview.text):
        assert "Invoices post daily at 18:00; 1 record waits." in text
        assert "the next time is 22 Nov 2026 at 18:00." in text
    assert overview.context["stuck"].cases == before
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        case = Case.objects.get(firm=alpha.firm, code=timed.CODE)
    shown = client.get(reverse("desk:case", args=[case.pk])).text
    assert "Posts at its time" in client.get(reverse("desk:exceptions")).text
    assert "posts by itself when its time comes" in shown


def waits(house: House, books: Books) -> None:
    """One invoice of the firm waits for six o'clock."""
    with firm_scope(write=house.firm.pk):
        held = Hold.objects.filter(firm=house.firm, closed_at__isnull=True, alarm=False)
        row = Document.objects.filter(firm=house.firm, kind="bill").exclude(
            pk__in=held.values("document_id")
        )[0]
        row.read_at = datetime(2026, 11, 22, 15, tzinfo=UTC)
        problem = timed.read({"schedule": {"bills": "daily 18:00"}}).waits(
            row, "bills", zone="America/New_York", now=row.read_at
        )
        assert isinstance(problem, Problem)
        verdict = queue.Verdict(document=row, problem=problem)
        queue.apply(firm_id=house.firm.pk, books_id=books.pk, verdicts=[verdict], now=timezone.now())


def test_how_often_is_chosen_on_the_page_with_its_cost_shown_before(
    client: Client, alpha: House, main: Books
) -> None:
    now = timezone.now()
    with firm_scope(write=alpha.firm.pk):
        BookCursor.objects.filter(firm=alpha.firm, books=main).update(full_at=now)
        BookRow.objects.bulk_create(
            BookRow(firm=alpha.firm, books=main, kind="invoice", remote_id=f"x{n}", seen_at=now)
            for n in range(1200)
        )
        told = reread.cost(firm_id=alpha.firm.pk)
    assert told.reads == 8  # one for each kind, and one more for the second thousand invoices
    cast.sign_in(client, alpha.administrator)

    page = client.get(reverse("desk:schedule")).text
    assert f"{told.records:,} records in 8 metered reads" in page
    assert "Every month: 96 reads a year" in page

    shown = client.post(reverse("desk:reread"), {"every": "monthly"}, follow=True).text

    assert "re-read completely every month" in shown
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert reread.chosen(alpha.firm.pk) == "monthly"
    assert "has the books re-read every month" in client.get(reverse("accounts:audit")).text
