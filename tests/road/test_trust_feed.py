"""What the firm leaves to its bank feed gets its ledger where it stands in QuickBooks (issue A1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline import answers
from syncapp.pipeline.cases import choices
from syncapp.pipeline.trust import twins
from syncapp.records.models import Case, Document
from tests.road.test_trust_setup import held, posted
from tests.stage import Stage, stage
from tests.trust import opened as at
from trust.queries import threeway

pytestmark = pytest.mark.django_db
DAY = at.START + timedelta(days=20)
LEFT = {**at.IOLTA, "post": ["deposit", "refund", "interest", "bank_charge"]}


@pytest.fixture
def on(db: Any) -> Iterator[Stage]:
    """A firm that leaves disbursements and bill payments to its bank feed; one matter holds 1,000.00."""
    with stage(empty(), file=at.file_with(LEFT)) as made:
        at.deposit(made, at.matter(made, "Acme"), "1000.00", day=at.START)
        made.sync()
        yield made


def matters(on: Stage) -> list[int]:
    """The matters, oldest first."""
    return sorted(int(key) for key in on.world.tables["Matter"])


def paid(on: Stage, amount: str, *, of: int = 0, check: str = "", day: date = DAY) -> int:
    """A check out of trust in Clio; return its row's id."""
    row = on.desk(
        "trust_disbursement", matter=of or matters(on)[0], amount=Decimal(amount), date=day,
        payee="County Clerk", reference=check,
    )  # fmt: skip
    return int(row.id)


def account(on: Stage, name: str) -> str:
    """An account of the company, by name."""
    return next(str(key) for key, row in on.company.store["Account"].items() if row["Name"] == name)


def purchase(
    on: Stage,
    amount: str,
    *,
    day: date = DAY,
    check: str = "",
    kind: str = "Check",
    where: str = at.IOLTA["liability"],
    customer: str = "",
) -> str:
    """Money out as the bank feed, or a person, enters it; return its id."""
    detail: dict[str, Any] = {"AccountRef": {"value": account(on, where)}}
    if customer:
        detail["CustomerRef"] = {"value": customer}
    vendor = min(on.company.store["Vendor"])
    given = {
        "PaymentType": kind, "AccountRef": {"value": account(on, at.IOLTA["bank"])},
        "TxnDate": day.isoformat(), "DocNumber": check, "PrivateNote": "From the bank feed",
        "EntityRef": {"value": str(vendor), "type": "Vendor"},
        "Line": [
            {
                "DetailType": "AccountBasedExpenseLineDetail", "Amount": Decimal(amount),
                "AccountBasedExpenseLineDetail": detail,
            }
        ],
    }  # fmt: skip
    return str(backdoor.add(on.company, "Purchase", given)["Id"])


def transfer(on: Stage, amount: str) -> str:
    """Money that the feed moved from trust to operating."""
    given = {
        "FromAccountRef": {"value": account(on, at.IOLTA["bank"])},
        "ToAccountRef": {"value": account(on, "Operating Bank")},
        "Amount": Decimal(amount), "TxnDate": DAY.isoformat(),
    }  # fmt: skip
    return str(backdoor.add(on.company, "Transfer", given)["Id"])


def left(on: Stage, matter: int = 0) -> int:
    """What our own book holds for a matter."""
    return posted(on).get(f"matters/{matter or matters(on)[0]}", 0)


def say(on: Stage, row: int, answer: str) -> str | None:
    """Answer the case of a movement and its twin."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        case = Case.objects.get(firm_id=on.firm.pk, cause=f"trust_twin:bank_transactions/{row}")
    return choices.choose(
        firm_id=on.firm.pk, case_id=case.pk, answer=answer, by=on.person, now=timezone.now()
    )


def compared(on: Stage) -> Any:
    """The comparison of the trust account without the bank."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        return threeway.as_of(at.pair_in(on), at.START, date.max, bank=False)


