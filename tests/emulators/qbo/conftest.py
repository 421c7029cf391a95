"""A seeded company and a small client for it, over WSGI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from syncapp.emulators.qbo import seed
from syncapp.emulators.qbo.app import create_app
from syncapp.emulators.qbo.company import Company
from syncapp.emulators.wire import App, Clock, dumps, loads

NOON = datetime(2026, 3, 16, 19, tzinfo=UTC)


@dataclass
class Books:
    """One company seen through its API."""

    app: App
    co: Company
    http: Client
    token: str

    def call(self, path: str, body: Any = None, **args: str) -> tuple[int, Any]:
        response = self.raw(path, body, **args)
        return response.status_code, loads(response.get_data())

    def raw(self, path: str, body: Any = None, **args: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        url = f"/v3/company/{self.co.realm}/{path}"
        if body is None:
            return self.http.get(url, headers=headers, query_string=args)
        return self.http.post(
            url, data=dumps(body), content_type="application/json", headers=headers, query_string=args
        )

    def make(self, entity: str, body: Any, **args: str) -> dict[str, Any]:
        status, answer = self.call(entity.lower(), body, **args)
        assert status == 200, answer
        assert entity in answer, answer
        return dict(answer[entity])

    def read(self, entity: str, identity: str) -> dict[str, Any]:
        return dict(self.call(f"{entity.lower()}/{identity}")[1][entity])

    def refused(self, path: str, body: Any = None, **args: str) -> tuple[str, str]:
        status, answer = self.call(path, body, **args)
        assert "Fault" in answer, (status, answer)
        error = answer["Fault"]["Error"][0]
        return error["code"], error["Detail"]

    def query(self, text: str) -> dict[str, Any]:
        status, answer = self.call("query", query=text)
        assert status == 200, answer
        return dict(answer["QueryResponse"])

    def balances(self) -> dict[str, int]:
        """Cents by account name; always sums to zero."""
        sums = self.co.ledger.trial_balance()
        assert sum(sums.values()) == 0
        return {self.co.store["Account"][i]["Name"]: minor for i, minor in sums.items()}

    def account(self, name: str) -> dict[str, str]:
        return {"value": self.co.account(name)}

    def invoice(self, *, amount: str = "100.00", customer: str = "1", item: str = "Legal Fees", **extra: Any):
        sale = {"ItemRef": {"value": seed.item(self.co, item)}}
        line = {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": sale}
        given = {"CustomerRef": {"value": customer}, "TxnDate": "2026-03-01", "Line": [line], **extra}
        return self.make("Invoice", given)

    def payment(self, *, amount: str, of: list[tuple[str, str, str]], customer: str = "1", **extra: Any):
        lines = [{"Amount": a, "LinkedTxn": [{"TxnType": kind, "TxnId": i}]} for kind, i, a in of]
        given = {
            "CustomerRef": {"value": customer},
            "TotalAmt": amount,
            "TxnDate": "2026-03-05",
            "Line": lines,
        }
        return self.make("Payment", {**given, **extra})

    def journal(self, *lines: tuple[str, str, str, str], **extra: Any) -> dict[str, Any]:
        """Lines of (side, account, amount, customer)."""
        return {"TxnDate": "2026-03-07", "Line": [self.side(*line) for line in lines], **extra}

    def side(self, side: str, account: str, amount: str, customer: str = "") -> dict[str, Any]:
        detail: dict[str, Any] = {"PostingType": side, "AccountRef": self.account(account)}
        if customer:
            detail["Entity"] = {"Type": "Customer", "EntityRef": {"value": customer}}
        kind = "JournalEntryLineDetail"
        return {"Amount": Decimal(amount), "DetailType": kind, kind: detail}


def books_of(app: App, co: Company) -> Books:
    co.switches.throttle = False
    return Books(app, co, Client(app), app.state.oauth.issue(co.realm)["access_token"])


def new_books() -> Books:
    clock = Clock(NOON)
    co = seed.law_firm(clock=clock, customers=("Ada Lovelace", "Byron Estate"), employees=("Max Born",))
    return books_of(create_app([co], clock=clock), co)


@pytest.fixture
def books() -> Books:
    return new_books()
