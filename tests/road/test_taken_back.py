"""An answer to an exception is taken back before the run that carries it out: nothing of it ever posts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.core.planning.returns import MISTAKE, Said
from syncapp.desk.queries import given as card
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline import settle
from syncapp.pipeline.cases import alike, choices, given, taking_back
from syncapp.records.models import Case, CaseNote
from tests.road import books
from tests.road.acts import TODAY, fresh
from tests.road.at_the_desk import say
from tests.road.closing import assert_corrected, case_of, close, receivable
from tests.road.test_hands_closed import invoice_of, lowered
from tests.stage import Stage


def approved(on: Stage, case: Case, now: datetime | None = None) -> None:
    refused = choices.choose(
        firm_id=on.firm.pk, case_id=case.pk, answer=f"approve:{case.facts['print']}", by=on.person,
        now=now or timezone.now(),
    )  # fmt: skip
    assert refused is None


def taken_back(on: Stage, case: Case, *, every: bool = False) -> Any:
    return taking_back.take_back(
        firm_id=on.firm.pk, case_id=case.pk, every=every, by=on.person, now=timezone.now()
    )


def waits(on: Stage, case: Case) -> bool:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return given.waits(Case.objects.get(firm=on.firm, pk=case.pk))


def told_as_taken(on: Stage, case: Case) -> bool:
    """What the card says of an answer: that a run has taken it."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        shown = card.of(Case.objects.get(firm=on.firm, pk=case.pk), frozenset())
    assert shown is not None
    return shown.taken


def corrections(on: Stage, *, count: int = 1) -> tuple[list[Bill], list[Case]]:
    """Bills of closed books that Clio changed: each asks for the approval of its correcting entry."""
    bills = [fresh(on) for _ in range(count)]
    on.sync()
    close(on)
    for bill in bills:
        on.desk("edit_line", line=bill.line_ids[0], quantity="1")
    on.sync()
    with firm_scope(write=None, reads=[on.firm.pk]):
        rows = Case.objects.filter(firm=on.firm, code="closed_correction", closed_at__isnull=True)
        return bills, list(rows.order_by("pk"))


def test_an_approval_taken_back_before_the_run_posts_nothing_and_is_asked_again(firm: Stage) -> None:
    _, (case,) = corrections(firm)
    before = books.picture(firm.company)
    approved(firm, case)
    assert waits(firm, case)

    assert taken_back(firm, case) == taking_back.Taken(cases=1)
    firm.sync()

    assert books.picture(firm.company) == before
    again = case_of(firm, "closed_correction")
    assert (again.pk, again.facts, again.given) == (case.pk, case.facts, {})
    assert taken_back(firm, case) == taking_back.NOTHING
    with firm_scope(write=None, reads=[firm.firm.pk]):
        said = AuditEvent.objects.get(firm=firm.firm, verb="case.answer_taken_back")
    assert said.object_id == str(case.pk)
    assert said.before is not None
    assert said.before["says"][0].startswith("post the credit ")

    approved(firm, again)
    firm.sync()
    assert not waits(firm, case)
    assert taken_back(firm, case) == taking_back.BEGUN
    assert books.picture(firm.company) != before
    books.assert_tieout(firm)


def test_what_is_taken_back_while_a_run_settles_is_not_planned_by_what_it_had_read(firm: Stage) -> None:
    _, (case,) = corrections(firm)
    approved(firm, case)
    took: list[Any] = []

    def beat(what: str, done: int) -> None:
        if not took:  # the run has read the answer, and comes to its first record
            took.append(taken_back(firm, case))

    planned = settle.run(firm_id=firm.firm.pk, books_id=firm.books.pk, now=timezone.now(), beat=beat)

    assert (took, planned) == ([taking_back.Taken(cases=1)], 0)
    before = books.picture(firm.company)
    firm.sync()
    assert books.picture(firm.company) == before
    assert case_of(firm, "closed_correction").pk == case.pk


