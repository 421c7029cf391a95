"""Comparing names as a bookkeeper would: case, accents, points and legal forms do not tell people apart."""

from __future__ import annotations

import re
import unicodedata

LEGAL_FORMS = {"inc", "incorporated", "corp", "corporation", "co", "company", "limited", "ltd", "plc"}
LEGAL_FORMS |= {"llc", "llp", "lp", "lc", "pllc", "pc", "pa", "sa", "gmbh", "esq"}
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})


def flat(text: str) -> str:
    """Return a text without case, accents and points, `&` spelled out."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold().translate(_LETTERS)
    return re.sub(r"[.'’`]", "", plain.replace("&", " and "))


def folded(name: str) -> str:
    """Return a name without case, accents, points and legal form: `Acmé Homes, L.L.C.` is `acme homes`."""
    kept = re.findall(r"\w+", flat(name))
    while len(kept) > 1 and kept[-1] in LEGAL_FORMS:
        kept.pop()
    return " ".join(kept)


def same_words(name: str) -> str:
    """Return the words of a folded name in alphabetical order: `Smith, John` and `John Smith` are alike."""
    return " ".join(sorted(folded(name).split()))


def shortened(text: str, limit: int) -> str:
    """Cut a text to `limit` characters at a word's end, so that it still reads as a name."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip(" ,;-") + "…"
