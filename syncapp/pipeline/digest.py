"""Telling the bookkeepers of new causes: one letter for all that is new, and never twice for the same."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from accounts import notify
from accounts.models import Firm
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.core.money import spoken
from syncapp.records.models import Case, Hold


def send_new(*, firm: Firm, now: datetime) -> int:
    """Write to the firm's bookkeepers about every open case they were not told of; return how many cases."""
    with firm_scope(write=firm.pk):
        cases = list(
            Case.objects.filter(firm_id=firm.pk, closed_at__isnull=True, told_at__isnull=True).order_by("pk")
        )
        if not cases:
            return 0
        lines = [_line(firm, case) for case in cases]
        Case.objects.filter(firm_id=firm.pk, pk__in=[case.pk for case in cases]).update(told_at=now)
    count = len(cases)
    subject = f"{firm.name}: {count} new exception{'s' if count != 1 else ''}"
    body = (
        f"New since the last letter, trust first:\n\n{chr(10).join(sorted(lines))}\n\n"
        f"{settings.PUBLIC_URL.rstrip('/')}/exceptions/\n"
    )
    key = f"cases:{cases[0].pk}-{cases[-1].pk}:{max(case.times_opened for case in cases)}:{now:%Y%m%d%H%M%S}"
    notify.digest(firm_id=firm.pk, role=Role.BOOKKEEPER.value, subject=subject, body=body, key=key, now=now)
    return count


def _line(firm: Firm, case: Case) -> str:
    holds = list(
        Hold.objects.filter(firm_id=firm.pk, case=case, closed_at__isnull=True).values_list(
            "amount", flat=True
        )
    )
    rank = {"trust": "1. Trust: ", "needs_person": "2. ", "waiting": "3. Waits by itself: "}.get(
        case.severity, "2. "
    )
    records = f"{len(holds)} record{'s' if len(holds) != 1 else ''}"
    return f"{rank}{case.title} ({records}, {spoken(sum(abs(a) for a in holds), firm.currency)})"
