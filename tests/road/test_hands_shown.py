"""The tie-out leads from each difference that a hand made to the exception that looks at it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from syncapp.emulators.qbo import backdoor, writing
from syncapp.emulators.qbo.company import Company
from tests import cast
from tests.road.acts import TODAY
from tests.road.at_the_desk import cases, paid_invoice, sold, typed_payment
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def typed_credit(company: Company, invoice: dict[str, object]) -> None:
    """Somebody types a credit and applies it to an invoice of ours."""
    given = {"CustomerRef": invoice["CustomerRef"], "TxnDate": str(TODAY)}
    memo = backdoor.add(
        company, "CreditMemo", {**given, "DocNumber": "CN-9", "Line": [sold(company, "12.00")]}
    )
    lines = [
        {"Amount": "12.00", "LinkedTxn": [{"TxnId": one, "TxnType": kind}]}
        for one, kind in ((invoice["Id"], "Invoice"), (memo["Id"], "CreditMemo"))
    ]
    backdoor.add(company, "Payment", {**given, "TotalAmt": "0.00", "Line": lines})


def test_each_unexplained_row_of_the_tie_out_leads_to_the_exception_that_looks_at_it(
    firm: Stage, client: Client
) -> None:
    company = firm.company
    backdoor.edit(company, "Invoice", paid_invoice(company)["Id"], {"Line": [sold(company, "12.00")]})
    shown = (writing.view(company, "Invoice", key) for key in company.store["Invoice"])
    owed = next(one for one in shown if one["Balance"] > 12)
    typed_payment(company, {**owed, "TotalAmt": owed["Balance"] - 12})
    typed_credit(company, owed)
    backdoor.delete(company, "Payment", next(k for k, r in company.store["Payment"].items() if r["TotalAmt"]))
    firm.sync()
    codes = ("changed_in_books", "typed_payment", "typed_in_books")
    made = [one for code in codes for one in cases(firm, code)]
    assert len(made) >= 4

    cast.second_factor(firm.person)
    cast.sign_in(client, firm.person)
    page = client.get(reverse("desk:tieout"), {"queued": "no"}).text

    rows = re.findall(r'<tr data-row id="difference-.*?</tr>', page, re.DOTALL)
    assert rows
    assert all(">Unexplained<" in row for row in rows)
    alone = [row for row in rows if "Case open:" not in row]
    assert not alone, alone
    assert {int(pk) for pk in re.findall(r'/exceptions/(\d+)/">Case open', page)} >= {one.pk for one in made}
