"""The binder is sent as a link: for one address, until a day, taken back, each opening in the log."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEvent
from accounts.roles import Role
from accounts.tenancy import firm_scope
from tests import cast
from tests.trust import named
from trust.actions import linking
from trust.models import BinderLink

if TYPE_CHECKING:
    from tests.cast import House
    from trust.models import TrustPair

pytestmark = pytest.mark.django_db
AUDITOR = "examiner@statebar.test"


@pytest.fixture
def house() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def pair(house: House) -> TrustPair:
    return named.empty_account(house, last_digits="7725")


def sent(client: Client, house: House, pair: TrustPair, **more: str) -> str:
    """Let the partner send a link; give its path."""
    cast.sign_in(client, house.partner)
    address = reverse("trust:send_link", args=[pair.pk, named.ADDRESS])
    page = client.post(address, {"email": AUDITOR, "days": "7"} | more, follow=True)
    assert page.status_code == 200, page.text
    letter = mail.outbox[-1]
    assert letter.to == [AUDITOR]
    assert not letter.attachments
    found = re.search(r"https?://\S+(/binder/\S+)", str(letter.body))
    assert found is not None
    return found[1]


def test_a_stranger_with_the_link_fetches_the_binder_and_the_log_says_so(
    client: Client, house: House, pair: TrustPair
) -> None:
    path = sent(client, house, pair)
    stranger = Client()

    shown = stranger.get(path)
    assert "September 2026" in shown.text
    assert shown["Cache-Control"].count("no-store") == 1
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert not AuditEvent.objects.filter(firm=house.firm, verb="trust.binder_fetched").exists()
    answer = stranger.post(path)

    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert "manifest.json" in packed.namelist()
    with firm_scope(write=None, reads=[house.firm.pk]):
        event = AuditEvent.objects.get(firm=house.firm, verb="trust.binder_fetched")
        row = BinderLink.objects.get()
    assert event.after == {"email": AUDITOR, "sha256": answer["X-Manifest-SHA256"]}
    assert path.rstrip("/").rpartition("/")[2] not in row.token_hash


def test_a_link_opens_nothing_once_it_ran_out_or_was_taken_back(
    client: Client, house: House, pair: TrustPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = sent(client, house, pair), sent(client, house, pair)
    with firm_scope(write=None, reads=[house.firm.pk]):
        newest = BinderLink.objects.order_by("-pk")[0].pk
    page = client.post(reverse("trust:end_link", args=[newest]), follow=True)

    assert "taken back by Alpha partner" in page.text
    assert Client().post(other).status_code == 404
    assert Client().get(path).status_code == 200
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    gone = Client().get(path)
    assert gone.status_code == 404
    assert "opens nothing any more" in gone.text


def test_a_link_ends_with_who_sent_it(client: Client, house: House, pair: TrustPair) -> None:
    path = sent(client, house, pair)
    actions.remove(member=house.member(Role.PARTNER), by=house.administrator, now=timezone.now())

    assert Client().get(path).status_code == 404
    assert Client().post(path).status_code == 404
    cast.sign_in(client, house.bookkeeper)
    page = client.get(reverse("trust:binder_links", args=[pair.pk, named.ADDRESS]))
    assert "ended: Alpha partner sends no links for the firm any more" in page.text


def test_a_made_up_or_changed_link_names_no_firm(client: Client, house: House, pair: TrustPair) -> None:
    path = sent(client, house, pair)
    token = path.rstrip("/").rpartition("/")[2]

    assert linking.firm_of(token) == house.firm.pk
    for spoiled in (
        "unknown",
        "",
        token[:-2],
        "A" * 1000,
        token[::-1],
        linking.new_token(house.firm.pk) + "A",
    ):
        assert linking.firm_of(spoiled) is None
    assert client.get(f"/binder/{linking.new_token(house.firm.pk)}/").status_code == 404


def test_a_letter_that_cannot_be_sent_leaves_no_link(
    client: Client, house: House, pair: TrustPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> int:
        raise OSError("no mail server")

    monkeypatch.setattr("accounts.notify.send", refuse)
    cast.sign_in(client, house.partner)
    address = reverse("trust:send_link", args=[pair.pk, named.ADDRESS])

    page = client.post(address, {"email": AUDITOR, "days": "7"}, follow=True)

    assert "could not be sent" in page.text
    assert client.post(address, {"email": "nobody", "days": "90"}).status_code == 422
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert BinderLink.objects.get().ended_at is not None


def test_a_firm_sends_so_many_links_an_hour(
    client: Client, house: House, pair: TrustPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "LINKS_AN_HOUR", 1)
    sent(client, house, pair)
    address = reverse("trust:send_link", args=[pair.pk, named.ADDRESS])

    page = client.post(address, {"email": AUDITOR, "days": "7"})

    assert page.status_code == 422
    assert "links an hour" in page.text
    assert len(mail.outbox) == 1
