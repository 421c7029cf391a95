"""Notices of QuickBooks, as their documents leave them open."""

from __future__ import annotations

import json

import pytest

from syncapp.qbo.webhooks import notices


@pytest.mark.parametrize(
    "type_", ["qbo.customer.merged.v1", "qbo.Customer.Merged.v1", "QBO.CUSTOMER.MERGED.V1"]
)
def test_the_type_of_an_event_is_read_in_any_case(type_: str) -> None:
    event = {
        "type": type_,
        "intuitaccountid": "77",
        "intuitentityid": "58",
        "data": {"deletedid": "59"},
    }

    (found,) = notices(json.dumps([event]).encode())

    assert (found.entity, found.operation, found.id, found.gone) == ("Customer", "merge", "58", "59")
