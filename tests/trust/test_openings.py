"""An opening is agreed only when Clio's ledgers and both sides of the books are one amount (issue A2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty
from syncapp.pipeline.trust import openings as trust_openings
from syncapp.records.models import Document
from tests.stage import Stage, stage
from tests.trust import opened as at
from trust.actions import openings as actions
from trust.models import Opening, OpeningLine
from trust.opening import Item
from trust.queries import openings

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(db: Any) -> Iterator[Stage]:
    """A firm with its trust account set up and nothing compared yet."""
    with stage(empty(), file=at.file_with(at.IOLTA)) as made:
        assert at.trust_account(made) == "IOLTA"
        yield made


def compare(on: Stage) -> Opening:
    """Read both sides whole and compare, as each run does."""
    on.sync()
    with firm_scope(write=on.firm.pk):
        trust_openings.run(firm_id=on.firm.pk, books_id=on.books.pk, now=timezone.now())
    return at.opening(on)


def waits(on: Stage) -> str:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return openings.waits(at.pair_in(on))


def test_ledgers_from_clios_earlier_rows_are_agreed_when_they_tie(on: Stage) -> None:
    first, second = at.matter(on, "Acme"), at.matter(on, "Birch")
    at.deposit(on, first, "1500.00")
    at.deposit(on, second, "20.55")
    at.deposit(on, second, "7.00", day=at.START)  # not of the opening
    at.in_books(on, "1520.55")

    found = compare(on)

    assert (found.state, found.total, found.day) == ("agreed", 152055, date(2025, 10, 31))
    assert waits(on) == ""
    with firm_scope(write=None, reads=[on.firm.pk]):
        lines = dict(OpeningLine.objects.values_list("ledger", "amount"))
        assert lines == {f"matters/{first}": 150000, f"matters/{second}": 2055}
        document = Document.objects.get(kind="opening")
        assert (document.amount, document.day) == (152055, at.START)
        assert AuditEvent.objects.filter(verb="trust.opening_agreed").count() == 1


def test_an_opening_that_does_not_tie_waits_and_says_by_how_much(on: Stage) -> None:
    at.deposit(on, at.matter(on, "Acme"), "1500.00")
    at.in_books(on, "1499.99")

    found = compare(on)

    assert found.state == "waiting"
    assert waits(on) == (
        "The opening of IOLTA is not agreed with the books yet. The ledgers come to $1,500.00, the books' "
        "trust bank $1,499.99 (difference -$0.01), the books' trust liability $1,499.99 (difference -$0.01)."
    )
    at.in_books(on, "0.01")
    assert compare(on).state == "agreed"


def test_a_bank_that_ties_does_not_hide_a_liability_that_does_not(on: Stage) -> None:
    at.deposit(on, at.matter(on, "Acme"), "1500.00")
    at.in_books(on, "1500.00", liability="Client Retainers Operating")

    found = compare(on)

    assert found.state == "waiting"
    assert "trust liability $0.00 (difference -$1,500.00)" in found.words
    assert "trust bank" not in found.words


def test_a_statement_that_was_given_must_tie_too_adjusted_by_what_was_outstanding(on: Stage) -> None:
    at.deposit(on, at.matter(on, "Acme"), "1500.00")
    at.in_books(on, "1500.00")
    check = Item(kind="check", day=date(2025, 10, 30), amount=-25010, number="1042", payee="County Clerk")
    pair = at.pair(on)

    def give(statement: int) -> None:
        with firm_scope(write=on.firm.pk):
            actions.give_statement(
                pair=pair, statement=statement, items=[check], by=on.person, now=timezone.now()
            )

    give(175009)
    assert "the adjusted bank statement $1,499.99 (difference -$0.01)" in compare(on).words
    give(175010)

    assert compare(on).state == "agreed"
    with firm_scope(write=None, reads=[on.firm.pk]):
        (item,) = openings.outstanding(pair)
    assert (item.amount, item.check, item.payee, item.ledgers) == (-25010, "1042", "County Clerk", ())


def test_nothing_held_is_an_opening_too(on: Stage) -> None:
    assert compare(on).state == "agreed"


def test_what_is_agreed_stays_agreed(on: Stage) -> None:
    at.deposit(on, at.matter(on, "Acme"), "10.00")
    at.in_books(on, "10.00")
    compare(on)
    at.in_books(on, "5.00")

    assert compare(on).state == "agreed"
    with firm_scope(write=on.firm.pk):
        text = "kind,ledger,amount\nledger,trust/firm,15\n"
        refusal = trust_openings.take_file(
            pair=at.pair_in(on), text=text, name="opening.csv", by=on.person, now=timezone.now()
        )
    assert refusal == actions.AGREED


def test_an_opening_comes_from_a_file_where_clio_does_not_have_it(on: Stage) -> None:
    acme = at.matter(on, "Acme")
    on.sync()
    at.in_books(on, "1500.00")
    number = on.world.tables["Matter"][acme].display_number
    text = f"kind,ledger,amount,date,number,payee\nledger,{number},1250,,,\nledger,acme,250,,,\n"
    with firm_scope(write=on.firm.pk):
        assert (
            trust_openings.take_file(
                pair=at.pair_in(on), text=text, name="opening.csv", by=on.person, now=timezone.now()
            )
            is None
        )

    found = compare(on)

    assert (found.state, found.source, found.pair.opening) == ("agreed", "file", "opening.csv")
    with firm_scope(write=None, reads=[on.firm.pk]):
        assert openings.ledgers(found.pair)[f"matters/{acme}"] == 125000
    assert found.prepared_by == on.person


def test_an_account_without_an_opening_waits_for_none() -> None:
    with stage(empty(), file=at.file_with(at.IOLTA | {"opening": "none"})) as on:
        on.sync()
        with firm_scope(write=on.firm.pk):
            trust_openings.run(firm_id=on.firm.pk, books_id=on.books.pk, now=timezone.now())
            assert openings.waits(at.pair_in(on)) == ""
            assert not Opening.objects.exists()


def test_the_database_refuses_an_agreed_opening_that_does_not_tie(on: Stage) -> None:
    compare(on)
    with pytest.raises(IntegrityError, match="an_agreed_opening_ties"), firm_scope(write=on.firm.pk):
        Opening.objects.update(books_bank=1)
