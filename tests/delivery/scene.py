"""A firm for the tests of delivery: bills, payments and money, and what its books hold of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.tenancy import firm_scope
from syncapp.core.keys import TRACE_MARK
from syncapp.emulators.clio.nouns import Bill, Contact, Matter
from syncapp.emulators.clio.world import empty
from syncapp.emulators.faults import Faults
from syncapp.emulators.qbo import seed
from syncapp.records.models import Attempt, Case, Hold, Posting
from tests.oracle.compare import differences
from tests.stage import Stage, stage

TODAY = date(2026, 10, 20)
NOTES = {"Customer": "Notes"}


@dataclass(slots=True, kw_only=True)
class Scene:
    """A stage with its own people; the names of its actions are the bookkeeper's."""

    on: Stage
    clients: list[Contact] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)

    @property
    def faults(self) -> Faults:
        """What goes wrong in QuickBooks."""
        plan: Faults = self.on.qbo.state.faults
        return plan

    def client(self, name: str = "") -> Contact:
        """A new client of Clio."""
        number = len(self.clients) + 1
        made: Contact = self.on.desk("create_client", name=name or f"Client {number} Inc.")
        self.clients.append(made)
        return made

    def matter(self, client: int) -> Matter:
        """A new matter of a client."""
        made: Matter = self.on.desk(
            "create_matter", client=client, description="Supply dispute", open_date=TODAY
        )
        self.matters.append(made)
        return made

    def fresh_matter(self) -> int:
        """A new matter of a new client."""
        return self.matter(self.client().id).id

    def bill(self, matter: int, *, hours: str = "4.0", approve: bool = True, **more: Any) -> Bill:
        """A bill of time and a soft cost with tax."""
        user = next(iter(self.on.world.tables["User"]))
        cost = {c.name: c.id for c in self.on.world.tables["ExpenseCategory"].values()}
        of = {"matter": matter, "user": user, "date": TODAY}
        work = [
            self.on.desk("create_time", hours=hours, **of).id,
            self.on.desk("create_expense", price="33.33", category=cost["Travel"], taxed=True, **of).id,
        ]
        made: Bill = self.on.desk(
            "draft_bill", activities=work, **{"tax_rate": "8.875", "issued_at": TODAY, **more}
        )
        if approve:
            self.on.desk("approve_bill", bill=made.id)
        return made

    def bills(self, count: int) -> list[Bill]:
        """Bills of as many new clients."""
        return [self.bill(self.fresh_matter()) for _ in range(count)]

    def pay(self, *bills: int, amount: str, **more: Any) -> int:
        """A payment by check over some bills."""
        made = self.on.desk(
            "record_payment", bills=list(bills), amount=amount, **{"reference": "1001", "date": TODAY, **more}
        )
        return int(made.id)

    def sync(self) -> dict[str, Any]:
        """Sync until quiet; return the control totals, which must agree."""
        counts: dict[str, Any] = self.on.sync().counts
        assert counts["seen"] == sum(counts[name] for name in ("posted", "held", "skipped", "unchanged")), (
            counts
        )
        assert counts["uncertain"] == 0, counts
        return counts

    def store(self, entity: str) -> list[dict[str, Any]]:
        """What QuickBooks holds of a kind."""
        return list(self.on.company.store[entity].values())

    def postings(self, **where: Any) -> list[Posting]:
        """Operations of the firm."""
        with firm_scope(write=None, reads=[self.on.firm.pk]):
            return list(Posting.objects.filter(firm_id=self.on.firm.pk, **where).order_by("id"))

    def attempts(self, **where: Any) -> list[Attempt]:
        """What was sent, and what came back."""
        with firm_scope(write=None, reads=[self.on.firm.pk]):
            return list(Attempt.objects.filter(firm_id=self.on.firm.pk, **where).order_by("id"))

    def holds(self, **where: Any) -> list[Hold]:
        """Open holds, or with `alarm=True` open alarms."""
        with firm_scope(write=None, reads=[self.on.firm.pk]):
            found = Hold.objects.filter(
                firm_id=self.on.firm.pk, closed_at__isnull=True, **{"alarm": False, **where}
            )
            return list(found.select_related("case").order_by("id"))

    def cases(self) -> list[Case]:
        """Open cases."""
        with firm_scope(write=None, reads=[self.on.firm.pk]):
            return list(Case.objects.filter(firm_id=self.on.firm.pk, closed_at__isnull=True))

    def assert_once(self) -> None:
        """No operation stands in the books twice, and no number does."""
        for entity in ("Customer", "Invoice", "Payment", "CreditMemo", "JournalEntry", "Purchase", "Deposit"):
            rows = self.store(entity)
            marks = Counter(_mark(row.get(NOTES.get(entity, "PrivateNote"), "")) for row in rows)
            twice = {mark: count for mark, count in marks.items() if mark and count > 1}
            assert not twice, (entity, twice)
            numbers = Counter(row.get("DocNumber") for row in rows)
            assert all(count == 1 for number, count in numbers.items() if number), (entity, numbers)

    def assert_ties(self) -> None:
        """The books are what the oracle says, and each operation stands in them once."""
        self.assert_once()
        today = self.on.world.now().date()
        found = differences(self.on.world, self.on.file, self.on.company, on=[TODAY, today])
        assert not found, "\n" + "\n".join(found[:40])
        assert self.on.verify()["ok"], self.on.verify()


def _mark(note: str) -> str:
    return note[note.find(TRACE_MARK) :].split(maxsplit=1)[0] if TRACE_MARK in note else ""


@contextmanager
def scene(*, file: dict[str, Any] | None = None, **switches: Any) -> Iterator[Scene]:
    """A firm without work, connected; `switches` of the QuickBooks company."""
    company = seed.law_firm()
    for name, value in switches.items():
        assert hasattr(company.switches, name)
        setattr(company.switches, name, value)
    with stage(empty(), file=file, company=company) as made:
        yield Scene(on=made)
