"""OAuth: consent, refusal, codes, refresh without rotation, revocation; several firms; webhooks."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from werkzeug.test import Client, TestResponse

from syncapp.emulators.clio.app import create_app
from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.world import empty, small
from syncapp.emulators.wire import Clock
from tests.emulators.clio.conftest import NOW, Clio

BACK = "https://tieout.example/callback"
ASK = {"client_id": "clio-client", "response_type": "code", "redirect_uri": BACK, "state": "s1"}
SECRETS = {"client_id": "clio-client", "client_secret": "clio-secret"}


def consent(http: Client, **more: str) -> dict[str, list[str]]:
    answer = http.post("/oauth/authorize", data={**ASK, "decision": "approve", **more})
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def exchange(http: Client, code: str, **more: str) -> TestResponse:
    form = {**SECRETS, "grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **more}
    return http.post("/oauth/token", data=form)


def test_a_firm_is_chosen_at_consent() -> None:
    http = Client(create_app([small(), empty(account_id=2, account_name="Cole LLP")], clock=Clock(NOW)))

    shown = http.get("/oauth/authorize", query_string=ASK).text
    token = exchange(http, consent(http, account="2")["code"][0]).get_json()

    assert "Cole LLP" in shown
    assert "Approve" in shown
    me = http.get(
        "/api/v4/users/who_am_i?fields=id,account{id,name}",
        headers={"Authorization": f"Bearer {token['access_token']}"},
    ).get_json()
    assert me["data"]["account"] == {"id": 2, "name": "Cole LLP"}
    assert token["expires_in"] == 2_592_000


def test_declining(clio: Clio) -> None:
    stays = clio.http.post("/oauth/authorize", data={**ASK, "decision": "deny"})
    goes = consent(clio.http, decision="deny", redirect_on_decline="true")

    assert stays.status_code == 200
    assert goes == {"error": ["access_denied"], "state": ["s1"]}


def test_a_code_works_once_for_ten_minutes_at_its_address(clio: Clio) -> None:
    code = consent(clio.http)["code"][0]
    assert exchange(clio.http, code).status_code == 200
    assert exchange(clio.http, code).get_json()["error"] == "invalid_grant"

    late = consent(clio.http)["code"][0]
    clio.app.clock.advance(seconds=601)
    assert exchange(clio.http, late).status_code == 400
    assert exchange(clio.http, consent(clio.http)["code"][0], redirect_uri="https://else").status_code == 400
    assert exchange(clio.http, consent(clio.http)["code"][0], client_secret="x").status_code == 401


def test_a_refresh_brings_no_new_refresh_token(clio: Clio) -> None:
    first = exchange(clio.http, consent(clio.http)["code"][0]).get_json()
    form = {**SECRETS, "grant_type": "refresh_token", "refresh_token": first["refresh_token"]}

    for _ in range(2):
        again = clio.http.post("/oauth/token", data=form).get_json()
        assert "refresh_token" not in again
        assert again["access_token"] != first["access_token"]


def test_deauthorize_kills_the_access_and_the_refresh_token(clio: Clio) -> None:
    token = exchange(clio.http, consent(clio.http)["code"][0]).get_json()
    bearer = {"Authorization": f"Bearer {token['access_token']}"}

    gone = clio.http.post("/oauth/deauthorize", data={"token": token["access_token"]}, headers=bearer)

    assert (gone.status_code, gone.text) == (200, "")
    assert clio.http.get("/api/v4/bills", headers=bearer).status_code == 401
    form = {**SECRETS, "grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    assert clio.http.post("/oauth/token", data=form).status_code == 400


def test_a_wrong_client_or_address_is_not_asked_to_consent(clio: Clio) -> None:
    assert clio.http.get("/oauth/authorize", query_string={**ASK, "client_id": "x"}).status_code == 400
    clio.app.state.grants.redirect_uris.append(BACK)
    assert (
        clio.http.get("/oauth/authorize", query_string={**ASK, "redirect_uri": "https://e"}).status_code
        == 400
    )


def test_webhooks_shake_hands_sign_and_come_again(clio: Clio) -> None:
    sent: list[tuple[bytes, dict[str, str]]] = []
    answers = [200]

    def receive(_: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
        sent.append((body, headers))
        return answers[0], {"x-hook-secret": headers.get("X-Hook-Secret", "")}

    clio.app.state.hooks.send = receive
    hook = clio.send(
        "POST",
        "webhooks?fields=id,status,shared_secret,expires_at",
        {"url": "https://t.example/h", "model": "bill", "fields": "id,state", "events": ["updated"]},
    )
    data = hook.get_json()["data"]
    draft = next(b for b in clio.world.all(Bill) if b.state == "draft")
    do(clio.world, "approve_bill", bill=draft.id)
    clio.http.post("/_backdoor/hooks", json={"do": "double"})
    answers[0] = 500
    clio.app.state.hooks.flush(clio.app.state.firms)
    answers[0] = 200
    clio.app.state.hooks.flush(clio.app.state.firms)

    assert (hook.status_code, data["status"]) == (201, "enabled")
    body, headers = sent[-1]
    assert headers["X-Hook-Signature"] == hmac.new(data["shared_secret"].encode(), body, sha256).hexdigest()
    told = json.loads(body)
    assert told["meta"] == {"event": "updated", "webhook_id": data["id"]}
    assert told["data"]["state"] == "awaiting_payment"
    assert len(sent) == 1 + 2 + 2


def test_a_webhook_that_did_not_shake_hands_waits(clio: Clio) -> None:
    clio.app.state.hooks.send = lambda *_: (404, {})
    given = {"url": "https://t.example/h", "model": "contact", "fields": "id"}
    data = clio.send("POST", "webhooks?fields=id,status,shared_secret", given).get_json()["data"]

    assert data["status"] == "pending"
    assert clio.send("PUT", f"webhooks/{data['id']}/activate", X_Hook_Secret="wrong").status_code == 403
    clio.send("PUT", f"webhooks/{data['id']}/activate", X_Hook_Secret=data["shared_secret"])
    assert clio.data(f"webhooks/{data['id']}?fields=status")["status"] == "enabled"
    assert (
        clio.send("PATCH", f"webhooks/{data['id']}", {"expires_at": "2027-11-02T00:00:00Z"}).status_code
        == 422
    )
    assert clio.send("POST", "webhooks", {**given, "url": "http://plain.example"}).status_code == 422
    assert clio.send("POST", "webhooks", {**given, "model": "allocation"}).status_code == 422
    assert clio.send("DELETE", f"webhooks/{data['id']}").status_code == 204
