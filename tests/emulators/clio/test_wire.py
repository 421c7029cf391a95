"""The protocol: etags, versions, limits, errors."""

from __future__ import annotations

from datetime import timedelta

import pytest
from werkzeug.test import Client

from syncapp.emulators.clio.app import create_app
from syncapp.emulators.clio.nouns import Bill, Contact, LineItem
from syncapp.emulators.clio.world import small
from syncapp.emulators.wire import Clock, ConnectionDropped
from tests.emulators.clio.conftest import NOW, Clio


def planted(clio: Clio, kind: str) -> int:
    return next(p.id for p in clio.world.planted if p.kind == kind)


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
