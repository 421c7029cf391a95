"""Which bills are confidential: those of a confidential matter, and of a client who has one (F26)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from syncapp.core import codec
from syncapp.core.documents import Matter
from syncapp.core.planning.confidential import NOBODY, rule_of
from syncapp.records.models import Document


def hidden(*, firm_id: int, options: Mapping[str, Any], bills: list[Document]) -> set[int]:
    """Return which of some bills no paper may leave of, by document. In a scope."""
    rule = rule_of((options.get("customers") or {}).get("confidential") or {})
    if rule == NOBODY or not bills:
        return set()
    named = {key for bill in bills for key in bill.data.get("matter_ids", ())}
    clients = {bill.client_id for bill in bills}
    rows = Document.objects.filter(
        Q(source_id__in=named) | Q(data__client_id__in=clients), firm_id=firm_id, kind="matter"
    )
    matters = {row.source_id: codec.from_json(Matter, row.data) for row in rows}
    secret = {key for key, matter in matters.items() if rule.holds(matter)}
    owners = {matters[key].client_id for key in secret}
    behind = secret | {key for key, matter in matters.items() if matter.client_id in owners}
    return {
        bill.pk for bill in bills if bill.client_id in owners or behind & set(bill.data.get("matter_ids", ()))
    }
