"""Openings: given by a person, compared, agreed. Each runs in a scope that writes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts import audit
from syncapp.core import money
from trust.models import Opening, OpeningItem, OpeningLine
from trust.models.setup import WAITING
from trust.queries import openings
from trust.queries.openings import opening_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from accounts.models import User
    from trust.models import TrustPair
    from trust.opening import Figures, Given, Item

AGREED = "This opening was agreed with the books already. A correction is recorded in Clio first."


def prepare(*, pair: TrustPair, by: User | None, now: datetime) -> Opening:
    """Return the opening of a trust account, made now if nobody looked at it before."""
    found = opening_of(pair)
    if found is not None:
        return found
    return Opening.objects.create(
        firm_id=pair.firm_id,
        pair=pair,
        day=pair.start - timedelta(days=1),
        prepared_by=by,
        prepared_at=now,
    )


def give(*, pair: TrustPair, given: Given, name: str, by: User | str, now: datetime) -> str | None:
    """Take an opening from a file, in the place of what stood; a sentence when money was agreed already."""
    person = None if isinstance(by, str) else by
    opening = prepare(pair=pair, by=person, now=now)
    if opening.agreed_at is not None and (opening.total or openings.ledgers(pair)):
        return AGREED
    pair.opening = name[:200]
    pair.save(update_fields=["opening"])
    opening.source, opening.prepared_by, opening.prepared_at = "file", person, now
    opening.state, opening.agreed_at = WAITING, None  # one of nothing was agreed: nothing was posted for it
    opening.statement, opening.day = given.statement, pair.start - timedelta(days=1)
    opening.save()
    _lines(opening, given.ledgers)
    _items(opening, given.items)
    audit.record(
        firm_id=pair.firm_id,
        actor=by,
        verb="trust.opening_given",
        obj=pair,
        after={
            "file": name,
            "ledgers": len(given.ledgers),
            "outstanding": len(given.items),
            "total": money.text(sum(given.ledgers.values())),
        },
        now=now,
    )
    return None


def give_statement(
    *, pair: TrustPair, statement: int, items: Iterable[Item], by: User, now: datetime, currency: str = "USD"
) -> str | None:
    """Keep what the bank showed at the opening and what it had not yet seen; minor units.

    An agreed opening takes them once, and only when they come to what was agreed; a sentence otherwise.
    """
    opening, listed = prepare(pair=pair, by=by, now=now), list(items)
    adjusted = statement + sum(item.amount for item in listed)
    if opening.agreed_at is not None and opening.statement is not None:
        return AGREED
    if opening.agreed_at is not None and adjusted != opening.total:
        return (
            f"The statement adjusted by these comes to {money.spoken(adjusted, currency)}, and the opening "
            f"was agreed at {money.spoken(opening.total, currency)}."
        )
    opening.statement, opening.prepared_by = statement, by
    opening.save(update_fields=["statement", "prepared_by"])
    _items(opening, listed)
    audit.record(
        firm_id=pair.firm_id,
        actor=by,
        verb="trust.opening_statement",
        obj=pair,
        after={"statement": money.text(statement), "outstanding": len(listed)},
        now=now,
    )
    return None


def compared(
    *, opening: Opening, ledgers: Mapping[str, int], figures: Figures, words: str, now: datetime
) -> bool:
    """Keep what a comparison found, and agree the opening when it ties; return whether it is agreed.

    `words` is what stands against it besides the figures.
    """
    opening.total, opening.books_bank, opening.books_liability = (
        figures.ledgers,
        figures.bank,
        figures.liability,
    )
    opening.words, opening.compared_at = words or figures.why(), now
    if opening.words:
        opening.save()
        return False
    opening.state, opening.agreed_at = "agreed", now
    opening.save()
    _lines(opening, ledgers)
    audit.record(
        firm_id=opening.firm_id,
        actor=None,
        verb="trust.opening_agreed",
        obj=opening.pair,
        after={"total": money.text(figures.ledgers), "ledgers": len(ledgers)},
        now=now,
    )
    return True


def _lines(opening: Opening, ledgers: Mapping[str, int]) -> None:
    OpeningLine.objects.filter(firm_id=opening.firm_id, opening=opening).delete()
    OpeningLine.objects.bulk_create(
        OpeningLine(firm_id=opening.firm_id, opening=opening, ledger=ledger, amount=amount)
        for ledger, amount in ledgers.items()
        if amount
    )


def _items(opening: Opening, items: Iterable[Item]) -> None:
    OpeningItem.objects.filter(firm_id=opening.firm_id, opening=opening).delete()
    OpeningItem.objects.bulk_create(
        OpeningItem(
            firm_id=opening.firm_id,
            opening=opening,
            kind=item.kind,
            day=item.day,
            amount=item.amount,
            number=item.number,
            payee=item.payee,
        )
        for item in items
    )
