"""QuickBooks' refusals in a bookkeeper's words: whose move it is, and the one thing to mend. Pure.

Codes and texts: qbo/API.md section 9, sentences in `sentences`. What is not known keeps the vendor's text in
the facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from syncapp.core.books import Chart
from syncapp.core.ledger import Draft
from syncapp.core.problems import Fix, Problem
from syncapp.qbo.sentences import BY_CODE, BY_TEXT, Sentence

_TAKEN = re.compile(r"DocNumber=(\S+) is assigned to TxnType=(.+?) with TxnId=(\d+)")
_MISSING = re.compile(r"(\w+) element id (\S+?) ")
_LISTS = {"Names": "customer", "Accounts": "account", "Items": "product or service", "Klasses": "class"}
_LISTS |= {"Depts": "location"}
_BUSINESS = "Business Validation Error:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What is known about one refusal. `subject` is the natural key of what was to be posted."""

    code: str
    words: str
    detail: str
    element: str
    subject: str
    number: str
    name: str
    inactive: str

    @property
    def text(self) -> str:
        """Return all that the vendor said."""
        return f"{self.words} {self.detail}".strip()


def problem(
    code: str,
    words: str,
    detail: str = "",
    element: str = "",
    *,
    subject: str = "",
    number: str = "",
    name: str = "",
    inactive: str = "",
) -> Problem:
    """Return a refusal of QuickBooks as a problem for people, its vendor's code and text in the facts.

    `subject` is what was to be posted (`bills/99`), `number` its document number, `name` its customer's name,
    `inactive` what the caller found to be inactive among its references (`inactive_names`), because
    QuickBooks does not say which it was.
    """
    told = Refusal(
        code=code,
        words=words,
        detail=detail,
        element=element,
        subject=subject,
        number=number,
        name=name,
        inactive=inactive,
    )
    made = _by_text(told) or _by_code(told)
    given = {"vendor_code": code, "vendor_words": words, "vendor_detail": detail, "element": element}
    facts = {key: value for key, value in given.items() if value}
    return Problem(code=made.code, fix=made.fix, words=made.words, cause=made.cause, facts=made.facts | facts)


def inactive_names(draft: Draft, chart: Chart) -> tuple[str, ...]:
    """Return what a draft uses and the chart knows as inactive, by name: the likely cause of a refusal."""
    rows = [draft, *getattr(draft, "lines", ()), getattr(draft, "discount", None)]
    lists = (
        ("account", "account", chart.accounts),
        ("bank", "account", chart.accounts),
        ("item", "product or service", chart.items),
        ("class_id", "class", chart.classes),
        ("location", "location", chart.locations),
    )
    found: dict[str, None] = {}
    for row in rows:
        for attribute, spoken, known in lists:
            one = known.get(getattr(row, attribute, ""))
            if one and not one.active:
                found[f"{spoken} {one.name}"] = None
    return tuple(found)


def of_a_reference(code: str, words: str, detail: str) -> bool:
    """Tell whether a refusal complains of something that the entry uses: gone, or made inactive."""
    return code in {"610", "2500", "6250"} or "made inactive" in f"{words} {detail}".casefold()


def _by_text(told: Refusal) -> Problem | None:
    """Read what only the text tells: mostly of 6000, the catch-all (API.md section 9)."""
    text = told.text.casefold()
    for part, sentence in BY_TEXT:
        if part in text:
            return _said(sentence, told)
    if "made inactive" in text:
        return _inactive(told)
    return None


def _inactive(told: Refusal) -> Problem:
    what = told.inactive or _named(told) or "An account, customer, product, class or location"
    words = (
        f"{what[:1].upper()}{what[1:]} is inactive in QuickBooks. Make it active there, or map to another."
    )
    cause = told.inactive or _named(told) or told.element
    return Problem(code="inactive_reference", fix=Fix.BOOKS, words=words, cause=cause)


def _named(told: Refusal) -> str:
    found = _MISSING.search(f"{told.detail} ")
    return f"{_LISTS.get(found.group(1), found.group(1))} {found.group(2)}" if found else ""


def _reference(told: Refusal) -> Problem:
    """Read 2500 and 610: a reference that is not there, or is inactive."""
    if told.inactive:
        return _inactive(told)
    what = _named(told)
    if not what and told.code == "610":
        return Problem(
            code="gone_from_books",
            fix=Fix.CHOOSE,
            cause=told.subject,
            words="QuickBooks no longer holds this entry, or something it uses.",
        )
    spoken = what or told.element or "A name or account"
    words = f"{spoken[:1].upper()}{spoken[1:]} does not stand in QuickBooks. Choose another in the mapping."
    return Problem(
        code="missing_reference", fix=Fix.MAP, words=words, cause=what or told.element or told.subject
    )


def _duplicate_number(told: Refusal) -> Problem:
    found = _TAKEN.search(told.detail)
    number = told.number or (found.group(1) if found else "")
    by = f" by {found.group(2).lower()} {found.group(3)}" if found else ""
    facts = {"taken_by": f"{found.group(2)}:{found.group(3)}"} if found else {}
    words = (
        f"QuickBooks already uses the number {number}{by}. Compare the two."
        if number
        else ("QuickBooks already uses this number. Compare the two.")
    )
    return Problem(
        code="duplicate_number", fix=Fix.CHOOSE, words=words, cause=number or told.subject, facts=facts
    )


def _duplicate_name(told: Refusal) -> Problem:
    name = told.name or "This name"
    words = f"{name} is already a customer, vendor or employee in QuickBooks. Choose whether it is the same."
    return Problem(code="duplicate_name", fix=Fix.CHOOSE, words=words, cause=told.name or told.subject)


def _too_long(told: Refusal) -> Problem:
    what = "number" if told.element == "DocNumber" else told.element or "text"
    words = f"The {what} {told.number} is longer than QuickBooks holds.".replace("  ", " ")
    return Problem(code="too_long", fix=Fix.CHOOSE, words=words, cause=told.number or told.subject)


def _unknown(told: Refusal) -> Problem:
    said = (told.detail or told.words).replace(_BUSINESS, "").strip()
    words = f"QuickBooks refused it: {said[:300]}" if said else "QuickBooks refused it and did not say why."
    return Problem(
        code="unknown_refusal", fix=Fix.BOOKS, words=words, cause=f"{told.code} {said[:80]}".strip()
    )


_OWN_WORDS: dict[str, Callable[[Refusal], Problem]] = {
    "610": _reference,
    "2500": _reference,
    "6250": _inactive,
    "2050": _too_long,
    "6140": _duplicate_number,
    "6240": _duplicate_name,
}


def _by_code(told: Refusal) -> Problem:
    if own := _OWN_WORDS.get(told.code):
        return own(told)
    sentence = BY_CODE.get(told.code)
    return _said(sentence, told) if sentence else _unknown(told)


def _said(sentence: Sentence, told: Refusal) -> Problem:
    cause = told.subject if sentence.by_subject else ""
    return Problem(code=sentence.code, fix=sentence.fix, words=sentence.words, cause=cause)
