"""Earned fees in the browser: the bookkeeper notes a dispute, the partner signs the list on a phone."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from accounts.tenancy import firm_scope
from tests import cast
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE, WIDE
from tests.trust import fees
from trust.actions import earned as verbs
from trust.models import TransferLine


def test_a_dispute_is_noted_and_the_partner_signs_the_rest_on_a_phone(
    chromium: Path, real_db: dict[str, str]
) -> None:
    house = cast.firm("Alpha")
    pair = fees.account(house)
    for number, open_ in ((11, 60_000), (12, 90_000), (13, 40_000)):
        fees.matter(house, number, client=number, holds=100_000)
        fees.bill(house, 1000 + number, open_, client=number, matters=(number,))
    with firm_scope(write=house.firm.pk):
        verbs.set_level(
            firm_id=house.firm.pk, account="IOLTA", ledger="matters/12", minimum=30_000, evergreen=100_000,
            actor=house.partner, now=cast.NOW,
        )  # fmt: skip
    at = {name: reverse(f"trust:{name}", kwargs={"pair_id": pair.pk}) for name in ("earned", "levels")}
    bill = reverse("trust:earned_bill", kwargs={"pair_id": pair.pk, "bill": 1013})
    with served() as address:
        cookies = [{**session_of(one), "url": address} for one in (house.bookkeeper, house.partner)]
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            wide, phone = _page(browser, cookies[0], WIDE), _page(browser, cookies[1], PHONE)
            ruler = _page(browser, cookies[1], WIDE)
            _dispute(wide, address + bill)
            seen = looks.faults(ruler, address + bill) + looks.faults(ruler, address + at["earned"])
            _sign(phone, address + at["earned"])
            seen += looks.faults(ruler, phone.url) + looks.faults(ruler, address + at["levels"])
            browser.close()

    assert not seen, "\n".join(map(str, seen))
    with firm_scope(write=None, reads=[house.firm.pk]):
        signed = TransferLine.objects.order_by("bill").values_list("bill", "amount")
        assert list(signed) == [(1011, 60_000), (1013, 30_000)]


def _page(browser: Browser, cookie: dict[str, str], viewport: dict[str, int]) -> Page:
    context = browser.new_context(reduced_motion="reduce", viewport=viewport)  # type: ignore[arg-type]
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def _dispute(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text("The client disputes it").click()
    page.get_by_label("The client disputes", exact=True).select_option("part")
    page.get_by_label("Disputed amount").fill("100.00")
    page.get_by_label("What the client said, and when").fill("Letter of 3 November")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("Disputed: $100.00")).to_be_visible()


def _sign(page: Page, address: str) -> None:
    """Leave one transfer out and sign the others."""
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("$1,600.00 is earned and still in IOLTA.")
    page.get_by_label("bill 1012").uncheck()
    page.get_by_role("button", name="Sign the list").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "$900.00 of this list is still to be recorded"
    )
    expect(page.get_by_text("It was not chosen.")).to_be_visible()
