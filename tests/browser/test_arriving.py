"""Statements come in by hand and by themselves, and limits are set, as people do it in Chromium; axe looks.

SCENARIOS, bookkeeper 6 and administrator 4 and 11 (the limit), end to end.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from accounts.tenancy import firm_scope
from syncapp.emulators.bank import Line, write
from syncapp.pipeline.trust import approvals
from tests import cast
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE, WIDE
from tests.statements.importing import kept
from tests.statements.sheets import sep, sheet
from tests.statements.test_importing import NEW, OVERLAP, SEPTEMBER
from tests.trust import setting_up, world
from trust.models import TrustPair

PENDING = (Line(day=date(2026, 10, 5), amount=-5_000, text="CARD AUTHORIZATION"),)
FIRST = SEPTEMBER.closing - sum(line.amount for line in OVERLAP)
LATER = sheet(
    *OVERLAP, *NEW, opening=FIRST, first_day=sep(25), last_day=date(2026, 10, 5), pending=PENDING
)  # fmt: skip


def test_a_bookkeeper_brings_overlapping_files_in_and_lets_the_next_arrive(
    chromium: Path, real_db: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAILBOX_URL", "imaps://statements%40firm.test:word@mail.firm.test")
    monkeypatch.setattr(settings, "MAILBOX_ADDRESS", "statements@firm.test")
    house = cast.firm("Alpha")
    pair = world.pair(house)
    at = {name: reverse(f"trust:{name}", kwargs={"pair_id": pair.pk}) for name in ("statements", "arrivals")}
    qbo, csv, odd = (tmp_path / name for name in ("september.qbo", "october.csv", "odd.csv"))
    qbo.write_bytes(write("qbo", SEPTEMBER))
    csv.write_bytes(write("csv", LATER))
    odd.write_bytes(write("csv-odd", sheet()))
    with served() as address:
        cookie = {**session_of(house.bookkeeper), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            wide = _page(browser, cookie, viewport=WIDE)
            _import_twice(wide, address + at["statements"], qbo, csv)
            phone = _page(browser, cookie, viewport=PHONE, has_touch=True, is_mobile=True)
            secret = _make_ways(phone, address + at["arrivals"])
            answer = _send(wide, address + reverse("trust:arrive"), secret, odd)
            phone.goto(address + at["arrivals"])
            expect(phone.locator("h1")).to_have_text("1 file arrived and was not taken.")
            seen = looks.faults(_page(browser, cookie), address + at["arrivals"])
            phone.get_by_role("button", name="Look at it").tap()
            expect(phone.locator("h1")).to_contain_text("Which column is what?")
            browser.close()

    assert answer == (422, True)
    assert not seen, "\n".join(map(str, seen))
    lines = kept(pair)
    assert len(lines) == len(SEPTEMBER.lines) + len(NEW)
    assert [line.amount for line in lines if line.day == sep(12)] == [50_000, 50_000]


def _page(browser: Browser, cookie: dict[str, str], **more: Any) -> Page:
    context = browser.new_context(reduced_motion="reduce", **more)
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def _look_at(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    page.get_by_label("The bank's file").set_input_files(file)
    page.get_by_role("button", name="Look at it", exact=True).click()


def _import_twice(page: Page, address: str, qbo: Path, csv: Path) -> None:
    """Bring September in, then a table that overlaps it; the same file again is said, and adds nothing."""
    _look_at(page, address, qbo)
    page.get_by_text("What the file leaves out").click()
    page.get_by_label("Opening balance").fill("10,000.00")
    page.get_by_role("button", name="Bring in").click()
    _look_at(page, address, csv)
    expect(page.get_by_text("11 of 18 lines are here already")).to_be_visible()
    expect(page.get_by_text("Pending rows: 1 left out")).to_be_visible()
    page.get_by_role("button", name="Bring in 7 lines").click()
    expect(page.get_by_text("7 new lines of IOLTA")).to_be_visible()
    _look_at(page, address, qbo)
    expect(page.locator("h1")).to_have_text("This file was brought in before.")
    page.get_by_role("button", name="Throw away").click()
    page.get_by_text("Can Tieout read the bank feed of QuickBooks?").click()
    expect(page.get_by_text("QuickBooks gives no program its bank feed")).to_be_visible()


def _make_ways(page: Page, address: str) -> str:
    """Let mail in from one sender, and make a token; return it."""
    page.goto(address)
    page.get_by_label("Senders").fill("estatements@bank.example")
    page.get_by_role("button", name="Make an address").tap()
    expect(page.get_by_text("statements+")).to_be_visible()
    page.get_by_label("For what").fill("Bank download")
    page.get_by_role("button", name="Make a token").tap()
    expect(page.get_by_role("heading", name="Copy the token now")).to_be_visible()
    assert page.evaluate(looks.OVERFLOW) <= 0
    return page.locator("#secret code").first.inner_text()


def _send(page: Page, address: str, secret: str, file: Path) -> tuple[int, bool]:
    """Send a file as a program does; return how it was answered, and whether with a reason."""
    content = {"name": file.name, "mimeType": "text/csv", "buffer": file.read_bytes()}
    headers = {"Authorization": f"Bearer {secret}"}
    answer = page.context.request.post(address, headers=headers, multipart={"file": content})  # type: ignore[dict-item]
    return answer.status, "error" in answer.json()


def test_an_administrator_sets_a_pair_and_a_limit_within_their_rules(
    chromium: Path, real_db: dict[str, str]
) -> None:
    house = cast.firm("Alpha")
    books = setting_up.company(house)
    world.pair(house, books=books, clio_account="IOLTA")
    add = f"{reverse('desk:trust_account_add')}?books={books.pk}"
    limit = reverse("desk:trust_limit")
    with served() as address:
        own = {**session_of(house.administrator), "url": address}
        partner = {**session_of(house.partner), "url": address}
        with sync_playwright() as playwright:
            browser = launched(playwright, chromium)
            page = _page(browser, own, viewport=WIDE)
            _pair_is_refused(page, address + add)
            _asks_for_a_limit(page, address + limit)
            seen = looks.faults(_page(browser, partner), address + limit)
            phone = _page(browser, partner, viewport=PHONE, has_touch=True, is_mobile=True)
            phone.goto(address + limit)
            phone.get_by_role("button", name="Approve the change").tap()
            expect(phone.locator("h1")).to_have_text(
                "Trust entries of $10,000.00 or more wait for one approval by a partner."
            )
            browser.close()

    assert not seen, "\n".join(map(str, seen))
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert approvals.limit_of(house.firm).over == 1_000_000
        waits = approvals.load(house.firm.pk)
        assert TrustPair.objects.filter(firm=house.firm).count() == 1, "what was refused is not there"
    assert waits.of(subject="bank_transactions/1", amount=1_200_000, print_="p") is not None
    assert waits.of(subject="bank_transactions/2", amount=999_999, print_="p") is None


def _pair_is_refused(page: Page, address: str) -> None:
    """An income account as liability, the operating bank as trust bank, a bank that serves another pair."""
    page.goto(address)
    page.get_by_label("Trust account in Clio").fill("IOLTA 2")
    page.get_by_label("Trust bank in the books").select_option(setting_up.OPERATING)
    page.get_by_label("Trust liability in the books").select_option(setting_up.INCOME)
    page.locator("form.form button[type=submit]").first.click()
    expect(page.get_by_text("A trust bank must be an account of type Bank").first).to_be_visible()
    expect(page.get_by_text("A trust liability must be an account of type").first).to_be_visible()
    page.get_by_label("Trust bank in the books").select_option(world.BANK)
    page.get_by_label("Trust liability in the books").select_option(setting_up.SPARE)
    page.locator("form.form button[type=submit]").first.click()
    expect(page.get_by_text("is the trust bank of “IOLTA” already").first).to_be_visible()


def _asks_for_a_limit(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("h1")).to_have_text("Every trust entry posts by itself.")
    page.get_by_label("Trust entries wait from").fill("10,000.00")
    page.get_by_label("Why").fill("The partners agreed on it.")
    page.get_by_role("button", name="Ask for this limit").click()
    expect(page.get_by_role("heading", name="A change waits for a partner")).to_be_visible()
    expect(page.get_by_role("button", name="Approve the change")).to_have_count(0)
