"""An auditor who is held to trust accounts and days: one door for every address, and each page is listed."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import auditing, queries, verifier
from accounts.access import FIRM_KEY
from accounts.models import Membership
from accounts.roles import Role
from accounts.tenancy import firm_scope
from tests import cast
from tests.accounts.holding import held
from tests.matrix import MATRIX, Who
from tests.trust import named, world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from tests.cast import House
    from trust.models import TrustPair

pytestmark = pytest.mark.django_db
DUMMY = {"int": 1, "month": "2026-09", "str": "x", "slug": "x"}
OTHER = "Trust of Quentin Quirk"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


def listed(house: House) -> list[tuple[str, str]]:
    """What the firm's list says that the auditor asked for, the oldest first."""
    with firm_scope(write=None, reads=[house.firm.pk]):
        rows = auditing.visits(firm_id=house.firm.pk, user=house.auditor).order_by("number")
        return [(row.verb, row.object_text) for row in rows]


def addresses() -> Iterator[tuple[str, str]]:
    """Every name within a firm with an address of that form."""
    for name, converters in _patterns(get_resolver().url_patterns, ""):
        if name in MATRIX and MATRIX[name].who is Who.FIRM:
            words = MATRIX[name].words
            dummy = {key: DUMMY[kind] for key, kind in converters.items()}
            yield name, reverse(name, kwargs={**dummy, **words})


