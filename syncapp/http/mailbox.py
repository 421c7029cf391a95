"""A mailbox, read and never changed: the port, and the adapter of IMAP (RFC 3501) over the standard library.

Messages are told apart by their UID, which only grows while UIDVALIDITY stays (section 2.3.1.1), so what was
read is remembered by its number and no flag is needed: who else reads the mailbox changes nothing.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, urlsplit

from syncapp.http import wiring
from syncapp.http.errors import Refused, Transient

SECONDS = 30.0
PORTS = {"imaps": 993, "imap": 143}
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One message that was not read yet: its number, how many bytes it has, and its head."""

    uid: int
    size: int
    head: bytes


class Mailbox(Protocol):
    """What Tieout asks of a mailbox. Raises Transient, and Refused for a wrong name or password."""

    @property
    def validity(self) -> int:
        """Return the number under which UIDs hold: another one means that they begin anew."""
        ...

    def after(self, uid: int, *, most: int) -> list[Waiting]:
        """Return the first messages after a UID, in their order, without their bodies."""
        ...

    def whole(self, uid: int) -> bytes:
        """Return a message as it came."""
        ...


@contextmanager
def opened(url: str) -> Iterator[Mailbox]:
    """Open `imaps://user:password@host:993/FOLDER` to be read, never changed. Never inside a transaction.

    Without TLS (`imap:`) only on this machine, which the environment is checked for.
    """
    wiring.check_allowed()
    parts = urlsplit(url)
    port = parts.port or PORTS[parts.scheme]
    client: imaplib.IMAP4 | None = None
    try:
        if parts.scheme == "imaps":
            secure = ssl.create_default_context()
            client = imaplib.IMAP4_SSL(parts.hostname or "", port, ssl_context=secure, timeout=SECONDS)
        else:
            client = imaplib.IMAP4(parts.hostname or "", port, timeout=SECONDS)
        yield _Imap.of(client, parts.username or "", parts.password or "", parts.path)
    except (OSError, imaplib.IMAP4.abort) as error:
        raise Transient(f"The mailbox cannot be reached: {error}.", sent=False) from error
    except imaplib.IMAP4.error as error:
        raise Refused(f"The mailbox refused what was asked: {error}.") from error
    finally:
        if client is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                client.logout()


@dataclass(frozen=True, slots=True)
class _Imap:
    """A folder that is open for reading."""

    client: imaplib.IMAP4
    validity: int

    @classmethod
    def of(cls, client: imaplib.IMAP4, user: str, word: str, path: str) -> _Imap:
        """Sign in and open the folder. Raises Refused for a wrong name, password or folder."""
        try:
            client.login(unquote(user), unquote(word))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise Refused("The mailbox does not know this user or password.") from error
        folder = unquote(path.strip("/")) or "INBOX"
        answer, _ = client.select(f'"{folder}"', readonly=True)
        if answer != "OK":
            raise Refused(f"The mailbox has no folder “{folder}”.")
        _, told = client.response("UIDVALIDITY")
        return cls(client, int(told[0]) if told and told[0] else 0)

    def after(self, uid: int, *, most: int) -> list[Waiting]:
        """Return the first messages after a UID. `n:*` names the last one too where none is as high."""
        found = self._ask("SEARCH", None, f"UID {uid + 1}:*")
        numbers = sorted(int(one) for part in found if isinstance(part, bytes) for one in part.split())
        return [self._head(one) for one in numbers if one > uid][:most]

    def _head(self, uid: int) -> Waiting:
        answer = self._ask("FETCH", str(uid), "(RFC822.SIZE BODY.PEEK[HEADER])")
        told = b" ".join(part[0] if isinstance(part, tuple) else part for part in answer if part)
        size = SIZE.search(told)
        return Waiting(uid=uid, size=int(size[1]) if size else 0, head=_literal(answer))

    def whole(self, uid: int) -> bytes:
        """Return a message as it came; empty when somebody took it away meanwhile."""
        return _literal(self._ask("FETCH", str(uid), "(BODY.PEEK[])"))

    def _ask(self, command: str, *given: str | None) -> list[bytes | tuple[bytes, bytes] | None]:
        answer, found = self.client.uid(command, *given)  # type: ignore[arg-type]
        if answer != "OK":
            raise Transient(f"The mailbox did not answer to {command}.")
        return found


def _literal(answer: list[bytes | tuple[bytes, bytes] | None]) -> bytes:
    """Return the one literal of an answer; empty when there is none."""
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")
