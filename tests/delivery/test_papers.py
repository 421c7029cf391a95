"""Clio's PDF of a bill at its invoice: once, after posting, never in its way, and none of a secret (F33)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty
from syncapp.pipeline import answers
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import read
from syncapp.pipeline.papers.planning import HIDDEN, MOST_TRIES
from syncapp.qbo import attachments
from syncapp.records.models import BillPaper, Document
from tests import cast
from tests.delivery.scene import Scene
from tests.stage import Standing, firm_file, standing

pytestmark = pytest.mark.django_db
UPLOAD = "create upload"


@pytest.fixture(scope="module")
def stood(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    said = {"confidential": {"matters": ["00001-Secretive"]}}
    file = firm_file(invoices={"bill_pdf": "attach"}, customers=said)
    with django_db_blocker.unblock(), standing(empty(), synced=True, file=file) as made:
        yield made


@pytest.fixture
def at(stood: Standing) -> Iterator[Scene]:
    with stood.fresh() as made:
        made.qbo.state.faults.calls.clear()
        made.clio.state.faults.calls.clear()
        yield Scene(on=made)


def papers(at: Scene) -> list[BillPaper]:
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        return list(BillPaper.objects.filter(firm=at.on.firm).order_by("pk"))


def record(at: Scene, bill: int) -> Document:
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        return Document.objects.get(firm=at.on.firm, kind="bill", source_id=bill)


def page(at: Scene, bill: int) -> str:
    person = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
    return person.get(reverse("desk:record", args=[record(at, bill).pk])).text


def trace(at: Scene, bill: int) -> list[dict[str, Any]]:
    found = record(at, bill)
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        shown: list[dict[str, Any]] = answers.trace(found)["papers"]
    return shown


def uploads(at: Scene) -> int:
    return int(at.faults.calls[UPLOAD])


def test_the_pdf_hangs_at_the_invoice_once_and_a_payment_brings_no_other(at: Scene) -> None:
    bill = at.bill(at.fresh_matter())
    at.sync()
    [invoice], [row] = at.store("Invoice"), at.store("Attachable")
    assert row["AttachableRef"] == [
        {"EntityRef": {"type": "Invoice", "value": invoice["Id"]}, "IncludeOnSend": False}
    ]
    assert row["FileName"] == f"Clio bill {bill.number}.pdf"
    assert at.on.company.files[row["Id"]].startswith(b"%PDF-")
    at.pay(bill.id, amount="50.00")
    at.on.desk("send_bill", bill=bill.id)
    at.sync()
    at.sync()
    assert (uploads(at), len(at.store("Attachable")), len(at.store("Payment"))) == (1, 1, 1)
    [told] = trace(at, bill.id)
    assert (told["state"], told["books_id"], told["attachment"]) == (
        "attached", f"invoice:{invoice['Id']}", row["Id"],
    )  # fmt: skip
    assert f"Clio bill {bill.number}.pdf" in page(at, bill.id)
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        assert AuditEvent.objects.filter(firm=at.on.firm, verb="paper.attached").count() == 1
    assert at.on.tieout()["equal"]
    at.assert_ties()


def test_a_clio_that_gives_it_by_its_header_alone_is_asked_so(at: Scene) -> None:
    at.on.world.switches.bill_pdf = "accept"
    at.bills(2)
    at.sync()
    assert len(at.store("Attachable")) == 2
    calls = at.on.clio.state.faults.calls
    by_path = [name for name in calls if name.startswith("GET ") and name.endswith(".pdf")]
    assert sum(calls[name] for name in by_path) == 1, "then it is known"


def test_the_firm_says_whether_customers_get_it_and_whether_there_is_one_at_all(at: Scene) -> None:
    def say(way: str) -> None:
        at.on.file["books"][0]["invoices"]["bill_pdf"] = way
        apply(read(yaml.safe_dump(at.on.file, sort_keys=False)), now=timezone.now())

    say("send")
    at.bills(1)
    at.sync()
    say("none")
    at.bills(1)
    at.sync()
    [row] = at.store("Attachable")
    assert row["AttachableRef"][0]["IncludeOnSend"] is True
    assert len(at.store("Invoice")) == 2


def test_a_changed_bill_has_its_newer_pdf_and_the_older_one_is_taken_off(at: Scene) -> None:
    bill = at.bill(at.fresh_matter())
    at.sync()
    [before] = at.store("Attachable")
    older = at.on.company.files[before["Id"]]
    at.on.desk("edit_line", line=bill.line_ids[0], quantity="9.0")
    at.sync()
    [after] = at.store("Attachable")
    assert after["Id"] != before["Id"]
    assert at.on.company.files[after["Id"]] != older
    assert [row.state for row in papers(at)] == ["replaced", "attached"]
    assert "Replaced" in page(at, bill.id)
    at.assert_ties()


def test_an_older_pdf_that_somebody_hung_elsewhere_too_stays(at: Scene) -> None:
    bill = at.bill(at.fresh_matter())
    other = at.bill(at.fresh_matter())
    at.sync()
    mine, theirs = at.store("Attachable")
    mine["AttachableRef"].append(theirs["AttachableRef"][0])
    changed = bill if bill.number in mine["FileName"] else other
    at.on.desk("edit_line", line=changed.line_ids[0], quantity="9.0")
    at.sync()
    assert len(at.store("Attachable")) == 3
    assert "It hangs elsewhere too, so that it stays." in page(at, changed.id)


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "server_error", "malformed"])
@pytest.mark.parametrize("by_invoice", [True, False])
def test_a_lost_answer_is_no_second_pdf(at: Scene, kind: str, *, by_invoice: bool) -> None:
    at.on.company.switches.honour_requestid = False
    at.on.company.switches.attachments_by_reference = by_invoice
    at.bills(2)
    at.faults.add(UPLOAD, 1, kind)
    at.sync()
    held = sorted(row["AttachableRef"][0]["EntityRef"]["value"] for row in at.store("Attachable"))
    assert held == sorted(row["Id"] for row in at.store("Invoice"))
    assert [row.state for row in papers(at)] == ["attached", "attached"]
    assert uploads(at) == (2 if kind in {"drop_after", "malformed"} else 3)


def test_the_answer_that_is_lost_when_the_older_one_is_taken_off_is_no_loss(at: Scene) -> None:
    bill = at.bill(at.fresh_matter())
    at.sync()
    at.on.desk("edit_line", line=bill.line_ids[0], quantity="9.0")
    at.faults.add("delete attachable", 1, "drop_after")
    at.sync()
    at.sync()
    assert len(at.store("Attachable")) == 1


def test_of_a_confidential_matter_no_pdf_leaves(at: Scene) -> None:
    matter = at.matter(at.client("Secretive Person").id)
    assert matter.display_number == "00001-Secretive"
    bill = at.bill(matter.id)
    open_ = at.bill(at.fresh_matter())
    at.sync()
    assert [row["FileName"] for row in at.store("Attachable")] == [f"Clio bill {open_.number}.pdf"]
    assert len(at.store("Invoice")) == 2
    assert not [name for name in at.on.clio.state.faults.calls if f"bills/{bill.id}.pdf" in name]
    assert HIDDEN in page(at, bill.id)


def test_what_is_too_large_is_refused_with_both_sizes_and_nothing_waits_for_it(
    at: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_BYTES", 10)
    bill = at.bill(at.fresh_matter())
    at.sync()
    assert (len(at.store("Invoice")), uploads(at), at.cases()) == (1, 0, [])
    assert "The PDF has 1 MB, and QuickBooks takes 1 MB at most." in page(at, bill.id)


def test_what_neither_vendor_takes_ends_as_a_note_and_never_stops_the_books(at: Scene) -> None:
    bill = at.bill(at.fresh_matter())
    at.on.clio.state.faults.add(f"GET bills/{bill.id}.pdf", 1, "refuse", 99, status=404)
    other = at.bill(at.fresh_matter())
    for _ in range(MOST_TRIES + 1):
        with firm_scope(write=at.on.firm.pk):
            BillPaper.objects.filter(firm=at.on.firm).update(next_at=at.on.world.now())
        at.sync()
    assert [row.state for row in papers(at) if row.document_id == record(at, bill.id).pk] == ["failed"]
    assert "Clio gives no PDF of this bill." in page(at, bill.id)
    assert [told["state"] for told in trace(at, other.id)] == ["attached"]
    assert (at.cases(), at.holds(alarm=True), len(at.store("Invoice"))) == ([], [], 2)
    at.assert_ties()


def test_quickbooks_that_refuses_or_is_away_lets_it_wait_and_the_books_tie(at: Scene) -> None:
    bills = at.bills(2)
    at.faults.add(UPLOAD, 1, "refuse", status=400, body={"Fault": {"Error": [
        {"Message": "Business Validation Error", "Detail": "No room for files.", "code": "6000"}
    ], "type": "ValidationFault"}})  # fmt: skip
    at.faults.add(UPLOAD, 2, "throttle", 1)
    at.sync()
    told = [trace(at, bill.id)[0] for bill in bills]
    assert {one["state"] for one in told} == {"ready"}
    assert {"No room for files.", "QuickBooks asks to wait."} == {one["words"] for one in told}
    assert at.on.tieout()["equal"]


def test_a_bill_made_void_before_its_turn_asks_for_none(at: Scene) -> None:
    bill = at.bill(at.fresh_matter())
    at.faults.add(UPLOAD, 1, "throttle", 1)
    at.sync()
    at.on.desk("void_bill", bill=bill.id)
    with firm_scope(write=at.on.firm.pk):
        BillPaper.objects.filter(firm=at.on.firm).update(next_at=at.on.world.now())
    at.sync()
    assert (at.store("Attachable"), [row.state for row in papers(at)]) == ([], ["dropped"])