def _patterns(patterns: list[Any], space: str) -> Iterator[tuple[str, dict[str, str]]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _patterns(one.url_patterns, inner)
        elif isinstance(one, URLPattern) and one.name:
            converters = one.pattern.converters
            kinds = {key: re.sub("converter$", "", type(c).__name__.lower()) for key, c in converters.items()}
            yield f"{space}{one.name}", {key: "str" if k == "string" else k for key, k in kinds.items()}


def test_every_address_is_closed_unless_it_was_opened_to_auditors(client: Client, alpha: House) -> None:
    world.pair(alpha)
    held(alpha)
    cast.sign_in(client, alpha.auditor)
    closed = {name: at for name, at in addresses() if name not in auditing.opened_pages()}
    assert len(closed) > 60

    for name, address in closed.items():
        ask = client.get if MATRIX[name].method == "get" else client.post
        response = ask(address)
        assert response.status_code == 403, (name, response.status_code)
        assert "This page shows more than what you were asked to look at" in response.text

    assert [verb for verb, _ in listed(alpha)] == ["auditor.refused"] * len(closed)
    assert {address for _, address in listed(alpha)} == set(closed.values())


def test_what_is_opened_to_auditors_is_an_address_of_the_firm() -> None:
    known = {name for name, row in MATRIX.items() if row.who is Who.FIRM}

    assert auditing.opened_pages() <= known


def test_every_open_page_of_another_account_stays_closed(client: Client, alpha: House) -> None:
    books = cast.books(alpha)
    other = world.pair(alpha, books=books, clio_account=OTHER, bank="88", liability="89")
    world.pair(alpha, books=books)
    statement = world.bank(other, [], last=date(2026, 9, 30))
    held(alpha)
    cast.sign_in(client, alpha.auditor)
    days = "?day=2026-09-30&from=2026-09-01&to=2026-09-30&first=2026-09-01&last=2026-09-30&month=2026-09"

    for name, _ in addresses():
        if name not in auditing.opened_pages() or not MATRIX[name].args:
            continue
        row = MATRIX[name]
        known = {"pair_id": other.pk, "month": "2026-09", "statement_id": statement.pk, "row_id": 1}
        asked = {key: known[key] for key in dict(_kinds())[name]}
        address = reverse(name, kwargs=asked) + days
        response = client.get(address) if row.method == "get" else client.post(address)
        if response.status_code == 302:
            assert response["Location"].startswith(reverse("trust:auditor")), name
        else:
            assert response.status_code == 403, name
            assert OTHER not in response.text


def _kinds() -> list[tuple[str, dict[str, str]]]:
    return list(_patterns(get_resolver().url_patterns, ""))


@pytest.fixture
def september(alpha: House) -> TrustPair:
    """The auditor's account with a month that ties, and another account of another client."""
    made = named.empty_account(alpha, last_digits="6789")
    world.pair(alpha, books=cast.books(alpha, "second"), clio_account=OTHER, bank="88", liability="89")
    held(alpha)
    return made


def test_the_auditor_sees_his_account_and_days_and_each_page_is_listed(
    client: Client, alpha: House, september: TrustPair
) -> None:
    """Scenario auditor 1."""
    cast.sign_in(client, alpha.auditor)
    month = {"pair_id": september.pk, "month": "2026-09"}

    first = client.get("/", follow=True)
    assert "You may look at 1 trust account, 1 Sep 2026 to 31 Oct 2026" in first.text
    assert "IOLTA …6789" in first.text
    assert "Settings" not in first.text
    assert OTHER not in first.text
    assert client.get(reverse("trust:month", kwargs=month)).status_code == 200
    august = client.get(reverse("trust:month", kwargs={**month, "month": "2026-08"}))
    assert august.status_code == 403
    assert "beyond the days" in august.text
    opened = client.get(reverse("trust:registers", kwargs={"pair_id": september.pk}))
    assert opened["Location"].endswith("?from=2026-09-01&to=2026-10-31")
    beyond = client.get(
        reverse("trust:registers", kwargs={"pair_id": september.pk}) + "?from=2026-08-31&to=2026-09-02"
    )
    assert beyond.status_code == 403
    twice = client.get(
        reverse("trust:standing", kwargs={"pair_id": september.pk}) + "?day=2026-09-02&day=2027-01-01"
    )
    assert twice.status_code == 403
    assert client.get(reverse("accounts:people")).status_code == 403

    client.logout()
    cast.sign_in(client, alpha.partner)
    page = client.get(reverse("accounts:visits", kwargs={"user_id": alpha.auditor.pk}))
    for address in (reverse("trust:auditor"), reverse("trust:month", kwargs=month)):
        assert f"<code>{address}</code>" in page.text
    assert "Sees IOLTA, 1 Sep 2026 to 31 Oct 2026" in page.text
    assert page.text.count(">Closed<") == 4
    taken = client.get(reverse("accounts:visits_file", kwargs={"user_id": alpha.auditor.pk}))
    rows = list(csv.DictReader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert [(row["Address"], row["Answer"]) for row in reversed(rows)] == [
        (address, "opened" if verb == auditing.OPENED else "closed") for verb, address in listed(alpha)
    ]


def test_access_ends_by_itself(client: Client, alpha: House, september: TrustPair) -> None:
    cast.sign_in(client, alpha.auditor)
    assert client.get(reverse("trust:auditor")).status_code == 200
    yesterday = date(2026, 1, 1)
    Membership.objects.filter(user=alpha.auditor).update(ends_on=yesterday)

    response = client.get(reverse("trust:month", kwargs={"pair_id": september.pk, "month": "2026-09"}))

    assert response["Location"] == reverse("accounts:no_firm")


def test_a_second_firm_is_not_read_through_the_first(client: Client, alpha: House) -> None:
    """What reads all firms of a person leaves out those in which the person is an auditor."""
    beta = cast.firm("Beta")
    held(alpha)
    Membership.objects.create(firm=beta.firm, user=alpha.auditor, role=Role.BOOKKEEPER)
    cast.sign_in(client, alpha.auditor)
    client.post(reverse("accounts:switch"), {"firm": "beta"})
    assert client.session[FIRM_KEY] == "beta"

    response = client.get(reverse("desk:exceptions"))

    assert response.wsgi_request.reads == [beta.firm.pk]  # type: ignore[attr-defined]


def test_his_log_is_whole_although_the_rest_is_withheld(
    client: Client, alpha: House, september: TrustPair
) -> None:
    """Scenario auditor 7."""
    named.submitted(alpha, september)
    cast.sign_in(client, alpha.auditor)

    packed = client.post(reverse("accounts:audit_export")).content

    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        events = [json.loads(line) for line in archive.read("audit.jsonl").decode().splitlines()]
        manifest = json.loads(archive.read("manifest.json"))
    shown = [event["verb"] for event in events if not event.get("withheld")]
    assert "trust.prepared" in shown
    assert "firm.created" not in shown
    assert {"person.role_changed", "person.joined"}.isdisjoint(shown) or shown.count("person.joined") == 1
    verdict = verifier.against(verifier.check(events), count=manifest["count"], head=manifest["head"])
    assert verdict.ok
    assert verdict.withheld == len(events) - len(shown) > 0
    for at, event in enumerate(events[:-1]):
        broken = [dict(one) for one in events]
        broken[at]["hash"] = "0" + event["hash"][1:] if event["hash"][0] != "0" else "1" + event["hash"][1:]
        found = verifier.check(broken)
        assert found.first_broken == (at + 2 if event.get("withheld") else at + 1)
    whole = queries.members(firm_id=alpha.firm.pk)
    assert len(whole) == 4
