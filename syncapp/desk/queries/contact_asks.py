"""What a card of a contact asks: each field as both sides showed it before, and as they show it now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncapp.pipeline.contacts import settings

if TYPE_CHECKING:
    from syncapp.records.models import Case

LABELS = {"name": "Name", "company": "Company", "email": "E-mail", "phone": "Phone", "address": "Address"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field that is asked; `answers` are the values of its two buttons."""

    label: str
    clio_was: str
    clio: str
    books_was: str
    books: str
    answers: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a case asks of one client; `tells_clio`: the books' value goes to Clio too."""

    client: str
    fields: tuple[Field, ...]
    tells_clio: bool


def of(*, firm_id: int, case: Case) -> Asked:
    """Read what a case of a contact asks. In a reading scope."""
    fields = tuple(
        Field(
            label=LABELS[one["field"]],
            clio_was=one["clio_was"],
            clio=one["clio"],
            books_was=one["books_was"],
            books=one["books"],
            answers=(f"{one['field']}:clio:{one['print']}", f"{one['field']}:books:{one['print']}"),
        )
        for one in json.loads(case.facts["fields"])
    )
    return Asked(client=case.facts["client"], fields=fields, tells_clio=settings.of(firm_id).write_clio)
