"""A small firm that every history begins with: set up once, put back as it was after each."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from celery import Task
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Grant
from accounts.tenancy import firm_scope
from syncapp.clio import shapes
from syncapp.emulators.clio.world import empty
from syncapp.emulators.faults import Fault, Faults
from syncapp.emulators.qbo import backdoor, hooks, seed
from syncapp.emulators.qbo.company import Company
from syncapp.http import session
from syncapp.pipeline import connect, tasks
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.clock.schedule import LEASE
from syncapp.pipeline.notices import webhooks
from tests.consent import consent
from tests.road.test_any_order import day
from tests.stage import Stage, firm_file, put_back, stage, unwritten, vendors
from tests.stateful.clock import Virtual, ruling
from tests.stateful.setups import SECOND, SETUPS, Setup, hold_before
from tests.stateful.wire import Killed, Line, Transport, drawn

VERIFIER = "the verifier token of the application"
# Lists of Clio that no history changes: read at the start, and not again, which saves a third of the time.
FURNITURE = {"practice_areas", "expense_categories", "bank_accounts"}
DESK = "desk"  # client money is held, and people have their hands in what was posted
LEASES_OVER = (LEASE + timedelta(minutes=1)).total_seconds()


class Sorted(Faults):
    """QuickBooks' plan of faults, in which `read` and `write` stand for any call of their sort.

    A batch is a write, and each operation in it is another.
    """

    def hit(self, *operations: str) -> Fault | None:
        """Count a call under its names and its sort."""
        reads = operations[0] in {"query", "cdc"} or operations[0].startswith("GET")
        sort = () if operations[0].startswith(("token", "revoke")) else ("read" if reads else "write",)
        return super().hit(*operations, *sort)


@dataclass(slots=True)
class Ground:
    """The firm, its vendors, its clock and the line between them."""

    on: Stage
    clock: Virtual
    line: Line
    setup: Setup | None = None  # of its trust accounts, if it has any
    desk: bool = False  # people change and type things in the books of operating money
    kept: Any = None
    began: Any = None
    revoked: set[str] = field(default_factory=set)
    arrived: int = 0
    door: Client = field(default_factory=Client)

    def keep(self) -> None:
        """Remember the vendors as they are now."""
        self.kept, self.began = copy.deepcopy(vendors(self.on)), self.clock.at

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """Play one history: afterwards the database is as it was; before it, the vendors are."""
        put_back(self.on, self.kept)
        self.on.clio.state.hooks.send = self._to_us
        self.clock.back(self.began)
        self.line.mend()
        self.revoked.clear()
        with unwritten():
            yield

    def work(self) -> str:
        """A worker takes the firm as the tick gives it, and goes as far as it comes: how it ended."""
        self.clock.sleep(LEASES_OVER)
        self.line.working = True
        try:
            for firm_id, holder in schedule.claim_due(now=timezone.now()):
                tasks.run_firm(firm_id=firm_id, holder=holder)
        except Killed:
            self.line.dead = False
            return "killed"
        finally:
            self.line.mend()
            self.line.working = False
            self.on.clio.state.faults.clear()
            self.on.qbo.state.faults.clear()
        return "ended"

    def subscribe(self) -> None:
        """Ask Clio for its webhooks, as a worker does before its first run."""
        mail = self.on.clio.state.hooks
        sender, mail.send = mail.send, self._to_us
        webhooks.keep(firm_id=self.on.firm.pk, now=timezone.now())
        self.post("in order")
        mail.send = sender

    def post(self, how: str) -> int:
        """Let the vendors deliver what waits: in order, doubled, reordered or lost; give how many arrived."""
        mail, company = self.on.clio.state.hooks, self.on.company
        self.arrived = 0
        match how:
            case "doubled":
                mail.double()
                hooks.double(company)
            case "reordered":
                mail.reorder()
                hooks.reorder(company)
            case "lost":
                mail.drop()
                hooks.drop(company, count=len(company.events))
        mail.flush(self.on.clio.state.firms)
        hooks.flush(company, send=lambda url, raw, headers: self._to_us(url, raw, headers)[0])
        return self.arrived

    def _to_us(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
        """Carry one message to our door."""
        given = dict(headers)
        kind = given.pop("Content-Type")
        answer = self.door.post(urlsplit(url).path, data=body, content_type=kind, headers=given)
        assert answer.status_code == 200, (url, answer.status_code)
        self.arrived += 1
        return answer.status_code, {name.lower(): value for name, value in answer.headers.items()}

    def revoke(self, vendor: str) -> None:
        """The firm takes the application away at the vendor."""
        if vendor == "clio":
            self.on.clio.state.grants.tokens.clear()
            self.on.clio.state.grants.refresh.clear()
        else:
            self.on.qbo.state.oauth.disconnect(self.on.company.realm)
        self.revoked.add(vendor)

    def ended(self) -> list[str]:
        """Which authorisations are gone, taken away by a person or given up by the vendor."""
        with firm_scope(write=None, reads=[self.on.firm.pk]):
            grants = Grant.objects.filter(firm_id=self.on.firm.pk, disconnected_at__isnull=True)
            gone = grants.filter(state__in=["revoked", "expired"]).values_list("provider", flat=True)
            return sorted({*self.revoked, *gone})

    def reconnect(self, vendor: str) -> None:
        """A person gives consent again."""
        app = self.on.clio if vendor == "clio" else self.on.qbo
        back = connect.redirect_uri(vendor)
        address = connect.begin(provider=vendor, region="us", redirect_uri=back, state="as begun")
        books = self.on.books.pk if vendor == "qbo" else None
        grant = connect.finish(
            firm_id=self.on.firm.pk, provider=vendor, books_id=books, region="us",
            callback_params=consent(app, address), redirect_uri=back, by=self.on.person,
            now=timezone.now(),
        )  # fmt: skip
        assert not isinstance(grant, str), grant
        self.revoked.discard(vendor)


def furnish(made: Stage) -> None:
    """Two clients with two matters each."""
    for name in ("Harbor Mills Inc.", "Fulton & Sons"):
        client = made.desk("create_client", name=name)
        for what in ("Supply dispute", "Lease"):
            made.desk("create_matter", client=client.id, description=what, open_date=date(2026, 10, 1))


def trust_company() -> Company:
    """The books with the accounts of both."""
    found = seed.law_firm()
    for name, kind, subtype in (
        (SECOND["bank"], "Bank", "TrustAccounts"),
        (SECOND["liability"], "Other Current Liability", "TrustAccountsLiabilities"),
    ):
        backdoor.add(found, "Account", {"Name": name, "AccountType": kind, "AccountSubType": subtype})
    return found


def fund(firm: Stage, chosen: Setup) -> None:
    """The second account in Clio, and something in both to spend."""
    second = firm.desk("open_trust_account", name=SECOND["clio_account"], account_number="****1182").id
    if chosen.opened:
        hold_before(firm)
    for at, matter in enumerate(firm.world.tables["Matter"]):
        at_bank = None if at % 2 == 0 else second
        firm.desk("trust_deposit", matter=matter, amount=500, date=day(0), bank_account=at_bank)


@contextmanager
def ground(setup: str = "") -> Iterator[Ground]:
    """Set up the firm within a transaction that is taken back. Needs a database.

    With a `setup` it has two trust accounts with something in them; else client money is held.
    """
    chosen = SETUPS.get(setup)
    waits: dict[str, Any] = {"deposits": [{"otherwise": "Undeposited Funds"}]} if setup == DESK else {}
    file, made_books = (chosen.file(), trust_company) if chosen else (firm_file(**waits), seed.law_firm)
    said = override_settings(QBO_WEBHOOK_VERIFIER_TOKEN=VERIFIER)
    with (
        ruling() as clock,
        unwritten(),
        said,
        drawn(Line(clock)) as line,
        pytest.MonkeyPatch.context() as patched,
        stage(empty(), file=file, company=made_books(), scale=1) as made,
    ):
        patched.setattr(Task, "apply_async", lambda *_given, **_more: None)  # a task is only a wake-up
        session.mount(settings.CLIO_BASE_URL, Transport(line, "clio", made.clio))
        session.mount(settings.QBO_API_BASE_URL, Transport(line, "qbo", made.qbo))
        made.qbo.state.faults = Sorted()
        address = f"{settings.PUBLIC_URL.rstrip('/')}/webhooks/qbo/"
        made.qbo.state.subscribe(url=address, verifier_token=VERIFIER)
        furnish(made)
        if chosen:
            fund(made, chosen)
        made.sync()
        schedule.whole_done(firm_id=made.firm.pk, now=timezone.now())  # that was the day's whole run
        patched.setattr(shapes, "ALL", tuple(one for one in shapes.ALL if one.resource not in FURNITURE))
        found = Ground(made, clock, line, chosen, desk=setup == DESK)
        found.subscribe()
        found.keep()
        yield found
