"""A partner reads a month of client money and signs it on a phone; axe finds nothing on the way."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Browser, expect, sync_playwright

from accounts.tenancy import firm_scope
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE
from tests.trust import october, september
from tests.trust.october import October
from trust.actions import signing
from trust.models import SignOff
from trust.queries import figures

PAGES = ("/trust/", "/trust/awaiting/", "/trust/rules/", "/trust/signers/", "/trust/rules/NC/certification/")


def prepared(told: October) -> str:
    """Let the bookkeeper prepare October; return the address of the month."""
    with firm_scope(write=told.stage.firm.pk):
        made = signing.submit(
            pair=told.pair, month=october.FIRST, figures=figures.of(told.pair, october.FIRST),
            actor=told.bookkeeper, position="Bookkeeper", now=september.AT,
        )  # fmt: skip
    assert isinstance(made, SignOff), made
    return reverse("trust:month", kwargs={"pair_id": told.pair.pk, "month": october.ADDRESS})


def test_a_partner_signs_on_a_phone(chromium: Path, real_db: dict[str, str]) -> None:
    with october.october() as told, served() as address:
        october.approve(told)
        month, cookie = prepared(told), session_of(told.partner)
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            _signs(browser, address, cookie)
            seen = _looked_at(browser, address, cookie, month)
            browser.close()

    assert not seen, "\n".join(map(str, seen))


def _signs(browser: Browser, address: str, cookie: dict[str, str]) -> None:
    """From the front page of trust to the signature, with a thumb."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": address}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{address}/trust/")
    page.get_by_role("link", name="What awaits me (", exact=False).tap()
    page.get_by_role("link", name="Sign October 2026 of IOLTA").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("All three ways agree.")
    expect(page.get_by_text("2 outstanding items, the oldest 9 days old")).to_be_visible()
    expect(page.get_by_text("I certify that I have reviewed this reconciliation.")).to_be_visible()
    page.get_by_label("Bar number").fill("NC 12345")
    page.get_by_label("I have read the text above and certify it.").check()
    page.get_by_role("button", name="Sign October 2026").tap()
    expect(page.locator("header .pill")).to_have_text("Signed")
    expect(page.locator("#signed")).to_contain_text("Bar number NC 12345")


def _looked_at(browser: Browser, address: str, cookie: dict[str, str], month: str) -> list[looks.Seen]:
    """Look at every page of signing, light and dark, wide and narrow."""
    context = browser.new_context(reduced_motion="reduce")
    context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": address}])
    page = context.new_page()
    paths = [month, f"{month}review/", month.replace(october.ADDRESS, "balances"), *PAGES]
    return [one for path in paths for one in looks.faults(page, address + path)]
