"""The pages say how fresh they are, and whether Clio still tells us of changes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.desk.queries.freshness import freshness
from syncapp.pipeline.clock import schedule
from syncapp.records.models import Webhook
from tests import cast
from tests.pipeline.test_trouble import serve
from tests.webhooks.post import Post


def shown(mail: Post) -> str:
    """The line of the overview, as a person reads it."""
    client = Client()
    person: User = mail.scene.on.person
    cast.second_factor(person)
    cast.sign_in(client, person)
    page = client.get("/").text
    found = re.search(r'<p id="freshness".*?</p>', page, re.DOTALL)
    assert found, "the overview says nothing of its freshness"
    assert re.search(r"As of <time[^>]*>\d\d:\d\d</time>", page.split("<main")[0])  # the frame of every page
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[0]))


@pytest.fixture
def compared(mail: Post) -> Post:
    """A firm with one bill in its books."""
    mail.scene.bill(mail.scene.fresh_matter())
    mail.clio()
    mail.scene.sync()
    return mail


def silence(mail: Post, **values: object) -> None:
    with firm_scope(write=mail.firm_id):
        Webhook.objects.filter(firm_id=mail.firm_id, model="bill").update(**values)


def test_while_clio_tells_us_the_overview_says_so(compared: Post) -> None:
    words = shown(compared)

    assert re.search(r"As of \d\d:\d\d, just now", words), words
    assert "Clio tells us of changes within seconds, last just now." in words


def test_silent_webhooks_are_named_with_their_last_word(compared: Post) -> None:
    silence(compared, state="suspended")

    assert re.search(
        r"Webhooks of Clio are silent since .* \d\d:\d\d; we poll every minute\.", shown(compared)
    )


def test_without_webhooks_the_pace_of_the_poll_is_said(compared: Post) -> None:
    with firm_scope(write=compared.firm_id):
        Webhook.objects.filter(firm_id=compared.firm_id).delete()

    assert "We poll Clio every minute." in shown(compared)


def test_what_clio_never_gave_is_not_called_silent(compared: Post) -> None:
    with firm_scope(write=compared.firm_id):
        Webhook.objects.filter(firm_id=compared.firm_id).update(state="refused", heard_at=None)

    assert "We poll Clio every minute." in shown(compared)


def test_a_notice_that_should_have_come_counts_as_silence_after_a_while(compared: Post) -> None:
    now = timezone.now()

    def live() -> bool:
        with firm_scope(write=None, reads=[compared.firm_id]):
            plan = schedule.status(compared.firm_id)
            return freshness(firm_id=compared.firm_id, plan=plan, now=now).live

    silence(compared, missed_at=now)
    assert live()
    silence(compared, missed_at=now - timedelta(minutes=3))
    assert not live()


def test_everything_of_clio_is_read_up_to_the_oldest_list(compared: Post) -> None:
    before = timezone.now()
    compared.scene.on.sync(whole=False)

    with firm_scope(write=None, reads=[compared.firm_id]):
        found = freshness(firm_id=compared.firm_id, plan=None, now=timezone.now())

    assert found.clio_at is not None
    assert found.clio_at >= before
    assert (found.every, found.pace) == (60, "every minute")


def test_while_clio_is_not_reached_nobody_is_told_that_it_tells_us_of_changes(compared: Post) -> None:
    grants = compared.scene.on.clio.state.grants
    grants.tokens.clear()
    grants.refresh.clear()
    serve(compared.scene)

    words = shown(compared)

    assert "Clio is not reached, so nothing newer is here." in words
    assert "within seconds" not in words