def test_a_check_of_the_feed_gets_its_ledger_and_is_ours_from_then_on(on: Stage) -> None:
    row = paid(on, "250.10", check="1042")
    on.sync()
    assert left(on) == 100000  # left to the feed, and nothing came yet
    twin = purchase(on, "250.10", check="1042", day=DAY + timedelta(days=3))

    on.sync()

    assert held(on) == []
    assert left(on) == 100000 - 25010
    check = on.company.get("Purchase", twin)
    (line,) = check["Line"]
    detail = line["AccountBasedExpenseLineDetail"]
    customer = on.company.get("Customer", detail["CustomerRef"]["value"])
    assert "Acme" in customer["DisplayName"]
    assert (check["DocNumber"], check["TxnDate"], check["TotalAmt"]) == (
        "1042", DAY.isoformat(), Decimal("250.10"),
    )  # fmt: skip
    assert check["EntityRef"]["value"] == min(on.company.store["Vendor"])
    assert check["PrivateNote"].startswith("From the bank feed Clio bank transaction")
    assert "tieout:" in check["PrivateNote"]
    assert len(on.company.store["JournalEntry"]) == 1  # the deposit
    found = on.tieout()
    assert found["equal"]
    assert found["kinds"]["trust"]["books"] == {"count": 2, "total": "749.90"}
    three = compared(on)
    assert (three.tied, three.books_bank, three.ledgers_positive) == (True, 74990, 74990)
    assert on.verify()["ok"]
    with firm_scope(write=None, reads=[on.firm.pk]):
        told = answers.trace(Document.objects.get(firm_id=on.firm.pk, source_id=row))
    (posting,) = told["postings"]
    assert (posting["operation"], posting["books_id"]) == ("update check", f"check:{twin}")
    assert sorted(line["amount"] for line in posting["entry"]) == ["-250.10", "250.10"]

    backdoor.delete(on.company, "Purchase", twin)
    on.sync()
    assert left(on) == 100000  # its ledger went with it
    again = purchase(on, "250.10", check="1042", kind="Cash")
    on.sync()
    assert left(on) == 100000 - 25010
    assert on.company.get("Purchase", again)["PaymentType"] == "Cash"
    assert on.tieout()["equal"]
    assert on.verify()["ok"]


def test_a_person_decides_whatever_the_feed_leaves_open(on: Stage) -> None:
    """Elsewhere, another client, several, a form without a client: a case each, and none is guessed."""
    acme = matters(on)[0]
    birch = at.matter(on, "Birch")
    at.deposit(on, birch, "900.00", day=at.START)
    on.sync()
    named = next(
        str(key)
        for key, row in on.company.store["Customer"].items()
        if "Birch" in row["DisplayName"] and row.get("Job")
    )
    elsewhere = (paid(on, "10.01"), purchase(on, "10.01", where="Bank Charges"))
    otherwise = (paid(on, "10.02"), purchase(on, "10.02", customer=named))
    several = (paid(on, "10.03"), purchase(on, "10.03"), purchase(on, "10.03", day=DAY + timedelta(days=1)))
    formless = (paid(on, "10.04"), transfer(on, "10.04"))
    contested = (paid(on, "10.05"), paid(on, "10.05", of=birch), purchase(on, "10.05"))
    paid(on, "10.06", check="7")
    paid(on, "10.06", of=birch, check="8")
    purchase(on, "10.06", check="0008")

    on.sync()

    assert held(on) == ["trust_twin"] * 6
    assert (left(on, acme), left(on, birch)) == (100000, 90000 - 1006)
    words = {hold["clio_id"]: hold["reason"] for case in on.exceptions() for hold in case["holds"]}
    assert "It stands on “Bank Charges”, not on the trust liability." in words[elsewhere[0]]
    assert "of Birch, and Clio says matter" in words[otherwise[0]]
    assert "2 entries of QuickBooks may be it." in words[several[0]]
    assert "A transfer in QuickBooks has no line that could name a client." in words[formless[0]]
    assert "Another movement of Clio may be it just as well." in words[contested[0]]
    assert not on.tieout()["equal"]

    assert say(on, elsewhere[0], "link") == twins.NOT_ASKED
    assert say(on, several[0], "same") == twins.NOT_ASKED
    assert say(on, elsewhere[0], "same") is None
    assert say(on, otherwise[0], "two") is None
    assert say(on, several[0], f"same:check:{several[2]}") is None
    assert say(on, formless[0], "post") is None
    assert say(on, contested[1], "same") is None
    backdoor.delete(on.company, "Transfer", formless[1])
    on.sync()

    assert held(on) == []
    assert left(on, acme) == 100000 - 1001 - 1003 - 1004
    assert left(on, birch) == 90000 - 1006 - 1005
    moved = on.company.get("Purchase", elsewhere[1])["Line"][0]["AccountBasedExpenseLineDetail"]
    assert moved["AccountRef"]["name"] == at.IOLTA["liability"]
    untouched = on.company.get("Purchase", otherwise[1])["Line"][0]["AccountBasedExpenseLineDetail"]
    assert untouched["CustomerRef"]["value"] == named
    assert "tieout:" not in on.company.get("Purchase", several[1])["PrivateNote"]
    assert on.verify()["ok"]


