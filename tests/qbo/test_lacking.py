"""What a company of QuickBooks lacks does not keep the rest from being read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from syncapp.core.ledger import ObjectKind
from syncapp.emulators.qbo import api
from syncapp.emulators.wire import Answer
from syncapp.http.errors import Refused, Transient
from tests.qbo.bench import Bench

SYSTEM = {"Error": [{"Message": "An application error", "code": "10000"}], "type": "SystemFault"}
INVALID = {"Error": [{"Message": "Invalid query", "code": "4001"}], "type": "ValidationFault"}

type Asked = Callable[[Request, str], bool]


def answer(monkeypatch: pytest.MonkeyPatch, asked: Asked, status: int, body: Any) -> list[str]:
    """Have QuickBooks answer some reads so; return the list of the paths and questions that came."""
    real, came = api.Api.answer, list[str]()

    def instead(self: api.Api, request: Request, path: str) -> Response:
        came.append(f"{path} {request.args.get('query', '')}".strip())
        return Answer(body, status=status).response() if asked(request, path) else real(self, request, path)

    monkeypatch.setattr(api.Api, "answer", instead)
    return came


def about(*entities: str) -> Asked:
    """Whether one of some entities is queried or captured."""

    def asked(request: Request, path: str) -> bool:
        queried = {f"FROM {one}" for one in entities if f"FROM {one} " in f"{request.args.get('query', '')} "}
        captured = set(request.args.get("entities", "").split(",")) & set(entities)
        return bool(queried or (path == "cdc" and captured))

    return asked


@pytest.mark.parametrize("status", [400, 404, 405, 500, 501])
def test_preferences_are_asked_by_query_where_their_address_is_none(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Preferences filter by MetaData only, so no property is named (qbo/API.md section 3)."""
    came = answer(monkeypatch, lambda _, path: path.startswith("preferences"), status, {"error": "none"})

    assert bench.qbo.company().custom_numbers is True
    assert came[-1] == "query SELECT * FROM Preferences"


@pytest.mark.parametrize("status", [403, 429, 503])
def test_preferences_that_are_shut_or_busy_are_not_asked_another_way(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    came = answer(monkeypatch, lambda _, path: path.startswith("preferences"), status, {"error": "none"})

    with pytest.raises(Transient):
        bench.qbo.company()
    assert not [one for one in came if one.startswith("query")]


def test_preferences_that_no_way_gives_are_not_made_up(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, lambda _, path: path.startswith("preferences"), 400, {"Fault": INVALID})
    monkeypatch.setattr(bench.qbo, "_query", lambda _: {"QueryResponse": {}})

    with pytest.raises(Refused, match="settings cannot be read"):
        bench.qbo.company()


@pytest.mark.parametrize(("status", "fault"), [(400, INVALID), (500, SYSTEM), (501, SYSTEM)])
def test_a_list_that_the_company_lacks_is_empty(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, status: int, fault: Any
) -> None:
    start = bench.co.clock.now() - timedelta(seconds=1)
    kept = bench.post(bench.bill()).object
    bench.qbo.known_chart = None  # the first look
    answer(monkeypatch, about("Class", "Department", "Employee"), status, {"Fault": fault})

    chart, names = bench.qbo.chart(), bench.qbo.names()
    kinds = [ObjectKind.INVOICE, "Class", "Department"]

    assert (chart.classes, chart.locations) == ({}, {})
    assert chart.accounts
    assert "Columbia Process Servers" in names.others
    for since in (start, start - timedelta(days=90)):
        assert [one.id for one in bench.qbo.changes(kinds, since)] == [kept.id]


@pytest.mark.parametrize("body", [{"error": "bad gateway"}, {"Fault": SYSTEM}])
def test_what_every_company_has_is_never_taken_for_lacking(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, body: Any
) -> None:
    start = bench.co.clock.now() - timedelta(seconds=1)
    answer(monkeypatch, about("Invoice", "Vendor"), 500, body)

    with pytest.raises(Transient):
        bench.qbo.names()
    for since in (start, start - timedelta(days=90)):
        with pytest.raises(Transient):
            bench.qbo.changes([ObjectKind.INVOICE, "Class"], since)


def test_trouble_on_the_way_is_no_list_that_lacks(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, about("Class"), 500, {"error": "bad gateway"})

    with pytest.raises(Transient):
        bench.qbo.chart()
    with pytest.raises(Transient):
        bench.qbo.changes([ObjectKind.INVOICE, "Class"], bench.co.clock.now() - timedelta(days=1))


def test_classes_that_are_known_do_not_go_for_a_fault_of_quickbooks(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bench.qbo.chart().classes
    answer(monkeypatch, about("Class"), 500, {"Fault": SYSTEM})

    with pytest.raises(Transient):
        bench.qbo.chart()
