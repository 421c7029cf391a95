"""Ledgers of client money that have an account of their own below the trust liability."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from accounts.tenancy import firm_scope
from syncapp.core.ledger import account_of
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo.company import Company
from syncapp.records.models import Link, PostedLine
from tests.road import books
from tests.road.acts import Act, fresh
from tests.road.clientmoney import in_clio, trust_file
from tests.stage import Stage, stage

PARENT = "Client Funds Held in Trust"
FAR = date(2030, 12, 31)


@pytest.fixture
def firm(db: Any) -> Iterator[Stage]:
    """A small firm whose ledgers are accounts of their own."""
    with stage(small(7), file=trust_file(client_as="sub-account")) as set_:
        yield set_


def matter(firm: Stage, place: int) -> int:
    return int([m.id for m in firm.world.tables["Matter"].values()][place])


def below(company: Company) -> dict[str, dict[str, Any]]:
    """The accounts below the trust liability, by name."""
    parent = company.account(PARENT)
    rows = company.store["Account"].values()
    return {row["Name"]: row for row in rows if (row.get("ParentRef") or {}).get("value") == parent}


def held(firm: Stage, until: date = FAR) -> dict[str, int]:
    """Cents on each ledger's account in the company, by ledger."""
    with firm_scope(write=None, reads=[firm.firm.pk]):
        links = Link.objects.filter(firm_id=firm.firm.pk, object_kind="account", live=True)
        ledgers = {
            key: (account_of(subject) or ("", ""))[1]
            for key, subject in links.values_list("remote_id", "subject")
        }
    sums = firm.company.ledger.sums(lambda line: (line.account,), until=until)
    return {ledgers[account]: -cents for (account,), cents in sums.items() if account in ledgers and cents}


def arrives(firm: Stage, *acts: Act, last: bool = True) -> None:
    """After these acts each ledger's account holds what Clio says, nothing stands on the liability itself."""
    for act in acts:
        act(firm)
    books.assert_control(firm.sync().counts)
    pair = firm.file["books"][0]["trust"][0]
    wanted = in_clio(firm, pair, FAR)
    assert held(firm) == wanted, (held(firm), wanted, firm.exceptions())
    balances = firm.company.ledger.sums(lambda line: (line.account,), until=FAR)
    assert not balances.get((firm.company.account(PARENT),), 0)
    assert balances[(firm.company.account("IOLTA Trust Account"),)] == sum(wanted.values())
    if last:
        books.assert_tieout(firm)
        books.assert_idle(firm)
        assert firm.verify()["ok"], firm.verify()
        told = [row for case in firm.exceptions() for row in case["holds"]]
        assert not told, told
        assert "trust_stray" not in {case["code"] for case in firm.exceptions()}, firm.exceptions()


def test_each_ledger_has_its_account_below_the_liability_and_every_movement_stands_there(firm: Stage) -> None:
    bill, paid = fresh(firm, matter=2), []
    one, other = matter(firm, 1), bill.matter_ids[0]

    arrives(
        firm,
        lambda f: f.desk("trust_deposit", matter=one, amount="5000", reference="311"),
        lambda f: f.desk("trust_deposit", matter=other, amount="900"),
        lambda f: f.desk(
            "trust_disbursement", matter=one, amount="60", payee="Clerk of Court", reference="1043"
        ),
        lambda f: f.desk("matter_transfer", source=one, destination=other, amount="250.25"),
        lambda f: f.desk("firm_funds", amount="200"),
        lambda f: f.desk("trust_interest", amount="3.17"),
        lambda f: f.desk("bank_charge", amount="15"),
        lambda f: paid.append(f.desk("pay_from_trust", bill=bill.id, amount="120", reference="1044")),
    )

    made = below(firm.company)
    assert {"Firm funds in trust", "IOLTA interest"} < set(made)
    assert all(
        (row["AccountType"], row["AccountSubType"]) == ("Other Current Liability", "TrustAccountsLiabilities")
        for row in made.values()
    )
    with firm_scope(write=None, reads=[firm.firm.pk]):
        lines = PostedLine.objects.filter(firm_id=firm.firm.pk).exclude(parent="")
        assert {line.role for line in lines} == {"trust_liability"}
        assert {line.parent for line in lines} == {firm.company.account(PARENT)}
        assert {line.account for line in lines} == {row["Id"] for row in made.values()}
