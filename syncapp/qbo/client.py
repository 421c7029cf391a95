"""QuickBooks Online for one company: plain synchronous calls over `syncapp.http`.

Reads raise the errors of `syncapp.http.errors`; writes answer with an `Outcome` each and are in `sending`,
the look-up after an unclear answer in `looking`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from syncapp.core.books import BookObject, Chart, Company, Operation, Outcome
from syncapp.core.ledger import ObjectKind
from syncapp.core.linewise import Sold
from syncapp.http.errors import Refused, Transient
from syncapp.http.pace import Budget, Pace, Shared
from syncapp.http.session import Session
from syncapp.http.wire import Response
from syncapp.qbo import answers, changes, faults, looking, read, sending
from syncapp.qbo.shapes import LISTS, Json, entity_name, literal, value_of
from syncapp.qbo.sold import sold

PAGE = 1000
SOLD_AT_ONCE = 30
MOST_PAGES = 1000  # a million rows: no company is larger; a vendor that never ends its pages is stopped
_LONG_QUERY = 1500  # characters; a longer one is posted, because addresses have an end
_GONE = frozenset({"610"})
_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'")
_ASKS_ACTIVE = re.compile(r"\bactive\b", re.IGNORECASE)
_TIMEOUT = 130.0  # seconds: just above the vendor's own 120 (API.md section 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that are taken: customers, and the display names of vendors and employees."""

    customers: tuple[BookObject, ...]
    others: frozenset[str]


