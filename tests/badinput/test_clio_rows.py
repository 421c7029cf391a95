"""What Clio says and cannot be read: held with a clear sentence, all else goes on, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from syncapp.emulators.qbo import reports
from syncapp.pipeline import run as road
from syncapp.pipeline.run import Order
from tests.badinput.spoil import row, spoiled
from tests.delivery.scene import Scene, scene
from tests.road.clientmoney import trust_file

pytestmark = pytest.mark.django_db

CODE = re.compile(r"None|Traceback|Error\b|[{}<>]|_id\b|payload|null", re.IGNORECASE)


def clear(words: str) -> bool:
    """A bookkeeper can read it: a sentence with its end, without the insides of a program."""
    return len(words) > 20 and words.rstrip()[-1] in ".!?”)" and not CODE.search(words)


@pytest.mark.parametrize(
    ("values", "about"),
    [
        ({"state": "escrowed"}, "escrowed"),
        ({"client": None}, "client"),
        ({name: Decimal("-12.00") for name in ("total", "sub_total", "due", "balance")}, "bill"),
        ({"total": "a lot"}, "bill"),
        ({"total": Decimal("10.005")}, "bill"),
        ({"issued_at": "soon"}, "issued"),
        ({"number": None}, "number"),
        ({"number": "9" * 40}, "21"),
        ({"kind": "loan_kind"}, "loan_kind"),
        ({"client": "Harbor Mills"}, "client"),
    ],
    ids=lambda value: "-".join(f"{k}={v}"[:20] for k, v in value.items()) if isinstance(value, dict) else "",
)
def test_a_bill_that_cannot_be_read_is_held_alone(values: dict[str, Any], about: str) -> None:
    with scene() as at:
        bad, good = at.bills(2)
        with spoiled(at.on, "bills", row(bad.id, **values)):
            at.sync()

        (hold,) = at.holds()
        assert (hold.resource, hold.source_id) == ("bills", bad.id)
        assert clear(hold.words), hold.words
        assert about.casefold() in hold.words.casefold(), hold.words
        assert [one["DocNumber"] for one in at.store("Invoice")] == [good.number]
        at.on.world.touch(bad)
        at.sync()
        assert not at.holds()
        assert not at.cases()
        at.assert_ties()


@pytest.mark.parametrize(
    ("resource", "values"),
    [
        ("allocations", {"amount": "much"}),
        ("allocations", {"date": "yesterday"}),
        ("allocations", {"amount": Decimal("-5.00")}),
    ],
)
def test_a_payment_that_cannot_be_read_is_held_and_its_bill_posts(
    resource: str, values: dict[str, Any]
) -> None:
    with scene() as at:
        (bill,) = at.bills(1)
        at.pay(bill.id, amount="50")
        part = next(iter(at.on.world.tables["Allocation"].values()))
        with spoiled(at.on, resource, row(part.id, **values)):
            at.sync()

        (hold,) = at.holds()
        assert hold.resource == "allocations"
        assert clear(hold.words), hold.words
        assert len(at.store("Invoice")) == 1
        assert not at.store("Payment")
        at.on.world.touch(part)
        at.sync()
        assert not at.holds()
        at.assert_ties()


@pytest.mark.parametrize("day", ["yesterday", 20261031, "2026-10-31T00:00:00Z"])
def test_a_bank_row_of_any_day_stops_nothing_and_what_cannot_be_read_of_it_is_held(day: Any) -> None:
    with scene() as at:
        at.bills(1)
        client = next(iter(at.on.world.tables["Contact"]))
        made = at.on.desk("operating_deposit", client=client, amount="40")
        with spoiled(at.on, "bank_transactions", row(made.id, date=day)):
            at.sync()

        holds = at.holds()
        assert [(one.resource, one.source_id) for one in holds] == (
            [] if isinstance(day, str) and day.startswith("2026") else [("bank_transactions", made.id)]
        )
        assert all(clear(one.words) for one in holds)
        assert len(at.store("Invoice")) == 1
        at.on.world.touch(made)
        at.sync()
        assert not at.holds()
        at.assert_ties()


def test_the_money_of_a_payment_that_cannot_be_read_waits_with_it() -> None:
    with scene() as at:
        (bill,) = at.bills(1)
        at.sync()
        before = reports.trial_balance(at.on.company)
        at.pay(bill.id, amount="50")
        part = next(iter(at.on.world.tables["Allocation"].values()))
        with spoiled(at.on, "allocations", row(part.id, date=None)):
            at.sync()

        assert [one.resource for one in at.holds()] == ["allocations"]
        assert reports.trial_balance(at.on.company) == before
        at.on.world.touch(part)
        at.sync()
        assert not at.holds()
        at.assert_ties()


def test_a_name_of_five_thousand_characters_posts_under_one_that_fits() -> None:
    with scene() as at:
        client = at.client("Long " * 999 + "Name:")
        at.bill(at.matter(client.id).id)

        at.sync()

        assert not at.holds()
        assert all(len(one["DisplayName"]) <= 100 for one in at.store("Customer"))
        assert len(at.store("Invoice")) == 1


def _not_json(_: Any) -> bytes:
    return b"<html>We will be back soon</html>"


def _no_utf8(_: Any) -> bytes:
    return b'{"data": "\xff\xfe"}'


def _no_list(body: Any) -> Any:
    return {**body, "data": "none"}


def _no_data(body: Any) -> Any:
    return {"meta": body.get("meta")}


def _a_list(_: Any) -> Any:
    return []


def _text_for_a_row(body: Any) -> Any:
    return {**body, "data": [*body["data"], "a row"]}


def _row_without_id(body: Any) -> Any:
    return {**body, "data": [*body["data"], {"number": "1"}]}


@pytest.mark.parametrize(
    "change", [_not_json, _no_utf8, _no_list, _no_data, _a_list, _text_for_a_row, _row_without_id]
)
def test_an_answer_that_cannot_be_read_stops_the_run_with_a_sentence(change: Callable[[Any], Any]) -> None:
    with scene() as at:
        at.bills(1)
        with spoiled(at.on, "bills", change):
            done = once(at)

        assert done.state in {"waiting", "failed"}, done.state
        assert clear(done.words), done.words
        assert not at.store("Invoice")
        at.sync()
        at.assert_ties()


def once(at: Scene) -> Any:
    """One run, whatever becomes of it."""
    return road.run(firm=at.on.firm, order=Order(trigger="command", whole=True), clock=timezone.now)


@pytest.mark.parametrize("kind", ["malformed", "server_error", "drop_before"])
def test_clio_in_trouble_loses_nothing(kind: str) -> None:
    with scene() as at:
        at.bills(1)
        at.on.clio.state.faults.add("GET bills", 1, kind, times=50)
        done = once(at)
        assert done.state in {"waiting", "failed"}
        assert clear(done.words), done.words
        at.on.clio.state.faults.clear()

        at.sync()

        at.assert_ties()


def test_client_money_that_cannot_be_read_is_a_difference_of_its_amount_until_it_can() -> None:
    with scene(file=trust_file()) as at:
        matter = at.fresh_matter()
        at.sync()
        row_ = at.on.desk("trust_deposit", matter=matter, amount="5000", reference="D-1")
        with spoiled(at.on, "bank_transactions", row(row_.id, date=None)):
            at.sync()

            (case,) = (one for one in at.on.exceptions() if one["holds"])
            assert case["amount"] == "5000.00"
            found = at.on.tieout(afresh=False)["kinds"]["trust"]
            assert (found["difference"], found["queued"]) == ("5000.00", "5000.00")
        at.on.world.touch(row_)
        at.sync()
        assert not at.holds()
        assert at.on.tieout(afresh=False)["kinds"]["trust"]["difference"] == "0.00"
