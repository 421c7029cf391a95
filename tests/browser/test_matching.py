"""A bookkeeper matches the bank with the books, wide and on a phone, with keys and with a thumb."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import cast
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE, WIDE
from tests.trust import side_by_side, world
from tests.trust.ledgers import day


def test_the_bank_is_matched_by_keys_and_by_thumb(chromium: Path, real_db: dict[str, str]) -> None:
    house = cast.firm("Alpha")
    pair = side_by_side.september(house)
    world.booked(pair, "6", day(9), 1, payee="Eve Fox")
    matching = reverse("trust:matching", kwargs={"pair_id": pair.pk})
    payees = reverse("trust:payees", kwargs={"pair_id": pair.pk})
    with served() as address:
        cookie = {**session_of(house.bookkeeper), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            _by_keys(_page(browser, cookie, viewport=WIDE), address + matching)
            seen = _looked_at(browser, cookie, address + matching)
            _by_thumb(
                _page(browser, cookie, viewport=PHONE, has_touch=True, is_mobile=True), address + matching
            )
            seen += _looked_at(browser, cookie, address + payees)
            browser.close()

    assert not seen, "\n".join(map(str, seen))


def _context(browser: Browser, cookie: dict[str, str], **more: Any) -> BrowserContext:
    context = browser.new_context(reduced_motion="reduce", **more)
    context.add_cookies([cookie])  # type: ignore[list-item]
    return context


def _page(browser: Browser, cookie: dict[str, str], **more: Any) -> Page:
    page = _context(browser, cookie, **more).new_page()
    page.set_default_timeout(15_000)
    return page


def _looked_at(browser: Browser, cookie: dict[str, str], address: str) -> list[looks.Seen]:
    return looks.faults(_page(browser, cookie), address)


def _by_keys(page: Page, address: str) -> None:
    """The first suggestion is accepted with `a`; the slip is ticked with `x` and matched when it ties."""
    page.goto(address)
    expect(page.locator("h1")).to_have_text("The bank and the books differ by $15.00.")
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="Matched in September 2026")).to_be_visible()

    page.locator("#line-3").focus()
    expect(page.locator("#line-3")).to_contain_text("WIRE TRANSFER FEE")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("#chosen .apart dd")).to_have_text("$200.01")
    expect(page.get_by_role("button", name="Match", exact=True)).to_be_disabled()
    for name in ("Carl Lee", "Dora May", "Eve Fox"):
        page.locator("#sides").get_by_role("row", name=name).get_by_role("checkbox").check()
    expect(page.locator("#chosen .apart dd")).to_have_text("$0.00")
    page.get_by_role("button", name="Match", exact=True).press("Enter")
    expect(page.locator("h1")).to_have_text("The bank and the books differ by $15.00.")
    expect(page.locator("[id^=match-]")).to_have_count(2)


def _by_thumb(page: Page, address: str) -> None:
    """What was matched by mistake is undone and matched with another; the difference stays in sight."""
    page.goto(address)
    page.locator("[id^=match-]").last.get_by_role("button").tap()
    expect(page.get_by_text("Its lines and entries can be matched again.")).to_be_visible()
    page.get_by_role("checkbox", name="Bank, 4 Sep 2026").first.tap()
    page.get_by_role("checkbox", name="Books, 3 Sep 2026").last.tap()
    expect(page.locator("#chosen .apart dd")).to_have_text("$0.00")
    expect(page.locator("#chosen")).to_be_in_viewport()
    page.get_by_label("Remember this bank text for this payee").tap()
    page.get_by_role("button", name="Match", exact=True).tap()
    expect(page.locator("[id^=match-]")).to_have_count(2)
    page.get_by_role("link", name="Learned payees").tap()
    expect(page.locator("h1")).to_have_text("1 bank text was taught.")
