"""Clio's calls: the handshake, the signature, and notices that are late, doubled, in disorder or lost."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.tenancy import firm_scope
from syncapp.celery import app as celery
from syncapp.pipeline import tasks
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.notices import hearing, webhooks
from syncapp.pipeline.tasks import wake_firm
from syncapp.pipeline.views import LONGEST_BODY
from syncapp.records.models import Run, Webhook
from tests import cast
from tests.webhooks.post import Post

BODY = b'{"data":{"id":7,"etag":"\\"1\\""},"meta":{"event":"updated","webhook_id":1}}'


def wakes() -> int:
    """How many wake-ups wait in the broker."""
    with celery.connection_for_read() as broker:
        return int(broker.default_channel.client.llen("default")) + int(
            broker.default_channel.client.hlen("unacked")
        )


def sign(body: bytes, secret: str) -> dict[str, str]:
    return {"X-Hook-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def call(mail: Post, url: str, headers: dict[str, str], body: bytes = BODY) -> Any:
    return mail.door.post(urlsplit(url).path, data=body, content_type="application/json", headers=headers)


def secret_of(mail: Post, model: str) -> str:
    return next(str(hook.shared_secret) for hook in mail.theirs() if hook.model == model)


def test_the_four_kinds_of_record_are_subscribed_and_live(mail: Post) -> None:
    ours = mail.subscriptions()

    assert set(ours) == {"bill", "contact", "matter", "activity"}
    assert {row.state for row in ours.values()} == {"live"}
    assert {hook.status for hook in mail.theirs()} == {"enabled"}
    assert {hook.url for hook in mail.theirs()} == {row.url for row in ours.values()}
    assert all(
        secret_of(mail, model).encode() not in bytes(row.secret_sealed)
        and hearing.secret_of(row) == secret_of(mail, model)
        for model, row in ours.items()
    )


def test_an_address_says_nothing_of_its_firm_to_others(mail: Post) -> None:
    token = urlsplit(mail.subscriptions()["bill"].url).path.split("/")[-2]
    changed = ("B" if token[0] == "A" else "A") + token[1:]

    assert hearing.named_by(token) == hearing.Named(
        firm_id=mail.firm_id, grant_id=mail.subscriptions()["bill"].grant_id
    )
    for wrong in (changed, token[:-2], "x", "", "é" * 90, "A" * 5000):
        assert hearing.named_by(wrong) is None


def test_a_notice_wakes_the_firm(mail: Post) -> None:
    mail.scene.fresh_matter()

    assert mail.clio() == [200, 200]

    assert [(n.entity, n.event) for n in mail.notices()] == [("contact", "created"), ("matter", "created")]
    assert mail.due()
    assert wakes() == 1


def test_time_that_is_not_billed_yet_hurries_nobody(mail: Post) -> None:
    matter = mail.scene.fresh_matter()
    mail.clio()
    mail.scene.sync()
    mail.rest()
    user = next(iter(mail.scene.on.world.tables["User"]))
    mail.scene.on.desk(
        "create_time", matter=matter, user=user, date=mail.scene.on.world.now().date(), hours="1"
    )

    mail.clio()

    assert [n.event for n in mail.notices(entity="activity")] == ["created"]
    assert not mail.due()


@pytest.mark.parametrize("headers", [{}, {"X-Hook-Signature": "0" * 64}, {"X-Hook-Signature": "é"}])
def test_what_is_not_signed_is_refused_and_leaves_nothing(mail: Post, headers: dict[str, str]) -> None:
    url = mail.subscriptions()["bill"].url

    assert call(mail, url, headers).status_code == 401
    assert call(mail, url, sign(BODY, secret_of(mail, "bill")), BODY + b" ").status_code == 401

    assert mail.notices() == []
    assert not mail.due()


def test_another_subscriptions_secret_and_another_firms_address_are_refused(mail: Post) -> None:
    other = cast.firm("Beta").firm
    url = mail.subscriptions()["bill"].url
    token = hearing.new_token(firm_id=other.pk, grant_id=1)

    strange = call(mail, url, sign(BODY, secret_of(mail, "contact")))
    elsewhere = call(mail, f"{webhooks.prefix()}{token}/", sign(BODY, secret_of(mail, "bill")))
    unknown = call(mail, f"{webhooks.prefix()}nobody/", sign(BODY, secret_of(mail, "bill")))

    assert [strange.status_code, elsewhere.status_code, unknown.status_code] == [401, 410, 401]
    assert mail.notices() == []


def test_a_handshake_is_taken_only_for_what_we_just_asked_for(mail: Post) -> None:
    row = mail.subscriptions()["bill"]
    known = call(mail, row.url, {"X-Hook-Secret": secret_of(mail, "bill")})
    strange = call(mail, row.url, {"X-Hook-Secret": "somebody else's"})
    with firm_scope(write=mail.firm_id):
        rows = Webhook.objects.filter(firm_id=mail.firm_id, model="bill")
        rows.update(secret_sealed=b"", state="asked", asked_at=timezone.now() - timedelta(minutes=11))
    late = call(mail, row.url, {"X-Hook-Secret": "late"})
    with firm_scope(write=mail.firm_id):
        rows.update(asked_at=timezone.now())
    first = call(mail, row.url, {"X-Hook-Secret": "first"})
    second = call(mail, row.url, {"X-Hook-Secret": "second"})

    answers = [known, strange, late, first, second]
    assert [answer.status_code for answer in answers] == [200, 401, 401, 200, 401]
    assert (known["X-Hook-Secret"], first["X-Hook-Secret"]) == (secret_of(mail, "bill"), "first")
    assert "X-Hook-Secret" not in strange
    assert call(mail, row.url, sign(BODY, "first")).status_code == 200


def test_a_body_that_is_too_large_or_of_another_method_is_refused(mail: Post) -> None:
    url = mail.subscriptions()["bill"].url
    large = b"x" * (LONGEST_BODY + 1)

    assert call(mail, url, sign(large, secret_of(mail, "bill")), large).status_code == 413
    for method in ("get", "put", "delete", "patch"):
        assert getattr(mail.door, method)(urlsplit(url).path).status_code == 405
    assert mail.notices() == []


def test_a_notice_that_comes_twice_is_one(mail: Post) -> None:
    mail.scene.client()
    mail.hooks.double()

    assert mail.clio() == [200, 200]
    mail.scene.sync()
    mail.rest()
    mail.to_us(*again(mail))

    (notice,) = mail.notices()
    assert (notice.repeats, notice.looked_at is not None) == (2, True)
    assert not mail.due()


def again(mail: Post) -> tuple[str, bytes, dict[str, str]]:
    """The last message, as a vendor that got no answer sends it again."""
    last = mail.hooks.delivered[-1]
    return (
        last.url,
        last.body,
        {"X-Hook-Signature": last.signature, "Content-Type": "application/json"},
    )


def test_a_burst_is_one_run(mail: Post) -> None:
    before = wakes()
    body = [f'{{"data":{{"id":{n},"etag":"{n}"}},"meta":{{"event":"updated"}}}}'.encode() for n in range(120)]

    url, secret = mail.subscriptions()["bill"].url, secret_of(mail, "bill")
    answers = {call(mail, url, sign(each, secret), each).status_code for each in body}

    assert answers == {200}
    assert len(mail.notices(entity="bill")) == 120
    assert wakes() - before == 1
    wake_firm()
    with firm_scope(write=None, reads=[mail.firm_id]):
        assert Run.objects.filter(firm_id=mail.firm_id, trigger="schedule").count() == 1
    assert not [n for n in mail.notices() if n.looked_at is None]


def test_a_notice_during_a_run_makes_one_more(mail: Post, settings: Any) -> None:
    settings.TIME_SCALE = 1
    now = timezone.now()
    holder = schedule.take(firm_id=mail.firm_id, now=now)
    assert holder
    for _ in range(3):
        mail.scene.client()
        mail.clio()

    schedule.release(firm_id=mail.firm_id, holder=holder, now=timezone.now())

    assert mail.due()
    assert schedule.claim_due(now=timezone.now())


def test_without_a_broker_the_tick_finds_the_firm(mail: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.wake_firm, "apply_async", gone)
    mail.scene.client()

    assert mail.clio() == [200]

    assert mail.due()


def test_a_bill_that_was_announced_reaches_the_books(mail: Post) -> None:
    bill = mail.scene.bill(mail.scene.fresh_matter())
    mail.hooks.reorder()
    mail.clio()

    wake_firm()

    assert [one["DocNumber"] for one in mail.scene.store("Invoice")] == [bill.number]
    mail.scene.assert_ties()


def test_a_notice_that_comes_late_changes_nothing(mail: Post) -> None:
    mail.scene.bill(mail.scene.fresh_matter())
    mail.scene.on.sync(whole=False)
    before = [dict(one) for one in mail.scene.store("Invoice")]

    mail.clio()
    wake_firm()

    assert mail.scene.store("Invoice") == before
    assert all(notice.looked_at for notice in mail.notices())
    mail.scene.assert_ties()


def test_what_was_lost_the_poll_finds_and_the_silence_is_seen(mail: Post) -> None:
    with post_time(mail, timedelta(minutes=10)):
        mail.scene.bill(mail.scene.fresh_matter())
        mail.hooks.drop()
        mail.scene.on.sync(whole=False)

    mail.scene.assert_ties()
    assert mail.subscriptions()["bill"].missed_at is not None
    mail.subscribe()
    assert mail.subscriptions()["bill"].look_at > timezone.now()
    late = mail.scene.client()
    mail.scene.on.world.touch(late)
    mail.scene.on.desk("back_to_draft", bill=next(iter(mail.scene.on.world.tables["Bill"])))
    mail.clio()
    assert mail.subscriptions()["bill"].missed_at is None


class post_time:  # noqa: N801 - reads as a word
    """Subscriptions that have lived for a while."""

    def __init__(self, mail: Post, ago: timedelta) -> None:
        self.mail, self.ago = mail, ago

    def __enter__(self) -> None:
        with firm_scope(write=self.mail.firm_id):
            rows = Webhook.objects.filter(firm_id=self.mail.firm_id)
            rows.update(live_at=timezone.now() - self.ago)

    def __exit__(self, *_: object) -> None:
        """Leave it so."""
