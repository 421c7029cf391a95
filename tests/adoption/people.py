"""The clients of a planted history, and how the connector and bookkeepers came to name their customers."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio import desk_work
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Contact, Matter, User
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor, seed
from syncapp.emulators.qbo.company import Company

END = date(2026, 10, 31)
START = date(2024, 10, 1)
GIVEN = "Anna Béla Carlos Dorothée Ewan Fatima Georg Hélène Ivan Joan Karl Łucja Maeve Nils Oona Pablo Renée"
FAMILY = "Abernathy Brønsted Castañeda Delacroix Esterházy Fitzgerald Guðjónsson Hernández Ibsen Jankowski"
FAMILY += (
    " Lindström MacGregor Núñez O'Donnell Pétursson Rousseau Strömberg Tănase Urquhart Vandenberg Kowalczyk"
)
TRADES = (
    "Harbor Granite Maple Summit Lakeside Pioneer Sterling Beacon Ironwood Silverline Bluestone Evergreen"
)
NOUNS = "Mills Holdings Dental Logistics Properties Foods Builders Software Advisors Clinic Freight Textiles"
FORMS = ("Inc.", "LLC", "L.L.C.", "Corp.", "Co.", "LLP", "Ltd.")
AREAS = "Partners Group Works House Line Yard Bros. Trading"
MARKED, EXACT, RETYPED, MISSPELLED, TWIN, MERGED = (
    "marked",
    "exact",
    "retyped",
    "misspelled",
    "twin",
    "merged",
)
KINDS = (MARKED,) * 9 + (EXACT,) * 4 + (RETYPED,) * 5 + (MISSPELLED,)


@dataclass(slots=True)
class History:
    """Both sides and the truth: which object of the books is which record; what no one could tell apart.

    Records are `(resource, id)`, objects `Invoice:12`. `plain` are those that a careful person would link
    without asking anybody; `wrong` are objects that are nobody's.
    """

    world: World
    company: Company
    truth: dict[tuple[str, int], str] = field(default_factory=dict)
    plain: set[tuple[str, int]] = field(default_factory=set)
    objects: int = 0


@dataclass(slots=True)
class Client:
    contact: Contact
    matter: Matter
    kind: str
    customer: str = ""
    fee: Decimal | None = None


class People:
    """Who is a client, and the customer that stands for each in the books."""

    def __init__(self, chance: random.Random, clients: int, months: int, bills: float) -> None:
        self.chance, self.count, self.months, self.bills = chance, clients, months, bills
        self.world = empty(end=END)
        self.world.switches.rate_limited = False
        self.company = seed.law_firm()
        self.history = History(self.world, self.company)
        self.user = self.world.all(User)[0].id
        self.number = 1000
        self.used: set[str] = set()
        self.active: set[tuple[str, int]] = set()
        self.item = seed.item(self.company, "Legal Fees")

    def _client(self, position: int) -> Client:
        kind = KINDS[position % len(KINDS)]
        company = self.chance.random() < 0.5
        while True:
            if company:
                words = [self.chance.choice(part.split()) for part in (TRADES, NOUNS, AREAS)]
                name = f"{' '.join(words)}, {self.chance.choice(FORMS)}"
                key = " ".join(words)
            else:
                given, family = self.chance.choice(GIVEN.split()), self.chance.choice(FAMILY.split())
                middle = self.chance.choice("BCDFGHKMPRSTW")
                name = f"{given} {middle}. {family}" if position % 3 else f"{given} {family}"
                key = f"{given} {family}"
            if key not in self.used:
                self.used.add(key)
                break
        return self._open(name, company=company, kind=kind, position=position)

    def _open(self, name: str, *, company: bool, kind: str, position: int, email: str = "") -> Client:
        plain = "".join(c for c in unicodedata.normalize("NFKD", name) if c.isascii() and c.isalpha()).lower()
        given, _, family = name.rpartition(" ")
        contact = desk_work.create_client(
            self.world,
            name=name if company else "",
            first_name="" if company else given,
            last_name="" if company else family,
            email=email or (f"{plain}{position}@example.test" if position % 4 else None),
            phone=f"(503) 555-{position:04d}" if position % 2 else None,
            street=f"{100 + position} Court Street",
            city="Portland",
            province="OR",
            postal_code="97204",
        )
        matter = desk_work.create_matter(self.world, client=contact.id, description="Advice", open_date=START)
        fee = Decimal(self.chance.randrange(5, 30) * 50) if position % 9 == 0 else None
        return Client(contact, matter, kind, fee=fee)

    def _namesakes(self) -> list[Client]:
        """Two of one name, each with its mark; and a family on one e-mail address and one customer."""
        twins = [self._open("John Smith", company=False, kind=TWIN, position=9001 + n) for n in range(2)]
        home = "home@example.test"
        family = [
            self._open("Mary Jones", company=False, kind=MERGED, position=9003 + n, email=home)
            for n in range(2)
        ]
        return [*twins, *family]

    def _customer(self, one: Client) -> None:
        name = one.contact.name.replace(":", " ")
        given: dict[str, Any] = {}
        if one.contact.primary_email_address:
            given["PrimaryEmailAddr"] = {"Address": one.contact.primary_email_address}
        if one.kind in (MARKED, TWIN):
            name = f"{name} Clio {one.contact.id}"
        elif one.kind == RETYPED:
            name = self._retyped(name, company=one.contact.type == "Company")
        elif one.kind == MISSPELLED:
            name, given = self._misspelled(name), {}
        elif one.kind == MERGED:
            same = [i for i, c in self.company.store["Customer"].items() if c["DisplayName"] == name]
            if same:
                one.customer = same[0]
                return
        taken = {c["DisplayName"].casefold() for c in self.company.store["Customer"].values()}
        while name.casefold() in taken:
            name += " (2)"
        made = backdoor.add(self.company, "Customer", {"DisplayName": name, **given})
        one.customer = made["Id"]
        self._true(
            "contacts", one.contact.id, f"Customer:{made['Id']}", plain=one.kind not in (MERGED, MISSPELLED)
        )

    def _retyped(self, name: str, *, company: bool) -> str:
        """Type a name as bookkeepers do."""
        way = self.chance.randrange(4)
        if way == 0:
            return name.upper()
        if way == 1:
            return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
        if company:
            bare = name.rpartition(",")[0]
            return bare if way == 2 else f"{bare.replace('.', '')} {name.rpartition(' ')[2].replace('.', '')}"
        given, _, family = name.rpartition(" ")
        return f"{family}, {given}" if way == 2 else f"{given.split()[0]} {family}"

    def _misspelled(self, name: str) -> str:
        words = name.split()
        at = max(range(len(words)), key=lambda n: len(words[n]))
        word = words[at]
        words[at] = word[:2] + word[3:]
        return " ".join(words)

    def _true(self, resource: str, key: int, books_id: str, *, plain: bool) -> None:
        self.history.truth[resource, key] = books_id
        if plain:
            self.history.plain.add((resource, key))
