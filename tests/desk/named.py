"""What the permission matrix names in an address: one thing of the given firm each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from accounts.connecting import finish_connect
from accounts.models import AlertChannel, Grant
from accounts.tenancy import firm_scope
from syncapp.records.models import CaseAsk, Elsewhere, Run
from tests import cast
from tests.desk import asked
from tests.desk.books import NOW, bill, case, hold, runs

if TYPE_CHECKING:
    from tests.cast import House


def a_case(house: House) -> dict[str, Any]:
    """Name a case of the firm for an address."""
    with firm_scope(write=house.firm.pk):
        made = case(house, None, "unmapped:x", "Choose a product for time.")
        hold(house, made, bill(house, 5, 100))
    return {"case_id": made.pk}


def an_unmapped_case(house: House) -> dict[str, Any]:
    """Name a case that asks where time goes for an address."""
    books = cast.books(house, "theirs")
    with firm_scope(write=house.firm.pk):
        made = case(house, books, "unmapped:line=time", "Choose a product for time.", facts={"line": "time"})
        hold(house, made, bill(house, 5, 100))
    return {"case_id": made.pk}


def a_stray(house: House) -> dict[str, Any]:
    """Name a case of client money that stands otherwise in the books for an address."""
    with firm_scope(write=house.firm.pk):
        made = case(house, None, "trust_stray:1", "IOLTA does not stand alike.")
        hold(house, made, bill(house, 5, 100), alarm=True)
    return {"case_id": made.pk}


def an_evidence(house: House) -> dict[str, Any]:
    """Name the evidence of something that was settled elsewhere for an address."""
    with firm_scope(write=house.firm.pk):
        made = case(house, None, "unmapped:y", "Choose a product for time.")
        row = Elsewhere.objects.create(
            firm=house.firm, case=made, document=bill(house, 8, 100), version=1, reason="Typed by hand.",
            name="entry.pdf", evidence=b"%PDF", digest="0" * 64, by=house.bookkeeper, at=NOW,
        )  # fmt: skip
        return {"row_id": row.pk}


def a_channel(house: House) -> dict[str, Any]:
    """Name a channel of a chat for an address; its address does not open, so that nobody is called."""
    with firm_scope(write=house.firm.pk):
        row = AlertChannel.objects.create(
            firm=house.firm, kind="slack", name="books", told_at=NOW, by=house.administrator, at=NOW
        )
        return {"channel_id": row.pk}


def an_ask(house: House) -> dict[str, Any]:
    """Name a question that was mailed about a case for an address."""
    with firm_scope(write=house.firm.pk):
        made = case(house, None, "unmapped:z", "Choose a product for time.")
        row = CaseAsk.objects.create(
            firm=house.firm, case=made, name="Ada Attorney", email="ada@elsewhere.test", question="Which?",
            token_hashes=["0" * 64], by=house.bookkeeper, at=NOW, expires_at=NOW + timedelta(days=7),
        )  # fmt: skip
        return {"ask_id": row.pk}


def a_correction(house: House) -> dict[str, Any]:
    """Name a case that asks for an approval for an address."""
    return {"case_id": asked.correction(house, cast.books(house, "theirs")).pk}


def a_removed_payment(house: House) -> dict[str, Any]:
    """Name a case that asks about a payment for an address."""
    return {"case_id": asked.removed(house, cast.books(house, "theirs")).pk}


def a_payment(house: House) -> dict[str, Any]:
    """Name a payment that stands in the books for an address."""
    return {"document_id": asked.payment(house, cast.books(house, "theirs")).pk}


def an_alarm(house: House) -> dict[str, Any]:
    """Name an alarm of the firm for an address."""
    with firm_scope(write=house.firm.pk):
        return {
            "hold_id": hold(house, case(house, None, "x:1", "A look."), bill(house, 6, 100), alarm=True).pk
        }


def a_record(house: House) -> dict[str, Any]:
    """Name a record of the firm for an address."""
    with firm_scope(write=house.firm.pk):
        return {"document_id": bill(house, 7, 100).pk}


def a_run(house: House) -> dict[str, Any]:
    """Name a run of the firm for an address."""
    with firm_scope(write=house.firm.pk):
        runs(house)
        return {"run_id": Run.objects.filter(firm=house.firm).values_list("pk", flat=True)[0]}


def a_set_of_books(house: House) -> dict[str, Any]:
    """Name a set of books of the firm for an address."""
    return {"books_id": cast.books(house, "theirs").pk}


def a_company(house: House) -> dict[str, Any]:
    """Name the connection of a set of books of the firm for an address."""
    made = finish_connect(
        firm_id=house.firm.pk,
        provider="qbo",
        external_id=f"8{house.firm.pk}",
        external_name=house.firm.name,
        tokens=cast.tokens(ends=NOW + timedelta(days=1)),
        by=house.administrator,
        now=NOW,
        books_id=cast.books(house, "theirs").pk,
    )
    return {"grant_id": made.pk} if isinstance(made, Grant) else {}


def a_grant(house: House) -> dict[str, Any]:
    """Name a connection of the firm for an address; its tokens have run out, so that nobody is called."""
    made = cast.grant(house, ends=NOW + timedelta(days=1), external_id=f"9{house.firm.pk}")
    return {"grant_id": made.pk}
