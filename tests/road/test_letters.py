"""When letters about new exceptions come: at once, once a day at 08:00 of the firm, or never; by choice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts import actions, audit, letters
from accounts.letters import Letters
from accounts.models import AuditEvent, LetterChoice
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.pipeline.cases import digest
from syncapp.records.models import Case
from tests import cast
from tests.desk import books as seeded

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import House

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 9, 14, 22, 0, tzinfo=UTC)  # 18:00 in New York
BEFORE_8 = datetime(2026, 9, 15, 11, 59, tzinfo=UTC)
AFTER_8 = datetime(2026, 9, 15, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def alpha() -> House:
    cache.clear()
    return cast.firm("Alpha")


def stuck(house: House, number: int) -> int:
    """Something new is stuck."""
    with firm_scope(write=house.firm.pk):
        made = seeded.case(house, None, f"unmapped:{number}", f"Choose a product for {number}.")
        seeded.hold(house, made, seeded.bill(house, number, 100))
    return made.pk


def choose(house: House, role: Role, wanted: Letters, *, at: datetime = EVENING) -> None:
    letters.choose(member=house.member(role), letters=wanted, now=at)


def sent() -> list[tuple[str, str]]:
    """To whom went what, since it was asked last."""
    found = [(letter.to[0], str(letter.subject)) for letter in mail.outbox]
    mail.outbox.clear()
    return sorted(found)


def test_until_somebody_chooses_the_bookkeepers_are_told_at_once(alpha: House) -> None:
    stuck(alpha, 1)

    assert digest.send_new(firm=alpha.firm, now=EVENING) == 1

    assert sent() == [("bookkeeper@alpha.test", "Alpha: 1 new exception")]


def test_each_person_chooses_for_themselves(alpha: House) -> None:
    choose(alpha, Role.BOOKKEEPER, Letters.NEVER)
    choose(alpha, Role.PARTNER, Letters.AT_ONCE)
    stuck(alpha, 1)

    digest.send_new(firm=alpha.firm, now=EVENING)

    assert [to for to, _ in sent()] == ["partner@alpha.test"]


def test_a_daily_letter_comes_once_after_eight_and_tells_all_of_the_day_before(alpha: House) -> None:
    choose(alpha, Role.BOOKKEEPER, Letters.DAILY)
    stuck(alpha, 1)
    digest.send_new(firm=alpha.firm, now=EVENING + timedelta(minutes=1))
    stuck(alpha, 2)
    digest.send_new(firm=alpha.firm, now=BEFORE_8)
    assert sent() == []

    digest.send_new(firm=alpha.firm, now=AFTER_8)
    assert sent() == [("bookkeeper@alpha.test", "Alpha: 2 new exceptions")]

    stuck(alpha, 3)
    digest.send_new(firm=alpha.firm, now=AFTER_8 + timedelta(hours=3))
    assert sent() == []
    digest.send_new(firm=alpha.firm, now=AFTER_8 + DAY)
    assert sent() == [("bookkeeper@alpha.test", "Alpha: 1 new exception")]


def test_a_daily_letter_leaves_out_what_has_closed_and_is_not_written_about_nothing(alpha: House) -> None:
    choose(alpha, Role.BOOKKEEPER, Letters.DAILY)
    made = stuck(alpha, 1)
    digest.send_new(firm=alpha.firm, now=EVENING + timedelta(minutes=1))
    with firm_scope(write=alpha.firm.pk):
        Case.objects.filter(pk=made).update(closed_at=BEFORE_8)

    digest.send_new(firm=alpha.firm, now=AFTER_8)
    stuck(alpha, 2)
    digest.send_new(firm=alpha.firm, now=AFTER_8 + timedelta(hours=1))

    assert sent() == []


def test_who_has_left_is_not_written_to(alpha: House) -> None:
    choose(alpha, Role.PARTNER, Letters.DAILY)
    actions.remove(member=alpha.member(Role.PARTNER), by=alpha.administrator, now=EVENING)
    stuck(alpha, 1)

    digest.send_new(firm=alpha.firm, now=AFTER_8)

    assert [to for to, _ in sent()] == ["bookkeeper@alpha.test"]
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert not LetterChoice.objects.filter(firm=alpha.firm).exists()


@pytest.mark.parametrize(
    ("zone", "now", "morning"),
    [
        ("America/New_York", AFTER_8, datetime(2026, 9, 15, 12, 0, tzinfo=UTC)),
        ("America/New_York", BEFORE_8, datetime(2026, 9, 14, 12, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 13, 0, tzinfo=UTC), datetime(2026, 11, 1, 13, tzinfo=UTC)),
        ("Pacific/Honolulu", AFTER_8, datetime(2026, 9, 14, 18, 0, tzinfo=UTC)),
    ],
)
def test_eight_is_eight_of_the_firm_whatever_the_season(zone: str, now: datetime, morning: datetime) -> None:
    assert letters.last_morning(zone, now) == morning


def test_the_choice_is_made_on_its_page_and_stands_in_the_log(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.bookkeeper)
    address = reverse("accounts:notifications")
    assert address == "/settings/notifications/"
    assert "as soon as something new is stuck" in client.get(address).text

    page = client.post(address, {"letters": "daily"}, follow=True).text

    assert "Alpha writes to you once a day" in page
    client.post(address, {"letters": "daily"})
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        said = [audit.sentence(e) for e in AuditEvent.objects.filter(verb="person.letters_chosen")]
    assert said == [
        "Alpha bookkeeper chose when to hear of new exceptions: once a day, at 08:00, before that at once"
    ]


def test_a_choice_that_is_none_changes_nothing(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.auditor)

    assert client.post(reverse("accounts:notifications"), {"letters": "hourly"}).status_code == 422
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert letters.of(alpha.member(Role.AUDITOR)) is Letters.NEVER


def test_a_choice_is_for_one_firm_alone(alpha: House) -> None:
    beta = cast.firm("Beta")
    actions.ensure_member(firm=beta.firm, email=alpha.bookkeeper.email, role=Role.BOOKKEEPER, now=EVENING)
    choose(alpha, Role.BOOKKEEPER, Letters.NEVER)
    stuck(beta, 1)

    digest.send_new(firm=beta.firm, now=EVENING)

    assert [to for to, _ in sent()] == ["bookkeeper@alpha.test", "bookkeeper@beta.test"]
