"""A firm with two trust accounts in two states and a year of client money. Its months: `trust_months`.

Rows from before the first day are openings. The same seed gives the same world.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from syncapp.emulators.clio import desk_work
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.desk_trust_rows import open_trust_account
from syncapp.emulators.clio.diary import Diary, month_after
from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.emulators.clio.ground import Ground
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Contact, Matter

FIRST, SECOND = "IOLTA", "IOLTA Seattle"
COMPANIES = (
    "Harbor Mills Inc.",
    "Granite Holdings LLC",
    "Maple Dental Group",
    "Summit Logistics Co.",
    "Lakeside Properties LP",
    "Pioneer Foods Inc.",
    "Sterling Builders LLC",
    "Beacon Software Inc.",
    "Cedar Clinic PC",
    "Ironwood Advisors LLP",
)
PEOPLE = (
    ("Alice", "Abbott"),
    ("Benjamin", "Brennan"),
    ("Carmen", "Castillo"),
    ("Elena", "Eriksen"),
    ("Frank", "Fischer"),
    ("Gloria", "Gallagher"),
    ("Hassan", "Hughes"),
    ("Irene", "Ivanov"),
    ("Zoë", "Müller-Ångström"),
    ("Jorge", "Jensen"),
)
SUBJECTS = (
    ("Litigation", "Breach of contract"),
    ("Real Estate", "Purchase of a house"),
    ("Estates", "Probate administration"),
    ("Family", "Divorce"),
    ("Employment", "Wage claim"),
    ("Litigation", "Personal injury"),
)
TOWNS = (("Raleigh", "NC", "27601"), ("Seattle", "WA", "98101"))
CLEARING_DAYS = 10
OPENING_MONTHS = 3
UNIDENTIFIED = "Unidentified Funds"


@dataclass(slots=True, kw_only=True)
class TrustDesk:
    """Who keeps one trust account: its matters, and the number of its next check."""

    diary: Diary
    bank: BankAccount
    matters: list[Matter]
    number: int
    resting: set[int] = field(default_factory=set)  # matters that nothing more happens on

    @property
    def world(self) -> World:
        """The firm."""
        return self.diary.world

    @property
    def busy(self) -> list[Matter]:
        """The matters on which money moves."""
        return [m for m in self.matters if m.id not in self.resting]

    def check(self) -> str:
        """The number of the next check."""
        self.number += 1
        return str(self.number - 1)

    def amount(self, low: int, high: int) -> Decimal:
        """A sum between two whole amounts of money, with odd cents."""
        return Decimal(self.diary.chance.randint(low * 100, high * 100)) / 100

    def spare(self, matter: Matter) -> Decimal:
        """What a matter holds here that came in long enough ago to be good."""
        today = self.diary.today
        fresh = sum(
            (t.amount for t in self.world.all(BankTransaction)
             if t.matter_id == matter.id and t.bank_account_id == self.bank.id and t.amount > 0
             and t.date > today - timedelta(days=CLEARING_DAYS)),
            Decimal(0),
        )  # fmt: skip
        return trust_balance(self.world, matter=matter.id, bank=self.bank.id) - fresh

    def richest(self) -> Matter:
        """The busy matter with the most good money."""
        return max(self.busy, key=lambda m: (self.spare(m), -m.id))

    def plant(self, kind: str, record_id: int, note: str, *, resource: str = "bank_transactions") -> None:
        """Note a thing of this account for tests and for the bank."""
        self.world.plant(kind, resource, record_id, f"{self.bank.name}: {note}")


def fill_trust(world: World, ground: Ground, *, seed: int, start: date, end: date) -> None:
    """Make the clients of both offices and let the year of client money happen, day by day."""
    from syncapp.emulators.clio.trust_months import openings, tell_months
    from syncapp.emulators.clio.trust_tales import tell_stories

    diary = Diary(world, ground, random.Random(f"trust {seed}"), start, end)  # noqa: S311
    world.next_bill_number = 3101
    first = world.get(BankAccount, ground.trust)
    second = open_trust_account(
        world, name=SECOND, account_number="****8836", institution="Cascade Valley Bank"
    )
    clients = _clients(diary)
    desks = [
        TrustDesk(diary=diary, bank=first, matters=_matters(diary, clients[:13], 16), number=1042),
        TrustDesk(diary=diary, bank=second, matters=_matters(diary, clients[13:-1], 10), number=501),
    ]
    for desk in desks:
        openings(desk)
        tell_months(desk)
    tell_stories(desks, unidentified=clients[-1])
    diary.run()


def _clients(diary: Diary) -> list[Contact]:
    """Twenty clients, in an order of the seed's; the last is who pays without saying what for."""
    world, made = diary.world, []
    names = [(name, "", "") for name in COMPANIES] + [("", given, family) for given, family in PEOPLE]
    diary.chance.shuffle(names)
    for i, (name, given, family) in enumerate(names):
        town, state, code = TOWNS[i >= 13]
        made.append(
            desk_work.create_client(
                world,
                name=name,
                first_name=given,
                last_name=family,
                email=f"client{i}@client.example",
                street=f"{diary.chance.randint(1, 400)} Church Street",
                city=town,
                province=state,
                postal_code=code,
            )
        )
    return [*made, desk_work.create_client(world, name=UNIDENTIFIED)]


def _matters(diary: Diary, clients: list[Contact], count: int) -> list[Matter]:
    """One matter each, a second one for the first clients."""
    made = []
    for i in range(count):
        area, subject = SUBJECTS[i % len(SUBJECTS)]
        again = i >= len(clients)
        made.append(
            desk_work.create_matter(
                diary.world,
                client=clients[i % len(clients)].id,
                description=f"{subject}, appeal" if again else subject,
                practice_area=diary.ground.areas[area],
                responsible=diary.ground.users[i % 9],
                open_date=month_after(diary.start, -OPENING_MONTHS),
            )
        )
    return made


def workday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
