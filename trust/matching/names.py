"""Reading numbers and names as a bank writes them. Pure."""

from __future__ import annotations

import re

from syncapp.core.matching import folded

# What a bank writes of any payment: these words tell nobody apart.
_GENERIC = {"ach", "wire", "web", "ppd", "ccd", "indn", "des", "id", "ref", "trace", "transfer"}
_GENERIC |= {"check", "paid", "payment", "deposit", "credit", "debit", "fee", "item", "image", "incoming"}
_GENERIC |= {"outgoing", "mobile", "remote", "online", "branch", "counter", "bank", "account", "funds"}
_GENERIC |= {"trust", "iolta", "iola", "client", "from", "the", "and", "for", "usa"}
_SHORT = 3


def plain_check(number: str) -> str:
    """Return a check number as banks compare it: digits without leading zeros; empty when it is none."""
    text = re.sub(r"[^0-9A-Za-z]", "", number)
    return text.lstrip("0") if text.isdigit() else ""


def plain_reference(reference: str) -> str:
    """Return a reference without case, signs and leading zeros; one under four characters is none."""
    text = re.sub(r"[^0-9a-z]", "", reference.casefold()).lstrip("0")
    return text if len(text) > _SHORT else ""


def words(text: str) -> frozenset[str]:
    """Return the words of a bank's text or a payee's name, folded."""
    return frozenset(folded(text).split())


def telling(text: str) -> frozenset[str]:
    """Return the words that tell a payee apart: no number in them, not of the bank's own."""
    return frozenset(
        word
        for word in words(text)
        if word not in _GENERIC and len(word) >= _SHORT and not any(c.isdigit() for c in word)
    )


def origin(subject: str) -> str:
    """Return the natural key that a later change of an entry goes back to."""
    return subject.partition("@")[0].partition("/amendment/")[0].partition("/correction/")[0]
