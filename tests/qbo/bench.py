"""One emulated company with a client on it, and a customer to post to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from syncapp.core.books import Operation, Posted
from syncapp.core.ledger import EntryLine, JournalDraft, PaymentDraft
from syncapp.emulators.qbo import seed
from syncapp.emulators.qbo.app import create_app
from syncapp.http import session
from syncapp.qbo.client import QuickBooks
from tests.qbo.drafts import DAY, invoice, line, operation, payment

HOST = "https://quickbooks.test"


class Bench:
    """The company, its client, and what is needed to write to it."""

    def __init__(self) -> None:
        self.co = seed.law_firm(customers=("Amy Bird",), inactive_customers=("Old Client",))
        self.app = create_app([self.co], time_scale=1000)
        self.forced: list[bool] = []
        session.mount_wsgi(HOST, self.app)
        self.token: str = self.app.state.oauth.issue(self.co.realm)["access_token"]
        self.qbo = QuickBooks(HOST, self.co.realm, self.bearer, time_scale=1000, now=self.co.clock.now)
        self.qbo.company()
        self.chart = self.qbo.chart()
        self.faults = self.app.state.faults
        self.ids = {"contacts/1": next(i for i, c in self.co.store["Customer"].items() if c["Active"])}
        self.bank = self.account("Operating Bank")
        self.fees = self.chart.item_named("Legal Fees")

    def bearer(self, force: bool) -> str:
        self.forced.append(force)
        if force:
            self.token = self.app.state.oauth.issue(self.co.realm)["access_token"]
        return self.token

    def account(self, name: str) -> str:
        found = self.chart.account_named(name)
        assert found
        return found.id

    def op(self, draft: Any, **more: Any) -> Operation:
        return operation(draft, ids=dict(self.ids), **more)

    def bill(self, number: str = "1001", *amounts: int, **more: Any) -> Operation:
        assert self.fees
        sold = (replace(line(a), item=self.fees.id, account=self.fees.account) for a in amounts or (10_000,))
        return self.op(self.receivable(invoice(*sold, number=number)), name=number, **more)

    def receivable(self, draft: Any) -> Any:
        return replace(draft, receivable=self.account("Accounts Receivable"))

    def post(self, operation_: Operation, subject: str = "") -> Posted:
        (outcome,) = self.qbo.send([operation_])
        assert isinstance(outcome, Posted), outcome
        if subject:
            self.ids[subject] = outcome.object.id
        return outcome

    def entry(self, number: str = "J9", **more: Any) -> Operation:
        other = self.account("Opening Balance Equity")
        rows = (EntryLine(account=self.bank, amount=500), EntryLine(account=other, amount=-500, memo="out"))
        return self.op(JournalDraft(number=number, day=DAY, lines=rows), name=number, **more)

    def paid(self, amount: int = 10_000, **more: Any) -> PaymentDraft:
        made: PaymentDraft = replace(self.receivable(payment(amount, account=self.bank)), **more)
        return made
