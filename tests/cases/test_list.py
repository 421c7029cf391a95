"""The queue's page: what the address asks for, many at once, and one queue over all firms."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.core.problems import Fix
from syncapp.records.models import CaseCarry, CaseView, Hold
from tests import cast
from tests.cases.held import MONDAY, again, client, hold, problem, settings

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from syncapp.records.models import Case
    from tests.cast import House

pytestmark = pytest.mark.django_db
NOW = MONDAY + timedelta(days=9)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def books(alpha: House) -> Books:
    return cast.books(alpha)


@pytest.fixture
def queue(alpha: House, books: Books) -> dict[str, Case]:
    """An old cause of 300.00, a new one of Acme's, client money, what waits, and what rests."""
    client(alpha, 5, "Acme Holdings, LLC")
    settings(alpha, owners=[{"client": "Acme Holdings, LLC", "owner": alpha.partner.email}])
    return {
        "old": hold(alpha, books, 1, 2, 3, why=problem("inactive_item")),
        "acme": hold(alpha, books, 4, why=problem("duplicate_number"), now=NOW, client=5),
        "trust": hold(alpha, books, 6, why=problem("trust_twin", fix=Fix.CHOOSE), now=NOW),
        "vendor": hold(alpha, books, 7, why=problem("vendor_down", fix=Fix.WAIT), now=NOW),
    }


def page(browser: Client, **query: str) -> str:
    return str(browser.get(reverse("desk:exceptions"), query).text)


def post(browser: Client, what: str, cases: list[Case], **said: str) -> Any:
    body = {"case": [case.pk for case in cases], **said}
    return browser.post(reverse("desk:many", args=[what]), body)


def titles(text: str) -> list[str]:
    return [name for name in ("inactive_item", "duplicate_number", "trust_twin", "vendor_down")
            if f"{name} 7 stops it." in text]  # fmt: skip


def test_client_money_comes_first_and_what_waits_stands_apart(
    desk: Client, alpha: House, queue: dict[str, Case]
) -> None:
    told = page(desk)

    order = [told.index(words) for words in ("Client money", "Needs a person</h2>", "Goes on by itself</h2>")]
    assert order == sorted(order)
    assert "Alpha bookkeeper" in told
    assert "late since 17 Sep 2026" in told
    assert "Waits until a day</h2>" not in told


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"owner": "me"}, ["inactive_item", "trust_twin", "vendor_down"]),
        ({"due": "late"}, ["inactive_item"]),
        ({"due": "week"}, ["duplicate_number", "trust_twin"]),
        ({"age": "month"}, ["inactive_item"]),
        ({"age": "today"}, ["duplicate_number", "trust_twin", "vendor_down"]),
        ({"money": "some"}, ["inactive_item", "duplicate_number", "trust_twin", "vendor_down"]),
        ({"money": "much"}, []),
        ({"client": "acme"}, ["duplicate_number"]),
        ({"severity": "trust"}, ["trust_twin"]),
        ({"code": "inactive_item", "owner": "me"}, ["inactive_item"]),
    ],
)
def test_the_address_says_what_is_shown(
    desk: Client, queue: dict[str, Case], query: dict[str, str], found: list[str]
) -> None:
    assert titles(page(desk, **query)) == found


def test_the_file_adds_up_to_what_the_page_shows(desk: Client, queue: dict[str, Case]) -> None:
    told = page(desk, owner="me", severity="needs_person")
    answer = desk.get(reverse("desk:exceptions_export"), {"owner": "me", "severity": "needs_person"})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert "$300.00" in told
    assert [row["Held"] for row in rows] == ["100.00", "100.00", "100.00", "300.00"]
    assert {row["Whose"] for row in rows[:-1]} == {"Alpha bookkeeper"}
    assert {row["Due"] for row in rows[:-1]} == {"2026-09-17"}


def test_many_are_given_away_after_a_page_that_names_them(
    desk: Client, alpha: House, queue: dict[str, Case]
) -> None:
    some = [queue["old"], queue["trust"]]

    asked = post(desk, "assign", some)
    done = post(desk, "assign", some, sure="1", owner=str(alpha.administrator.pk), next="/exceptions/?q=7")

    assert "Give 2 exceptions to a colleague?" in asked.text
    assert "inactive_item 7 stops it." in asked.text
    assert (done.status_code, done["Location"]) == (302, "/exceptions/?q=7")
    assert {again(case).owner for case in some} == {alpha.administrator}
    assert again(queue["acme"]).owner == alpha.partner


