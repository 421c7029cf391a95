"""A year's end for an auditor: one account that is open to him, and names that he must never meet.

October is signed at 7,140.00 with two outstanding items. Afterwards two rows of it are corrected by 75.00 in
all. In November one deposit waits for approval, a bank charge is left to the feed, and somebody enters client
money in QuickBooks that Clio does not have. Quentin Quirk has money in another account, Orla Olden had hers
in this one before the days that are open.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.tenancy import firm_scope
from mapping import actions as mapping
from mapping import queries as mapped
from mapping.rules import RuleRow
from syncapp.emulators.bank import Line, Sheet, write
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.trust import approvals
from syncapp.records.models import Hold
from tests import cast
from tests.road.clientmoney import IOLTA
from tests.stage import Stage, firm_file, stage
from tests.stateful.ground import trust_company
from tests.stateful.setups import SECOND
from tests.trust import opened
from trust.actions import naming, statements
from trust.approving import CODE
from trust.models import TrustPair
from trust.statements.fitting import Told

FIRST, OCTOBER = date(2026, 10, 1), "2026-10"
NOBODY_KNOWS = ("Quirk", "Olden", "Zeno Payer", SECOND["clio_account"], SECOND["bank"])
AUDITOR, PARTNER, BOOKKEEPER = (f"{name}@ash-birch.test" for name in ("auditor", "partner", "books"))
SEPTEMBER = Sheet(
    account="6789", first_day=date(2026, 9, 1), last_day=date(2026, 9, 30), opening=0, closing=0,
    lines=(
        Line(day=date(2026, 9, 11), amount=20_000, id="A1", text="DEPOSIT"),
        Line(day=date(2026, 9, 14), amount=-20_000, id="A2", text="CHECK 1041", check="1041"),
    ),
)  # fmt: skip
BANK = Sheet(
    account="6789", first_day=FIRST, last_day=date(2026, 10, 31), opening=0, closing=650_000,
    lines=(
        Line(day=date(2026, 10, 6), amount=500_000, id="B1", text="DEPOSIT"),
        Line(day=date(2026, 10, 14), amount=-150_000, id="B2", text="CHECK 1042", check="1042"),
        Line(day=date(2026, 10, 15), amount=300_000, id="B3", text="DEPOSIT"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """The stage, the open account and the closed one, and the people."""

    stage: Stage
    pair: TrustPair
    other: TrustPair
    auditor: User
    partner: User
    bookkeeper: User

    def at(self, name: str, **named: Any) -> str:
        """An address of the open account."""
        return reverse(name, kwargs={"pair_id": self.pair.pk, **named})


def last_day() -> date:
    """The last day that is open: after all that happens."""
    return max(date(2026, 11, 30), timezone.now().date())


def _file() -> dict[str, Any]:
    post = [kind for kind in IOLTA["post"] if kind != "bank_charge"]
    file = firm_file(trust=[{**IOLTA, "post": post, "jurisdiction": "NC"}, SECOND])
    file["people"] += [
        {"email": PARTNER, "role": "partner"},
        {
            "email": AUDITOR,
            "role": "auditor",
            "until": date(2099, 12, 31),
            "accounts": [IOLTA["clio_account"]],
            "from": FIRST,
            "to": last_day(),
        },
    ]
    file["approvals"] = {"trust_over": "4000.00", "needed": 1, "approvers": [PARTNER]}
    return file


@contextmanager
def audited() -> Iterator[Audited]:
    """Tell it all, through both emulated vendors. Needs a database."""
    with stage(empty(), file=_file(), company=trust_company()) as on:
        ash, birch = opened.matter(on, "Ash Holdings"), opened.matter(on, "Birch & Sons")
        _others(on)
        on.desk("trust_deposit", matter=ash, amount=Decimal(5000), date=date(2026, 10, 5), source="Ada Payer")
        on.desk(
            "trust_disbursement", matter=ash, amount=Decimal(1500), payee="Harbor Title", reference="1042",
            date=date(2026, 10, 12), description="Title search",
        )  # fmt: skip
        later = on.desk("trust_deposit", matter=birch, amount=Decimal(3000), date=date(2026, 10, 14)).id
        on.desk(
            "trust_deposit", matter=birch, amount=Decimal(700), date=date(2026, 10, 31), source="Bo Payer"
        )
        check = on.desk(
            "trust_disbursement", matter=ash, amount=Decimal(60), payee="Clerk of Court", reference="1043",
            date=date(2026, 10, 22),
        ).id  # fmt: skip
        on.sync()
        told = _told(on)
        _approved(told)
        on.sync()
        _in_october(told)
        _signed(told)
        on.desk("edit_trust_row", row=later, amount=Decimal(2950))
        on.desk("edit_trust_row", row=check, amount=Decimal(85))
        on.desk(
            "trust_deposit", matter=birch, amount=Decimal(4500), date=date(2026, 11, 3), source="Bo Payer"
        )
        on.desk("bank_charge", amount=Decimal(15), date=date(2026, 11, 4))
        _stray(on)
        _second_version(told)
        on.sync()
        yield told


def _others(on: Stage) -> None:
    """Whom the auditor must not meet: another account's client, and one whose money left before."""
    seattle = on.desk("open_trust_account", name=SECOND["clio_account"], account_number="****1182").id
    quirk, olden = opened.matter(on, "Quentin Quirk"), opened.matter(on, "Orla Olden")
    on.desk(
        "trust_deposit", matter=quirk, amount=Decimal(4200), date=date(2026, 10, 8), source="Zeno Payer",
        bank_account=seattle,
    )  # fmt: skip
    on.desk("trust_deposit", matter=olden, amount=Decimal(200), date=date(2026, 9, 10), source="Orla Olden")
    on.desk(
        "trust_disbursement", matter=olden, amount=Decimal(200), payee="Orla Olden", reference="1041",
        date=date(2026, 9, 11),
    )  # fmt: skip


