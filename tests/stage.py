"""The stage of the end-to-end tests: both emulators, a firm from a file, both connected by real consent."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import Books, ExternalAccount, Firm, Grant, User
from accounts.tenancy import firm_scope
from mapping import queries as mapping_queries
from syncapp.emulators.clio import app as clio
from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.model import World
from syncapp.emulators.qbo import app as qbo
from syncapp.emulators.qbo import seed
from syncapp.emulators.qbo.company import Company
from syncapp.emulators.wire import App
from syncapp.http import session
from syncapp.pipeline import answers, connect
from syncapp.pipeline.afresh import compare
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import read
from syncapp.pipeline.run import Order, run
from syncapp.records.models import Run, TieOut
from tests.consent import consent

SCALE = 1000
START = date(2025, 11, 1)  # the first day of the seeded year
FIRM = f"""
version: 1
firm: {{slug: ash-birch, name: Ash & Birch LLP, time_zone: America/New_York, currency: USD, jurisdiction: NC}}
people:
  - {{email: admin@ash-birch.test, role: administrator}}
  - {{email: books@ash-birch.test, role: bookkeeper}}
source: {{provider: clio, region: us}}
books:
  - name: main
    ledger: qbo
    start: {{bills: {START}, payments: {START}, credits: {START}, trust: {START}}}
    customers:
      {{matters_as: sub-customers, client_name: "{{client}}", matter_name: "{{matter_number}} {{client}}"}}
    invoices: {{number_prefix: "", lines: detail, several_matters: one}}
    mapping:
      rules:
        - {{when: {{line: time, practice_area: Litigation}}, item: Litigation Fees, class: Litigation}}
        - {{when: {{line: time}}, item: Legal Fees}}
        - {{when: {{line: expense, cost: hard}}, item: Advanced Costs Recovered}}
        - {{when: {{line: expense, expense_category: Filing Fees}}, item: Filing Fees Recovered}}
        - {{when: {{line: expense}}, item: Costs Recovered}}
        - {{when: {{line: discount}}, account: Discounts Given}}
        - {{when: {{line: interest}}, item: Late Interest}}
        - {{when: {{line: tax}}, item: Sales Tax Collected}}
        - {{when: {{line: write_off, of: costs}}, item: Costs Written Off}}
        - {{when: {{line: write_off, of: tax}}, item: Sales Tax Collected}}
        - {{when: {{line: write_off}}, item: Write-offs}}
      fallback: hold
    deposits:
      - {{clio_bank_account: Operating Checking, account: Operating Bank}}
      - {{otherwise: Undeposited Funds}}
    retainers: {{liability: Client Retainers Operating, item: Operating Retainer}}
    openings: {{item: Opening Balances}}
schedule: {{bills: on-event, payments: on-event, trust: on-event}}
"""


def firm_file(*, slug: str = "ash-birch", **changes: Any) -> dict[str, Any]:
    """The firm file as a form, with parts of its set of books changed: `invoices={"lines": "summary"}`."""
    file: dict[str, Any] = yaml.safe_load(FIRM)
    file["firm"]["slug"] = slug
    entry = file["books"][0]
    for key, value in changes.items():
        entry[key] = {**entry.get(key, {}), **copy.deepcopy(value)} if isinstance(value, Mapping) else value
    return file


@dataclass(slots=True, kw_only=True)
class Stage:
    """A firm between its emulated Clio and its emulated QuickBooks."""

    world: World
    clio: App
    qbo: App
    company: Company
    file: dict[str, Any]
    firm: Firm
    books: Books
    person: User

    def sync(self, *, whole: bool = True) -> Run:
        """Take the firm over the road until nothing is left, as `manage.py sync --until-quiet` does.

        Not `whole`: as the tick does, asking only for what changed.
        """
        order = Order(trigger="command" if whole else "tick", whole=whole, until_quiet=whole)
        done = run(firm=self.firm, order=order, clock=timezone.now)
        assert done.state == "done", done.words
        return done

    def today(self) -> date:
        """The day that the firm writes: late in the evening it is not the day of UTC."""
        return timezone.now().astimezone(ZoneInfo(self.firm.time_zone)).date()

    def desk(self, action: str, **given: Any) -> Any:
        """Act as a person in Clio, by the names of the desk's actions."""
        return do(self.world, action, **given)

    def exceptions(self) -> list[dict[str, Any]]:
        """What `manage.py exceptions --json` answers."""
        with firm_scope(write=None, reads=[self.firm.pk]):
            return answers.exceptions(self.firm.pk)

    def tieout(self, *, afresh: bool = True) -> dict[str, Any]:
        """What `manage.py tieout --json` answers; or what the last run found at its end."""
        if afresh:
            found = compare(firm=self.firm, clock=timezone.now)
        else:
            with firm_scope(write=None, reads=[self.firm.pk]):
                found = TieOut.objects.filter(firm_id=self.firm.pk).latest("at")
        with firm_scope(write=None, reads=[self.firm.pk]):
            return answers.tie_out(found)

    def verify(self) -> dict[str, Any]:
        """What `manage.py verify --json` answers."""
        with firm_scope(write=None, reads=[self.firm.pk]):
            return answers.verify(self.firm.pk)