class QuickBooks:
    """One company. `token(force)` returns a bearer token, refreshed when forced.

    `chart` tells the accounts that transactions leave out (`lines` of what is read stay partly empty without
    it), `company` where classes stand and which tax codes exist; `chart()` and `company()` fill them.
    `shared` is the window of calls that all users of this connection count in.
    `metered` counts successful reads, which Intuit charges for (API.md section 6), `calls` all calls.
    """

    def __init__(
        self,
        api_base_url: str,
        realm: str,
        token: Callable[[bool], str],
        *,
        time_scale: float = 1,
        shared: Shared | None = None,
        minor: int = 75,
        chart: Chart | None = None,
        company: Company | None = None,
        now: Callable[[], datetime],
    ) -> None:
        self.realm = realm
        self.metered = 0
        self.counted = 0  # calls that the shell has added up already
        self.now = now
        self._told: datetime | None = None  # the time of their last answer, by their clock
        self.known_chart = chart
        self.known_company = company
        self._minor = minor
        self._defaults: tuple[Chart | None, str, str] = (None, "", "")
        # API.md section 6: 500 a minute and 10 a second for the company, batches 40 a minute.
        budgets = (Budget(10, 1), Budget(40, 60, "batch"))
        self._pace = Pace(500, 60, *budgets, time_scale=time_scale, shared=shared)
        base = f"{api_base_url.rstrip('/')}/v3/company/{realm}"
        accept = {"Accept": "application/json"}  # without it XML comes back
        self._session = Session(
            base, timeout=_TIMEOUT, headers=accept, pace=self._pace, token=token, provider="QuickBooks"
        )

    def unseen_since(self) -> datetime:
        """Return now, by QuickBooks' clock or ours, whichever is behind: what changes from here is later."""
        return min(self.now(), self._told or self.now())

    @property
    def calls(self) -> int:
        """Return how many calls left, successful or not."""
        return self._pace.calls

    def company(self) -> Company:
        """Read the company and its preferences: two metered reads."""
        info = self.get(f"companyinfo/{self.realm}")
        preferences = self._preferences()
        try:
            self.known_company = read.company(info, preferences, realm=self.realm)
        except (ValueError, AttributeError, TypeError) as error:
            raise Refused("QuickBooks' company settings cannot be read.", code="unreadable") from error
        return self.known_company

    def _preferences(self) -> Json:
        """Read the preferences by either documented way (API.md section 8.2)."""
        try:
            return self.get("preferences")
        except (Refused, Transient) as error:
            if not answers.has_no_such_way(error):
                raise
        # They are asked without order and pages: Id is no property that may be named (section 3).
        answer = self._query("SELECT * FROM Preferences").get("QueryResponse")
        found = answer.get("Preferences") if isinstance(answer, dict) else None
        if not isinstance(found, list) or not found or not isinstance(found[0], dict):
            raise Refused("QuickBooks' company settings cannot be read.", code="unreadable")
        return {"Preferences": found[0]}

    def chart(self) -> Chart:
        """Read accounts, items, classes and locations, inactive ones included."""
        try:
            accounts = {one.id: one for one in map(read.account, self.rows("Account"))}
            items = {one.id: one for one in map(read.item, self.rows("Item"))}
            classes = {one.id: one for one in map(read.tag, self.optional("Class"))}
            locations = {one.id: one for one in map(read.tag, self.optional("Department"))}
        except (KeyError, ValueError) as error:
            raise Refused("QuickBooks' chart of accounts cannot be read.", code="unreadable") from error
        self.known_chart = Chart(accounts=accounts, items=items, classes=classes, locations=locations)
        return self.known_chart

    def names(self) -> Names:
        """Read every name that a customer's may collide with, inactive ones included."""
        customers = tuple(self.query("Customer"))
        others = {
            str(row.get("DisplayName") or "")
            for name in ("Vendor", "Employee")
            for row in self.optional(name)
        }
        return Names(customers=customers, others=frozenset(others - {""}))

    def optional(self, entity: str) -> list[Json]:
        """Give a list that a plan may lack (API.md section 8.11); none if so, and not for a passing fault."""
        known = self.known_chart or Chart()
        before = {"Class": known.classes, "Department": known.locations}.get(entity)
        try:
            return list(self.rows(entity))
        except (Refused, Transient) as error:
            if not answers.has_no_such_list(error, entity) or (before and isinstance(error, Transient)):
                raise
            return []

    def query(self, entity: ObjectKind | str, where: str = "", order: str = "Id") -> Iterator[BookObject]:
        """Give every object of an entity that fits `where` (values through `literal`), in order.

        Name lists include inactive ones. Raises Refused, Transient, Revoked.
        """
        name = entity_name(entity)
        return (self.object(name, row) for row in self.rows(name, where, order))

    def rows(self, entity: str, where: str = "", order: str = "Id") -> Iterator[Json]:
        """Give raw rows, page by page of 1000; a row that a shifting page repeats is given once."""
        if entity in LISTS and not _ASKS_ACTIVE.search(_QUOTED.sub("", where)):
            where = f"{where} AND Active IN (true,false)" if where else "Active IN (true,false)"
        condition = f" WHERE {where}" if where else ""
        seen: set[str] = set()
        for page in range(MOST_PAGES):
            start = 1 + page * PAGE
            bounds = f"ORDERBY {order} STARTPOSITION {start} MAXRESULTS {PAGE}"
            text = f"SELECT * FROM {entity}{condition} {bounds}"  # noqa: S608 - values come through `literal`
            answer = self._query(text).get("QueryResponse")
            found = (answer or {}).get(entity) or [] if isinstance(answer, dict | None) else None
            if not isinstance(found, list):
                raise Refused("QuickBooks' answer cannot be read.", code="unreadable")
            for row in found:
                if isinstance(row, dict) and str(row.get("Id")) not in seen:
                    seen.add(str(row.get("Id")))
                    yield row
            if len(found) < PAGE:
                return
        raise Refused(f"QuickBooks has more than {PAGE * MOST_PAGES:,} records of one kind.", code="too-many")

    def changes(self, kinds: Iterable[ObjectKind | str], since: datetime) -> list[BookObject]:
        """Return what changed or was deleted since an instant, oldest first (API.md section 5)."""
        return changes.since(self, [entity_name(kind) for kind in kinds], since)

    def read(self, kind: ObjectKind | str, id_: str) -> BookObject | None:
        """Read one object as it stands now; None when QuickBooks does not hold it (404, 610)."""
        entity = entity_name(kind)
        try:
            body = self.get(f"{entity.lower()}/{id_}")
        except Refused as error:
            if error.code in _GONE or error.status == 404:  # noqa: PLR2004 - HTTP's own number
                return None
            raise
        row = body.get(entity)
        if not isinstance(row, dict):
            raise Refused("QuickBooks answered without the record.", code="unreadable")
        return self.object(entity, row)

    def sold(self, ids: Iterable[str]) -> dict[str, Sold]:
        """Read some invoices line by line, by their ids: one metered read for thirty. What is gone lacks.

        Raises Refused, Transient, Revoked.
        """
        home = self.known_company.currency if self.known_company else "USD"
        found: dict[str, Sold] = {}
        for some in batched(sorted(set(ids)), SOLD_AT_ONCE):
            listed = ", ".join(literal(one) for one in some)
            for row in self.rows("Invoice", f"Id IN ({listed})"):
                try:
                    invoice = sold(row, value_of(row, "CurrencyRef") or home)
                except read.UnreadableError as error:
                    raise Refused(f"QuickBooks' answer cannot be read: {error}", code="unreadable") from error
                found[invoice.id] = invoice
        return found

    def find(self, operation: Operation) -> BookObject | None:
        """Look whether one operation is in the books already; see `looking.find`."""
        return looking.find(self, operation)

    def look_up(self, operations: Iterable[Operation], since: datetime) -> dict[str, BookObject]:
        """Look for many at once, by request id; see `looking.look_up`."""
        return looking.look_up(self, list(operations), since)

    def send(self, operations: list[Operation]) -> list[Outcome]:
        """Write operations and return the outcome of each, in their order; see `sending.send`."""
        return sending.send(self, operations)

    def object(self, entity: str, row: Json) -> BookObject:
        """Read a row with what this company's chart knows. Raises Refused when it cannot be read."""
        try:
            return self.readable(entity, row)
        except read.UnreadableError as error:
            raise Refused(f"QuickBooks' answer cannot be read: {error}", code="unreadable") from error

    def readable(self, entity: str, row: Json) -> BookObject:
        """Read a row with what this company's chart knows. Raises UnreadableError."""
        chart = self.known_chart or Chart()
        if self._defaults[0] is not chart:
            receivable = chart.of_type("Accounts Receivable")
            undeposited = chart.of_type("Other Current Asset", "UndepositedFunds")
            self._defaults = (
                chart,
                receivable.id if receivable else "",
                undeposited.id if undeposited else "",
            )

        def item_account(item: str) -> str:
            return chart.items[item].account if item in chart.items else ""

        def client_money(account: str) -> bool:
            return account in chart.accounts and chart.accounts[account].is_trust

        return read.book_object(
            entity,
            row,
            item_account=item_account,
            receivable=self._defaults[1],
            undeposited=self._defaults[2],
            client_money=client_money,
            currency=self.known_company.currency if self.known_company else "USD",
        )

    def get(self, path: str, params: dict[str, str] | None = None) -> Json:
        """Make one metered read and return its body. Raises Refused, Transient, Revoked."""
        answer = self._session.request("GET", path, params={**(params or {}), **self._version})
        return self._read_body(answer)

    def post(self, path: str, *, params: dict[str, str], body: Json, kind: str = "") -> Response:
        """Make one write, never repeated here, and return the answer as it came."""
        return self._session.request("POST", path, params={**params, **self._version}, json=body, kind=kind)

    def post_form(self, path: str, *, params: dict[str, str], content: bytes, boundary: str) -> Response:
        """Write a form of several parts, never repeated here, and return the answer as it came."""
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        params = {**params, **self._version}
        return self._session.request("POST", path, params=params, content=content, headers=headers)

    def _query(self, text: str) -> Json:
        if len(text) <= _LONG_QUERY:
            return self.get("query", {"query": text})
        headers = {"Content-Type": "application/text"}
        answer = self._session.request(
            "POST", "query", params=self._version, content=text.encode(), headers=headers, idempotent=True
        )
        return self._read_body(answer)

    @property
    def _version(self) -> dict[str, str]:
        return {"minorversion": str(self._minor)}

    def _read_body(self, answer: Response) -> Json:
        """A fault may come with HTTP 200 too (API.md section 2)."""
        fault = faults.fault_in(answer.text)
        if fault is None and answer.status < 300:  # noqa: PLR2004 - HTTP's own range
            body = answer.json()
            if isinstance(body, dict):
                self.metered += 1
                self._told = read.told_at(body) or self._told
                return body
        raise answers.error_of(answer.status, fault, answer.vendor_request_id)
