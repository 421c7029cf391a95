"""A firm whose October ties at 7,140.00 with two outstanding items, through both emulated vendors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Membership, User
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty
from tests.road.clientmoney import trust_file
from tests.stage import Stage, stage
from tests.trust import opened, world
from tests.trust.september import AT
from trust.actions import matches, naming
from trust.models import TrustPair
from trust.nouns import BankLine

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
ADDRESS = "2026-10"
PARTNER, BOOKKEEPER = "partner@ash-birch.test", "books@ash-birch.test"


@dataclass(frozen=True, slots=True, kw_only=True)
class October:
    """The stage, its trust account, its people, and what Clio's rows are called."""

    stage: Stage
    pair: TrustPair
    partner: User
    bookkeeper: User
    deposit: int  # of 700.00, in transit
    check: int  # number 1043, outstanding


@contextmanager
def october() -> Iterator[October]:
    """Tell the month: two deposits, two checks, a statement that has one of each. Needs the fixture `db`."""
    file = trust_file(jurisdiction="NC")
    file["people"].append({"email": PARTNER, "role": "partner"})
    with stage(empty(), file=file) as on:
        ash, birch = opened.matter(on, "Ash Holdings"), opened.matter(on, "Birch & Sons")
        on.desk("trust_deposit", matter=ash, amount=Decimal(5000), date=date(2026, 10, 5), source="Ada Payer")
        on.desk(
            "trust_disbursement", matter=ash, amount=Decimal(1500), payee="Harbor Title", reference="1042",
            date=date(2026, 10, 12),
        )  # fmt: skip
        on.desk("trust_deposit", matter=birch, amount=Decimal(3000), date=date(2026, 10, 14))
        transit = on.desk("trust_deposit", matter=birch, amount=Decimal(700), date=LAST, source="Bo Payer")
        check = on.desk(
            "trust_disbursement", matter=ash, amount=Decimal(60), payee="Clerk of Court", reference="1043",
            date=date(2026, 10, 22),
        )  # fmt: skip
        on.sync()
        with firm_scope(write=None, reads=[on.firm.pk]):
            pair = TrustPair.objects.select_related("firm").get(firm=on.firm)
        world.bank(
            pair,
            [
                BankLine(id="1", day=date(2026, 10, 6), amount=5000_00, text="DEPOSIT"),
                BankLine(id="2", day=date(2026, 10, 14), amount=-1500_00, check="1042", text="CHECK 1042"),
                BankLine(id="3", day=date(2026, 10, 15), amount=3000_00, text="DEPOSIT"),
            ],
            last=LAST,
        )
        with firm_scope(write=on.firm.pk):
            matches.match_certain(pair=pair, actor=None, now=AT)
        yield October(
            stage=on,
            pair=pair,
            partner=_person(on, PARTNER, "Pat Partner"),
            bookkeeper=_person(on, BOOKKEEPER, "Bo Books"),
            deposit=transit.id,
            check=check.id,
        )


def _person(on: Stage, email: str, name: str) -> User:
    user = Membership.objects.get(firm=on.firm, user__email=email).user
    User.objects.filter(pk=user.pk).update(name=name)
    user.name = name
    return user


def approve(told: October) -> None:
    """Let the partner approve the certification text of North Carolina."""
    with firm_scope(write=told.stage.firm.pk):
        naming.set_rule(
            firm_id=told.stage.firm.pk, code="NC", key="certification",
            words="I certify that I have reviewed this reconciliation.", value="",
            source="The firm's own counsel", dated="1 Oct 2026", actor=told.partner, now=AT,
        )  # fmt: skip
