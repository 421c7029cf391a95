"""What a hand in the books changes at once, or takes the room from, is one case and put back in one press."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.utils import timezone

from syncapp.emulators.qbo import backdoor, seed
from syncapp.pipeline.cases import alike
from syncapp.pipeline.drifting import answers
from tests.road import books
from tests.road.acts import TODAY, fresh
from tests.road.at_the_desk import cases, hands, paid_invoice, say, sold
from tests.road.closing import close
from tests.road.test_hands_closed import assert_stays, invoice_of, page, payment_of
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def classes_of(on: Stage, key: str) -> set[str]:
    """The classes of an invoice's lines."""
    details = [one.get("SalesItemLineDetail", {}) for one in on.company.store["Invoice"][key]["Line"]]
    return {one["ClassRef"]["value"] for one in details if one.get("ClassRef")}


def test_an_invoice_lowered_below_its_payment_is_one_case(firm: Stage) -> None:
    invoice = paid_invoice(firm.company)
    backdoor.edit(firm.company, "Invoice", invoice["Id"], {"Line": [sold(firm.company, "12.00")]})
    firm.sync()

    (case,) = cases(firm, "changed_in_books")
    assert case.facts["books_id"] == f"invoice:{invoice['Id']}"
    assert hands(firm) == {"changed_in_books"}
    (told,) = [one for one in firm.exceptions() if one["code"] == "changed_in_books"]
    assert {row["kind"] for row in told["alarms"]} == {"allocations", "bills"}  # what lost its room is of it
    assert say(firm, case, "restore") is None
    firm.sync()

    assert not hands(firm)  # its payment is restored with it, in one press
    books.assert_ties(firm)
    books.assert_tieout(firm)


def test_an_invoice_put_on_another_class_is_a_case_and_is_restored(firm: Stage) -> None:
    names = {i: one["Name"] for i, one in firm.company.store["Class"].items()}
    invoice, line = next(
        (one, line) for one in firm.company.store["Invoice"].values() for line in one["Line"]
        if line.get("SalesItemLineDetail", {}).get("ClassRef")
    )  # fmt: skip
    was = line["SalesItemLineDetail"]["ClassRef"]["value"]
    other = next(i for i in names if i != was)
    changed = copy.deepcopy(invoice["Line"])
    next(one for one in changed if one == line)["SalesItemLineDetail"]["ClassRef"] = {"value": other}
    backdoor.edit(firm.company, "Invoice", invoice["Id"], {"Line": changed})
    firm.sync()

    (case,) = cases(firm, "changed_in_books")
    assert names[was] in case.facts["was"]
    assert names[other] in case.facts["is"]
    assert say(firm, case, "restore") is None
    firm.sync()
    assert not hands(firm)
    books.assert_ties(firm)


def test_what_is_reclassified_together_is_one_case_and_one_press_restores_it(firm: Stage) -> None:
    """QuickBooks has a tool for it: the fees of many invoices on another account."""
    other = seed.item(firm.company, "Late Interest")
    alike: dict[tuple[str, str], list[Any]] = {}
    for invoice in (one for one in firm.company.store["Invoice"].values() if one["TotalAmt"]):
        first = invoice["Line"][0]["SalesItemLineDetail"]
        alike.setdefault((first["ItemRef"]["value"], str(first.get("ClassRef"))), []).append(invoice)
    (item, _), mine = max(alike.items(), key=lambda one: len(one[1]))
    for invoice in mine:
        changed = copy.deepcopy(invoice["Line"])
        for line in changed:
            if line.get("SalesItemLineDetail", {}).get("ItemRef", {}).get("value") == item:
                line["SalesItemLineDetail"]["ItemRef"] = {"value": other}
        backdoor.edit(firm.company, "Invoice", invoice["Id"], {"Line": changed})
    firm.sync()

    assert len(mine) > 1
    (case,) = cases(firm, "changed_in_books")
    assert case.title.startswith(f"{len(mine)} entries were put from ")
    assert [len(one["alarms"]) for one in firm.exceptions() if one["code"] == case.code] == [len(mine)]
    assert say(firm, case, "restore") is None
    firm.sync()

    assert not hands(firm)
    books.assert_ties(firm)
    books.assert_tieout(firm)


