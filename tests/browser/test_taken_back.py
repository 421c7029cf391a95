"""By keyboard alone, on a phone, without a script: an answer is given, and taken back before it posts."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from accounts.tenancy import firm_scope
from syncapp.records.models import BookChoice
from tests import cast
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE, WIDE
from tests.browser.test_deposited import asked


def test_an_answer_is_taken_back_by_keyboard_on_a_phone(chromium: Path, real_db: dict[str, str]) -> None:
    house = cast.firm()
    card = reverse("desk:case", kwargs={"case_id": asked(house)})
    with served() as address:
        cookie = {**session_of(house.bookkeeper), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            phone = browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
            phone.add_cookies([cookie])  # type: ignore[list-item]
            page = phone.new_page()
            page.set_default_timeout(15_000)
            page.goto(address + card)
            page.get_by_role("button", name="Post a correcting entry of $200.00").press("Enter")
            expect(
                page.get_by_text("The next run will leave the payment as it is and post an")
            ).to_be_visible()
            context = browser.new_context(reduced_motion="reduce", viewport=WIDE)  # type: ignore[arg-type]
            context.add_cookies([cookie])  # type: ignore[list-item]
            seen = looks.faults(context.new_page(), address + card)
            page.get_by_role("button", name="Take it back").press("Enter")
            expect(page.get_by_text("Taken back. Nothing of it posts")).to_be_visible()
            expect(page.get_by_role("button", name="Take it back")).to_have_count(0)
            browser.close()
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert not BookChoice.objects.filter(firm=house.firm).exists()
    assert not seen, seen