@contextmanager
def unwritten() -> Iterator[None]:
    """A transaction that is taken back; the product may open its own inside it."""
    outer: Any = transaction.atomic()
    outer._from_testcase = True  # scopes are durable, and this one is the tests'
    with outer:
        try:
            yield
        finally:
            transaction.set_rollback(True)


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage that was set once for many tests, and both vendors as they were then."""

    made: Stage
    file: dict[str, Any]
    kept: Any

    @classmethod
    def of(cls, made: Stage) -> Standing:
        """Keep a stage as it stands now."""
        return cls(made, copy.deepcopy(made.file), copy.deepcopy(vendors(made)))

    @contextmanager
    def fresh(self) -> Iterator[Stage]:
        """The stage as it was set, for one test: whatever it does is taken back."""
        put_back(self.made, self.kept)
        self.made.file = copy.deepcopy(self.file)
        _mount(self.made.clio, self.made.qbo, SCALE)  # a test may have set a stage of its own meanwhile
        with unwritten():
            yield self.made


@contextmanager
def standing(world: World, *, synced: bool = False, **given: Any) -> Iterator[Standing]:
    """Set the stage once, for the tests of a module: they ask for `fresh`. Needs an unblocked database.

    With `synced` it is taken over the road once.
    """
    with unwritten(), stage(world, **given) as made:
        if synced:
            made.sync()
        yield Standing.of(made)


def vendors(made: Stage) -> Any:
    """What both vendors hold."""
    clio, qbo = made.clio.state, made.qbo.state
    return clio.firms, clio.grants, clio.hooks, qbo.companies, qbo.oauth


def put_back(made: Stage, kept: Any) -> None:
    """Let both vendors hold what they held once, with nothing going wrong."""
    clio, qbo = made.clio.state, made.qbo.state
    clio.firms, clio.grants, clio.hooks, qbo.companies, qbo.oauth = copy.deepcopy(kept)
    made.world, made.company = clio.world, next(iter(qbo.companies.values()))
    for vendor in (clio, qbo):
        vendor.faults.clear()
        vendor.faults.fired.clear()


@contextmanager
def stage(
    world: World,
    *,
    file: dict[str, Any] | None = None,
    company: Company | None = None,
    scale: float = SCALE,
    limited: bool = False,
) -> Iterator[Stage]:
    """Set the stage for one firm. Needs the fixture `db`.

    The vendors' budgets are out of the way unless `limited`; time runs `scale` times as fast.
    """
    company, file = company or seed.law_firm(), file or firm_file()
    world.switches.rate_limited, company.switches.throttle = limited, limited
    try:
        with override_settings(TIME_SCALE=scale):
            yield _set(world, company, file, scale)
    finally:
        session.unmount_all()
        session.configure(time_scale=settings.TIME_SCALE)


def _set(world: World, company: Company, file: dict[str, Any], scale: float) -> Stage:
    source = clio.create_app(
        world, time_scale=scale, client_id=settings.CLIO_CLIENT_ID, client_secret=settings.CLIO_CLIENT_SECRET
    )
    ledger = qbo.create_app(
        [company],
        time_scale=scale,
        client_id=settings.QBO_CLIENT_ID,
        client_secret=settings.QBO_CLIENT_SECRET,
    )
    _mount(source, ledger, scale)
    slug = file["firm"]["slug"]
    _step_aside(slug)
    apply(read(yaml.safe_dump(file, sort_keys=False)), now=timezone.now())
    firm = Firm.objects.get(slug=slug)
    person = User.objects.get(email=file["people"][0]["email"])
    with firm_scope(write=None, reads=[firm.pk]):
        books = Books.objects.get(firm=firm)
    made = Stage(
        world=world,
        clio=source,
        qbo=ledger,
        company=company,
        file=file,
        firm=firm,
        books=books,
        person=person,
    )
    connect_both(made)
    return made


def _step_aside(slug: str) -> None:
    """Let the firm that stands for a whole module leave its name and its vendors to a stage of one test."""
    if (standing := Firm.objects.filter(slug=slug).first()) is not None:
        with firm_scope(write=standing.pk):
            Grant.objects.filter(firm=standing).update(disconnected_at=timezone.now())
        ExternalAccount.objects.filter(firm_id=standing.pk).delete()
        Firm.objects.filter(pk=standing.pk).update(slug=f"{slug}-aside")


def _mount(source: App, ledger: App, scale: float) -> None:
    """Let our calls reach these vendors."""
    session.configure(time_scale=scale)
    session.mount_wsgi(settings.CLIO_BASE_URL, source)
    session.mount_wsgi(settings.QBO_API_BASE_URL, ledger)


def connect_both(made: Stage) -> None:
    """Give consent on both vendors' pages and let posting begin."""
    for provider, app in (("clio", made.clio), ("qbo", made.qbo)):
        back = connect.redirect_uri(provider)
        address = connect.begin(provider=provider, region="us", redirect_uri=back, state="as begun")
        grant = connect.finish(
            firm_id=made.firm.pk, provider=provider, books_id=made.books.pk if provider == "qbo" else None,
            region="us", callback_params=consent(app, address), redirect_uri=back, by=made.person,
            now=timezone.now(),
        )  # fmt: skip
        assert not isinstance(grant, str), grant
    with firm_scope(write=None, reads=[made.firm.pk]):
        company = mapping_queries.company(made.books.pk)
    assert company is not None
    refused = connect.start_posting(
        firm_id=made.firm.pk,
        books_id=made.books.pk,
        typed_name=company.name,
        by=made.person,
        now=timezone.now(),
    )
    assert refused is None, refused
