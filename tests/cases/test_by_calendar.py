"""What happens to cases by the calendar: waits end, months close, and the partner hears once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail

from accounts import audit
from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.core.problems import Fix
from syncapp.pipeline.cases import acts, tending
from syncapp.pipeline.models import SyncSchedule
from syncapp.records.models import CaseCarry, Hold
from tests import cast
from tests.cases.held import MONDAY, again, history, hold, problem, release, settings

if TYPE_CHECKING:
    from accounts.models import Books
    from syncapp.records.models import Case
    from tests.cast import House

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def books(alpha: House) -> Books:
    return cast.books(alpha)


def tend(house: House, now: datetime) -> None:
    tending.tend(firm=house.firm, now=now)


def rest(house: House, case: Case, until: date, reason: str = "The court's invoice") -> int | str:
    return acts.rest(
        firm_id=house.firm.pk, case_ids=[case.pk], until=until, reason=reason, by=house.bookkeeper, now=MONDAY
    )


def test_a_wait_until_a_day_ends_by_itself_and_its_records_are_tried_again(
    alpha: House, books: Books
) -> None:
    case = hold(alpha, books, 1, 2, why=problem())
    assert rest(alpha, case, date(2026, 9, 18)) == 1

    tend(alpha, MONDAY + 3 * DAY)
    assert again(case).rested_until == date(2026, 9, 18)

    tend(alpha, MONDAY + 4 * DAY)

    assert again(case).rested_until is None
    assert again(case).due_on == date(2026, 9, 18)
    assert history(case)[-1] == "The day has come until which it was to wait; it is tried again."
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert Hold.objects.filter(firm=alpha.firm, retry_asked_at=MONDAY + 4 * DAY).count() == 2
    assert SyncSchedule.objects.get(firm=alpha.firm).due_at == MONDAY + 4 * DAY


def test_what_waits_until_a_day_posts_as_soon_as_its_cause_is_gone(alpha: House, books: Books) -> None:
    case = hold(alpha, books, 1, why=problem())
    rest(alpha, case, date(2026, 9, 30))

    release(alpha, books, 1, now=MONDAY + DAY)

    assert again(case).closed_at is not None
    assert again(case).rested_until is None


def test_a_wait_needs_a_reason_and_a_day_to_come(alpha: House, books: Books) -> None:
    case = hold(alpha, books, 1, why=problem())

    assert rest(alpha, case, date(2026, 9, 14)) == "Choose a day from tomorrow on, and within a year."
    assert rest(alpha, case, date(2026, 9, 15), " ") == "Say in a few words what they wait for."
    assert again(case).rested_until is None


def test_after_five_working_days_the_partner_is_told_once(alpha: House, books: Books) -> None:
    case = hold(alpha, books, 1, why=problem())
    hold(alpha, books, 2, why=problem("vendor_down", fix=Fix.WAIT))
    mail.outbox.clear()

    tend(alpha, MONDAY + 6 * DAY)  # Sunday: four working days have gone by
    assert mail.outbox == []
    for hours in (0, 1):
        tend(alpha, MONDAY + 7 * DAY + timedelta(hours=hours))

    assert [letter.to for letter in mail.outbox] == [[alpha.partner.email]]
    assert mail.outbox[0].subject == "Alpha: 1 exception open for 5 working days"
    assert "inactive_item 7 stops it. ($100.00, Alpha bookkeeper, since 14 Sep 2026)" in mail.outbox[0].body
    assert again(case).escalated_at == MONDAY + 7 * DAY
    assert history(case)[-1] == "Told to Alpha partner: not cleared within 5 working days."
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        event = AuditEvent.objects.get(firm=alpha.firm, verb="case.escalated")
        assert "was told to Alpha partner: open for 5 working days" in audit.sentence(event)


def test_what_waits_until_a_day_is_not_told_and_a_reopened_case_is_told_again(
    alpha: House, books: Books
) -> None:
    case = hold(alpha, books, 1, why=problem())
    rest(alpha, case, date(2026, 10, 30))
    tend(alpha, MONDAY + 14 * DAY)
    assert again(case).escalated_at is None
    acts.unrest(firm_id=alpha.firm.pk, case_ids=[case.pk], by=alpha.bookkeeper, now=MONDAY + 14 * DAY)
    tend(alpha, MONDAY + 14 * DAY)
    assert again(case).escalated_at is not None

    release(alpha, books, 1, now=MONDAY + 15 * DAY)
    hold(alpha, books, 1, why=problem(), now=MONDAY + 16 * DAY)

    assert again(case).escalated_at is None


def test_a_firm_sets_its_own_days_or_has_nobody_told(alpha: House, books: Books) -> None:
    settings(alpha, due={"needs_person": 10}, escalate_after=0)
    case = hold(alpha, books, 1, why=problem())
    mail.outbox.clear()

    tend(alpha, MONDAY + 60 * DAY)

    assert case.due_on == date(2026, 9, 28)
    assert mail.outbox == []


def test_what_is_open_when_the_month_ends_is_listed_as_it_stood(alpha: House, books: Books) -> None:
    stays = hold(alpha, books, 1, 2, why=problem())
    goes = hold(alpha, books, 3, why=problem("duplicate_number"))
    gone = hold(alpha, books, 4, why=problem("closed_period"))
    release(alpha, books, 4, now=MONDAY + DAY)
    october = datetime(2026, 10, 1, 4, 30, tzinfo=MONDAY.tzinfo)  # 00:30 in New York
    tend(alpha, october - timedelta(hours=1))  # still September there
    release(alpha, books, 2, 3, now=october + timedelta(minutes=1))
    hold(alpha, books, 5, why=problem("unmapped"), now=october + timedelta(minutes=2))

    for days in (0, 1):
        tend(alpha, october + timedelta(hours=1, days=days))

    with firm_scope(write=None, reads=[alpha.firm.pk]):
        listed = CaseCarry.objects.filter(firm=alpha.firm).order_by("case_id")
        found = [(row.case_id, row.month, row.records, row.amount) for row in listed]
    september = date(2026, 9, 1)
    assert found == [(stays.pk, september, 2, 20_000), (goes.pk, september, 1, 10_000)]
    assert "Carried over from September 2026: it was open when the month ended." in history(stays)
    assert all("Carried" not in words for words in history(gone))
