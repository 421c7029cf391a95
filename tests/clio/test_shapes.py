"""What is asked of Clio exists in Clio's own API document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syncapp.clio import shapes

DOCUMENTS = sorted((Path(__file__).parents[2].parent / "shared" / "vendors" / "clio").glob("openapi-*.json"))
SCHEMAS = {
    "contacts": "Contact",
    "matters": "Matter",
    "bills": "Bill",
    "line_items": "LineItem",
    "activities": "Activity",
    "expense_categories": "ExpenseCategory",
    "allocations": "Allocation",
    "credit_memos": "CreditMemo",
    "interest_charges": "InterestCharge",
    "bank_accounts": "BankAccount",
    "bank_transactions": "BankTransaction",
    "practice_areas": "PracticeArea",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    if not DOCUMENTS:
        pytest.skip("Clio's API document is not beside this repository (shared/vendors/clio)")
    found: dict[str, Any] = json.loads(DOCUMENTS[-1].read_text())
    return found


def _properties(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        found |= _properties(document, part)
    return found


@pytest.mark.parametrize("shape", shapes.ALL, ids=lambda shape: shape.resource)
def test_every_field_asked_for_exists(document: dict[str, Any], shape: shapes.Shape) -> None:
    known = _properties(document, document["components"]["schemas"][SCHEMAS[shape.resource]])

    for name, inner in shapes.names(shape.fields):
        assert name in known, name
        nested = known[name].get("items", known[name])
        assert set(inner) <= set(_properties(document, nested)), name
        assert bool(inner) == bool(_properties(document, nested)), f"{name} would come with its defaults"


@pytest.mark.parametrize("shape", shapes.ALL, ids=lambda shape: shape.resource)
def test_every_filter_exists_and_order_is_asked_for_only_where_clio_knows_it(
    document: dict[str, Any], shape: shapes.Shape
) -> None:
    get = document["paths"][f"/{shape.resource}.json"]["get"]
    parameters = {item["name"]: item["schema"] for item in get["parameters"]}

    assert shape.ordered == ("order" in parameters)
    assert shape.updated_since == ("updated_since" in parameters)
    for query in shape.queries:
        for name, value in query.items():
            allowed = parameters[name].get("enum")
            assert allowed is None or value in allowed


def test_a_fields_text_is_taken_apart() -> None:
    assert shapes.names("id,matter{id,name},x") == [("id", []), ("matter", ["id", "name"]), ("x", [])]
