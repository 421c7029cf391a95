"""The hands of people at the emulated vendors, for the demonstration: what only their screens can do."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

type Ask = Callable[..., Any]  # an address; what is sent there, and the headers; gives the answer's JSON


def asked(address: str, given: dict[str, Any] | None = None, *, headers: dict[str, str] | None = None) -> Any:
    """Ask an emulator over the network."""
    request = urllib.request.Request(  # noqa: S310
        address,
        data=None if given is None else json.dumps(given).encode(),
        headers={"Content-Type": "application/json", **(headers or {})},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.loads(answer.read(), parse_float=Decimal)


class Clio:
    """One firm's Clio, by the actions of its desk."""

    def __init__(self, root: str, firm: str, ask: Ask = asked) -> None:
        """Find the firm by its name."""
        self._root, self._ask = root, ask
        told = ask(f"{root}/_backdoor")["firms"]
        self._account = next(int(key) for key, name in told.items() if name == firm)
        token = ask(f"{root}/_backdoor/token", {"account": self._account})["access_token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def do(self, action: str, **given: Any) -> dict[str, Any]:
        """Take one action as a person would; give the record that it made or changed."""
        body = {"account": self._account, "do": action, **given}
        done: dict[str, Any] = self._ask(f"{self._root}/_backdoor/do", body)["data"]
        return done

    def rows(self, resource: str, **where: Any) -> list[dict[str, Any]]:
        """Return what Clio lists of a resource."""
        query = urlencode({"fields": "id,name", "limit": 200, **where})
        address = f"{self._root}/api/v4/{resource}.json?{query}"
        found: list[dict[str, Any]] = self._ask(address, headers=self._headers)["data"]
        return found


class Books:
    """One company of QuickBooks, by what its screens can do."""

    def __init__(self, root: str, company: str, ask: Ask = asked) -> None:
        """Find the company by its name."""
        self._ask = ask
        told = ask(f"{root}/_backdoor/companies")["companies"]
        realm = next(one["realm"] for one in told if one["name"] == company)
        self._root = f"{root}/_backdoor/{realm}"

    def do(self, action: str, **given: Any) -> dict[str, Any]:
        """Take one action as a person would; give the object that it made or changed."""
        done: dict[str, Any] = self._ask(f"{self._root}/{action}", given)
        return done

    def hold(self, entity: str) -> list[dict[str, Any]]:
        """Return what stands in the company of a kind."""
        found: list[dict[str, Any]] = self._ask(f"{self._root}/dump")["objects"].get(entity, [])
        return found

    def id_of(self, entity: str, name: str) -> str:
        """Return the id of an account or an item by its name. Raises StopIteration when there is none."""
        return next(str(one["Id"]) for one in self.hold(entity) if one["Name"] == name)

    def customer(self, name: str) -> str:
        """Type a customer in; give its id."""
        return str(self.do("create", entity="Customer", object={"DisplayName": name})["Id"])

    def invoice(self, customer: str, number: str, day: date, amount: str) -> str:
        """Type an invoice of one line in; give its id."""
        sold = {"ItemRef": {"value": self.id_of("Item", "Legal Fees")}}
        line = {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": sold}
        given = {"CustomerRef": {"value": customer}, "DocNumber": number, "TxnDate": f"{day}", "Line": [line]}
        return str(self.do("create", entity="Invoice", object=given)["Id"])

    def payment(self, customer: str, invoice: str, day: date, amount: str) -> str:
        """Type a payment of one invoice in, straight to the bank; give its id."""
        line = {"Amount": amount, "LinkedTxn": [{"TxnType": "Invoice", "TxnId": invoice}]}
        given = {
            "CustomerRef": {"value": customer},
            "DepositToAccountRef": {"value": self.id_of("Account", "Operating Bank")},
            "TotalAmt": amount,
            "TxnDate": f"{day}",
            "Line": [line],
        }
        return str(self.do("create", entity="Payment", object=given)["Id"])

    def lower(self, number: str, amount: str) -> None:
        """Change an invoice to one line of another amount, whatever its day: a person may."""
        found = next(one for one in self.hold("Invoice") if one.get("DocNumber") == number)
        line = next(one for one in found["Line"] if one["DetailType"] == "SalesItemLineDetail")
        sold = {"ItemRef": line["SalesItemLineDetail"]["ItemRef"]}
        changed = {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": sold}
        self.do("edit", entity="Invoice", id=found["Id"], changes={"Line": [changed]})
