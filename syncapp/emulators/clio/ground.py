"""What every seeded firm starts with: people, accounts, practice areas, categories, settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from syncapp.emulators.clio.funds import BankAccount, BillingSetting, TaxRateConfiguration
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import (
    Account,
    ActivityDescription,
    Currency,
    ExpenseCategory,
    Group,
    PracticeArea,
    User,
)

PEOPLE = (
    ("Eleanor", "Ash", 525, "Attorney"),
    ("Thomas", "Birch", 495, "Attorney"),
    ("Priya", "Raman", 425, "Attorney"),
    ("Marcus", "Oyelaran", 410, "Attorney"),
    ("Helen", "Kowalski", 385, "Attorney"),
    ("Daniel", "Reyes", 365, "Attorney"),
    ("Sofia", "Lindqvist", 325, "Attorney"),
    ("Andre", "Fontaine", 310, "Attorney"),
    ("Grace", "Tanaka", 285, "Attorney"),
    ("Naomi", "Feld", 175, "NonAttorney"),
    ("Luis", "Ortega", 165, "NonAttorney"),
    ("Bridget", "Doyle", 150, "NonAttorney"),
)
AREAS = (
    ("Litigation", "LIT", "civil_litigation"),
    ("Corporate", "COR", "business_formation_and_compliance"),
    ("Estates", "EST", "wills_and_estates"),
    ("Real Estate", "REA", "real_estate"),
    ("Family", "FAM", "family"),
    ("Employment", "EMP", "employment_and_labor"),
)
CATEGORIES = (
    ("Filing Fees", "hard_cost"),
    ("Expert Witness", "hard_cost"),
    ("Postage", "soft_cost"),
    ("Copies", "soft_cost"),
    ("Travel", "soft_cost"),
)
WORK = ("Drafting", "Research", "Court appearance", "Client call", "Negotiation", "Document review")


@dataclass(frozen=True, slots=True)
class Ground:
    """The ids of what a firm starts with, by name."""

    users: list[int]
    areas: dict[str, int]
    categories: dict[str, int]
    work: dict[str, int]
    operating: int
    trust: int


def _person(world: World, account: int, person: tuple[str, str, int, str]) -> int:
    first, last, rate, kind = person
    owner = person is PEOPLE[0]
    user = User(
        first_name=first,
        last_name=last,
        email=f"{first}.{last}@ashbirch.example".lower(),
        rate=Decimal(rate),
        subscription_type=kind,
        account_owner=owner,
        account_id=account,
        roles=["admin", "accounts", "billing", "reports"] if owner else [],
    )
    return world.add(user).id


def lay(world: World, *, at: datetime) -> Ground:
    """Fill an empty world with a firm's furniture."""
    world.at = at
    account = Account(name=world.account_name)
    world.next_ids["Account"] = world.account_id
    world.add(account)
    world.add(Currency(code="USD", sign="$"))
    world.add(BillingSetting())
    world.add(TaxRateConfiguration(name="Sales Tax", rate=Decimal("0.08875")))
    users = [_person(world, account.id, person) for person in PEOPLE]
    world.add(Group(name="Everyone", user_ids=users))
    areas = {n: world.add(PracticeArea(name=n, code=c, category=k)).id for n, c, k in AREAS}
    categories = {n: world.add(ExpenseCategory(name=n, entry_type=k)).id for n, k in CATEGORIES}
    work = {n: world.add(ActivityDescription(name=n)).id for n in WORK}
    operating = world.add(
        BankAccount(
            name="Operating Checking",
            type="Operating",
            account_number="****4410",
            general_ledger_number="1000",
            holder=world.account_name,
        )
    ).id
    trust = world.add(
        BankAccount(
            name="IOLTA",
            type="Trust",
            account_number="****7725",
            general_ledger_number="1010",
            holder=f"{world.account_name} Client Trust",
            controlled_account=True,
        )
    ).id
    return Ground(users, areas, categories, work, operating, trust)
