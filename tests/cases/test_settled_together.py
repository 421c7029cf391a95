"""Settled elsewhere, of many exceptions at once: looked at first, one reason, client money by a partner."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.core.problems import Fix
from syncapp.records.models import Elsewhere
from tests import cast
from tests.cases.held import MONDAY, client, hold, problem

if TYPE_CHECKING:
    from accounts.models import Books
    from syncapp.records.models import Case
    from tests.cast import House

pytestmark = pytest.mark.django_db
NOW = MONDAY + timedelta(days=9)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def books(alpha: House) -> Books:
    return cast.books(alpha)


@pytest.fixture
def desk(alpha: House) -> Client:
    return cast.sign_in(Client(), alpha.bookkeeper)


@pytest.fixture
def queue(alpha: House, books: Books) -> dict[str, Case]:
    """An inactive product that holds three bills, a number of Acme's, and client money."""
    client(alpha, 5, "Acme Holdings, LLC")
    return {
        "old": hold(alpha, books, 1, 2, 3, why=problem("inactive_item")),
        "acme": hold(alpha, books, 4, why=problem("duplicate_number"), client=5),
        "trust": hold(alpha, books, 6, why=problem("trust_twin", fix=Fix.CHOOSE)),
    }


def press(browser: Client, cases: list[Case], **said: Any) -> Any:
    body = {"case": [case.pk for case in cases], **said}
    return browser.post(reverse("desk:many", args=["elsewhere"]), body, follow=True)


def test_many_are_settled_elsewhere_with_one_reason_and_client_money_stays(
    desk: Client, alpha: House, queue: dict[str, Case]
) -> None:
    some = [queue["old"], queue["acme"], queue["trust"]]
    asked = press(desk, some).text
    assert "Was all that 3 exceptions hold settled elsewhere?" in asked
    assert "3 records of $300.00" in asked
    assert "1 record of $100.00 · client money" in asked

    why = {"sure": "1", "reason": "Typed by the accountant, entry 118."}
    done = press(desk, some, **why)

    assert "2 exceptions settled elsewhere." in done.text
    assert "1 exception stays: client money" in done.text
    assert settled(alpha) == {("1", False), ("2", False), ("3", False), ("4", False)}


def test_a_partner_settles_client_money_of_several_with_one_file_that_is_kept_once(
    alpha: House, books: Books, queue: dict[str, Case]
) -> None:
    partner = cast.sign_in(Client(), alpha.partner)
    some = [queue["trust"], hold(alpha, books, 8, why=problem("trust_twin", "8", fix=Fix.CHOOSE), now=NOW)]
    given = {"sure": "1", "reason": "Corrected at the bank."}
    without = press(partner, some, **given)
    assert "Client money needs the evidence as a file." in without.text

    file = SimpleUploadedFile("letter.pdf", b"%PDF of the bank")
    press(partner, some, **given, file=file)

    assert settled(alpha) == {("6", True), ("8", False)}
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        last = Elsewhere.objects.get(firm=alpha.firm, document__number="8")
    assert partner.get(reverse("desk:evidence", args=[last.pk])).content == b"%PDF of the bank"


def settled(house: House) -> set[tuple[str, bool]]:
    with firm_scope(write=None, reads=[house.firm.pk]):
        rows = Elsewhere.objects.filter(firm=house.firm).select_related("document")
        return {(row.document.number, row.evidence is not None) for row in rows}
