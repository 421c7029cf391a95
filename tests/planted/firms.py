"""A random firm for the planter: its people in Clio, its company, its file. Knows nothing of what finds.

Only the two emulators are spoken to, with people's own hands. What a cause must be called, which records it
holds, its money and its first safe choice are written from the issue, DESIGN section 9 and the vendors' own
tables, by whoever plants it.
"""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Bill, Contact, ExpenseCategory, Matter, PracticeArea, User
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor, seed, writing
from syncapp.emulators.qbo.company import Company, Obj, Switches
from tests.planted.files import FAULTY, NO_RULE, PLAIN, firm_file

LAST = datetime.now(UTC).date() - timedelta(days=2)
FIRST = LAST - timedelta(days=26)  # of the open period
CLOSED = FIRST - timedelta(days=1)
FIRST_WORDS = (
    *("Amber", "Basalt", "Cobalt", "Dunmore", "Elmwood", "Falcon", "Granite", "Hollis", "Ivory", "Juniper"),
    *("Kestrel", "Larkin", "Merton", "Nimbus", "Orchard", "Palmer", "Quarry", "Redfern", "Sable", "Thorne"),
    *("Umber", "Vesper", "Whitby", "Yarrow", "Zephyr", "Alder", "Bram", "Calder", "Drake", "Ember"),
    *("Fenwick", "Garnet", "Hazel", "Indigo", "Jasper", "Keswick", "Linden", "Marlow", "Norfolk", "Opal"),
)
LAST_WORDS = (
    *("Bakery", "Carriers", "Dairy", "Engines", "Foundry", "Gardens", "Hauling", "Imports", "Joinery"),
    *("Kennels", "Logistics", "Motors", "Nurseries", "Optics", "Printing", "Quilts", "Roofing", "Sails"),
    *("Textiles", "Upholstery", "Vineyards", "Welding", "Yachts", "Apparel", "Brickworks", "Cement"),
    *("Distillery", "Electric", "Fisheries", "Glassworks", "Hardware", "Ironworks", "Jewelers", "Lumber"),
    *("Masonry", "Nets", "Orchards", "Plumbing", "Ranching", "Salvage"),
)
ENDINGS = ("LLC", "Inc.", "Corp.", "Ltd.", "LP")

