"""Connections that go wrong: nothing changes, and one sentence says why and what to do."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Firm, Grant, User
from accounts.tenancy import firm_scope
from mapping.models import Rule
from syncapp.emulators.qbo import backdoor, seed
from syncapp.http import session
from syncapp.pipeline import connect
from syncapp.pipeline import run as road
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import read
from syncapp.pipeline.run import Order
from syncapp.records.models import Link
from tests import cast
from tests.badinput.test_clio_rows import clear
from tests.consent import consent
from tests.delivery.scene import Scene, scene
from tests.stage import connect_both, firm_file

pytestmark = pytest.mark.django_db

BACK = "http://localhost/connections/callback/{}/"


@pytest.mark.parametrize("provider", ["clio", "qbo"])
@pytest.mark.parametrize("answer", ["?code=1&realmId=1&state=made+up", "?code=1&realmId=1", ""])
def test_an_answer_to_nothing_we_asked_changes_nothing(provider: str, answer: str) -> None:
    with scene() as at:
        before = grants(at)

        with pytest.raises(CommandError) as told:
            call_command("connect", provider, firm=at.on.firm.slug, callback=BACK.format(provider) + answer)

        assert clear(str(told.value)), told.value
        assert grants(at) == before


def grants(at: Scene) -> list[tuple[Any, ...]]:
    """The connections of the firm as they stand."""
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        rows = Grant.objects.filter(firm_id=at.on.firm.pk).order_by("pk")
        return list(rows.values_list("pk", "external_id", "state", "authorised_by"))


def finish(at: Scene, provider: str, params: dict[str, str], **other: Any) -> Grant | str:
    """What the callback does with the vendor's answer."""
    given: dict[str, Any] = {
        "firm_id": at.on.firm.pk,
        "books_id": at.on.books.pk if provider == "qbo" else None,
        "by": at.on.person,
        **other,
    }
    return connect.finish(
        provider=provider, region="us", callback_params=params, redirect_uri=connect.redirect_uri(provider),
        now=timezone.now(), **given,
    )  # fmt: skip


def approve(at: Scene, provider: str) -> dict[str, str]:
    """A person's consent on the vendor's page."""
    app = at.on.clio if provider == "clio" else at.on.qbo
    uri = connect.redirect_uri(provider)
    return consent(app, connect.begin(provider=provider, region="us", redirect_uri=uri, state="s"))


@pytest.mark.parametrize("provider", ["clio", "qbo"])
@pytest.mark.parametrize(
    "params",
    [
        {"error": "access_denied"},
        {"error": "server_error"},
        {},
        {"code": ""},
        {"code": "stolen", "realmId": "1"},
    ],
    ids=["denied", "error", "empty", "no code", "wrong code"],
)
def test_consent_that_was_not_given_changes_nothing(provider: str, params: dict[str, str]) -> None:
    with scene() as at:
        before = grants(at)

        told = finish(at, provider, params)

        assert isinstance(told, str)
        assert clear(told), told
        assert grants(at) == before


def other_firm(at: Scene, **changes: Any) -> tuple[Firm, Any]:
    """A second firm with its own set of books."""
    house = cast.firm("Beta")
    return house.firm, cast.books(house, **changes)


@pytest.mark.parametrize("provider", ["clio", "qbo"])
def test_what_is_connected_to_one_firm_is_not_connected_to_another(provider: str) -> None:
    with scene() as at:
        firm, books = other_firm(at)

        told = finish(at, provider, approve(at, provider), firm_id=firm.pk,
                      books_id=books.pk if provider == "qbo" else None)  # fmt: skip

        assert isinstance(told, str)
        assert "another firm" in told
        assert clear(told), told


def test_a_company_is_connected_to_one_set_of_books() -> None:
    with scene() as at:
        with firm_scope(write=at.on.firm.pk):
            second = type(at.on.books).objects.create(
                firm_id=at.on.firm.pk, name="second", ledger="qbo", position=2
            )

        told = finish(at, "qbo", approve(at, "qbo"), books_id=second.pk)

        assert isinstance(told, str)
        assert "connected already" in told


def test_a_company_of_another_currency_is_refused() -> None:
    with scene() as at:
        backdoor.prefer(at.on.company, "CurrencyPrefs.HomeCurrency", {"value": "CAD"})
        before = grants(at)

        told = finish(at, "qbo", approve(at, "qbo"))

        assert isinstance(told, str)
        assert "CAD" in told
        assert "USD" in told
        assert grants(at) == before


