"""The demonstration's second firm: a morning made by hands on the vendors' screens alone, and its presses."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from werkzeug.test import Client as Browser

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.emulators.clio import app as clio
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import app as qbo
from syncapp.emulators.qbo import seed
from syncapp.emulators.wire import App
from syncapp.local import deposits
from syncapp.local.backdoors import Books, Clio
from syncapp.local.morning import Morning
from syncapp.records.models import Case, Payout
from tests import cast
from tests.stage import Stage, Standing, firm_file, stage, unwritten

FIRM = "Ash & Birch LLP"
TODAY = date(2026, 11, 22)


def asker(*apps: App) -> Any:
    """Reach both vendors' programs without a network."""
    browsers = [Browser(app) for app in apps]

    def ask(address: str, given: Any = None, *, headers: Any = None) -> Any:
        number, _, path = address.partition("/")
        how: dict[str, Any] = {"headers": headers or {}}
        browser = browsers[int(number)]
        answer = (
            browser.get(f"/{path}", **how) if given is None else browser.post(f"/{path}", json=given, **how)
        )
        assert answer.status_code < 300, (address, given, answer.text)
        return json.loads(answer.text, parse_float=Decimal)

    return ask


@pytest.fixture(scope="module")
def begun(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    """The firm, as its bookkeeper finds it, set once."""
    world, company = empty(account_name=FIRM), seed.law_firm(name=FIRM)
    world.switches.rate_limited = company.switches.throttle = False
    ask = asker(clio.create_app(world), qbo.create_app([company]))
    told = Morning(Clio("0", FIRM, ask), Books("1", FIRM, ask), today=TODAY)
    file = firm_file(
        deposits=[{"method": "credit_card", "account": "Undeposited Funds"}, {"otherwise": "Operating Bank"}],
        payouts={"fees": "Bank Charges"},
    )
    with django_db_blocker.unblock(), unwritten():
        told.before()
        with stage(world, file=file, company=company) as made:
            told.ordinary()
            made.sync()
            told.hands()
            told.stuck()
            now, file_ = timezone.now(), told.payout()
            deposits.bring(firm=made.firm, books=made.books, by=made.person, now=now, file=file_)
            made.sync()
            yield Standing.of(made)


@pytest.fixture
def morning(begun: Standing) -> Iterator[Stage]:
    """The firm, as its bookkeeper finds it: whatever one test presses is taken back."""
    with begun.fresh() as on:
        yield on


def cases(on: Stage) -> list[Case]:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return list(Case.objects.filter(firm=on.firm, closed_at__isnull=True).order_by("code", "pk"))


def case(on: Stage, code: str) -> Case:
    return next(one for one in cases(on) if one.code == code)


def test_each_thing_that_happened_is_an_exception_of_its_own_kind(morning: Stage) -> None:
    told = Counter(one.code for one in cases(morning))

    assert told.keys() >= {
        "stands_already",
        "duplicate_number",
        "inactive_item",
        "doubtful_customer",
        "deposited",
        "closed_correction",
        "changed_in_books",
    }
    assert (told["changed_in_books"], told["closed_correction"]) == (2, 1)
    held = {hold["number"]: one["code"] for one in morning.exceptions() for hold in one["holds"]}
    assert Counter(held.values())["inactive_item"] == 3
    with firm_scope(write=None, reads=[morning.firm.pk]):
        assert Payout.objects.get(firm=morning.firm).net == 485_500


def test_a_press_says_that_nothing_more_is_to_be_pressed_and_leads_on(morning: Stage) -> None:
    browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
    asleep = case(morning, "inactive_item")
    page = reverse("desk:case", args=[asleep.pk])
    assert "Nothing more to press" not in browser.get(page).text

    pressed = browser.post(reverse("desk:revive", args=[asleep.pk]), follow=True)

    assert pressed.redirect_chain == [(f"{page}?done=1", 302)]
    first = pressed.text.index("Nothing more to press here")
    assert (
        first < pressed.text.index("The card once more") < pressed.text.index("active in QuickBooks and post")
    )
    following = re.search(r'href="/exceptions/(\d+)/" data-focus>Next: ', pressed.text)
    assert following is not None
    assert int(following[1]) in {one.pk for one in cases(morning)} - {asleep.pk}


def test_an_inactive_likeness_is_told_once(morning: Stage) -> None:
    assert case(morning, "doubtful_customer").title.count("inactive") == 1


def test_who_is_asked_about_with_a_record_is_not_listed_as_a_stranger_too(morning: Stage) -> None:
    browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))

    listed = browser.get(reverse("desk:strangers")).text

    assert "Rivera Street Catering" in listed
    assert "Juniper" not in listed


