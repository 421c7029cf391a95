"""What an undo would post, looked at before anybody presses: record by record, and what cannot be undone.

Nothing is written. What is shown is planned as settling plans it, by the books as they were last seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from accounts.models import Books
from syncapp.core.documents import Kind, Money, Payment
from syncapp.core.keys import fingerprint
from syncapp.core.ledger import EntryLine
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Problem
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.loading import load
from syncapp.pipeline.settling import barriers
from syncapp.pipeline.settling.wishes import answer_of, reading_of
from syncapp.pipeline.trust import changes
from syncapp.pipeline.trust import legs as trust_legs
from syncapp.pipeline.undoing import refusals, settling
from syncapp.pipeline.undoing.refusals import Refused, Rights
from syncapp.records.models import Document, Undone

if TYPE_CHECKING:
    from accounts.models import User

_LAST = {Kind.INTEREST.value: 2, Kind.BILL.value: 3}  # after what rests on them
MOST = 2000  # records of one undo
_NOUN = {"credit_memo": "credit memo", "journal": "journal entry"}

type Lines = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One record as it would be taken back: what happens, and the lines that it moves; minor units.

    `again` are the lines that it would post as the mapping is now; `waits` says why it could not yet, and
    `approval` what the undo itself waits for.
    """

    document: Document
    acts: tuple[str, ...]
    lines: Lines
    again: Lines = field(default_factory=list)
    waits: str = ""
    approval: str = ""


@dataclass(slots=True, kw_only=True)
class Foreseen:
    """What an undo would do. `print` says what was looked at, so that nothing else is undone."""

    taken: list[Taken] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    print: str = ""

    @property
    def lines(self) -> Lines:
        """Return all that would be taken back, added up by account."""
        return _added(line for one in self.taken for line in one.lines)

    @property
    def again(self) -> Lines:
        """Return all that would be sent again, added up by account."""
        return _added(line for one in self.taken for line in one.again)


def look(
    *, firm_id: int, documents: Iterable[int], rights: Rights, by: User, now: datetime
) -> Foreseen | Problem:
    """Foresee the undo of some records. In a reading scope."""
    one = Books.objects.filter(firm_id=firm_id).order_by("position", "id").first()
    rows = Document.objects.filter(firm_id=firm_id, pk__in=list(documents))
    first = rows.exclude(kind__in=["client", "matter"]).order_by("kind", "day", "pk")[:MOST]
    context = load(firm_id=firm_id, books_id=one.pk if one else 0, about=first)
    if isinstance(context, Problem):
        return context
    asked = sorted(first, key=lambda row: _LAST.get(row.kind) or refusals.brings(context, row))
    natural = {row.pk: _natural(context, row) for row in asked}
    told, found = refusals.load(context, asked), Foreseen()
    for row in asked:
        one_ = told.of(row, rights) or _as_undone(context, row, natural[row.pk], by=by, now=now)
        if isinstance(one_, Refused):
            found.refused.append(one_)
        else:
            found.taken.append(one_)
    found.print = _print(context, found)
    return found


def _print(context: Context, found: Foreseen) -> str:
    seen = [
        [one.document.pk, one.document.version, [[link.pk, link.round] for link in owned]]
        for one in found.taken
        if (owned := refusals.owned(context, one.document))
    ]
    return fingerprint(seen)[:24]


def _as_undone(
    context: Context, row: Document, natural: Lines | str, *, by: User, now: datetime
) -> Taken | Refused:
    """Plan one record as undone; it stays so for what comes after it, unless it cannot be."""
    context.undoing.open[row.pk] = Undone(
        firm_id=row.firm_id, document=row, version=row.version, batch=UUID(int=0), by=by, at=now, reason="-"
    )
    context.undoing.last[row.pk] = now
    taken = _taken(context, row, natural)
    if isinstance(taken, Refused):
        del context.undoing.open[row.pk]
    return taken


