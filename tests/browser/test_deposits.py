"""A day's checks become a deposit by keyboard alone; axe and a ruler look at every page of deposits."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from accounts.tenancy import firm_scope
from syncapp.records.models import BankDeposit, PayoutCharge
from tests import cast
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import WIDE
from tests.desk import deposit_rows as rows


def test_ticked_checks_become_a_deposit_by_keyboard_alone(chromium: Path, real_db: dict[str, str]) -> None:
    house = cast.firm()
    books = cast.books(house)
    rows.undeposited(house, books)
    with firm_scope(write=house.firm.pk):
        paid = rows.paid_out(house.firm.pk, books, house.bookkeeper)
        PayoutCharge.objects.create(
            firm=house.firm,
            payout=paid,
            position=3,
            day=rows.DAY,
            gross=-50_000,
            fee=1_500,
            kind="chargeback",
        )
    pages = [
        reverse("desk:deposits"),
        f"{reverse('desk:slip')}?waits=payment:145",
        reverse("desk:payouts"),
        reverse("desk:payout", kwargs={"payout_id": paid.pk}),
    ]
    with served() as address:
        cookie = {**session_of(house.bookkeeper), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            context = browser.new_context(reduced_motion="reduce", viewport=WIDE)  # type: ignore[arg-type]
            context.add_cookies([cookie])  # type: ignore[list-item]
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.goto(address + pages[0])
            for number in ("1001", "1002"):
                page.get_by_label(f"Select {number} of").focus()
                page.keyboard.press("Space")
            page.get_by_role("button", name="Make a deposit of them").focus()
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_contain_text("3,000.00")
            page.get_by_role("button", name="Post this deposit").focus()
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_contain_text("brought")
            pages += [page.url.removeprefix(address), reverse("desk:deposits_made")]
            seen = [fault for path in pages for fault in looks.faults(page, address + path)]
            browser.close()

    assert not seen, "\n".join(map(str, seen))
    with firm_scope(write=None, reads=[house.firm.pk]):
        made = BankDeposit.objects.get(firm=house.firm)
    assert [row["reference"] for row in made.rows] == ["1001", "1002"]
