"""Undo: what was posted is taken back by entries that stay visible, as if it had never been posted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import read
from syncapp.pipeline.undoing import acts, refusals
from syncapp.pipeline.undoing.refusals import Rights
from syncapp.records.models import Case, Run, Undone
from tests import cast
from tests.road import books
from tests.road.acts import TODAY, fresh
from tests.road.clientmoney import assert_walled
from tests.road.undone import (
    ALL,
    WHY,
    assert_queued,
    documents,
    look,
    own_book,
    record,
    send_again,
    sums,
    traced,
    undo,
    why,
)
from tests.stage import Stage, Standing

pytestmark = pytest.mark.django_db
PARTNER, BOOKKEEPER = Rights(operating=False, trust=True), Rights(operating=True, trust=False)


@pytest.fixture
def firm(trust_firm: Standing) -> Iterator[Stage]:
    with trust_firm.fresh() as on:
        yield on


def waiting(on: Stage) -> set[str]:
    return {row["reason"] for case in on.exceptions() if case["code"] == "undone" for row in case["holds"]}


def test_everything_undone_leaves_the_books_as_if_it_had_never_been_posted(firm: Stage) -> None:
    before, ids = sums(firm), documents(firm, *ALL)
    assert before
    found = look(firm, ids)
    assert not found.refused

    assert undo(firm, ids) == len(ids)
    firm.sync()

    assert sums(firm) == {}
    assert own_book(firm) == {}
    assert waiting(firm) == {f"Undone by admin because: {WHY}. It waits until somebody sends it again."}
    assert_queued(firm)
    assert_walled(firm)
    books.assert_idle(firm)
    assert firm.verify()["ok"]

    assert send_again(firm, ids) == len(ids)
    firm.sync()

    assert sums(firm) == before
    assert not waiting(firm)
    assert_queued(firm)
    assert_walled(firm)
    books.assert_idle(firm)
    assert firm.verify()["ok"]


def test_undone_and_sent_again_in_one_go_stands_once_more(firm: Stage) -> None:
    before, ids = sums(firm), documents(firm, *ALL)

    undo(firm, ids, again=True)
    firm.sync()

    assert sums(firm) == before
    assert not waiting(firm)
    assert_queued(firm)
    books.assert_idle(firm)
    credit = traced(firm, documents(firm, "credit")[0])
    assert (credit["reason"], credit["made_void"][:1]) == (WHY, [])
    [reversal] = credit["reversed_by"]
    assert firm.company.get("JournalEntry", reversal.removeprefix("journal:"))["DocNumber"].startswith("REV-")
    assert credit["sent_again"]["as"]


def test_an_account_mapped_wrong_is_corrected_undone_and_sent_again_under_the_rule_of_today(
    firm: Stage,
) -> None:
    bill = fresh(firm)
    firm.sync()
    ours = record(firm, "bill", bill.id)
    [invoice] = [row for row in firm.company.store["Invoice"].values() if row["DocNumber"] == bill.number]
    file = firm.file
    for rule in file["books"][0]["mapping"]["rules"]:
        if rule.get("item") == "Costs Recovered":
            rule["item"] = "Filing Fees Recovered"
    apply(read(yaml.safe_dump(file, sort_keys=False)), now=timezone.now())
    before = sums(firm)

    found = look(firm, [ours]).taken[0]
    assert found.acts == (f"Invoice {bill.number} is made void.",)
    assert "Costs Recovered" in {line["account"] for line in found.lines}
    assert "Costs Recovered" not in {line["account"] for line in found.again}
    undo(firm, [ours], again=True)
    firm.sync()

    stands = [row for row in firm.company.store["Invoice"].values() if row["DocNumber"] == bill.number]
    assert [row["Id"] != invoice["Id"] for row in stands] == [True]
    assert firm.company.get("Invoice", invoice["Id"])["DocNumber"] == f"{bill.number}-V1"
    told = traced(firm, ours)
    assert (told["made_void"], told["reversed_by"]) == ([f"invoice:{invoice['Id']}"], [])
    assert told["sent_again"]["as"] == [f"invoice:{stands[0]['Id']}"]
    assert sum(sums(firm).values()) == 0
    assert sums(firm) != before
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_what_rests_on_it_is_named_and_undone_with_it(firm: Stage) -> None:
    bill = fresh(firm)
    paid = firm.desk("record_payment", bills=[bill.id], amount="50")
    firm.sync()
    ours, payment = record(firm, "bill", bill.id), record(firm, "payment", paid.id)

    told, instead = why(firm, ours)

    assert "$50.00" in told
    assert "rests on it" in told
    assert instead == refusals.ON_TOP
    assert undo(firm, [ours, payment]) == 2
    firm.sync()
    assert_queued(firm)


def test_a_deposited_payment_a_closed_period_and_a_hand_are_named_with_what_to_do_instead(
    firm: Stage,
) -> None:
    bill = fresh(firm)
    paid = firm.desk("record_payment", bills=[bill.id], amount="50")
    firm.sync()
    ours, payment = record(firm, "bill", bill.id), record(firm, "payment", paid.id)
    waits = backdoor.waiting(firm.company)
    if waits:
        backdoor.deposit(firm.company, waits, account=firm.company.account("Operating Bank"), day=TODAY)
        firm.sync()
        assert why(firm, payment) == refusals.DEPOSITED
    firm.company.preferences["AccountingInfoPrefs"]["BookCloseDate"] = TODAY.isoformat()
    firm.sync()
    assert why(firm, ours)[1] == refusals.CLOSED
    firm.company.preferences["AccountingInfoPrefs"]["BookCloseDate"] = None
    [invoice] = [row for row in firm.company.store["Invoice"].values() if row["DocNumber"] == bill.number]
    backdoor.edit(firm.company, "Invoice", invoice["Id"], {"TxnDate": str(TODAY - timedelta(days=1))})
    firm.sync()
    told, instead = why(firm, ours)
    assert "Somebody changed it in QuickBooks" in told
    assert instead == refusals.RESTORE


def test_an_undone_record_does_not_come_back_by_itself_and_a_change_in_clio_asks(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    ours = record(firm, "bill", bill.id)
    undo(firm, [ours])
    firm.sync()
    books.assert_idle(firm)

    firm.desk("edit_line", line=bill.line_ids[0], quantity="9")
    firm.sync()

    [case] = [one for one in firm.exceptions() if one["code"] == "undone_changed"]
    assert "Clio has changed it since" in case["holds"][0]["reason"]
    paid = firm.desk("record_payment", bills=[bill.id], amount="50")
    firm.sync()
    assert record(firm, "payment", paid.id)
    assert_queued(firm)
    assert send_again(firm, [ours]) == 1
    firm.sync()
    assert_queued(firm)
    books.assert_idle(firm)


def test_what_clio_removed_after_its_undo_asks_for_nothing(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    undo(firm, [record(firm, "bill", bill.id)])
    firm.sync()

    firm.desk("void_bill", bill=bill.id)
    firm.sync()

    assert not waiting(firm)
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_a_run_is_undone_without_its_customers_and_without_what_a_later_run_changed(firm: Stage) -> None:
    one, other = fresh(firm), fresh(firm, matter=1)
    firm.sync()
    with firm_scope(write=None, reads=[firm.firm.pk]):
        posted = acts.posted_by(Run.objects.filter(firm=firm.firm).latest("started_at"))
    both = {record(firm, "bill", one.id), record(firm, "bill", other.id)}
    assert set(posted.records) == both
    firm.desk("edit_line", line=other.line_ids[0], quantity="9")
    firm.sync()

    with firm_scope(write=None, reads=[firm.firm.pk]):
        run = Run.objects.filter(firm=firm.firm).order_by("-started_at")[1]
        posted = acts.posted_by(run)
    assert posted.records == (record(firm, "bill", one.id),)
    assert posted.later == (record(firm, "bill", other.id),)


def test_who_undid_what_and_why_stands_in_the_log_and_what_was_not_seen_is_not_undone(firm: Stage) -> None:
    ours = documents(firm, "payment")[-1]
    given = {"firm_id": firm.firm.pk, "documents": [ours], "again": False, "by": firm.person}
    more = {"rights": Rights(operating=True, trust=True), "now": timezone.now()}

    assert acts.undo(**given, **more, shown="-", reason=" ") == acts.NO_REASON  # type: ignore[arg-type]
    assert acts.undo(**given, **more, shown="-", reason="x") == acts.STALE  # type: ignore[arg-type]
    assert undo(firm, [ours]) == 1

    with firm_scope(write=None, reads=[firm.firm.pk]):
        event = AuditEvent.objects.get(firm=firm.firm, verb="record.undone")
        assert (event.after or {})["reason"] == WHY
        assert Undone.objects.get(firm=firm.firm).by == firm.person
    assert undo(firm, [ours]) == acts.NOTHING


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "server_error"])
def test_an_undo_survives_lost_answers(firm: Stage, kind: str) -> None:
    before, ids = sums(firm), documents(firm, *ALL)
    faults = firm.qbo.state.faults
    for operation in ("void invoice", "update payment", "update invoice", "batch"):
        faults.add(operation, 1, kind)

    undo(firm, ids)
    firm.sync()
    assert sums(firm) == {}
    send_again(firm, ids)
    faults.add("batch", 1, kind)
    firm.sync()

    assert sums(firm) == before
    books.assert_idle(firm)


def test_the_pages_show_what_posts_first_and_each_person_presses_what_is_his(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    ours = record(firm, "bill", bill.id)
    browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))

    page = browser.get(reverse("desk:undo_record", args=[ours])).text
    assert f"Invoice {bill.number} is made void." in page
    assert "What takes it back" in page
    shown = page.partition('name="shown" value="')[2].partition('"')[0]
    refused = browser.post(reverse("desk:undo_record", args=[ours]), {"shown": shown, "reason": ""})
    assert refused.status_code == 422
    browser.post(reverse("desk:undo_record", args=[ours]), {"shown": shown, "reason": WHY})
    firm.sync()

    with firm_scope(write=None, reads=[firm.firm.pk]):
        case = Case.objects.get(firm=firm.firm, code="undone", closed_at__isnull=True).pk
    told = browser.get(reverse("desk:record", args=[ours])).text
    assert "waits in the exception queue; it is not in the books." in told
    assert "undid it on" in told
    assert "Send it again" in told
    card = browser.get(reverse("desk:case", args=[case])).text
    assert "by the mapping as it is now" in card
    browser.post(reverse("desk:send_case_again", args=[case]))
    firm.sync()

    assert not waiting(firm)
    assert "Undone, and sent again" in browser.get(reverse("desk:record", args=[ours])).text
    with firm_scope(write=None, reads=[firm.firm.pk]):
        run = Run.objects.filter(firm=firm.firm, counts__posted__gt=0).latest("started_at")
    assert "Undo this run" in browser.get(reverse("desk:run", args=[run.pk])).text
    assert "Undo this run?" in browser.get(reverse("desk:undo_run", args=[run.pk])).text
