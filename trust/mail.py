"""What a mail says that brings statements: for whom it is, who sent it, which files it has. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import cast

FOR_WHOM = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
FORGED = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)
TAG = re.compile(r"(\d{1,12})-([a-z2-7]{10})")
UNNAMED = "statement"
SENDER = re.compile(r"[^@\s,;<>]*@[^@\s,;<>]+\.[^@\s,;<>]+")
MOST_SENDERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as far as it matters: `files` are names and bytes, in their order.

    `forged` says that the receiving server found the sender not to be who it claims (RFC 8601).
    """

    message_id: str
    sender: str
    forged: bool
    files: tuple[tuple[str, bytes], ...]


def address(base: str, tag: str) -> str:
    """Return the address under which one account's statements come: `user+tag@host`."""
    user, _, host = base.rpartition("@")
    return f"{user}+{tag}@{host}"


def firm_of(tag: str) -> int | None:
    """Return the firm that a tag names."""
    parted = TAG.fullmatch(tag)
    return int(parted[1]) if parted else None


def tags(head: bytes, base: str) -> list[str]:
    """Return the tags of our address that a mail is for, each once. Never raises."""
    user, _, host = base.casefold().rpartition("@")
    found: dict[str, None] = {}
    for _, whole in getaddresses(_values(_parsed(head), *FOR_WHOM)):
        name, _, where = whole.casefold().rpartition("@")
        own, plus, tag = name.partition("+")
        if plus and own == user and where == host and TAG.fullmatch(tag):
            found[tag] = None
    return list(found)


def letter(raw: bytes) -> Letter:
    """Read a mail, or its head alone. What cannot be read is left out; it never raises."""
    message = _parsed(raw)
    senders = [one.casefold() for _, one in getaddresses(_values(message, "From")) if "@" in one]
    said = "".join(_values(message, "Message-ID")).strip()
    return Letter(
        message_id=said[:255] or f"sha256:{hashlib.sha256(raw).hexdigest()}",
        sender=senders[0] if len(senders) == 1 else "",
        forged=any(FORGED.search(one) for one in _values(message, "Authentication-Results")),
        files=tuple(_files(message)),
    )


def senders_of(text: str) -> list[str]:
    """Return the addresses that a person wrote, one a line. Raises ValueError with the first wrong one."""
    listed = [one.strip().casefold() for one in re.split(r"[\s,;]+", text) if one.strip()]
    for one in listed:
        if not SENDER.fullmatch(one):
            raise ValueError(f"“{one}” is no address. Write bank@example.com, or @example.com for all of it.")
    if len(set(listed)) > MOST_SENDERS:
        raise ValueError(f"At most {MOST_SENDERS} senders.")
    return sorted(set(listed))


def _parsed(raw: bytes) -> EmailMessage:
    # compat32 keeps what is malformed as it is, where the newer policy raises on some of it
    return cast("EmailMessage", message_from_bytes(raw, policy=policy.compat32))


def _values(message: EmailMessage, *names: str) -> list[str]:
    return [_kept(str(value)) for name in names for value in message.get_all(name, [])]


def _kept(text: str) -> str:
    """Return a text as a database keeps it: no NUL, no half of a pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _files(message: EmailMessage) -> list[tuple[str, bytes]]:
    """Return what is attached; a text of the mail itself, and a picture within it, is no file."""
    found = []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind, name = part.get_content_disposition(), part.get_filename()
        inline_picture = part.get_content_maintype() == "image" and kind != "attachment"
        if (kind != "attachment" and not name) or inline_picture:
            continue
        content = part.get_payload(decode=True)
        found.append((_kept(name or "") or UNNAMED, content if isinstance(content, bytes) else b""))
    return found
