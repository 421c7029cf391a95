"""The emulated QuickBooks company in the oracle's words: its ledger, its invoices, its receivables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Contact, Matter
from syncapp.emulators.ledger import Entry, Line
from syncapp.emulators.qbo import reports
from syncapp.emulators.qbo.company import Company
from tests.oracle.model import numbered, plain
from tests.oracle.reports import Sums

NUMBERED = {"Invoice": "DocNumber", "Payment": "PaymentRefNum"}


class Shown:
    """One company, read as the law firm's clients and matters."""

    def __init__(self, company: Company, world: World, file: Mapping[str, Any], *, books: int = 0) -> None:
        self.co, self.world = company, world
        self.names: Mapping[str, str] = file["books"][books].get("customers", {})
        customers = company.store["Customer"].items()
        self.subject = {i: self.of(one["DisplayName"], sub="ParentRef" in one) for i, one in customers}

    def of(self, called: str, *, sub: bool) -> str:
        """The matter or client that the name of a customer, or of an account of its own, tells.

        `sub` says that it stands below another, as a matter's does.
        """
        name = plain(called)
        if sub:
            for matter in self.world.all(Matter):
                if plain(self._called("matter_name", "{matter_number} {client}", matter)) == name:
                    return f"matters/{matter.id}"
        for contact in self.world.all(Contact):
            if called.endswith(f" ({contact.id})"):
                return f"contacts/{contact.id}"  # a namesake: the name was taken
        for contact in self.world.all(Contact):
            if plain(self.names.get("client_name", "{client}").replace("{client}", contact.name)) == name:
                return f"contacts/{contact.id}"
        return f"unknown {called}"

    def _called(self, key: str, usual: str, matter: Matter) -> str:
        text = self.names.get(key, usual)
        client = self.world.get(Contact, matter.client_id).name
        for word, value in (
            ("matter_number", matter.display_number), ("client", client), ("matter", matter.description),
        ):  # fmt: skip
            text = text.replace(f"{{{word}}}", value)
        return text

    def account(self, identity: str) -> str:
        """An account by its full name."""
        return str(self.co.store["Account"][identity]["FullyQualifiedName"])

    def is_bank(self, identity: str) -> bool:
        """Whether names and classes do not matter on this account."""
        kind = self.co.store["Account"][identity]
        return bool(kind["AccountType"] == "Bank" or kind["AccountSubType"] == "UndepositedFunds")

    def _klass(self, line: Line) -> str:
        if not line.klass or self.co.is_receivable(line.account):
            return ""
        return str(self.co.store["Class"][line.klass]["FullyQualifiedName"])

    def _customer(self, line: Line) -> str:
        return "" if not line.customer or self.is_bank(line.account) else self.subject[line.customer]

    def trial_balance(self, *, until: date) -> Sums:
        """Cents by account on a day."""
        return {(row.name,): row.minor for row in reports.trial_balance(self.co, until=until)}

    def by_customer(self, *, until: date) -> Sums:
        """Cents by account and customer."""
        return self._group(until, lambda line: (self.account(line.account), self._customer(line)))

    def by_class(self, *, until: date) -> Sums:
        """Cents by account and class."""
        return self._group(until, lambda line: (self.account(line.account), self._klass(line)))

    def _group(self, until: date, group: Any) -> Sums:
        return {key: cents for key, cents in self.co.ledger.sums(group, until=until).items() if key[1]}

    def ageing(self, *, until: date) -> Sums:
        """Open cents by customer and age."""
        found: Counter[tuple[str, ...]] = Counter()
        for customer, row in reports.receivables(self.co, until=until).items():
            for age, cents in row.items():
                found[self.subject[customer], age] += cents
        return {key: cents for key, cents in found.items() if cents}

    def rows(self) -> Sums:
        """Every line of every entry: day, number, account, customer, item, class."""
        found: Counter[tuple[str, ...]] = Counter()
        for entry in self.co.ledger.entries():
            number = self._number(entry)
            for line in entry.lines:
                item = str(self.co.store["Item"][line.item]["Name"]) if line.item else ""
                key = (entry.day.isoformat(), number, self.account(line.account), self._customer(line))
                found[(*key, item, self._klass(line))] += line.minor
        return {key: cents for key, cents in found.items() if cents}

    def _number(self, entry: Entry) -> str:
        kind, identity = entry.key
        return numbered(str(self.co.store[kind][identity].get(NUMBERED.get(kind, ""), "") or ""))

    def heads(self) -> Counter[tuple[str, ...]]:
        """Every invoice that is not void: number, day, due day, customer, total."""
        found: Counter[tuple[str, ...]] = Counter()
        for one in self.co.store["Invoice"].values():
            if "Voided" in str(one.get("PrivateNote", "")):
                continue
            customer = self.subject[one["CustomerRef"]["value"]]
            total = str(int(one["TotalAmt"] * 100))
            found[numbered(one["DocNumber"]), one["TxnDate"], one["DueDate"], customer, total] += 1
        return found

    def trust(self) -> Sums:
        """What stands on the accounts of client money; nothing ever may in this issue."""
        walled = ("TrustAccounts", "TrustAccountsLiabilities")
        accounts = {i for i, a in self.co.store["Account"].items() if a["AccountSubType"] in walled}
        sums = self.co.ledger.sums(lambda line: line.account)
        return {(self.account(i),): cents for i, cents in sums.items() if i in accounts}
