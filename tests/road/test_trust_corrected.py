"""Client money that a hand changed in books that stay as they are: a later entry says what was posted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.core.problems import Problem
from syncapp.emulators.clio.funds import BankTransaction
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.trust import restoring
from syncapp.records import anew
from syncapp.records.models import Case, Document
from tests import cast
from tests.road import books
from tests.road.acts import TODAY
from tests.road.clientmoney import assert_money, assert_walled
from tests.road.closing import close
from tests.stage import Stage, Standing
from tests.trust import world as bank
from trust.models import Reconciliation
from trust.nouns import BankLine
from trust.queries.pairs import pair_named

pytestmark = pytest.mark.django_db
PAST = TODAY - timedelta(days=40)


@pytest.fixture
def firm(trust_firm: Standing) -> Iterator[Stage]:
    with trust_firm.fresh() as on:
        yield on


def deposited(on: Stage) -> BankTransaction:
    where = next(iter(on.world.tables["Matter"]))
    row: BankTransaction = on.desk("trust_deposit", matter=where, amount="500", reference="77", date=PAST)
    on.sync()
    return row


def journals(on: Stage) -> dict[str, dict[str, Any]]:
    return {str(e.get("DocNumber", "")): e for e in on.company.store["JournalEntry"].values()}


def edited(on: Stage, number: str, amount: str = "450.10") -> None:
    row = journals(on)[number]
    wrong = [dict(line, Amount=amount) for line in row["Line"]]
    backdoor.edit(on.company, "JournalEntry", row["Id"], {"Line": wrong})


def closed_books(on: Stage, row: BankTransaction) -> None:
    close(on, PAST + timedelta(days=5))


def signed_month(on: Stage, row: BankTransaction) -> None:
    with firm_scope(write=on.firm.pk):
        pair = pair_named(on.firm.pk, "IOLTA")
        assert pair is not None
        Reconciliation.objects.create(
            firm=on.firm, pair=pair, month=PAST.replace(day=1), state="signed", changed_at=timezone.now()
        )


def at_the_bank(on: Stage, row: BankTransaction) -> None:
    with firm_scope(write=None, reads=[on.firm.pk]):
        pair = pair_named(on.firm.pk, "IOLTA")
    assert pair is not None
    bank.bank(pair, [BankLine(id="b1", day=PAST, amount=50000, reference="77", text="DEPOSIT 77")])
    on.sync()


FIXED: dict[str, Callable[[Stage, BankTransaction], None]] = {
    "closed books": closed_books,
    "signed month": signed_month,
    "matched": at_the_bank,
}


def stray(on: Stage) -> tuple[Case, Problem]:
    with firm_scope(write=None, reads=[on.firm.pk]):
        case = Case.objects.get(firm=on.firm, code="trust_stray", closed_at__isnull=True)
        one, *_ = restoring.changed(firm_id=on.firm.pk, case=case, now=timezone.now())
    return case, one


def say(on: Stage, way: str) -> str | None:
    case, one = stray(on)
    return restoring.restore(
        firm_id=on.firm.pk, case_id=case.pk, place=one.facts["place"], shown=one.facts["print"], way=way,
        by=on.person, now=timezone.now(),
    )  # fmt: skip


def assert_corrected(on: Stage) -> None:
    before = books.picture(on.company)
    with firm_scope(write=on.firm.pk):
        anew.plan(Document.objects.filter(firm=on.firm, of_trust=True))
    on.sync()
    assert books.picture(on.company) == before, "planned anew, nothing moves"
    assert not [one["alarms"] for one in on.exceptions() if one["code"] == "trust_stray"]
    assert not [one for one in on.exceptions() if one["code"] == "closed_period"]
    assert_money(on, but={})
    assert_walled(on)
    books.assert_tieout(on)
    books.assert_idle(on)
    assert on.verify()["ok"], on.verify()


@pytest.mark.parametrize("why", FIXED)
@pytest.mark.parametrize("hand", ["changed", "deleted"])
def test_what_stays_as_it_is_is_corrected_once_by_a_later_entry_of_its_ledger(
    firm: Stage, why: str, hand: str
) -> None:
    row = deposited(firm)
    number = f"77-T{row.id}"
    FIXED[why](firm, row)
    if hand == "changed":
        edited(firm, number)
    else:
        backdoor.delete(firm.company, "JournalEntry", journals(firm)[number]["Id"])
    firm.sync()
    _, told = stray(firm)
    assert told.facts["correction"]

    assert say(firm, "correct") is None
    firm.sync()

    made = journals(firm)[f"{number}-K1" if hand == "changed" else f"{number}-K"]
    assert date.fromisoformat(made["TxnDate"]) > PAST + timedelta(days=5)
    assert number in made["PrivateNote"]
    amount = Decimal("49.90") if hand == "changed" else Decimal(500)
    assert {Decimal(str(line["Amount"])) for line in made["Line"]} == {amount}
    assert_corrected(firm)


def test_closed_books_offer_the_correcting_entry_alone_and_the_ledger_is_named(firm: Stage) -> None:
    row = deposited(firm)
    closed_books(firm, row)
    edited(firm, f"77-T{row.id}")
    firm.sync()
    case, told = stray(firm)

    cast.second_factor(firm.person)
    page = cast.sign_in(Client(), firm.person).get(reverse("desk:case", args=[case.pk])).text

    assert "It lies in the books that are closed through" in page
    assert "What would correct it, dated" in page
    assert "A partner has it corrected by an entry of its own" in page
    matter = firm.world.tables["Matter"][row.matter_id or 0]
    assert matter.display_number in told.facts["correction"]
    assert say(firm, "restore") == restoring.CLOSED


def test_a_later_change_by_hand_opens_it_again_and_is_corrected_as_well(firm: Stage) -> None:
    row = deposited(firm)
    closed_books(firm, row)
    number = f"77-T{row.id}"
    edited(firm, number)
    firm.sync()
    assert say(firm, "correct") is None
    firm.sync()
    assert_corrected(firm)

    edited(firm, number, "480")
    firm.sync()
    assert say(firm, "correct") is None
    firm.sync()

    assert {f"{number}-K1", f"{number}-K2"} <= journals(firm).keys()
    assert_corrected(firm)
    with firm_scope(write=None, reads=[firm.firm.pk]):
        events = AuditEvent.objects.filter(firm=firm.firm, verb="case.drift_corrected")
        assert [len((one.after or {})["entry"]) > 0 for one in events] == [True, True]


def test_what_left_client_money_altogether_no_entry_of_the_trust_account_corrects(firm: Stage) -> None:
    row = deposited(firm)
    closed_books(firm, row)
    entry = journals(firm)[f"77-T{row.id}"]
    fees = {"value": firm.company.account("Legal Fees")}
    lines = [dict(line) for line in entry["Line"]]
    detail = next(d for d in lines if d["JournalEntryLineDetail"]["PostingType"] == "Credit")
    detail["JournalEntryLineDetail"] = detail["JournalEntryLineDetail"] | {"AccountRef": fees}
    backdoor.edit(firm.company, "JournalEntry", entry["Id"], {"Line": lines})
    firm.sync()

    _, told = stray(firm)

    assert "correction" not in told.facts
    assert "Put it right in QuickBooks" in told.facts["fixed"]
    assert say(firm, "correct") == restoring.NO_ENTRY


@pytest.mark.parametrize("gone", [("",), ("-K1", "")])
def test_a_deleted_entry_that_later_ones_rest_on_is_posted_again_once_and_those_stay(
    firm: Stage, gone: tuple[str, ...]
) -> None:
    row = deposited(firm)
    closed_books(firm, row)
    number = f"77-T{row.id}"
    for amount in ("450.10", "470"):
        firm.desk("edit_trust_row", row=row.id, amount=amount)
        firm.sync()
    kept = {key: one["Id"] for key, one in journals(firm).items() if key.startswith(number)}
    assert set(kept) == {number, f"{number}-K1", f"{number}-K2"}
    close(firm, date(2026, 12, 31))
    for suffix in gone:
        backdoor.delete(firm.company, "JournalEntry", kept.pop(f"{number}{suffix}"))
    firm.sync()
    for _ in gone:
        assert say(firm, "correct") is None
        firm.sync()

    after = {key: one["Id"] for key, one in journals(firm).items() if key.startswith(number)}
    assert kept.items() <= after.items(), "what was not deleted stays"
    assert len(after) == 3
    assert_corrected(firm)

    firm.desk("remove_trust_row", row=row.id)
    firm.sync()
    assert_corrected(firm)


def test_of_a_date_alone_no_later_entry_is_right(firm: Stage) -> None:
    row = deposited(firm)
    closed_books(firm, row)
    entry = journals(firm)[f"77-T{row.id}"]
    backdoor.edit(firm.company, "JournalEntry", entry["Id"], {"TxnDate": str(PAST - timedelta(days=2))})
    firm.sync()

    _, told = stray(firm)

    assert "correction" not in told.facts
    assert "Only its date or its number differs" in told.facts["fixed"]
    assert say(firm, "correct") == restoring.NO_ENTRY


def test_the_answer_to_a_correcting_entry_is_lost_and_it_stands_once(firm: Stage) -> None:
    row = deposited(firm)
    closed_books(firm, row)
    number = f"77-T{row.id}"
    edited(firm, number)
    firm.sync()
    assert say(firm, "correct") is None
    backdoor.switch(firm.company, honour_requestid=False)
    plan: Any = firm.qbo.state.faults
    plan.add("create journalentry", 1, "drop_before")
    plan.add("create journalentry", 2, "drop_after")
    firm.sync()

    assert sorted(kind for _, kind in plan.fired) == ["drop_after", "drop_before"]
    plan.clear()
    numbers = [str(one.get("DocNumber")) for one in firm.company.store["JournalEntry"].values()]
    assert [one for one in numbers if one.startswith(number)] == [number, f"{number}-K1"]
    assert_corrected(firm)
