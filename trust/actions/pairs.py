"""Putting trust pairs in force."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from accounts import audit
from trust.models import TrustPair

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Books, User
    from trust.pairing import Terms


def add_pair(*, books: Books, terms: Terms, actor: User | str, now: datetime) -> TrustPair:
    """Put a new pair in force. Its terms were judged before (`trust.pairing.faults`)."""
    last = TrustPair.objects.filter(firm_id=books.firm_id).count()
    pair = TrustPair.objects.create(
        firm_id=books.firm_id,
        books=books,
        position=last,
        at=now,
        **{**asdict(terms), "post": list(terms.post)},
    )
    audit.record(
        firm_id=books.firm_id,
        actor=actor,
        verb="trust.pair_added",
        obj=pair,
        after=facts(terms),
        now=now,
    )
    return pair


def name_client(*, pair: TrustPair, client_id: int, actor: User | str, now: datetime) -> None:
    """Say whose a single-client account is, once Clio was read: what was written and not yet known."""
    pair.client_id = client_id
    pair.save(update_fields=["client_id"])
    audit.record(
        firm_id=pair.firm_id,
        actor=actor,
        verb="trust.pair_client_named",
        obj=pair,
        after={"client_id": client_id},
        now=now,
    )


def facts(terms: Terms) -> dict[str, Any]:
    """Return the terms of a pair as the log keeps them."""
    return {**asdict(terms), "start": terms.start.isoformat(), "post": list(terms.post)}
