"""A firm's diary while a world is made: things to do on days, done in order of time."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio import desk_bills, desk_money, desk_work
from syncapp.emulators.clio.ground import Ground
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Bill, Matter, User
from syncapp.emulators.clio.sums import sums

NOTES = (
    "Drafting: motion papers and exhibits",
    "Research: controlling authority",
    "Client call: status and next steps",
    "Negotiation: terms with opposing counsel",
    "Document review: production set",
    "Court appearance: conference before the judge",
)
METHODS = ("check", "check", "check", "ach", "wire_transfer", "credit_card")


@dataclass(slots=True)
class Diary:
    """The seed's chance, the firm, and what is still to be done. `end` is the last day."""

    world: World
    ground: Ground
    chance: random.Random
    start: date
    end: date
    todo: list[tuple[date, int, Callable[[], object]]] = field(default_factory=list)
    count: int = 0

    def on(self, day: date, action: Callable[[], object]) -> None:
        """Plan an action for a day."""
        self.count += 1
        heapq.heappush(self.todo, (day, self.count, action))

    def run(self) -> None:
        """Do everything up to the last day; what lies beyond never happens."""
        second = 0
        last: date | None = None
        while self.todo and self.todo[0][0] <= self.end:
            day, _, action = heapq.heappop(self.todo)
            second = second + 1 if day == last else 0
            last = day
            self.world.at = datetime.combine(day, time(14), tzinfo=UTC) + timedelta(seconds=second)
            action()

    @property
    def today(self) -> date:
        """The day of the present action."""
        return self.world.now().date()

    def time(self, matter: Matter, day: date, hours: str | Decimal, **more: Any) -> int:
        """A time entry of the matter's attorney or of somebody who helps; gives its id."""
        helper = self.chance.choice(self.ground.users)
        user = helper if self.chance.random() < 0.5 else matter.responsible_attorney_id or helper
        note = self.chance.choice(NOTES)
        made = desk_work.create_time(
            self.world,
            matter=matter.id,
            user=user,
            date=day,
            hours=Decimal(hours),
            rate=self.world.get(User, user).rate,
            note=note,
            description=self.ground.work.get(note.split(":")[0]),
            **more,
        )
        return made.id

    def fee(self, matter: Matter, day: date, amount: str | Decimal, *, contingency: bool = False) -> int:
        """A flat or contingency fee; gives its id."""
        user = matter.responsible_attorney_id or self.ground.users[0]
        text = "Contingency fee: settlement" if contingency else "Flat fee: stage completed"
        made = desk_work.create_time(
            self.world,
            matter=matter.id,
            user=user,
            date=day,
            hours=Decimal(1),
            rate=Decimal(amount),
            note=text,
            flat_rate=True,
            contingency_fee=contingency,
        )
        return made.id

    def cost(
        self,
        matter: Matter,
        day: date,
        category: str,
        price: str | Decimal,
        quantity: int = 1,
        *,
        taxed: bool = False,
    ) -> int:
        """A cost; hard ones carry a check reference. Gives its id."""
        user = matter.responsible_attorney_id or self.ground.users[0]
        made = desk_work.create_expense(
            self.world,
            matter=matter.id,
            user=user,
            date=day,
            price=Decimal(price),
            quantity=Decimal(quantity),
            category=self.ground.categories[category],
            note=f"{category}: matter {matter.display_number}",
            reference=str(self.chance.randint(20000, 29999)),
            taxed=taxed,
        )
        return made.id

    def bill(
        self, activities: list[int], *, approve: bool = True, tax: str = "0", services: bool = False
    ) -> Bill:
        """A bill of today."""
        made = desk_bills.draft_bill(
            self.world,
            activities=activities,
            tax_rate=Decimal(tax),
            tax_services=services,
            issued_at=self.today,
            user=self.ground.users[0],
        )
        if approve:
            desk_bills.approve_bill(self.world, bill=made.id)
        return made

    def owed(self, *bills: Bill) -> Decimal:
        """What is still to be paid."""
        return sum((sums(self.world, b).balance for b in bills), Decimal(0))

    def pay(self, *bills: Bill, amount: Decimal | None = None, over: str = "0") -> int:
        """A payment of today of all that is owed, or of an amount; gives its id."""
        total = (self.owed(*bills) if amount is None else amount) + Decimal(over)
        made = desk_money.record_payment(
            self.world,
            bills=[b.id for b in bills],
            amount=total,
            method=self.chance.choice(METHODS),
            reference=str(self.chance.randint(1000, 99999)),
        )
        return made.id

    def later(self, low: int, high: int) -> date:
        """A day after today."""
        return self.today + timedelta(days=self.chance.randint(low, high))


def month_after(day: date, months: int) -> date:
    """The first of the month that lies so many months on."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
