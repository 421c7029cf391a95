"""What the books say: trial balance, receivables with ageing, a register, and the reports endpoint."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from syncapp.emulators.ledger import Line, ageing_bucket
from syncapp.emulators.qbo.company import Company, Obj, money
from syncapp.emulators.qbo.errors import Refused
from syncapp.emulators.qbo.payments import receivable_lines

BUCKETS = ("current", "1-30", "31-60", "61-90", "91+")


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account with its balance in cents: debit positive."""

    id: str
    name: str
    kind: str
    minor: int


def trial_balance(co: Company, *, until: date | None = None, since: date | None = None) -> list[TrialRow]:
    """Every account with a balance on a day; the sum is zero."""
    sums = co.ledger.trial_balance(until=until, since=since)
    accounts = co.store["Account"]
    rows = [
        TrialRow(i, accounts[i]["FullyQualifiedName"], accounts[i]["AccountType"], v) for i, v in sums.items()
    ]
    return sorted(rows, key=lambda row: int(row.id))


def by(co: Company, field: str, *, until: date | None = None) -> dict[tuple[str, str], int]:
    """Cents by account and one property of the lines: `klass`, `customer`, `department`, `item`."""

    def group(line: Line) -> tuple[str, str]:
        return line.account, str(getattr(line, field))

    return co.ledger.sums(group, until=until)


def receivables(co: Company, *, until: date) -> dict[str, dict[str, int]]:
    """Open cents by customer and age on a day: each document at its due date, unapplied money as current.

    Rows sum to the receivable accounts of the ledger on that day.
    """
    rows: dict[str, dict[str, int]] = {}

    def add(customer: str, bucket: str, minor: int) -> None:
        row = rows.setdefault(customer, dict.fromkeys(BUCKETS, 0))
        row[bucket] += minor

    open_, dues = _open_documents(co, until)
    for key, (customer, minor) in open_.items():
        add(customer, ageing_bucket(dues[key], until), minor)
    totals: Counter[str] = Counter()
    sums = co.ledger.sums(lambda line: (line.account, line.customer), until=until)
    for (account, customer), minor in sums.items():
        totals[customer] += minor if co.is_receivable(account) else 0
    for customer in {**rows, **totals}:  # one whose open amounts and unapplied money come to nothing has both
        add(customer, "current", totals[customer] - sum(rows.get(customer, {}).values()))
    return {customer: row for customer, row in rows.items() if any(row.values())}


def _open_documents(
    co: Company, until: date
) -> tuple[dict[tuple[str, str], tuple[str, int]], dict[tuple[str, str], date]]:
    open_: dict[tuple[str, str], tuple[str, int]] = {}
    dues: dict[tuple[str, str], date] = {}
    for invoice in co.store["Invoice"].values():
        if date.fromisoformat(invoice["TxnDate"]) <= until:
            key = ("Invoice", invoice["Id"])
            left = int(invoice["TotalAmt"].scaleb(2)) - _paid(co, key, until)
            open_[key] = (invoice["CustomerRef"]["value"], left)
            dues[key] = date.fromisoformat(invoice["DueDate"])
    for entity in ("JournalEntry", "Purchase"):
        for identity, target in co.store[entity].items():
            if date.fromisoformat(target["TxnDate"]) > until:
                continue
            for line_id, (customer, minor) in receivable_lines(co, entity, identity).items():
                if minor > 0:
                    key = (f"{entity}:{line_id}", identity)
                    open_[key] = (customer, minor - _paid(co, key, until))
                    dues[key] = date.fromisoformat(target["TxnDate"])
    return open_, dues


def _paid(co: Company, key: tuple[str, str], until: date) -> int:
    applied = co.applied.get(key, {})
    return sum(
        v for p, v in applied.items() if date.fromisoformat(co.store["Payment"][p]["TxnDate"]) <= until
    )


def run(co: Company, name: str, args: dict[str, str]) -> Obj:
    """`GET reports/TrialBalance` and `reports/AgedReceivables`. Raises Refused (501) for any other."""
    until = date.fromisoformat(args.get("end_date") or args.get("report_date") or co.today().isoformat())
    if name == "TrialBalance":
        rows = [_row(row.name, row.id, *_sides(row.minor)) for row in trial_balance(co, until=until)]
        return _report(name, ["", "Debit", "Credit"], rows, until)
    if name == "AgedReceivables":
        titles = ["", *BUCKETS, "Total"]
        shown = []
        for customer, row in receivables(co, until=until).items():
            figures = [*row.values(), sum(row.values())]
            label = co.store["Customer"].get(customer, {}).get("FullyQualifiedName", "")
            shown.append(_row(label, customer, *(str(money(minor)) for minor in figures)))
        return _report(name, titles, shown, until)
    raise Refused("10000", f"System Failure Error: The report {name} is not emulated.", status=501)


def _sides(minor: int) -> tuple[str, str]:
    return (str(money(minor)), "") if minor >= 0 else ("", str(money(-minor)))


def _row(label: str, identity: str, *figures: str) -> Obj:
    cells: list[Any] = [{"value": label, "id": identity}, *({"value": figure} for figure in figures)]
    return {"ColData": cells, "type": "Data"}


def _report(name: str, titles: list[str], rows: list[Obj], until: date) -> Obj:
    columns = [{"ColTitle": title, "ColType": "Money" if title else "Account"} for title in titles]
    header = {"ReportName": name, "ReportBasis": "Accrual", "EndPeriod": until.isoformat(), "Currency": "USD"}
    return {"Header": header, "Columns": {"Column": columns}, "Rows": {"Row": rows}}