def test_what_is_reclassified_together_is_accepted_together_until_it_is_changed_again(firm: Stage) -> None:
    other = {"value": seed.item(firm.company, "Services")}
    mine = [one for one in firm.company.store["Invoice"].values() if one["TotalAmt"]]
    for invoice in mine:
        lines = [sold(firm.company, str(invoice["TotalAmt"]))]
        lines[0]["SalesItemLineDetail"]["ItemRef"] = other
        backdoor.edit(firm.company, "Invoice", invoice["Id"], {"Line": lines})
    firm.sync()
    while found := cases(firm, "changed_in_books"):
        assert say(firm, found[0], "accept", reason="Services from now on") is None
    firm.sync()

    assert not hands(firm)
    backdoor.edit(firm.company, "Invoice", mine[0]["Id"], {"TxnDate": "2026-01-05"})
    firm.sync()
    assert len(cases(firm, "changed_in_books")) == 1


def test_what_is_reclassified_together_in_closed_books_is_one_case_and_all_of_it_is_corrected(
    firm: Stage,
) -> None:
    other = {"value": firm.company.account("Undeposited Funds")}
    bills = [fresh(firm) for _ in range(3)]
    for bill in bills:
        firm.desk("record_payment", bills=[bill.id], amount="100", date=TODAY)
    firm.sync()
    for bill in bills:
        paid = payment_of(firm, bill.number)["Id"]
        backdoor.edit(firm.company, "Payment", paid, {"DepositToAccountRef": other})
    closed = close(firm)
    firm.sync()

    (case,) = cases(firm, "changed_in_books")
    assert case.title.startswith("3 entries were put from ")
    told = page(firm, case)
    assert "They lie in the books that are closed through" in told
    assert "Correct all 3, each by an entry of its own, $300.00" in told
    assert say(firm, case, "restore") == answers.CLOSED
    assert say(firm, case, "correct") is None
    firm.sync()

    made = [one for one in firm.company.store["JournalEntry"].values() if one["DocNumber"].endswith("-K1")]
    assert len(made) == 3
    assert_stays(firm, closed)


def test_invoices_reclassified_together_in_closed_books_are_approved_together(firm: Stage) -> None:
    other = seed.item(firm.company, "Late Interest")
    bills = [fresh(firm) for _ in range(2)]
    firm.sync()
    for bill in bills:
        invoice = invoice_of(firm, bill.number)
        changed = copy.deepcopy(invoice["Line"])
        changed[0]["SalesItemLineDetail"]["ItemRef"] = {"value": other}
        backdoor.edit(firm.company, "Invoice", invoice["Id"], {"Line": changed})
    closed = close(firm)
    firm.sync()
    (case,) = cases(firm, "changed_in_books")
    assert "You see each once more, line by line, and approve all of them together." in page(firm, case)
    assert say(firm, case, "correct") is None
    firm.sync()

    asked = cases(firm, "closed_correction")
    tokens = [f"{one.pk} approve:{one.facts['print']}" for one in asked]
    assert alike.give(
        firm_id=firm.firm.pk, code="closed_correction", tokens=tokens, by=firm.person, now=timezone.now()
    ) == (2, [])
    firm.sync()
    assert_stays(firm, closed)


def test_a_class_that_quickbooks_leaves_out_at_once_is_no_hand_and_is_accepted_with_a_reason(
    firm: Stage,
) -> None:
    """Line classes were switched off there since the settings were read (qbo/API.md section 11, row 20)."""
    matters = [one.id for one in firm.world.tables["Matter"].values()]
    known = {key for key in firm.company.store["Invoice"] if classes_of(firm, key)}
    billed = {one.number: one.matter_ids[0] for one in firm.world.tables["Bill"].values()}
    number = firm.company.store["Invoice"][min(known)]["DocNumber"]
    backdoor.prefer(firm.company, "AccountingInfoPrefs.ClassTrackingPerTxnLine", value=False)
    before = set(firm.company.store["Invoice"])
    fresh(firm, matter=matters.index(billed[number]))
    firm.sync(whole=False)

    (made,) = set(firm.company.store["Invoice"]) - before
    assert not classes_of(firm, made)
    (case,) = cases(firm, "posted_differs")
    assert not cases(firm, "changed_in_books")
    assert case.facts["books_id"] == f"invoice:{made}"
    assert not [one for one in firm.exceptions() if one["code"] == "detail_differs"]
    assert say(firm, case, "accept", reason="we track no classes any more") is None
    firm.sync(whole=False)
    assert not hands(firm)
