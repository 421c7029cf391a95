"""The firm file as the oracle reads it: which rule fits, where money lands, from when on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from syncapp.emulators.clio.funds import BankAccount
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import (
    Activity,
    Contact,
    ExpenseCategory,
    LineItem,
    Matter,
    PracticeArea,
    User,
)
from tests.oracle.model import UNDEPOSITED, BooksFacts, Held, plain


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line goes."""

    account: str
    item: str = ""
    klass: str = ""


class Firm:
    """One set of books of a firm file."""

    def __init__(self, file: Mapping[str, Any], facts: BooksFacts, *, books: int = 0) -> None:
        self.entry: Mapping[str, Any] = file["books"][books]
        self.facts = facts
        self.rules: list[dict[str, Any]] = self.entry["mapping"]["rules"]

    def start(self, kind: str) -> date:
        """From which day on this kind is posted."""
        day = self.entry["start"][kind]
        return day if isinstance(day, date) else date.fromisoformat(day)

    def place(self, facts: Mapping[str, str]) -> Place:
        """The first rule that chooses where; the first that chooses a class. Raises Held."""
        fitting = [
            r for r in self.rules if all(plain(facts.get(k)) == plain(v) for k, v in r["when"].items())
        ]
        klass = next((r["class"] for r in fitting if r.get("class")), "")
        for rule in fitting:
            if rule.get("account"):
                return Place(rule["account"], klass=klass)
            if rule.get("item"):
                return Place(self.facts.items[rule["item"]], rule["item"], klass)
        fallback = self.entry["mapping"].get("fallback", "hold")
        if fallback == "hold":
            raise Held(f"nothing is chosen for {dict(facts)}")
        return Place(self.facts.items[fallback["item"]], fallback["item"], klass)

    def item(self, name: str) -> Place:
        """An item that an option names."""
        return Place(self.facts.items[name], name)

    def option(self, path: str, default: Any = None) -> Any:
        """An option by dotted path."""
        found: Any = self.entry
        for part in path.split("."):
            if part not in found:
                return default
            found = found[part]
        return found

    def number(self, text: str) -> str:
        """A number as it stands in the books. Raises Held above 21 characters."""
        whole = f"{self.option('invoices.number_prefix', '')}{text}"
        if len(whole) > 21:
            raise Held(f"the number {whole} has more than 21 characters")
        return whole

    def landing(self, world: World, bank: int | None, method: str | None) -> str:
        """The account where money lands: the first deposit rule that fits."""
        name = world.get(BankAccount, bank).name if bank else ""
        for rule in self.option("deposits", []):
            if "otherwise" in rule:
                return str(rule["otherwise"])
            wanted = {"clio_bank_account": name, "method": method}
            if all(plain(wanted[k]) == plain(rule[k]) for k in wanted if k in rule):
                return str(rule["account"])
        return UNDEPOSITED

    def pair(self, world: World, bank: int | None) -> Mapping[str, Any] | None:
        """What the firm set up for a trust account of Clio; None when nothing."""
        name = world.get(BankAccount, bank).name if bank else ""
        return next((pair for pair in self.option("trust", []) if pair["clio_account"] == name), None)

    @property
    def subs(self) -> bool:
        """Whether matters are sub-customers."""
        return bool(self.option("customers.matters_as", "sub-customers") == "sub-customers")

    @property
    def each(self) -> bool:
        """Whether a bill of several matters becomes one invoice for each."""
        return bool(self.option("invoices.several_matters", "one") == "each")

    @property
    def apart(self) -> bool:
        """Whether the costs of a bill become an invoice of their own."""
        return bool(self.option("invoices.costs", "together") == "own")

    def billed(self, world: World, client: int, matters: list[int]) -> str:
        """The customer: the matter where there is one of this client, else the client."""
        own = [m for m in matters if world.get(Matter, m).client_id == client]
        if self.subs and len(matters) == 1 and own:
            return f"matters/{own[0]}"
        return f"contacts/{client}"


def facts_of(world: World, line: LineItem) -> dict[str, str]:
    """What the rules may ask of a time or cost line."""
    facts = {
        "line": "time" if line.kind_of == "Service" else "expense",
        **matter_facts(world, line.matter_id),
    }
    if line.user_id:
        facts["timekeeper"] = world.get(User, line.user_id).name
    for activity in world.some(Activity, [line.activity_id or 0]):
        for category in world.some(ExpenseCategory, [activity.expense_category_id or 0]):
            facts["expense_category"] = category.name
        if activity.type in ("HardCostEntry", "SoftCostEntry"):
            facts["cost"] = "hard" if activity.type == "HardCostEntry" else "soft"
    return facts


def matter_facts(world: World, matter_id: int | None) -> dict[str, str]:
    """What the rules may ask of a matter."""
    facts: dict[str, str] = {}
    for matter in world.some(Matter, [matter_id or 0]):
        facts["matter"] = matter.display_number
        facts["client"] = world.get(Contact, matter.client_id).name
        for area in world.some(PracticeArea, [matter.practice_area_id or 0]):
            facts["practice_area"] = area.name
        for user in world.some(User, [matter.responsible_attorney_id or 0]):
            facts["responsible"] = user.name
    return facts
