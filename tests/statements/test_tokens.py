"""An upload token: shown once, kept hashed, good for one trust account, taken back; and what it brings in."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEvent
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.emulators.bank import Line, write
from tests import cast
from tests.cast import House
from tests.statements.importing import bring, kept
from tests.statements.sheets import LINES, sheet
from tests.trust import world
from trust.actions import arriving
from trust.models import StatementArrival, StatementUpload, TrustPair, UploadToken

ADDRESS = "/upload/statement/"


@pytest.fixture
def browser(client: Client, house: House) -> Client:
    return cast.sign_in(client, house.bookkeeper)


@pytest.fixture
def secret(house: House, account: TrustPair) -> str:
    return make(house, account)


def make(house: House, account: TrustPair) -> str:
    with firm_scope(write=house.firm.pk):
        return arriving.make_token(pair=account, name="Download", by=house.bookkeeper, now=timezone.now())[1]


def send(secret: str, content: bytes, name: str = "september.bai", **told: str):
    """Send a file as curl does: no session, no cookie, no CSRF token."""
    outside = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {secret}"}
    return outside.post(ADDRESS, {"file": SimpleUploadedFile(name, content), **told}, headers=headers)


def arrived(account: TrustPair) -> list[StatementArrival]:
    with firm_scope(write=None, reads=[account.firm_id]):
        return list(StatementArrival.objects.order_by("pk"))


def at(name: str, **of: int) -> str:
    return reverse(f"trust:{name}", kwargs=of)


def test_a_token_is_shown_once_and_kept_as_a_fingerprint(browser, house, account) -> None:
    page = browser.post(at("make_token", pair_id=account.pk), {"name": "Bank download"})

    found = re.search(r"<code>(tieout_\d+_[\w-]{43})</code>", page.text)
    assert found, page.text
    assert page["Cache-Control"] == "no-store"
    assert "curl -H" in page.text
    assert found[1] not in browser.get(at("arrivals", pair_id=account.pk)).text
    with firm_scope(write=None, reads=[house.firm.pk]):
        row = UploadToken.objects.get()
        values = " ".join(str(getattr(row, field.attname)) for field in row._meta.fields)
        log = " ".join(str(vars(event)) for event in AuditEvent.objects.all())
    assert row.token_hash == arriving.hashed(found[1])
    assert found[1] not in values
    assert found[1] not in log
    assert send(found[1], write("bai2", sheet())).status_code == 201


def test_a_token_is_for_something(browser, account) -> None:
    page = browser.post(at("make_token", pair_id=account.pk), {"name": " "})

    assert page.status_code == 422
    assert "This field is required." in page.text


def test_the_answer_is_the_proof_of_import(secret, account) -> None:
    answer = send(secret, write("bai2", sheet()))

    assert answer.status_code == 201
    said = answer.json()
    assert said["proof"] == {"ok": True, "difference": "0.00"}
    assert (said["opening"], said["closing"]) == ("10000.00", "10748.67")
    assert len(said["lines"]) == len(LINES)
    assert said["imported"]["new"] == len(LINES)
    assert said["imported"]["account"] == "IOLTA"
    assert [line.amount for line in kept(account)] == [line.amount for line in LINES]
    assert [one.state for one in arrived(account)] == ["taken"]
    with firm_scope(write=None, reads=[account.firm_id]):
        event = AuditEvent.objects.get(verb="trust.statement_taken")
    assert event.actor_text == "Upload token “Download”"


def test_the_same_file_again_adds_nothing_and_says_so(secret, account) -> None:
    send(secret, write("bai2", sheet()))
    again = send(secret, write("bai2", sheet()))

    assert again.status_code == 200
    assert again.json()["imported"]["new"] == 0
    assert "was brought in before" in again.json()["warnings"][0]
    assert len(kept(account)) == len(LINES)
    assert [one.state for one in arrived(account)] == ["taken", "known"]


def test_a_file_that_nothing_proves_waits_for_a_person(secret, browser, account) -> None:
    refused = send(secret, write("qbo", sheet()), "september.qbo")

    assert refused.status_code == 422
    assert "names no opening balance" in refused.json()["error"]
    assert kept(account) == []
    page = browser.get(at("arrivals", pair_id=account.pk))
    assert "1 file arrived and was not taken." in page.text
    assert "A file arrived and was not taken." in browser.get(at("statements", pair_id=account.pk)).text

    page = browser.post(at("look_at_arrival", arrival_id=arrived(account)[0].pk), follow=True)
    assert page.redirect_chain[-1][0] == at("new_statement", pair_id=account.pk)
    browser.post(at("new_statement", pair_id=account.pk), {"opening": "10,000.00"})
    assert len(kept(account)) == len(LINES)
    assert arrived(account)[0].content is None, "what was looked at is not kept twice"

    october = sheet(
        Line(day=date(2026, 10, 5), amount=700, id="B1", text="Deposit"),
        opening=1_074_867, first_day=date(2026, 10, 1), last_day=date(2026, 10, 31),
    )  # fmt: skip
    assert send(secret, write("qbo", october)).status_code == 201, "the statement before it proves it"


def test_what_a_file_leaves_out_may_stand_beside_it(secret, account) -> None:
    assert send(secret, write("qbo", sheet()), opening="9,999.00").status_code == 422
    assert send(secret, write("qbo", sheet()), opening="ten").json()["error"].startswith("opening: Write an")
    assert send(secret, write("qbo", sheet()), opening="10,000.00").status_code == 201


def test_a_hostile_file_gets_the_sentence_of_its_kind(secret, account) -> None:
    answer = send(secret, b"\x89PNG\r\n\x1a\n" + b"\x00" * 9, "scan.png")

    assert answer.status_code == 422
    assert "This is a picture." in answer.json()["error"]
    assert kept(account) == []


def test_a_refused_file_can_be_done_with(secret, browser, account) -> None:
    send(secret, b"\x89PNG\r\n\x1a\n" + b"\x00" * 9, "scan.png")
    browser.post(at("dismiss_arrival", arrival_id=arrived(account)[0].pk))

    page = browser.get(at("arrivals", pair_id=account.pk)).text
    assert "were not taken" not in page
    assert "Seen by" in page
    with firm_scope(write=None, reads=[account.firm_id]):
        assert StatementUpload.objects.count() == 0


@pytest.mark.parametrize(
    "said",
    ["", "Bearer", "Bearer tieout", "Bearer tieout_1_wrong", "Bearer tieout_99999999_x", "Basic abc",
     "Bearer tieout_-1_x", "Bearer tieout_" + "9" * 60 + "_x", "Bearer " + "x" * 5000],
)  # fmt: skip
def test_a_made_up_token_lets_nobody_in(account, said) -> None:
    answer = Client().post(ADDRESS, {"file": SimpleUploadedFile("a", b"x")}, headers={"Authorization": said})

    assert answer.status_code == 401
    assert arrived(account) == []


def test_a_token_that_was_taken_back_lets_nobody_in(secret, browser, account) -> None:
    with firm_scope(write=None, reads=[account.firm_id]):
        token = UploadToken.objects.get()
    browser.post(at("revoke_token", token_id=token.pk))

    assert send(secret, write("bai2", sheet())).status_code == 401
    assert "Taken back by" in browser.get(at("arrivals", pair_id=account.pk)).text


@pytest.mark.parametrize("how", ["removed", "made partner", "over"])
def test_a_token_ends_with_who_made_it(secret, house, account, client, how) -> None:
    member, now = house.member(Role.BOOKKEEPER), timezone.now()
    change = partial(actions.change_role, member=member, by=house.administrator, now=now)
    if how == "removed":
        actions.remove(member=member, by=house.administrator, now=now)
    elif how == "made partner":
        change(role="partner", ends_on=None)
    else:
        change(role="bookkeeper", ends_on=now.date() - timedelta(days=2))

    refused = send(secret, write("bai2", sheet()))

    assert refused.status_code == 401
    assert "who made it brings no statements in" in refused.json()["error"]
    assert kept(account) == []
    cast.sign_in(client, house.administrator)
    page = client.get(at("arrivals", pair_id=account.pk))
    assert "The upload token “Download” ended" in page.text
    waits = client.get(reverse("trust:awaiting")).text
    assert "Make a new upload token of IOLTA: “Download” ended with who made it" in waits
    with firm_scope(write=None, reads=[house.firm.pk]):
        token = UploadToken.objects.get()
    client.post(at("revoke_token", token_id=token.pk))
    assert "ended with who made it" not in client.get(reverse("trust:awaiting")).text
    assert "The upload token “Download” ended" not in client.get(at("arrivals", pair_id=account.pk)).text


def test_who_comes_back_brings_no_old_token_back(secret, house, account) -> None:
    now = timezone.now()
    actions.remove(member=house.member(Role.BOOKKEEPER), by=house.administrator, now=now)
    actions.ensure_member(firm=house.firm, email=house.bookkeeper.email, role="bookkeeper", now=now)

    assert send(secret, write("bai2", sheet())).status_code == 401
    assert send(make(house, account), write("bai2", sheet())).status_code == 201


def test_a_token_is_of_one_account_of_one_firm(house, account, secret) -> None:
    other = world.pair(house, books=account.books, clio_account="IOLTA 2", bank="36", liability="42")
    beta = world.pair(cast.firm("Beta"))
    send(secret, write("bai2", sheet()))

    assert len(kept(account)) == len(LINES)
    with firm_scope(write=None, reads=[house.firm.pk, beta.firm_id]):
        assert set(StatementArrival.objects.values_list("pair_id", flat=True)) == {account.pk}
    moved = secret.replace(f"_{house.firm.pk}_", f"_{beta.firm_id}_")
    assert send(moved, write("bai2", sheet())).status_code == 401
    assert other.pk != account.pk


def test_what_is_too_large_is_refused_before_it_is_read(secret, account) -> None:
    answer = send(secret, b"x" * 10_600_000, "large.csv")

    assert answer.status_code == 413
    assert arrived(account) == []


def test_a_token_brings_so_many_files_an_hour(secret, account, monkeypatch) -> None:
    monkeypatch.setattr(arriving, "FILES_AN_HOUR", 2)
    content = write("bai2", sheet())
    codes = [send(secret, content).status_code for _ in range(3)]
    late = send(secret, content)

    assert codes == [201, 200, 429]
    assert 0 < int(late["Retry-After"]) <= 3600
    with firm_scope(write=account.firm_id):
        UploadToken.objects.update(hour_began=timezone.now() - timedelta(hours=1, seconds=1))
    assert send(secret, content).status_code == 200


def test_a_table_needs_a_person_once(secret, account) -> None:
    answer = send(secret, write("csv-odd", sheet()), "bank.csv")

    assert answer.status_code == 422
    assert arrived(account)[0].content is not None


def test_no_file_and_a_look_are_answered_in_words(secret, account) -> None:
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client().post(ADDRESS, {}, headers=headers)

    assert answer.status_code == 422
    assert "-F file=@september.qbo" in answer.json()["error"]
    assert Client().get(ADDRESS, headers=headers).status_code == 405


def test_the_page_says_that_no_product_reads_quickbooks_own_feed(browser, account) -> None:
    bring(account, write("bai2", sheet()))
    for name in ("statements", "arrivals"):
        page = browser.get(at(name, pair_id=account.pk)).text
        assert "QuickBooks gives no program its bank feed" in page
