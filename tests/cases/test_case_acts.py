"""What people do with cases: give, set a day, write about, settle; each by mail and log as it should."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from accounts import audit
from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.core.problems import Fix
from syncapp.pipeline import queue
from syncapp.pipeline.cases import acts, mentions
from syncapp.pipeline.cases.mentions import Person
from syncapp.pipeline.queue import Verdict
from syncapp.records.models import CaseNote, Document
from tests import cast
from tests.cases.held import MONDAY, again, history, hold, problem

if TYPE_CHECKING:
    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db
BEA, BEN = Person(1, "Bea Books", "bea@firm.test"), Person(2, "Bea Banks", "banks@firm.test")


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def books(alpha: House) -> Books:
    return cast.books(alpha)


def said(house: House) -> list[str]:
    """Read the firm's log about cases and alarms in words."""
    with firm_scope(write=None, reads=[house.firm.pk]):
        events = AuditEvent.objects.filter(firm=house.firm, object_kind__in=["case", "hold"])
        return [audit.sentence(event) for event in events.order_by("number")]


def test_cases_are_given_to_a_colleague_who_is_told(alpha: House, books: Books) -> None:
    cases = [hold(alpha, books, number, why=problem(cause=str(number))) for number in (1, 2)]
    mail.outbox.clear()
    ids = [case.pk for case in cases]

    done = acts.assign(
        firm_id=alpha.firm.pk, case_ids=ids, owner_id=alpha.partner.pk, by=alpha.bookkeeper, now=MONDAY
    )
    twice = acts.assign(
        firm_id=alpha.firm.pk, case_ids=ids, owner_id=alpha.partner.pk, by=alpha.bookkeeper, now=MONDAY
    )

    assert (done, twice) == (2, 0)
    assert {again(case).owner for case in cases} == {alpha.partner}
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([alpha.partner.email], "Alpha: Alpha bookkeeper gave you 2 exceptions")
    ]
    assert said(alpha)[0] == "Alpha bookkeeper gave inactive_item 1 stops it. to Alpha partner"


def test_nobody_from_outside_gets_a_case(alpha: House, books: Books) -> None:
    beta = cast.firm("Beta")
    case = hold(alpha, books, 1, why=problem())

    for stranger in (beta.bookkeeper, alpha.auditor):
        answer = acts.assign(
            firm_id=alpha.firm.pk, case_ids=[case.pk], owner_id=stranger.pk, by=alpha.bookkeeper, now=MONDAY
        )
        assert answer == "Choose somebody of the firm who clears exceptions."
    assert again(case).owner == alpha.bookkeeper


def test_a_day_is_set_for_cases_and_never_one_that_has_passed(alpha: House, books: Books) -> None:
    case = hold(alpha, books, 1, why=problem())
    given = {"firm_id": alpha.firm.pk, "case_ids": [case.pk], "by": alpha.bookkeeper, "now": MONDAY}

    assert acts.set_due(due=date(2026, 9, 13), **given) == "Choose today or a later day."  # type: ignore[arg-type]
    assert acts.set_due(due=date(2026, 9, 30), **given) == 1  # type: ignore[arg-type]

    assert again(case).due_on == date(2026, 9, 30)
    assert said(alpha) == ["Alpha bookkeeper set 30 Sep 2026 as the day for inactive_item 7 stops it."]


def test_a_comment_stands_in_the_history_and_writes_to_whom_it_names(alpha: House, books: Books) -> None:
    case = hold(alpha, books, 1, why=problem())
    mail.outbox.clear()

    answer = acts.comment(
        firm_id=alpha.firm.pk, case_id=case.pk, words="@partner is this ours? @zed knows.",
        by=alpha.bookkeeper, now=MONDAY,
    )  # fmt: skip

    assert answer == ([alpha.partner], ["zed"])
    assert history(case)[-1] == "@partner is this ours? @zed knows."
    assert [letter.to for letter in mail.outbox] == [[alpha.partner.email]]
    assert f"/exceptions/{case.pk}/" in mail.outbox[0].body
    assert "is this ours?" in mail.outbox[0].body


def test_a_comment_says_something_and_stays_as_it_was_written(alpha: House, books: Books) -> None:
    case = hold(alpha, books, 1, why=problem())
    given = {"firm_id": alpha.firm.pk, "case_id": case.pk, "by": alpha.bookkeeper, "now": MONDAY}

    assert acts.comment(words="  ", **given) == "Write something, of at most 4,000 characters."  # type: ignore[arg-type]
    acts.comment(words="As agreed.", **given)  # type: ignore[arg-type]

    with (
        pytest.raises(DatabaseError, match="only ever added"),
        firm_scope(write=alpha.firm.pk),
        transaction.atomic(),
    ):
        CaseNote.objects.filter(firm=alpha.firm).update(words="As never agreed.")


def test_a_name_means_the_address_the_whole_name_or_the_first_name() -> None:
    people = [BEA, BEN]

    assert mentions.named("@bea@firm.test, look", people) == [1]
    assert mentions.named("@Bea Banks look", people) == [1, 2]
    assert mentions.named("@banks: look", people) == [2]
    assert mentions.named("write to bea@firm.test or @beatrice", people) == []
    assert mentions.strangers("@bea and @beatrice.", people) == ["beatrice"]


def test_what_has_posted_is_closed_with_one_reason_and_what_is_held_stays(alpha: House, books: Books) -> None:
    held = hold(alpha, books, 1, why=problem())
    alarm, hand = problem("overpaid", fix=Fix.LOOK), problem("changed_in_books", fix=Fix.LOOK)
    with firm_scope(write=alpha.firm.pk):
        row = Document.objects.get(firm=alpha.firm, source_id=1)
        verdict = Verdict(document=row, problem=problem(), alarms=(alarm, hand))
        queue.apply(firm_id=alpha.firm.pk, books_id=books.pk, verdicts=[verdict], now=MONDAY)
        looked, seen = (
            type(held).objects.get(firm=alpha.firm, code=code) for code in ("overpaid", "changed_in_books")
        )
    given = {
        "firm_id": alpha.firm.pk,
        "case_ids": [held.pk, looked.pk, seen.pk],
        "by": alpha.bookkeeper,
        "now": MONDAY,
    }

    assert acts.close(reason="", **given) == "Say in a few words how it was settled."  # type: ignore[arg-type]
    assert acts.close(reason="Agreed with the client", **given) == (1, 2)  # type: ignore[arg-type]

    assert again(looked).closed_at == MONDAY
    assert again(held).closed_at is None
    assert again(seen).closed_at is None  # it ends when both sides stand alike
    assert said(alpha) == ["Alpha bookkeeper closed the alarm on overpaid 7 stops it."]
