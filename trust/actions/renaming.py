"""Matches of entries that bear Clio's name since: what the bank has stays matched, under the new name.

An entry that the bank feed or a hand made is matched as the books' own; once its ledger is named it stands
under Clio's natural key. The match is made anew with the same lines, in one step, and says by whom and why it
was made first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from syncapp.records.models import Link
from trust.models import Match, MatchPart
from trust.models.matches import BOOKS
from trust.queries.gathering import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import User
    from trust.models import TrustPair
    from trust.nouns import Movement

NAMED = "The entry bears its client now and is matched under Clio's name for it."
_MARK = "books/"


class Undo(Protocol):
    """How a match is undone."""

    def __call__(self, *, match: Match, why: str, actor: User | None, now: datetime) -> bool:
        """Undo one; False when somebody else was faster."""
        ...


def carry(*, pair: TrustPair, standing: Iterable[Movement], undo: Undo, now: datetime) -> None:
    """Make matches anew whose entries got a name since. In a writing scope."""
    parts = MatchPart.objects.filter(firm_id=pair.firm_id, pair=pair, side=BOOKS, live=True)
    named = list(parts.filter(key__startswith=_MARK).values_list("match_id", "key"))
    names = _names(pair, [key for _, key in named])
    if not names:
        return
    entries = {one.subject: one for one in standing}
    touched = {match_id for match_id, key in named if key in names}
    for row in Match.objects.filter(firm_id=pair.firm_id, pk__in=touched).order_by("pk"):
        old = list(MatchPart.objects.filter(firm_id=pair.firm_id, match=row).order_by("pk"))
        keys = {part.pk: names.get(part.key, part.key) for part in old if part.side == BOOKS}
        amounts = {part.pk: part.amount for part in old if part.side == BOOKS}
        fits = all(key in entries and entries[key].amount == amounts[pk] for pk, key in keys.items())
        if fits and undo(match=row, why=NAMED, actor=None, now=now):
            _make(row, old, keys, entries, now)


def _names(pair: TrustPair, keys: Iterable[str]) -> dict[str, str]:
    """Return Clio's natural key of each row of the books that has one now."""
    rows = {key.removeprefix(_MARK).partition(":")[::2]: key for key in keys}
    if not rows:
        return {}
    links = Link.objects.filter(
        firm_id=pair.firm_id, books_id=pair.books_id, live=True, remote_id__in=[row[1] for row in rows]
    )
    found = links.values_list("object_kind", "remote_id", "subject")
    return {rows[kind, remote]: key_of(subject) for kind, remote, subject in found if (kind, remote) in rows}


def _make(
    row: Match, old: list[MatchPart], keys: dict[int, str], entries: dict[str, Movement], now: datetime
) -> None:
    match = Match.objects.create(
        firm_id=row.firm_id,
        pair_id=row.pair_id,
        how=row.how,
        made=row.made,
        reasons=row.reasons,
        rule_id=row.rule_id,
        by_id=row.by_id,
        at=now,
    )
    MatchPart.objects.bulk_create(
        MatchPart(
            firm_id=row.firm_id,
            match=match,
            pair_id=row.pair_id,
            side=part.side,
            key=keys.get(part.pk, part.key),
            day=entries[keys[part.pk]].day if part.pk in keys else part.day,
            amount=part.amount,
        )
        for part in old
    )