def revoke(at: Scene, side: str) -> None:
    """A person ends our authorisation on the vendor's own page."""
    if side == "qbo":
        at.on.qbo.state.oauth.disconnect(at.on.company.realm)
        return
    granted = at.on.clio.state.grants
    granted.tokens.clear()
    granted.refresh.clear()


@pytest.mark.parametrize("side", ["clio", "qbo"])
def test_a_revoked_grant_lets_everything_wait_and_goes_on_after_connecting_as_another_person(
    side: str,
) -> None:
    with scene() as at:
        first, _ = at.bills(2)
        at.sync()
        links = links_of(at)
        at.on.desk("edit_line", line=first.line_ids[0], quantity="7")
        at.bills(1)
        revoke(at, side)

        runs = [road.run(firm=at.on.firm, order=Order(trigger="command", whole=True), clock=timezone.now)
                for _ in range(2)]  # fmt: skip

        for done in runs:
            assert done.state == "waiting", done.words
            assert clear(done.words), done.words
            assert ("Clio" if side == "clio" else "QuickBooks") in done.words
        assert "again" in runs[1].words
        assert len(at.store("Invoice")) == 2
        other = User.objects.get(email="books@ash-birch.test")
        assert isinstance(finish(at, side, approve(at, side), by=other), Grant)
        at.sync()
        assert links_of(at).items() >= links.items()
        assert not at.holds()
        at.assert_ties()


def links_of(at: Scene) -> dict[str, str]:
    """What stands in the books for each subject."""
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        rows = Link.objects.filter(firm_id=at.on.firm.pk, live=True)
        return dict(rows.values_list("subject", "remote_id"))


def test_a_connection_to_another_company_is_refused_while_its_records_are_linked() -> None:
    with scene() as at:
        stranger = seed.company(realm="4620816365000000000", name="Another LLP", clock=at.on.company.clock)
        at.on.qbo.state.companies[stranger.realm] = stranger
        params = approve(at, "qbo")
        code = at.on.qbo.state.oauth.codes[params["code"]]
        code.realm = params["realmId"] = stranger.realm

        told = finish(at, "qbo", params)

        assert isinstance(told, str)
        assert "linked to" in told
        assert clear(told), told


def half(**changes: Any) -> dict[str, Any]:
    """A firm file whose mapping is half finished."""
    file = firm_file()
    file["books"][0].update(changes)
    return file


def test_a_half_finished_mapping_holds_what_it_does_not_place_and_posts_it_when_finished() -> None:
    rules = firm_file()["books"][0]["mapping"]["rules"]
    unfinished = [rule for rule in rules if rule["when"]["line"] in {"expense", "tax"}]
    with scene(file=half(mapping={"rules": unfinished, "fallback": "hold"})) as at:
        (bill,) = at.bills(1)
        at.pay(bill.id, amount="50")
        at.sync()
        held = at.holds()
        assert {hold.resource for hold in held} == {"bills", "allocations"}
        assert len(at.cases()) == 1
        assert all(clear(hold.words) for hold in held), [hold.words for hold in held]
        assert not at.store("Invoice")
        assert not at.store("Payment")

        import yaml

        at.on.file = firm_file()
        apply(read(yaml.safe_dump(at.on.file, sort_keys=False)), now=timezone.now())
        with firm_scope(write=None, reads=[at.on.firm.pk]):
            assert Rule.objects.filter(firm_id=at.on.firm.pk).count() > len(unfinished)
        at.sync()

        assert not at.holds()
        assert not at.cases()
        at.assert_ties()


def test_a_mapping_onto_what_is_not_in_the_books_holds_with_its_name() -> None:
    file = half(deposits=[{"otherwise": "No Such Bank"}])
    with scene(file=file) as at:
        (bill,) = at.bills(1)
        at.pay(bill.id, amount="50")

        at.on.sync()

        assert at.holds()
        assert all(clear(hold.words) for hold in at.holds()), [hold.words for hold in at.holds()]
        assert not at.store("Payment")


def test_connecting_goes_on_where_it_was_when_the_vendor_was_away() -> None:
    with scene() as at:
        params = approve(at, "qbo")
        at.on.qbo.state.faults.add("GET companyinfo", 1, "server_error", times=20)
        told = finish(at, "qbo", params)
        assert isinstance(told, str)
        assert clear(told), told
        at.on.qbo.state.faults.clear()

        connect_both(at.on)
        at.bills(1)
        at.sync()

        at.assert_ties()
    session.unmount_all()
