"""What the books call the ledgers of client money that are no client's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapping import queries as mapping
from mapping.words import OWN_NAMES

if TYPE_CHECKING:
    from trust.models import TrustPair


def own_names(pair: TrustPair) -> list[tuple[str, str]]:
    """Return what the books call the ledgers of a pooled account that are no client's, with labels."""
    if pair.kind != "pooled":
        return []
    version = mapping.published(pair.books_id)
    customers = (version.options if version is not None else {}).get("customers", {})
    labels = {"firm_funds": "The firm’s own funds", "trust_interest": "Interest on trust"}
    return [(label, str(customers.get(key, OWN_NAMES[key]))) for key, label in labels.items()]
