"""Envelopes, query, idempotency, batch, CDC, limits, OAuth, webhooks, faults."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from syncapp.emulators.qbo import hooks
from syncapp.emulators.wire import loads

SCOPE = "com.intuit.quickbooks.accounting"
ERRORS = [
    ("select * from Invoice where PrivateNote = 'x'", "4001", "property 'PrivateNote' is not queryable"),
    (
        "select * from Purchase where NoSuchField = 'x'",
        "4001",
        "Property NoSuchField not found for Entity Purchase",
    ),
    ("select * from Invoice startposition 0", "4001", "value 0 is too small. Min allowed value is 1"),
    ("select * from Invoice maxresults 1001", "4001", "too large"),
    ("select * from Invoice TxnDate = '2026-01-01'", "4000", '"TxnDate "'),
    ("select * from Invoice where TotalAmt > 5", "4000", "NUMBER"),
    ("select Id from Invoice", "4000", "Encountered"),
    ("select * from Invoice where Id > '5'", "4001", "only = and IN"),
    ("select * from Invoice where TxnDate = '2026-01-01' or Id = '1'", "4000", "or"),
]


@pytest.mark.parametrize(("text", "code", "words"), ERRORS)
def test_queries_are_refused_in_quickbooks_words(books, text, code, words):
    seen, detail = books.refused("query", query=text)
    assert seen == code
    assert words in detail


def test_queries_filter_order_page_and_count(books):
    made = [books.invoice(amount=f"{n}.00", DocNumber=f"N-{n}") for n in range(1, 6)]

    assert books.query("select count(*) from invoice") == {"totalCount": 5}
    page = books.query(
        "SELECT * FROM Invoice WHERE DocNumber LIKE 'n-%' ORDER BY DocNumber DESC STARTPOSITION 2 MAXRESULTS 2"  # noqa: E501
    )
    assert [row["DocNumber"] for row in page["Invoice"]] == ["N-4", "N-3"]
    assert (page["startPosition"], page["maxResults"]) == (2, 2)
    chosen = books.query(f"select * from Invoice where Id in ('{made[0]['Id']}','{made[4]['Id']}')")
    assert len(chosen["Invoice"]) == 2
    assert len(books.query("select * from Invoice where Balance > '3'")["Invoice"]) == 2
    assert books.query("select * from Invoice where DocNumber = 'none'") == {}


def test_lists_show_active_rows_unless_asked_and_apostrophes_are_escaped(books):
    made = books.make("Customer", {"DisplayName": "Adam's Candy"})
    books.make("Customer", {**made, "Active": False})
    name = r"Adam\'s Candy"

    assert books.query(f"select * from Customer where DisplayName = '{name}'") == {}
    found = books.query(f"select * from Customer where DisplayName = '{name}' and Active in (true, false)")
    assert found["Customer"][0]["Id"] == made["Id"]


def test_a_repeated_request_id_gives_the_first_answer_when_honored(books):
    sale = {
        "DetailType": "SalesItemLineDetail",
        "Amount": 1,
        "SalesItemLineDetail": {"ItemRef": {"value": "2"}},
    }
    bill = {"CustomerRef": {"value": "1"}, "Line": [sale]}

    first = books.make("Invoice", bill, requestid="r-1")
    again = books.make("Invoice", bill, requestid="r-1")
    books.co.switches.honour_requestid = False
    third = books.make("Invoice", bill, requestid="r-1")

    assert first == again
    assert third["Id"] != first["Id"]
    assert books.refused("invoice", bill, requestid="x" * 51)[0] == "2130"


def test_a_batch_has_a_result_per_item_and_at_most_thirty(books):
    items = [
        {"bId": "1", "operation": "create", "Customer": {"DisplayName": "New one"}},
        {"bId": "2", "operation": "create", "Customer": {"DisplayName": "New one"}},
        {"bId": "3", "Query": "select count(*) from Customer"},
    ]

    status, answer = books.call("batch", {"BatchItemRequest": items}, requestid="b-1")
    repeat = books.call("batch", {"BatchItemRequest": items}, requestid="b-1")[1]

    assert status == 200
    one, two, three = answer["BatchItemResponse"]
    assert one["Customer"]["DisplayName"] == "New one"
    assert two["Fault"]["Error"][0]["code"] == "6240"
    assert three["QueryResponse"]["totalCount"] == 3
    assert repeat["BatchItemResponse"][0] == one
    assert books.refused("batch", {"BatchItemRequest": items[:1] * 31})[0] == "1040"
    assert books.refused("batch", {"BatchItemRequest": items}, requestid="x" * 37)[0] == "2130"


def test_change_data_capture_shows_changed_and_deleted_objects(books):
    kept, gone = books.invoice(), books.invoice()
    books.app.clock.advance(seconds=600)
    since = books.app.clock.now() - timedelta(seconds=5)
    books.make("Invoice", {"Id": gone["Id"], "SyncToken": "0"}, operation="delete")
    books.make("Invoice", {"Id": kept["Id"], "SyncToken": "0"}, operation="void")

    answer = books.call("cdc", entities="Invoice,Payment", changedSince=since.isoformat())[1]

    invoices, payments = answer["CDCResponse"][0]["QueryResponse"]
    assert [row.get("status") for row in invoices["Invoice"]] == [None, "Deleted"]
    assert payments == {}
    old = (books.app.clock.now() - timedelta(days=31)).isoformat()
    assert books.refused("cdc", entities="Invoice", changedSince=old)[0] == "2010"


def test_without_the_accept_header_xml_comes_back_and_every_answer_has_a_tid(books):
    url = f"/v3/company/{books.co.realm}/customer/1"
    plain = books.http.get(url, headers={"Authorization": f"Bearer {books.token}"})

    assert plain.text.startswith("<?xml")
    assert "intuit_tid" in plain.headers
    assert "intuit_tid" in books.http.post("/oauth2/v1/tokens/bearer").headers
    assert books.http.get("/v4/nothing").status_code == 501
    assert books.raw("nothing/1").status_code == 501


def test_the_gateway_speaks_lower_case(books):
    books.app.clock.advance(seconds=3601)
    status, answer = books.call("customer/1")
    assert (status, answer["fault"]["error"][0]["code"]) == (401, "3200")

    books.token = "short"
    assert "Malformed" in books.call("customer/1")[1]["fault"]["error"][0]["detail"]

    books.token = books.app.state.oauth.issue(books.co.realm)["access_token"]
    books.app.state.oauth.disconnect(books.co.realm)
    status, answer = books.call("customer/1")
    assert (status, answer["fault"]["error"][0]["code"]) == (403, "3100")


def test_ten_calls_a_second_then_429_and_time_scale_widens_it(books):
    books.co.switches.throttle = True
    codes = [books.raw("customer/1").status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]
    assert books.call("customer/1")[1]["Fault"]["type"] == "SERVICE"

    books.app.clock.advance(seconds=2)
    books.app.state.throttle.scale = 4
    assert [books.raw("customer/1").status_code for _ in range(41)] == [200] * 40 + [429]


def test_successful_reads_are_metered_and_writes_are_not(books):
    books.invoice()
    books.read("Customer", "1")
    books.query("select * from Invoice")
    books.refused("query", query="nonsense")
    assert sum(books.co.reads.values()) == 2


def consent(books, **changes: str):
    asked = {
        "client_id": "qbo-client",
        "response_type": "code",
        "scope": SCOPE,
        "redirect_uri": "http://localhost/back",
        "state": "s-1",
        **changes,
    }
    return books.http.post("/connect/oauth2", data={"decision": "approve", "realm": books.co.realm, **asked})


def test_consent_code_refresh_and_revoke(books):
    answer = parse_qs(urlsplit(consent(books).headers["Location"]).query)
    assert answer["realmId"] == [books.co.realm]
    assert answer["state"] == ["s-1"]
    secret = {"Authorization": "Basic " + base64.b64encode(b"qbo-client:qbo-secret").decode()}
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"][0],
        "redirect_uri": "http://localhost/back",
    }

    first = books.http.post("/oauth2/v1/tokens/bearer", data=form, headers=secret).json
    assert first["expires_in"] == 3600
    assert (
        books.http.post("/oauth2/v1/tokens/bearer", data=form, headers=secret).json["error"]
        == "invalid_grant"
    )
    renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    hard = {**secret, "x-include-refresh-token-hard-expires-in": "true"}
    second = books.http.post("/oauth2/v1/tokens/bearer", data=renew, headers=hard).json
    assert second["refresh_token"] != first["refresh_token"]
    assert second["x_refresh_token_hard_expires_in"] == 157_680_000
    assert books.http.post("/oauth2/v1/tokens/bearer", data=renew, headers=secret).status_code == 400
    body = {"client_id": "qbo-client", "client_secret": "wrong", **renew}
    assert books.http.post("/oauth2/v1/tokens/bearer", data=body).json["error"] == "invalid_client"
    gone = books.http.post(
        "/v2/oauth2/tokens/revoke", json={"token": second["refresh_token"]}, headers=secret
    )
    assert gone.status_code == 200
    books.token = second["access_token"]
    assert books.raw("customer/1").status_code == 403


def test_denied_consent_and_a_wrong_scope_come_back_as_errors(books):
    assert "error=access_denied" in consent(books, decision="deny").headers["Location"]
    assert "error=invalid_scope" in consent(books, scope="openid").headers["Location"]
    assert consent(books, client_id="stranger").status_code == 400
    host = books.http.get("/.well-known/openid_configuration").json
    assert host["token_endpoint"] == "http://localhost/oauth2/v1/tokens/bearer"


@pytest.mark.parametrize("form", ["cloudevents", "legacy"])
def test_webhooks_are_signed_and_can_be_doubled_reordered_and_dropped(books, form):
    books.app.state.subscribe(url="http://localhost/hook", verifier_token="v-1")
    books.co.switches.webhook_form = form
    books.invoice()
    books.invoice()
    hooks.double(books.co)
    hooks.reorder(books.co)
    hooks.drop(books.co, count=1)
    sent = []

    def send(status):
        def deliver(*what: Any):
            sent.append(what)
            return status

        return deliver

    assert hooks.flush(books.co, send=send(503)) == 0
    assert hooks.flush(books.co, send=send(200)) == 3

    _url, raw, headers = sent[-1]
    mac = hmac.new(b"v-1", raw, hashlib.sha256).digest()
    assert headers["intuit-signature"] == base64.b64encode(mac).decode()
    body = loads(raw)
    if form == "legacy":
        assert len(body["eventNotifications"][0]["dataChangeEvent"]["entities"]) == 3
    else:
        assert [event["type"] for event in body] == ["qbo.invoice.created.v1"] * 3
