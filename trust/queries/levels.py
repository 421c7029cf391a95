"""What clients agreed to keep in trust: the newest word on each ledger of an account, whoever gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncapp.records.models import Document
from trust.lists import Level
from trust.models import LedgerLevel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trust.models import TrustPair


def rows_of(firm_id: int, account: str) -> dict[str, LedgerLevel]:
    """Return what stands for each ledger of a trust account, by key.

    The firm file may name a matter that was not read yet: its key is `name:` and the name, until it is.
    """
    rows = LedgerLevel.objects.filter(firm_id=firm_id, account__iexact=account).select_related("by")
    listed = list(rows.order_by("id"))
    known = matters_named(firm_id, (row.name for row in listed if row.name))
    found: dict[str, LedgerLevel] = {}
    for row in listed:
        found[row.ledger or known.get(row.name.casefold(), f"name:{row.name}")] = row
    return {key: row for key, row in found.items() if row.minimum or row.evergreen}


def matters_named(firm_id: int, names: Iterable[str]) -> dict[str, str]:
    """Return the ledgers of matters by number in Clio, or `id:123`; names in small letters, unknown left out.

    A number that two matters bear names neither.
    """
    wanted = {name.casefold() for name in names}
    if not wanted:
        return {}
    matters = Document.objects.filter(firm_id=firm_id, kind="matter").exclude(data={})
    found: dict[str, list[int]] = {}
    for number, id_ in matters.values_list("data__number", "source_id"):
        for name in {str(number).casefold(), f"id:{id_}"} & wanted:
            found.setdefault(name, []).append(id_)
    return {name: f"matters/{ids[0]}" for name, ids in found.items() if len(ids) == 1}


def levels_of(pair: TrustPair) -> dict[str, Level]:
    """Return the levels of an account's ledgers, by key."""
    return {
        key: Level(minimum=row.minimum, evergreen=row.evergreen)
        for key, row in rows_of(pair.firm_id, pair.clio_account).items()
    }
