"""Whose a case is, from birth: by the firm's rules, and never nobody's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import yaml

from accounts import actions
from accounts.models import Firm, Membership
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.core.problems import Fix
from syncapp.pipeline import answers
from syncapp.pipeline.cases import tending
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.exporting import canonical
from syncapp.pipeline.firmfile.reading import Unreadable, read
from tests import cast
from tests.cases.held import MONDAY, again, client, history, hold, owner, problem, release, settings
from tests.stage import firm_file

if TYPE_CHECKING:
    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db
CASES = {
    "owner": "admin@ash-birch.test",
    "owners": [{"severity": "trust", "owner": "books@ash-birch.test"}],
    "due": {"trust": 1, "needs_person": 2},
    "escalate_after": 4,
}


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def books(alpha: House) -> Books:
    return cast.books(alpha)


def test_without_a_rule_a_case_is_the_bookkeepers_and_due_in_three_working_days(
    alpha: House, books: Books
) -> None:
    case = hold(alpha, books, 1, why=problem())

    assert case.owner == alpha.bookkeeper
    assert case.due_on == date(2026, 9, 17)
    assert history(case) == ["Opened: inactive_item 7 stops it."]
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        [told] = answers.exceptions(alpha.firm.pk)
    assert (told["owner"], told["due"]) == (alpha.bookkeeper.email, "2026-09-17")


def test_client_money_is_due_on_the_next_working_day(alpha: House, books: Books) -> None:
    friday = MONDAY + timedelta(days=4)

    case = hold(alpha, books, 1, why=problem("trust_twin", fix=Fix.CHOOSE), now=friday)

    assert case.severity == "trust"
    assert case.due_on == date(2026, 9, 21)


def test_what_goes_on_by_itself_has_an_owner_and_no_term(alpha: House, books: Books) -> None:
    case = hold(alpha, books, 1, why=problem("vendor_down", fix=Fix.WAIT))

    assert (case.severity, case.owner, case.due_on) == ("waiting", alpha.bookkeeper, None)


def test_the_first_rule_that_fits_names_the_owner(alpha: House, books: Books) -> None:
    client(alpha, 5, "Acme Holdings, LLC")
    people = {"bookkeeper": alpha.bookkeeper.email, "partner": alpha.partner.email}
    settings(
        alpha,
        owner=alpha.administrator.email,
        owners=[
            {"severity": "trust", "owner": people["partner"]},
            {"kind": "duplicate_number", "owner": people["bookkeeper"]},
            {"client": "acme holdings, llc", "owner": people["partner"]},
        ],
    )

    trust = hold(alpha, books, 1, why=problem("trust_wall"))
    number = hold(alpha, books, 2, why=problem("duplicate_number"))
    acme = hold(alpha, books, 3, 4, why=problem("unmapped", fix=Fix.MAP), client=5)
    other = hold(alpha, books, 5, why=problem("inactive_item"))

    found = [case.owner for case in (trust, number, acme, other)]
    assert found == [alpha.partner, alpha.bookkeeper, alpha.partner, alpha.administrator]


def test_a_rule_may_name_a_kind_of_cause_by_what_mends_it(alpha: House, books: Books) -> None:
    settings(alpha, owners=[{"kind": "map", "owner": alpha.administrator.email}])

    assert hold(alpha, books, 1, why=problem("unmapped", fix=Fix.MAP)).owner == alpha.administrator
    assert hold(alpha, books, 2, why=problem("closed_period")).owner == alpha.bookkeeper


def test_a_case_reopens_as_the_same_case_with_its_owner_and_a_new_term(alpha: House, books: Books) -> None:
    case = hold(alpha, books, 1, why=problem())
    release(alpha, books, 1, now=MONDAY + timedelta(hours=1))
    assert again(case).closed_at is not None

    later = hold(alpha, books, 1, why=problem(), now=MONDAY + timedelta(days=7))

    assert (later.pk, later.times_opened, later.owner) == (case.pk, 2, alpha.bookkeeper)
    assert later.due_on == date(2026, 9, 24)
    assert history(case)[1:] == [
        "Closed: nothing of it waits any more.",
        "Opened again: the same cause is back.",
    ]


def test_who_leaves_the_firm_leaves_no_case_behind(alpha: House, books: Books) -> None:
    case = hold(alpha, books, 1, why=problem())
    member = Membership.objects.get(firm=alpha.firm, user=alpha.bookkeeper)
    actions.remove(member=member, by=alpha.administrator, now=MONDAY)

    tending.tend(firm=alpha.firm, now=MONDAY)

    assert owner(case) == alpha.administrator
    assert history(case)[-1] == "Given to Alpha administrator by the rules."


def test_an_auditor_never_gets_a_case(alpha: House, books: Books) -> None:
    settings(alpha, owner=alpha.auditor.email)

    assert hold(alpha, books, 1, why=problem()).owner == alpha.bookkeeper


def test_the_firm_file_says_whose_what_is_and_is_exported_the_same() -> None:
    data = firm_file(slug="cases-file") | {"cases": CASES}

    done = apply(read(yaml.safe_dump(data, sort_keys=False)), now=MONDAY)
    again_ = apply(read(yaml.safe_dump(data, sort_keys=False)), now=MONDAY)

    assert "set cases" in done.changed
    assert again_.changed == []
    assert canonical(Firm.objects.get(slug="cases-file"))["cases"] == CASES


def test_a_firm_file_that_names_a_stranger_is_warned_of_and_a_wrong_term_refused() -> None:
    data = firm_file(slug="strangers") | {"cases": {"owner": "nobody@ash-birch.test"}}
    done = apply(read(yaml.safe_dump(data, sort_keys=False)), now=MONDAY)
    assert (
        "cases: nobody@ash-birch.test clears no exceptions in this firm; the next rule decides"
        in done.warnings
    )

    with pytest.raises(Unreadable, match="needs_person"):
        read(yaml.safe_dump(data | {"cases": {"due": {"needs_person": 61}}}, sort_keys=False))


def test_every_role_that_changes_something_may_have_cases(alpha: House, books: Books) -> None:
    for role in (Role.ADMINISTRATOR, Role.BOOKKEEPER, Role.PARTNER):
        settings(alpha, owner=alpha.by_role()[role].email)

        case = hold(alpha, books, 1, why=problem(cause=role.value))

        assert case.owner == alpha.by_role()[role]
