"""A bookkeeper brings in the bank's statements, wide and on a phone, and explains a table once."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from syncapp.emulators.bank import write
from tests import cast
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE, WIDE
from tests.statements.importing import kept
from tests.statements.sheets import LINES, sheet
from tests.trust import world


def test_statements_come_in_wide_and_on_a_phone(
    chromium: Path, real_db: dict[str, str], tmp_path: Path
) -> None:
    house = cast.firm("Alpha")
    pair = world.pair(house)
    at = {
        name: reverse(f"trust:{name}", kwargs={"pair_id": pair.pk})
        for name in ("statements", "new_statement", "columns")
    }
    september, october = tmp_path / "september.bai", tmp_path / "october.csv"
    september.write_bytes(write("bai2", sheet()))
    october.write_bytes(write("csv-odd", sheet(*LINES[:2], opening=1_074_867)))
    with served() as address:
        cookie = {**session_of(house.bookkeeper), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            wide, phone = _page(browser, cookie, WIDE), _page(browser, cookie, PHONE)
            ruler = _page(browser, cookie, WIDE)
            seen = looks.faults(ruler, address + at["statements"])
            _look_at(wide, address + at["statements"], september)
            seen += looks.faults(ruler, address + at["new_statement"])
            expect(wide.get_by_role("heading", level=1)).to_contain_text("Its lines make the closing balance")
            wide.get_by_role("button", name="Bring in 4 lines").click()
            expect(wide.get_by_text("4 new lines of IOLTA")).to_be_visible()
            wide.get_by_role("link", name="1 Sep 2026 to 30 Sep 2026").click()
            seen += looks.faults(ruler, wide.url)
            _look_at(phone, address + at["statements"], october)
            seen += looks.faults(ruler, address + at["columns"])
            _explain(phone)
            browser.close()

    assert not seen, "\n".join(map(str, seen))
    assert len(kept(pair)) == len(LINES)


def _page(browser: Browser, cookie: dict[str, str], viewport: dict[str, int]) -> Page:
    context = browser.new_context(reduced_motion="reduce", viewport=viewport)  # type: ignore[arg-type]
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def _look_at(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    page.get_by_label("The bank's file").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()


def _settled(page: Page) -> None:
    """Wait until what was put in listens: a twentieth of a second, which no person is faster than."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def _explain(page: Page) -> None:
    """Choose the columns; what is read changes with each choice."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Which column is what?")
    read = page.locator("#preview")
    expect(read).to_contain_text("2 lines, together $1,000.00")
    page.get_by_label("F2").select_option("")
    expect(read).to_contain_text("Choose the column of the amount")
    page.get_by_label("F2").select_option("amount")
    page.get_by_label("F4").select_option("check")
    expect(read).to_contain_text("2 lines, together $1,000.00")
    page.get_by_label("Columns are parted by").select_option(",")
    expect(page.get_by_label("Columns are parted by")).to_have_value(",")
    expect(page.locator("#id_column_3")).to_have_count(0)
    _settled(page)
    page.get_by_label("Columns are parted by").select_option(";")
    expect(page.locator("#id_column_3")).to_have_count(1)
    _settled(page)
    page.get_by_label("F1").select_option("date")
    page.get_by_label("F2").select_option("amount")
    page.get_by_label("F3").select_option("text")
    expect(read).to_contain_text("2 lines, together $1,000.00")
    page.get_by_label("Name of the bank").fill("First Bank")
    page.get_by_role("button", name="Keep it and go on").click()
    expect(page.get_by_text("names no closing balance")).to_be_visible()
