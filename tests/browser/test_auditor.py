"""An administrator invites an auditor to one account and two months; the auditor looks, on a phone too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from accounts.models import Invitation
from tests import cast
from tests.accounts.holding import SEEN, held
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE, WIDE
from tests.trust import side_by_side


def test_an_auditor_is_invited_to_an_account_and_looks(chromium: Path, real_db: dict[str, str]) -> None:
    house = cast.firm("Alpha")
    pair = side_by_side.september(house)
    held(house)
    of = {"pair_id": pair.pk}
    home = reverse("trust:auditor")
    paths = [
        home,
        reverse("trust:paper", kwargs={**of, "month": "2026-09"}),
        reverse("trust:completeness", kwargs=of),
        reverse("desk:rule_on_day", kwargs=of),
        reverse("accounts:people"),
    ]
    visits = reverse("accounts:visits", kwargs={"user_id": house.auditor.pk})
    person = reverse("accounts:person", kwargs={"member_id": held_member(house)})
    with served() as address:
        desk = {**session_of(house.administrator), "url": address}
        phone = {**session_of(house.auditor), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            _invites(_page(browser, desk, viewport=WIDE), address)
            auditor = _page(browser, phone, viewport=PHONE, has_touch=True, is_mobile=True)
            _looks(auditor, address)
            one, other = _page(browser, phone), _page(browser, desk)
            seen = [found for path in paths for found in looks.faults(one, address + path)]
            seen += [found for path in (visits, person) for found in looks.faults(other, address + path)]
            browser.close()

    assert not seen, "\n".join(map(str, seen))
    invitation = Invitation.objects.get(email="bar@state.test")
    assert (invitation.sees, invitation.role) == (SEEN, "auditor")


def held_member(house: cast.House) -> int:
    """The id of the auditor's membership."""
    return int(house.auditor.memberships.get().pk)


def _page(browser: Browser, cookie: dict[str, str], **more: Any) -> Page:
    context = browser.new_context(reduced_motion="reduce", **more)
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def _invites(page: Page, address: str) -> None:
    """First without a choice, which is refused; then to one account and two months."""
    page.goto(address + reverse("accounts:people"))
    page.get_by_label("E-mail address").fill("bar@state.test")
    page.get_by_label("Role").select_option("auditor")
    page.get_by_label("Last day").fill("2099-12-31")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("Choose what the auditor sees.").first).to_be_visible()
    page.get_by_label("Only the trust accounts and days below").check()
    page.get_by_label("IOLTA").check()
    page.locator("#id_sees_from").fill("2026-09-01")
    page.locator("#id_sees_to").fill("2026-10-31")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("Sees IOLTA, 1 Sep 2026 to 31 Oct 2026").first).to_be_visible()


def _looks(page: Page, address: str) -> None:
    """From the first page to a bank's line; what is closed says so."""
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("You may look at 1 trust account")
    expect(page.get_by_role("link", name="Exceptions")).to_have_count(0)
    page.get_by_role("link", name="Each line of IOLTA in September 2026").click()
    page.locator("summary", has_text="BRANCH DEPOSIT").click()
    expect(page.locator("details[open]").get_by_text("No entry of the books is matched")).to_be_visible()
    page.goto(address + reverse("desk:exceptions"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("This page shows more than what you were")
    page.get_by_role("link", name="What you may look at").last.click()
    expect(page).to_have_url(address + reverse("trust:auditor"))
