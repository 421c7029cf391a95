"""Names of client ledgers, by their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syncapp.core.ledger import FIRM_FUNDS, INTEREST
from syncapp.records.models import Document

if TYPE_CHECKING:
    from collections.abc import Iterable

OWN = {FIRM_FUNDS.key: "Firm funds in trust", INTEREST.key: "Interest of the programme"}


def names(firm_id: int, keys: Iterable[str]) -> dict[str, str]:
    """Return how people call each ledger, in two queries; a key that nothing is known of is left out."""
    wanted = set(keys)
    found = {key: name for key, name in OWN.items() if key in wanted}
    matters = _documents(firm_id, "matter", _ids(wanted, "matters"))
    clients = _ids(wanted, "contacts") | {int(row.get("client_id") or 0) for row in matters.values()}
    people = _documents(firm_id, "client", clients)
    for number, row in people.items():
        found[f"contacts/{number}"] = str(row.get("name") or f"client {number}")
    for number, row in matters.items():
        client = str(people.get(int(row.get("client_id") or 0), {}).get("name") or "")
        title = f"{row.get('number') or ''} {client or row.get('description') or ''}".strip()
        found[f"matters/{number}"] = title or f"matter {number}"
    return {key: name for key, name in found.items() if key in wanted}


def _documents(firm_id: int, kind: str, ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = Document.objects.filter(firm_id=firm_id, kind=kind, source_id__in=ids)
    return dict(rows.values_list("source_id", "data"))


def _ids(keys: set[str], prefix: str) -> set[int]:
    parted = (key.split("/") for key in keys)
    return {int(part[1]) for part in parted if len(part) == 2 and part[0] == prefix and part[1].isdigit()}  # noqa: PLR2004
