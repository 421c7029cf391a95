"""The queue by keyboard alone: explain, select, give away, and be back at the row one came from."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from syncapp.records.models import Case
from tests import cast
from tests.browser.served import served, session_of
from tests.browser.story import WIDE
from tests.cases.held import MONDAY, hold, owner, problem

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_exceptions_are_given_away_by_keys_alone(chromium: Path, real_db: dict[str, str]) -> None:
    house = cast.firm("Alpha")
    books = cast.books(house)
    cases = [
        hold(house, books, number, why=problem(cause=str(number)), now=MONDAY + timedelta(minutes=number))
        for number in (1, 2, 3)
    ]
    with served() as address:
        cookie = {**session_of(house.bookkeeper), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
            context = browser.new_context(reduced_motion="reduce", viewport=WIDE)  # type: ignore[arg-type]
            context.add_cookies([cookie])  # type: ignore[list-item]
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.goto(address + reverse("desk:exceptions"))
            _gives_two_away(page, cases)
            browser.close()

    assert [owner(case) for case in cases] == [house.bookkeeper, house.partner, house.partner]


def _gives_two_away(page: Page, cases: list[Case]) -> None:
    keys, last = page.keyboard, page.locator(f"#case-{cases[2].pk}")
    for key in ("j", "j", "e"):
        keys.press(key)
    expect(page.locator(f"#case-{cases[1].pk} details")).to_have_attribute("open", "")
    for key in ("x", "j", "x"):
        keys.press(key)
    expect(page.locator("[data-selected-count]")).to_have_text("2 selected")

    keys.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Give 2 exceptions to a colleague?")
    keys.type("Alpha p")
    keys.press("Tab")
    keys.press("Enter")

    expect(page.get_by_text("2 exceptions given.")).to_be_visible()
    expect(last).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("inactive_item 3 stops it.")
    page.go_back()
    expect(last).to_be_focused()