def _taken(context: Context, row: Document, natural: Lines | str) -> Taken | Refused:
    acts: list[str] = []
    approval = ""
    for part in settling.parts(context, row):
        answer = trust_legs.keeping(context, row, part)
        if isinstance(answer, Answer) and part.trust:
            mine = frozenset(link.subject for link in refusals.owned(context, row))
            wanted = tuple(changes.reversing(context, row))
            answer = Answer(wanted=wanted, kept=mine)
            waits = trust_legs.unapproved(context, answer)
            approval = waits.words if waits is not None else approval
        stopped = answer if isinstance(answer, Problem) else barriers.barred(context, answer)
        if stopped is None and isinstance(answer, Answer):
            stopped = barriers.ends(context, row, answer)
            acts += _acts(context, row, answer)
        if stopped is not None:
            return refusals.because(row, stopped)
    return Taken(
        document=row,
        acts=tuple(acts),
        lines=_turned(context, row),
        again=natural if isinstance(natural, list) else [],
        waits=natural if isinstance(natural, str) else "",
        approval=approval,
    )


def _acts(context: Context, row: Document, answer: Answer) -> list[str]:
    """Say what is done to each object: made void, taken back, or reversed by which entry."""
    wanted, said = {one.subject for one in answer.wanted}, []
    for link in refusals.owned(context, row):
        draft: Any = draft_of(link.object_kind, link.content or {})
        if link.subject in wanted | answer.kept:
            continue
        noun = _NOUN.get(link.object_kind, link.object_kind)
        number = f" {draft.number}" if getattr(draft, "number", "") else ""
        verb = "taken back" if link.object_kind == "deposit" else "made void"
        said.append(f"{noun.capitalize()}{number} is {verb}.")
    for one in answer.wanted:
        entry: Any = one.draft
        if entry.entry() and one.subject not in context.links:
            said.append(f"Journal entry {entry.number}, dated {entry.day:%-d %b %Y}, reverses it.")
    return said


def _turned(context: Context, row: Document) -> Lines:
    """Return what all of it moves: what stands for the record, turned round and added up by account."""
    drafts = [draft_of(link.object_kind, link.content or {}) for link in refusals.owned(context, row)]
    return _lines(context, (line for draft in drafts for line in draft.entry()), sign=-1)


def _natural(context: Context, row: Document) -> Lines | str:
    """Return the lines that a record would post as the mapping is now, or why it could not."""
    if row.problem or not row.data:
        return str((row.problem or {}).get("words") or "It asks nothing of the books.")
    reading = reading_of(row)
    legs: list[Answer | Problem] = []
    if trust_legs.of_trust(context, row) and isinstance(reading, Money | Payment):
        legs = [part.answer for part in trust_legs.parts(context, row, reading)]
    of_trust_only = legs and (isinstance(reading, Money) or _only_deposit(context, reading))
    asked = legs if of_trust_only else [*legs, answer_of(context, row)]
    if stopped := next((one for one in asked if isinstance(one, Problem)), None):
        return stopped.words
    drafts = [one.draft for answer in asked if isinstance(answer, Answer) for one in answer.wanted]
    return _lines(context, (line for draft in drafts for line in draft.entry()))


def _only_deposit(context: Context, reading: object) -> bool:
    return isinstance(reading, Payment) and trust_legs.is_deposit(context, reading)


def _lines(context: Context, lines: Iterable[EntryLine], *, sign: int = 1) -> Lines:
    sums: Counter[str] = Counter()
    for line in lines:
        account = context.book.chart.accounts.get(context.place(line))
        sums[account.name if account else line.account] += sign * line.amount
    return [_line(account, minor) for account, minor in sums.items() if minor]


def _line(account: str, minor: int) -> dict[str, Any]:
    return {"account": account, "debit_minor": max(minor, 0), "credit_minor": max(-minor, 0)}


def _added(lines: Iterable[dict[str, Any]]) -> Lines:
    """Add lines up by account and side: what is debited and what is credited both stay visible."""
    sums: dict[str, Counter[str]] = {}
    for line in lines:
        sums.setdefault(line["account"], Counter()).update(
            {side: line[side] for side in ("debit_minor", "credit_minor")}
        )
    return [
        {"account": account, side: minor}
        for account, sides in sums.items()
        for side, minor in sides.items()
        if minor
    ]