type Plant = Generator[None, None, list[Expected]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What one planted cause must come to.

    `codes` the names that it may go by, none for what only waits: then nobody is asked, and the tie-out
    calls it queued; `records` what it holds or alarms, each by the kind and id under
    which machines are told of it; `amount` of all of them, None where the sources leave it open; `choice`
    what the first safe choice must speak of, a regular expression.
    """

    plant: str
    codes: tuple[str, ...]
    records: frozenset[tuple[str, str]]
    choice: str
    amount: Decimal | None = None
    alarm: bool = False
    shared: bool = False  # one case for all that is at fault with its account


@dataclass(slots=True)
class Firm:
    """One firm while causes are planted in it."""

    chance: random.Random
    world: World
    company: Company
    file: dict[str, Any]
    faults: Any = None  # of the emulated QuickBooks: how its door goes wrong
    oauth: Any = None
    names: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)  # files of payouts that people bring in
    number: int = 2000
    base: frozenset[int] = frozenset()  # bills that nobody touches

    def do(self, action: str, **given: Any) -> Any:
        """Act as a person in Clio."""
        return do(self.world, action, **given)

    def day(self) -> date:
        """A day of the open month."""
        return FIRST + timedelta(days=self.chance.randrange((LAST - FIRST).days))

    def client(self, name: str = "") -> Contact:
        """A new client, unlike all others unless it is named."""
        made: Contact = self.do("create_client", name=name or self.names.pop())
        return made

    def matter(self, area: str = "", client: int | None = None) -> Matter:
        """A new matter, of a new client unless one is named."""
        area = area or self.chance.choice(PLAIN)
        found = next(one.id for one in self.world.all(PracticeArea) if one.name == area)
        made: Matter = self.do(
            "create_matter", client=client or self.client().id, description=f"{area} matter",
            practice_area=found, open_date=FIRST,
        )  # fmt: skip
        return made

    def bill(self, matter: Matter, *, day: date | None = None, number: str = "", **more: Any) -> Bill:
        """An approved bill of time: an amount that no other bill of the firm is likely to have."""
        day = day or self.day()
        self.number += 1
        work = [self.time(matter, day), *more.pop("work", [])]
        made: Bill = self.do(
            "draft_bill", activities=work, issued_at=day, due_at=day + timedelta(days=30),
            number=number or str(self.number), **more,
        )  # fmt: skip
        self.do("approve_bill", bill=made.id)
        return made

    def time(self, matter: Matter, day: date) -> int:
        """A time entry: gives its id."""
        user = self.chance.choice(self.world.all(User)).id
        hours, rate = Decimal(self.chance.randrange(5, 95)) / 10, Decimal(self.chance.randrange(101, 499))
        made = self.do("create_time", matter=matter.id, user=user, date=day, hours=hours, rate=rate)
        return int(made.id)

    def cost(self, matter: Matter, day: date, category: str, *, taxed: bool = False) -> int:
        """A cost: gives its id."""
        found = next(one.id for one in self.world.all(ExpenseCategory) if one.name == category)
        made = self.do(
            "create_expense", matter=matter.id, user=self.world.all(User)[0].id, date=day,
            price=Decimal(self.chance.randrange(1100, 19900)) / 100, category=found, taxed=taxed,
        )  # fmt: skip
        return int(made.id)

    def pay(self, bill: Bill, *, share: str = "1", day: date | None = None) -> Any:
        """A payment by check of a share of a bill."""
        amount = (self.owed(bill) * Decimal(share)).quantize(Decimal("0.01"))
        self.number += 1
        return self.do(
            "record_payment", bills=[bill.id], amount=amount, date=day or bill.issued_at,
            reference=str(self.number),
        )  # fmt: skip

    def owed(self, bill: Bill) -> Decimal:
        """What is open on a bill by Clio."""
        return sums(self.world, bill).balance

    def due(self, *bills: Bill) -> Decimal:
        """What bills come to by Clio, whatever was paid."""
        return sum((sums(self.world, bill).due for bill in bills), Decimal(0))

    def invoice(self, bill: Bill) -> Obj:
        """What stands in QuickBooks for a bill, by its number."""
        prefix = self.file["books"][0]["invoices"]["number_prefix"]
        rows = self.company.store["Invoice"].values()
        return next(one for one in rows if one.get("DocNumber") == f"{prefix}{bill.number}")

    def payment(self, bill: Bill) -> Obj:
        """The payment in QuickBooks that pays a bill."""
        paid = self.invoice(bill)["Id"]
        rows = [one for one in self.company.store["Payment"].values() if one["TotalAmt"]]
        return next(
            one for one in rows
            if any(link["TxnId"] == paid for line in one["Line"] for link in line.get("LinkedTxn", []))
        )  # fmt: skip

    def view(self, entity: str, identity: str) -> Obj:
        """An object as QuickBooks shows it."""
        return writing.view(self.company, entity, identity)

    def sold(self, amount: Decimal, item: str = "Services") -> Obj:
        """A line of an invoice or credit memo, as somebody types it."""
        detail = {"ItemRef": {"value": seed.item(self.company, item)}}
        return {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}

    def journal(self, sides: dict[str, tuple[str, str]], amount: Decimal) -> Obj:
        """Type a journal entry: by side the account and the customer, if any."""
        lines = []
        for side, (account, customer) in sides.items():
            detail: Obj = {"PostingType": side, "AccountRef": {"value": self.company.account(account)}}
            if customer:
                detail["Entity"] = {"Type": "Customer", "EntityRef": {"value": customer}}
            lines.append(
                {"Amount": amount, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail}
            )
        given = {"TxnDate": self.day().isoformat(), "Line": lines}
        return backdoor.add(self.company, "JournalEntry", given)

    def refuse(self, operation: str, code: str, message: str, detail: str, kind: str = "Validation") -> None:
        """QuickBooks refuses every such call from now on, in its own words (its error codes and faults)."""
        error = {"Message": message, "Detail": detail, "code": code, "element": ""}
        body = {"Fault": {"Error": [error], "type": f"{kind}Fault"}}
        self.faults.add(operation, 1, "refuse", 100_000, status=400, body=body)


def of_bills(*bills: Bill) -> frozenset[tuple[str, str]]:
    """Bills as machines are told of them."""
    return frozenset(("bills", str(bill.id)) for bill in bills)


def of_payment(payment: Any) -> frozenset[tuple[str, str]]:
    """A payment, by each of its allocations."""
    return frozenset(("allocations", str(part)) for part in payment.allocation_ids)


def of_books(entity: str, made: Obj) -> frozenset[tuple[str, str]]:
    """What did not come from Clio."""
    return frozenset({("books", f"{entity}:{made['Id']}")})


def random_firm(number: int, *, bare: bool = False, **switches: Any) -> Firm:
    """The firm of a seed; `bare`: with nothing in it that nobody touches."""
    chance = random.Random(number)
    names = [
        f"{first} {last} {chance.choice(ENDINGS)}"
        for first, last in zip(
            chance.sample(FIRST_WORDS, len(FIRST_WORDS)), chance.sample(LAST_WORDS, len(FIRST_WORDS)),
            strict=True,
        )
    ]  # fmt: skip
    world = empty()
    known = {one.name for one in world.all(PracticeArea)}
    for area in (*PLAIN, *FAULTY, *NO_RULE):
        if area not in known:
            world.add(PracticeArea(name=area, code=area[:3].upper(), category="other"))
    company = seed.law_firm(seed=number, switches=_switches(chance, switches))
    for area in FAULTY:
        if area not in ("Bankruptcy", "Immigration", "Patents"):
            _place(company, area)
    made = Firm(chance, world, company, firm_file(chance), names=names)
    for _ in range(0 if bare else chance.randrange(1, 4)):
        bill = made.bill(made.matter())
        if chance.random() < 0.6:
            made.pay(bill, share=chance.choice(("1", "0.5")))
    made.base = frozenset(bill.id for bill in made.world.all(Bill))
    return made


def _switches(chance: random.Random, given: dict[str, Any]) -> Switches:
    said = {
        "honour_requestid": chance.random() < 0.5,
        "payment_bumps_invoice": chance.random() < 0.3,
        "inactive_code": chance.choice(("610", "2500", "6250")),
        "delete_linked": "unlink",
        **given,
    }
    return Switches(throttle=False, **said)


def _place(company: Company, area: str) -> None:
    """A product, an income account and a class of its own for a practice area."""
    kind = {"AccountType": "Income", "AccountSubType": "ServiceFeeIncome"}
    account = backdoor.add(company, "Account", {"Name": f"{area} Income", **kind})
    income = {"value": account["Id"]}
    backdoor.add(company, "Item", {"Name": f"{area} Fees", "Type": "Service", "IncomeAccountRef": income})
    if not any(one["Name"] == area for one in company.store["Class"].values()):
        backdoor.add(company, "Class", {"Name": area})
