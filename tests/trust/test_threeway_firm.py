"""The three-way of a firm whose trust account is set up: what people do in Clio and in the books is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.core.money import text
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.afresh import read_afresh
from syncapp.pipeline.trust import threeway
from syncapp.records.models import Case, Link
from tests import cast
from tests.road.acts import TODAY
from tests.road.clientmoney import trust_file
from tests.stage import Stage, stage
from tests.trust import world
from trust.models import TrustPair
from trust.nouns import BankLine
from trust.queries import pairs, witnesses

Answer = dict[str, Any]


@pytest.fixture
def firm(db: Any) -> Iterator[Stage]:
    """A small firm whose trust account is set up, with three movements of today, after its run."""
    with stage(small(7), file=trust_file()) as set_:
        one, other = matters(set_)
        set_.desk(
            "trust_deposit", matter=one, amount="5000", reference="9311", source="Ada Payer", date=TODAY
        )
        set_.desk("trust_deposit", matter=other, amount="700", source="Bo Payer", date=TODAY)
        set_.desk(
            "trust_disbursement", matter=one, amount="60", payee="Clerk of Court", reference="1043",
            date=TODAY - timedelta(days=1),
        )  # fmt: skip
        set_.sync()
        yield set_


def matters(firm: Stage) -> tuple[int, int]:
    ids = [matter.id for matter in firm.world.tables["Matter"].values()]
    return int(ids[1]), int(ids[2])


def pair_of(firm: Stage) -> TrustPair:
    found = pairs.pair_named(firm.firm.pk, "IOLTA")
    assert found is not None
    return found


def told(firm: Stage, month: date = TODAY) -> Answer:
    """What the three-way says, both sides read afresh."""
    read_afresh(firm=firm.firm, clock=timezone.now)
    with firm_scope(write=None, reads=[firm.firm.pk]):
        return threeway.answer(pair_of(firm), month)


def kinds(found: Answer) -> list[tuple[str, str]]:
    return [(row["kind"], row["amount"]) for row in found["differences"]]


def four(found: Answer) -> set[str]:
    """The figures of all witnesses but the bank."""
    return {
        found[name] for name in ("books_bank", "books_liability", "tieout_lines", "ledgers_positive")
    }  # fmt: skip


def entry(firm: Stage, start: str) -> dict[str, Any]:
    """The journal entry of the company whose number begins so."""
    rows = firm.company.store["JournalEntry"].values()
    return next(row for row in rows if str(row.get("DocNumber")).startswith(start))


def account(firm: Stage, name: str) -> str:
    rows = firm.company.store["Account"].values()
    return next(str(row["Id"]) for row in rows if row["Name"] == name)


def customer(firm: Stage, matter: int) -> str:
    """The id of a matter's customer in the books."""
    with firm_scope(write=None, reads=[firm.firm.pk]):
        return Link.objects.get(firm=firm.firm, subject=f"matters/{matter}", live=True).remote_id


def test_with_the_banks_statement_the_month_is_equal_and_the_command_says_so(firm: Stage) -> None:
    found = told(firm)
    assert len(four(found)) == 1
    assert found["differences"] == []
    assert found["statement"] is None
    assert not found["equal"]
    assert found["obstacles"] == ["There is no bank statement for this month yet."]

    _statement(firm, without="1043")
    found = json.loads(command(firm, as_json=True, strict=True))
    assert found["equal"], found
    assert found["signable"], found
    assert (found["account"], found["month"]) == ("IOLTA", f"{TODAY:%Y-%m}")
    assert found["outstanding"]["checks"] == "60.00"
    assert [row["check"] for row in found["outstanding"]["items"]] == ["1043"]
    assert found["adjusted_bank"] == found["books_bank"]
    assert command(firm).startswith(f"IOLTA, {TODAY:%Y-%m}: Equal, may be signed")

    for given, words in (
        ({"account": "Nobody's"}, "There is no trust account “Nobody's” that is set up for this firm."),
        ({"month": "October"}, "“October” is no month: write it as 2026-09."),
    ):
        with pytest.raises(CommandError, match=words):
            command(firm, **given)


def command(firm: Stage, **given: Any) -> str:
    """What `manage.py threeway` prints; an account's name is found whatever its case."""
    out = StringIO()
    asked = {"firm": firm.firm.slug, "account": "iolta", "month": f"{TODAY:%Y-%m}"} | given
    call_command("threeway", **asked, stdout=out)
    return out.getvalue()


def _statement(firm: Stage, *extra: BankLine, without: str = "none") -> None:
    """A statement of all that moved until today, but for one check, and with lines more."""
    with firm_scope(write=None, reads=[firm.firm.pk]):
        pair = pair_of(firm)
        entries = witnesses.book_movements(pair, TODAY)
    lines = [
        BankLine(id=f"line {number}", day=one.day, amount=one.amount, check=one.check)
        for number, one in enumerate(entries)
        if one.check != without
    ]
    world.bank(pair, [*lines, *extra], last=TODAY)


