"""What people do beside the story: keys, roles, passkeys, several firms, sessions."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.browser import chapters
from tests.browser.site import link_in
from tests.browser.story import PASSWORD, Story, heading

if TYPE_CHECKING:
    from collections.abc import Iterator


def uses_the_keys(story: Story) -> None:
    """On the queue: j and k move, x selects, r asks to try again, Enter opens, / searches, ? lists."""
    story.until(chapters.syncs)
    page = story.go("/exceptions/")
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(rows.first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.first).to_be_focused()
    page.keyboard.press("x")
    expect(rows.first.locator("input[type=checkbox]")).to_be_checked()
    expect(page.locator("[data-selected-count]")).to_have_text("1 selected")
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()
    page.keyboard.press("r")
    heading(page, "again?")

    title = story.go("/exceptions/").locator("[data-row] [data-open]").first.inner_text()
    expect(rows.first).to_be_focused()  # who comes back finds the row again
    page.keyboard.press("Enter")
    heading(page, title)
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()


@contextmanager
def invited(story: Story, *, email: str, role: str, last_day: date | None = None) -> Iterator[Page]:
    """Invite somebody by the form, and give their browser after the letter's link was followed."""
    page = story.go("/settings/people/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Role").select_option(role)
    if last_day:
        page.get_by_label("Last day").fill(last_day.isoformat())
    if role == "auditor":
        page.get_by_label("The whole firm").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(email).first).to_be_visible()
    context = story.somebody()
    theirs = context.new_page()
    theirs.set_default_timeout(15_000)
    theirs.goto(link_in(story.site.letter(email, ""), "/invitation/"))
    theirs.get_by_label("Your name").fill(email.split("@", maxsplit=1)[0].capitalize())
    theirs.get_by_label("Choose a password").fill(PASSWORD)
    theirs.get_by_role("button", name=re.compile("^Join")).click()
    expect(theirs).to_have_url(f"{story.site.url}/")
    yield theirs
    context.close()


def auditor_reads(story: Story) -> None:
    """An auditor sees the queue and the log; no button of theirs changes anything."""
    story.until(chapters.syncs)
    soon = date.today() + timedelta(days=365)  # noqa: DTZ011 - a day that is still to come
    with invited(story, email="paul@elsewhere.test", role="auditor", last_day=soon) as page:
        page.goto(f"{story.site.url}/exceptions/")
        assert page.locator("[data-row]").count()
        expect(page.get_by_role("button", name=re.compile("again"))).to_have_count(0)
        page.locator("[data-open]").first.click()
        expect(page.get_by_role("button", name=re.compile("again"))).to_have_count(0)
        for path in ("/runs/", "/connections/", "/mapping/"):
            page.goto(story.site.url + path)
            expect(page.locator("main form[method=post]")).to_have_count(0)
        page.goto(f"{story.site.url}/audit/")
        expect(page.get_by_text("published the mapping").first).to_be_visible()


def passkey_signs_in(story: Story) -> None:
    """A bookkeeper adds a passkey, signs out, and comes back in with it alone."""
    story.until(chapters.adds_a_second_factor)
    with invited(story, email="theo@ash-birch.test", role="bookkeeper") as page:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        page.goto(f"{story.site.url}/accounts/2fa/")
        page.get_by_role("link", name="Add a passkey").click()
        chapters.says_again_who(page, "#mfa_webauthn_add")
        passwordless = page.locator("main input[type=checkbox]")
        if passwordless.count():
            passwordless.check()
        page.locator("#mfa_webauthn_add").click()
        expect(page).not_to_have_url(re.compile("/webauthn/add"))

        page.goto(f"{story.site.url}/accounts/logout/")
        page.locator("main button[type=submit]").click()
        page.goto(f"{story.site.url}/accounts/login/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page).to_have_url(f"{story.site.url}/")
        expect(page.locator("details.menu")).to_be_visible()


def switches_firms(story: Story) -> None:
    """Another firm of the same person is empty and apart; the menu goes back."""
    story.until(chapters.syncs)
    page = story.go("/firms/new/")
    page.get_by_label("Name of the firm").fill("Second & Sons")
    page.locator("main button[type=submit]").click()
    heading(page, "steps until Second & Sons ties")
    expect(page.locator("details.menu summary")).to_contain_text("Second & Sons")

    page.locator("details.menu summary").click()
    page.get_by_role("button", name=chapters.FIRM).click()
    expect(page.locator("details.menu summary")).to_contain_text(chapters.FIRM)
    expect(page.get_by_role("heading", name="Clio and QuickBooks")).to_be_visible()


def ends_other_sessions(story: Story) -> None:
    """A recovery code stands in for the phone; both browsers are listed, and the other one is ended."""
    story.until(chapters.adds_a_second_factor)
    other = story.somebody().new_page()
    other.goto(f"{story.site.url}/accounts/login/")
    other.locator("input[name=login]").fill(chapters.ADMINISTRATOR)
    other.locator("input[name=password]").fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.locator("input[name=code]").fill(story.recovery[0])
    other.locator("main button[type=submit]").first.click()
    expect(other).to_have_url(f"{story.site.url}/")

    page = story.go("/accounts/sessions/")
    assert page.locator("main tbody tr").count() >= 2
    expect(page.get_by_text("This one")).to_have_count(1)
    page.get_by_role("button", name="Sign out everywhere else").click()
    story.go("/accounts/sessions/")
    expect(page.locator("main tbody tr")).to_have_count(1)
    other.goto(f"{story.site.url}/exceptions/")
    expect(other).to_have_url(re.compile("/accounts/login/"))
    other.context.close()


def drafts_a_mapping(story: Story) -> None:
    """Begin to change the rules, so that their pages have something to change."""
    change = story.go("/mapping/").get_by_role("button", name="Change the rules")
    if change.count():
        change.click()
    expect(story.page.get_by_role("link", name="Publish…")).to_be_visible()
