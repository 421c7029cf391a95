"""A hand in the books is accepted on a phone, with the reason; axe looks at the card and at the tie-out."""

from __future__ import annotations

import json
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from accounts.tenancy import firm_scope
from syncapp.records.models import Case
from tests import cast
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE, WIDE
from tests.desk.test_hands import WAS, made


def test_an_edited_invoice_is_accepted_with_a_reason_on_a_phone(
    chromium: Path, real_db: dict[str, str]
) -> None:
    house = cast.firm()
    case_id, _ = made(
        house, "changed_in_books", print="deleted", closed="yes", correction=json.dumps(WAS),
        correction_day="2026-11-22", fixed="It lies in the books that are closed through 31 Oct 2026.",
    )  # fmt: skip
    card = reverse("desk:case", kwargs={"case_id": case_id})
    with served() as address:
        cookie = {**session_of(house.bookkeeper), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            context = browser.new_context(reduced_motion="reduce", viewport=WIDE)  # type: ignore[arg-type]
            context.add_cookies([cookie])  # type: ignore[list-item]
            seen = looks.faults(context.new_page(), address + card)
            phone = browser.new_context(reduced_motion="reduce", viewport=PHONE)  # type: ignore[arg-type]
            phone.add_cookies([cookie])  # type: ignore[list-item]
            page = phone.new_page()
            page.set_default_timeout(15_000)
            page.goto(address + card)
            expect(page.get_by_role("button", name="Correct it by an entry of its own")).to_be_visible()
            expect(page.get_by_role("button", name="Restore")).to_have_count(0)
            page.get_by_label("Or accept it as it stands, with the reason").fill("Agreed by phone")
            page.get_by_role("button", name="Accept it").click()
            expect(page.get_by_text("Closed")).not_to_have_count(0)
            expect(page.get_by_role("link", name="All exceptions")).to_be_focused()
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", name="Nothing is stuck.")).to_be_visible()
            browser.close()

    assert not seen, "\n".join(map(str, seen))
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert Case.objects.get(firm=house.firm).closed_at is not None
