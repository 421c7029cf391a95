"""Drawing, answering and signing the random review of a quarter; in a scope that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import audit
from trust.models import Review, ReviewNote
from trust.queries import reviews as query
from trust.queries import signing
from trust.signing.draw import draw

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from accounts.models import User
    from trust.models import TrustPair

SIGNED = "This review is signed."


def begin(*, pair: TrustPair, quarter: date, seed: str, actor: User, now: datetime) -> Review | str:
    """Draw at least three transactions of a quarter; a quarter is drawn once, and its seed is kept."""
    if query.review(pair, quarter) is not None:
        return "This quarter is drawn already; the same seed draws the same transactions."
    subjects = [one.subject for one in query.population(pair, quarter)]
    if not subjects:
        return "Nothing moved in this quarter, so there is nothing to draw."
    made = Review.objects.create(
        firm_id=pair.firm_id,
        pair=pair,
        quarter=quarter,
        seed=seed,
        drawn=draw(seed, subjects),
        by=actor,
        at=now,
    )
    audit.record(
        firm_id=pair.firm_id,
        actor=actor,
        verb="trust.review_drawn",
        obj=made,
        after={"seed": seed, "drawn": made.drawn},
        now=now,
    )
    return made


def answer(
    *, one: Review, subject: str, answers: Mapping[str, str], actor: User, now: datetime
) -> ReviewNote | str:
    """Keep what a lawyer answered about one drawn transaction; the newest answer holds."""
    if query.signature(one) is not None:
        return SIGNED
    if subject not in one.drawn:
        return "This transaction was not drawn."
    note = ReviewNote.objects.create(
        firm_id=one.firm_id,
        review=one,
        subject=subject,
        answers=dict(answers),
        name=str(actor),
        by=actor,
        at=now,
    )
    audit.record(
        firm_id=one.firm_id,
        actor=actor,
        verb="trust.review_answered",
        obj=one,
        after={"transaction": subject, **answers},
        now=now,
    )
    return note


def sign(
    *, one: Review, name: str, bar_number: str, actor: User, today: date, now: datetime
) -> ReviewNote | str:
    """Sign a review whose every drawn transaction is answered."""
    if query.signature(one) is not None:
        return SIGNED
    open_ones = set(one.drawn) - set(query.answered(one))
    if open_ones:
        return f"Answer for every drawn transaction first: {len(open_ones)} open."
    who = signing.signer(one.pair, actor, today)
    if who.refused:
        return who.refused
    note = ReviewNote.objects.create(
        firm_id=one.firm_id, review=one, name=name, bar_number=bar_number, by=actor, at=now
    )
    audit.record(
        firm_id=one.firm_id,
        actor=actor,
        verb="trust.review_signed",
        obj=one,
        after={"name": name, "bar_number": bar_number},
        now=now,
    )
    return note
