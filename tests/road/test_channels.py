"""Alerts by urgency: letters and channels of a chat, at once or daily, never twice, nobody named (F117)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import channels, letters
from accounts.letters import Letters
from accounts.models import AlertChannel, AuditEvent
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.http import wiring
from syncapp.pipeline.alerts import sending
from syncapp.pipeline.cases import digest
from tests import cast
from tests.desk import books as seeded
from tests.road.test_letters import AFTER_8, BEFORE_8, DAY, EVENING

if TYPE_CHECKING:
    from tests.cast import House

pytestmark = pytest.mark.django_db
SLACK, TEAMS = (
    "https://hooks.slack.com/services/T0/B0/s3cret",
    "https://alpha.webhook.office.com/webhookb2/s3cret",
)
LATER = timedelta(minutes=1)


class Chat:
    """Slack and Teams as a program: what was written to it, and with which status it answers."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.status = "200 OK"

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read()
        if self.status.startswith("2"):
            self.said.append(json.loads(body))
        start(self.status, [("Content-Type", "text/plain")])
        return [b"ok"]


@pytest.fixture
def chat() -> Iterator[Chat]:
    made = Chat()
    before = dict(wiring._wiring.mounted)
    for host in ("https://hooks.slack.com", "https://alpha.webhook.office.com"):
        wiring.mount_wsgi(host, made)
    yield made
    wiring._wiring.mounted.clear()
    wiring._wiring.mounted.update(before)


@pytest.fixture
def alpha() -> House:
    cache.clear()
    return cast.firm("Alpha")


def stuck(house: House, number: int, severity: str = "needs_person") -> None:
    """Something new of Acme's is stuck."""
    with firm_scope(write=house.firm.pk):
        made = seeded.case(house, None, f"x:{number}", f"Bill {number} of Acme is stuck.", severity=severity)
        seeded.hold(house, made, seeded.bill(house, number, 10_000))


def channel(house: House, **more: Any) -> AlertChannel:
    given: dict[str, Any] = {
        "kind": "slack",
        "name": "books",
        "url": SLACK,
        "least": "waiting",
        "daily": False,
    } | more
    made = channels.add(firm=house.firm, by=house.administrator, now=EVENING, **given)
    assert isinstance(made, AlertChannel), made
    return made


def test_a_channel_is_told_once_in_counts_and_money_without_a_name(chat: Chat, alpha: House) -> None:
    channel(alpha)
    stuck(alpha, 1)
    stuck(alpha, 2, "trust")

    digest.send_new(firm=alpha.firm, now=EVENING + LATER)
    digest.send_new(firm=alpha.firm, now=EVENING + 2 * LATER)

    [told] = chat.said
    assert told["text"].startswith(
        "Alpha: 2 new exceptions: 1 client money ($100.00), 1 for a person ($100.00). http"
    )
    assert "Acme" not in told["text"]


def test_by_urgency_a_channel_and_a_letter_hear_only_of_what_was_chosen(chat: Chat, alpha: House) -> None:
    channel(alpha, least="trust")
    bookkeeper, partner = alpha.member(Role.BOOKKEEPER), alpha.member(Role.PARTNER)
    letters.choose(member=bookkeeper, letters=Letters.AT_ONCE, least="trust", now=EVENING)
    letters.choose(member=partner, letters=Letters.DAILY, least="needs_person", now=EVENING)
    stuck(alpha, 1)
    stuck(alpha, 2, "waiting")
    digest.send_new(firm=alpha.firm, now=EVENING + LATER)
    assert (chat.said, mail.outbox) == ([], [])

    stuck(alpha, 3, "trust")
    digest.send_new(firm=alpha.firm, now=EVENING + 2 * LATER)
    digest.send_new(firm=alpha.firm, now=AFTER_8)

    assert ["1 client money" in one["text"] for one in chat.said] == [True]
    assert [(one.to, one.subject) for one in mail.outbox] == [
        ([alpha.bookkeeper.email], "Alpha: 1 new exception"),
        ([alpha.partner.email], "Alpha: 2 new exceptions"),
    ]


