"""The protocol: fields, paging, filters, etags, versions, limits, errors."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from werkzeug.test import Client

from syncapp.emulators.clio.app import create_app
from syncapp.emulators.clio.nouns import Activity, Bill, Contact, LineItem
from syncapp.emulators.clio.world import small
from syncapp.emulators.wire import Clock, ConnectionDropped
from tests.emulators.clio.conftest import NOW, Clio


def planted(clio: Clio, kind: str) -> int:
    return next(p.id for p in clio.world.planted if p.kind == kind)


def pages(clio: Clio, path: str) -> list[int]:
    """Every id of a list, page after page by its own links."""
    found, url = [], f"/api/v4/{path}"
    for _ in range(100):
        answer = clio.http.get(url, headers=clio.headers({})).get_json()
        found += [row["id"] for row in answer["data"]]
        if "next" not in answer["meta"]["paging"]:
            return found
        assert answer["meta"]["paging"]["next"].startswith("http://localhost/api/v4/")
        url = answer["meta"]["paging"]["next"].removeprefix("http://localhost")
    raise AssertionError("pages without end")


def test_without_fields_an_answer_is_id_and_etag(clio: Clio) -> None:
    row = clio.data("bills.json")[0]

    assert set(row) == {"id", "etag"}
    assert row["etag"].startswith('"')


@pytest.mark.parametrize("encode", [False, True])
def test_one_level_of_braces_literal_or_encoded(clio: Clio, encode: bool) -> None:
    fields = "id,client{id,name},matters{id,client}"

    row = clio.data("bills?fields=" + (quote(fields, safe="") if encode else fields))[0]

    assert row["client"]["name"] == "Harbor Mills Inc."
    assert set(row["matters"][0]["client"]) == {"id", "etag"}


@pytest.mark.parametrize(
    "fields",
    [
        "id,outstanding_balance",
        "matters{client{id}}",
        "matters{nonsense}",
        "number{id}",
        "id,matters{id",
        "id,,x",
    ],
)
def test_what_cannot_be_a_field_is_refused(clio: Clio, fields: str) -> None:
    answer = clio.get(f"bills?fields={fields}")

    assert answer.status_code == 400
    assert answer.get_json()["error"]["type"] == "InvalidFields"


@pytest.mark.parametrize(
    "path",
    [
        "bills?limit=2",
        "line_items?limit=3",
        "bills?limit=2&order=number(desc)",
        "allocations?limit=2",
        "allocations?limit=2&order=id(asc)",
        "users?limit=5&offset=0",
    ],
)
def test_paging_gives_every_record_once(clio: Clio, path: str) -> None:
    whole = [row["id"] for row in clio.data(path.split("?", maxsplit=1)[0])]

    found = pages(clio, path)

    assert len(found) == len(set(found))
    assert set(found) == set(whole)


def test_a_cursor_survives_records_that_come_and_go(clio: Clio) -> None:
    first = clio.get("contacts?limit=1").get_json()
    clio.world.remove(clio.world.get(Contact, first["data"][0]["id"]))

    url = first["meta"]["paging"]["next"].removeprefix("http://localhost")
    second = clio.http.get(url, headers=clio.headers({})).get_json()

    assert second["data"][0]["id"] == first["data"][0]["id"] + 1


def test_allocations_and_credit_memos_come_by_date(clio: Clio) -> None:
    for path in ("allocations", "credit_memos"):
        dates = [row["date"] for row in clio.data(f"{path}?fields=id,date")]
        assert dates == sorted(dates)


@pytest.mark.parametrize(
    "path",
    [
        "bills?limit=0",
        "bills?limit=201",
        "bills?limit=x",
        "bills?order=balance",
        "bills?colour=red",
        "line_items?order=id(asc)",
        "bills?offset=10000&limit=1",
        "bills?page_token=zz",
        "bills?updated_since=yesterday",
        "expense_categories?ids[]=1",
        "bills?issued_after=x",
    ],
)
def test_a_wrong_parameter_is_refused(clio: Clio, path: str) -> None:
    assert clio.get(path).status_code == 400


def test_updated_since_is_strictly_after_unless_switched(clio: Clio) -> None:
    bill = clio.world.get(Bill, planted(clio, "plain"))
    stamp = quote(bill.updated_at.isoformat())

    assert bill.id not in [r["id"] for r in clio.data(f"bills?updated_since={stamp}")]
    clio.world.switches.updated_since_inclusive = True
    assert bill.id in [r["id"] for r in clio.data(f"bills?updated_since={stamp}")]


def test_void_and_deleted_bills_are_listed_when_asked_for(clio: Clio) -> None:
    void = planted(clio, "void")

    assert void not in [r["id"] for r in clio.data("bills")]
    assert [r["id"] for r in clio.data("bills?state=void")] == [void]
    clio.world.switches.bills_list_includes_removed = True
    assert void in [r["id"] for r in clio.data("bills")]


def test_filters(clio: Clio) -> None:
    bill = planted(clio, "plain")
    removed = planted(clio, "removed_payment")

    assert {r["bill"]["id"] for r in clio.data(f"line_items?bill_id={bill}&fields=bill{{id}}")} == {bill}
    assert [r["id"] for r in clio.data("allocations?status=invalid")] == [removed]
    assert removed not in [r["id"] for r in clio.data("allocations?status=valid")]
    assert len(clio.data("allocations?kind=write_off")) == 1
    assert [r["kind"] for r in clio.data("bills?type=trust&fields=kind")] == ["trust_kind"]
    assert "trust_kind" not in [r["kind"] for r in clio.data("bills?type=revenue&fields=kind")]
    trust = clio.data("bank_transactions?type=liability&fields=bank_account{name}")
    assert {r["bank_account"]["name"] for r in trust} == {"IOLTA"}
    ids = [r["id"] for r in clio.data("bills")][:2]
    assert [r["id"] for r in clio.data(f"bills?ids[]={ids[0]}&ids[]={ids[1]}")] == ids
    parent = clio.data(f"allocations?bill_id={bill}&fields=parent{{id,type,identifier}}")[0]["parent"]
    assert parent["type"] == "Payment"
    assert parent["identifier"] == "1001"
    assert len(clio.data(f"allocations?parent_id={parent['id']}")) >= 2


def test_money_is_an_exact_number_and_time_has_an_offset(clio: Clio) -> None:
    text = clio.get("bills?fields=total,updated_at&bill_number=1").text

    assert '"total":1902.35' in text
    assert json.loads(text)["data"][0]["updated_at"].endswith(("-04:00", "-05:00"))
    assert '"price":12.35' in clio.get("line_items?fields=price").text
    assert '"balance":0.0' in clio.get("bills?fields=balance&state=paid").text


def test_time_is_in_seconds_on_activities_and_in_hours_on_lines(clio: Clio) -> None:
    activity = clio.world.all(Activity)[0]
    shown = clio.data(f"activities/{activity.id}?fields=quantity,quantity_in_hours")
    line = clio.data(f"line_items?activity_id={activity.id}&fields=quantity")[0]

    assert shown["quantity"] == shown["quantity_in_hours"] * 3600
    assert line["quantity"] == shown["quantity_in_hours"]


def test_etags(clio: Clio) -> None:
    contact = clio.world.all(Contact)[0]
    first = clio.get(f"contacts/{contact.id}")
    tag = first.headers["ETag"]

    assert clio.get(f"contacts/{contact.id}", If_None_Match=tag).status_code == 304
    assert (
        clio.get(f"contacts/{contact.id}", If_Modified_Since=first.headers["Last-Modified"]).status_code
        == 304
    )
    changed = clio.send("PATCH", f"contacts/{contact.id}?fields=name", {"name": "Harbor Mills"}, If_Match=tag)
    assert changed.get_json()["data"]["name"] == "Harbor Mills"
    assert clio.send("PATCH", f"contacts/{contact.id}", {"name": "X"}, If_Match=tag).status_code == 412
    assert clio.get(f"contacts/{contact.id}", If_None_Match=tag).status_code == 200


def test_versions(clio: Clio) -> None:
    assert clio.get("bills").headers["X-API-VERSION"] == "4.0.13"
    assert clio.get("bills", X_API_VERSION="4.0.9").headers["X-API-VERSION"] == "4.0.9"
    assert clio.get("bills", X_API_VERSION="4.9.9").status_code == 410


def test_fifty_calls_a_minute_and_then_429(clio: Clio) -> None:
    left = [clio.get("currencies").headers["X-RateLimit-Remaining"] for _ in range(50)]
    over = clio.get("currencies")

    assert left[-1] == "0"
    assert over.status_code == 429
    assert 1 <= int(over.headers["Retry-After"]) <= 60
    clio.app.clock.advance(seconds=61)
    assert clio.get("currencies").status_code == 200


def test_time_scale_multiplies_the_budget() -> None:
    app = create_app(small(), clock=Clock(NOW), time_scale=1000)
    http = Client(app)
    token = http.post("/_backdoor/token").get_json()["access_token"]
    app.clock.advance(seconds=0.07)

    for _ in range(3):
        for _ in range(50):
            http.get("/api/v4/currencies", headers={"Authorization": f"Bearer {token}"})
        app.clock.advance(seconds=0.07)
        answer = http.get("/api/v4/currencies", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200


def test_both_401_bodies(clio: Clio) -> None:
    none = clio.http.get("/api/v4/bills.json")
    bad = clio.http.get("/api/v4/bills.json", headers={"Authorization": "Bearer nonsense"})

    assert none.status_code == bad.status_code == 401
    assert none.get_json()["error"]["type"] == "UnauthorizedError"
    assert bad.get_json()["error"] == "invalid_token"
    assert "WWW-Authenticate" in bad.headers
    assert not any(h.startswith("X-RateLimit") for h, _ in [*none.headers, *bad.headers])


def test_403_404_422_and_501(clio: Clio) -> None:
    clio.world.switches.forbidden = "bank_transactions, users"

    assert clio.get("bank_transactions").get_json()["error"]["type"] == "ForbiddenError"
    assert clio.get("bills/1").status_code == 404
    paid = clio.send("PATCH", f"bills/{planted(clio, 'plain')}", {"state": "draft"})
    assert paid.status_code == 422
    for method, path in (
        ("GET", "zebras"),
        ("POST", "bills"),
        ("POST", "line_items"),
        ("POST", "allocations"),
        ("GET", "payments"),
    ):
        assert clio.send(method, path, {} if method == "POST" else None).status_code == 501, path


def test_a_contact_that_the_token_may_not_see(clio: Clio) -> None:
    hidden = clio.world.all(Contact)[0].id
    clio.http.post("/_backdoor/hide", json={"contacts": [hidden]})

    assert hidden not in [r["id"] for r in clio.data("contacts")]
    assert clio.get(f"contacts/{hidden}").status_code == 404
    clio.world.switches.redact_hidden = True
    row = clio.data("bills?fields=client{id,name}&bill_number=1")[0]
    assert row["client"] == {"id": hidden, "redacted": True}


def test_what_the_api_may_change(clio: Clio) -> None:
    draft = planted(clio, "draft")
    line = clio.world.get(LineItem, clio.world.get(Bill, draft).line_ids[0])

    clio.send("PATCH", f"line_items/{line.id}", {"quantity": 99})
    assert line.quantity != 99
    assert clio.send("PATCH", f"activities/{line.activity_id}", {"price": 1}).status_code == 422
    changed = clio.send(
        "PATCH", f"bills/{draft}?fields=number,state", {"number": "X-1", "state": "awaiting_payment"}
    )
    assert changed.get_json()["data"] == {"number": "X-1", "state": "awaiting_payment"}
    assert clio.send("DELETE", f"bills/{draft}").status_code == 204
    assert clio.data(f"bills/{draft}?fields=state")["state"] == "void"
    assert clio.data(f"activities/{line.activity_id}?fields=on_bill")["on_bill"] is False


def test_faults_and_counters(clio: Clio) -> None:
    clio.http.post(
        "/_backdoor/faults", json={"operation": "GET bills", "nth": 2, "kind": "throttle", "retry_after": 3}
    )
    clio.app.state.faults.add("GET bills/{id}", 1, "drop_after")

    assert clio.get("bills").status_code == 200
    assert clio.get("bills.json").headers["Retry-After"] == "3"
    with pytest.raises(ConnectionDropped):
        clio.get(f"bills/{planted(clio, 'plain')}")
    assert clio.http.get("/_backdoor/calls").get_json()["GET bills"] == 2


def test_the_default_list_of_a_year_costs_less_than_sixty_calls() -> None:
    from syncapp.emulators.clio.endpoints import LIST
    from syncapp.emulators.clio.world import year

    world = year()

    assert sum(1 + len(world.tables[e.kind]) // e.maximum for e in LIST if e.listed) < 60


def test_the_other_regions_speak_their_own_time(clio: Clio) -> None:
    clio.world.switches.region = "au"

    assert clio.get("bills").status_code == 401
    clio.token = clio.http.post("/_backdoor/token").get_json()["access_token"]
    assert clio.data("bills?fields=updated_at")[0]["updated_at"].endswith(("+10:00", "+11:00"))


def test_a_day_later_the_token_of_a_day_is_dead(clio: Clio) -> None:
    clio.world.switches.expires_in = 86_400
    clio.token = clio.http.post("/_backdoor/token").get_json()["access_token"]
    clio.app.clock.advance(seconds=timedelta(days=1, seconds=1).total_seconds())

    assert clio.get("bills").get_json()["error"] == "invalid_token"
