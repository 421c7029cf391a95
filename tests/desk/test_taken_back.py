"""After an answer the card says what the next run will do, and whoever may answer may take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEvent
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.pipeline.cases import taking_back
from syncapp.records.models import BookChoice, Posting
from tests import cast
from tests.desk import asked
from tests.desk.books import NOW

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from syncapp.records.models import Case
    from tests.cast import House

pytestmark = pytest.mark.django_db
DECIDE = {"answer": f"approve:{asked.PRINT}"}
SAYS = "The next run will post the credit 10483-C1 of $300.00."


def answered(client: Client, house: House, books: Books, **facts: str) -> Case:
    """A correction that the bookkeeper approved."""
    found = asked.correction(house, books, **facts)
    cast.sign_in(client, house.bookkeeper)
    client.post(reverse("desk:approve", args=[found.pk]), DECIDE)
    return found


@pytest.mark.parametrize("role", list(Role))
def test_the_card_says_what_the_next_run_does_and_offers_to_take_it_back_to_who_may_answer(
    client: Client, alpha: House, main: Books, role: Role
) -> None:
    found = answered(client, alpha, main)
    cast.sign_in(client, alpha.by_role()[role])

    page = client.get(reverse("desk:case", args=[found.pk])).text

    assert f"{alpha.bookkeeper} answered on" in page
    assert SAYS in page
    assert (">Take it back</button>" in page) is (role != Role.AUDITOR)
    assert "answered with it" not in page


def test_an_answer_taken_back_is_asked_again_and_both_stand_in_the_history(
    client: Client, alpha: House, main: Books
) -> None:
    found = answered(client, alpha, main)

    page = client.post(reverse("desk:answer_take_back", args=[found.pk]), follow=True).text

    assert "Taken back. Nothing of it posts; the exception asks as before." in page
    assert "Approve: post the credit of" in page
    assert "Answered, and not carried out yet" not in page
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert not BookChoice.objects.exists()
        told = audit.sentence(AuditEvent.objects.get(verb="case.answer_taken_back"))
    assert told.startswith(f"{alpha.bookkeeper.name} took back the answer of {alpha.bookkeeper} to ")
    assert told.endswith(": to post the credit 10483-C1 of $300.00")
    assert "took back the answer of" in page
    assert "approved the credit memo" in page
    assert taking_back.NOTHING in client.post(
        reverse("desk:answer_take_back", args=[found.pk]), follow=True
    ).text.replace("&#x27;", "'")


@pytest.mark.parametrize("state", ["ready", "sending", "uncertain"])
def test_what_the_run_has_planned_or_sent_is_not_taken_back(
    client: Client, alpha: House, main: Books, state: str
) -> None:
    found = answered(client, alpha, main)
    with firm_scope(write=alpha.firm.pk):
        record = found.holds.get().document
        Posting.objects.create(
            firm=alpha.firm, books=main, key="6f1f64a4-0c0e-4f5c-8a51-0d6b1f2a9c11", request_id="r1",
            document=record, document_version=1, subject="bills/10999/correction/1", verb="create",
            object_kind="credit_memo", state=state, created_at=NOW,
        )  # fmt: skip

    card = client.get(reverse("desk:case", args=[found.pk])).text
    page = client.post(reverse("desk:answer_take_back", args=[found.pk]), follow=True).text

    assert ">Take it back</button>" not in card
    assert "The run has begun to carry it out, so that it cannot be taken back any more." in page
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert BookChoice.objects.get().answer == DECIDE["answer"]


def test_a_question_that_changed_since_has_no_answer_to_take_back(
    client: Client, alpha: House, main: Books
) -> None:
    found = answered(client, alpha, main)
    with firm_scope(write=alpha.firm.pk):
        BookChoice.objects.all().delete()

    assert ">Take it back</button>" not in client.get(reverse("desk:case", args=[found.pk])).text
