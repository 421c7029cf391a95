"""A morning at a firm of the demonstration: what people did in Clio and QuickBooks, and a queue to clear.

Nothing of ours is written: people act on the vendors' screens, and the next run finds what they did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from syncapp.local.backdoors import Books, Clio

RATE = "200.00"  # an hour
CLOSED_UNTIL, NOT_BEFORE = date(2026, 8, 31), date(2026, 11, 22)
HEADS = "Payout ID,Date,Gross,Fee,Net,Reference"
CHARGES = (("2000.00", "58.00", "ch_2041"), ("1500.00", "43.50", "ch_2042"), ("1500.00", "43.50", "ch_2043"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """A bill that was approved in Clio, with the line of its time."""

    id: int
    number: str
    line: int


class Morning:
    """What happens before the firm connects, what posts then, and what people do to it afterwards."""

    def __init__(self, clio: Clio, books: Books, *, today: date) -> None:
        """Begin with who works, and in which areas. What happens, happens after the seeded year."""
        self.clio, self.books = clio, books
        self.yesterday = max(today, NOT_BEFORE) - timedelta(days=1)
        self.user = clio.rows("users")[0]["id"]
        self.areas = {one["name"]: one["id"] for one in clio.rows("practice_areas")}
        self.matters: dict[str, int] = {}

    def before(self) -> None:
        """Let three clients be billed who stand in QuickBooks already, as somebody typed them."""
        day, later = self.yesterday - timedelta(days=24), self.yesterday - timedelta(days=15)
        same = self._bill("Juniper Catering LLC", "6.0", day)
        self._pay(same, "1200.00", later, method="check", reference="4471")
        customer = self.books.customer("Juniper Catering LLC")
        self.books.payment(
            customer, self.books.invoice(customer, same.number, day, "1200.00"), later, "1200.00"
        )

        near = self._bill("Thornton Glass Works, Inc.", "11.5", day)
        customer = self.books.customer("Thornton Glass Works Inc")
        self.books.invoice(customer, near.number, day + timedelta(days=2), "2300.00")

        differs = self._bill("Okafor & Daughters LLP", "9.5", day)
        customer = self.books.customer("Okafor & Daughters LLP")
        self.books.invoice(customer, differs.number, day, "900.00")

        self.books.customer("Rivera Street Catering")  # no client of the firm

    def ordinary(self) -> None:
        """Let bills and payments come that post without a question, and can be changed afterwards."""
        self.lowered = self._bill("Linden Street Bakery Inc.", "7.0", self.yesterday)
        self.lowered_late = self._bill("Marsh & Vale Surveyors", "5.0", CLOSED_UNTIL - timedelta(days=40))
        self.late = self._bill("Castellan Boat Yard LLC", "20.0", CLOSED_UNTIL - timedelta(days=17))
        bill = self._bill("Priory Lane Dentistry PC", "10.0", self.yesterday - timedelta(days=9))
        self.deposited = self._pay(bill, "2000.00", self.yesterday, method="credit_card", reference="ch_2040")
        for gross, _, reference in CHARGES:
            bill = self._bill("Halloran Freight Co.", "10.0", self.yesterday - timedelta(days=6))
            self._pay(bill, gross, self.yesterday, method="credit_card", reference=reference)

    def hands(self) -> None:
        """Let people change what stands: in QuickBooks, past its closing date too, and in Clio."""
        paid = next(one for one in self.books.hold("Payment") if one.get("PaymentRefNum") == "ch_2040")
        self.books.do("deposit", payments=[paid["Id"]], date=self.yesterday.isoformat())
        self.books.do("close", date=CLOSED_UNTIL.isoformat())
        self.books.lower(self.lowered.number, "1150.00")
        self.books.lower(self.lowered_late.number, "900.00")
        self.clio.do("edit_payment", payment=self.deposited, amount="1800.00")
        self.clio.do("edit_line", line=self.late.line, quantity="18.5")

    def stuck(self) -> None:
        """Let new bills meet what QuickBooks does not take: an inactive item, and an inactive customer."""
        item = self.books.id_of("Item", "Litigation Fees")
        self.books.do("active", entity="Item", id=item, active=False)
        for hours in ("3.0", "4.5", "12.0"):
            self._bill("Beckett Tool Rental Inc.", hours, self.yesterday, area="Litigation")
        asleep = self.books.customer("ACME Holdings LLC")
        self.books.do("active", entity="Customer", id=asleep, active=False)
        self._bill("Acme Holdings, LLC", "8.0", self.yesterday)

    def payout(self) -> bytes:
        """Return the card processor's file of the day: three payments and their fees, one sum at the bank."""
        rows = [
            f"po_2207,{self.yesterday},{gross},{fee},{Decimal(gross) - Decimal(fee)},{reference}"
            for gross, fee, reference in CHARGES
        ]
        return "\n".join([HEADS, *rows]).encode()

    def _matter(self, client: str, area: str) -> int:
        if client not in self.matters:
            contact = self.clio.do("create_client", name=client)["id"]
            made = self.clio.do(
                "create_matter", client=contact, description="General advice", practice_area=self.areas[area],
                responsible=self.user, open_date=CLOSED_UNTIL.replace(month=1).isoformat(),
            )  # fmt: skip
            self.matters[client] = made["id"]
        return self.matters[client]

    def _bill(self, client: str, hours: str, day: date, *, area: str = "Corporate") -> Billed:
        matter = self._matter(client, area)
        work = self.clio.do(
            "create_time", matter=matter, user=self.user, date=day.isoformat(), hours=hours, rate=RATE,
            note="Advice and correspondence",
        )["id"]  # fmt: skip
        bill = self.clio.do("draft_bill", activities=[work], issued_at=day.isoformat())
        self.clio.do("approve_bill", bill=bill["id"])
        line = self.clio.rows("line_items", bill_id=bill["id"], fields="id")[0]["id"]
        return Billed(id=bill["id"], number=bill["number"], line=line)

    def _pay(self, bill: Billed, amount: str, day: date, *, method: str, reference: str) -> int:
        given = {"amount": amount, "date": day.isoformat(), "method": method, "reference": reference}
        return int(self.clio.do("record_payment", bills=[bill.id], **given)["id"])
