"""Statements by mail: whose they are, who may send, each once, and what waits for a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import EmailMessage
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.emulators.bank import write
from syncapp.http.errors import Transient
from syncapp.pipeline import mailbox, tasks
from tests import cast
from tests.cast import House
from tests.http.imap import Post
from tests.http.imap import mailbox as served
from tests.statements.importing import kept
from tests.statements.sheets import LINES, sheet
from trust import mail
from trust.actions import arriving, mailing
from trust.models import MailboxMark, MailSource, StatementArrival, TrustPair

BASE = "statements@firm.test"
BANK = "estatements@bank.example"
SEPTEMBER = write("bai2", sheet())


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    with served() as (post, url):
        settings.MAILBOX_URL, settings.MAILBOX_ADDRESS = url, BASE
        yield post


@pytest.fixture
def to(house: House, account: TrustPair) -> str:
    return address(house, account)


def address(house: House, account: TrustPair, *senders: str) -> str:
    with firm_scope(write=house.firm.pk):
        source = mailing.watch_for(
            pair=account, senders=senders or [BANK], by=house.bookkeeper, now=timezone.now()
        )
    return mail.address(BASE, source.tag)


def letter(to: str, *files: tuple[str, bytes], sender: str = f"Bank <{BANK}>", **heads: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, "Your statement"
    made["Message-ID"] = heads.pop("id", "<september@bank.example>")
    for name, value in heads.items():
        made[name.replace("_", "-")] = value
    made.set_content("Attached.")
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes().replace(b"\n", b"\r\n")


def look() -> mailbox.Look:
    found = mailbox.look(clock=timezone.now)
    assert found is not None
    return found


def arrived(account: TrustPair) -> list[StatementArrival]:
    with firm_scope(write=None, reads=[account.firm_id]):
        return list(StatementArrival.objects.order_by("pk"))


def test_a_statement_by_mail_is_brought_in_once(post, to, account) -> None:
    post.put(letter(to, ("september.bai", SEPTEMBER)))

    assert [one.state for one in look().arrivals] == ["taken"]
    assert [line.amount for line in kept(account)] == [line.amount for line in LINES]
    [came] = arrived(account)
    assert (came.sender, came.message_id, came.name) == (BANK, "<september@bank.example>", "september.bai")
    with firm_scope(write=None, reads=[account.firm_id]):
        assert AuditEvent.objects.get(verb="trust.statement_taken").actor_text == f"Mail from {BANK}"

    assert look().letters == 0
    post.put(letter(to, ("september.bai", SEPTEMBER)))
    assert look().arrivals == [], "the same letter a second time, by its id"
    post.put(letter(to, ("september.bai", SEPTEMBER), id="<again@bank.example>"))
    assert [one.state for one in look().arrivals] == ["known"]
    assert len(kept(account)) == len(LINES)


def test_a_mailbox_that_was_made_anew_brings_nothing_twice(post, to, account) -> None:
    post.put(letter(to, ("september.bai", SEPTEMBER)))
    look()
    post.validity = 8

    again = look()
    assert (again.letters, again.arrivals) == (1, [])


def test_each_file_of_a_letter_stands_for_itself_and_no_picture_of_the_text(post, to, account) -> None:
    raw = EmailMessage()
    raw["From"], raw["Delivered-To"], raw["Message-ID"] = BANK, to, "<two@bank.example>"
    raw.set_content("See both.")
    raw.add_attachment(
        b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="logo.png", disposition="inline"
    )
    raw.add_attachment(SEPTEMBER, maintype="text", subtype="octet", filename="september.bai")
    raw.add_attachment(write("csv-odd", sheet()), maintype="text", subtype="csv", filename="odd.csv")
    post.put(raw.as_bytes().replace(b"\n", b"\r\n"))

    assert [(one.name, one.state) for one in look().arrivals] == [
        ("september.bai", "taken"),
        ("odd.csv", "refused"),
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"sender": "thief@elsewhere.example"}, "thief@elsewhere.example is not among the senders"),
        ({"sender": "Bank <estatements@bank.example>, x@y.example"}, "does not say who sent it"),
        (
            {"Authentication_Results": "mx.firm.test; spf=pass; dmarc=fail header.from=bank.example"},
            "was not sent by",
        ),
    ],
)
def test_who_may_not_send_is_turned_away_unopened(post, to, account, more, words) -> None:
    post.put(letter(to, ("september.bai", SEPTEMBER), **more))
    [came] = look().arrivals

    assert came.state == "refused"
    assert words in came.words
    assert came.content is None
    assert post.calls.count("FETCH") == 1, "only its head was read"
    assert kept(account) == []
    post.put(letter(to, ("september.bai", SEPTEMBER), id="<more@x>", **more))
    assert look().arrivals == [], "one line for a stranger until a person has looked"


def test_a_whole_bank_may_be_named(post, house, account) -> None:
    post.put(letter(address(house, account, "@bank.example"), ("september.bai", SEPTEMBER)))

    assert [one.state for one in look().arrivals] == ["taken"]


def test_a_letter_for_nobody_or_for_an_old_address_is_not_opened(post, to, house, account) -> None:
    with firm_scope(write=house.firm.pk):
        old = MailSource.objects.get().tag
        mailing.watch_for(pair=account, senders=[BANK], by=house.bookkeeper, now=timezone.now(), anew=True)
    for who in (
        BASE,
        mail.address(BASE, old),
        mail.address(BASE, "999999-abcdefghij"),
        "statements+1-x@firm.test",
    ):
        post.put(letter(who, ("september.bai", SEPTEMBER), id=f"<{who}>"))

    found = look()
    assert (found.letters, found.arrivals) == (4, [])
    assert arrived(account) == []


def test_a_letter_without_a_file_and_one_that_is_too_large_wait_for_a_person(
    post, to, account, monkeypatch
) -> None:
    post.put(letter(to, id="<none@x>"))
    monkeypatch.setattr(mailbox, "LARGEST_LETTER", 3_000)
    post.put(letter(to, ("september.bai", SEPTEMBER + b" " * 9_000), id="<large@x>"))

    assert ["had no file" in one.words or "MB" in one.words for one in look().arrivals] == [True, True]


def test_a_file_that_does_not_prove_itself_waits_and_awaits_the_bookkeeper(
    post, to, house, account, client
) -> None:
    post.put(letter(to, ("september.qbo", write("qbo", sheet()))))
    [came] = look().arrivals

    assert "names no opening balance" in came.words
    cast.sign_in(client, house.bookkeeper)
    mine = client.get(reverse("trust:awaiting")).context["mine"]
    assert "Look at statements of IOLTA that arrived and were not taken" in [one.words for one, _ in mine]
    page = client.post(reverse("trust:look_at_arrival", kwargs={"arrival_id": came.pk}), follow=True)
    assert "september.qbo" in page.text


def test_a_look_that_is_cut_short_goes_on_where_it_stopped(post, to, account) -> None:
    post.put(letter(to, ("september.bai", SEPTEMBER)))
    post.cut_at = "FETCH"
    with pytest.raises(Transient):
        mailbox.look(clock=timezone.now)
    mark = MailboxMark.objects.get()
    assert mark.lease_until is None
    assert "cannot be reached" in mark.words
    tasks.look_at_mail()

    post.cut_at = ""
    assert [one.state for one in look().arrivals] == ["taken"]
    assert MailboxMark.objects.get().words == ""


def test_what_breaks_a_reader_does_not_keep_those_behind_it_waiting(post, to, account, monkeypatch) -> None:
    real = arriving.deliver

    def deliver(**given: Any) -> arriving.Delivered:
        if given["name"] == "odd":
            raise KeyError("a reader's own mistake")
        return real(**given)

    monkeypatch.setattr(arriving, "deliver", deliver)
    post.put(letter(to, ("odd", b"x"), id="<odd@x>"))
    post.put(letter(to, ("september.bai", SEPTEMBER)))

    assert [one.state for one in look().arrivals] == ["refused", "taken"]


def test_a_letter_in_a_thousand_layers_or_with_many_files_keeps_nobody_waiting(post, to, account) -> None:
    head = f"From: {BANK}\r\nTo: {to}\r\nMessage-ID: <deep@x>\r\n"
    deep = "".join(
        f'Content-Type: multipart/mixed; boundary="b{depth}"\r\n\r\n--b{depth}\r\n' for depth in range(3_000)
    )
    post.put((head + deep).encode())
    post.put(letter(to, *[(f"{number}.bai", b"x") for number in range(21)], id="<many@x>"))
    post.put(letter(to, ("september.bai", SEPTEMBER)))

    deep_one, many, last = look().arrivals
    assert (deep_one.state, many.state, last.state) == ("refused", "refused", "taken")
    assert "21 files" in many.words


def test_a_letter_with_a_mark_that_no_database_keeps_stops_nobody(post, to, account) -> None:
    raw = letter(to, ("september.bai", SEPTEMBER), id="<odd@x>")
    post.put(raw.replace(b'filename="', b'filename="\x00').replace(b"<odd@x>", b"<o\x00dd@x>"))
    post.put(raw.replace(BANK.encode(), b"b\x00ad" + BANK.encode(), 1).replace(b"<odd@x>", b"<two@x>"))

    assert [one.state for one in look().arrivals] == ["taken", "refused"]


def test_two_looks_at_once_are_one(post, account) -> None:
    MailboxMark.objects.create(pk=1, lease_until=timezone.now() + mailbox.LEASE)

    assert mailbox.look(clock=timezone.now) is None


def test_the_command_says_what_became_of_each_file(post, to, account, settings) -> None:
    post.put(letter(to, ("september.bai", SEPTEMBER)))
    out = StringIO()
    call_command("mailbox", "--json", stdout=out)

    said = json.loads(out.getvalue())
    assert said["letters"] == 1
    assert [(one["account"], one["file"], one["state"]) for one in said["arrivals"]] == [
        ("IOLTA", "september.bai", "taken"),
    ]
    settings.MAILBOX_URL = ""
    with pytest.raises(CommandError, match="set MAILBOX_URL"):
        call_command("mailbox")


def test_a_person_says_who_may_send_and_gets_an_address(post, house, account, client: Client) -> None:
    cast.sign_in(client, house.bookkeeper)
    page_address = reverse("trust:arrivals", kwargs={"pair_id": account.pk})
    set_address = reverse("trust:set_mail", kwargs={"pair_id": account.pk})

    refused = client.post(set_address, {"senders": "bank"})
    assert refused.status_code == 422
    assert "“bank” is no address." in refused.text
    page = client.post(set_address, {"senders": f"{BANK.upper()}\n@branch.example"}, follow=True)
    with firm_scope(write=None, reads=[house.firm.pk]):
        source = MailSource.objects.get()
    assert source.senders == ["@branch.example", BANK]
    assert mail.address(BASE, source.tag) in page.text

    client.post(set_address, {"senders": BANK, "anew": "1"})
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert MailSource.objects.get().tag != source.tag
    page = client.post(reverse("trust:stop_mail", kwargs={"pair_id": account.pk}), follow=True)
    assert "Make an address" in page.text
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert not MailSource.objects.exists()
    assert page.redirect_chain[-1][0] == page_address


def test_without_a_mailbox_the_page_says_so(house, account, client: Client) -> None:
    cast.sign_in(client, house.bookkeeper)
    page = client.get(reverse("trust:arrivals", kwargs={"pair_id": account.pk}))

    assert "This installation watches no mailbox." in page.text
    assert mailbox.look(clock=timezone.now) is None
