"""A payment is undone by keys alone, after the page that shows what posts; axe looks at that page."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import small
from syncapp.records.models import Document, Run, Undone
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import WIDE
from tests.road.undone import WHY
from tests.stage import stage


def test_a_payment_is_undone_by_keys_alone(chromium: Path, real_db: dict[str, str]) -> None:
    with stage(small(7)) as on, served() as address:
        on.sync()
        with firm_scope(write=None, reads=[on.firm.pk]):
            paid = Document.objects.filter(firm=on.firm, kind="payment", outcome="posted").latest("pk").pk
            run = Run.objects.filter(firm=on.firm).latest("pk").pk
        cookie = {**session_of(User.objects.get(email="books@ash-birch.test")), "url": address}
        paths = [reverse("desk:undo_record", args=[paid]), reverse("desk:undo_run", args=[run])]
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            context = browser.new_context(reduced_motion="reduce", viewport=WIDE)  # type: ignore[arg-type]
            context.add_cookies([cookie])  # type: ignore[list-item]
            page = context.new_page()
            page.set_default_timeout(15_000)
            seen = [one for path in paths for one in looks.faults(page, address + path)]
            page.goto(address + paths[0])
            page.get_by_label("Why is it undone?").focus()
            page.keyboard.type(WHY)
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            expect(page.get_by_text(WHY)).not_to_have_count(0)
            expect(page.get_by_role("button", name="Send it again")).to_be_visible()
            browser.close()

        assert not seen, "\n".join(map(str, seen))
        with firm_scope(write=None, reads=[on.firm.pk]):
            assert Undone.objects.get(firm=on.firm).document_id == paid
