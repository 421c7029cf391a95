"""Whatever mix of payments, deposits, edits, returns and retainers: three laws hold after each act.

What clients owe in the books is what Clio says; the bank and Undeposited Funds hold the money that really
came; the retainer liability is the sum of what is held for clients.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.tenancy import firm_scope
from syncapp.core.planning.returns import RETURNED, Said
from syncapp.desk.queries import held
from syncapp.emulators.clio.desk_bank import operating_funds
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor, reports
from syncapp.pipeline.cases import choices
from syncapp.records.models import Case
from tests.delivery.scene import TODAY, Scene
from tests.road import books
from tests.road.acts import owed
from tests.road.closing import FAR, receivable
from tests.stage import Standing, firm_file, standing

ACTS = ("pay", "pay", "deposit", "edit", "edit", "remove", "retain", "use")
STEPS = 6
RETURNS = date(2026, 11, 5)


@dataclass(slots=True)
class Mix:
    """A client, what was paid, and the money that the bank really has of it."""

    at: Scene
    draw: random.Random
    client: int = 0
    matter: int = 0
    bills: list[Any] = field(default_factory=list)
    paid: dict[int, Decimal] = field(default_factory=dict)  # by payment of Clio, as Clio says
    more: dict[int, Decimal] = field(default_factory=dict)  # what the bank has of it beyond that
    retained: Decimal = Decimal(0)
    told: list[str] = field(default_factory=list)

    def do(self, act: str) -> None:
        self.told.append(act)
        getattr(self, act)()
        self.at.on.sync()
        self.answer()

    def pay(self) -> None:
        bill = self.at.bill(self.matter, hours=str(self.draw.randint(2, 6)))
        amount = Decimal(self.draw.randint(10_000, 60_000)) / 100
        self.bills.append(bill)
        self.paid[self.at.pay(bill.id, amount=str(amount), reference=str(len(self.bills)))] = amount

    def deposit(self) -> None:
        company = self.at.on.company
        waiting = backdoor.waiting(company)
        if some := self.draw.sample(waiting, min(len(waiting), self.draw.randint(1, 2))):
            backdoor.deposit(company, some, account=company.account("Operating Bank"), day=TODAY)

    def edit(self) -> None:
        if self.paid:
            key = self.draw.choice(sorted(self.paid))
            self.more.pop(key, None)
            self.paid[key] = (self.paid[key] * self.draw.choice([50, 75, 90]) / 100).quantize(Decimal("0.01"))
            self.at.on.desk("edit_payment", payment=key, amount=str(self.paid[key]))

    def remove(self) -> None:
        if self.paid:
            key = self.draw.choice(sorted(self.paid))
            del self.paid[key]
            self.more.pop(key, None)
            self.at.on.desk("remove_payment", payment=key)

    def retain(self) -> None:
        amount = Decimal(self.draw.randint(10_000, 90_000)) / 100
        self.retained += amount
        self.at.on.desk("operating_deposit", client=self.client, amount=str(amount), date=TODAY)

    def use(self) -> None:
        bill = next((one for one in self.bills if owed(self.at.on, one) > 0), None)
        has = operating_funds(self.at.on.world, self.client)
        if bill is not None and has > 0:
            amount = min(has, owed(self.at.on, bill), Decimal(75))
            self.at.on.desk("pay_from_operating", bill=bill.id, amount=str(amount), date=TODAY)

    def answer(self) -> None:
        """Press what each card offers, until nothing is asked."""
        on = self.at.on
        with firm_scope(write=None, reads=[on.firm.pk]):
            asked = Case.objects.filter(firm=on.firm, code__in=["deposited", "payment_removed"])
            cases = list(asked.filter(closed_at__isnull=True))
        for case in cases:
            given: dict[str, Any] = {"firm_id": on.firm.pk, "case_id": case.pk, "by": on.person}
            if case.code == "payment_removed":
                said = Said(what=RETURNED, day=RETURNS)
                assert choices.returned(said=said, now=timezone.now(), **given) is None
                continue
            ways = [way for way in ("again", "entry", "credit") if f'"{way}"' in case.facts["ways"]]
            way = self.draw.choice(ways)
            self.told.append(way)
            key, gap = int(case.facts["for"].split("/")[1]), int(case.facts["print"].rpartition(":")[2])
            if way == "credit":
                self.more[key] = Decimal(gap) / 100
            print_ = case.facts["print"]
            assert choices.choose(answer=f"{way}:{print_}", now=timezone.now(), **given) is None
        if cases:
            on.sync()

    def laws(self) -> None:
        on = self.at.on
        rows = {row.name: Decimal(row.minor) / 100 for row in reports.trial_balance(on.company, until=FAR)}
        at_bank = rows.get("Operating Bank", Decimal(0)) + rows.get("Undeposited Funds", Decimal(0))
        assert at_bank == sum(self.paid.values()) + sum(self.more.values()) + self.retained, self.told
        with firm_scope(write=None, reads=[on.firm.pk]):
            listed = held.read(books=on.books, today=TODAY + timedelta(days=60))
        liability = -rows.get("Client Retainers Operating", Decimal(0))
        assert Decimal(listed.balance) / 100 == liability, self.told
        assert not listed.typed, self.told
        known = liability - operating_funds(on.world, self.client)  # of what the bank received beyond Clio
        billed = sum((owed(on, bill) for bill in self.bills), Decimal(0))
        assert receivable(on) == billed - (sum(self.more.values()) - known), self.told
        books.assert_tieout(on)


@pytest.fixture(scope="module")
def waiting(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Standing]:
    file = firm_file(deposits=[{"otherwise": "Undeposited Funds"}])
    with django_db_blocker.unblock(), standing(empty(), synced=True, file=file) as made:
        yield made


@pytest.mark.parametrize(("seed", "relinked"), [(347, False), (288, True)])
def test_the_laws_of_money_hold_after_every_act(waiting: Standing, seed: int, *, relinked: bool) -> None:
    with waiting.fresh() as on:
        backdoor.switch(on.company, deposited_relink_ok=relinked)
        mix = Mix(Scene(on=on), random.Random(seed))
        mix.client = mix.at.client().id
        mix.matter = mix.at.matter(mix.client).id
        for act in ("pay", "retain", *mix.draw.choices(ACTS, k=STEPS)):
            mix.do(act)
            mix.laws()
        books.assert_idle(on)
        assert on.verify()["ok"], on.verify()
