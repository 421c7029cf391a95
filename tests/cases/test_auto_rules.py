"""Rules that people write answer exceptions: seen before, each use kept, a record once (F85)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEvent
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.autos import using
from syncapp.records.models import AutoUse, BookChoice, Case, Document
from tests import cast
from tests.cases.held import MONDAY, client, hold, release
from tests.desk import asked as cards

if TYPE_CHECKING:
    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db
OWN = "duplicate_number renumber"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha", now=MONDAY - timedelta(days=30))


@pytest.fixture
def books(alpha: House) -> Books:
    return cast.books(alpha)


@pytest.fixture
def desk(alpha: House) -> Client:
    return cast.sign_in(Client(), alpha.bookkeeper)


def taken(alpha: House, books: Books, number: int, *, same: str = "no", client: int = 1) -> Case:
    """A bill of 100.00 whose number another invoice bears."""
    why = Problem(
        code="duplicate_number", fix=Fix.CHOOSE, cause=f"bills/{number}", words=f"Number {number} is taken.",
        facts={"number": str(number), "books_id": "130", "same": same},
    )  # fmt: skip
    return hold(alpha, books, number, why=why, client=client)


def write(desk: Client, way: str = OWN, **more: str) -> Any:
    """Write a rule, and put it in force when it is looked at already."""
    given = {"way": way, "name": "Own numbers", "client": "", "up_to": "", **more}
    return desk.post(reverse("desk:auto_rule_add"), given, follow=True)


def run(alpha: House, books: Books, later: int = 0) -> int:
    return using.run(firm_id=alpha.firm.pk, books_id=books.pk, now=MONDAY + timedelta(hours=later))


def answers(alpha: House) -> dict[str, str]:
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        return dict(BookChoice.objects.filter(firm=alpha.firm).values_list("subject", "answer"))


def test_a_rule_is_seen_before_it_is_in_force_and_then_answers(
    desk: Client, alpha: House, books: Books
) -> None:
    taken(alpha, books, 1)
    taken(alpha, books, 2)
    taken(alpha, books, 3, same="yes")
    empty = desk.get(reverse("desk:auto_rules")).text
    assert "No exception is answered by itself." in empty

    seen = write(desk).text
    assert "Now it would answer 2 exceptions" in seen
    assert "2 records of $200.00 would be released." in seen
    assert run(alpha, books) == 0, "nothing is in force yet"
    write(desk, sure="1")

    assert run(alpha, books) == 2
    assert answers(alpha) == {"bills/1": "renumber", "bills/2": "renumber"}
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        events = AuditEvent.objects.filter(firm=alpha.firm, verb="case.auto_resolved")
        assert {event.actor_text for event in events} == {"Rule “Own numbers” of Alpha bookkeeper"}
        [use] = AutoUse.objects.filter(firm=alpha.firm, document__source_id=1)
    page = desk.get(reverse("desk:auto_rules")).text
    assert reverse("desk:record", args=[use.document_id]) in page
    assert page.count("of Alpha bookkeeper") == 2


def test_it_answers_a_record_once_and_leaves_it_to_a_person_when_the_cause_comes_back(
    desk: Client, alpha: House, books: Books
) -> None:
    case = taken(alpha, books, 1)
    write(desk, sure="1")
    assert run(alpha, books) == 1
    assert run(alpha, books, later=1) == 0
    release(alpha, books, 1, now=MONDAY + timedelta(hours=2))
    taken(alpha, books, 1)

    assert run(alpha, books, later=3) == 0
    page = desk.get(reverse("desk:case", args=[case.pk])).text
    assert "A rule answers a record once" in page


def test_conditions_narrow_it_and_an_answer_that_does_not_fit_is_never_given(
    desk: Client, alpha: House, books: Books
) -> None:
    client(alpha, 5, "Acme Holdings")
    taken(alpha, books, 1)
    taken(alpha, books, 2, client=5)
    write(desk, sure="1", client="Acme Holdings", up_to="100.00")
    write(desk, sure="1", client="Acme Holdings", up_to="99.99", name="Less")
    write(desk, "duplicate_number link", sure="1", name="Same")

    assert run(alpha, books) == 1
    assert answers(alpha) == {"bills/2": "renumber"}


def test_a_correction_of_a_closed_period_shows_its_entry_and_is_approved_up_to_the_amount(
    desk: Client, alpha: House, books: Books
) -> None:
    cards.correction(alpha, books)
    small = {"name": "Small corrections", "up_to": "299.99"}
    assert "Now it would answer nothing" in write(desk, "closed_correction approve", **small).text
    seen = write(desk, "closed_correction approve", name="Corrections", up_to="300.00").text
    assert "What would post, added up" in seen

    write(desk, "closed_correction approve", name="Corrections", up_to="300.00", sure="1")
    assert run(alpha, books) == 1
    assert answers(alpha) == {"bills/10999/correction/1": f"approve:{cards.PRINT}"}


def test_what_a_person_answered_is_not_answered_otherwise(desk: Client, alpha: House, books: Books) -> None:
    case = taken(alpha, books, 1, same="yes")
    desk.post(reverse("desk:choose", args=[case.pk]), {"answer": "link"})
    taken(alpha, books, 1, same="no")
    write(desk, sure="1")

    assert run(alpha, books) == 0
    assert answers(alpha) == {"bills/1": "link:130"}


def test_client_money_is_never_answered_by_a_rule(desk: Client, alpha: House, books: Books) -> None:
    by_case, by_record = taken(alpha, books, 1), taken(alpha, books, 2)
    with firm_scope(write=alpha.firm.pk):
        Case.objects.filter(firm=alpha.firm, pk=by_case.pk).update(severity="trust")
        Document.objects.filter(firm=alpha.firm, source_id=2).update(kind="money", data={"trust": True})
    assert by_record.severity != "trust"
    write(desk, sure="1")

    assert run(alpha, books) == 0


def test_it_rests_when_its_author_leaves_until_somebody_stands_for_it(
    desk: Client, alpha: House, books: Books
) -> None:
    taken(alpha, books, 1)
    write(desk, sure="1")
    actions.remove(member=alpha.member(Role.BOOKKEEPER), by=alpha.administrator, now=MONDAY)
    assert run(alpha, books) == 0

    administrator = cast.sign_in(Client(), alpha.administrator)
    assert "who answers nothing here any more" in administrator.get(reverse("desk:auto_rules")).text
    administrator.post(reverse("desk:auto_rule_change", kwargs={"what": "on"}), {"name": "Own numbers"})

    assert run(alpha, books) == 1


def test_it_is_let_rest_taken_away_and_kept_when_the_owners_change(
    desk: Client, alpha: House, books: Books
) -> None:
    taken(alpha, books, 1)
    write(desk, sure="1")
    assert "A rule of this name stands already." in write(desk, sure="1").text
    desk.post(reverse("desk:auto_rule_change", kwargs={"what": "off"}), {"name": "Own numbers"})
    assert run(alpha, books) == 0
    terms = {"owner": "", "trust": "1", "needs_person": "2", "escalate_after": "9"}
    cast.sign_in(Client(), alpha.administrator).post(reverse("desk:case_rules_change"), terms)
    desk.post(reverse("desk:auto_rule_change", kwargs={"what": "on"}), {"name": "Own numbers"})
    assert run(alpha, books) == 1

    gone = desk.post(
        reverse("desk:auto_rule_change", kwargs={"what": "remove"}), {"name": "Own numbers"}, follow=True
    )
    assert "was taken away; what it answered stays" in gone.text
    assert "Own numbers, of Alpha bookkeeper" in " ".join(gone.text.split())


@pytest.mark.parametrize("wrong", [{"up_to": "few"}, {"up_to": "-1"}, {"name": ""}, {"way": "unmapped new"}])
def test_a_form_that_lacks_something_is_asked_again(desk: Client, wrong: dict[str, str]) -> None:
    assert write(desk, **{"way": OWN, **wrong}).status_code == 422
