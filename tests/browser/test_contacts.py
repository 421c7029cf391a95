"""Contacts in a browser: answered on a phone without a script; axe looks at every page of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from accounts.models import Books
from accounts.tenancy import firm_scope
from syncapp.records.models import BookChoice, BookRow, Document
from tests import cast
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE, WIDE
from tests.cast import House
from tests.desk import contact_rows
from tests.desk.books import NOW, bill, case, hold

pytestmark = pytest.mark.xdist_group("browser")


def asked(house: House, books: Books) -> dict[str, str]:
    """A client renamed in the books, a merge, a bill that may stand there, a stranger; their addresses."""
    mine = {"firm": house.firm, "books": books}
    with firm_scope(write=house.firm.pk):
        merged = contact_rows.merger(house, books)
        differs = case(house, books, "contact_differs:contacts/5", "Client Maple was renamed in QuickBooks.")
        differs.code, differs.fix = "contact_differs", "choose"
        field = {"field": "name", "clio_was": "Maple", "clio": "Maple", "books_was": "Maple",
                 "books": "Maple Foods", "print": "p"}  # fmt: skip
        differs.facts = {"client": "Maple", "fields": json.dumps([field])}
        differs.save()
        hold(house, differs, bill(house, 12, 100), alarm=True)
        held = case(house, books, "duplicate_number:invoice 9", "Number 9 is taken.")
        hold(house, held, bill(house, 9, 100))
        BookRow.objects.create(
            **mine, kind="invoice", remote_id="801", number="HAND-1", total=250, day=NOW.date(), seen_at=NOW
        )
        row = BookRow.objects.create(
            **mine,
            kind="customer",
            remote_id="88",
            name="Window Cleaner",
            data={"email": "w@c.test"},
            seen_at=NOW,
        )
        Document.objects.create(
            firm=house.firm, kind="client", resource="contacts", source_id=31, number="Window Cleaner LLC",
            client_id=31, read_at=NOW, data={"is": "Client", "id": 31, "name": "Window Cleaner LLC"},
        )  # fmt: skip
    return {
        "merged": reverse("desk:case", args=[merged.pk]),
        "differs": reverse("desk:case", args=[differs.pk]),
        "link": reverse("desk:link_here", args=[held.pk]) + "?q=hand",
        "strangers": reverse("desk:strangers"),
        "stranger": reverse("desk:stranger", args=[row.pk]) + "?q=window",
        "rules": reverse("desk:contact_rules"),
    }


def test_what_is_asked_of_contacts_is_answered_on_a_phone(chromium: Path, real_db: dict[str, str]) -> None:
    house = cast.firm(now=timezone.now())
    at = asked(house, cast.books(house))
    at["find"] = reverse("desk:find_customer", args=[contact_rows.a_doubtful_client(house)["case_id"]])
    with served() as address:
        cookie = {**session_of(house.bookkeeper), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            context = browser.new_context(reduced_motion="reduce", viewport=WIDE)  # type: ignore[arg-type]
            context.add_cookies([cookie])  # type: ignore[list-item]
            desk = context.new_page()
            seen = [fault for path in at.values() for fault in looks.faults(desk, address + path)]
            phone = browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
            phone.add_cookies([cookie])  # type: ignore[list-item]
            page = phone.new_page()
            page.goto(address + at["strangers"])
            page.get_by_role("button", name="Window Cleaner is no client").click()
            expect(page.get_by_text("Kept of Window Cleaner.")).to_be_visible()
            page.goto(address + at["differs"])
            page.get_by_role("button", name="Leave both as they are").click()
            expect(page.get_by_text("Kept. What waited")).to_be_visible()
            browser.close()

    assert not seen, "\n".join(map(str, seen))
    with firm_scope(write=None, reads=[house.firm.pk]):
        said = dict(BookChoice.objects.filter(firm=house.firm).values_list("subject", "answer"))
    assert said == {"born/88": "none", "contacts/5/name": "books:p"}
