"""What somebody does in the books of operating money, and what the desk shows of it and is told."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor, seed, writing
from syncapp.emulators.qbo.company import Company
from syncapp.pipeline.drifting import answers
from syncapp.records.models import Case
from tests import cast
from tests.road.acts import TODAY
from tests.stage import Stage


def cases(on: Stage, code: str) -> list[Case]:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return list(Case.objects.filter(firm=on.firm, code=code, closed_at__isnull=True).order_by("pk"))


def say(on: Stage, case: Case, what: str, *, reason: str = "") -> str | None:
    """Decide as the card offers it."""
    return answers.answer(
        firm_id=on.firm.pk, case_id=case.pk, answer=f"{what}:{case.facts['print']}", reason=reason,
        by=on.person, today=TODAY, now=timezone.now(),
    )  # fmt: skip


def open_invoice(company: Company) -> dict[str, Any]:
    rows = [writing.view(company, "Invoice", key) for key in company.store["Invoice"]]
    return next(row for row in rows if row["Balance"] == row["TotalAmt"] > 0)


def paid_invoice(company: Company) -> dict[str, Any]:
    rows = [writing.view(company, "Invoice", key) for key in company.store["Invoice"]]
    return next(row for row in rows if row["Balance"] == 0 and row["TotalAmt"] > 12)


def sold(company: Company, amount: str) -> dict[str, Any]:
    return {
        "Amount": amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": seed.item(company, "Legal Fees")}},
    }


def typed_payment(company: Company, invoice: dict[str, Any]) -> None:
    """Somebody types a payment of all of an invoice."""
    linked = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
    given = {"CustomerRef": invoice["CustomerRef"], "TxnDate": str(TODAY), "TotalAmt": invoice["TotalAmt"]}
    lines = [{"Amount": invoice["TotalAmt"], "LinkedTxn": [linked]}]
    backdoor.add(company, "Payment", {**given, "Line": lines})


def hands(on: Stage) -> set[str]:
    """The codes of all that is open because of a hand in the books."""
    return {case["code"] for case in on.exceptions()} & set(answers.CODES | {"tie_difference"})


def assert_shown_as_typed(on: Stage, case: Case, noun: str, number: str) -> None:
    """The card, the record, the search and the trace show an entry that did not come from Clio as that."""
    cast.second_factor(on.person)
    desk = cast.sign_in(Client(), on.person)
    card = desk.get(reverse("desk:case", args=[case.pk])).text
    assert "stands in QuickBooks and did not come from Clio" in card
    assert "Side by side" not in card
    with firm_scope(write=None, reads=[on.firm.pk]):
        (record,) = case.holds.values_list("document_id", flat=True)
    shown = desk.get(reverse("desk:record", args=[record])).text
    assert f"{noun} {number} stands in QuickBooks and did not come from Clio." in shown
    assert "As it stands in QuickBooks" in shown
    assert shown.count("250.00") >= 4  # both sides and their sums
    assert "What Clio said" not in shown
    searched = desk.get(reverse("desk:search"), {"q": number}).text
    assert "In Clio" not in searched
    assert "Not from Clio: see it" in searched
    traced = desk.get(reverse("desk:trace"), {"books": number})
    assert traced.headers["Location"] == reverse("desk:record", args=[record])
