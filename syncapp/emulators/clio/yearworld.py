"""A year of a believable firm: clients, matters, work, bills, payments. Planted: `stories.py`."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from syncapp.emulators.clio import desk_bills, desk_work
from syncapp.emulators.clio.diary import Diary, month_after
from syncapp.emulators.clio.ground import Ground
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Bill, Contact, Matter
from syncapp.emulators.clio.stories import tell

FIRST = (
    "Harbor",
    "Granite",
    "Maple",
    "Summit",
    "Lakeside",
    "Union",
    "Pioneer",
    "Sterling",
    "Beacon",
    "Cedar",
    "Northgate",
    "Ironwood",
    "Silverline",
    "Bluestone",
    "Evergreen",
    "Kingsley",
    "Orchard",
    "Prospect",
)
SECOND = (
    "Mills Inc.",
    "Holdings LLC",
    "Dental Group",
    "Logistics Co.",
    "Properties LP",
    "Foods Inc.",
    "Builders LLC",
    "Software Inc.",
    "Advisors LLP",
    "Clinic PC",
)
GIVEN = (
    "Alice",
    "Benjamin",
    "Carmen",
    "Dmitri",
    "Elena",
    "Frank",
    "Gloria",
    "Hassan",
    "Irene",
    "Jorge",
    "Katherine",
    "Leon",
    "Miriam",
    "Nathan",
    "Olivia",
    "Peter",
    "Ruth",
    "Samuel",
)
FAMILY = (
    "Abbott",
    "Brennan",
    "Castillo",
    "Dawson",
    "Eriksen",
    "Fischer",
    "Gallagher",
    "Hughes",
    "Ivanov",
    "Jensen",
    "Kaplan",
    "Lombardi",
    "Mercer",
    "Novak",
    "Osborne",
    "Petrov",
    "Quinn",
    "Russo",
)
SUBJECTS = {
    "Litigation": ("Breach of contract", "Warranty claim", "Partnership dispute"),
    "Corporate": ("Share purchase", "Annual governance", "Financing round"),
    "Estates": ("Estate plan", "Probate administration", "Trust amendment"),
    "Real Estate": ("Warehouse lease", "Purchase of office", "Zoning appeal"),
    "Family": ("Divorce", "Custody modification", "Prenuptial agreement"),
    "Employment": ("Wage claim defense", "Executive agreement", "Discrimination claim"),
}
METHODS = ("hourly", "hourly", "hourly", "hourly", "flat", "flat", "contingency")
OPENING_MONTHS = 3


def fill_year(world: World, ground: Ground, *, seed: int, start: date, end: date, size: float) -> None:
    """Make the firm's people and let the year happen, day by day."""
    diary = Diary(world, ground, random.Random(seed), start, end)  # noqa: S311
    world.next_bill_number = 2401
    clients = _clients(diary, max(18, round(60 * size)))
    matters = _matters(diary, clients, max(30, round(90 * size)))
    special, everyday = matters[:24], matters
    for months in range(-OPENING_MONTHS, 13):
        first = month_after(start, months)
        active = 0.11 if months < -1 else 0.31
        for matter in everyday:
            if diary.chance.random() < active:
                _month(diary, matter, first)
    tell(diary, special)
    diary.run()
    for activity in list(world.tables["Activity"].values()):
        if activity.bill_id is None and activity.date > end - timedelta(days=45):
            world.plant("unbilled", "activities", activity.id, "work that is on no bill yet")
            break


