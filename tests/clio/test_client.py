"""The client against the emulated Clio, which is checked against Clio's own API document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from syncapp.clio import oauth, shapes
from syncapp.clio.client import Clio
from syncapp.emulators.clio import world as worlds
from syncapp.emulators.clio.app import create_app
from syncapp.emulators.clio.oauth import first_user
from syncapp.http import session
from syncapp.http.errors import Refused, Revoked, Transient

HOST = "https://app.clio.test"
SCALE = 2000.0


@dataclass
class Link:
    app: Any
    clio: Clio
    asked: list[bool]

    @property
    def world(self) -> Any:
        return self.app.state.world


@pytest.fixture
def link() -> Iterator[Link]:
    session.configure(time_scale=SCALE)
    app = create_app(worlds.small(), time_scale=SCALE)
    session.mount_wsgi(HOST, app)
    asked: list[bool] = []
    held: list[str] = []

    def token(force: bool) -> str:
        asked.append(force)
        if force or not held:
            held[:] = [
                app.state.grants.issue(app.state.world, first_user(app.state.world), now=app.state.now())[0]
            ]
        return held[0]

    yield Link(app, Clio(HOST, token, time_scale=SCALE), asked)
    session.unmount_all()
    session.configure(time_scale=1)


def every(clio: Clio, shape: shapes.Shape) -> list[dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for query in shape.queries:
        for page in clio.pages(shape.resource, fields=shape.fields, updated_since=None, **query):
            rows |= {row["id"]: row for row in page}
    return list(rows.values())


@pytest.mark.parametrize("shape", shapes.ALL, ids=lambda shape: shape.resource)
def test_every_resource_is_read_with_every_field(link: Link, shape: shapes.Shape) -> None:
    rows = every(link.clio, shape)

    asked = {name for name, _ in shapes.names(shape.fields)}
    assert rows
    assert all(set(row) == asked for row in rows)


def test_the_firm_says_who_it_is(link: Link) -> None:
    assert link.clio.account_name == link.world.account_name
    assert link.clio.account_id == link.world.account_id


def test_pages_are_followed_to_the_end(link: Link) -> None:
    seen = [len(page) for page in link.clio.pages("line_items", fields="id", limit=2)]

    total = sum(len(page) for page in link.clio.pages("line_items", fields="id"))
    assert sum(seen) == total
    assert len(seen) > 2


def test_removed_bills_are_seen_through_their_states(link: Link) -> None:
    world = link.world
    removed = {b.id for b in world.tables["Bill"].values() if b.state in {"void", "deleted"}}

    assert removed <= {row["id"] for row in every(link.clio, shapes.BILLS)}


def test_only_what_changed_since_is_asked_for(link: Link) -> None:
    later = datetime(2100, 1, 1, tzinfo=UTC)

    assert list(link.clio.pages("bills", fields="id", updated_since=later)) == [[]]


def test_a_sweep_gives_every_id_with_its_etag(link: Link) -> None:
    swept = [pair for page in link.clio.ids("bank_transactions") for pair in page]

    assert {key for key, _ in swept} == set(link.world.tables["BankTransaction"])
    assert all(etag.startswith('"') for _, etag in swept)


def test_one_record_is_found_unchanged_or_gone(link: Link) -> None:
    [(contact, etag), *_] = next(link.clio.ids("contacts"))

    assert link.clio.one("contacts", contact, fields="id,name")
    assert link.clio.one_if_changed("contacts", contact, fields="id", etag=etag) == "same"
    assert link.clio.one("contacts", 999, fields="id") is None


def test_an_expired_token_is_refreshed_and_a_dead_connection_is_revoked(link: Link) -> None:
    list(link.clio.pages("users", fields="id"))
    link.app.state.grants.tokens.clear()

    assert list(link.clio.pages("users", fields="id"))
    assert link.asked[-1] is True

    dead = Clio(HOST, lambda force: "nonsense", time_scale=SCALE)
    with pytest.raises(Revoked):
        list(dead.pages("users", fields="id"))


def test_the_rate_limit_is_kept_so_that_clio_need_not_say_so() -> None:
    app = create_app(worlds.small(), time_scale=200)
    session.configure(time_scale=200)
    session.mount_wsgi(HOST, app)
    access = app.state.grants.issue(app.state.world, None, now=app.state.now())[0]
    clio = Clio(HOST, lambda force: access, time_scale=200)
    statuses: list[int] = []
    stop = session.on_call(lambda call: statuses.append(call.status))

    for _ in range(130):
        list(clio.pages("users", fields="id"))
    stop()
    session.unmount_all()
    session.configure(time_scale=1)

    assert statuses == [200] * 130


def test_a_role_that_is_missing_is_said_in_words(link: Link) -> None:
    link.world.switches.forbidden = "bank_transactions"

    with pytest.raises(Refused, match="bank transactions") as caught:
        list(link.clio.pages("bank_transactions", fields="id"))

    assert caught.value.status == 403


def test_an_unknown_field_is_refused(link: Link) -> None:
    with pytest.raises(Refused) as caught:
        list(link.clio.pages("matters", fields="id,outstanding_balance"))

    assert caught.value.code == "InvalidFields"


@pytest.mark.parametrize("kind", ["throttle", "server_error", "drop_before", "malformed"])
def test_a_list_survives_a_fault(link: Link, kind: str) -> None:
    link.app.state.faults.add("GET users", 1, kind)

    try:
        found = list(link.clio.pages("users", fields="id"))
    except Transient:
        assert kind == "malformed"
        found = list(link.clio.pages("users", fields="id"))

    assert found[0]


def test_a_retired_version_falls_back_to_the_default(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    link.clio._version = "4.0.99"

    assert list(link.clio.pages("users", fields="id"))
    assert link.clio._version is None


def test_a_contact_is_changed_unless_somebody_did_so_before(link: Link) -> None:
    [(contact, etag), *_] = next(link.clio.ids("contacts"))
    wanted = {"email_addresses": [{"name": "Work", "address": "new@client.example", "default_email": True}]}

    changed = link.clio.patch_contact(contact, wanted, etag=etag)

    assert changed["id"] == contact
    with pytest.raises(Refused) as caught:
        link.clio.patch_contact(contact, wanted, etag='"stale"')
    assert caught.value.code == "stale"


def test_connecting_goes_through_consent(link: Link) -> None:
    to = oauth.authority(region="us", client_id="clio-client", client_secret="clio-secret", base_url=HOST)
    back = "https://us.test/back"
    url = oauth.authorize_url(to, redirect_uri=back, state="s1")
    page = session.Session(HOST).request("GET", url)
    form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text)) | {"decision": "approve"}

    answer = session.Session(HOST).request("POST", "/oauth/authorize", data=form)
    sent_back = parse_qs(urlsplit(answer.headers["location"]).query)
    tokens = oauth.exchange(to, code=sent_back["code"][0], redirect_uri=back)
    again = oauth.refresh(to, refresh_token=tokens.refresh)

    assert sent_back["state"] == ["s1"]
    assert again.refresh == tokens.refresh
    assert Clio(HOST, lambda force: again.access, time_scale=SCALE).account_name
    oauth.revoke(to, access=again.access)
    with pytest.raises(Revoked):
        Clio(HOST, lambda force: again.access, time_scale=SCALE).who_am_i()


def test_regions_share_nothing() -> None:
    assert oauth.host("eu") == "https://eu.app.clio.com"
    assert oauth.host("us", base_url="http://127.0.0.1:8001/") == "http://127.0.0.1:8001"
    with pytest.raises(ValueError, match="region"):
        oauth.host("mars")