def test_what_people_change_in_the_books_is_named_also_where_every_total_ties(firm: Stage) -> None:
    one, other = matters(firm)
    row = entry(firm, "9311-")
    lines = [dict(line, JournalEntryLineDetail=dict(line["JournalEntryLineDetail"])) for line in row["Line"]]
    for line in lines:
        if who := line["JournalEntryLineDetail"].get("Entity"):
            line["JournalEntryLineDetail"]["Entity"] = {**who, "EntityRef": {"value": customer(firm, other)}}
    backdoor.edit(firm.company, "JournalEntry", row["Id"], {"Line": lines})

    found = told(firm)
    assert len(four(found)) == 1
    [item] = found["differences"]
    assert (item["kind"], item["amount"], item["date"]) == ("ledger", "5000.00", TODAY.isoformat())
    assert item["ledger_key"] == f"matters/{one}"

    back = {"Line": row["Line"], "TxnDate": (TODAY - timedelta(days=2)).isoformat()}
    backdoor.edit(firm.company, "JournalEntry", row["Id"], back)

    found = told(firm)
    assert len(four(found)) == 1
    assert kinds(found) == [("date", "5000.00")]

    backdoor.delete(firm.company, "JournalEntry", row["Id"])

    found = told(firm)
    assert len(four(found)) == 2
    assert kinds(found) == [("not_in_books", "5000.00")]
    assert found["differences"][0]["ledger_key"] == f"matters/{one}"

    _what_the_feed_made(firm)


def _what_the_feed_made(firm: Stage) -> None:
    """QuickBooks' feed makes kinds of rows that Tieout never makes: they are read for trust accounts."""
    before = kinds(told(firm))
    bank, operating = account(firm, "IOLTA Trust Account"), account(firm, "Operating Bank")
    detail = {"AccountRef": {"value": account(firm, "Bank Charges")}}
    fee = {
        "PaymentType": "Cash", "AccountRef": {"value": bank}, "TxnDate": TODAY.isoformat(),
        "PrivateNote": "SERVICE CHARGE",
        "Line": [
            {"Amount": "15.00", "DetailType": "AccountBasedExpenseLineDetail",
             "AccountBasedExpenseLineDetail": detail},
        ],
    }  # fmt: skip
    moved = {
        "FromAccountRef": {"value": bank}, "ToAccountRef": {"value": operating}, "Amount": "120.00",
        "TxnDate": TODAY.isoformat(),
    }  # fmt: skip
    made = [backdoor.add(firm.company, "Purchase", fee), backdoor.add(firm.company, "Transfer", moved)]

    found = told(firm)

    assert sorted(kinds(found)) == sorted([*before, ("one_sided", "-120.00"), ("one_sided", "-15.00")])
    backdoor.delete(firm.company, "Purchase", made[0]["Id"])
    backdoor.delete(firm.company, "Transfer", made[1]["Id"])
    assert kinds(told(firm)) == before


def test_a_cent_that_somebody_changes_in_the_books_alarms_with_the_next_run_and_ends_with_it(
    firm: Stage, client: Client
) -> None:
    row = entry(firm, "9311-")
    before = row["Line"]
    wrong = [dict(line, Amount="5000.01") for line in before]
    backdoor.edit(firm.company, "JournalEntry", row["Id"], {"Line": wrong})
    check = {
        "PaymentType": "Check", "AccountRef": {"value": account(firm, "IOLTA Trust Account")},
        "TxnDate": TODAY.isoformat(), "DocNumber": "2001",
        "Line": [
            {"Amount": "12.00", "DetailType": "AccountBasedExpenseLineDetail",
             "AccountBasedExpenseLineDetail":
                {"AccountRef": {"value": account(firm, "Client Funds Held in Trust")}}},
        ],
    }  # fmt: skip
    made = backdoor.add(firm.company, "Purchase", check)
    firm.sync()

    [case] = [case for case in firm.exceptions() if case["code"] == "trust_stray"]
    assert case["severity"] == "trust"
    assert case["holds"] == []
    mine, theirs = sorted(case["alarms"], key=lambda alarm: alarm["kind"] == "books")
    assert "$5,000.00 in Tieout and $5,000.01 in the books" in mine["reason"]
    assert theirs["books_id"] == f"Purchase:{made['Id']}"
    assert "no event of Clio stands behind it" in theirs["reason"]
    _page(firm, client)

    backdoor.edit(firm.company, "JournalEntry", row["Id"], {"Line": before})
    backdoor.delete(firm.company, "Purchase", made["Id"])
    firm.sync()

    assert not [case for case in firm.exceptions() if case["code"] == "trust_stray"]
    _a_row_that_clio_does_not_say_whose_is_counted_and_held(firm)


def _page(firm: Stage, client: Client) -> None:
    """The case can be opened, and each of its alarms traced."""
    with firm_scope(write=None, reads=[firm.firm.pk]):
        case = Case.objects.get(firm=firm.firm, code="trust_stray")
        documents = list(case.holds.filter(firm=firm.firm).values_list("document_id", flat=True))
    cast.second_factor(firm.person)
    cast.sign_in(client, firm.person)
    page = client.get(reverse("desk:case", args=[case.pk]))
    assert "5,000.01" in page.text
    for document in documents:
        assert client.get(reverse("desk:record", args=[document])).status_code == 200


def _a_row_that_clio_does_not_say_whose_is_counted_and_held(firm: Stage) -> None:
    before = told(firm)
    row = firm.desk("trust_deposit", matter=matters(firm)[0], amount="90", date=TODAY)
    row.matter_id = row.client_id = None
    firm.sync(whole=False)

    found = told(firm)

    assert found["held"] == "90.00"
    assert kinds(found) == [("held", "90.00")]
    assert found["tieout_lines"] == before["tieout_lines"]
    assert found["ledgers_positive"] == text(_cents(before["ledgers_positive"]) + 9_000)


def _cents(amount: str) -> int:
    return int(amount.replace(".", ""))
