"""The attorney answers on a phone without an account; axe looks at what is asked, answered and proposed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from accounts.tenancy import firm_scope
from syncapp.pipeline.asking import acts
from syncapp.pipeline.asking.questions import Choice
from syncapp.records.models import CaseAsk
from tests import cast
from tests.browser import looks
from tests.browser.served import launched, served, session_of
from tests.browser.story import PHONE, WIDE
from tests.cases.held import hold, problem

pytestmark = pytest.mark.xdist_group("browser")
RULES = ("/settings/exceptions/rules/", "/settings/alerts/", "/settings/notifications/")


def test_a_question_is_answered_on_a_phone_and_comes_as_a_proposal(
    chromium: Path, real_db: dict[str, str]
) -> None:
    house, now = cast.firm(now=timezone.now() - timedelta(days=1)), timezone.now()
    case = hold(house, cast.books(house), 4, why=problem("duplicate_number", "bills/4"), now=now)
    choices = [
        Choice(label="It is the same invoice"),
        Choice(label="It is another invoice", answer="renumber"),
    ]
    for name in ("Ada Attorney", "Ben Counsel"):
        acts.ask(
            firm_id=house.firm.pk,
            case_id=case.pk,
            name=name,
            email="ada@elsewhere.test",
            question="Bill 4 of $100.00: is it the same invoice?",
            choices=choices,
            days=7,
            by=house.bookkeeper,
            now=now,
        )
    letters = [str(one.body) for one in mail.outbox[-2:]]
    paths = [found[1] for letter in letters if (found := re.search(r"https?://\S+?(/answer/\S+)", letter))]
    card = reverse("desk:case", args=[case.pk])
    with served() as address:
        cookie = {**session_of(house.bookkeeper), "url": address}
        with sync_playwright() as playwright:  # from here on a loop runs, in which Django does not answer
            browser = launched(playwright, chromium)
            phone = browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
            page = phone.new_page()
            page.goto(address + paths[0])
            page.get_by_label("It is another invoice").check()
            page.get_by_label("In your own words").fill("We sent both.")
            page.get_by_role("button", name="Send the answer").click()
            expect(page.get_by_role("heading", name="Thank you, your answer is kept")).to_be_visible()
            context = browser.new_context(reduced_motion="reduce", viewport=WIDE)  # type: ignore[arg-type]
            context.add_cookies([cookie])  # type: ignore[list-item]
            desk = context.new_page()
            seen = [
                fault
                for path in (card, f"{card}ask/", "/exceptions/", *RULES, *paths)
                for fault in looks.faults(desk, address + path)
            ]
            desk.goto(address + card)
            expect(desk.get_by_role("button", name="Apply: It is another invoice")).to_be_visible()
            browser.close()

    assert not seen, "\n".join(map(str, seen))
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert CaseAsk.objects.get(firm=house.firm, name="Ada Attorney").said == "We sent both."
