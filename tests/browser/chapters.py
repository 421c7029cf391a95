"""What a firm does from signing up to its first synced books, told in order."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.site import link_in
from tests.browser.story import PASSWORD, SLOW_MS, Story, code, heading

ADMINISTRATOR = "ines@ash-birch.test"
FIRM = "Ash & Birch LLP"


def signs_up(story: Story) -> None:
    """A firm signs up; the address is proved by the link of a letter."""
    page = story.go("/accounts/signup/")
    page.get_by_label("Name of the firm").fill(FIRM)
    page.get_by_label("Your name").fill("Ines Calder")
    page.get_by_label("E-mail address").fill(ADMINISTRATOR)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    heading(page, "mail")

    page.goto(link_in(story.site.letter(ADMINISTRATOR, ""), "/confirm-email/"))
    page.locator("main button[type=submit]").click()


def says_again_who(page: Page, wanted: str) -> None:
    """Give the password once more where it is asked for, and come to the page that has what is wanted."""
    page.locator(f"input[type=password], {wanted}").first.wait_for()
    if page.locator("input[type=password]").count():
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").first.click()
        page.locator(wanted).wait_for()


def adds_a_second_factor(story: Story) -> None:
    """An administrator sees nothing of the firm before there is a second factor; recovery codes are shown."""
    page = story.go("/")
    expect(page).to_have_url(re.compile("/accounts/2fa/"))
    heading(page, "second factor")
    expect(page.get_by_text("Administrators need a second factor.").first).to_be_visible()

    page.get_by_role("link", name="Set up the app").click()
    says_again_who(page, "#authenticator_secret")
    story.secret = page.locator("#authenticator_secret").input_value()
    page.get_by_label("code").fill(code(story.secret))
    page.locator("main button[type=submit]").click()

    story.go("/accounts/2fa/recovery-codes/")
    story.recovery = page.locator("main textarea").input_value().split()
    assert len(story.recovery) == 10


def denies_then_connects(story: Story) -> None:
    """Denied consent is a sentence and changes nothing; then Clio and QuickBooks are connected."""
    page = story.go("/connections/")
    heading(page, "Nothing is connected yet")
    page.get_by_role("button", name="Connect Clio").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text("it was not allowed there")).to_be_visible()
    heading(page, "Nothing is connected yet")

    page.get_by_role("button", name="Connect Clio").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Clio is connected.")).to_be_visible()
    page.locator("form[action$='/connections/books/add/'] input[name=name]").fill("main")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Connect QuickBooks").click()
    page.locator("button[value=deny], button[value=cancel]").first.click()
    expect(page.get_by_text("it was not allowed there")).to_be_visible()

    page.get_by_role("button", name="Connect QuickBooks").click()
    page.locator("button[value=approve]").click()
    expect(page.get_by_text("QuickBooks is connected.")).to_be_visible()
    expect(page.locator(".checks").first).to_contain_text("passed")


def maps(story: Story) -> None:
    """The proposal is read, start dates and deposits are chosen, and the mapping is published."""
    page = story.go("/mapping/")
    page.get_by_role("button", name="Propose rules").click()
    expect(page.get_by_text("rules are proposed by name")).to_be_visible()
    story.go("/mapping/options/")
    for each in page.locator("main input[type=date]").all():
        each.fill("2025-11-01")
    page.get_by_role("button", name="Save to the draft").click()
    page.get_by_role("link", name="Publish…").click()
    page.get_by_label("Why").fill("First mapping")
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_text("Version 1 is in force")).to_be_visible()


def starts(story: Story) -> None:
    """Nothing posts before the company's name is typed; a wrong one changes nothing."""
    page = story.go("/")
    heading(page, "1 step until")
    page.get_by_label("Type the company's name").fill("Somebody else")
    page.get_by_role("button", name="Start posting").click()
    expect(page.locator("[role=alert], .notices, .banner").first).to_be_visible()
    assert not story.site.books_hold().get("Invoice")

    page.get_by_label("Type the company's name").fill(FIRM)
    page.get_by_role("button", name="Start posting").click()
    expect(page.locator("#progress progress")).to_be_visible()
    heading(page, "The first sync is going on.")