def test_many_wait_until_a_day_and_are_taken_up_again(
    desk: Client, alpha: House, queue: dict[str, Case]
) -> None:
    some = [queue["old"], queue["acme"]]
    said = {"sure": "1", "day": "2026-10-05", "reason": "The client answers"}

    post(desk, "until", some, **said)

    assert {again(case).rested_until for case in some} == {date(2026, 10, 5)}
    assert "waits until 5 Oct 2026" in page(desk).split("Waits until a day</h2>")[1]
    assert titles(page(desk, due="late")) == []
    post(desk, "resume", some, sure="1")
    assert {again(case).rested_until for case in some} == {None}


def test_a_form_that_lacks_something_is_asked_again(desk: Client, queue: dict[str, Case]) -> None:
    answer = post(desk, "until", [queue["old"]], sure="1", day="2026-10-05")

    assert answer.status_code == 422
    assert again(queue["old"]).rested_until is None
    assert post(desk, "nothing", [queue["old"]]).status_code == 404


def test_the_partner_gives_and_comments_but_closes_and_retries_nothing(
    desk: Client, alpha: House, queue: dict[str, Case]
) -> None:
    cast.sign_in(desk, alpha.partner)

    given = post(desk, "assign", [queue["old"]], sure="1", owner=str(alpha.partner.pk))

    assert given.status_code == 302
    assert again(queue["old"]).owner == alpha.partner
    assert post(desk, "close", [queue["old"]]).status_code == 403
    assert desk.post(reverse("desk:retry"), {"case": queue["old"].pk}).status_code == 403


def test_the_page_of_a_case_says_whose_it_is_and_tells_its_history(
    desk: Client, alpha: House, queue: dict[str, Case]
) -> None:
    address = reverse("desk:case", args=[queue["old"].pk])
    answer = desk.post(
        reverse("desk:comment", args=[queue["old"].pk]), {"words": "@partner ours?"}, follow=True
    )
    post(desk, "assign", [queue["old"]], sure="1", owner=str(alpha.partner.pk))

    told = desk.get(address).text

    assert "Alpha partner is told by mail." in answer.text
    assert "Alpha partner has it; to be cleared by 17 Sep 2026" in told
    assert "Alpha bookkeeper wrote" in told
    assert "@partner ours?" in told
    assert "gave inactive_item 7 stops it. to Alpha partner" in told.replace("&#x27;", "'")
    assert told.index("to Alpha partner") < told.index("Opened: inactive_item 7 stops it.")


def test_a_view_is_kept_for_the_person_alone(desk: Client, alpha: House, queue: dict[str, Case]) -> None:
    assert "Keep this view as" in page(desk, owner="me", due="late")

    desk.post(reverse("desk:keep_view"), {"name": "My late ones", "query": "owner=me&due=late"})

    assert 'href="/exceptions/?owner=me&amp;due=late"' in page(desk)
    cast.sign_in(desk, alpha.administrator)
    assert "My late ones" not in page(desk)
    desk.post(reverse("desk:drop_view"), {"name": "My late ones"})
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert CaseView.objects.filter(firm=alpha.firm, user=alpha.bookkeeper).count() == 1


def test_one_queue_over_all_firms_of_a_person_and_of_no_other(
    desk: Client, alpha: House, queue: dict[str, Case]
) -> None:
    beta, gamma = cast.firm("Beta"), cast.firm("Gamma")
    theirs = hold(beta, cast.books(beta), 1, why=problem("beta_stuck"), now=NOW)
    hidden = hold(gamma, cast.books(gamma), 1, why=problem("gamma_stuck"), now=NOW)
    actions.ensure_member(firm=beta.firm, email=alpha.bookkeeper.email, role=Role.BOOKKEEPER, now=NOW)

    told = desk.get(reverse("desk:everywhere")).text
    alone = page(desk)
    some = [queue["old"], theirs, hidden]
    post(desk, "due", some, sure="1", day="2026-10-01")
    tried = desk.post(reverse("desk:retry"), {"case": [case.pk for case in some], "sure": "1"})

    assert "beta_stuck 7 stops it." in told
    assert "gamma_stuck" not in told
    onward = f"{reverse('accounts:switch')}?next={reverse('desk:case', args=[theirs.pk])}"
    assert f'formaction="{onward}"' in told
    assert "beta_stuck" not in alone
    assert [again(case).due_on for case in some] == [date(2026, 10, 1), date(2026, 10, 1), hidden.due_on]
    assert tried.status_code == 302
    for house, number in ((alpha, 3), (beta, 1), (gamma, 0)):
        with firm_scope(write=None, reads=[house.firm.pk]):
            assert Hold.objects.filter(firm=house.firm, retry_asked_at=NOW).count() == number


