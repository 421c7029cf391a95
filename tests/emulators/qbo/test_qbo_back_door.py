"""Planned faults, the back door and the pages."""

from __future__ import annotations

import httpx
import pytest

from syncapp.emulators.wire import ConnectionDropped

SCOPE = "com.intuit.quickbooks.accounting"

FAULTS = [
    "drop_before",
    "drop_after",
    "fault_200",
    "malformed",
    "throttle",
    "server_error",
    "expired_token",
    "refuse",
]


@pytest.mark.parametrize("kind", FAULTS)
def test_the_second_call_of_an_operation_goes_wrong_as_planned(books, kind):
    args = {"status": 400, "body": {"Fault": {}}} if kind == "refuse" else {}
    books.app.state.faults.add("create invoice", 2, kind, **args)
    books.invoice(DocNumber="1")
    if kind.startswith("drop"):
        with pytest.raises(ConnectionDropped):
            books.invoice(DocNumber="2")
    else:
        with pytest.raises((AssertionError, ValueError, KeyError)):
            books.invoice(DocNumber="2")

    landed = len(books.co.store["Invoice"]) == 2
    assert landed == (kind in {"drop_after", "malformed"})
    books.invoice(DocNumber="3")
    assert books.app.state.faults.fired == [("create invoice", kind)]


def test_a_dropped_connection_reaches_an_httpx_client_as_an_exception(books):
    books.http.post("/_backdoor/faults", json={"operation": "query", "nth": 1, "kind": "drop_before"})
    headers = {"Authorization": f"Bearer {books.token}", "Accept": "application/json"}
    url = f"/v3/company/{books.co.realm}/query"
    with httpx.Client(transport=httpx.WSGITransport(app=books.app), base_url="http://qbo") as client:
        with pytest.raises(ConnectionDropped):
            client.get(url, params={"query": "select * from Invoice"}, headers=headers)
        assert client.get(url, params={"query": "select * from Invoice"}, headers=headers).status_code == 200


def test_the_back_door_acts_as_a_person(books):
    invoice = books.invoice()
    payment = books.payment(amount="100", of=[("Invoice", invoice["Id"], "100")])
    door = f"/_backdoor/{books.co.realm}"

    def post(action, body):
        answer = books.http.post(f"{door}/{action}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json

    post("edit", {"entity": "Invoice", "id": invoice["Id"], "changes": {"PrivateNote": "x"}, "who": "Dana"})
    assert post("deposit", {"payments": [payment["Id"]]})["TotalAmt"] == 100
    post("close", {"date": "2026-01-31"})
    post("switches", {"honour_requestid": False})
    post("preferences", {"OtherPrefs.WarnDuplicateJournalNumber": "false"})
    assert books.http.post(f"{door}/switches", json={"no_such": 1}).status_code == 400
    trial = books.http.get(f"{door}/trial_balance", query_string={"date": "2026-03-31"}).json
    assert sum(round(row["balance"] * 100) for row in trial["accounts"]) == 0
    assert books.http.get(f"{door}/dump").json["changes"][-1]["who"] == "Dana Whitfield"


def test_pages_show_the_company_to_people(books):
    invoice = books.invoice(DocNumber="INV-1")
    home = f"/company/{books.co.realm}"
    for tab in ("", "customers", "invoices", "payments", "trial-balance", "receivables", "transactions"):
        shown = books.http.get(f"{home}/{tab}")
        assert shown.status_code == 200
        assert "QuickBooks emulator – for demonstration" in shown.text
    assert "Legal Fees" in books.http.get(f"{home}/Invoice/{invoice['Id']}").text
    assert (
        "Approve"
        in books.http.get(
            "/connect/oauth2",
            query_string={
                "client_id": "qbo-client",
                "response_type": "code",
                "scope": SCOPE,
                "redirect_uri": "http://x/",
            },
        ).text
    )
