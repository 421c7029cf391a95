"""What people do with cases: give them to somebody, set a day, let them wait, write about them, close alarms.

Each act writes one firm, and stands in its log. None of them posts anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from accounts import audit, notify
from accounts import queries as people
from accounts.tenancy import firm_scope
from syncapp.pipeline.cases import causes, mentions, owners
from syncapp.pipeline.cases.mentions import Person
from syncapp.pipeline.drifting import hands
from syncapp.records import bulk
from syncapp.records.models import Case, CaseNote, Hold
from syncapp.records.models.cases import COMMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from accounts.models import User

LONGEST = 4000  # characters of a comment
LONGEST_WAIT = 366  # days
LISTED = 20  # cases named in a letter


def _standing(firm_id: int, case_ids: Iterable[int]) -> list[Case]:
    rows = Case.objects.select_for_update().filter(
        firm_id=firm_id, pk__in=list(case_ids), closed_at__isnull=True
    )
    return list(rows.order_by("pk"))


def _told(cases: Iterable[Case], verb: str, by: User, now: datetime, **after: Any) -> None:
    audit.append(
        [
            audit.event(
                firm_id=case.firm_id, actor=by, verb=verb, kind="case", id=case.pk,
                text=case.title[:300], after=after, now=now,
            )
            for case in cases
        ]
    )  # fmt: skip


def assign(*, firm_id: int, case_ids: Sequence[int], owner_id: int, by: User, now: datetime) -> int | str:
    """Give cases to a colleague, who is told by mail; return how many changed hands, or why not."""
    with firm_scope(write=firm_id):
        owner = owners.load(firm_id=firm_id, now=now).owners.get(owner_id)
        if owner is None:
            return "Choose somebody of the firm who clears exceptions."
        cases = [case for case in _standing(firm_id, case_ids) if case.owner_id != owner.pk]
        for case in cases:
            case.owner = owner
        bulk.rewrite(cases, ["owner"])
        _told(cases, "case.assigned", by, now, to=str(owner))
        name = people.firm_name(firm_id)
    if cases and owner.pk != by.pk:
        _write(firm_id, name, [owner], cases, f"{by} gave you", by=by, now=now)
    return len(cases)


def set_due(*, firm_id: int, case_ids: Sequence[int], due: date, by: User, now: datetime) -> int | str:
    """Set by when cases are to be cleared; return how many, or why not."""
    with firm_scope(write=firm_id):
        if due < owners.load(firm_id=firm_id, now=now).today:
            return "Choose today or a later day."
        cases = [case for case in _standing(firm_id, case_ids) if case.due_on != due]
        for case in cases:
            case.due_on = due
        bulk.rewrite(cases, ["due_on"])
        _told(cases, "case.due_set", by, now, day=due.isoformat())
    return len(cases)


def rest(
    *, firm_id: int, case_ids: Sequence[int], until: date, reason: str, by: User, now: datetime
) -> int | str:
    """Let cases wait until a day, with the reason; return how many, or why not.

    They come back by themselves on that day, and their records are tried again. What can post before posts.
    """
    if not reason.strip():
        return "Say in a few words what they wait for."
    with firm_scope(write=firm_id):
        today = owners.load(firm_id=firm_id, now=now).today
        if not 0 < (until - today).days <= LONGEST_WAIT:
            return "Choose a day from tomorrow on, and within a year."
        cases = _standing(firm_id, case_ids)
        for case in cases:
            case.rested_until = until
            case.due_on = max(case.due_on, until) if case.due_on else case.due_on
        bulk.rewrite(cases, ["rested_until", "due_on"])
        _told(cases, "case.rested", by, now, day=until.isoformat(), reason=reason.strip()[:200])
    return len(cases)


def unrest(*, firm_id: int, case_ids: Sequence[int], by: User, now: datetime) -> int:
    """Let cases wait no longer; return how many waited."""
    with firm_scope(write=firm_id):
        cases = [case for case in _standing(firm_id, case_ids) if case.rested_until]
        for case in cases:
            case.rested_until = None
        bulk.rewrite(cases, ["rested_until"])
        _told(cases, "case.taken_up", by, now)
    return len(cases)


def close(
    *, firm_id: int, case_ids: Sequence[int], reason: str, by: User, now: datetime
) -> tuple[int, int] | str:
    """Close the alarms of cases that a person has looked at; return how many, and how many cases stay.

    What is held stays: it closes when it posts. So does an alarm that a word does not close
    (`hands.refusal`). A sentence when there is no reason.
    """
    if not reason.strip():
        return "Say in a few words how it was settled."
    with firm_scope(write=firm_id):
        cases = _standing(firm_id, case_ids)
        rows = Hold.objects.filter(firm_id=firm_id, case__in=cases, closed_at__isnull=True)
        every = rows.filter(alarm=True).order_by("pk")
        alarms = [hold for hold in every if not hands.refusal(code=hold.code, resource=hold.resource)]
        for hold in alarms:
            hold.closed_at, hold.closed_words = now, reason.strip()[:200]
        bulk.rewrite(alarms, ["closed_at", "closed_words"])
        made = [
            audit.event(
                firm_id=firm_id, actor=by, verb="hold.alarm_closed", kind="hold", id=hold.pk,
                text=hold.words[:300], after={"reason": reason.strip()[:200]}, now=now,
            )
            for hold in alarms
        ]  # fmt: skip
        audit.append(made)
        still = rows.values("case").distinct().count()
        causes.close_done(firm_id=firm_id, now=now)
    return len(alarms), still


def comment(
    *, firm_id: int, case_id: int, words: str, by: User, now: datetime
) -> tuple[list[User], list[str]] | str:
    """Keep what a person writes about a case, closed ones too, and mail whom it names.

    Return who was named and which names nobody has, or why it is not kept.
    """
    text = words.strip()
    if not text or len(text) > LONGEST:
        return f"Write something, of at most {LONGEST:,} characters."
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id).first()
        if case is None:
            return "This exception does not exist."
        members = [
            member.user for member in people.members_today(firm_id=firm_id, now=now) if member.window is None
        ]
        known = [Person(user.pk, user.name, user.email) for user in members]
        chosen = set(mentions.named(text, known)) - {by.pk}
        note = CaseNote.objects.create(firm_id=firm_id, case=case, kind=COMMENT, words=text, by=by, at=now)
        _told([case], "case.commented", by, now, note=note.pk)
        name = people.firm_name(firm_id)
    named = [user for user in members if user.pk in chosen]
    subject = f"{name}: {by} asks you about an exception"
    body = f"{by} wrote:\n\n{text}\n\nAbout: {case.title}\n{_address(case)}\n"
    notify.tell(named, firm_id=firm_id, subject=subject, body=body, key=f"mention:{note.pk}", now=now)
    return named, mentions.strangers(text, known)


def _write(
    firm_id: int,
    firm: str,
    readers: Sequence[User],
    cases: Sequence[Case],
    what: str,
    *,
    by: User,
    now: datetime,
) -> None:
    noun = "an exception" if len(cases) == 1 else f"{len(cases)} exceptions"
    listed = "\n".join(f"{case.title}\n{_address(case)}" for case in cases[:LISTED])
    more = f"\nand {len(cases) - LISTED} more\n" if len(cases) > LISTED else ""
    key = f"assigned:{by.pk}:{cases[0].pk}:{len(cases)}:{now:%Y%m%d%H%M%S%f}"
    body = f"{what} {noun}:\n\n{listed}\n{more}"
    notify.tell(readers, firm_id=firm_id, subject=f"{firm}: {what} {noun}", body=body, key=key, now=now)


def _address(case: Case) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}/exceptions/{case.pk}/"