def journal(on: Stage, amount: str) -> str:
    """Money out of trust by an entry of a person; the liability's line names nobody."""
    lines = [
        {
            "DetailType": "JournalEntryLineDetail",
            "Amount": Decimal(amount),
            "JournalEntryLineDetail": {
                "PostingType": side,
                "AccountRef": {"value": account(on, at.IOLTA[name])},
            },
        }
        for side, name in (("Debit", "liability"), ("Credit", "bank"))
    ]
    given = {"TxnDate": DAY.isoformat(), "DocNumber": "AJE 4", "Line": lines}
    return str(backdoor.add(on.company, "JournalEntry", given)["Id"])


def arrived(on: Stage, amount: str, *, day: date = DAY) -> str:
    """A deposit of the feed, without a client."""
    line = {
        "DetailType": "DepositLineDetail",
        "Amount": Decimal(amount),
        "DepositLineDetail": {"AccountRef": {"value": account(on, at.IOLTA["liability"])}},
    }
    given = {
        "DepositToAccountRef": {"value": account(on, at.IOLTA["bank"])},
        "TxnDate": day.isoformat(),
        "Line": [line],
    }
    return str(backdoor.add(on.company, "Deposit", given)["Id"])


def test_every_form_gets_its_ledger_and_follows_clio_as_far_as_the_bank_allows(on: Stage) -> None:
    """Deposit, entry and check; then the check's movement changes its matter, its amount, and goes."""
    acme, birch = matters(on)[0], at.matter(on, "Birch")
    at.deposit(on, birch, "900.00", day=at.START)
    at.deposit(on, acme, "75.00", day=DAY)  # Tieout posts deposits: this one waits beside its twin
    paid(on, "31.00", of=acme)
    row = paid(on, "32.00", of=acme, check="55")
    deposit, entry, check = arrived(on, "75.00"), journal(on, "31.00"), purchase(on, "32.00", check="55")
    on.sync()
    assert held(on) == ["trust_twin"]
    waiting = next(hold["clio_id"] for case in on.exceptions() for hold in case["holds"])

    assert say(on, waiting, "same") is None
    on.sync()

    assert held(on) == []
    assert left(on, acme) == 100000 + 7500 - 3100 - 3200
    (line,) = on.company.get("Deposit", deposit)["Line"]
    assert "Acme" in line["DepositLineDetail"]["Entity"]["name"]
    assert line["DepositLineDetail"]["Entity"]["type"] == "CUSTOMER"
    made = on.company.get("JournalEntry", entry)
    assert made["DocNumber"] == "AJE 4"
    assert sum("Entity" in one["JournalEntryLineDetail"] for one in made["Line"]) == 1
    assert on.tieout()["equal"]

    on.desk("edit_trust_row", row=row, matter=birch)
    on.sync()
    assert (left(on, acme), left(on, birch)) == (100000 + 7500 - 3100, 90000 - 3200)
    detail = on.company.get("Purchase", check)["Line"][0]["AccountBasedExpenseLineDetail"]
    assert "Birch" in detail["CustomerRef"]["name"]

    on.desk("edit_trust_row", row=row, amount="32.50")
    on.sync()
    (reason,) = [hold["reason"] for case in on.exceptions() for hold in case["holds"]]
    assert "Clio says $32.50, and the check 55 in QuickBooks, which Tieout did not make, says $32" in reason
    assert on.company.get("Purchase", check)["TotalAmt"] == Decimal("32.00")

    on.desk("remove_trust_row", row=row)
    on.sync()
    (reason,) = [hold["reason"] for case in on.exceptions() for hold in case["holds"]]
    assert "Tieout did not make it and does not delete it" in reason
    assert check in on.company.store["Purchase"]
    backdoor.delete(on.company, "Purchase", check)
    on.sync()
    assert held(on) == []
    assert left(on, birch) == 90000
    assert on.tieout()["equal"]
    assert on.verify()["ok"]
