"""A mailbox over IMAP: read in its order, never changed, never inside a transaction."""

from __future__ import annotations

import pytest

from syncapp.http import wiring
from syncapp.http.errors import ForbiddenCallError, Refused, Transient
from syncapp.http.mailbox import opened
from tests.http.imap import mailbox

LETTER = b"From: bank@example.com\r\nSubject: September\r\n\r\nThe statement.\r\n"


def test_letters_are_read_in_their_order_after_a_number() -> None:
    with mailbox() as (post, url):
        uids = [post.put(LETTER + bytes(str(number), "ascii")) for number in range(4)]
        with opened(url) as box:
            assert box.validity == 7
            found = box.after(uids[0], most=2)
            assert [one.uid for one in found] == uids[1:3]
            assert found[0].size == len(LETTER) + 1
            assert found[0].head.startswith(b"From: bank@example.com")
            assert b"The statement" not in found[0].head
            assert box.whole(uids[3]) == LETTER + b"3"
            assert box.after(uids[3], most=9) == [], "the last letter answers `n:*` although it is lower"
            assert box.whole(999) == b""

    assert set(post.calls) <= {"CAPABILITY", "LOGIN", "EXAMINE", "SEARCH", "FETCH", "LOGOUT"}, "only read"


def test_an_empty_mailbox_has_nothing() -> None:
    with mailbox() as (_, url), opened(url) as box:
        assert box.after(0, most=5) == []


def test_a_wrong_password_or_folder_is_a_clear_no() -> None:
    with mailbox() as (_, url):
        with (
            pytest.raises(Refused, match="does not know this user or password"),
            opened(url.replace("secret", "x")),
        ):
            pass
        with pytest.raises(Refused, match="no folder “Bank”"), opened(url.replace("INBOX", "Bank")):
            pass


def test_what_is_away_or_ends_in_the_middle_may_go_well_later() -> None:
    with mailbox() as (post, url):
        post.put(LETTER)
        post.cut_at = "FETCH"
        with pytest.raises(Transient, match="cannot be reached"), opened(url) as box:
            box.after(0, most=5)
    with pytest.raises(Transient, match="cannot be reached"), opened(url):
        pass


def test_no_mailbox_is_opened_where_the_network_is_forbidden() -> None:
    wiring.forbid_when(lambda: True, "a transaction is open")
    try:
        with (
            pytest.raises(ForbiddenCallError, match="a transaction is open"),
            opened("imaps://a:b@localhost"),
        ):
            pass
    finally:
        wiring.allow_again("a transaction is open")
