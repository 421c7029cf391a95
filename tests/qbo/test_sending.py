"""What is told of a batch, and of a connection, when the whole of it goes wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from syncapp.core.books import NotSent, Posted, Refused, Uncertain
from syncapp.core.ledger import Verb
from syncapp.http import wire
from syncapp.qbo import oauth, sending
from tests.qbo.bench import HOST, Bench


def answering(bench: Bench, monkeypatch: pytest.MonkeyPatch, *, status: int, body: object) -> list[Any]:
    """Let every batch be answered like this; single calls go through."""
    real, seen = bench.qbo.post, list[Any]()

    def post(path: str, **given: Any) -> wire.Response:
        seen.append((path, given["params"].get("requestid")))
        if path != "batch":
            return real(path, **given)
        return wire.Response(
            status, {"intuit_tid": "1-x"}, body if isinstance(body, str) else wire.dumps(body)
        )

    monkeypatch.setattr(bench.qbo, "post", post)
    return seen


def fault(code: str) -> dict[str, Any]:
    return {"Fault": {"Error": [{"Message": "m", "Detail": "d", "code": code}], "type": "ValidationFault"}}


def test_a_batch_refused_as_a_whole_goes_again_one_by_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = [bench.bill("1"), bench.bill("2")]
    seen = answering(bench, monkeypatch, status=400, body=fault("2010"))

    outcomes = bench.qbo.send(plan)

    assert all(isinstance(one, Posted) for one in outcomes)
    assert [request for path, request in seen if path == "invoice"] == [one.request_id for one in plan]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, fault("10000"), Uncertain),
        (200, {"BatchItemResponse": []}, Uncertain),
        (200, "<html>", Uncertain),
        (429, fault("3001"), NotSent),
    ],
)
def test_a_batch_without_a_clear_answer_leaves_each_as_unclear(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, status: int, body: object, kind: type
) -> None:
    answering(bench, monkeypatch, status=status, body=body)

    outcomes = bench.qbo.send([bench.bill("1"), bench.bill("2")])

    assert all(isinstance(one, kind) for one in outcomes)


def test_the_same_batch_is_the_same_request_and_another_is_not(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = (bench.bill(str(n)) for n in range(3))
    seen = answering(bench, monkeypatch, status=200, body="")

    for plan in ([one, two], [one, two], [two, one], [one, two, three]):
        bench.qbo.send(plan)

    first, again, turned, more = (request for _, request in seen)
    assert first == again
    assert len({first, turned, more}) == 3
    assert len(first) == 36


def test_two_writes_of_one_record_never_meet_in_a_batch(bench: Bench) -> None:
    made = [bench.post(bench.bill(number)).object for number in ("1", "2")]
    plan = [
        bench.bill("1", 700, verb=Verb.UPDATE, remote_id=made[0].id, token="0"),
        replace(bench.bill("1", 800, verb=Verb.UPDATE, remote_id=made[0].id, token="1"), request_id="second"),
        bench.bill("2", 900, verb=Verb.UPDATE, remote_id=made[1].id, token="0"),
    ]

    outcomes = bench.qbo.send(plan)

    assert [one.object.total for one in outcomes if isinstance(one, Posted)] == [700, 800, 900]


def test_what_was_posted_is_told_although_the_connection_is_lost_then(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "BATCH_ITEMS", 1)
    real = bench.qbo.post

    def post(path: str, **given: Any) -> wire.Response:
        answer = real(path, **given)
        bench.app.state.oauth.disconnect(bench.co.realm)
        return answer

    monkeypatch.setattr(bench.qbo, "post", post)

    outcomes = bench.qbo.send([bench.bill("1"), bench.bill("2")])

    assert [type(one) for one in outcomes] == [Posted, NotSent]


def test_a_void_that_does_not_exist_is_refused_before_it_is_sent(bench: Bench) -> None:
    calls = bench.qbo.calls

    (outcome,) = bench.qbo.send([bench.entry(verb=Verb.VOID, remote_id="1", token="0")])

    assert isinstance(outcome, Refused)
    assert bench.qbo.calls == calls


def test_a_consent_becomes_tokens_for_one_company(bench: Bench) -> None:
    intuit = oauth.authority(
        discovery_url=f"{HOST}/.well-known/openid_configuration",
        client_id="qbo-client",
        client_secret="qbo-secret",
    )
    state = bench.app.state.oauth
    back = "https://us.test/back"
    code = state.consent(realm=bench.co.realm, redirect_uri=back, scope=intuit.scope)

    answer = oauth.callback(f"{back}?code={code}&state=s&realmId={bench.co.realm}", state="s")
    tokens = oauth.exchange(intuit, answer=answer, redirect_uri=back)

    assert answer.realm == bench.co.realm
    assert tokens.hard_expires_in
