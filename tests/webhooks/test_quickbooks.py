"""QuickBooks' calls, in both forms: verified for the whole application, told apart by company."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Grant
from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor, hooks
from syncapp.pipeline import connect
from syncapp.pipeline.tasks import wake_firm
from syncapp.pipeline.views import LONGEST_BODY
from syncapp.records.models import BookCursor, BookRow
from tests.webhooks.post import TOKEN, Post

ADDRESS = "/webhooks/qbo/"


def call(mail: Post, body: Any, *, token: str = TOKEN, kind: str = "application/json") -> int:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = base64.b64encode(hmac.new(token.encode(), raw, hashlib.sha256).digest()).decode()
    answer = mail.door.post(ADDRESS, data=raw, content_type=kind, headers={"intuit-signature": signature})
    return answer.status_code


def event(realm: str, *, name: str = "invoice", key: str = "130", mark: str = "one") -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": mark,
        "type": f"qbo.{name}.updated.v1",
        "time": "2026-09-10T21:31:25.179851517Z",
        "intuitentityid": key,
        "intuitaccountid": realm,
    }


def looks(mail: Post) -> tuple[int, str]:
    """Metered reads so far, and when the books were last asked."""
    with firm_scope(write=None, reads=[mail.firm_id]):
        cursor = BookCursor.objects.get(firm_id=mail.firm_id)
    return cursor.metered, cursor.facts["asked_at"]


@pytest.fixture
def billed(mail: Post) -> Post:
    """A firm with an invoice in its books, whose echo came and went."""
    mail.scene.bill(mail.scene.fresh_matter())
    mail.scene.sync()
    mail.books()
    mail.rest()
    return mail


def edit(mail: Post) -> str:
    """A person changes an object that is not ours."""
    made = backdoor.add(mail.scene.on.company, "Customer", {"DisplayName": "A walk-in"})
    return str(made["Id"])


@pytest.mark.parametrize("form", ["cloudevents", "legacy"])
def test_a_change_in_quickbooks_is_looked_at_at_once(billed: Post, form: str) -> None:
    billed.scene.on.company.switches.webhook_form = form
    key = edit(billed)

    assert billed.books() == 1

    assert [(n.entity, n.source_id, n.event) for n in billed.notices(provider="qbo", looked_at=None)] == [
        ("Customer", key, "create")
    ]
    assert billed.due()
    wake_firm()
    with firm_scope(write=None, reads=[billed.firm_id]):
        assert BookRow.objects.filter(firm_id=billed.firm_id, name="A walk-in").exists()
    assert billed.notices(provider="qbo", looked_at=None) == []


@pytest.mark.parametrize("form", ["cloudevents", "legacy"])
def test_what_we_wrote_ourselves_is_heard_and_costs_nothing(mail: Post, form: str) -> None:
    mail.scene.on.company.switches.webhook_form = form
    mail.scene.bill(mail.scene.fresh_matter())
    mail.scene.sync()
    mail.rest()
    before = looks(mail)

    assert mail.books() == 3

    assert {n.entity for n in mail.notices(provider="qbo")} == {"Customer", "Invoice"}
    assert not mail.due()
    mail.scene.on.sync(whole=False)
    assert looks(mail) == before


@pytest.mark.parametrize("body", [b"[]", b"{}", b"not json", b'[1, "x", {"type": 7}]', b"\xff"])
def test_what_is_signed_and_cannot_be_read_is_answered(mail: Post, body: bytes) -> None:
    assert call(mail, body) == 200

    assert mail.notices() == []


def test_what_is_not_signed_leaves_nothing(mail: Post, settings: Any) -> None:
    body = [event(mail.scene.on.company.realm)]

    assert call(mail, body, token="another application's") == 401
    assert mail.door.post(ADDRESS, data=json.dumps(body), content_type="application/json").status_code == 401
    assert call(mail, b"x" * (LONGEST_BODY + 1)) == 413
    assert mail.door.get(ADDRESS).status_code == 405
    settings.QBO_WEBHOOK_VERIFIER_TOKEN = ""
    assert call(mail, body) == 401
    assert call(mail, body, token="") == 401

    assert mail.notices() == []
    assert not mail.due()


def test_several_companies_in_one_body_each_reach_their_firm(mail: Post) -> None:
    realm = mail.scene.on.company.realm
    body = [event("999"), event(realm, mark="two"), event("31", mark="three"), event(realm, mark="four")]

    assert call(mail, body, kind="application/cloudevents+json") == 200

    assert [n.source_id for n in mail.notices()] == ["130", "130"]


def test_a_company_that_was_disconnected_is_answered_and_dropped(mail: Post) -> None:
    with firm_scope(write=None, reads=[mail.firm_id]):
        grant = Grant.objects.get(firm_id=mail.firm_id, provider="qbo")
    connect.disconnect(firm_id=mail.firm_id, grant_id=grant.pk, by=mail.scene.on.person, now=timezone.now())

    assert call(mail, [event(mail.scene.on.company.realm)]) == 200

    assert mail.notices() == []


def test_a_notice_is_kept_once_however_often_it_comes(billed: Post) -> None:
    edit(billed)
    backdoor_twice(billed)
    billed.scene.on.company.switches.webhook_form = "cloudevents"

    billed.books()
    (notice,) = billed.notices(provider="qbo", looked_at=None)

    assert notice.repeats == 1
    assert call(billed, [event("999")]) == 200
    wake_firm()
    billed.rest()
    assert call(billed, [event(billed.scene.on.company.realm, key=notice.source_id, name="customer")]) == 200
    assert call(billed, [event(billed.scene.on.company.realm, key=notice.source_id, name="customer")]) == 200
    assert len(billed.notices(provider="qbo", source_id=notice.source_id)) == 2


def backdoor_twice(mail: Post) -> None:
    """QuickBooks sends everything that waits twice."""
    hooks.double(mail.scene.on.company)


def test_what_does_not_concern_the_books_we_keep_is_not_kept(mail: Post) -> None:
    realm = mail.scene.on.company.realm

    assert call(mail, [event(realm, name="employee"), event(realm, name="timeactivity")]) == 200

    assert mail.notices() == []
    assert not mail.due()
