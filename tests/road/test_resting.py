"""SCENARIOS, bookkeeper 10, end to end: what rests is listed with whom to ask; a void keeps the number."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import small
from tests import cast
from tests.road.clientmoney import trust_file
from tests.stage import Stage, stage
from trust.models import TrustPair
from trust.queries import ledgers, witnesses
from trust.queries.pairs import pair_named

CHECKS = {"2041": (190, "612.40"), "2042": (210, "505.03"), "2043": (250, "600.00"), "2044": (300, "400.00")}


@pytest.fixture
def firm(db: Any) -> Any:
    """A small firm whose trust account is set up from long ago."""
    with stage(small(7), file=trust_file(start="2025-01-01")) as set_:
        yield set_


def ago(firm: Stage, days: int) -> date:
    return firm.today() - timedelta(days=days)


def shown(client: Client, firm: Stage) -> tuple[str, Any]:
    """Open the page as the bookkeeper; return its words and its lists."""
    cast.sign_in(client, User.objects.get(email="books@ash-birch.test"))
    page = client.get(reverse("trust:lists", kwargs={"pair_id": account(firm).pk}))
    return page.text, page.context["lists"]


def account(firm: Stage) -> TrustPair:
    with firm_scope(write=None, reads=[firm.firm.pk]):
        found = pair_named(firm.firm.pk, "IOLTA")
    assert found is not None
    return found


def held(firm: Stage, matter: int) -> int:
    """What Clio holds for a matter, in cents."""
    pair = account(firm)
    with firm_scope(write=None, reads=[firm.firm.pk]):
        moved = witnesses.clio(pair)
        assert ledgers.names(firm.firm.pk, [f"matters/{matter}"])
    return sum(cents for one in moved for key, cents in one.ledgers if key == f"matters/{matter}")


def test_stale_checks_and_sleeping_balances_are_listed_and_a_void_gives_the_money_back(
    firm: Stage, client: Client
) -> None:
    owner = next(iter(firm.world.tables["Contact"]))
    busy, asleep, dozing = (
        firm.desk("create_matter", client=owner, description=name, open_date=ago(firm, 420)).id
        for name in ("Lease", "Will", "Deed")
    )
    firm.desk("trust_deposit", matter=busy, amount="5000", date=ago(firm, 320), reference="1")
    rows = {
        number: firm.desk(
            "trust_disbursement", matter=busy, amount=amount, payee="County Clerk", reference=number,
            date=ago(firm, days),
        )
        for number, (days, amount) in CHECKS.items()
    }  # fmt: skip
    for matter, days in ((asleep, 400), (dozing, 410)):
        firm.desk("trust_deposit", matter=matter, amount="25.50", date=ago(firm, days), reference=str(days))
    firm.sync()

    words, lists = shown(client, firm)
    assert [one.check.check for one in lists.stale] == ["2044", "2043", "2042", "2041"]
    assert "4 checks, $2,117.43" in words
    assert sorted(one.days for one in lists.dormant) == [400, 410]
    assert words.count("Ask County Clerk") == 4
    assert words.count("Write to ") == 2
    assert "void it in Clio: it keeps its number" in words
    main = words.partition("<main")[2].partition("</main")[0]
    assert main
    assert "delete" not in main.casefold(), "no delete exists"

    before = held(firm, busy)
    firm.desk("void_check", row=rows["2044"].id)
    firm.sync()

    words, lists = shown(client, firm)
    assert [one.check.check for one in lists.stale] == ["2043", "2042", "2041"]
    assert held(firm, busy) == before + 40_000
    numbers = [entry["DocNumber"] for entry in firm.company.store["JournalEntry"].values()]
    assert [one for one in numbers if one.startswith("2044-")], "the voided check keeps its number"