def test_once_a_day_after_eight_all_of_the_day_in_one_card(chat: Chat, alpha: House) -> None:
    channel(alpha, kind="teams", url=TEAMS, daily=True)
    stuck(alpha, 1)
    digest.send_new(firm=alpha.firm, now=EVENING + LATER)
    digest.send_new(firm=alpha.firm, now=BEFORE_8)
    assert chat.said == []

    digest.send_new(firm=alpha.firm, now=AFTER_8)
    digest.send_new(firm=alpha.firm, now=AFTER_8 + LATER)
    digest.send_new(firm=alpha.firm, now=AFTER_8 + DAY)

    [told] = chat.said
    [card] = told["attachments"]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert "1 new exception" in card["content"]["body"][0]["text"]


def test_what_could_not_be_sent_is_told_with_the_next_message(chat: Chat, alpha: House) -> None:
    row = channel(alpha)
    stuck(alpha, 1)
    chat.status = "403 Forbidden"
    digest.send_new(firm=alpha.firm, now=EVENING + LATER)
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert "refused the message (HTTP 403)" in AlertChannel.objects.get(pk=row.pk).trouble
    chat.status = "200 OK"
    stuck(alpha, 2)

    digest.send_new(firm=alpha.firm, now=EVENING + 2 * LATER)

    assert ["2 new exceptions" in one["text"] for one in chat.said] == [True]
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert AlertChannel.objects.get(pk=row.pk).trouble == ""


def test_an_administrator_adds_tries_and_takes_away_and_nobody_reads_the_address(
    chat: Chat, alpha: House
) -> None:
    desk = cast.sign_in(Client(), alpha.administrator)
    given = {"kind": "slack", "name": "books", "url": SLACK, "least": "needs_person", "daily": ""}
    added = desk.post(reverse("desk:alert_add"), given, follow=True)
    assert "has a trial message" in added.text
    assert "s3cret" not in added.text
    assert "A channel of this name stands already." in desk.post(reverse("desk:alert_add"), given).text
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        row = AlertChannel.objects.get(firm=alpha.firm)
        assert b"s3cret" not in bytes(row.url_sealed)
        assert channels.url_of(row) == SLACK
        [event] = AuditEvent.objects.filter(firm=alpha.firm, verb="alerts.channel_added")
        assert "s3cret" not in json.dumps(event.after)

    chat.status = "404 Gone"
    tried = desk.post(reverse("desk:alert_trial", args=[row.pk]), follow=True)
    assert "refused the message (HTTP 404)" in tried.text
    gone = desk.post(reverse("desk:alert_remove", args=[row.pk]), follow=True)
    assert "No channel of a chat is told" in gone.text
    assert len(chat.said) == 1


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("slack", "http://hooks.slack.com/services/T0/B0/x"),
        ("slack", "https://hooks.slack.com.evil.test/services/x"),
        ("slack", "https://hooks.slack.com@10.0.0.1/services/x"),
        ("slack", "https://hooks.slack.com:8443/services/x"),
        ("slack", "https://hooks.slack.com/"),
        ("slack", "https://[::1"),
        ("slack", TEAMS),
        ("teams", "https://webhook.office.com/x"),
        ("teams", "https://169.254.169.254/latest"),
    ],
)
def test_no_other_address_is_called(kind: str, url: str) -> None:
    assert channels.refusal(kind, url)
    assert not channels.refusal("slack", SLACK)
    assert not channels.refusal("teams", TEAMS)


def test_the_address_is_not_logged_and_its_seal_is_renewed(
    chat: Chat, alpha: House, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    row = channel(alpha)
    calls: list[str] = []
    stop = wiring.on_call(lambda call: calls.append(call.path))
    assert sending.post(row, "x") == ""
    stop()
    assert calls == ["/…"]
    assert "s3cret" not in caplog.text

    settings.SEAL_KEYS = {"new": b"n" * 32, **settings.SEAL_KEYS}
    call_command("rotate_seals")
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        again = AlertChannel.objects.get(pk=row.pk)
        assert bytes(again.url_sealed) != bytes(row.url_sealed)
        assert channels.url_of(again) == SLACK
