"""Whether Clio's PDF hangs at the invoice: by page, by firm file, and nothing unless the firm says so."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Books, Firm
from accounts.tenancy import firm_scope
from mapping import options, queries
from mapping.option_forms import OptionsForm, initial_of
from syncapp.core.books import Chart
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.exporting import canonical
from syncapp.pipeline.firmfile.reading import Unreadable, read
from tests.cast import NOW

FILE = """
version: 1
firm: {slug: cedar, name: Cedar LLP}
books: [{name: main, ledger: qbo, start: {bills: 2026-01-01, payments: 2026-01-01, credits: 2026-01-01},
  invoices: {bill_pdf: send}}]
"""


def test_nothing_is_attached_unless_the_firm_says_so() -> None:
    assert options.bill_pdf({}) == "none"
    assert initial_of({})["bill_pdf"] == "none"
    asked = OptionsForm(chart=Chart(), raw={})["bill_pdf"]
    assert "Of a confidential matter no PDF leaves." in str(asked.help_text)


@pytest.mark.django_db
def test_a_firm_file_says_whether_customers_get_it() -> None:
    apply(read(FILE), now=NOW)
    firm = Firm.objects.get(slug="cedar")
    with firm_scope(write=None, reads=[firm.pk]):
        version = queries.versions(Books.objects.get(firm=firm).pk).first()
    assert version is not None
    assert options.bill_pdf(version.options) == "send"
    said: dict[str, Any] = canonical(firm)["books"][0]["invoices"]
    assert said["bill_pdf"] == "send"
    with pytest.raises(Unreadable):
        read(FILE.replace("bill_pdf: send", "bill_pdf: sometimes"))
