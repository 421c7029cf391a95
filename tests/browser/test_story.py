"""The product in a browser: a firm from signing up to clearing its queue, and every page looked at by axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from pytest_django import DjangoDbBlocker

from syncapp.local import testing
from tests.browser import chapters, looks, persons
from tests.browser.served import launched
from tests.browser.site import Site, running
from tests.browser.story import WIDE, Story


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Give the module the whole product over a database of its own."""
    folder = tmp_path_factory.mktemp("site")
    with (
        django_db_blocker.unblock(),
        testing.clone(f"browser_{os.getpid()}") as database,
        running(database, folder=folder) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def story(chromium: Path, site: Site) -> Iterator[Story]:
    """Give the module a browser; what it meets in a page's scripts as an error fails the module."""
    with sync_playwright() as playwright:
        browser = launched(playwright, chromium)
        page = browser.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(15_000)
        yield Story(site=site, browser=browser, chapters=chapters.ALL, page=page)
        browser.close()


def test_a_firm_signs_up_and_proves_its_address(story: Story) -> None:
    story.until(chapters.signs_up)


def test_an_administrator_needs_a_second_factor_and_is_shown_recovery_codes(story: Story) -> None:
    story.until(chapters.adds_a_second_factor)


def test_denied_consent_is_a_sentence_and_both_sides_connect(story: Story) -> None:
    story.until(chapters.denies_then_connects)


def test_the_first_mapping_is_proposed_and_published(story: Story) -> None:
    story.until(chapters.maps)


def test_posting_starts_when_the_company_is_named(story: Story) -> None:
    story.until(chapters.starts)


def test_the_first_sync_shows_how_far_it_is_and_ends_in_a_sentence(story: Story) -> None:
    story.until(chapters.syncs)


def test_an_invoice_is_traced_to_its_bill_its_rules_and_its_id(story: Story) -> None:
    story.until(chapters.traces)


def test_a_bill_of_an_inactive_product_waits_with_the_reason(story: Story) -> None:
    story.until(chapters.holds)


def test_what_waited_posts_when_the_cause_is_gone_and_it_is_tried_again(story: Story) -> None:
    story.until(chapters.posts_when_tried_again)


def test_keys_move_open_select_retry_search_and_list_themselves(story: Story) -> None:
    persons.uses_the_keys(story)


def test_an_auditor_reads_everything_and_is_offered_nothing_to_press(story: Story) -> None:
    persons.auditor_reads(story)


def test_a_passkey_signs_a_bookkeeper_in(story: Story) -> None:
    persons.passkey_signs_in(story)


def test_a_person_of_two_firms_switches_between_them(story: Story) -> None:
    persons.switches_firms(story)


def test_a_recovery_code_lets_in_and_sessions_are_listed_and_ended(story: Story) -> None:
    persons.ends_other_sessions(story)


def test_axe_finds_nothing_on_any_page_of_an_administrator(story: Story) -> None:
    story.until(chapters.syncs)
    persons.drafts_a_mapping(story)
    context = story.browser.new_context(
        storage_state=story.page.context.storage_state(), reduced_motion="reduce"
    )
    page = context.new_page()
    found = looks.pages(context.request, story.site)

    seen = [one for path in found.values() for one in looks.faults(page, story.site.url + path)]

    context.close()
    assert not seen, "\n".join(map(str, seen))


def test_axe_finds_nothing_before_signing_in_nor_on_the_emulators(story: Story) -> None:
    story.until(chapters.syncs)
    site, page = story.site, story.somebody().new_page()
    company, bill = f"{site.books}/company/{site.realm()}", site.books_hold()["Invoice"][0]["Id"]
    clio = [
        f"{site.clio}/firms/1/{path}"
        for path in ("bills", f"bills/{site.planted('plain')}", "clients", "trust")
    ]
    books = [f"{company}/", f"{company}/customers", f"{company}/Invoice/{bill}", f"{site.books}/"]

    seen = [
        one
        for address in [*(site.url + path for path in looks.SIGNED_OUT), f"{site.url}/demo/", *clio, *books]
        for one in looks.faults(page, address)
    ]

    page.context.close()
    assert not seen, "\n".join(map(str, seen))
