"""The screens of statements: a file is looked at, its proof is seen, it is brought in or refused."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.tenancy import firm_scope
from syncapp.emulators.bank import write
from tests import cast
from tests.cast import House
from tests.statements.importing import bring, kept
from tests.statements.sheets import LINES, sheet
from trust.models import StatementProfile, StatementUpload, TrustPair

ODD = {
    "head": "1", "order": "dmy", "decimal": ".", "sign": "as_written", "delimiter": ";",
    "column_0": "date", "column_1": "amount", "column_2": "text", "column_3": "check",
}  # fmt: skip


@pytest.fixture
def browser(client: Client, house: House) -> Client:
    return cast.sign_in(client, house.bookkeeper)


def at(name: str, account: TrustPair, **more: int) -> str:
    return reverse(f"trust:{name}", kwargs={"pair_id": account.pk, **more})


def drop_in(browser: Client, account: TrustPair, content: bytes, name: str = "september.qbo"):
    return browser.post(at("upload", account), {"file": SimpleUploadedFile(name, content)}, follow=True)


def uploads(account: TrustPair) -> int:
    with firm_scope(write=None, reads=[account.firm_id]):
        return StatementUpload.objects.count()


def told(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text))


def test_a_file_is_looked_at_before_it_is_brought_in(browser, account) -> None:
    page = drop_in(browser, account, write("bai2", sheet()))

    assert page.redirect_chain[-1][0] == at("new_statement", account)
    assert "Its lines make the closing balance of" in told(page)
    assert "4 lines: 4 new, 0 here already" in told(page)
    assert "Bring in 4 lines" in told(page)
    assert kept(account) == []
    assert uploads(account) == 1

    page = browser.post(at("new_statement", account), {}, follow=True)

    assert page.redirect_chain[-1][0] == at("statements", account)
    assert "4 new lines of IOLTA, 1 Sep 2026 to 30 Sep 2026. 0 were here already." in told(page)
    assert [line.amount for line in kept(account)] == [line.amount for line in LINES]
    assert uploads(account) == 0


def test_a_file_without_an_opening_says_that_nothing_proves_it_until_a_person_does(browser, account) -> None:
    page = drop_in(browser, account, write("qbo", sheet()))
    assert "Nothing proves this file but its closing balance." in told(page)

    page = browser.post(at("new_statement", account), {"opening": "9,999.00"}, follow=True)
    assert page.status_code == 422
    assert "the difference is $1.00" in told(page)
    assert kept(account) == []
    assert 'value="9,999.00"' in browser.get(at("new_statement", account)).text, "what was said is not lost"

    page = browser.post(at("new_statement", account), {"opening": "10,000.00"}, follow=True)
    assert len(kept(account)) == 4


def test_a_refused_file_says_why_and_is_not_kept(browser, account) -> None:
    page = drop_in(browser, account, b"\x89PNG\r\n\x1a\n" + b"\x00" * 9, "scan.png")

    assert page.status_code == 422
    assert "The file was not taken." in told(page)
    assert "This is a picture." in told(page)
    assert uploads(account) == 0


def test_a_file_that_is_too_large_is_refused_politely(browser, account) -> None:
    page = drop_in(browser, account, b"Date,Description,Amount\n" + b"x" * 11_000_000, "large.csv")

    assert page.status_code == 422
    assert "The file has 10 MB; a statement has less than 10." in told(page)


def test_no_file_is_asked_for(browser, account) -> None:
    page = browser.post(at("upload", account), {})

    assert page.status_code == 422
    assert "This field is required." in page.text


def test_the_same_file_again_is_said_and_adds_nothing(browser, account) -> None:
    bring(account, write("bai2", sheet()))

    page = drop_in(browser, account, write("bai2", sheet()), "again.bai")

    assert "This file was brought in before." in told(page)
    assert "Bring in" not in told(page)


def test_a_table_without_plain_heads_is_explained_once_and_the_next_is_read_by_itself(
    browser, account
) -> None:
    page = drop_in(browser, account, write("csv-odd", sheet()), "first-bank.csv")
    assert page.redirect_chain[-1][0] == at("columns", account)
    assert "Which column is what?" in told(page)

    preview = browser.get(at("columns", account), {**ODD, "column_1": ""}, headers={"hx-request": "true"})
    assert "<html" not in preview.text
    assert "Choose the column of the amount" in told(preview)
    preview = browser.get(at("columns", account), ODD, headers={"hx-request": "true"})
    assert "4 lines, together $748.67" in told(preview)
    assert "the table has no balance; you say it next" in told(preview)
    twice = browser.get(at("columns", account), {**ODD, "column_3": "date"}, headers={"hx-request": "true"})
    assert "Two columns are “Date”. Choose one." in told(twice)

    other = browser.get(
        at("columns", account),
        {**ODD, "delimiter": ","},
        headers={"hx-request": "true", "hx-target": "columns"},
    )
    assert 'id="id_column_3"' not in other.text, "another delimiter makes other columns"

    nameless = browser.post(at("columns", account), ODD)
    assert nameless.status_code == 422
    page = browser.post(at("columns", account), {**ODD, "name": "First Bank"}, follow=True)
    assert page.redirect_chain[-1][0] == at("new_statement", account)
    assert "names no closing balance" in told(page)
    page = browser.post(
        at("new_statement", account), {"opening": "10000", "closing": "10748.67"}, follow=True
    )
    assert len(kept(account)) == 4

    later = sheet(*LINES[:2], opening=1_074_867)
    page = drop_in(browser, account, write("csv-odd", later), "october.csv")
    assert page.redirect_chain[-1][0] == at("new_statement", account)
    with firm_scope(write=None, reads=[account.firm_id]):
        assert [profile.name for profile in StatementProfile.objects.all()] == ["First Bank"]


def test_a_table_without_any_heads_is_explained_once_too(browser, account) -> None:
    rows = write("csv-odd", sheet()).decode("cp1252").splitlines(keepends=True)[1:-1]

    page = drop_in(browser, account, "".join(rows).encode(), "headless.csv")
    assert "4 lines, together $748.67" in told(page)
    page = browser.post(at("columns", account), {**ODD, "head": "0", "name": "Second Bank"}, follow=True)

    assert page.redirect_chain[-1][0] == at("new_statement", account)
    assert "names no closing balance" in told(page)


def test_a_proposal_stands_in_the_choices_of_an_odd_table(browser, account) -> None:
    page = drop_in(browser, account, write("csv-odd", sheet()), "first-bank.csv")

    chosen = re.findall(r'name="(column_\d)".*?</select>', page.text, re.DOTALL)
    assert chosen == ["column_0", "column_1", "column_2", "column_3"]
    assert page.text.count('value="date" selected') == 1
    assert page.text.count('value="amount" selected') == 1
    assert "4 lines, together $748.67" in told(page)


def test_a_file_that_was_looked_at_can_be_thrown_away(browser, account) -> None:
    drop_in(browser, account, write("csv", sheet()))
    assert "Go on with september.qbo" in told(browser.get(at("statements", account)))

    page = browser.post(at("drop_upload", account), follow=True)

    assert "The file is gone. Nothing was brought in." in told(page)
    assert uploads(account) == 0
    assert browser.get(at("new_statement", account)).status_code == 302


def test_a_statement_shows_its_proof_and_gives_the_banks_file_untouched(browser, account) -> None:
    content = write("bai2", sheet())
    made = bring(account, content, "prior day.bai")

    page = browser.get(at("statement", account, statement_id=made.pk))
    file = browser.get(at("bank_file", account, statement_id=made.pk))

    assert "The lines make the closing balance of $10,748.67." in told(page)
    assert made.file.sha256 in page.text
    assert "Check paid Muller & Sons" in page.text.replace("&amp;", "&")
    assert file.content == content
    assert file["Content-Disposition"] == 'attachment; filename="prior day.bai"'
    assert file["Content-Type"] == "application/octet-stream"


def test_a_partner_reads_and_does_not_import(client, house, account) -> None:
    cast.sign_in(client, house.partner)

    page = client.get(at("statements", account))

    assert page.status_code == 200
    assert "Bring in a statement" not in page.text
    assert client.post(at("upload", account)).status_code == 403
