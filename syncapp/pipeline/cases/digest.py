"""Telling people of new causes: one letter for all that is new, and never twice for the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from accounts import letters, notify
from accounts.models import Firm, LetterChoice
from accounts.models.channels import LEASTS
from accounts.tenancy import firm_scope
from syncapp.core.money import spoken
from syncapp.pipeline.alerts import sending
from syncapp.records.models import Case, Hold
from syncapp.records.models.queue import QUIET


def send_new(*, firm: Firm, now: datetime) -> int:
    """Write about every open case that nobody was told of; return how many cases.

    Each hears from the urgency on that was chosen. Who reads at once is written to now; who reads once a day,
    after 08:00 in the firm's time zone, of all that became new since the letter before and is still open
    (accounts.letters). Channels of a chat are told too.
    """
    with firm_scope(write=firm.pk):
        rows = Case.objects.filter(firm_id=firm.pk, closed_at__isnull=True, told_at__isnull=True)
        rows = rows.exclude(severity__in=QUIET)  # a person stopped it, or set its time, and knows
        cases = list(rows.order_by("pk"))
        lines = [(case.severity, _line(firm, case)) for case in cases]
        people = letters.readers_at_once(firm=firm, now=now) if cases else []
        leasts = letters.leasts(firm=firm) if cases else {}
        Case.objects.filter(firm_id=firm.pk, pk__in=[case.pk for case in cases]).update(told_at=now)
    for least in LEASTS if cases else ():
        mine = [line for severity, line in lines if severity in letters.told_of(least)]
        readers = [person for person in people if leasts.get(person.pk, LEASTS[-1]) == least]
        if mine and readers:
            key = f"cases:{_span(cases)}:{now:%Y%m%d%H%M%S}:{least}"
            subject, body = _letter(firm, mine)
            notify.tell(readers, firm_id=firm.pk, subject=subject, body=body, key=key, now=now)
    _send_daily(firm, now)
    sending.send(firm=firm, now=now)
    return len(cases)


def _send_daily(firm: Firm, now: datetime) -> None:
    with firm_scope(write=None, reads=[firm.pk]):
        due = [(row, _new_to(firm, row)) for row in letters.readers_due(firm=firm, now=now)]
    for row, lines in due:
        if lines:
            subject, body = _letter(firm, lines)
            key = f"daily:{row.user_id}:{letters.last_morning(firm.time_zone, now):%Y%m%d}"
            notify.tell([row.user], firm_id=firm.pk, subject=subject, body=body, key=key, now=now)
        letters.told(row=row, now=now)


def _new_to(firm: Firm, row: LetterChoice) -> list[str]:
    rows = Case.objects.filter(firm_id=firm.pk, closed_at__isnull=True, told_at__gt=row.told_at)
    rows = rows.filter(severity__in=letters.told_of(row.least))
    return [_line(firm, case) for case in rows.order_by("pk")]


def _span(cases: Sequence[Case]) -> str:
    return f"{cases[0].pk}-{cases[-1].pk}:{max(case.times_opened for case in cases)}"


def _letter(firm: Firm, lines: Sequence[str]) -> tuple[str, str]:
    """Return subject and text of a letter."""
    subject = f"{firm.name}: {len(lines)} new exception{'s' if len(lines) != 1 else ''}"
    address = settings.PUBLIC_URL.rstrip("/")
    body = (
        f"New since the last letter, trust first:\n\n{chr(10).join(sorted(lines))}\n\n"
        f"{address}/exceptions/\n\nWhen these letters come: {address}/settings/notifications/\n"
    )
    return subject, body


def _line(firm: Firm, case: Case) -> str:
    holds = list(
        Hold.objects.filter(firm_id=firm.pk, case=case, closed_at__isnull=True).values_list(
            "amount", flat=True
        )
    )
    rank = {"trust": "1. Trust: ", "needs_person": "2. ", "waiting": "3. Waits by itself: "}.get(
        case.severity, "2. "
    )
    if not holds:
        return f"{rank}{case.title}"
    records = f"{len(holds)} record{'s' if len(holds) != 1 else ''}"
    return f"{rank}{case.title} ({records}, {spoken(sum(abs(a) for a in holds), firm.currency)})"
