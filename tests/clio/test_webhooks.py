"""Clio's webhooks are believed only with the right signature, and whatever comes is survived."""

from __future__ import annotations

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from syncapp.clio import webhooks

BODY = b'{"data":{"id":152,"etag":"\\"9a10\\""},"meta":{"event":"updated","webhook_id":1234}}'


def test_only_the_firms_own_secret_signs() -> None:
    good = hmac.new(b"s3cret", BODY, hashlib.sha256).hexdigest()

    assert webhooks.verify(body=BODY, signature=good, secret="s3cret")
    assert not webhooks.verify(body=BODY + b" ", signature=good, secret="s3cret")
    assert not webhooks.verify(body=BODY, signature=good, secret="")
    assert not webhooks.verify(body=BODY, signature="é", secret="s3cret")


def test_a_delivery_names_its_record() -> None:
    notice = webhooks.notice(BODY)

    assert notice is not None
    assert (notice.event, notice.record_id, notice.webhook_id, notice.etag) == (
        "updated",
        152,
        1234,
        '"9a10"',
    )


def test_a_handshake_is_answered_with_its_secret() -> None:
    asked = webhooks.handshake(headers={"X-Hook-Secret": "abc"}, body=b'{"data":{"webhook_id":1234}}')

    assert asked == webhooks.Handshake(1234, "abc")
    assert "abc" not in repr(asked)
    assert webhooks.handshake(headers={"X-Hook-Signature": "x"}, body=BODY) is None


@given(st.binary(max_size=200))
def test_any_body_is_survived(body: bytes) -> None:
    webhooks.notice(body)
    webhooks.handshake(headers={"x-hook-secret": "s"}, body=body)