def test_answers_given_by_one_press_are_taken_back_by_one(firm: Stage) -> None:
    _, cases = corrections(firm, count=3)
    before, now = books.picture(firm.company), timezone.now()
    tokens = [f"{case.pk} approve:{case.facts['print']}" for case in cases]
    taken, refused = alike.give(
        firm_id=firm.firm.pk, code="closed_correction", tokens=tokens, by=firm.person, now=now
    )
    assert (taken, refused) == (3, [])

    assert taken_back(firm, cases[0]) == taking_back.Taken(cases=1)
    assert taken_back(firm, cases[1], every=True) == taking_back.Taken(cases=2)
    firm.sync()

    assert books.picture(firm.company) == before
    assert len([one for one in firm.exceptions() if one["code"] == "closed_correction"]) == 3


def test_a_hand_that_was_accepted_or_to_be_restored_is_asked_again_at_once(firm: Stage) -> None:
    bill = fresh(firm)
    firm.sync()
    lowered(firm, bill.number, "12.00")
    firm.sync()
    case = case_of(firm, "changed_in_books")
    before = books.picture(firm.company)

    assert say(firm, case, "accept", reason="a discount") is None
    assert not [one for one in firm.exceptions() if one["code"] == "changed_in_books"]
    assert not told_as_taken(firm, case)
    firm.sync()
    assert told_as_taken(firm, case), "nothing posts by it, so no run is to carry it out"
    assert taken_back(firm, case) == taking_back.Taken(cases=1)
    assert case_of(firm, "changed_in_books").pk == case.pk
    with firm_scope(write=None, reads=[firm.firm.pk]):
        assert CaseNote.objects.filter(case=case, words=taking_back.AGAIN).exists()

    assert say(firm, case, "restore") is None
    assert taken_back(firm, case) == taking_back.Taken(cases=1)
    firm.sync()
    assert books.picture(firm.company) == before
    assert case_of(firm, "changed_in_books").pk == case.pk

    assert say(firm, case_of(firm, "changed_in_books"), "restore") is None
    firm.sync()
    assert not firm.exceptions() or "changed_in_books" not in {one["code"] for one in firm.exceptions()}
    assert taken_back(firm, case) == taking_back.BEGUN
    books.assert_tieout(firm)


def test_a_correction_of_closed_books_taken_back_leaves_our_own_book_as_it_was_posted(firm: Stage) -> None:
    bills = [fresh(firm), fresh(firm)]
    firm.sync()
    owed = receivable(firm)
    lowered(firm, bills[0].number, "12.00")
    backdoor.delete(firm.company, "Invoice", invoice_of(firm, bills[1].number)["Id"])
    closed = close(firm)
    firm.sync()
    with firm_scope(write=None, reads=[firm.firm.pk]):
        cases = list(Case.objects.filter(firm=firm.firm, code="changed_in_books", closed_at__isnull=True))
    before = books.picture(firm.company)

    for case in cases:
        assert say(firm, case, "correct") is None
        assert taken_back(firm, case) == taking_back.Taken(cases=1)
    firm.sync()

    assert books.picture(firm.company) == before
    assert firm.verify()["checks"]["entries"]["ok"]
    assert len([one for one in firm.exceptions() if one["code"] == "changed_in_books"]) == 2

    for case in cases:  # and once more, not taken back
        with firm_scope(write=None, reads=[firm.firm.pk]):
            case.refresh_from_db()
        assert say(firm, case, "correct") is None
    firm.sync()
    approved(firm, case_of(firm, "closed_correction"))
    firm.sync()
    assert receivable(firm) == owed
    assert_corrected(firm, closed)
    assert {taken_back(firm, case) for case in cases} == {taking_back.BEGUN}


def test_what_a_person_said_of_a_payment_is_taken_back(firm: Stage) -> None:
    bill = fresh(firm)
    payment = firm.desk("record_payment", bills=[bill.id], amount="100", date=TODAY)
    firm.sync()
    close(firm)
    firm.desk("remove_payment", payment=payment.id)
    firm.sync()
    case = case_of(firm, "payment_removed")
    before = books.picture(firm.company)

    said = Said(what=MISTAKE)
    assert (
        choices.returned(firm_id=firm.firm.pk, case_id=case.pk, said=said, by=firm.person, now=timezone.now())
        is None
    )
    assert taken_back(firm, case) == taking_back.Taken(cases=1)
    firm.sync()

    assert books.picture(firm.company) == before
    assert case_of(firm, "payment_removed").pk == case.pk
