"""Approvals to post: the firm's limit, who may approve, and a person's word on one entry as it was seen."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts import audit
from accounts import queries as accounts
from accounts.models import Firm
from accounts.roles import Role
from accounts.tenancy import firm_scope
from mapping import queries as mapping
from syncapp.core import money
from syncapp.pipeline.clock import schedule
from syncapp.records.models import BookChoice, Hold
from trust.approving import CODE, Waits
from trust.models import TrustApproval

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from accounts.models import User

GONE = "This entry waits no more. It was posted, changed or taken back meanwhile."
STALE = "The entry changed since this page was opened. Look at it again, then approve it."
NOT_NAMED = "You are not among those whom the firm named to approve trust entries: {who}."
TWICE = "You have approved this entry already. It waits for somebody else."
YOUR_OWN = "You prepared this entry. Somebody else approves it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The firm's word on approvals: from which amount (minor units), by how many, by whom (addresses)."""

    over: int | None
    needed: int
    approvers: tuple[str, ...]


def limit_of(firm: Firm, told: Mapping[str, Any] | None = None) -> Limit:
    """Return the firm's limit, by its settings where they are read already. In a reading scope."""
    said: dict[str, Any] = (mapping.firm_settings(firm.pk) if told is None else told).get("approvals") or {}
    over = said.get("trust_over")
    return Limit(
        over=money.minor(over, firm.currency) if over is not None else None,
        needed=int(said.get("needed", 1)),
        approvers=tuple(address.casefold() for address in said.get("approvers", [])),
    )


def load(firm_id: int, told: Mapping[str, Any] | None = None) -> Waits:
    """Read what planning asks of approvals by the firm's settings, once for a run. In a reading scope."""
    firm = Firm.objects.get(pk=firm_id)
    limit = limit_of(firm, told)
    if limit.over is None:
        return Waits(currency=firm.currency)
    may = {user.pk for user in _may(firm, limit)}
    given: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = TrustApproval.objects.filter(firm_id=firm_id, by__in=may)
    for subject, print_, by in rows.values_list("subject", "print", "by_id"):
        given[subject, print_].add(by)
    return Waits(
        over=limit.over,
        needed=limit.needed,
        approvers=limit.approvers,
        given={key: frozenset(who) for key, who in given.items()},
        currency=firm.currency,
    )


def _may(firm: Firm, limit: Limit) -> Iterable[User]:
    """Return who may approve: those whom the firm named, else its partners."""
    everybody = accounts.members(firm_id=firm.pk)
    if limit.approvers:
        return [m.user for m in everybody if m.user.email.casefold() in limit.approvers]
    return [m.user for m in everybody if m.role == Role.PARTNER.value]


def waiting(firm_id: int) -> list[Hold]:
    """List what waits for approval, the oldest first. In a reading scope."""
    rows = Hold.objects.filter(firm_id=firm_id, code=CODE, closed_at__isnull=True, alarm=False)
    return list(rows.select_related("case", "document").order_by("opened_at", "pk"))


def given(firm_id: int, hold: Hold) -> list[TrustApproval]:
    """List who approved an entry as it stands now. In a reading scope."""
    rows = TrustApproval.objects.filter(
        firm_id=firm_id, subject=hold.facts.get("subject", ""), print=hold.facts.get("print", "")
    )
    return list(rows.select_related("by"))


def why_not(firm: Firm, hold: Hold, by: User) -> str:
    """Say why a person may not approve an entry; empty when he may. In a reading scope."""
    limit = limit_of(firm)
    if by.pk not in {user.pk for user in _may(firm, limit)}:
        return NOT_NAMED.format(who=", ".join(limit.approvers) or "its partners")
    if preparer(firm.pk, hold) == by.pk:
        return YOUR_OWN
    if any(one.by_id == by.pk for one in given(firm.pk, hold)):
        return TWICE
    return ""


def preparer(firm_id: int, hold: Hold) -> int | None:
    """Return who prepared an entry here: whose answer decided what it says. None: it is Clio's alone."""
    subject = hold.facts.get("subject", "")
    twin = f"twin of {subject}"  # alone, or with the entry of the books that it is about
    about = Q(subject__in=[subject, twin]) | Q(subject__startswith=f"{twin} ")
    rows = BookChoice.objects.filter(about, firm_id=firm_id)
    return rows.order_by("-at").values_list("by_id", flat=True).first()


def approve(*, firm: Firm, hold_id: int, print_: str, by: User, now: datetime) -> str | None:
    """Approve one entry as it was shown; return a sentence when it cannot be. Opens its own scopes.

    Who may not is refused and the attempt is kept in the log.
    """
    with firm_scope(write=firm.pk):
        hold = Hold.objects.filter(firm_id=firm.pk, pk=hold_id, code=CODE, closed_at__isnull=True).first()
        if hold is None:
            return GONE
        if hold.facts.get("print") != print_:
            return STALE
        refusal = why_not(firm, hold, by)
        about = {"subject": hold.facts["subject"], "amount": money.text(int(hold.facts["amount"]))}
        if refusal:
            _log(firm, hold, by, "trust.approval_refused", about | {"reason": refusal}, now)
            return refusal
        TrustApproval.objects.create(
            firm_id=firm.pk,
            subject=hold.facts["subject"],
            print=print_,
            amount=int(hold.facts["amount"]),
            entry=json.loads(hold.facts.get("entry") or "{}"),
            by=by,
            at=now,
        )
        hold.retry_asked_at = now
        hold.save(update_fields=["retry_asked_at"])
        _log(firm, hold, by, "trust.entry_approved", about, now)
    schedule.ask(firm_id=firm.pk, now=now)
    return None


def _log(firm: Firm, hold: Hold, by: User, verb: str, after: dict[str, str], now: datetime) -> None:
    text = f"trust entry of {after['amount']}"
    audit.record(
        firm_id=firm.pk, actor=by, verb=verb, kind="hold", id=hold.pk, text=text, after=after, now=now
    )
