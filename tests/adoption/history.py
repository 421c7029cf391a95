"""Two years of a firm under Clio's own QuickBooks connector, planted in both emulators. It knows the truth.

What the connector does is from clio/API.md section 7; what people did to it since is from the complaints of
its users: customers renamed and retyped, namesakes, renumbered invoices, moved days, payments twice. Nothing
here is shared with what recognises it.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio import desk_bills, desk_credits, desk_money, desk_trust, desk_work
from syncapp.emulators.clio.funds import Payment
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.qbo import backdoor, writing
from tests.adoption.people import END, MERGED, START, Client, History, People

__all__ = ["END", "START", "History", "plant"]


def plant(*, clients: int, months: int = 24, seed_: int = 11, bills: float = 0.28) -> History:
    """Let a firm of so many clients live through the months under the connector."""
    return _Planter(random.Random(seed_), clients, months, bills).run()


class _Planter(People):
    """The months that happen to them."""

    def run(self) -> History:
        people = [self._client(position) for position in range(self.count)]
        people += self._namesakes()
        for one in people:
            self._customer(one)
        self._strangers()
        first = END - timedelta(days=self.months * 365 // 12)
        for day in (first + timedelta(days=7 * week) for week in range(self.months * 52 // 12)):
            self.world.at = datetime.combine(day, time(15), tzinfo=UTC)
            for one in people:
                if self.chance.random() < self.bills / 4:
                    self._bill(one, day)
                if self.chance.random() < self.bills / 20:
                    self._trust(one, day)
        self.world.at = None
        idle = {("contacts", one.contact.id) for one in people} - self.active
        self.history.plain -= idle
        for key in idle:
            self.history.truth.pop(key, None)
        self.history.objects = sum(
            len(self.company.store[name])
            for name in ("Customer", "Invoice", "Payment", "CreditMemo", "JournalEntry")
        )
        return self.history

    def _strangers(self) -> None:
        """Customers that are nobody's, some of them nearly somebody's, with invoices of their own."""
        near = [c["DisplayName"] for c in list(self.company.store["Customer"].values())[:12:3]]
        names = ["Walk-in sales", "Rent of office two", "Joan Smithson", "Harbor Dentures Corp"]
        for name in [
            *names,
            *(f"{one.split()[0]} {one.split()[-1]} Foundation" for one in near if "Clio" not in one),
        ]:
            taken = {c["DisplayName"].casefold() for c in self.company.store["Customer"].values()}
            if name.casefold() in taken:
                continue
            made = backdoor.add(self.company, "Customer", {"DisplayName": name})
            self._invoice(made["Id"], f"W{self.chance.randrange(10_000, 99_999)}", END, Decimal("320.00"))

    # money

    def _bill(self, one: Client, day: date) -> None:
        self.active.add(("contacts", one.contact.id))
        rate = one.fee or Decimal(self.chance.randrange(180, 420))
        hours = Decimal(1) if one.fee else Decimal(self.chance.randrange(5, 90)) / 10
        work = desk_work.create_time(
            self.world, matter=one.matter.id, user=self.user, date=day, hours=hours, rate=rate
        )
        self.number += 1
        bill = desk_bills.draft_bill(
            self.world,
            activities=[work.id],
            issued_at=day,
            due_at=day + timedelta(days=30),
            number=str(self.number),
        )
        desk_bills.approve_bill(self.world, bill=bill.id)
        owed = sums(self.world, bill).due
        fault = self.chance.random()
        number, shown, there, plain = str(self.number), owed, day, True
        if fault < 0.012:
            number, plain = f"{number}A", False
        elif fault < 0.02:
            shown, plain = owed + Decimal("0.01"), False
        elif fault < 0.028:
            there, plain = day + timedelta(days=2), False
        plain = plain and one.kind != MERGED
        invoice = self._invoice(one.customer, number, there, shown)
        self._true("bills", bill.id, f"Invoice:{invoice}", plain=plain)
        self._settle(
            one, bill, invoice, owed, day + timedelta(days=self.chance.randrange(3, 25)), plain=plain
        )

    def _invoice(self, customer: str, number: str, day: date, amount: Decimal) -> str:
        line = {
            "Amount": amount,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {"ItemRef": {"value": self.item}},
        }
        given = {
            "CustomerRef": {"value": customer},
            "DocNumber": number,
            "TxnDate": day.isoformat(),
            "Line": [line],
        }
        return str(backdoor.add(self.company, "Invoice", given, who="Clio")["Id"])

    def _settle(
        self, one: Client, bill: Bill, invoice: str, owed: Decimal, day: date, *, plain: bool
    ) -> None:
        if day > END or self.chance.random() < 0.08:
            return
        if self.chance.random() < 0.06 and owed > 60:
            self._credit(one, bill, invoice, day, plain=plain)
            owed -= Decimal(50)
        parts = [owed]
        way = self.chance.random()
        if way < 0.05:
            parts = [(owed / 3).quantize(Decimal("0.01")), owed - (owed / 3).quantize(Decimal("0.01"))]
        elif way < 0.06 and owed % 2 == 0:
            parts, plain = [owed / 2, owed / 2], False
        for part in parts:
            reference = str(self.chance.randrange(1000, 9999)) if self.chance.random() < 0.5 else ""
            if not plain and len(parts) > 1 and parts[0] == parts[1]:
                reference = ""
            paid = desk_money.record_payment(
                self.world, bills=[bill.id], amount=part, date=day, reference=reference
            )
            self._payment(one, paid, invoice, part, day, reference, plain=plain)

    def _payment(
        self,
        one: Client,
        paid: Payment,
        invoice: str,
        amount: Decimal,
        day: date,
        reference: str,
        *,
        plain: bool,
    ) -> None:
        fault, there = self.chance.random(), day
        linked = True
        if fault < 0.015:
            there, plain = day + timedelta(days=3), False
        elif fault < 0.025:
            linked, plain = False, False
        balance = writing.view(self.company, "Invoice", invoice)["Balance"]
        link = {"Amount": min(amount, balance), "LinkedTxn": [{"TxnType": "Invoice", "TxnId": invoice}]}
        given: dict[str, Any] = {
            "CustomerRef": {"value": one.customer},
            "TotalAmt": amount,
            "TxnDate": there.isoformat(),
            "Line": [link] if linked and balance else [],
        }
        if reference:
            given["PaymentRefNum"] = reference
        made = backdoor.add(self.company, "Payment", given, who="Clio")
        if fault > 0.99 and linked:
            again = {**given, "TotalAmt": amount - 1, "Line": []}
            backdoor.add(self.company, "Payment", again, who="Clio")
        key = paid.allocation_ids[0]
        self._true("allocations", key, f"Payment:{made['Id']}", plain=plain)

    def _credit(self, one: Client, bill: Bill, invoice: str, day: date, *, plain: bool) -> None:
        memo = desk_credits.credit_note(self.world, bill=bill.id, amount=Decimal(50), date=day)
        line = {
            "Amount": 50,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {"ItemRef": {"value": self.item}},
        }
        given = {"CustomerRef": {"value": one.customer}, "TxnDate": day.isoformat(), "Line": [line]}
        made = backdoor.add(
            self.company, "CreditMemo", {**given, "DocNumber": f"C{memo.id}"[:21]}, who="Clio"
        )
        links = [("Invoice", invoice), ("CreditMemo", made["Id"])]
        lines = [{"Amount": 50, "LinkedTxn": [{"TxnType": kind, "TxnId": key}]} for kind, key in links]
        zero = {
            "CustomerRef": {"value": one.customer},
            "TotalAmt": 0,
            "TxnDate": day.isoformat(),
            "Line": lines,
        }
        backdoor.add(self.company, "Payment", zero, who="Clio")
        self._true("credit_memos", memo.id, f"CreditMemo:{made['Id']}", plain=plain)

    def _trust(self, one: Client, day: date) -> None:
        amount = Decimal(self.chance.randrange(10_000, 900_000)) / 100
        self.active.add(("contacts", one.contact.id))
        row = desk_trust.trust_deposit(self.world, amount=amount, matter=one.matter.id, date=day)
        lines = [
            {
                "Amount": amount,
                "DetailType": "JournalEntryLineDetail",
                "JournalEntryLineDetail": {
                    "PostingType": side,
                    "AccountRef": {"value": self.company.account(name)},
                },
            }
            for side, name in (("Debit", "IOLTA Trust Account"), ("Credit", "Client Funds Held in Trust"))
        ]
        given = {"TxnDate": day.isoformat(), "Line": lines, "DocNumber": f"T{row.id}"[:21]}
        made = backdoor.add(self.company, "JournalEntry", given, who="Clio")
        self._true("bank_transactions", row.id, f"JournalEntry:{made['Id']}", plain=True)
