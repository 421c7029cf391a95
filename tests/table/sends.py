"""The steps that send: each fault is met by a document of its own, all in one firm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from unittest.mock import patch

from syncapp.emulators.qbo import backdoor, seed
from syncapp.pipeline.sending import due
from tests.table.ground import Row, row
from tests.table.line import Act
from tests.table.words import cells, named

LONG_AGO, CLOSED_UNTIL = date(2026, 1, 15), date(2026, 1, 31)
PERMANENT = {"taken": "6140", "closed": "6210", "deposited": "6540", "ended": "6190"}
AT_A_TIME = {"batch": 2}


@dataclass(slots=True, kw_only=True)
class Paper:
    """One document of Clio. `key` is what its call carries, `entity` what it is in QuickBooks."""

    key: str
    entity: str
    go: Callable[[], Any]
    source: int = 0


def tell(step: str) -> dict[str, list[str]]:
    """Tell one row; return what was not as it must be, by cell."""
    here = [(fault, honoured) for at, fault, honoured in cells() if at == step]
    with row() as told, patch.object(due, "BATCH", AT_A_TIME.get(step, 1)):
        papers = _papers(told, step, [named(fault, honoured=honoured) for fault, honoured in here])
        for paper in papers.values():
            paper.go()
        for fault, honoured in here:
            paper = papers[named(fault, honoured=honoured)]
            told.arm(paper.key, *_acts(told, step, fault, paper))
            told.line.honours[paper.key] = honoured
        told.settle_down()
        for fault, honoured in here:
            cell = named(fault, honoured=honoured)
            _halfway(told, step, fault, cell, papers[cell])
        _lift(told, papers)
        told.settle_down(whole=True)
        told.assert_well()
        told.verified()
        return told.wrong


def _papers(told: Row, step: str, names: list[str]) -> dict[str, Paper]:
    """A document for each cell, and one without a fault after it: the vendor is not down, one call is."""
    all_ = [name for cell in names for name in (cell, f"plain after {cell}")]
    make = {"update": _updates, "void": _voids, "delete": _deletions, "customer": _customers}.get(
        step, _creates
    )
    return make(told, all_, step)


def _issued(fault: str) -> dict[str, Any]:
    return {"issued_at": LONG_AGO} if fault == "closed" else {}


def _creates(told: Row, names: list[str], step: str) -> dict[str, Paper]:
    """Invoices of one client who stands in the books already; in a batch each has a fellow."""
    at = told.at
    matter = at.fresh_matter()
    at.bill(matter)
    told.settle_down(whole=True)
    papers = {}
    for name in names:
        bill = at.bill(matter, approve=False, **_issued(name))
        rest = [at.bill(matter, approve=False, **_issued(name))] if step == "batch" else []

        def go(ids: tuple[int, ...] = (bill.id, *(one.id for one in rest))) -> None:
            for one in ids:
                at.on.desk("approve_bill", bill=one)

        papers[name] = Paper(key=bill.number, entity="Invoice", go=go, source=bill.id)
    return papers


def _standing(told: Row, names: list[str]) -> dict[str, tuple[int, str]]:
    """Invoices that stand in the books: by name Clio's id and QuickBooks'."""
    at = told.at
    matter = at.fresh_matter()
    bills = {name: at.bill(matter, **_issued(name)) for name in names}
    told.settle_down(whole=True)
    ids = {one["DocNumber"]: one["Id"] for one in at.store("Invoice")}
    return {name: (bill.id, ids[bill.number]) for name, bill in bills.items()}


def _paid(told: Row, papers: dict[str, Paper], act: Callable[[int], Any]) -> dict[str, Paper]:
    """A payment in the place of the invoice that a deposit could not concern."""
    at = told.at
    bill = at.bill(at.fresh_matter())
    payment = at.pay(bill.id, amount="50")
    told.settle_down(whole=True)
    (stands,) = at.store("Payment")
    papers["deposited"] = Paper(key=stands["Id"], entity="Payment", go=lambda: act(payment))
    return papers


def _updates(told: Row, names: list[str], _step: str) -> dict[str, Paper]:
    at = told.at

    def edit(bill: int) -> Callable[[], Any]:
        lines = at.on.world.tables["Bill"][bill].line_ids
        return lambda: at.on.desk("edit_line", line=lines[0], quantity="9")

    standing = _standing(told, names)
    papers = {
        name: Paper(key=books, entity="Invoice", go=edit(bill), source=bill)
        for name, (bill, books) in standing.items()
    }
    return _paid(told, papers, lambda one: at.on.desk("edit_payment", payment=one, amount="61.25"))


def _voids(told: Row, names: list[str], _step: str) -> dict[str, Paper]:
    at = told.at
    standing = _standing(told, names)
    papers = {
        name: Paper(key=books, entity="Invoice", source=bill, go=partial(at.on.desk, "void_bill", bill=bill))
        for name, (bill, books) in standing.items()
    }
    return _paid(told, papers, lambda one: at.on.desk("remove_payment", payment=one))


def _deletions(told: Row, names: list[str], _step: str) -> dict[str, Paper]:
    """Money that came in without a bill, and never came in after all."""
    at = told.at
    client = at.client()
    came = {}
    for number, name in enumerate(names):
        when = {"date": LONG_AGO} if name == "closed" else {}
        amount = Decimal(100 + number)
        came[name] = at.on.desk("operating_deposit", client=client.id, amount=amount, **when)
    told.settle_down(whole=True)
    entries = {one["Line"][0]["Amount"]: one["Id"] for one in at.store("JournalEntry")}
    return {
        name: Paper(
            key=entries[row.amount], entity="JournalEntry", source=row.id,
            go=partial(at.on.world.remove, row),
        )
        for name, row in came.items()
    }  # fmt: skip


def _customers(told: Row, names: list[str], _step: str) -> dict[str, Paper]:
    at = told.at
    at.bill(at.fresh_matter())
    told.settle_down(whole=True)
    papers = {}
    for name in names:
        client = at.client(f"{name.replace('_', ' ').title()} LLC")
        bill = at.bill(at.matter(client.id).id, approve=False)
        papers[name] = Paper(
            key=client.name, entity="Customer", source=bill.id,
            go=partial(at.on.desk, "approve_bill", bill=bill.id),
        )  # fmt: skip
    return papers


def _acts(told: Row, step: str, fault: str, paper: Paper) -> list[Act]:
    company = told.at.on.company
    meanwhile: dict[str, Callable[[], Any]] = {
        "closed": lambda: backdoor.close_books(company, CLOSED_UNTIL),
        "revoked": lambda: told.at.on.qbo.state.oauth.disconnect(company.realm),
        "ended": lambda: setattr(told.line, "ended", True),
        "taken": lambda: _take(told, paper),
        "deposited": lambda: _bank(told, paper),
        "stale": lambda: _touch(told, paper),
    }
    first = [Act("drop_before")] if step == "resend" else []
    return [*first, Act(fault, meanwhile.get(fault))]


def _touch(told: Row, paper: Paper) -> None:
    company = told.at.on.company
    note = company.store[paper.entity][paper.key].get("PrivateNote", "")
    backdoor.edit(company, paper.entity, paper.key, {"PrivateNote": f"{note} seen"})


def _bank(told: Row, paper: Paper) -> None:
    """Somebody takes the payment to the bank at the same moment."""
    company = told.at.on.company
    accounts = company.store["Account"].items()
    (bank,) = (key for key, one in accounts if one["FullyQualifiedName"] == "Operating Bank")
    backdoor.deposit(company, [paper.key], account=bank, day=company.today())


def _take(told: Row, paper: Paper) -> None:
    """Somebody types the number or the name at the same moment."""
    company = told.at.on.company
    if paper.entity == "Customer":
        backdoor.add(company, "Vendor", {"DisplayName": paper.key})
        return
    customer = next(iter(company.store["Customer"]))
    line = {
        "Amount": "1.00",
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": seed.item(company, "Legal Fees")}},
    }
    given = {
        "CustomerRef": {"value": customer},
        "DocNumber": paper.key,
        "TxnDate": "2026-10-01",
        "Line": [line],
    }
    backdoor.add(company, "Invoice", given)


def _halfway(told: Row, step: str, fault: str, cell: str, paper: Paper) -> None:
    """The fault was met where it should be, and what is permanent is held for its reason."""
    place = {"batch": "batch", "customer": "customer", "delete": "journalentry"}.get(step, "invoice")
    told.met(cell, fault, paper.key, on="payment" if fault == "deposited" else place)
    code = PERMANENT.get(fault)
    if not code or (step == "customer" and fault == "taken"):
        return  # a name that is taken gets a mark behind it: nothing to hold
    refused = {one.code for one in told.at.attempts(outcome="refused")}
    if fault == "ended":
        told.expect(cell, told.waited, "nothing waited")
    else:
        told.expect(cell, code in refused and bool(told.at.holds()), f"refused with {sorted(refused)}")


def _lift(told: Row, papers: dict[str, Paper]) -> None:
    """What was permanent is over."""
    company = told.at.on.company
    backdoor.close_books(company, None)
    for deposit in list(company.store["Deposit"]):
        backdoor.delete(company, "Deposit", deposit)
    if "taken" in papers and papers["taken"].entity == "Invoice":
        number = papers["taken"].key
        typed = [
            key
            for key, one in company.store["Invoice"].items()
            if one.get("DocNumber") == number and str(one["TotalAmt"]) == "1.00"
        ]
        for key in typed:
            backdoor.delete(company, "Invoice", key)
