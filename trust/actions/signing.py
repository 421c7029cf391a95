"""Submitting, asking, signing, suspending and reopening a month. Each runs in a scope that writes.

An action returns what it kept, or the sentence that says why it did not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts import audit
from syncapp.core.money import text as money
from trust.models import Reconciliation, SignOff
from trust.queries import rules as rules_query
from trust.queries import signing as query
from trust.signing import duties, states
from trust.signing.changes import changes
from trust.signing.figures import Figures, kept
from trust.signing.states import Act

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from accounts.models import User
    from trust.models import TrustPair
    from trust.signing.changes import Change

TELLING = 5  # figures that the log names


def submit(
    *,
    pair: TrustPair,
    month: date,
    figures: Figures,
    actor: User,
    position: str,
    now: datetime,
    explanation: str = "",
    reason: str = "",
) -> SignOff | str:
    """Prepare a month for its lawyer and lock it. `reason` is why a check signer reconciles, if one does."""
    one = _opened(pair, month, now)
    refused = states.why_not_prepare(query.standing(one), figures, explanation=explanation)
    if refused:
        return refused
    checks = {row.user_id for row in query.named(pair, "checks")}
    apart = duties.preparing(person=actor.pk, check_signers=checks, rules=rules_query.rules_of(pair))
    if refused := _apart(apart, reason, one, actor, now):
        return refused
    return _keep(
        one,
        Act.PREPARED,
        actor,
        now,
        figures=figures,
        position=position,
        text=explanation.strip(),
        separation=reason.strip() if apart.reason else "",
    )


def sign(
    *,
    one: Reconciliation,
    figures: Figures,
    seen: str,
    actor: User,
    name: str,
    bar_number: str,
    today: date,
    now: datetime,
    reason: str = "",
) -> SignOff | str:
    """Sign the figures that the page showed (`seen` is their hash), under the text the firm approved."""
    _lock(one)
    stands = query.standing(one)
    if refused := states.why_not_sign(stands, figures, seen=seen):
        return refused
    who = query.signer(one.pair, actor, today)
    if who.refused:
        return _blocked(one, actor, who.refused, now)
    rules = rules_query.rules_of(one.pair)
    apart = duties.signing(person=actor.pk, preparer=stands.preparer, rules=rules)
    if refused := _apart(apart, reason, one, actor, now):
        return refused
    text = rules.rule("certification")
    if not text.by:
        return "The firm has not approved the certification text of this jurisdiction yet."
    return _keep(
        one,
        Act.SIGNED,
        actor,
        now,
        figures=figures,
        name=name,
        bar_number=bar_number,
        deputy_for_id=who.deputy_for,
        certification=text.words,
        provenance=text.provenance,
        separation=reason.strip() if apart.reason else "",
    )


def ask(*, one: Reconciliation, words: str, actor: User, now: datetime) -> SignOff | str:
    """Return a month to its preparer with a question; it cannot be signed until that is answered."""
    _lock(one)
    refused = states.why_not_ask(query.standing(one))
    return refused or _keep(one, Act.ASKED, actor, now, text=words.strip())


def answer(*, one: Reconciliation, question: int, words: str, actor: User, now: datetime) -> SignOff | str:
    """Answer a question of a month."""
    _lock(one)
    if question not in query.standing(one).questions:
        return "This question is answered already."
    return _keep(one, Act.ANSWERED, actor, now, text=words.strip(), answers_id=question)


def reopen(*, one: Reconciliation, reason: str, actor: User, now: datetime) -> SignOff | str:
    """Unlock a month, with a reason; what was signed stays in its history."""
    _lock(one)
    refused = states.why_not_reopen(query.standing(one), reason=reason)
    return refused or _keep(one, Act.REOPENED, actor, now, text=reason.strip())


def suspend_if_moved(*, one: Reconciliation, figures: Figures, now: datetime) -> SignOff | None:
    """Suspend what was prepared or signed when a figure is another than then; the old signature stays."""
    _lock(one)
    event = query.standing(one).stands
    if event is None or event.digest == figures.digest:
        return None
    before = query.figures_of(SignOff.objects.get(pk=event.id, firm_id=one.firm_id))
    found = changes(before, figures) if before else []
    return _keep(one, Act.SUSPENDED, None, now, figures=figures, text=told(found, figures.currency))


def told(found: Sequence[Change], currency: str) -> str:
    """Say in one line which figures moved."""
    parts = [
        f"{change.label} {_money(change.before, currency)} → {_money(change.after, currency)}"
        if change.before is not None or change.after is not None
        else change.label
        for change in found[:TELLING]
    ]
    more = len(found) - TELLING
    return "; ".join([*parts, f"and {more} more"] if more > 0 else parts)[:2000]


def _money(minor: int | None, currency: str) -> str:
    return "none" if minor is None else f"{money(minor)} {currency}"


def _opened(pair: TrustPair, month: date, now: datetime) -> Reconciliation:
    """Return the reconciliation of a month, made if need be, with its row locked."""
    made, _ = Reconciliation.objects.get_or_create(
        firm_id=pair.firm_id, pair=pair, month=query.month_of(month), defaults={"changed_at": now}
    )
    _lock(made)
    return made


def _lock(one: Reconciliation) -> None:
    Reconciliation.objects.select_for_update().get(pk=one.pk, firm_id=one.firm_id)


def _apart(apart: duties.Separation, reason: str, one: Reconciliation, actor: User, now: datetime) -> str:
    if apart.refused:
        return _blocked(one, actor, apart.refused, now)
    return apart.reason if apart.reason and not reason.strip() else ""


def _blocked(one: Reconciliation, actor: User, words: str, now: datetime) -> str:
    """Write down who tried what the separation of duties refuses."""
    audit.record(
        firm_id=one.firm_id,
        actor=actor,
        verb="trust.signing_refused",
        obj=one,
        after={"words": words},
        now=now,
    )
    return words


def _keep(
    one: Reconciliation,
    act: Act,
    actor: User | None,
    now: datetime,
    *,
    figures: Figures | None = None,
    name: str = "",
    **more: Any,
) -> SignOff:
    row = SignOff.objects.create(
        firm_id=one.firm_id,
        reconciliation=one,
        act=act.value,
        by=actor,
        name=name or (str(actor) if actor else audit.SYSTEM),
        digest=figures.digest if figures else "",
        figures=kept(figures) if figures else None,
        at=now,
        **more,
    )
    before, one.state, one.changed_at = one.state, query.standing(one).state.value, now
    one.save(update_fields=["state", "changed_at"])
    audit.record(
        firm_id=one.firm_id,
        actor=actor,
        verb=f"trust.{act.value}",
        obj=one,
        before={"state": before},
        after={"state": one.state, "digest": row.digest, "text": row.text},
        now=now,
    )
    return row
