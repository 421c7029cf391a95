"""The side-by-side screen: the difference on top, suggestions, by hand, undone, and what was taught."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from accounts.tenancy import firm_scope
from tests import cast
from tests.trust import side_by_side, world
from tests.trust.ledgers import day, line
from trust.actions import matches as actions
from trust.models import LearnedPayee, Match, MatchPart

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import House
    from trust.models import TrustPair

pytestmark = pytest.mark.django_db


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def bookkeeper(client: Client, alpha: House) -> Client:
    return cast.sign_in(client, alpha.bookkeeper)


@pytest.fixture
def september(alpha: House) -> TrustPair:
    return side_by_side.september(alpha)


def at(name: str, pair: TrustPair, **more: str) -> str:
    query = "&".join(f"{key}={value}" for key, value in more.items())
    return f"{reverse(f'trust:{name}', kwargs={'pair_id': pair.pk})}?{query}"


def figure(html: str, label: str) -> str:
    """Read the amount beside a label, as a person does."""
    found = re.search(rf"<dt>{label}</dt><dd[^>]*>(.*?)</dd>", html, re.DOTALL)
    assert found, label
    return re.sub(r"<[^>]+>", "", found[1]).replace("minus ", "").strip()


def live() -> list[str]:
    return list(
        MatchPart.objects.filter(live=True, side="bank").order_by("key").values_list("key", flat=True)
    )


def test_the_difference_stands_on_top_and_both_sides_below(bookkeeper: Client, september: TrustPair) -> None:
    html = bookkeeper.get(at("matching", september)).text

    assert "The bank and the books differ by $185.01." in html  # what the bank has and nobody has told yet
    assert figure(html, "Bank, adjusted") == "$1,135.01"
    assert figure(html, "Books, trust bank") == "$950.00"
    assert "WIRE TRANSFER FEE" in html
    assert "Check 1042" in html
    assert html.count('name="offered"') == 2
    assert "others fit as well" in html


def test_what_is_ticked_is_summed_and_matched_only_when_it_ties(
    bookkeeper: Client, alpha: House, september: TrustPair
) -> None:
    world.booked(september, "6", day(9), 1, payee="Coin")
    slip = ["books/journal:4", "books/journal:5"]

    apart = bookkeeper.get(at("chosen", september), {"line": "L3", "entry": slip})
    even = bookkeeper.get(at("chosen", september), {"line": "L3", "entry": [*slip, "books/journal:6"]})

    assert figure(apart.text, "Difference") == "$0.01"
    assert "disabled" in apart.text
    assert figure(even.text, "Difference") == "$0.00"
    assert "disabled" not in even.text
    refused = bookkeeper.post(at("match", september), {"line": "L3", "entry": slip, "month": "2026-09"})
    assert refused.status_code == 422
    assert "The two sides differ by $0.01." in refused.text
    assert refused.text.count("checked") == 3  # nothing that was ticked is lost
    done = bookkeeper.post(
        at("match", september), {"line": "L3", "entry": [*slip, "books/journal:6"], "month": "2026-09"}
    )
    assert done.status_code == 302
    assert done["Location"].endswith("?month=2026-09")
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert live() == ["L3"]
    assert "Alpha bookkeeper, by hand" in bookkeeper.get(at("matching", september)).text


@pytest.mark.parametrize("press", ["only", "take", "all"])
def test_suggestions_are_taken_one_by_one_or_all(
    bookkeeper: Client, alpha: House, september: TrustPair, press: str
) -> None:
    html = bookkeeper.get(at("matching", september)).text
    keys = re.findall(r'name="offered" value="(\w+)"', html)
    body: dict[str, Any] = {"month": "2026-09", "offered": keys}
    body |= {"only": keys[0]} if press == "only" else {"take": keys} if press == "take" else {"all": "1"}

    assert bookkeeper.post(at("accept", september), body).status_code == 302

    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert live() == (["L1"] if press == "only" else ["L1", "L2"])
    again = bookkeeper.post(at("accept", september), body)
    assert again.status_code == 422
    assert "One of these was matched meanwhile." in again.text


def test_a_match_is_undone_and_can_be_made_anew(
    bookkeeper: Client, alpha: House, september: TrustPair
) -> None:
    bookkeeper.post(at("match", september), {"line": "L1", "entry": "books/journal:1"})
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        one = Match.objects.get()

    page = bookkeeper.post(reverse("trust:undo_match", kwargs={"match_id": one.pk}), follow=True)
    twice = bookkeeper.post(reverse("trust:undo_match", kwargs={"match_id": one.pk}), follow=True)

    assert "Its lines and entries can be matched again." in page.text
    assert actions.UNDONE in twice.text
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert live() == []
    assert (
        bookkeeper.post(at("match", september), {"line": "L1", "entry": "books/journal:2"}).status_code == 302
    )


def test_a_payee_is_taught_by_a_tick_shows_its_uses_and_is_stopped(
    bookkeeper: Client, alpha: House, september: TrustPair
) -> None:
    assert "Nothing is taught yet" in bookkeeper.get(at("payees", september)).text
    bookkeeper.post(at("match", september), {"line": "L1", "entry": "books/journal:1", "learn": "1"})
    world.booked(september, "7", day(30), 50_000, payee="Ann Smith")
    world.booked(september, "8", day(30), 50_000, payee="Bob Jones")
    world.bank(september, [line("L7", 31, 50_000, text="LOCKBOX 0077 NORTHSIDE")], opening=118_501)
    with firm_scope(write=alpha.firm.pk):
        actions.match_certain(pair=september, now=cast.NOW)
        rule = LearnedPayee.objects.get()

    html = bookkeeper.get(at("payees", september)).text

    assert "“lockbox northside” is Ann Smith" in html
    assert "used 1 time" in html
    assert "LOCKBOX 0077 NORTHSIDE" in html
    stopped = bookkeeper.post(reverse("trust:stop_payee", kwargs={"rule_id": rule.pk}), follow=True)
    assert "stopped by Alpha bookkeeper" in stopped.text


def test_the_lists_are_narrowed_by_name_number_and_amount(bookkeeper: Client, september: TrustPair) -> None:
    by_amount = bookkeeper.get(at("matching", september, q="250.00")).text
    by_name = bookkeeper.get(at("matching", september, q="lockbox")).text

    assert "County Clerk" in by_amount
    assert "WIRE TRANSFER FEE" not in by_amount
    assert "None fits the filter." in by_name
    assert "LOCKBOX 0042 NORTHSIDE" in by_name


def test_before_the_first_statement_the_page_says_what_comes(bookkeeper: Client, alpha: House) -> None:
    pair = world.pair(alpha)

    page = bookkeeper.get(at("matching", pair))

    assert "The bank has not said anything yet." in page.text
    assert bookkeeper.post(at("accept", pair), {"all": "1"}).status_code == 404
    assert bookkeeper.get(at("matching", pair, month="2026-13")).status_code == 404


def test_a_partner_sees_it_and_changes_nothing(client: Client, alpha: House, september: TrustPair) -> None:
    partner = cast.sign_in(client, alpha.partner)

    html = partner.get(at("matching", september)).text

    assert "Accept selected" not in html
    assert 'data-key="a"' not in html
    assert ">Match</button>" not in html
    assert partner.post(at("match", september), {"line": "L1"}).status_code == 403
