"""The random review of a quarter (North Carolina): drawn, looked at, answered, signed; the seed is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.tenancy import firm_scope
from tests import cast
from tests.trust import october
from tests.trust.october import October
from trust.models import Review, ReviewNote
from trust.queries import reviews
from trust.signing.draw import draw

pytestmark = pytest.mark.django_db
QUARTER = "2026-10"
ANSWERS = {
    "statement_reviewed": "yes", "ledger_reviewed": "yes", "checks_reviewed": "yes", "disbursements": "1",
    "outstanding": "no", "improper": "no", "explanation": "",
}  # fmt: skip


@pytest.fixture
def told(db: Any) -> Iterator[October]:
    with october.october() as made:
        yield made


def at(told: October, name: str = "review") -> str:
    return reverse(f"trust:{name}", kwargs={"pair_id": told.pair.pk, "month": QUARTER})


def test_a_quarter_is_drawn_once_answered_and_signed(told: October, client: Client) -> None:
    cast.sign_in(client, told.partner)
    assert "Nothing is drawn yet." in client.get(at(told)).text
    client.post(at(told, "review_draw"))
    again = client.post(at(told, "review_draw"), follow=True)
    with firm_scope(write=told.stage.firm.pk):
        one = Review.objects.select_related("pair").get()
        subjects = [movement.subject for movement in reviews.population(told.pair, one.quarter)]
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            Review.objects.update(seed="another")

    assert "drawn already" in again.text
    assert one.drawn == draw(one.seed, reversed(subjects))
    assert len(one.drawn) == 3
    early = client.post(at(told, "review_sign"), {"name": "Pat", "bar_number": "NC 1"}, follow=True)
    assert "Answer for every drawn transaction first: 3 open." in early.text

    for subject in one.drawn:
        assert client.post(at(told, "review_answer"), {"subject": subject}).status_code == 422
        client.post(at(told, "review_answer"), ANSWERS | {"subject": subject})
    shown = client.post(at(told, "review_sign"), {"name": "Pat", "bar_number": "NC 1"}, follow=True)

    assert "The review is signed." in shown.text
    assert one.seed in shown.text
    late = client.post(at(told, "review_answer"), ANSWERS | {"subject": one.drawn[0]}, follow=True)
    assert "This review is signed." in late.text
    with firm_scope(write=None, reads=[told.stage.firm.pk]):
        assert ReviewNote.objects.filter(subject="").count() == 1
        for each in reviews.drawn(told.pair, one):
            assert each.card
            assert not each.below_zero
            if each.movement.check:  # 1042 cleared, 1043 did not
                assert bool(each.lines) == (each.movement.check == "1042")
