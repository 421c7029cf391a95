"""Which lists of the books changed since they were read: only then are they read again, which costs reads."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.tenancy import firm_scope
from mapping import queries as mapping
from syncapp.core.books import Account, BookObject
from syncapp.core.ledger import ObjectKind
from syncapp.pipeline.notices.news import LISTS
from syncapp.qbo import read


def changes(firm_id: int, books_id: int, changed: list[BookObject]) -> set[str]:
    """Name what changed in the lists, so that what an overlap shows again is not read again. In no scope.

    An account that stands as we know it is no news: we made it, or only its balance moved.
    """
    known = _accounts(firm_id, books_id, changed)
    return {
        f"{one.raw['entity']}/{one.id}/{one.changed_at}"
        for one in changed
        if one.raw.get("entity") in LISTS and not (one.id in known and _as_known(one, known[one.id]))
    }


def _accounts(firm_id: int, books_id: int, changed: list[BookObject]) -> Mapping[str, Account]:
    """Return the accounts as we know them, where any was told of."""
    if not any(one.kind is ObjectKind.ACCOUNT for one in changed):
        return {}
    with firm_scope(write=None, reads=[firm_id]):
        return mapping.chart(books_id).accounts


def _as_known(one: BookObject, account: Account) -> bool:
    return one.kind is ObjectKind.ACCOUNT and not one.deleted and read.account(one.raw) == account
