"""Lists: fields, paging, filters, orders, numbers."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from syncapp.emulators.clio.nouns import Activity, Bill, Contact
from tests.emulators.clio.conftest import Clio


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
