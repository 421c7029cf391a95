"""What happens to cases by the calendar: owners stay, waits end, months close, and the partner hears in time.

Nothing is remembered outside the rows: a worker that was away finds what is due when it is back.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from accounts import audit, notify
from accounts import queries as people
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.core import workdays
from syncapp.core.money import spoken
from syncapp.pipeline.asking import acts as asking
from syncapp.pipeline.cases import causes, owners
from syncapp.pipeline.clock import schedule
from syncapp.records import bulk
from syncapp.records.models import Case, CaseCarry, CaseNote, Document, Hold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from accounts.models import Firm, User
    from syncapp.pipeline.cases.owners import Care

MOST = 1000  # cases at once; what is left comes with the next run


def tend(*, firm: Firm, now: datetime) -> None:
    """Give what has no owner one, end waits whose day has come, carry a month over, tell the partner.

    Who was asked by mail and did not answer is reminded once. Opens its own scopes; call it outside any
    transaction.
    """
    with firm_scope(write=firm.pk):
        care = owners.load(firm_id=firm.pk, now=now)
        _own(firm.pk, care, now)
        woken = _wake(firm.pk, care, now)
        _carry(firm.pk, care, now)
    if woken:
        schedule.ask(firm_id=firm.pk, now=now)
    _escalate(firm, care, now)
    asking.remind_due(firm=firm, now=now)


def _open(firm_id: int) -> QuerySet[Case]:
    return Case.objects.filter(firm_id=firm_id, closed_at__isnull=True).order_by("pk")


def _own(firm_id: int, care: Care, now: datetime) -> None:
    """Choose anew for who has left, and for what was there before there were owners; set terms that lack."""
    astray = Q(owner__isnull=True) | ~Q(owner__in=list(care.owners))
    if not care.members:
        astray = Q(pk=None)
    termless = Q(due_on__isnull=True, severity__in=list(care.days))
    changed, owned = list(_open(firm_id).filter(astray | termless)[:MOST]), []
    for case in changed:
        if case.owner_id not in care.owners and care.members:
            client, name = _client(case) if care.asks_clients else (None, "")
            born = owners.Born(
                code=case.code, fix=case.fix, severity=case.severity, client=client, client_name=name
            )
            case.owner = care.owner_of(born)
            owned.append(case)
        case.due_on = case.due_on or care.due(case.severity, _day(case.opened_at, care))
    bulk.rewrite(changed, ["owner", "due_on"])
    notes = [
        CaseNote(
            firm_id=firm_id, case=case, kind="owned", words=f"Given to {case.owner} by the rules.", at=now
        )
        for case in owned
    ]
    CaseNote.objects.bulk_create(notes)


def _client(case: Case) -> tuple[int | None, str]:
    """Return the client of all that a case holds, and its name."""
    holds = Hold.objects.filter(firm_id=case.firm_id, case=case, closed_at__isnull=True)
    found = set(holds.values_list("document__client_id", flat=True).distinct()[:2])
    client = found.pop() if len(found) == 1 else None
    rows = Document.objects.filter(firm_id=case.firm_id, kind="client", source_id=client or 0)
    return client, rows.values_list("number", flat=True).first() or ""


def _wake(firm_id: int, care: Care, now: datetime) -> int:
    """End the waits whose day has come: the case needs a person again, and its records are tried again."""
    due = list(_open(firm_id).filter(rested_until__lte=care.today)[:MOST])
    if not due:
        return 0
    ids = [case.pk for case in due]
    Case.objects.filter(firm_id=firm_id, pk__in=ids).update(rested_until=None)
    held = Hold.objects.filter(firm_id=firm_id, case_id__in=ids, closed_at__isnull=True, alarm=False)
    held.update(retry_asked_at=now)
    causes.note(due, "woke", "The day has come until which it was to wait; it is tried again.", now=now)
    return len(due)


def _carry(firm_id: int, care: Care, now: datetime) -> None:
    """List what was open when the last month ended, as it stood then."""
    begins = care.today.replace(day=1)
    month = (begins - timedelta(days=1)).replace(day=1)
    end = datetime.combine(begins, time(0), tzinfo=ZoneInfo(care.zone))
    listed = CaseCarry.objects.filter(firm_id=firm_id, month=month, case_id=OuterRef("pk"))
    open_then = Q(closed_at__isnull=True) | Q(closed_at__gte=end)
    cases = Case.objects.filter(open_then, ~Exists(listed), firm_id=firm_id, opened_at__lt=end)
    rows = list(cases.order_by("pk")[:MOST])
    if not rows:
        return
    holds = Hold.objects.filter(open_then, firm_id=firm_id, case__in=rows, opened_at__lt=end).order_by()
    sums = holds.values("case_id").annotate(
        n=Count("pk"), minor=Coalesce(Sum("amount", filter=Q(alarm=False)), 0)
    )
    found = {row["case_id"]: (row["n"], row["minor"]) for row in sums}
    CaseCarry.objects.bulk_create([_carried(case, month, found.get(case.pk, (0, 0)), now) for case in rows])
    causes.note(
        rows, "carried", f"Carried over from {month:%B %Y}: it was open when the month ended.", now=now
    )


def _carried(case: Case, month: date, sums: tuple[int, int], now: datetime) -> CaseCarry:
    return CaseCarry(
        firm_id=case.firm_id,
        case=case,
        month=month,
        title=case.title,
        severity=case.severity,
        owner_id=case.owner_id,
        records=sums[0],
        amount=sums[1],
        opened_at=case.opened_at,
        at=now,
    )


def _escalate(firm: Firm, care: Care, now: datetime) -> None:
    """Tell the partners, in one letter, of what nobody cleared in time; each case once while it is open."""
    if not care.escalate_after:
        return
    with firm_scope(write=None, reads=[firm.pk]):
        cases = overdue(firm_id=firm.pk, care=care)
        readers = _partners(firm, now) if cases else []
        lines = _lines(firm, cases)
    if not cases or not readers:
        return
    key = f"escalated:{cases[0].pk}-{cases[-1].pk}:{len(cases)}:{sum(case.times_opened for case in cases)}"
    subject, body = _letter(firm, care, lines)
    notify.tell(readers, firm_id=firm.pk, subject=subject, body=body, key=key, now=now)
    names = " and ".join(str(person) for person in readers)
    with firm_scope(write=firm.pk):
        ids = [case.pk for case in cases]
        Case.objects.filter(firm_id=firm.pk, pk__in=ids).update(escalated_at=now)
        words = f"Told to {names}: not cleared within {care.escalate_after} working days."
        causes.note(cases, "escalated", words, now=now)
        made = [
            audit.event(
                firm_id=firm.pk, actor=None, verb="case.escalated", kind="case", id=case.pk,
                text=case.title[:300], after={"to": names, "days": care.escalate_after}, now=now,
            )
            for case in cases
        ]  # fmt: skip
        audit.append(made)


def overdue(*, firm_id: int, care: Care) -> list[Case]:
    """List the open cases that somebody should have cleared by now and of which no partner was told."""
    last = workdays.since(care.today, care.escalate_after) + timedelta(days=1)
    before = datetime.combine(last, time(0), tzinfo=ZoneInfo(care.zone))
    rows = _open(firm_id).filter(
        severity__in=list(care.days),
        escalated_at__isnull=True,
        rested_until__isnull=True,
        opened_at__lt=before,
    )
    return list(rows.select_related("owner")[:MOST])


def _partners(firm: Firm, now: datetime) -> list[User]:
    found = people.people_of(firm_id=firm.pk, role=Role.PARTNER, now=now)
    return found or people.people_of(firm_id=firm.pk, role=Role.ADMINISTRATOR, now=now)


def _lines(firm: Firm, cases: Sequence[Case]) -> list[str]:
    held = Hold.objects.filter(firm_id=firm.pk, case__in=cases, closed_at__isnull=True).order_by()
    sums = dict(held.values_list("case_id").annotate(minor=Coalesce(Sum("amount"), 0)))
    trust = sorted(cases, key=lambda case: (case.severity != "trust", case.opened_at))
    money = {case_id: f"{spoken(minor, firm.currency)}, " for case_id, minor in sums.items()}
    return [
        f"{'Trust: ' if case.severity == 'trust' else ''}{case.title} "
        f"({money.get(case.pk, '')}{case.owner or 'nobody'}, since "
        f"{case.opened_at:%-d %b %Y})"
        for case in trust
    ]


def _letter(firm: Firm, care: Care, lines: Sequence[str]) -> tuple[str, str]:
    noun = "exception" if len(lines) == 1 else "exceptions"
    subject = f"{firm.name}: {len(lines)} {noun} open for {care.escalate_after} working days"
    body = (
        f"Nobody has cleared these within {care.escalate_after} working days, trust first:\n\n"
        f"{chr(10).join(lines)}\n\n{settings.PUBLIC_URL.rstrip('/')}/exceptions/?due=told\n\n"
        "You are told of each once.\n"
    )
    return subject, body


def _day(at: datetime, care: Care) -> date:
    return at.astimezone(ZoneInfo(care.zone)).date()
