"""The forms field by field, and the PDF and the CSV of one report, which agree."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pdfplumber
import pytest

from syncapp.core.money import spoken, text
from tests.trust.september import LEDGERS, SEPTEMBER
from trust import jurisdictions
from trust.reports import forms, pdf, table
from trust.reports.facts import Done, Sheet
from trust.reports.nouns import Facts, Money, Report, Table
from trust.signing.figures import Noted
from trust.signing.states import Act

AT = datetime(2026, 10, 10, 15, 0, tzinfo=UTC)
PREPARED = Done(act=Act.PREPARED, name="Bo Books", at=AT, position="Bookkeeper", digest="b" * 64)
SIGNED = Done(
    act=Act.SIGNED, name="Pat Partner", at=AT, bar_number="NC 12345", digest="a" * 64,
    certification="I certify that I have reviewed this.", provenance="Firm: counsel (1 Oct 2026).",
    lawyer=True,
)  # fmt: skip


def sheet(code: str = "NC", **more: Any) -> Sheet:
    told: dict[str, Any] = {
        "firm": "Ash & Birch LLP", "account": "IOLTA", "last_digits": "7725", "books": "main",
        "rules": jurisdictions.of(code), "figures": SEPTEMBER, "made_at": AT, "prepared": PREPARED,
        "signed": SIGNED, "history": (PREPARED, SIGNED),
    }  # fmt: skip
    return Sheet(**(told | more))


def fields(report: Report) -> dict[str, object]:
    return {label: value for part in report.parts if isinstance(part, Facts) for label, value in part.rows}


def words_of(written: bytes) -> str:
    with pdfplumber.open(io.BytesIO(written)) as opened:
        return "\n".join(page.extract_text() for page in opened.pages)


def test_the_north_carolina_form_has_its_fields() -> None:
    found = fields(forms.report(sheet("NC")))

    assert found["Account number"] == "…7725"
    assert found["Report date"] == "10 Oct 2026"
    assert found["(1) Total of positive subsidiary ledger balances as of 30 Sep 2026"] == Money(150_00)
    assert found["(1) Any negative subsidiary ledger balance"] == "no"
    assert found["(2) General ledger or checkbook balance as of 30 Sep 2026"] == Money(150_00)
    assert found["(3) Bank statement balance"] == Money(175_00)
    assert found["(4) Plus outstanding deposits, count"] == 1
    assert found["(4) Plus outstanding deposits, amount"] == Money(25_00)
    assert found["(5) Minus outstanding disbursements, count"] == 1
    assert found["(5) Minus outstanding disbursements, amount"] == Money(50_00)
    assert found["(6) Adjusted bank balance"] == Money(150_00)
    assert found["(7) The adjusted bank balance with 1 and 2"] == "agrees"
    assert found["Prepared by"] == "Bo Books"
    assert found["Position"] == "Bookkeeper"
    assert found["Prepared by a non-lawyer"] == "yes"
    assert found["Has authority to sign checks of the account"] == "no"
    assert found["Signed by"] == "Pat Partner"
    assert found["Bar number"] == "NC 12345"


def test_the_washington_form_has_its_fields() -> None:
    found = fields(forms.report(sheet("WA")))

    assert found["Last four digits"] == "7725"
    assert found["Checkbook register balance"] == Money(150_00)
    assert found["Total of positive client ledger balances"] == Money(150_00)
    assert found["Any negative client ledger balance"] == "no"
    assert found["Bank statement balance"] == Money(175_00)
    assert found["The balances of 1, 2 and 3"] == "agrees"


def test_ontario_compares_with_the_client_listing_by_the_25th() -> None:
    report = forms.report(sheet("ON"))
    listing = next(part for part in report.parts if part.title.startswith("Client ledgers with"))

    assert str(fields(report)["To be done by"]) == "2026-10-25"
    assert isinstance(listing, Table)
    assert "Last activity" in listing.heads


@pytest.mark.parametrize("code", ["", "CA", "NY", "TX", "FL", "IL", "NJ", "ABA", "EW"])
def test_every_other_place_has_the_general_three_way(code) -> None:
    assert forms.report(sheet(code)).title == "Three-Way Reconciliation"


def test_negative_ledgers_stand_apart_and_are_never_netted() -> None:
    below = replace(LEDGERS[1], balance=-20_00)
    figures = replace(SEPTEMBER, ledgers=(LEDGERS[0], below), equal=False, signable=False)

    found = fields(forms.report(sheet("NC", figures=figures)))

    assert found["(1) Total of positive subsidiary ledger balances as of 30 Sep 2026"] == Money(100_00)
    assert found["(1) Any negative subsidiary ledger balance"] == "yes"
    assert found["(7) The adjusted bank balance with 1 and 2"] == "does not agree"


@pytest.mark.parametrize("code", ["NC", "WA", "ON", "TX"])
def test_pdf_and_csv_say_the_same(code) -> None:
    explained = Noted(kind="held", amount=250_00, day=SEPTEMBER.last, ledger="00087", reason="It is held.")
    report = forms.report(sheet(code, figures=replace(SEPTEMBER, differences=(explained,))))

    printed = re.sub(r"\s+", "", words_of(pdf.write(report, made_at=AT)))
    told = list(csv.reader(io.StringIO(table.write(report).decode("utf-8-sig"))))

    amounts = [
        cell.minor
        for part in report.parts
        for row in (part.rows if isinstance(part, Facts | Table) else ())
        for cell in row
        if isinstance(cell, Money)
    ]
    cells = {cell for row in told for cell in row}
    assert len(amounts) > 12
    for minor in amounts:
        assert spoken(minor) in printed
        assert text(minor) in {cell.removeprefix("'") for cell in cells}
    for row in told:
        for cell in row:
            if not re.fullmatch(r"-?\d+\.\d\d|\d{4}-\d\d-\d\d", cell):
                assert all(word in printed for word in cell.split()), cell


def test_a_report_that_nobody_signed_says_so() -> None:
    report = forms.report(sheet(signed=None, history=(PREPARED,)))

    assert "NOT SIGNED" in words_of(pdf.write(report, made_at=AT))
    assert "NOT SIGNED" in table.write(report).decode()


def test_a_name_cannot_be_a_formula_of_a_spreadsheet() -> None:
    risky = replace(LEDGERS[0], name="=HYPERLINK(1)")
    report = forms.report(sheet(figures=replace(SEPTEMBER, ledgers=(risky,))))

    assert "'=HYPERLINK(1)" in table.write(report).decode()


def test_the_pdf_is_tagged_and_made_for_the_archive() -> None:
    written = pdf.write(forms.report(sheet()), made_at=AT)

    assert written.startswith(b"%PDF-")
    with pdfplumber.open(io.BytesIO(written)) as opened:
        catalog = opened.doc.catalog
    assert catalog["MarkInfo"]["Marked"]
    assert "StructTreeRoot" in catalog
    assert b"pdfaid" in written


def test_the_same_report_is_the_same_file() -> None:
    report = forms.report(sheet())

    assert pdf.write(report, made_at=AT) == pdf.write(report, made_at=AT)