def test_a_number_that_only_the_day_tells_apart_is_proposed_as_the_same(morning: Stage) -> None:
    browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
    taken = {one.facts["number"]: one for one in cases(morning) if one.code == "duplicate_number"}
    pages = {number: browser.get(reverse("desk:case", args=[one.pk])).text for number, one in taken.items()}

    assert {number: "It may be the same" in page for number, page in pages.items()} == {"2": True, "3": False}
    assert "its customer is this client; 2 days apart" in pages["2"]
    assert "renumber all" not in pages["2"]
    assert not [one for one in cases(morning) if one.code == "typed_in_books" and "Invoice 2 " in one.title]


def press(browser: Client, path: str, words: str, **chosen: str) -> None:
    """Press the button of a page that begins with these words, with its form as it stands."""
    page = browser.get(path).text
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        if found := re.search(rf"<button([^>]*)>\s*(?:<svg.*?</svg>)?{re.escape(words)}", form, re.DOTALL):
            head = form[: form.index(">")]
            tags = [*re.findall(r"<input[^>]*>", form), found[1]]
            given = {name: html.unescape(value) for name, value in map(_named, tags) if name}
            given |= chosen
            action = re.search(r'action="([^"]*)"', head)
            answer = browser.post(html.unescape(action[1]) if action else path, given, follow=True)
            assert answer.status_code == 200, (path, words)
            return
    raise AssertionError((path, words, re.findall(r"<button[^>]*>([^<]*)", page)))


def _named(tag: str) -> tuple[str, str]:
    parts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
    return parts.get("name", ""), parts.get("value", "")


def test_a_few_presses_clear_the_morning_and_everything_ties(morning: Stage) -> None:
    browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))

    def pressed(code: str, words: str, page: str = "desk:case") -> None:
        press(browser, reverse(page, args=[case(morning, code).pk]), words)

    press(browser, reverse("desk:adoption"), "Adopt the ")
    customer = case(morning, "doubtful_customer")
    browser.post(reverse("desk:choose", args=[customer.pk]), {"answer": customer.facts["candidates"]})
    pressed("inactive_item", "Make product or service")
    pressed("closed_correction", "Approve: post the credit of $300.00")
    pressed("deposited", "Post a correcting entry of $200.00")
    closed = next(one for one in cases(morning) if one.facts.get("closed"))
    press(browser, reverse("desk:case", args=[closed.pk]), "Correct it by an entry of its own, $100.00")
    pressed("changed_in_books", "Restore: post it as it was, $1,400.00")
    pressed("duplicate_number", "Link it", "desk:link_here")
    morning.sync()
    pressed("closed_correction", "Approve: post the invoice of $100.00")
    pressed("duplicate_number", "It is another: post as 3-C")
    pressed("typed_in_books", "Reverse it")
    morning.sync()
    with firm_scope(write=None, reads=[morning.firm.pk]):
        payout = Payout.objects.get(firm=morning.firm)
    bank = morning.company.account("Operating Bank")
    press(browser, reverse("desk:payout", args=[payout.pk]), "Post this deposit", bank=bank)
    morning.sync()

    assert [one.title for one in cases(morning)] == []
    assert morning.tieout()["equal"]
