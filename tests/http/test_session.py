"""The network as the rest of the product sees it: three kinds of trouble, and reads that are patient."""

from __future__ import annotations

import contextlib
import json
import traceback
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import structlog
from django.apps import apps

from syncapp.http import session, wiring
from syncapp.http.errors import ForbiddenCallError, Refused, Revoked, Transient
from syncapp.http.session import Session
from syncapp.http.wire import dumps

HOST = "https://vendor.test"
type Answer = tuple[int, dict[str, str], str]


class Vendor:
    """A WSGI program that gives its prepared answers in turn, the last one for ever."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.seen: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read()
        self.seen.append({**environ, "body": body})
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, headers, text = answer
        start(f"{status} X", [("Content-Type", "application/json"), *headers.items()])
        return [text.encode()]


@pytest.fixture(autouse=True)
def _fast() -> Iterator[None]:
    session.configure(time_scale=1000)
    yield
    session.configure(time_scale=1)
    session.unmount_all()


def test_every_process_of_ours_waits_by_the_time_scale(settings: Any) -> None:
    settings.TIME_SCALE = 7

    apps.get_app_config("pipeline").ready()

    assert session.time_scale() == 7


def reach(*answers: Answer | Exception, **options: Any) -> tuple[Vendor, Session]:
    vendor = Vendor(*answers)
    session.mount_wsgi(HOST, vendor)
    return vendor, Session(HOST, provider="Vendor", **options)


GOOD: Answer = (200, {}, '{"amount": 0.10, "big": 12345678901234567890.01}')


def test_amounts_are_decoded_to_the_digit() -> None:
    _, vendor = reach(GOOD)

    answer = vendor.request("GET", "/a").json()

    assert answer == {"amount": Decimal("0.10"), "big": Decimal("12345678901234567890.01")}
    assert isinstance(answer["amount"], Decimal)


@pytest.mark.parametrize(
    "trouble",
    [
        (503, {}, "busy"),
        ConnectionResetError("gone"),
        (429, {"Retry-After": "2"}, ""),
        (200, {}, '{"data": [{"id": 1, '),
    ],
)
def test_a_read_is_repeated_until_the_vendor_answers(trouble: Answer | Exception) -> None:
    vendor, link = reach(trouble, trouble, GOOD)

    assert link.request("GET", "/a").status == 200
    assert len(vendor.seen) == 3


@pytest.mark.parametrize(
    ("trouble", "sent"),
    [
        ((503, {"intuit_tid": "t-1"}, ""), True),
        (ConnectionResetError(), True),
        (ConnectionRefusedError(), False),
        ((429, {"Retry-After": "7"}, ""), False),
    ],
)
def test_a_write_is_never_repeated_and_says_whether_it_may_have_arrived(
    trouble: Answer | Exception, sent: bool
) -> None:
    vendor, link = reach(trouble, GOOD)

    with pytest.raises(Transient) as caught:
        link.request("POST", "/a", json={"x": 1})

    assert caught.value.sent is sent
    assert len(vendor.seen) == 1
    if trouble == (503, {"intuit_tid": "t-1"}, ""):
        assert (caught.value.words, caught.value.vendor_request_id) == (str(caught.value), "t-1")
        assert "t-1" not in str(caught.value)


def test_a_vendor_that_stays_busy_is_given_up_on() -> None:
    vendor, link = reach((429, {"Retry-After": "1"}, ""))

    with pytest.raises(Transient) as caught:
        link.request("GET", "/a")

    assert caught.value.retry_after == 1
    assert 2 <= len(vendor.seen) <= 6


def test_a_wait_of_an_hour_is_left_to_the_schedule() -> None:
    vendor, link = reach((429, {"Retry-After": "3600"}, ""), GOOD)

    with pytest.raises(Transient) as caught:
        link.request("GET", "/a")

    assert caught.value.retry_after == 3600
    assert len(vendor.seen) == 1


def test_an_expired_token_is_refreshed_once_also_for_a_write() -> None:
    asked: list[bool] = []

    def token(force: bool) -> str:
        asked.append(force)
        return "new" if force else "old"

    vendor, link = reach((401, {}, "{}"), GOOD, token=token)

    assert link.request("POST", "/a", json={}).status == 200
    assert asked == [False, True]
    assert [call["HTTP_AUTHORIZATION"] for call in vendor.seen] == ["Bearer old", "Bearer new"]


def test_a_connection_that_is_refused_twice_is_revoked() -> None:
    vendor, link = reach((401, {}, "{}"), token=lambda force: "x")

    with pytest.raises(Revoked):
        link.request("GET", "/a")

    assert len(vendor.seen) == 2


@pytest.mark.parametrize("text", ["<html>", "", '{"a": NaN}', '{"a": 1', "[" * 100_000])
def test_an_answer_that_is_not_json_is_transient(text: str) -> None:
    _, link = reach((200, {}, text))

    with pytest.raises(Transient):
        link.request("GET", "/a").json()


@pytest.mark.parametrize(
    ("provider", "words"),
    [("Clio", "Clio's answer could not be read."), ("QuickBooks", "QuickBooks' answer could not be read.")],
)
def test_an_answer_that_cannot_be_read_says_whose_it_is_and_keeps_the_id_for_support(
    provider: str, words: str
) -> None:
    vendor = Vendor((200, {"intuit_tid": "t-7"}, "<html>"))
    session.mount_wsgi(HOST, vendor)

    with pytest.raises(Transient) as caught:
        Session(HOST, provider=provider).request("GET", "/a").json()

    assert str(caught.value) == caught.value.words == words
    assert caught.value.vendor_request_id == "t-7"
    assert "t-7" in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(("status", "level"), [(200, "info"), (400, "warning"), (503, "warning")])
def test_every_call_is_in_the_log_with_the_id_that_support_asks_for(
    monkeypatch: pytest.MonkeyPatch, status: int, level: str
) -> None:
    monkeypatch.setattr(session, "_log", structlog.get_logger())  # a used one cannot be captured
    _, link = reach((status, {"x-request-id": "r-3"}, "{}"))

    with structlog.testing.capture_logs() as lines, contextlib.suppress(Transient):
        link.request("POST", "/a", params={"token": "s3cret"}, json={})

    (line,) = lines
    assert (line["event"], line["log_level"], line["status"]) == ("vendor call", level, status)
    assert (line["provider"], line["path"], line["vendor_request_id"]) == ("Vendor", "/a", "r-3")
    assert "s3cret" not in str(line)


def test_the_shell_can_forbid_calls() -> None:
    vendor, link = reach(GOOD)
    session.forbid_when(lambda: True, "HTTP inside a transaction")

    with pytest.raises(ForbiddenCallError, match="inside a transaction"):
        link.request("GET", "/a")

    session.allow_again("HTTP inside a transaction")
    assert link.request("GET", "/a").status == 200
    assert len(vendor.seen) == 1


def test_braces_stay_literal_and_a_page_link_is_followed_to_the_letter() -> None:
    vendor, link = reach(GOOD)

    link.request("GET", "/a", params={"fields": "id,matter{id}", "ids[]": [1, 2], "q": "a b&c"})
    link.request("GET", f"{HOST}/a?page_token=%7Bx%7D&fields=id%2Cetag")

    assert vendor.seen[0]["QUERY_STRING"] == "fields=id,matter{id}&ids%5B%5D=1&ids%5B%5D=2&q=a%20b%26c"
    assert vendor.seen[1]["QUERY_STRING"] == "page_token=%7Bx%7D&fields=id%2Cetag"


def test_a_token_never_leaves_for_another_host() -> None:
    _, link = reach(GOOD, token=lambda force: "secret")

    with pytest.raises(Refused):
        link.request("GET", "https://elsewhere.test/next")


def test_no_cookie_of_one_firm_reaches_another() -> None:
    vendor, link = reach((200, {"Set-Cookie": "session=firm-a; Path=/"}, "{}"))

    link.request("GET", "/a")
    link.request("GET", "/b")

    assert "HTTP_COOKIE" not in vendor.seen[1]


def test_every_call_is_told_without_its_query() -> None:
    _, link = reach((200, {"intuit_tid": "t-9"}, "{}"))
    calls: list[wiring.Call] = []
    stop = session.on_call(calls.append)

    link.request("GET", "/a", params={"token": "s3cret"})
    stop()
    link.request("GET", "/a")

    assert [(c.provider, c.method, c.path, c.status, c.vendor_request_id) for c in calls] == [
        ("Vendor", "GET", "/a", 200, "t-9")
    ]


def test_amounts_are_written_to_the_digit_and_text_cannot_pass_for_a_number() -> None:
    value = {"a": Decimal("0.10"), "b": "number:1,", "c": [Decimal("1E+2")], "d": 'x"number:9'}

    written = dumps(value)

    assert '"a":0.10' in written
    assert '"c":[100]' in written
    assert json.loads(written, parse_float=Decimal) == {**value, "c": [100]}
