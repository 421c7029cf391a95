"""An administrator asks for another trust account at a desk, a partner approves it on a phone; axe looks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import cast
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE, WIDE
from tests.trust import setting_up


def test_a_change_is_asked_for_and_approved_by_who_sees_its_effect(
    chromium: Path, real_db: dict[str, str]
) -> None:
    house = cast.firm("Alpha")
    pair = setting_up.account(house)
    setting_up.waiting(house, pair.books)
    account = reverse("desk:trust_account", kwargs={"pair_id": pair.pk})
    paths = [
        account,
        reverse("desk:trust_accounts"),
        reverse("desk:trust_account_add"),
        reverse("desk:trust_account_change", kwargs={"pair_id": pair.pk}),
        reverse("desk:trust_opening", kwargs={"pair_id": pair.pk}),
        reverse("desk:trust_approvals"),
    ]
    with served() as address:
        desk = {**session_of(house.administrator), "url": address}
        phone = {**session_of(house.partner), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            change = _asks(_page(browser, desk, viewport=WIDE), address + account)
            seen = looks.faults(_page(browser, phone), change)
            _approves(_page(browser, phone, viewport=PHONE, has_touch=True, is_mobile=True), change)
            one = _page(browser, desk)
            seen += [found for path in paths for found in looks.faults(one, address + path)]
            browser.close()

    assert not seen, "\n".join(map(str, seen))


def _page(browser: Browser, cookie: dict[str, str], **more: Any) -> Page:
    context = browser.new_context(reduced_motion="reduce", **more)
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def _asks(page: Page, address: str) -> str:
    """First an account that breaks the rule, then one that may be; return the address of the change."""
    page.goto(address)
    page.get_by_role("link", name="Ask for a change").click()
    page.get_by_label("Trust liability in the books").select_option(setting_up.INCOME)
    page.get_by_role("button", name="Ask a partner to approve it").click()
    expect(page.get_by_role("alert")).to_contain_text("A trust liability must be an account of type")
    page.get_by_label("Trust liability in the books").select_option(setting_up.SPARE)
    page.get_by_label("Clients in the books").select_option("sub-account")
    page.get_by_label("Why").fill("The bank gave us a new account")
    page.get_by_role("button", name="Ask a partner to approve it").click()
    expect(page.get_by_text("A partner approves this change before it is in force.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve the change")).to_have_count(0)
    return page.url


def _approves(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", name="Today’s three-way")).to_be_visible()
    expect(page.get_by_text("Client Funds Held in Trust 2")).to_be_visible()
    expect(page.get_by_text("An account of their own below the liability")).to_be_visible()
    page.get_by_role("button", name="Approve the change").tap()
    expect(page.locator("h1")).to_have_text("This change was approved.")
