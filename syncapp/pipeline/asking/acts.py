"""Questions made, sent, reminded of, taken back and answered. None of it posts anything.

A question goes to one address and is answered once. Its link ends after some days, when it is taken back,
and with who made it. Opening it changes nothing: what looks through mail opens links too; only a press does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from smtplib import SMTPException
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts import audit, links, notify, queries
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core import workdays
from syncapp.records.models import Case, CaseAsk, CaseNote
from syncapp.records.models.cases import PROPOSAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from accounts.models import Firm, User
    from syncapp.pipeline.asking.questions import Choice

TABLE = "records_caseask"
HOUR, ASKS_AN_HOUR = timedelta(hours=1), 30
LONGEST_ANSWER = 2000  # characters
REMIND_AFTER = 2  # working days
BETWEEN = timedelta(hours=24)  # from one letter to the next
MOST = 50  # reminders at once; what is left comes with the next run
TOO_MANY = f"A firm asks at most {ASKS_AN_HOUR} questions an hour. Ask the next one later."
CLOSED = "This exception is closed already."
NOT_SENT = "The letter to {} could not be sent, so its link opens nothing. Try again."
TOO_SOON = "The last letter is less than a day old."
NOT_OPEN = "This question is not open any more."

LETTER = """{by} of {firm} asks you:

{question}

Answer here, until {until}. You need no account:
{address}

