"""Which entry of the bank feed a movement is, said on a phone; axe looks at the card."""

from __future__ import annotations

import json
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from accounts.tenancy import firm_scope
from syncapp.records.models import BookChoice
from tests import cast
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE, WIDE
from tests.desk.test_twins import ROWS, twin


def test_one_of_several_entries_of_the_feed_is_chosen_on_a_phone(
    chromium: Path, real_db: dict[str, str]
) -> None:
    house = cast.firm()
    several = reverse("desk:case", kwargs={"case_id": twin(house, ways="same,two", rows=json.dumps(ROWS))})
    with served() as address:
        cookie = {**session_of(house.bookkeeper), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            context = browser.new_context(reduced_motion="reduce", viewport=WIDE)  # type: ignore[arg-type]
            context.add_cookies([cookie])  # type: ignore[list-item]
            seen = looks.faults(context.new_page(), address + several)
            phone = browser.new_context(reduced_motion="reduce", viewport=PHONE)  # type: ignore[arg-type]
            phone.add_cookies([cookie])  # type: ignore[list-item]
            page = phone.new_page()
            page.set_default_timeout(15_000)
            page.goto(address + several)
            page.get_by_label("Check 1042, dated 21 Nov 2025").check()
            page.get_by_role("button", name="Keep this choice").click()
            expect(
                page.get_by_text("Kept. What waited for it posts with the run that begins now.")
            ).to_be_visible()
            browser.close()

    assert not seen, "\n".join(map(str, seen))
    with firm_scope(write=None, reads=[house.firm.pk]):
        choice = BookChoice.objects.get(firm=house.firm)
    assert (choice.subject, choice.answer) == ("twin of bank_transactions/7 check:12", "same")
