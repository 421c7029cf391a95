"""Changing from which amount trust entries wait: judged, asked for, in force when a partner approves.

What only tightens is in force at once when a partner asks for it; all else waits for a partner who did not
ask. A firm file sets it too (`approvals`), as the operator's own word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts import audit
from accounts import queries as accounts
from accounts.models import Firm
from accounts.roles import Permission, allows
from accounts.tenancy import firm_scope
from mapping import actions as mapping
from mapping import queries
from syncapp.core import money
from syncapp.core.money import spoken
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.trust import approvals
from syncapp.pipeline.trust.approvals import Limit
from syncapp.records.models import Hold
from trust.approving import CODE
from trust.models import LimitChange
from trust.models.setup import WAITING

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Membership, User

KEY = "approvals"
NOTHING_NEW = "Nothing of the limit would change."
NO_REASON = "Say why: the log keeps it, and a partner reads it."
NOT_ABOVE = "A limit is an amount above zero. Leave it empty for no limit."
STRANGER = "{who} may not approve: name people of the firm whose role approves."
TOO_FEW = "Two approvals need two people. {names}"
NAMED_FEW = "Name at least two who may approve."
FEW_PARTNERS = "The firm has fewer than two partners today, so name who may approve."
NOBODY = "The firm has no partner today, so name who may approve."
OTHERWISE = "The limit was changed meanwhile. Ask for the change again."
DECIDED = "This change was decided already."
YOUR_OWN = "You asked for this change yourself. A partner who did not ask for it decides."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a limit cannot be: which of its fields, and the words."""

    field: str
    words: str


def approvers(firm: Firm, now: datetime) -> list[Membership]:
    """List who could be named to approve today. In a reading scope."""
    everybody = accounts.members_today(firm_id=firm.pk, now=now)
    return [one for one in everybody if allows(one.role, Permission.APPROVE)]


def judge(firm: Firm, limit: Limit, *, now: datetime) -> list[Fault]:
    """Return why a limit would let nothing ever post, or would be none. In a reading scope."""
    if limit.over is None:
        return []
    if limit.over <= 0:
        return [Fault(field="over", words=NOT_ABOVE)]
    may = approvers(firm, now)
    known = {one.user.email.casefold() for one in may}
    strangers = [who for who in limit.approvers if who not in known]
    if strangers:
        return [Fault(field="approvers", words=STRANGER.format(who=", ".join(strangers)))]
    if limit.approvers:
        few = len(set(limit.approvers)) < limit.needed
        return [Fault(field="approvers", words=TOO_FEW.format(names=NAMED_FEW))] if few else []
    partners = sum(1 for one in may if allows(one.role, Permission.SIGN))
    if partners < limit.needed:
        words = NOBODY if limit.needed == 1 else TOO_FEW.format(names=FEW_PARTNERS)
        return [Fault(field="approvers", words=words)]
    return []


def tightens(before: Limit, after: Limit) -> bool:
    """Tell whether every entry that waits today would wait as well, for as many and the same people."""
    if before.over is None:
        return after.over is not None
    if after.over is None or after.over > before.over:
        return False
    return after.needed >= before.needed and set(after.approvers) == set(before.approvers)


def said(limit: Limit, currency: str) -> dict[str, Any]:
    """Return a limit as the firm file has it; empty for none."""
    if limit.over is None:
        return {}
    told: dict[str, Any] = {"trust_over": money.text(limit.over, currency)}
    if limit.needed != 1:
        told["needed"] = limit.needed
    if limit.approvers:
        told["approvers"] = list(limit.approvers)
    return told


def read(told: dict[str, Any], currency: str) -> Limit:
    """Return a limit from the firm file's form."""
    over = told.get("trust_over")
    return Limit(
        over=money.minor(over, currency) if over is not None else None,
        needed=int(told.get("needed", 1)),
        approvers=tuple(address.casefold() for address in told.get("approvers", [])),
    )


def in_words(limit: Limit, currency: str) -> str:
    """Say a limit in a sentence."""
    if limit.over is None:
        return "Every trust entry posts by itself."
    who = " or ".join(limit.approvers) if limit.approvers else "a partner"
    number = "one approval" if limit.needed == 1 else f"{limit.needed} approvals"
    return f"Trust entries of {spoken(limit.over, currency)} or more wait for {number} by {who}."


def waiting(firm_id: int) -> LimitChange | None:
    """Return the change that waits for a partner. In a scope."""
    rows = LimitChange.objects.filter(firm_id=firm_id, state=WAITING)
    return rows.select_related("proposed_by").first()


