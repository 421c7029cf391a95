"""Changes of trust pairs: asked for by one person, in force when a partner approves. In a writing scope."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from accounts import audit
from accounts.models import User
from trust.actions.pairs import facts
from trust.models import PairChange
from trust.models.setup import WAITING
from trust.pairing import Terms
from trust.queries.openings import opening_of
from trust.queries.pairs import terms_of

if TYPE_CHECKING:
    from datetime import datetime

    from trust.models import TrustPair

NOTHING_NEW = "Nothing of this trust account would change."
DECIDED = "This change was decided already."
YOUR_OWN = "You asked for this change yourself. A partner who did not ask for it decides."
OTHERWISE = "The trust account was changed meanwhile. Ask for the change again."
OPENED = "Its opening is agreed already, so its start and its account in Clio stay as they are."
FIXED = ("clio_account", "start")  # of an account whose opening is agreed


def ask(
    *, pair: TrustPair, terms: Terms, by: User | str, now: datetime, reason: str = ""
) -> PairChange | str:
    """Ask for a change of a trust pair; return the words when it cannot be asked for.

    What waited before is taken back for it. Its terms were judged before (`trust.pairing.faults`).
    """
    before, waits = terms_of(pair), waiting(pair)
    if terms == before:
        return NOTHING_NEW
    if any(getattr(terms, key) != getattr(before, key) for key in FIXED) and _opened(pair):
        return OPENED
    if waits is not None:
        if terms_from(waits.terms) == terms:
            return waits
        _decide(waits, "withdrawn", by, now, "another change was asked for instead")
    change = PairChange.objects.create(
        firm_id=pair.firm_id,
        pair=pair,
        terms=facts(terms),
        before=facts(before),
        reason=reason[:500],
        proposed_by=by if isinstance(by, User) else None,
        proposed_text=str(by)[:200],
        proposed_at=now,
    )
    audit.record(
        firm_id=pair.firm_id,
        actor=by,
        verb="trust.change_asked",
        obj=pair,
        before=_of(change.before, change),
        after=_of(change.terms, change),
        now=now,
    )
    return change


def waiting(pair: TrustPair) -> PairChange | None:
    """Return the change of a pair that waits for a partner."""
    rows = PairChange.objects.filter(firm_id=pair.firm_id, pair=pair, state=WAITING)
    return rows.select_related("proposed_by", "pair").first()


def approve(*, change: PairChange, by: User, now: datetime, note: str = "") -> str | None:
    """Put a change in force; return the words when it cannot be, and keep the attempt in the log."""
    pair = change.pair
    if change.state != WAITING:
        return DECIDED
    if change.proposed_by_id == by.pk:
        audit.record(
            firm_id=pair.firm_id,
            actor=by,
            verb="trust.approval_refused",
            obj=pair,
            text=f"change of {pair}",
            after={"reason": YOUR_OWN},
            now=now,
        )
        return YOUR_OWN
    if terms_of(pair) != terms_from(change.before):
        return OTHERWISE
    terms = terms_from(change.terms)
    for key, value in asdict(terms).items():
        setattr(pair, key, list(value) if key == "post" else value)
    pair.save()
    opening = opening_of(pair)
    if opening is not None and opening.agreed_at is None:
        opening.day = pair.start - timedelta(days=1)
        opening.save(update_fields=["day"])
    _decide(change, "approved", by, now, note)
    return None


def refuse(*, change: PairChange, by: User, now: datetime, note: str) -> str | None:
    """Refuse a change; who asked for it takes it back. Return the words when it was decided already."""
    if change.state != WAITING:
        return DECIDED
    _decide(change, "withdrawn" if change.proposed_by_id == by.pk else "refused", by, now, note)
    return None


def _decide(change: PairChange, state: str, by: User | str, now: datetime, note: str) -> None:
    change.state, change.decided_at, change.note = state, now, note[:500]
    change.decided_by = by if isinstance(by, User) else None
    change.save(update_fields=["state", "decided_at", "decided_by", "note"])
    audit.record(
        firm_id=change.firm_id,
        actor=by,
        verb=f"trust.change_{state}",
        obj=change.pair,
        before=_of(change.before, change),
        after=_of(change.terms, change) | ({"note": note} if note else {}),
        now=now,
    )


def _of(terms: dict[str, Any], change: PairChange) -> dict[str, Any]:
    """Return those terms that the change is about."""
    return {key: terms[key] for key in terms if change.terms[key] != change.before[key]}


def _opened(pair: TrustPair) -> bool:
    opening = opening_of(pair)
    return opening is not None and opening.agreed_at is not None


def terms_from(kept: dict[str, Any]) -> Terms:
    """Return terms that were kept as the log keeps them."""
    return Terms(**{**kept, "start": date.fromisoformat(kept["start"]), "post": tuple(kept["post"])})
