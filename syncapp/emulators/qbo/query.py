"""The query language, with its refusals (API.md 3)."""

# ruff: noqa: E501  tables of properties

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from syncapp.emulators.qbo.attaching import refers
from syncapp.emulators.qbo.company import ENTITIES, LISTS, PACIFIC, Company, Obj
from syncapp.emulators.qbo.errors import Refused
from syncapp.emulators.qbo.properties import READ_ONLY, WRITABLE
from syncapp.emulators.qbo.writing import view

PAGE, MOST = 100, 1000
_META = "Id MetaData.CreateTime MetaData.LastUpdatedTime"
_NAME = f"{_META} DisplayName GivenName MiddleName FamilyName CompanyName FullyQualifiedName PrimaryEmailAddr Active Balance BalanceWithJobs PrintOnCheckName"
_TXN = f"{_META} DocNumber TxnDate"
FILTERABLE: dict[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in {
        "Invoice": f"{_TXN} DueDate Balance CustomerRef SalesTermRef ProjectRef TotalAmt",
        "Payment": f"{_META} TotalAmt CustomerRef TxnDate PaymentRefNum ProjectRef",
        "JournalEntry": _TXN,
        "CreditMemo": f"{_TXN} CustomerRef Balance TotalAmt",
        "SalesReceipt": f"{_TXN} CustomerRef Balance TotalAmt",
        "RefundReceipt": f"{_TXN} CustomerRef Balance TotalAmt",
        "Deposit": f"{_META} TxnDate TotalAmt DepositToAccountRef",
        "Purchase": f"{_TXN} PaymentType AccountRef TotalAmt",
        "Transfer": f"{_META} TxnDate Amount",
        "Bill": f"{_TXN} DueDate Balance VendorRef TotalAmt",
        "Customer": _NAME,
        "Vendor": _NAME,
        "Employee": _NAME,
        "Account": f"{_META} Name AccountType AccountSubType Classification SubAccount FullyQualifiedName AcctNum "
        "CurrentBalanceWithSubAccounts CurrentBalance Active",
        "Item": f"{_META} Name FullyQualifiedName Type Active Sku UnitPrice SubItem",
        "Class": f"{_META} Name FullyQualifiedName Active",
        "Department": f"{_META} Name FullyQualifiedName Active",
        "Term": f"{_META} Name Active",
        "PaymentMethod": f"{_META} Name Active Type",
        "TaxCode": f"{_META} Name Active",
        "Preferences": "MetaData.CreateTime MetaData.LastUpdatedTime",
        "CompanyInfo": _META,
        "Attachable": f"{_META} FileName Note AttachableRef.EntityRef.Type AttachableRef.EntityRef.Value",
    }.items()
}
NUMBERS = frozenset(["Balance", "BalanceWithJobs", "TotalAmt", "Amount", "UnitPrice", "CurrentBalance"])
COMPUTED = frozenset(["Balance", "BalanceWithJobs", "CurrentBalance", "CurrentBalanceWithSubAccounts"])
_TOKEN = re.compile(r"\s*(?:('(?:\\.|[^'\\])*')|([A-Za-z_][\w.]*)|(<=|>=|!=|[=<>(),*])|(-?\d+(?:\.\d+)?))")


@dataclass(slots=True)
class Token:
    kind: str
    text: str
    column: int


@dataclass(slots=True)
class Query:
    """A parsed query."""

    entity: str
    count: bool = False
    where: list[tuple[str, str, list[str]]] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)
    start: int = 1
    most: int = PAGE


def _scan(text: str) -> list[Token]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise _syntax(Token("IDENTIFIER", text[at : at + 12].strip(), at + 1))
        kind = ("STRING", "IDENTIFIER", "SYMBOL", "NUMBER")[found.lastindex - 1 if found.lastindex else 0]
        tokens.append(Token(kind, found.group(found.lastindex or 0), found.start(found.lastindex or 0) + 1))
        at = found.end()
    return [*tokens, Token("EOF", "", len(text) + 1)]


def _syntax(token: Token) -> Refused:
    label = f'"{token.text} "' if token.text else '"<EOF>"'
    detail = f'QueryParserError: Encountered " <{token.kind}> {label}" at line 1, column {token.column}.'
    return Refused("4000", detail)


