"""The partner's scenarios on a firm with both vendors: sign, moved after signing, as then and as now."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor
from tests import cast
from tests.trust import october
from tests.trust.october import October
from trust.models import Reconciliation, Review, ReviewNote, SignOff
from trust.queries import figures, reviews
from trust.signing.draw import draw

QUARTER = "2026-10"
ANSWERS = {
    "statement_reviewed": "yes",
    "ledger_reviewed": "yes",
    "checks_reviewed": "yes",
    "disbursements": "1",
    "outstanding": "no",
    "improper": "no",
    "explanation": "",
}


@pytest.fixture
def told(db: Any) -> Iterator[October]:
    with october.october() as made:
        october.approve(made)
        yield made


@pytest.fixture
def signed(told: October, client: Client) -> October:
    """Give the month as it was prepared and signed."""
    prepare(told, client)
    assert sign(told, client).context["pill"]["label"] == "Signed"
    return told


def at(told: October, name: str = "month", month: str = october.ADDRESS) -> str:
    return reverse(f"trust:{name}", kwargs={"pair_id": told.pair.pk, "month": month})


def page(told: October, client: Client, user: Any) -> Any:
    cast.sign_in(client, user)
    return client.get(at(told))


def prepare(told: October, client: Client) -> Any:
    cast.sign_in(client, told.bookkeeper)
    return client.post(at(told, "submit"), {"position": "Bookkeeper"}, follow=True)


def sign(told: October, client: Client) -> Any:
    seen = page(told, client, told.partner).context["figures"].digest
    body = {"seen": seen, "name": "Pat Partner", "bar_number": "NC 12345", "agree": "on"}
    return client.post(at(told, "sign"), body, follow=True)


def now(told: October) -> Any:
    with firm_scope(write=None, reads=[told.stage.firm.pk]):
        return figures.of(told.pair, october.FIRST)


def test_a_quarter_is_drawn_once_answered_and_signed(told: October, client: Client) -> None:
    cast.sign_in(client, told.partner)
    assert "Nothing is drawn yet." in client.get(at(told, "review", QUARTER)).text
    client.post(at(told, "review_draw", QUARTER))
    again = client.post(at(told, "review_draw", QUARTER), follow=True)
    with firm_scope(write=told.stage.firm.pk):
        one = Review.objects.select_related("pair").get()
        subjects = [movement.subject for movement in reviews.population(told.pair, one.quarter)]
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            Review.objects.update(seed="another")

    assert "drawn already" in again.text
    assert one.drawn == draw(one.seed, reversed(subjects))
    assert len(one.drawn) == 3
    early = client.post(at(told, "review_sign", QUARTER), {"name": "Pat", "bar_number": "NC 1"}, follow=True)
    assert "Answer for every drawn transaction first: 3 open." in early.text

    for subject in one.drawn:
        assert client.post(at(told, "review_answer", QUARTER), {"subject": subject}).status_code == 422
        client.post(at(told, "review_answer", QUARTER), ANSWERS | {"subject": subject})
    shown = client.post(at(told, "review_sign", QUARTER), {"name": "Pat", "bar_number": "NC 1"}, follow=True)

    assert "The review is signed." in shown.text
    assert one.seed in shown.text
    late = client.post(at(told, "review_answer", QUARTER), ANSWERS | {"subject": one.drawn[0]}, follow=True)
    assert "This review is signed." in late.text
    with firm_scope(write=None, reads=[told.stage.firm.pk]):
        assert ReviewNote.objects.filter(subject="").count() == 1
        for each in reviews.drawn(told.pair, one):
            assert each.card
            assert not each.below_zero
            if each.movement.check:  # 1042 cleared, 1043 did not
                assert bool(each.lines) == (each.movement.check == "1042")


def test_the_partner_reads_three_equal_figures_and_signs_them(told: October, client: Client) -> None:
    prepare(told, client)

    shown = page(told, client, told.partner)
    found = shown.context["figures"]
    assert found.statement == 6500_00
    assert {found.adjusted_bank, found.books_bank, found.books_liability, found.positive} == {7140_00}
    assert "2 outstanding items" in shown.text
    assert "the oldest 9 days old" in shown.text
    signed = sign(told, client)

    assert signed.context["pill"]["label"] == "Signed"
    report = client.get(at(told, "report"), {"format": "csv"}).content.decode("utf-8-sig")
    cells = {cell for row in csv.reader(io.StringIO(report)) for cell in row}
    assert {"7140.00", "6500.00", "1043", "Clerk of Court", "NC 12345", found.digest} <= cells
    assert any("Birch & Sons" in cell for cell in cells)


def test_a_hand_in_the_books_after_the_signature_suspends_it_at_the_next_run(
    signed: October, client: Client
) -> None:
    told = signed
    entry = next(
        key for key, row in told.stage.company.store["JournalEntry"].items()
        if any(Decimal(line["Amount"]) == 60 for line in row["Line"])
    )  # fmt: skip

    _change(told, entry, Decimal(135))
    told.stage.sync()

    with firm_scope(write=None, reads=[told.stage.firm.pk]):
        one = Reconciliation.objects.get()
        acts = [row.act for row in SignOff.objects.order_by("pk")]
        words = SignOff.objects.latest("pk").text
    assert one.state == "suspended"
    assert acts == ["prepared", "signed", "suspended"]
    assert "Trust bank in the books 7140.00 USD → 7065.00 USD" in words
    shown = page(told, client, told.partner)
    assert "(75.00)" in shown.text

    _change(told, entry, Decimal(60))
    told.stage.sync()
    prepare(told, client)
    assert sign(told, client).context["pill"]["label"] == "Signed"
    with firm_scope(write=None, reads=[told.stage.firm.pk]):
        assert SignOff.objects.filter(act="signed").count() == 2


def _change(told: October, entry: str, amount: Decimal) -> None:
    """Let somebody change an entry's amount on the books' own screen."""
    row = told.stage.company.store["JournalEntry"][entry]
    lines = [{**line, "Amount": amount} for line in row["Line"]]
    backdoor.edit(told.stage.company, "JournalEntry", entry, {"Line": lines})


def test_the_list_as_it_was_signed_stands_beside_the_list_as_it_is_known_now(
    signed: October, client: Client
) -> None:
    told = signed
    then = now(told)
    with firm_scope(write=None, reads=[told.stage.firm.pk]):
        row = SignOff.objects.filter(act="signed").latest("pk")

    told.stage.desk("remove_trust_row", row=told.check)
    told.stage.sync()
    cast.sign_in(client, told.partner)
    report = client.get(at(told, "report"), {"format": "csv", "as": str(row.pk)}).content.decode("utf-8-sig")

    assert f"SHA-256 of the figures,{then.digest}" in report
    assert "7140.00" in report
    assert now(told).digest != then.digest
    assert client.get(at(told)).context["pill"]["label"] == "Signature suspended"

    beside = client.get(reverse("trust:standing", kwargs={"pair_id": told.pair.pk}), {"day": "2026-10-31"})
    known = beside.context["known"]
    assert known.row == row
    assert {(one.then, one.now, one.moved) for one in known.ledgers} == {
        (3440_00, 3500_00, 60_00),
        (3700_00, 3700_00, 0),
    }
    assert "As known then" in beside.text
    earlier = client.get(reverse("trust:standing", kwargs={"pair_id": told.pair.pk}), {"day": "2026-10-13"})
    assert earlier.context["known"].total_now == 3500_00
    assert earlier.context["known"].row is None
