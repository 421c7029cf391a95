"""What is sent to QuickBooks says exactly what the entry says."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from syncapp.core.books import Company
from syncapp.core.ledger import (
    Application,
    CreditMemoDraft,
    CustomerDraft,
    Draft,
    LedgerAccountDraft,
    ObjectKind,
    VendorDraft,
    Verb,
)
from syncapp.http import wire
from syncapp.qbo import shapes
from syncapp.qbo.read import book_object, trace_of
from syncapp.qbo.render import Rendered, UnrenderableError, render
from tests.qbo.drafts import (
    DAY,
    HALF_CENT,
    IDS,
    ITEM_ACCOUNT,
    RECEIVABLE,
    UNDEPOSITED,
    any_draft,
    invoice,
    journal,
    line,
    operation,
    payment,
    resolved,
)


def returned(request: Rendered) -> dict[str, Any]:
    """The request as QuickBooks would give it back: over the wire, with an id and the computed total."""
    row = json.loads(wire.dumps(request.body), parse_float=Decimal)
    signs = {"DiscountLineDetail": -1}
    sums = [signs.get(one.get("DetailType", ""), 1) * Decimal(one["Amount"]) for one in row.get("Line", [])]
    return {"Id": "1", "SyncToken": "0", "TotalAmt": sum(sums, Decimal(0)), **row}


@given(draft=any_draft)
def test_what_is_sent_and_read_back_is_the_same_entry(draft: Draft) -> None:
    many = {f"allocations/{n}": str(200 + n) for n in range(5)}
    made = operation(draft, ids=IDS | many)

    row = returned(render(made))
    found = book_object(
        render(made).entity,
        row,
        item_account=ITEM_ACCOUNT.__getitem__,
        receivable=RECEIVABLE,
        undeposited=UNDEPOSITED,
    )

    assert list(found.lines) == resolved(draft.entry())
    if not isinstance(draft, CustomerDraft | LedgerAccountDraft | VendorDraft):
        assert found.total == draft.total
    assert found.kind is draft.kind


@given(draft=any_draft)
def test_every_text_fits_and_the_trace_mark_survives(draft: Draft) -> None:
    made = operation(draft, ids=IDS | {f"allocations/{n}": str(n + 1) for n in range(5)})

    body = render(made).body

    note = body.get("PrivateNote") or body["Notes"]
    assert trace_of(note) == made.trace
    assert shapes.units(body.get("Notes", "")) <= 2000
    assert shapes.units(note) <= 4000
    assert shapes.units(body.get("DisplayName", "")) <= 100
    assert ":" not in body.get("DisplayName", "")


def test_quantity_and_rate_stand_only_where_their_product_is_the_amount() -> None:
    quantity, rate, amount = HALF_CENT
    right, wrong = (line(amount + n, quantity=quantity, rate=rate) for n in (0, -1))

    details = [one["SalesItemLineDetail"] for one in render(operation(invoice(right, wrong))).body["Line"]]

    assert (details[0]["Qty"], details[0]["UnitPrice"]) == (quantity, rate)
    assert "Qty" not in details[1]


def test_an_invoice_goes_to_nobody_and_carries_no_tax_of_its_own() -> None:
    body = render(operation(invoice(memo="Clio bill 9"))).body

    assert body["EmailStatus"] == "NotSet"
    assert body["AllowOnlineACHPayment"] is body["AllowOnlineCreditCardPayment"] is False
    assert body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "NON"}
    assert body["PrivateNote"].startswith("Clio bill 9 tieout:")
    assert body["Line"][0]["Amount"] == Decimal("100.00")


def test_an_update_is_sparse_and_whole_and_leaves_alone_what_people_may_have_changed() -> None:
    request = render(operation(invoice(line(1), line(2)), verb=Verb.UPDATE, remote_id="130", token="3"))

    assert request.body["sparse"] is True
    assert (request.body["Id"], request.body["SyncToken"]) == ("130", "3")
    assert len(request.body["Line"]) == 2
    assert "EmailStatus" not in request.body


def test_each_void_takes_its_own_way() -> None:
    known: dict[str, Any] = {"verb": Verb.VOID, "remote_id": "130", "token": "3"}
    credit = CreditMemoDraft(customer="contacts/1", number="C1", day=DAY, receivable="84", lines=(line(5),))

    assert render(operation(invoice(), **known)).params == {"operation": "void"}
    assert render(operation(payment(), **known)).params == {"operation": "update", "include": "void"}
    zeroed = render(operation(credit, **known))
    assert [one["Amount"] for one in zeroed.body["Line"]] == [Decimal("0.00")]
    with pytest.raises(UnrenderableError, match="cannot void a journal entry"):
        render(operation(journal(), **known))


def test_a_credit_is_applied_by_a_payment_of_nothing() -> None:
    parts = (
        Application(subject="bills/9", kind=ObjectKind.INVOICE, amount=500),
        Application(subject="bills/10", kind=ObjectKind.CREDIT_MEMO, amount=500),
    )

    body = render(operation(replace(payment(), amount=0, applications=parts, account=""))).body

    assert body["TotalAmt"] == 0
    assert [one["LinkedTxn"][0]["TxnType"] for one in body["Line"]] == ["Invoice", "CreditMemo"]
    assert "DepositToAccountRef" not in body


def test_a_payment_names_the_entry_that_it_pays_and_not_its_line() -> None:
    part = Application(subject="bills/10", kind=ObjectKind.JOURNAL, amount=10_000)

    body = render(operation(payment(applications=(part,)))).body

    linked = {"TxnId": IDS["bills/10"], "TxnType": "JournalEntry"}
    assert body["Line"] == [{"Amount": Decimal("100.00"), "LinkedTxn": [linked]}]


def test_a_class_stands_where_the_company_keeps_it() -> None:
    draft = invoice(class_id="7")
    per_line = Company(id="1", name="", classes_per_line=True)

    assert render(operation(draft)).body["ClassRef"] == {"value": "7"}
    body = render(operation(draft), company=per_line).body
    assert "ClassRef" not in body
    assert body["Line"][0]["SalesItemLineDetail"]["ClassRef"] == {"value": "7"}


def test_a_number_is_never_cut_and_an_unknown_customer_never_guessed() -> None:
    with pytest.raises(UnrenderableError, match="21 characters"):
        render(operation(invoice(number="1234567890123456789012")))
    with pytest.raises(UnrenderableError, match="contacts/1 does not stand"):
        render(operation(invoice(), ids={}))


def test_a_matter_is_a_job_under_its_client() -> None:
    draft = CustomerDraft(name="Smith: v. Jones\t", parent="contacts/1", email="nobody", phone="1" * 40)

    body = render(operation(draft)).body

    assert body["DisplayName"] == "Smith- v. Jones"
    assert body["Job"] is True
    assert body["ParentRef"] == {"value": "58"}
    assert "PrimaryEmailAddr" not in body
    assert len(body["PrimaryPhone"]["FreeFormNumber"]) == 30


def test_a_long_text_ends_where_a_word_ends() -> None:
    assert shapes.cut("alpha beta gamma", 12) == "alpha beta…"
    assert shapes.cleaned("a\x00b\tc\ud800") == "ab c"
    assert shapes.units(shapes.cut("😀" * 100, 21)) <= 21
