"""Subscriptions at Clio are kept alive by themselves, and nothing about them ever stops a run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Grant
from accounts.tenancy import firm_scope
from syncapp.emulators.faults import Faults
from syncapp.pipeline import connect
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.notices import webhooks
from syncapp.pipeline.tasks import wake_firm
from syncapp.records.models import Notice, Run, Webhook
from tests.webhooks.post import Post

KINDS = {"bill", "contact", "matter", "activity"}


def faults(mail: Post) -> Faults:
    plan: Faults = mail.scene.on.clio.state.faults
    return plan


def calls(mail: Post) -> int:
    return sum(number for name, number in faults(mail).calls.items() if " " in name)


def change(mail: Post, **values: Any) -> None:
    with firm_scope(write=mail.firm_id):
        Webhook.objects.filter(firm_id=mail.firm_id).update(**values)


def look(mail: Post) -> None:
    """The hour is over: the worker looks whether Clio still holds them."""
    change(mail, look_at=timezone.now() - timedelta(seconds=1))
    mail.subscribe()


def assert_whole(mail: Post) -> None:
    """Each kind is subscribed once, live on both sides, and what it says is believed."""
    ours = mail.subscriptions()
    assert set(ours) == KINDS
    assert {row.state for row in ours.values()} == {"live"}
    assert sorted((h.model, h.url, h.status) for h in mail.theirs()) == sorted(
        (model, row.url, "enabled") for model, row in ours.items()
    )
    mail.scene.client()
    assert mail.clio() == [200]


def test_while_nothing_is_due_nobody_is_asked(mail: Post, settings: Any) -> None:
    settings.TIME_SCALE = 1
    look(mail)
    before = calls(mail)

    for _ in range(5):
        mail.subscribe()

    assert calls(mail) == before


def test_one_call_an_hour_tells_that_they_stand(mail: Post) -> None:
    before = calls(mail)

    look(mail)

    assert calls(mail) - before == 1
    assert_whole(mail)


def test_they_are_renewed_long_before_they_end(mail: Post) -> None:
    ids = {hook.id for hook in mail.theirs()}
    ends = {hook.expires_at for hook in mail.theirs()}
    change(mail, renew_at=timezone.now() - timedelta(seconds=1))

    mail.scene.on.world.run_from(lambda: timezone.now() + timedelta(hours=2))
    mail.subscribe()

    assert {hook.id for hook in mail.theirs()} == ids
    assert min(hook.expires_at for hook in mail.theirs()) >= max(ends)
    rows = mail.subscriptions().values()
    assert all(row.renew_at and row.expires_at and row.renew_at < row.expires_at for row in rows)
    assert all(row.renew_at and row.renew_at > timezone.now() + timedelta(days=19) for row in rows)


def suspend(mail: Post) -> None:
    for hook in mail.theirs():
        hook.status = "suspended"


def erase(mail: Post) -> None:
    for hook in mail.theirs():
        mail.scene.on.world.remove(hook)


def end(mail: Post) -> None:
    for hook in mail.theirs():
        hook.expires_at = timezone.now() - timedelta(minutes=1)


def strangers(mail: Post) -> None:
    with firm_scope(write=mail.firm_id):
        Webhook.objects.filter(firm_id=mail.firm_id).delete()


@pytest.mark.parametrize("happens", [suspend, erase, end, strangers])
def test_what_clio_gave_up_is_asked_for_again(mail: Post, happens: Callable[[Post], None]) -> None:
    before = {hook.id for hook in mail.theirs()}
    happens(mail)

    look(mail)

    assert not before & {hook.id for hook in mail.theirs()}
    assert_whole(mail)


def test_deliveries_that_fail_suspend_them_and_the_next_look_mends_it(mail: Post) -> None:
    mail.reachable = False
    for _ in range(5):
        mail.scene.client()
    mail.clio()
    assert "suspended" in {hook.status for hook in mail.theirs()}

    mail.reachable = True
    look(mail)

    assert_whole(mail)


def test_another_address_of_ours_is_told_to_clio(mail: Post, settings: Any) -> None:
    settings.PUBLIC_URL = "https://tieout.example.com"
    settings.ALLOWED_HOSTS = ["*"]

    mail.subscribe()

    assert all(hook.url.startswith("https://tieout.example.com/webhooks/clio/") for hook in mail.theirs())
    assert_whole(mail)


def test_an_address_that_no_key_opens_any_more_is_replaced(mail: Post) -> None:
    with firm_scope(write=mail.firm_id):
        for hook in mail.theirs():
            hook.url = f"{webhooks.prefix()}sealed-long-ago-{hook.id}/"
            Webhook.objects.filter(firm_id=mail.firm_id, model=hook.model).update(url=hook.url)

    look(mail)

    assert not [hook.url for hook in mail.theirs() if "long-ago" in hook.url]
    assert_whole(mail)


def test_a_lost_answer_leaves_no_second_subscription(mail: Post) -> None:
    erase(mail)
    faults(mail).add("POST webhooks", 1, "drop_after")

    look(mail)
    mail.scene.client()
    look(mail)

    assert len(mail.theirs()) == 4
    assert_whole(mail)


def test_a_handshake_that_did_not_reach_us_is_confirmed_by_us(mail: Post) -> None:
    erase(mail)
    mail.reachable = False
    look(mail)
    assert {hook.status for hook in mail.theirs()} == {"pending"}
    assert {row.state for row in mail.subscriptions().values()} == {"asked"}

    mail.reachable = True
    change(mail, asked_at=timezone.now() - timedelta(minutes=2))
    look(mail)

    assert_whole(mail)


def test_clio_that_needs_no_handshake_is_believed_by_its_secret(mail: Post) -> None:
    mail.scene.on.world.switches.handshake_needed = False
    erase(mail)

    look(mail)

    assert_whole(mail)


def test_without_the_permission_everything_goes_on_by_polling(mail: Post, settings: Any) -> None:
    erase(mail)
    mail.scene.on.world.switches.forbidden = "webhooks"
    change(mail, look_at=timezone.now() - timedelta(seconds=1))
    bill = mail.scene.bill(mail.scene.fresh_matter())

    wake_and_run(mail)

    assert [one["DocNumber"] for one in mail.scene.store("Invoice")] == [bill.number]
    assert {row.state for row in mail.subscriptions().values()} == {"refused"}
    settings.TIME_SCALE = 1
    change(mail, look_at=timezone.now() + timedelta(hours=6))
    before = calls(mail)
    mail.subscribe()
    assert calls(mail) == before
    mail.scene.on.world.switches.forbidden = ""
    look(mail)
    assert_whole(mail)


def wake_and_run(mail: Post) -> None:
    schedule.ask(firm_id=mail.firm_id, now=timezone.now())
    wake_firm()
    with firm_scope(write=None, reads=[mail.firm_id]):
        assert Run.objects.filter(firm_id=mail.firm_id).latest("pk").state == "done"


@pytest.mark.parametrize("fault", ["drop_before", "server_error"])
def test_a_clio_that_is_down_stops_nothing_here(mail: Post, fault: str) -> None:
    faults(mail).add("GET webhooks", 1, fault, 20)

    look(mail)

    assert {row.state for row in mail.subscriptions().values()} == {"live"}


def test_disconnecting_takes_them_back(mail: Post) -> None:
    delivered = mail.subscriptions()["bill"]
    with firm_scope(write=None, reads=[mail.firm_id]):
        grant = Grant.objects.get(firm_id=mail.firm_id, provider="clio")

    connect.disconnect(firm_id=mail.firm_id, grant_id=grant.pk, by=mail.scene.on.person, now=timezone.now())

    assert mail.theirs() == []
    assert mail.subscriptions() == {}
    status, _ = mail.to_us(delivered.url, b"{}", {"Content-Type": "application/json"})
    assert status == 410  # Clio stops calling


def test_clio_is_asked_only_where_it_can_call_us(mail: Post, settings: Any) -> None:
    settings.CLIO_BASE_URL = ""
    assert not webhooks.possible()
    settings.PUBLIC_URL = "https://tieout.example.com"
    assert webhooks.possible()


def test_what_was_looked_at_a_month_ago_is_forgotten(mail: Post) -> None:
    mail.scene.client()
    mail.scene.client()
    mail.clio()
    old = timezone.now() - timedelta(days=31)
    with firm_scope(write=mail.firm_id):
        first = Notice.objects.filter(firm_id=mail.firm_id).earliest("pk")
        Notice.objects.filter(pk=first.pk).update(looked_at=old, received_at=old)

    look(mail)

    assert [notice.pk for notice in mail.notices()] != []
    assert first.pk not in {notice.pk for notice in mail.notices()}