def test_alarms_are_closed_only_in_the_firms_where_one_may(
    desk: Client, alpha: House, queue: dict[str, Case]
) -> None:
    beta = cast.firm("Beta")
    theirs = hold(beta, cast.books(beta), 1, why=problem("overpaid", fix=Fix.LOOK), now=NOW)
    actions.ensure_member(firm=beta.firm, email=alpha.bookkeeper.email, role=Role.PARTNER, now=NOW)
    with firm_scope(write=beta.firm.pk):
        Hold.objects.filter(firm=beta.firm, case=theirs).update(alarm=True)

    answer = post(desk, "close", [theirs], sure="1", reason="Agreed with the client")

    assert answer.status_code == 302
    assert again(theirs).closed_at is None


def test_a_case_of_another_firm_is_opened_in_that_firm(desk: Client, alpha: House) -> None:
    beta = cast.firm("Beta")
    theirs = hold(beta, cast.books(beta), 1, why=problem("beta_stuck"), now=NOW)
    actions.ensure_member(firm=beta.firm, email=alpha.bookkeeper.email, role=Role.BOOKKEEPER, now=NOW)
    switch, onward = reverse("accounts:switch"), reverse("desk:case", args=[theirs.pk])

    opened = desk.post(f"{switch}?next={onward}", {"firm": "beta"}, follow=True)
    astray = desk.post(f"{switch}?next=https://elsewhere.test/", {"firm": "alpha"})

    assert "beta_stuck 7 stops it." in opened.text
    assert astray["Location"] == "/"


def test_what_was_open_at_a_month_end_is_shown_with_what_became_of_it(
    desk: Client, alpha: House, queue: dict[str, Case]
) -> None:
    with firm_scope(write=alpha.firm.pk):
        CaseCarry.objects.create(
            firm=alpha.firm, case=queue["old"], month=date(2026, 8, 1), title="As it was called", at=NOW,
            severity="trust", owner=alpha.bookkeeper, records=2, amount=20_000,
            opened_at=MONDAY - timedelta(days=30),
        )  # fmt: skip

    told = desk.get(reverse("desk:carried")).text
    file = desk.get(reverse("desk:carried_file"), {"month": "2026-08"}).content.decode("utf-8-sig")

    assert "1 exception of $200.00 was open when August 2026 ended." in told
    assert "1 of them is open still." in told
    assert file.splitlines()[-1].startswith("Total,,2,200.00")


def test_an_administrator_says_who_clears_what(desk: Client, alpha: House, books: Books) -> None:
    cast.sign_in(desk, alpha.administrator)
    said = {
        "owner": alpha.administrator.email, "trust": "1", "needs_person": "2", "escalate_after": "9",
        "rule0-kind": "map", "rule0-owner": alpha.partner.email,
    }  # fmt: skip

    desk.post(reverse("desk:case_rules_change"), said)

    case = hold(alpha, books, 1, why=problem("unmapped", fix=Fix.MAP), now=NOW)
    other = hold(alpha, books, 2, why=problem("inactive_item"), now=NOW)
    assert (case.owner, other.owner) == (alpha.partner, alpha.administrator)
    assert case.due_on == date(2026, 9, 25)
    told = desk.get(reverse("desk:case_rules")).text
    assert "Alpha administrator clears what no rule gives to somebody else." in told
    wrong = desk.post(reverse("desk:case_rules_change"), said | {"needs_person": "61"})
    assert wrong.status_code == 422


@pytest.fixture
def desk(client: Client, alpha: House) -> Client:
    return cast.sign_in(client, alpha.bookkeeper)