The link is for you alone, and it is answered once. What you answer is a proposal: nothing is posted by it.
"""


class State(StrEnum):
    """What a link opens."""

    OPEN = "open"
    ANSWERED = "answered"
    SETTLED = "settled"  # the case closed meanwhile
    GONE = "gone"


def ask(
    *,
    firm_id: int,
    case_id: int,
    name: str,
    email: str,
    question: str,
    choices: Sequence[Choice],
    days: int,
    by: User,
    now: datetime,
) -> CaseAsk | str:
    """Send a question about an open case to one address; a sentence when it could not be sent."""
    token = links.new(firm_id, table=TABLE)
    with firm_scope(write=firm_id):
        if CaseAsk.objects.filter(firm_id=firm_id, at__gt=now - HOUR).count() >= ASKS_AN_HOUR:
            return TOO_MANY
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
        if case is None:
            return CLOSED
        row = CaseAsk.objects.create(
            firm_id=firm_id,
            case=case,
            name=name,
            email=email,
            question=question,
            choices=[{"label": one.label, "answer": one.answer} for one in choices],
            token_hashes=[links.hashed(token)],
            by=by,
            at=now,
            expires_at=now + timedelta(days=days),
        )
        _record(row, "case.asked", by, now, {"name": name, "email": email})
    if _sent(row, token):
        return row
    with firm_scope(write=firm_id):
        _end(row, by, now)
    return NOT_SENT.format(email)


def _sent(row: CaseAsk, token: str, *, again: bool = False) -> bool:
    """Mail the link; False when it could not be. In no scope."""
    with firm_scope(write=None, reads=[row.firm_id]):
        firm, zone = queries.firm_name(row.firm_id), ZoneInfo(queries.zone_of(row.firm_id))
        by = str(row.by)
    until = row.expires_at.astimezone(zone)
    text = LETTER.format(
        by=by,
        firm=firm,
        question=row.question,
        until=f"{until:%-d %b %Y %H:%M %Z}",
        address=f"{settings.PUBLIC_URL.rstrip('/')}/answer/{token}/",
    )
    subject = f"{'Reminder: ' if again else ''}{by} of {firm} asks you a question"
    try:
        return notify.send([row.email], subject=subject, text=text) > 0
    except (OSError, SMTPException):
        return False


def end(*, row: CaseAsk, by: User, now: datetime) -> None:
    """Take a question back: its link opens nothing any more. In a writing scope."""
    if row.answered_at is None and row.ended_at is None and row.expires_at > now:
        _end(row, by, now)


def _end(row: CaseAsk, by: User, now: datetime) -> None:
    row.ended_by, row.ended_at = by, now
    row.save(update_fields=["ended_by", "ended_at"])
    _record(row, "case.ask_ended", by, now, {"name": row.name})


def remind(*, firm_id: int, ask_id: int, by: User | None, now: datetime) -> str | None:
    """Write again, with a link of its own beside the first; a sentence when it cannot be."""
    token = links.new(firm_id, table=TABLE)
    with firm_scope(write=firm_id):
        rows = CaseAsk.objects.select_for_update().filter(firm_id=firm_id, pk=ask_id)
        row = rows.first()
        if row is None or state(row, since=askers(firm_id, now), now=now) is not State.OPEN:
            return NOT_OPEN
        before = row.reminded_at
        if (before or row.at) > now - BETWEEN:
            return TOO_SOON
        row.reminded_at, row.token_hashes = now, [*row.token_hashes, links.hashed(token)]
        row.save(update_fields=["reminded_at", "token_hashes"])
        _record(row, "case.ask_reminded", by, now, {"name": row.name})
    if _sent(row, token, again=True):
        return None
    with firm_scope(write=firm_id):
        rows.update(reminded_at=before)
    return NOT_SENT.format(row.email)


def remind_due(*, firm: Firm, now: datetime) -> int:
    """Write once again to who has not answered within some working days; return how many. In no scope."""
    with firm_scope(write=None, reads=[firm.pk]):
        zone = ZoneInfo(firm.time_zone)
        last = workdays.since(now.astimezone(zone).date(), REMIND_AFTER) + timedelta(days=1)
        before = datetime.combine(last, datetime.min.time(), tzinfo=zone)
        rows = waiting(firm_id=firm.pk, now=now).filter(reminded_at__isnull=True, at__lt=before)
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])
    return sum(remind(firm_id=firm.pk, ask_id=pk, by=None, now=now) is None for pk in ids)


def waiting(*, firm_id: int, now: datetime) -> QuerySet[CaseAsk]:
    """Return the questions that still wait for their answers. In a reading scope."""
    rows = CaseAsk.objects.filter(firm_id=firm_id, answered_at__isnull=True, ended_at__isnull=True)
    return rows.filter(expires_at__gt=now, case__closed_at__isnull=True)


def askers(firm_id: int, now: datetime) -> dict[int, datetime]:
    """Say who may ask today, by person, and since when he has been in the firm. In a reading scope."""
    return queries.since_when(firm_id=firm_id, permission=Permission.APPROVE, now=now)


def state(row: CaseAsk, *, since: Mapping[int, datetime], now: datetime) -> State:
    """Say what the link of a question opens: it ends with who made it (`since` is of `askers`)."""
    stands = queries.stands(maker=row.by_id, made_at=row.at, since=since)
    if row.ended_at is not None or row.expires_at <= now or not stands:
        return State.GONE
    if row.answered_at is not None:
        return State.ANSWERED
    return State.SETTLED if row.case.closed_at else State.OPEN


def opened(*, firm_id: int, token: str, now: datetime, lock: bool = False) -> tuple[CaseAsk | None, State]:
    """Find the question of a token and what it opens. In a scope of the firm; `lock` in a writing one."""
    rows = CaseAsk.objects.filter(firm_id=firm_id, token_hashes__contains=[links.hashed(token)])
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.select_related("case", "by").first()
    if row is None:
        return None, State.GONE
    return row, state(row, since=askers(firm_id, now), now=now)


def answer(*, firm_id: int, token: str, label: str, said: str, now: datetime) -> tuple[CaseAsk | None, State]:
    """Keep the one answer as a proposal on the case, and tell who asked; as `opened` says before it.

    The label is one of the question's own, or empty. Opens its own scopes.
    """
    with firm_scope(write=firm_id):
        row, found = opened(firm_id=firm_id, token=token, now=now, lock=True)
        if row is None or found is not State.OPEN:
            return row, found
        kept = next((one for one in row.choices if one["label"] == label), {"label": "", "answer": ""})
        row.label, row.answer = kept["label"], kept["answer"]
        row.said, row.answered_at = said.strip()[:LONGEST_ANSWER], now
        row.save(update_fields=["label", "answer", "said", "answered_at"])
        words = proposal(row)
        CaseNote.objects.create(firm_id=firm_id, case=row.case, kind=PROPOSAL, words=words, at=now)
        _record(row, "case.ask_answered", f"{row.name} <{row.email}>", now, {"label": row.label})
        firm = queries.firm_name(firm_id)
    body = f"{words}\n\nNothing is posted by it: look at it, then apply it or not.\n\n{_address(row)}\n"
    subject = f"{firm}: {row.name} answered about an exception"
    notify.tell([row.by], firm_id=firm_id, subject=subject, body=body, key=f"answered:{row.pk}", now=now)
    return row, found


def proposal(row: CaseAsk) -> str:
    """Return an answer in one sentence, and what was written with it."""
    said = f"“{row.said}”" if row.said else ""
    return f"{row.name} proposes: {'. '.join(part for part in (row.label, said) if part)}"


def _address(row: CaseAsk) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}/exceptions/{row.case_id}/"


def _record(
    row: CaseAsk, verb: str, actor: User | str | None, now: datetime, after: dict[str, object]
) -> None:
    audit.record(
        firm_id=row.firm_id, actor=actor, verb=verb, kind="case", id=row.case_id,
        text=row.case.title[:300], after={"ask": row.pk, **after}, now=now,
    )  # fmt: skip
