"""Names of client ledgers, by their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models.fields.json import KT

from syncapp.core.ledger import FIRM_FUNDS, INTEREST
from syncapp.records.models import Document, Link

if TYPE_CHECKING:
    from collections.abc import Iterable

OWN = {FIRM_FUNDS.key: "Firm funds in trust", INTEREST.key: "IOLTA interest"}  # before the books name them


def names(firm_id: int, keys: Iterable[str]) -> dict[str, str]:
    """Return how people call each ledger, in three queries; a key that nothing is known of is left out."""
    wanted = set(keys)
    found = _own(firm_id, wanted & OWN.keys())
    matters = _told(firm_id, "matter", _ids(wanted, "matters"), "number", "description", "client_id")
    clients = _ids(wanted, "contacts") | {int(client or 0) for _, _, client in matters.values()}
    people = _told(firm_id, "client", clients, "name")
    for key, (name,) in people.items():
        found[f"contacts/{key}"] = name or f"client {key}"
    for key, (number, description, client_id) in matters.items():
        (client,) = people.get(int(client_id or 0), ("",))
        title = f"{number or ''} {client or description or ''}".strip()
        found[f"matters/{key}"] = title or f"matter {key}"
    return {key: name for key, name in found.items() if key in wanted}


def _own(firm_id: int, keys: set[str]) -> dict[str, str]:
    """Return the names of ledgers that are no client's, as the firm has them in the books."""
    found = {key: name for key, name in OWN.items() if key in keys}
    if keys:
        links = Link.objects.filter(firm_id=firm_id, subject__in=keys, live=True, object_kind="customer")
        named = dict(links.order_by("id").values_list("subject", "content__name"))
        found |= {key: name for key, name in named.items() if name}
    return found


def _told(firm_id: int, kind: str, ids: set[int], *keys: str) -> dict[int, tuple[str | None, ...]]:
    rows = Document.objects.filter(firm_id=firm_id, kind=kind, source_id__in=ids)
    found = rows.values_list("source_id", *[KT(f"data__{key}") for key in keys])
    return {number: tuple(said) for number, *said in found}


def _ids(keys: set[str], prefix: str) -> set[int]:
    parted = (key.split("/") for key in keys)
    return {int(part[1]) for part in parted if len(part) == 2 and part[0] == prefix and part[1].isdigit()}  # noqa: PLR2004
