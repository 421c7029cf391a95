"""A connection that a person must mend is a case, whether or not a record waits for it.

It stands as long as its vendor's trouble does, closes with the first good reading and opens again as itself.
Clio is connected once for all sets of books of a firm, so it is one case; a ledger is one for its set.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from accounts import queries as people
from syncapp.clio.answers import HIDES
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.models import Trouble

LOST, ENDED, CLIO = "access_lost", "subscription_ended", "clio_access_lost"
CODES = (CLIO, LOST, ENDED)
FIXES = {LOST: Fix.CONNECT, ENDED: Fix.SETUP}


def problem(*, code: str, books_id: int | None, words: str) -> Problem:
    """Return why a set of books takes nothing until a person has acted."""
    return Problem(code=code, fix=FIXES[code], words=words[:300], cause=f"books {books_id}")


def of_clio(trouble: Trouble) -> Problem:
    """Return why Clio is not read until it is connected again. In a scope of the firm."""
    day = trouble.since.astimezone(ZoneInfo(people.zone_of(trouble.firm_id))).date()
    title = (
        f"Clio refused our access on {day.day} {day:%b %Y}. Nothing is read until you connect again; "
        "nothing is lost."
    )
    facts = {"said": trouble.words[:300]} if trouble.words.startswith(HIDES) else {}
    return Problem(code="clio_access_lost", fix=Fix.CONNECT, words=trouble.words, title=title, facts=facts)


def of(trouble: Trouble) -> Problem | None:
    """Return what a person must mend of a vendor in trouble; None while it passes by itself."""
    if trouble.fix == Fix.WAIT.value:
        return None
    if trouble.provider == "clio":
        return of_clio(trouble)
    code = LOST if trouble.fix == Fix.CONNECT.value else ENDED
    return problem(code=code, books_id=trouble.books_id, words=trouble.words)


def causes(firm_id: int) -> set[str]:
    """Return the causes that stand although nothing may be held by them. In a scope of the firm."""
    found = (of(trouble) for trouble in Trouble.objects.filter(firm_id=firm_id).exclude(fix=Fix.WAIT.value))
    return {one.cause_key for one in found if one}


def since(trouble: Trouble | None, fix: Fix, now: datetime) -> datetime:
    """Return since when it is so: what passes by itself and what a person must mend are counted apart."""
    return trouble.since if trouble and (fix is Fix.WAIT or trouble.fix == fix.value) else now