def _invalid(text: str) -> Refused:
    return Refused("4001", f"QueryValidationError: {text}")


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = _scan(text)
        self.at = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def take(self, *words: str) -> Token:
        token = self.here
        if token.text.upper() not in words or token.kind == "STRING":
            raise _syntax(token)
        self.at += 1
        return token

    def maybe(self, word: str) -> bool:
        if self.here.kind != "STRING" and self.here.text.upper() == word:
            self.at += 1
            return True
        return False

    def kind(self, kind: str) -> str:
        token = self.here
        if token.kind != kind:
            raise _syntax(token)
        self.at += 1
        return token.text

    def parse(self) -> Query:
        self.take("SELECT")
        count = self.maybe("COUNT")
        if count:
            self.take("(")
        self.take("*")
        if count:
            self.take(")")
        self.take("FROM")
        query = Query(_entity(self.kind("IDENTIFIER")), count)
        if self.maybe("WHERE"):
            query.where.append(self.condition(query.entity))
            while self.maybe("AND"):
                query.where.append(self.condition(query.entity))
        self.ordering(query)
        while self.here.kind != "EOF":
            word = self.take("STARTPOSITION", "MAXRESULTS").text.upper()
            number = int(Decimal(self.kind("NUMBER")))
            if number < 1:
                raise _invalid(f"value {number} is too small. Min allowed value is 1")
            if word == "STARTPOSITION":
                query.start = number
            elif number > MOST:
                raise _invalid(f"value {number} is too large. Max allowed value is {MOST}")
            else:
                query.most = number
        return query

    def ordering(self, query: Query) -> None:
        if self.maybe("ORDER"):
            self.take("BY")
        elif not self.maybe("ORDERBY"):
            return
        while True:
            name = _property(query.entity, self.kind("IDENTIFIER"))
            down = self.maybe("DESC")
            if not down:
                self.maybe("ASC")
            query.order.append((name, down))
            if not self.maybe(","):
                return

    def condition(self, entity: str) -> tuple[str, str, list[str]]:
        name = _property(entity, self.kind("IDENTIFIER"))
        operator = self.take("=", "<", ">", "<=", ">=", "IN", "LIKE").text.upper()
        if name == "Id" and operator not in ("=", "IN"):
            raise _invalid("property 'Id' supports only = and IN")
        if operator != "IN":
            return name, operator, [self.value()]
        self.take("(")
        values = [self.value()]
        while self.maybe(","):
            values.append(self.value())
        self.take(")")
        return name, operator, values

    def value(self) -> str:
        """A quoted text, or an unquoted boolean; unquoted numbers fail (API.md 3)."""
        if self.here.kind == "IDENTIFIER":
            return self.take("TRUE", "FALSE").text.lower()
        return re.sub(r"\\(.)", r"\1", self.kind("STRING")[1:-1])


def _entity(given: str) -> str:
    for name in ENTITIES:
        if name.lower() == given.lower():
            return name
    raise Refused("4001", f"QueryValidationError: Invalid context declaration: {given}")


def _property(entity: str, given: str) -> str:
    for name in FILTERABLE[entity]:
        if name.lower() == given.lower():
            return name
    known = WRITABLE.get(entity, frozenset()) | READ_ONLY | {"Line", "SyncToken", "MetaData", "domain"}
    first = given.split(".", maxsplit=1)[0].lower()
    for name in known:
        if name.lower() == first:
            raise _invalid(f"property '{given}' is not queryable")
    raise _invalid(f"Property {given} not found for Entity {entity}")


def parse(text: str) -> Query:
    """Read a query. Raises Refused 4000 or 4001."""
    return _Parser(text).parse()


def _value(co: Company, entity: str, obj: Obj, name: str) -> Any:
    whole = view(co, entity, obj["Id"]) if name in COMPUTED else obj
    value: Any = whole
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value = value.get("value", value.get("Address"))
    return value


def comparable(name: str, value: Any) -> Any:
    """A value in the form in which it compares: instants, numbers, else text without case."""
    if value is None:
        return None
    if name.startswith("MetaData."):
        try:
            at = datetime.fromisoformat(str(value).replace(" ", "+"))
        except ValueError:
            raise _invalid(f"Unable to parse {name}") from None
        return at if at.tzinfo else at.replace(tzinfo=PACIFIC)
    if name in NUMBERS:
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise _invalid(f"Unable to parse {name}") from None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).casefold()


def _matches(name: str, operator: str, wanted: list[str], value: Any) -> bool:
    if operator == "LIKE":
        pattern = re.escape(wanted[0].casefold()).replace("%", ".*")
        return value is not None and re.fullmatch(pattern, str(value).casefold(), re.DOTALL) is not None
    own = comparable(name, value)
    if own is None:
        return False
    others = [comparable(name, one) for one in wanted]
    match operator:
        case "=" | "IN":
            return own in others
        case "<":
            return bool(own < others[0])
        case ">":
            return bool(own > others[0])
        case "<=":
            return bool(own <= others[0])
        case _:
            return bool(own >= others[0])


def run(co: Company, text: str) -> Obj:
    """The QueryResponse member: rows, or a count, or nothing at all (API.md 2, 3). Raises Refused."""
    query = parse(text)
    entity = query.entity
    where = list(query.where)
    if entity in LISTS and not any(name == "Active" for name, _, _ in where):
        where.append(("Active", "=", ["true"]))  # only active rows unless asked (API.md 3)
    rows = list(co.store[entity].values())
    for name, operator, wanted in where:
        if name.startswith("AttachableRef."):
            if not co.switches.attachments_by_reference:
                raise _invalid(f"property '{name}' is not queryable")
            rows = [o for o in rows if any(_matches(name, operator, wanted, v) for v in refers(o, name))]
            continue
        rows = [o for o in rows if _matches(name, operator, wanted, _value(co, entity, o, name))]
    if query.count:
        return {"totalCount": len(rows)}
    rows.sort(key=lambda o: int(o["Id"]) if o["Id"].isdigit() else 0)
    for name, down in reversed(query.order):
        rows.sort(key=partial(_order_key, co, entity, name), reverse=down)
    page = [view(co, entity, o["Id"]) for o in rows[query.start - 1 : query.start - 1 + query.most]]
    if not page:
        return {}
    return {entity: page, "startPosition": query.start, "maxResults": len(page), "totalCount": len(page)}


def _order_key(co: Company, entity: str, name: str, obj: Obj) -> tuple[bool, Any]:
    return _sortable(comparable(name, _value(co, entity, obj, name)), name)


def _sortable(value: Any, name: str) -> tuple[bool, Any]:
    if name == "Id" and value:
        return True, int(value)
    return value is not None, value if value is not None else ""
