"""A tiny firm for fast tests: three clients, and every kind of record once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio import desk_bills as bills
from syncapp.emulators.clio import desk_credits as held
from syncapp.emulators.clio import desk_money as money
from syncapp.emulators.clio import desk_trust as trust
from syncapp.emulators.clio import desk_work as work
from syncapp.emulators.clio.desk_transfers import matter_transfer
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Bill, Contact, ExpenseCategory, Matter, PracticeArea, User
from syncapp.emulators.clio.sums import sums


@dataclass(slots=True)
class Scene:
    """The tiny firm while it is being made."""

    world: World
    first: date
    extra: Decimal
    clients: list[Contact]
    matters: list[Matter]
    users: list[int]
    costs: dict[str, int]

    def on(self, days: int) -> date:
        """Go to a day, counted from the first."""
        self.world.at = datetime.combine(self.first + timedelta(days=days), time(15), tzinfo=UTC)
        return self.world.at.date()

    def time(self, matter: int, hours: str, **more: Any) -> int:
        """A time entry of today; gives its id."""
        made = work.create_time(
            self.world,
            matter=self.matters[matter].id,
            user=self.users[matter * 3],
            date=self.world.now().date(),
            hours=Decimal(hours) + self.extra,
            note="Drafting: first draft",
            **more,
        )
        return made.id

    def cost(self, matter: int, category: str, price: str, **more: Any) -> int:
        """A cost of today; gives its id."""
        made = work.create_expense(
            self.world,
            matter=self.matters[matter].id,
            user=self.users[9],
            date=self.world.now().date(),
            price=Decimal(price),
            category=self.costs[category],
            note=f"{category}: as invoiced",
            **more,
        )
        return made.id

    def approved(self, activities: list[int], *, client: int | None = None, tax: str = "0") -> int:
        """A bill of today, approved; gives its id."""
        bill = bills.draft_bill(self.world, activities=activities, client=client, tax_rate=Decimal(tax))
        bills.approve_bill(self.world, bill=bill.id)
        return bill.id


def fill(world: World, *, seed: int, end: date) -> None:
    """Twelve weeks of work that end on `end`."""
    scene = _scene(world, seed=seed, first=end - timedelta(days=84))
    _billed(scene)
    _paid(scene)
    _trust(scene)
    scene.on(84)
    left = scene.time(0, "1.2")
    world.plant("unbilled", "activities", left, "time that is on no bill")
    draft = bills.draft_bill(world, activities=[scene.time(1, "0.7")])
    world.plant("draft", "bills", draft.id, "a draft, not to be posted")
    waiting = bills.draft_bill(world, activities=[scene.time(2, "0.9")])
    bills.submit_bill(world, bill=waiting.id)
    world.plant("awaiting_approval", "bills", waiting.id, "awaiting approval, not to be posted")


def _scene(world: World, *, seed: int, first: date) -> Scene:
    users = [u.id for u in world.all(User)]
    areas = [a.id for a in world.all(PracticeArea)]
    costs = {c.name: c.id for c in world.all(ExpenseCategory)}
    scene = Scene(world, first, Decimal(seed % 10) / 10, [], [], users, costs)
    scene.on(0)
    scene.clients = [
        work.create_client(
            world,
            name="Harbor Mills Inc.",
            email="ap@harbormills.example",
            street="4 Quay Road",
            city="Albany",
            province="NY",
            postal_code="12207",
        ),
        work.create_client(world, first_name="Zoë", last_name="Müller-Ångström", email="zoe@example.com"),
        work.create_client(world, name="Fulton: Sons & Co", email="office@fulton.example"),
    ]
    texts = ("Supply dispute", "Will and trust", "Lease")
    scene.matters = [
        work.create_matter(
            world,
            client=c.id,
            description=text,
            practice_area=areas[i],
            responsible=users[i],
            open_date=first,
        )
        for i, (c, text) in enumerate(zip(scene.clients, texts, strict=True))
    ]
    other = work.create_matter(world, client=scene.clients[0].id, description="Trade mark", open_date=first)
    scene.matters.append(other)
    return scene


def _billed(scene: Scene) -> None:
    """Six approved bills: plain, taxed and discounted, two matters, zero, void, with interest."""
    world = scene.world
    scene.on(3)
    plain = scene.approved(
        [scene.time(0, "2.5"), scene.cost(0, "Filing Fees", "210"), scene.cost(0, "Copies", "12.35")]
    )
    world.plant("plain", "bills", plain, "one matter, time and costs")
    scene.on(6)
    draft = bills.draft_bill(
        world,
        activities=[scene.time(1, "3.1"), scene.cost(1, "Travel", "88.17", taxed=True)],
        tax_rate=Decimal("8.875"),
        tax_services=True,
    )
    bills.edit_bill(world, bill=draft.id, discount_type="percentage", discount_rate=Decimal(10))
    bills.approve_bill(world, bill=draft.id)
    world.plant("taxed_discounted", "bills", draft.id, "tax 8.875 %, discount 10 %")
    scene.on(9)
    both = scene.approved([scene.time(0, "1.0"), scene.time(3, "2.0")])
    world.plant("several_matters", "bills", both, "two matters on one bill")
    zero = scene.approved([scene.time(2, "0.5", no_charge=True)])
    world.plant("zero", "bills", zero, "a bill of 0.00")
    gone = scene.approved([scene.time(2, "0.4")])
    scene.on(10)
    bills.void_bill(world, bill=gone)
    world.plant("void", "bills", gone, "voided; its time is unbilled again")
    late = scene.approved([scene.time(2, "4.0")])
    scene.on(45)
    charge = bills.add_interest(world, bill=late, total=Decimal("18.40"))
    world.plant("interest", "interest_charges", charge.id, "interest on an open bill")


def _paid(scene: Scene) -> None:
    """A payment over two bills, a partial one with a remainder, a removed one, credits, operating funds."""
    world = scene.world
    by_kind = {p.kind: p.id for p in world.planted}
    scene.on(20)
    both = [by_kind["plain"], by_kind["several_matters"]]
    owed = sum((sums(world, world.get(Bill, b)).balance for b in both), Decimal(0))
    paid = money.record_payment(world, bills=both, amount=owed + 50, reference="1001")
    world.plant(
        "overpayment", "bank_transactions", paid.row_ids[-1], "50.00 over two bills, held for the client"
    )
    taxed = by_kind["taxed_discounted"]
    bad = money.record_payment(
        world, bills=[taxed], amount=Decimal(100), reference="77", method="credit_card"
    )
    scene.on(22)
    money.remove_payment(world, payment=bad.id)
    world.plant("removed_payment", "allocations", bad.allocation_ids[0], "removed by the firm")
    money.record_payment(world, bills=[taxed], amount=Decimal("300.25"), reference="78", method="ach")
    held.credit_note(world, bill=taxed, amount=Decimal(25), description="Goodwill")
    off = held.write_off(world, bill=taxed, amount=Decimal("10.10"))
    world.plant("write_off", "credit_memos", off.id, "part of a balance written off")
    client = scene.clients[2].id
    kept = held.operating_deposit(world, client=client, amount=Decimal(500), reference="W-9")
    world.plant("operating_retainer", "bank_transactions", kept.id, "money without a bill")
    late = next(b.id for b in world.all(Bill) if b.charge_ids)
    scene.on(50)
    used = held.pay_from_operating(world, bill=late, amount=Decimal(200))
    world.plant("operating_use", "allocations", used.allocation_ids[0], "paid from operating funds")
    back = held.refund_operating(world, client=client, amount=Decimal(120), reference="2231")
    world.plant("refund", "bank_transactions", back.id, "operating funds given back")


def _trust(scene: Scene) -> None:
    """A request and its payment, a deposit, a payment from trust, a disbursement, a transfer."""
    world = scene.world
    scene.on(52)
    asked = trust.trust_request(
        world, client=scene.clients[0].id, matter=scene.matters[0].id, amount=Decimal(2000)
    )
    paid = trust.pay_trust_request(world, bill=asked.id, reference="4410")
    world.plant("trust_request", "bills", asked.id, "never an invoice")
    world.plant("trust_request_payment", "allocations", paid.allocation_ids[0], "client money, to be held")
    put = trust.trust_deposit(world, matter=scene.matters[2].id, amount=Decimal(900), reference="311")
    world.plant("trust_deposit", "bank_transactions", put.id, "client money, to be held")
    scene.on(55)
    late = next(b for b in world.all(Bill) if b.charge_ids)
    used = trust.pay_from_trust(world, bill=late.id, amount=Decimal(150), matter=scene.matters[2].id)
    world.plant("trust_payment", "allocations", used.allocation_ids[0], "paid from trust, to be held")
    out = trust.trust_disbursement(
        world, matter=scene.matters[2].id, amount=Decimal(75), payee="County Clerk"
    )
    world.plant("trust_disbursement", "bank_transactions", out.id, "client money, to be held")
    moved = matter_transfer(
        world, source=scene.matters[0].id, destination=scene.matters[3].id, amount=Decimal(400)
    )
    world.plant("trust_transfer", "matter_transfers", moved.id, "two rows in trust, to be held")