def _clients(diary: Diary, count: int) -> list[Contact]:
    """Companies and persons; two of one name, one with a colon, two with accents."""
    make: Callable[..., Contact] = desk_work.create_client
    made: list[Contact] = []
    world = diary.world
    for text in ("Northport Cemetery Board", "Fulton: Sons & Co", "Société Générale d'Épargne"):
        made.append(make(world, name=text, email=f"office{len(made)}@client.example", **_address(diary)))
    for given, family in (("John", "Carter"), ("John", "Carter"), ("Zoë", "Müller-Ångström")):
        made.append(
            make(
                world,
                first_name=given,
                last_name=family,
                email=f"person{len(made)}@client.example",
                **_address(diary),
            )
        )
    for kind, contact in (
        ("client_with_colon", made[1]),
        ("client_with_accents", made[2]),
        ("same_name", made[3]),
        ("same_name", made[4]),
        ("client_with_accents", made[5]),
    ):
        world.plant(kind, "contacts", contact.id, contact.name)
    companies = [f"{a} {b}" for a in FIRST for b in SECOND]
    people = [(a, b) for a in GIVEN for b in FAMILY]
    diary.chance.shuffle(companies)
    diary.chance.shuffle(people)
    for i in range(count - len(made)):
        mail = f"client{i}@client.example"
        turn = f" {i // 360 + 1}" if i >= 360 else ""
        if i % 2:
            given, family = people[i // 2 % len(people)]
            made.append(make(world, first_name=given, last_name=family + turn, email=mail, **_address(diary)))
        else:
            name = companies[i // 2 % len(companies)] + turn
            made.append(make(world, name=name, email=mail, **_address(diary)))
    return made


def _address(diary: Diary) -> dict[str, str]:
    number = diary.chance.randint(1, 400)
    town, zip_code = diary.chance.choice(
        (("Albany", "12207"), ("Troy", "12180"), ("Saratoga Springs", "12866"))
    )
    return {"street": f"{number} Church Street", "city": town, "province": "NY", "postal_code": zip_code}


def _matters(diary: Diary, clients: list[Contact], count: int) -> list[Matter]:
    """At least one matter each; practice areas, attorneys and ways of billing in turn."""
    made = []
    opened = month_after(diary.start, -OPENING_MONTHS)
    for i in range(count):
        area = list(SUBJECTS)[i % len(SUBJECTS)]
        subject = SUBJECTS[area][i // len(SUBJECTS) % 3]
        method = "hourly" if i < 24 else METHODS[i % len(METHODS)]
        made.append(
            desk_work.create_matter(
                diary.world,
                client=clients[i % len(clients)].id,
                description=subject,
                practice_area=diary.ground.areas[area],
                responsible=diary.ground.users[i % 9],
                billing_method=method,
                open_date=opened,
                flat_fee=Decimal(diary.chance.choice((1500, 2250, 3500))) if method == "flat" else Decimal(0),
            )
        )
    return made


def _month(diary: Diary, matter: Matter, first: date) -> None:
    """A month's work on a matter, and its bill in the first days of the next."""
    work: list[int] = []
    for _ in range(_entries(diary, matter)):
        day = first + timedelta(days=diary.chance.randint(0, 27))
        diary.on(day, lambda day=day: work.append(_entry(diary, matter, day)))  # type: ignore[misc]
    if matter.billing_method == "flat":
        diary.on(first + timedelta(days=25), lambda: work.append(_flat(diary, matter, first)))
    if matter.billing_method == "contingency" and diary.chance.random() < 0.3:
        fee = Decimal(diary.chance.randint(4000, 22000))
        diary.on(
            first + timedelta(days=26),
            lambda: work.append(diary.fee(matter, first + timedelta(days=26), fee, contingency=True)),
        )
    billing = month_after(first, 1) + timedelta(days=diary.chance.randint(0, 5))
    diary.on(billing, lambda: _bill(diary, list(work)))


def _flat(diary: Diary, matter: Matter, first: date) -> int:
    return diary.fee(matter, first + timedelta(days=25), matter.flat_fee)


def _entries(diary: Diary, matter: Matter) -> int:
    if matter.billing_method == "hourly":
        return diary.chance.randint(3, 9)
    return diary.chance.randint(1, 3)


def _entry(diary: Diary, matter: Matter, day: date) -> int:
    """Time, or on fee matters a cost; soft costs have odd prices on purpose."""
    pick = diary.chance.random()
    if matter.billing_method == "hourly" and pick < 0.74:
        free = diary.chance.random() < 0.02
        return diary.time(matter, day, Decimal(diary.chance.randint(1, 48)) / 10, no_charge=free)
    if pick < 0.82:
        return diary.cost(matter, day, "Copies", "0.15", diary.chance.randint(7, 400))
    if pick < 0.88:
        return diary.cost(matter, day, "Postage", Decimal(diary.chance.randint(58, 1999)) / 100)
    if pick < 0.93:
        return diary.cost(matter, day, "Travel", "0.67", diary.chance.randint(9, 160), taxed=True)
    if pick < 0.985:
        return diary.cost(matter, day, "Filing Fees", diary.chance.choice(("45", "95", "210", "305")))
    return diary.cost(matter, day, "Expert Witness", Decimal(diary.chance.randint(6, 30) * 125))


def _bill(diary: Diary, work: list[int]) -> None:
    """Bill a month; most are approved at once, some after a day or two."""
    if not work:
        return
    tax = "8.875" if diary.chance.random() < 0.12 else "0"
    bill = diary.bill(work, approve=False, tax=tax, services=tax != "0" and diary.chance.random() < 0.3)
    roll = diary.chance.random()
    if roll < 0.06:
        desk_bills.edit_bill(
            diary.world,
            bill=bill.id,
            discount_type="percentage",
            discount_rate=Decimal(10),
            discount_services_only=roll < 0.02,
            discount_note="Courtesy discount",
        )
    elif roll < 0.09:
        desk_bills.edit_bill(diary.world, bill=bill.id, discount_type="money", discount_rate=Decimal("75.50"))
    diary.on(diary.later(0, 2), lambda: _approve(diary, bill))


def _approve(diary: Diary, bill: Bill) -> None:
    bill.last_sent_at = diary.world.now()  # it goes to the client as soon as it is approved
    desk_bills.approve_bill(diary.world, bill=bill.id)
    roll = diary.chance.random()
    if roll < 0.66:
        diary.on(diary.later(9, 48), lambda: _settle(diary, bill))
    elif roll < 0.78:
        diary.on(diary.later(14, 30), lambda: _part(diary, bill))
        diary.on(diary.later(40, 75), lambda: _settle(diary, bill))
    elif roll < 0.84:
        diary.on(diary.later(20, 50), lambda: _part(diary, bill))
    elif roll < 0.90:
        diary.on(diary.later(45, 60), lambda: _interest(diary, bill))
        diary.on(diary.later(61, 95), lambda: _settle(diary, bill))


def _settle(diary: Diary, bill: Bill) -> None:
    if diary.owed(bill) > 0 and bill.state == "awaiting_payment":
        diary.pay(bill)


def _part(diary: Diary, bill: Bill) -> None:
    half = (diary.owed(bill) / 2).quantize(Decimal(1))
    if half > 0 and bill.state == "awaiting_payment":
        diary.pay(bill, amount=half)


def _interest(diary: Diary, bill: Bill) -> None:
    owed = diary.owed(bill)
    if owed > 100 and bill.state == "awaiting_payment":
        charge = (owed * Decimal("0.015")).quantize(Decimal("0.01"))
        desk_bills.add_interest(diary.world, bill=bill.id, total=charge)