def syncs(story: Story) -> None:
    """The bar goes on by itself, then the overview says what is equal and what is held."""
    page = story.page
    settled(story)
    story.go("/")
    expect(page.locator("h1")).not_to_contain_text("first sync")
    rows = page.locator("table").first.locator("tbody tr")
    assert rows.count() >= 3
    for row in rows.all():
        expect(row.locator("[data-label=Unexplained]")).to_have_class(re.compile("zero"))


def settled(story: Story) -> Page:
    """Wait until the first sync is told to be over, reading only what the page shows by itself."""
    page = story.page
    expect(page.locator("#progress")).to_have_count(0, timeout=SLOW_MS)
    return page


def traces(story: Story) -> None:
    """From the number of an invoice to the Clio bill, the rule of each line, and QuickBooks' own id."""
    page = story.go("/")
    invoice = story.site.books_hold()["Invoice"][0]
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type(invoice["DocNumber"])
    page.keyboard.press("Enter")
    heading(page, f"“{invoice['DocNumber']}”")

    page.get_by_role("link", name=re.compile(rf"^Bill {invoice['DocNumber']}$")).click()
    heading(page, invoice["DocNumber"])
    expect(page.get_by_text("Why these accounts?").first).to_be_visible()
    expect(page.get_by_text(re.compile(", version 1$")).first).to_be_visible()
    assert page.locator("td[data-label=Id] code").first.inner_text() == invoice["Id"]
    page.locator(".raw summary").first.click()
    expect(page.locator(".raw pre").first).to_contain_text(invoice["DocNumber"])


def holds(story: Story) -> None:
    """A product becomes inactive in QuickBooks; a bill approved in Clio then waits, with the reason."""
    for item in fees(story):
        story.site.books_do("active", entity="Item", id=item, active=False)
    story.bill = story.site.planted("draft")
    page = story.page
    page.goto(f"{story.site.clio}/firms/1/bills/{story.bill}")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_have_text("Approved.")

    story.go("/runs/").get_by_role("button", name="Sync now").click()
    story.case = waited_for(story, "inactive")
    heading(story.go(story.case), "inactive")


def posts_when_tried_again(story: Story) -> None:
    """The product is active again; the bill is tried again, posts, and its exception is gone."""
    before = len(story.site.books_hold()["Invoice"])
    page = story.go(story.case)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("r")
    heading(page, "again?")
    for item in fees(story):  # only now: a look at the books would find it, and post by itself
        story.site.books_do("active", entity="Item", id=item, active=True)
    page.get_by_role("button", name="Try again now").click()
    expect(page.get_by_text("tried again by the run that begins now")).to_be_visible()

    until = time.monotonic() + SLOW_MS / 1000
    while not page.get_by_text("Closed: nothing of it waits any more.").count():
        assert time.monotonic() < until
        page.wait_for_timeout(400)
        page.reload()
    assert len(story.site.books_hold()["Invoice"]) == before + 1
    expect(story.go("/exceptions/").locator("[data-row]", has_text="inactive")).to_have_count(0)


def fees(story: Story) -> list[str]:
    """Name the products that time is sold as."""
    items = story.site.books_hold()["Item"]
    return [item["Id"] for item in items if item["Name"].endswith("Fees")]


def waited_for(story: Story, words: str) -> str:
    """Return the address of the exception that says this, once it stands in the queue."""
    until = time.monotonic() + SLOW_MS / 1000
    while time.monotonic() < until:
        found = story.go("/exceptions/").locator("[data-row]", has_text=words)
        if found.count():
            return str(found.first.locator("[data-open]").get_attribute("href"))
        story.page.wait_for_timeout(400)
    raise AssertionError(f"No exception says “{words}”.")


ALL = (
    signs_up,
    adds_a_second_factor,
    denies_then_connects,
    maps,
    starts,
    syncs,
    traces,
    holds,
    posts_when_tried_again,
)
