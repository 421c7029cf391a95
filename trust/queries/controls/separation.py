"""Who prepared, who signed and who signed checks, month by month (auditor 10)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from accounts.models import AuditEvent
from trust.actions.naming import DUTY_WORDS
from trust.controls import Shared
from trust.models import Duty, SignOff
from trust.signing.states import Act

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trust.models import TrustPair

NAMED, TAKEN_BACK = "trust.duty_named", "trust.duty_taken_back"


@dataclass(frozen=True, slots=True)
class _Span:
    """Somebody signed checks of the account from one instant to another, by name as the log has it."""

    name: str
    since: datetime
    until: datetime | None

    def at(self, instant: datetime) -> bool:
        return self.since <= instant and (self.until is None or instant < self.until)


def separation(pair: TrustPair, first: date, last: date) -> list[Shared]:
    """List the months of a period that somebody prepared, the latest first, with the duties of each."""
    rows = SignOff.objects.filter(
        firm_id=pair.firm_id,
        reconciliation__pair=pair,
        reconciliation__month__gte=first.replace(day=1),
        reconciliation__month__lte=last,
        act__in=[Act.PREPARED.value, Act.SIGNED.value],
    )
    by_month: dict[date, dict[str, SignOff]] = defaultdict(dict)
    for row in rows.select_related("by", "reconciliation").order_by("pk"):
        month = by_month[row.reconciliation.month]
        if row.act == Act.PREPARED:
            month.pop(Act.SIGNED.value, None)  # an earlier signature is of another preparation
        month[row.act] = row
    checks = _check_signers(pair)
    return [_shared(month, acts, checks) for month, acts in sorted(by_month.items(), reverse=True)]


def _shared(month: date, acts: dict[str, SignOff], checks: Iterable[_Span]) -> Shared:
    prepared, signed = acts.get(Act.PREPARED.value), acts.get(Act.SIGNED.value)
    found: list[str] = []
    signers: set[str] = set()
    if prepared is not None:
        signers = {one.name for one in checks if one.at(prepared.at)}
        if signed is not None and prepared.by_id == signed.by_id:
            found.append("prepared and signed")
        if str(prepared.by) in signers:
            found.append("signs checks and reconciled")
    reasons = [row.separation for row in (prepared, signed) if row is not None and row.separation]
    return Shared(
        month=month,
        preparer=str(prepared.by) if prepared else "",
        signer=str(signed.by) if signed else "",
        checks=", ".join(sorted(signers)),
        shared="; ".join(found),
        reason=" ".join(dict.fromkeys(reasons)),
    )


def _check_signers(pair: TrustPair) -> list[_Span]:
    """Return who signed checks of the account and when: those named now, and the log's of former times."""
    rows = Duty.objects.filter(firm_id=pair.firm_id, pair=pair, duty="checks").select_related("user")
    found = [_Span(str(row.user), row.at, None) for row in rows]
    began: dict[str, datetime] = {}
    events = AuditEvent.objects.filter(
        firm_id=pair.firm_id, verb__in=[NAMED, TAKEN_BACK], object_id=str(pair.pk)
    )
    for verb, at, before, after in events.order_by("number").values_list("verb", "at", "before", "after"):
        told = (before if verb == TAKEN_BACK else after) or {}
        name = str(told.get("person", ""))
        if told.get("duty") != DUTY_WORDS["checks"]:
            continue
        if verb == NAMED:
            began[name] = at
        elif name in began:
            found.append(_Span(name, began.pop(name), at))
    return found
