"""Whom a firm file names for its exceptions although they cannot have any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts import queries as people
from accounts.tenancy import firm_scope
from syncapp.pipeline.autos import rules as autos
from syncapp.pipeline.cases import owners

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Firm


def warnings(firm: Firm, said: dict[str, Any], *, now: datetime) -> list[str]:
    """Name the owners of a file who cannot have exceptions. Opens its own scope."""
    with firm_scope(write=None, reads=[firm.pk]):
        answering = autos.authors(firm_id=firm.pk, now=now)
        able = {
            member.user.email for member in owners.may_own(people.members_today(firm_id=firm.pk, now=now))
        }
    named = [said.get("owner"), *(rule["owner"] for rule in said.get("owners", []))]
    unable = sorted({str(one).strip().lower() for one in named if one} - able)
    rules = [row for row in said.get("auto", []) if str(row["by"]).strip().lower() not in answering]
    return [
        *[f"cases: rule “{row['name']}” rests: {row['by']} answers no exceptions here" for row in rules],
        *[f"cases: {one} clears no exceptions in this firm; the next rule decides" for one in unable],
    ]
