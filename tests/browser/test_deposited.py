"""A payment that changed after its deposit is repaired on a phone; axe looks at the card and two lists."""

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
from tests.cast import House
from tests.desk.books import case, document, hold

LINES = [
    {"account": "Accounts Receivable", "memo": "", "debit": 20000, "credit": 0},
    {"account": "Operating Bank", "memo": "", "debit": 0, "credit": 20000},
]
WAYS = [
    {"way": "again", "lines": LINES, "total": 180000},
    *({"way": w, "lines": LINES} for w in ("entry", "credit")),
]
FACTS = {
    "for": "payments/78/deposited", "was": "200000", "now": "180000", "currency": "USD", "day": "2026-10-20",
    "bank": "Operating Bank", "payment": "145", "slip": "", "print": "abc123abc123:9:20000",
    "ways": json.dumps(WAYS),
}  # fmt: skip


def asked(house: House) -> int:
    """A case of a payment of 2,000.00 that says 1,800.00 now."""
    books = cast.books(house)
    with firm_scope(write=house.firm.pk):
        one = case(house, books, "deposited:payments/78", "A payment changed", fix="choose", code="deposited",
                   facts=FACTS)  # fmt: skip
        hold(house, one, document(house, 78, kind="payment", amount=180000))
        return int(one.pk)


def test_a_repair_is_pressed_on_a_phone(chromium: Path, real_db: dict[str, str]) -> None:
    house = cast.firm()
    card = reverse("desk:case", kwargs={"case_id": asked(house)})
    pages = [card, reverse("desk:retainers"), reverse("desk:cash_basis")]
    with served() as address:
        cookie = {**session_of(house.bookkeeper), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            context = browser.new_context(reduced_motion="reduce", viewport=WIDE)  # type: ignore[arg-type]
            context.add_cookies([cookie])  # type: ignore[list-item]
            seen = [looks.faults(context.new_page(), address + one) for one in pages]
            phone = browser.new_context(reduced_motion="reduce", viewport=PHONE)  # type: ignore[arg-type]
            phone.add_cookies([cookie])  # type: ignore[list-item]
            page = phone.new_page()
            page.set_default_timeout(15_000)
            page.goto(address + card)
            page.get_by_role("button", name="Post a correcting entry of $200.00").click()
            expect(page.get_by_text("answered on")).not_to_have_count(0)
            browser.close()
    with firm_scope(write=None, reads=[house.firm.pk]):
        kept = BookChoice.objects.get(firm=house.firm, subject="payments/78/deposited")
    assert kept.answer == "entry:abc123abc123:9:20000"
    assert not any(seen), seen
