"""What a card of merged customers shows: who stood where, and who stands there now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncapp.desk.queries import search
from syncapp.pipeline.contacts import relinking
from syncapp.records.models import Document

if TYPE_CHECKING:
    from syncapp.records.models import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Both customers, and whose they are; `trust`: a partner decides, and `signs` says who looks is one."""

    gone: str
    kept: str
    name: str
    kept_name: str
    whose: str
    other: str
    records: int
    trust: bool
    signs: bool


def of(*, firm_id: int, case: Case, signs: bool) -> Shown:
    """Read what a case of merged customers asks. In a reading scope."""
    facts = case.facts
    subjects = [one for one in (facts["subject"], facts["other"]) if one]
    return Shown(
        gone=facts["gone"],
        kept=facts["kept"],
        name=facts["name"],
        kept_name=facts["kept_name"],
        whose=_whose(firm_id, facts["subject"]),
        other=_whose(firm_id, facts["other"]),
        records=int(facts["records"]),
        trust=relinking.of_trust(firm_id=firm_id, subjects=subjects),
        signs=signs,
    )


def _whose(firm_id: int, subject: str) -> str:
    kind, _, key = subject.partition("/")
    if kind == "contacts":
        return f"client {search.client_names(firm_id=firm_id, ids={int(key)}).get(int(key), key)}"
    if kind != "matters":
        return ""
    row = Document.objects.filter(firm_id=firm_id, kind="matter", source_id=int(key)).first()
    return f"matter {row.number if row else key}"