def _told(on: Stage) -> Audited:
    with firm_scope(write=None, reads=[on.firm.pk]):
        pairs = {row.clio_account: row for row in TrustPair.objects.select_related("firm", "books")}
    people = {row.user.email: row.user for row in Membership.objects.select_related("user")}
    for email, name in ((PARTNER, "Pat Partner"), (BOOKKEEPER, "Bo Books"), (AUDITOR, "Ada Auditor")):
        User.objects.filter(email=email).update(name=name)
        people[email].name = name
    return Audited(
        stage=on,
        pair=pairs[IOLTA["clio_account"]],
        other=pairs[SECOND["clio_account"]],
        auditor=people[AUDITOR],
        partner=people[PARTNER],
        bookkeeper=people[BOOKKEEPER],
    )


def _approved(told: Audited) -> None:
    """The partner approves the deposits that reached the limit, one in each account."""
    with firm_scope(write=None, reads=[told.stage.firm.pk]):
        holds = list(Hold.objects.filter(closed_at=None, code=CODE))
    assert len(holds) == 2
    for hold in holds:
        refused = approvals.approve(
            firm=told.stage.firm, hold_id=hold.pk, print_=hold.facts["print"], by=told.partner,
            now=timezone.now(),
        )  # fmt: skip
        assert refused is None, refused


def _in_october(told: Audited) -> None:
    """What waited for approval had waited and ended in October."""
    then = datetime(2026, 10, 20, 15, tzinfo=UTC)
    with firm_scope(write=told.stage.firm.pk):
        closed = Hold.objects.filter(firm=told.stage.firm, closed_at__isnull=False)
        closed.update(opened_at=then, closed_at=then)


def _signed(told: Audited) -> None:
    """The bank's file comes in, the bookkeeper prepares October, the partner signs it."""
    firm, now = told.stage.firm.pk, timezone.now()
    with firm_scope(write=firm):
        for sheet in (SEPTEMBER, BANK):
            name = f"{sheet.first_day:%b}-6789.ofx"
            file = statements.open_file(name=name, content=write("ofx2", sheet), currency="USD")
            statements.take(
                pair=told.pair, file=file, told=Told(opening=0), digits="6789", by=told.bookkeeper,
                today=now.date(), now=now,
            )  # fmt: skip
        naming.set_rule(
            firm_id=firm, code="NC", key="certification", words="I certify that I reviewed it.", value="",
            source="The firm's own counsel", dated="1 Oct 2026", actor=told.partner, now=now,
        )  # fmt: skip
    client, month = Client(), {"month": OCTOBER}
    cast.sign_in(client, told.bookkeeper)
    prepared = client.post(told.at("trust:submit", **month), {"position": "Bookkeeper"})
    assert prepared.status_code == 302, prepared.context["figures"]
    cast.sign_in(client, told.partner)
    seen = client.get(told.at("trust:month", **month)).context["figures"].digest
    body = {"seen": seen, "name": "Pat Partner", "bar_number": "NC 12345", "agree": "on"}
    signed = client.post(told.at("trust:sign", **month), body)
    assert signed.status_code == 302, signed.context["figures"]


def _stray(on: Stage) -> None:
    """Somebody enters client money in QuickBooks that Clio does not have."""
    ids = {row["Name"]: key for key, row in on.company.store["Account"].items()}
    lines = [
        {
            "DetailType": "JournalEntryLineDetail",
            "Amount": Decimal(11),
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": ids[name]}},
        }
        for side, name in (("Debit", IOLTA["bank"]), ("Credit", IOLTA["liability"]))
    ]
    backdoor.add(on.company, "JournalEntry", {"TxnDate": "2026-11-05", "DocNumber": "STRAY-1", "Line": lines})


def _second_version(told: Audited) -> None:
    """The bookkeeper writes a rule for one client, the partner puts it in force."""
    books, now = told.stage.books, timezone.now()
    with firm_scope(write=books.firm_id):
        current = mapped.published(books.pk)
        assert current is not None
        own = RuleRow(position=1, when={"line": "time", "client": "Quentin Quirk"}, item="Litigation Fees")
        rules = [own, *mapped.rule_rows(current)]
        draft = mapping.save_draft(
            books=books, options=current.options, rules=rules, author=told.bookkeeper, now=now,
            note="For Quirk",
        )  # fmt: skip
        assert mapping.publish(draft=draft, actor=told.partner, now=now) == []
