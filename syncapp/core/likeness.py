"""Whether two names are the same person or company: points out of 100, with the reasons in words.

Only the standard library: names differ in a few known ways (a legal form, an order, an initial, one letter),
and each of them is a reason that a person can read. A library's ratio is a figure without a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from syncapp.core.matching import LEGAL_FORMS, flat

SAME, REORDERED, FORM_MISSING, FORM_OTHER = 100, 94, 96, 60
LEAST = 45  # points under which two names are not alike
_LONG_WORD = 4  # letters of a word that may be misspelled
_TITLES = {"mr", "mrs", "ms", "miss", "dr", "prof", "hon", "the"}
_GENERATIONS = {"jr": "Jr", "junior": "Jr", "sr": "Sr", "senior": "Sr", "ii": "II", "iii": "III", "iv": "IV"}
_FULL = {
    "bros": "brothers",
    "assoc": "associates",
    "assocs": "associates",
    "intl": "international",
    "mfg": "manufacturing",
    "svc": "services",
    "svcs": "services",
    "mgmt": "management",
    "grp": "group",
    "natl": "national",
    "ctr": "center",
    "univ": "university",
    "props": "properties",
}
_FORM = {"incorporated": "inc", "corporation": "corp", "company": "co", "limited": "ltd"}
_MARK = re.compile(r"[\s(-]*\bclio\s*(?:id)?\s*#?\s*(\d+)\s*\)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts. `mark` is the id that the practice system's own connector wrote behind it.

    That connector names those whom it makes `<client> Clio <id>` (clio/API.md section 7).
    """

    words: tuple[str, ...]
    forms: frozenset[str]
    generation: str
    mark: int | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, and why."""

    points: int
    reasons: tuple[str, ...]


@lru_cache(maxsize=50_000)
def named(text: str) -> Name:
    """Take a name apart: without case, accents, points, titles and legal form."""
    found = _MARK.search(text)
    mark = int(found[1]) if found else None
    plain = flat(text[: found.start()] if found else text)
    words = [word for word in re.findall(r"\w+", plain) if word != "and"]
    generation = next((_GENERATIONS[word] for word in words[1:] if word in _GENERATIONS), "")
    words = [word for at, word in enumerate(words) if not (at and word in _GENERATIONS)]
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    forms: set[str] = set()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        form = words.pop()
        forms.add(_FORM.get(form, form))
    return Name(tuple(_FULL.get(word, word) for word in words), frozenset(forms), generation, mark)


def alike(one: str, other: str) -> Likeness:
    """Say how alike two names are; 0 points when they are not."""
    left, right = named(one), named(other)
    if not left.words or not right.words:
        return Likeness(0, ())
    if left.generation and right.generation and left.generation != right.generation:
        return Likeness(0, (f"one is {left.generation}, the other {right.generation}",))
    found = _words(left, right)
    if not found.points:
        return found
    if left.generation != right.generation:
        said = left.generation or right.generation
        found = Likeness(found.points - 25, (*found.reasons, f"only one of the two is {said}"))
    return _with_form(found, left, right)


def _with_form(found: Likeness, left: Name, right: Name) -> Likeness:
    """Take the legal forms into account: one may be left out, two that differ are two companies."""
    if left.forms == right.forms:
        return found
    if left.forms and right.forms:
        said = f"“{_spoken(left.forms)}” and “{_spoken(right.forms)}” are different legal forms"
        return Likeness(min(found.points, FORM_OTHER), (*found.reasons, said))
    said = f"“{_spoken(left.forms or right.forms)}” stands in only one of the two"
    return Likeness(found.points - (SAME - FORM_MISSING), (*found.reasons, said))


def _spoken(forms: frozenset[str]) -> str:
    return " ".join(sorted(forms)).upper()


def _words(left: Name, right: Name) -> Likeness:
    if left.words == right.words:
        return Likeness(SAME, ("the same name",))
    if sorted(left.words) == sorted(right.words):
        return Likeness(REORDERED, ("the same name in another order",))
    if "".join(left.words) == "".join(right.words):
        return Likeness(REORDERED, ("the same name, spaced otherwise",))
    short, long = sorted((list(left.words), list(right.words)), key=len)
    return _in_part(short, long)


def _in_part(short: list[str], long: list[str]) -> Likeness:
    """Pair the words of two names: equal ones, initials, and words that differ in a letter."""
    left = [word for word in short if word not in long]
    free = [word for word in long if word not in short]
    if len(left) == len(short) and not any(_misspelled(a, b) for a in left for b in free):
        return Likeness(0, ())
    points, reasons = 92, list[str]()
    for word in left:
        other = next((w for w in free if _initial(word, w)), None)
        if other is not None:
            points -= 16
            reasons.append(f"“{min(word, other, key=len).upper()}.” may stand for “{_title(word, other)}”")
        else:
            other = next((w for w in free if _misspelled(word, w)), None)
            if other is None:
                return Likeness(0, ())
            points -= 10
            reasons.append(f"“{word.title()}” and “{other.title()}” differ in a letter")
        free.remove(other)
    for word in free:
        points -= 8 if len(word) == 1 else 24
        reasons.append(f"“{word.title()}” stands in only one of the two")
    return Likeness(points, tuple(reasons)) if points >= LEAST else Likeness(0, ())


def _title(one: str, other: str) -> str:
    return max(one, other, key=len).title()


def _initial(one: str, other: str) -> bool:
    """Tell whether one of two words is the first letter of the other."""
    return 1 in (len(one), len(other)) and one[0] == other[0] and one != other


def _misspelled(one: str, other: str) -> bool:
    """Tell whether two words differ in one letter: another, a missing one, or two that changed places."""
    if min(len(one), len(other)) < _LONG_WORD or abs(len(one) - len(other)) > 1 or one == other:
        return False
    if any(word.isdigit() for word in (one, other)):
        return False
    at = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    if len(one) == len(other):
        swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
        return swapped or one[at + 1 :] == other[at + 1 :]
    short, long = sorted((one, other), key=len)
    return short[at:] == long[at + 1 :]


def phone_key(phone: str) -> str:
    """Return the last ten digits of a telephone number; empty when it has fewer than seven."""
    digits = re.sub(r"\D", "", phone)
    return digits[-10:] if len(digits) >= 7 else ""  # noqa: PLR2004 - a local number


def address_key(lines: tuple[str, ...]) -> str:
    """Return the house number and postal code of an address; empty when it lacks either."""
    text = flat(" ".join(lines))
    house, code = re.match(r"\W*(\d+)\b", text), re.findall(r"\b(\d{5})(?:-?\d{4})?\b", text)
    return f"{house[1]} {code[-1]}" if house and code else ""
