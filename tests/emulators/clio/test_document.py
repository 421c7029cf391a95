"""Every answer against Clio's own API document: names, types, enums."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from syncapp.emulators.clio.endpoints import LIST, Endpoint
from syncapp.emulators.clio.fieldspec import SHAPES, defaults
from syncapp.emulators.clio.fieldtable import MAIN
from syncapp.emulators.clio.world import small, year
from tests.emulators.clio.conftest import Clio, open_clio

# The document calls these whole numbers or booleans and means money, rates or words (API.md section 5).
ODD = {
    "taxable_sub_total",
    "secondary_taxable_sub_total",
    "services_taxable_sub_total",
    "services_secondary_taxable_sub_total",
    "currency",
}


def everything(kind: str) -> str:
    """Every field of a kind, relations with all their plain fields."""
    shape = SHAPES[kind]
    inner = {n: ",".join(sorted(SHAPES[k].plain)) for n, k in (shape.one | shape.many).items()}
    return ",".join([*sorted(shape.plain), *(f"{n}{{{fields}}}" for n, fields in inner.items())])


class Checker:
    """Compares values with the schemas of the document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.schemas = document["components"]["schemas"]

    def properties(self, schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in schema:
            return self.properties(self.schemas[schema["$ref"].split("/")[-1]])
        found: dict[str, Any] = {}
        for part in schema.get("allOf", []):
            found |= self.properties(part)
        found |= schema.get("properties", {})
        return found

    def check(self, value: Any, schema: dict[str, Any], where: str) -> None:
        if value is None:
            return
        if "enum" in schema:
            assert value in schema["enum"], f"{where}: {value} is none of {schema['enum']}"
        kind = schema.get("type", "object")
        if kind == "array":
            assert isinstance(value, list), where
            for each in value:
                self.check(each, schema["items"], where + "[]")
        elif kind == "object":
            known = self.properties(schema)
            assert isinstance(value, dict), f"{where}: {value!r}"
            if not known:
                return
            for name, inner in value.items():
                assert name in known, f"{where}.{name} is not in the document"
                self.check(inner, known[name] if name not in ODD else {"type": "any"}, f"{where}.{name}")
        else:
            self.scalar(value, kind, schema.get("format", ""), where)

    def scalar(self, value: Any, kind: str, form: str, where: str) -> None:
        wanted: dict[str, tuple[type, ...]] = {
            "integer": (int,),
            "number": (int, Decimal),
            "boolean": (bool,),
            "string": (str,),
        }
        if kind in wanted:
            assert isinstance(value, wanted[kind]), f"{where}: {value!r} is no {kind}"
            assert kind == "boolean" or not isinstance(value, bool), f"{where}: {value!r}"
        if form == "date":
            assert len(value) == 10, f"{where}: {value}"
        if form == "date-time":
            assert re.fullmatch(r"[\d-]{10}T[\d:]{8}[+-]\d\d:\d\d", value), f"{where}: {value}"


@pytest.fixture(scope="module")
def firm() -> Clio:
    clio = open_clio(small())
    clio.world.switches.rate_limited = False
    return clio


def envelope(document: dict[str, Any], path: str, method: str = "get") -> dict[str, Any]:
    answer = document["paths"][path][method]["responses"]["200"]["content"]
    schema: dict[str, Any] = next(iter(answer.values()))["schema"]
    return schema


@pytest.mark.parametrize("endpoint", [e for e in LIST if e.listed], ids=lambda e: e.path)
def test_every_list_is_as_the_document_says(firm: Clio, document: Any, endpoint: Endpoint) -> None:
    checker = Checker(document)
    schema = envelope(document, f"/{endpoint.path}.json")

    rows = firm.data(f"{endpoint.path}.json?fields={everything(endpoint.kind)}")

    item = checker.properties(schema)["data"]
    checker.check(rows, item, endpoint.path)
    assert rows or endpoint.path == "webhooks"
    for row in rows:
        assert "id" in row


@pytest.mark.parametrize("endpoint", [e for e in LIST if e.shown], ids=lambda e: e.path)
def test_every_single_record_is_as_the_document_says(firm: Clio, document: Any, endpoint: Endpoint) -> None:
    records = firm.world.tables[endpoint.kind]
    schema = envelope(document, f"/{endpoint.path}/{{id}}.json")
    checker = Checker(document)

    for number in list(records)[:5]:
        shown = firm.data(f"{endpoint.path}/{number}.json?fields={everything(endpoint.kind)}")
        checker.check(shown, checker.properties(schema)["data"], endpoint.path)
        assert shown["id"] == number


def test_the_year_is_as_the_document_says_too(document: Any) -> None:
    clio, checker = open_clio(year(size=0.3)), Checker(document)

    for path in ("bills", "allocations", "bank_transactions", "credit_memos", "interest_charges", "contacts"):
        kind = next(e.kind for e in LIST if e.path == path)
        rows = clio.data(f"{path}?fields={everything(kind)}")
        checker.check(rows, checker.properties(envelope(document, f"/{path}.json"))["data"], path)


def test_every_field_of_the_document_is_known(document: Any) -> None:
    schemas, checker = document["components"]["schemas"], Checker(document)

    for kind in MAIN:
        shape = SHAPES[kind]
        known = checker.properties(schemas.get(kind) or schemas[f"{kind}_base"])
        assert set(known) == shape.plain | set(shape.one) | set(shape.many)


def test_every_order_of_the_emulator_is_in_the_document(document: Any) -> None:
    for endpoint in LIST:
        if not endpoint.listed:
            continue
        asked = document["paths"][f"/{endpoint.path}.json"]["get"].get("parameters", [])
        known = {p["name"]: p["schema"] for p in asked}
        assert bool(endpoint.orders) <= ("order" in known), endpoint.path
        assert set(endpoint.filters) <= set(known), endpoint.path
        assert endpoint.ids is ("ids[]" in known), endpoint.path
        assert endpoint.since is ("updated_since" in known), endpoint.path
        for order in endpoint.orders:
            assert f"{order}(asc)" in known["order"].get("enum", [f"{order}(asc)"]), (endpoint.path, order)


def test_the_defaults_are_id_and_etag() -> None:
    assert list(defaults("Bill").names) == ["id", "etag"]
    assert "rate" in defaults("Discount").names
