"""The queue by keyboard alone: explain, select, give away, and be back at the row one came from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from accounts.models import User
from accounts.tenancy import firm_scope
from mapping.models import Rule
from syncapp.core.problems import Fix, Problem
from syncapp.records.models import BookChoice, Case, Elsewhere
from tests import cast
from tests.browser.served import launched, served, session_of
from tests.browser.story import WIDE
from tests.cases.held import MONDAY, hold, owner, problem
from tests.mapping.world import published

if TYPE_CHECKING:
    from playwright.sync_api import Page


@contextmanager
def _queue(person: User, chromium: Path) -> Iterator[Page]:
    """Open the queue for a person. Inside a loop runs, in which Django does not answer."""
    with served() as address:
        cookie = {**session_of(person), "url": address}
        with sync_playwright() as playwright:
            browser = launched(playwright, chromium)
            context = browser.new_context(reduced_motion="reduce", viewport=WIDE)  # type: ignore[arg-type]
            context.add_cookies([cookie])  # type: ignore[list-item]
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.goto(address + reverse("desk:exceptions"))
            yield page
            browser.close()


def test_exceptions_are_given_away_by_keys_alone(chromium: Path, real_db: dict[str, str]) -> None:
    house = cast.firm("Alpha")
    books = cast.books(house)
    cases = [
        hold(house, books, number, why=problem(cause=str(number)), now=MONDAY + timedelta(minutes=number))
        for number in (1, 2, 3)
    ]
    with _queue(house.bookkeeper, chromium) as page:
        _gives_two_away(page, cases)

    assert [owner(case) for case in cases] == [house.bookkeeper, house.partner, house.partner]


def _gives_two_away(page: Page, cases: list[Case]) -> None:
    keys, last = page.keyboard, page.locator(f"#case-{cases[2].pk}")
    for key in ("j", "j", "e"):
        keys.press(key)
    expect(page.locator(f"#case-{cases[1].pk} details")).to_have_attribute("open", "")
    for key in ("x", "j", "x"):
        keys.press(key)
    expect(page.locator("[data-selected-count]")).to_have_text("2 selected")

    keys.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Give 2 exceptions to a colleague?")
    keys.type("Alpha p")
    keys.press("Tab")
    keys.press("Enter")

    expect(page.get_by_text("2 exceptions given.")).to_be_visible()
    expect(last).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("inactive_item 3 stops it.")
    page.go_back()
    expect(last).to_be_focused()


def test_holds_are_mapped_answered_together_and_settled_elsewhere_by_keys_alone(
    chromium: Path, real_db: dict[str, str]
) -> None:
    house = cast.firm("Alpha")
    books = published(house)
    postage = {"line": "expense", "expense_category": "Postage", "cost": "soft"}
    unmapped = replace(problem("unmapped", "postage", fix=Fix.MAP), facts=postage)
    mapped = hold(house, books, 1, why=unmapped, now=MONDAY)
    taken = [
        hold(house, books, number, why=_taken(number), now=MONDAY + timedelta(minutes=number))
        for number in (2, 3)
    ]
    settled = hold(house, books, 4, why=problem("currency", "4"), now=MONDAY + timedelta(minutes=4))

    with _queue(house.bookkeeper, chromium) as page:
        _maps(page, mapped)
        _renumbers_both(page, taken[0])
        _settles_elsewhere(page, settled)

    with firm_scope(write=None, reads=[house.firm.pk]):
        assert Rule.objects.filter(when=postage, item="Costs Recovered").exists()
        choices = set(BookChoice.objects.filter(firm=house.firm).values_list("subject", "answer"))
        assert choices == {("bills/2", "renumber"), ("bills/3", "renumber")}
        assert Elsewhere.objects.get(firm=house.firm, case=settled).reason == "Entered by hand in euro"


def _taken(number: int) -> Problem:
    facts = {"books_id": str(number), "number": str(number), "total": "1", "same": "no"}
    return replace(problem("duplicate_number", str(number), fix=Fix.CHOOSE), facts=facts)


def _opens(page: Page, case: Case) -> None:
    """Go down to a row of the queue and open it."""
    page.goto(page.url.partition("/exceptions/")[0] + reverse("desk:exceptions"))
    for _ in range(9):
        page.keyboard.press("j")
        if page.locator(f"#case-{case.pk}").evaluate("row => row.contains(document.activeElement)"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#next-title")).to_be_visible()


def _goes_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    seen, asks = [], "(e => (e.labels?.[0] ?? e).textContent.trim())(document.activeElement)"
    for _ in range(90):
        page.keyboard.press("Tab")
        seen.append(str(page.evaluate(asks)))
        if seen[-1].startswith(name):
            return
    raise AssertionError(f"no way by keys to {name}: {[one[:40] for one in seen]}")


def _maps(page: Page, case: Case) -> None:
    _opens(page, case)
    _goes_to(page, "Choose where it goes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Which product or service takes")
    _goes_to(page, "Product or service")
    page.keyboard.type("Costs Rec")
    _goes_to(page, "Show what it posts")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The rule")).to_be_visible()
    _goes_to(page, "Put the rule in force")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The rule is in force.")).to_be_visible()


def _renumbers_both(page: Page, case: Case) -> None:
    _opens(page, case)
    _goes_to(page, "2 exceptions like this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Post all under numbers of their own?")
    _goes_to(page, "Post those ticked")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kept for 2 exceptions.")).to_be_visible()


def _settles_elsewhere(page: Page, case: Case) -> None:
    _opens(page, case)
    _goes_to(page, "It was settled elsewhere")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Was it settled elsewhere?")
    _goes_to(page, "Where and how was it settled?")
    page.keyboard.type("Entered by hand in euro")
    _goes_to(page, "Keep as settled elsewhere")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kept: 1 record settled elsewhere.")).to_be_visible()
