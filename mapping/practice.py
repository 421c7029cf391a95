"""The names of the practice system that rules tell lines apart by, from what was last seen there."""

from __future__ import annotations

from mapping.coverage import MOST, Practice
from syncapp.records.models import SourceHead

COSTS = {"hard_cost": "hard", "soft_cost": "soft"}  # clio/API.md: entry_type of an expense category


def practice(firm_id: int) -> Practice:
    """Return practice areas, expense categories and bank accounts by name, in the open scope."""
    heads = SourceHead.objects.filter(
        firm_id=firm_id,
        resource__in=["practice_areas", "expense_categories", "bank_accounts"],
        gone_at=None,
    ).select_related("record")
    names: dict[str, dict[str, str]] = {}
    for head in heads.order_by("source_id")[: 3 * MOST]:
        payload = head.record.payload
        if isinstance(payload, dict) and (name := str(payload.get("name") or "").strip()):
            names.setdefault(head.resource, {})[name] = COSTS.get(str(payload.get("entry_type")), "")
    return Practice(
        practice_areas=tuple(sorted(names.get("practice_areas", {}))),
        expense_categories=tuple(sorted(names.get("expense_categories", {}).items())),
        bank_accounts=tuple(sorted(names.get("bank_accounts", {}))),
    )