def decided(firm_id: int) -> list[LimitChange]:
    """Return what was decided before, the latest first. In a scope."""
    rows = LimitChange.objects.filter(firm_id=firm_id).exclude(state=WAITING)
    return list(rows.select_related("proposed_by", "decided_by")[:20])


def ask(
    *, firm: Firm, limit: Limit, by: User, signs: bool, reason: str, now: datetime
) -> LimitChange | list[Fault]:
    """Ask for another limit; return the change, in force already when a partner tightens it, or the faults.

    `signs` says that the person is a partner. What waited before is taken back for it. Opens its own scope.
    """
    with firm_scope(write=firm.pk):
        Firm.objects.select_for_update().get(pk=firm.pk)
        before = approvals.limit_of(firm)
        found = judge(firm, limit, now=now)
        if limit == before:
            found = [Fault(field="", words=NOTHING_NEW)]
        if not reason.strip():
            found.append(Fault(field="reason", words=NO_REASON))
        if found:
            return found
        if (old := waiting(firm.pk)) is not None:
            _decide(old, "withdrawn", by, now, "Another change was asked for instead.")
        change = LimitChange.objects.create(
            firm_id=firm.pk,
            terms=said(limit, firm.currency),
            before=said(before, firm.currency),
            reason=reason.strip()[:500],
            proposed_by=by,
            proposed_at=now,
        )
        _log(change, by, "trust.limit_asked", now, {"reason": change.reason})
        at_once = signs and tightens(before, limit)
        if at_once:
            _put_in_force(firm, change, now)
            _decide(change, "approved", by, now, "It only tightens the limit.")
    if at_once:
        schedule.ask(firm_id=firm.pk, now=now)
    return change


def approve(*, firm: Firm, change_id: int, by: User, note: str, now: datetime) -> str | None:
    """Put a change in force, judged once more; return the words when it cannot be. Opens its own scope."""
    with firm_scope(write=firm.pk):
        Firm.objects.select_for_update().get(pk=firm.pk)
        change = LimitChange.objects.select_for_update().get(pk=change_id, firm_id=firm.pk)
        refusal = _why_not(firm, change, by, now)
        if refusal:
            _log(change, by, "trust.approval_refused", now, {"reason": refusal})
            return refusal
        _put_in_force(firm, change, now)
        _decide(change, "approved", by, now, note)
    schedule.ask(firm_id=firm.pk, now=now)
    return None


def _why_not(firm: Firm, change: LimitChange, by: User, now: datetime) -> str:
    if change.state != WAITING:
        return DECIDED
    if change.proposed_by_id == by.pk:
        return YOUR_OWN
    if read(change.before, firm.currency) != approvals.limit_of(firm):
        return OTHERWISE
    return " ".join(one.words for one in judge(firm, read(change.terms, firm.currency), now=now))


def refuse(*, firm: Firm, change_id: int, by: User, note: str, now: datetime) -> str | None:
    """Refuse a change; who asked for it takes it back. Opens its own scope."""
    with firm_scope(write=firm.pk):
        change = LimitChange.objects.select_for_update().get(pk=change_id, firm_id=firm.pk)
        if change.state != WAITING:
            return DECIDED
        _decide(change, "withdrawn" if change.proposed_by_id == by.pk else "refused", by, now, note)
    return None


def _put_in_force(firm: Firm, change: LimitChange, now: datetime) -> None:
    """Keep the limit among the firm's settings; what waits for an approval is planned anew."""
    kept = {key: value for key, value in queries.firm_settings(firm.pk).items() if key != KEY}
    mapping.keep_settings(firm_id=firm.pk, settings=kept | ({KEY: change.terms} if change.terms else {}))
    waits = Hold.objects.filter(firm_id=firm.pk, code=CODE, closed_at__isnull=True, alarm=False)
    waits.update(retry_asked_at=now)


def _decide(change: LimitChange, state: str, by: User, now: datetime, note: str) -> None:
    change.state, change.decided_by, change.decided_at, change.note = state, by, now, note[:500]
    change.save(update_fields=["state", "decided_by", "decided_at", "note"])
    _log(change, by, f"trust.limit_{state}", now, {"note": note} if note else {})


def _log(change: LimitChange, by: User, verb: str, now: datetime, more: dict[str, str]) -> None:
    audit.record(
        firm_id=change.firm_id,
        actor=by,
        verb=verb,
        obj=change,
        before=change.before,
        after={**change.terms, **more},
        now=now,
    )
