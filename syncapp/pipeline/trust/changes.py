"""A movement of client money that changed or went: what is fixed stays, and a later entry says the rest.

DESIGN section 9, "trust entry edited or removed" and rule e: fixed is what is matched to a bank line, or lies
in a closed or signed period.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from syncapp.core.ledger import Draft, TrustJournalDraft, TwinDraft
from syncapp.core.planning.trust import changes as core
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import drift, taking
from syncapp.pipeline.reading.edited import edited_on
from syncapp.records.models import Document, Link, PostingState
from trust.queries import matches, signing

_LONGEST = 60  # months that a correction may lie behind the last locked one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """An entry as it was posted, with its later ones in order."""

    link: Link
    draft: TrustJournalDraft
    earlier: tuple[TrustJournalDraft, ...]
    positions: tuple[int, ...]  # those of the later ones that stand
    first: int  # the position of the next one: none is taken twice, also where one is gone

    @property
    def kept(self) -> frozenset[str]:
        """Return what stays as it stands."""
        base = self.link.subject
        return frozenset({base, *(core.amendment_subject(base, n) for n in self.positions)})

    def wants(self, asked: TrustJournalDraft | None, day: date) -> list[Wanted]:
        """Return the later entries that bring it to what is asked."""
        drafts = core.amendments(self.draft, self.earlier, asked, day=day, first=self.first)
        base = self.link.subject
        return [
            Wanted(subject=core.amendment_subject(base, self.first + n), draft=draft)
            for n, draft in enumerate(drafts)
        ]


def amend(context: Context, row: Document, answer: Answer) -> Answer:
    """Want the later entries of what is fixed; what is free is updated by the comparison."""
    answer = _posted_again(context, row, _again(context, answer))
    for standing in _standing(context, row, answer):
        wanted = next((one for one in answer.wanted if one.subject == standing.link.subject), None)
        asked = wanted.draft if wanted is not None else None
        if asked is not None and not isinstance(asked, TrustJournalDraft):
            continue
        if asked == standing.draft and not standing.earlier:
            continue
        held = _fixed(context, standing, asked)
        if core.in_place(standing.draft, standing.earlier, asked, fixed=held):
            continue
        rest = tuple(one for one in answer.wanted if one.subject != standing.link.subject)
        day = _day(context, row, standing) if held else standing.draft.day
        if asked is not None and not held and comes_to_nothing(context, standing.link):
            day = asked.day  # it was taken back, and is sent again
        new = standing.wants(asked, day)
        answer = replace(
            answer,
            wanted=(*rest, *_unsent(context, standing), *new),
            kept=answer.kept | standing.kept,
            skipped="" if new else answer.skipped,
        )
    return _restored(context, row, answer)


def _again(context: Context, answer: Answer) -> Answer:
    """Date in the open period what a hand took out of a closed one, and a person had posted again."""
    wanted = tuple(taking.dated_anew(context, one, _once_more) for one in answer.wanted)
    return replace(answer, wanted=wanted)


def _once_more(draft: Draft, day: date) -> Draft | None:
    return core.posted_again(draft, day=day) if isinstance(draft, TrustJournalDraft) else None


def _restored(context: Context, row: Document, answer: Answer) -> Answer:
    """Want as it was posted what somebody changed in the books and a person wants back."""
    named = {one.subject for one in answer.wanted}
    back = tuple(
        Wanted(subject=link.subject, draft=draft)
        for link in context.standing(row)
        if link.subject not in named and drift.restores(context, link) is not None
        if isinstance(draft := draft_of(link.object_kind, link.content or {}), TrustJournalDraft)
    )
    return replace(answer, wanted=(*answer.wanted, *back)) if back else answer


def _standing(context: Context, row: Document, answer: Answer) -> list[_Standing]:
    """Return the entries of a document that its answer may change: nothing that was sent is on its way."""
    found = []
    for link in context.standing(row):
        if link.content is None or core.is_amendment(link.subject) or link.subject in answer.kept:
            continue
        draft = draft_of(link.object_kind, link.content)
        waiting = context.waiting.get(link.subject)
        sent = waiting is not None and waiting.state != PostingState.READY.value
        if not isinstance(draft, TrustJournalDraft) or isinstance(draft, TwinDraft) or sent:
            continue  # what somebody else entered is followed in place (`twins`)
        found.append(_with_later(context, link, draft))
    return found


def _with_later(context: Context, link: Link, draft: TrustJournalDraft) -> _Standing:
    """Return an entry with its later ones that stand, and the position of the next."""
    kept: dict[int, TrustJournalDraft] = {}
    position = 1
    while _was(context, subject := core.amendment_subject(link.subject, position)):
        if isinstance(later := context.content(subject), TrustJournalDraft):
            kept[position] = later
        position += 1
    earlier = tuple(kept.values())
    return _Standing(link=link, draft=draft, earlier=earlier, positions=tuple(kept), first=position)


def _was(context: Context, subject: str) -> bool:
    """Tell whether something was ever posted for a subject, or is on its way."""
    return subject in context.generations or subject in context.waiting


def _posted_again(context: Context, row: Document, answer: Answer) -> Answer:
    """Want once more what a hand took out of fixed books and later entries rest on: those stay as they are.

    It is a person's word; what is asked beyond it is a later entry, as ever.
    """
    resting = {core.base_of(one.subject) for one in context.standing(row) if core.is_amendment(one.subject)}
    for base in sorted(resting - context.links.keys()):
        said, ended = taking.days(context, base), _ended(context, base)
        draft = draft_of(ended.object_kind, ended.content or {}) if ended is not None else None
        if said is None or ended is None or not isinstance(draft, TrustJournalDraft):
            continue
        day = open_day(context, draft, said[1])
        again = core.posted_again(draft, day=day)
        standing = replace(_with_later(context, ended, draft), draft=again)
        asked = next((one.draft for one in answer.wanted if one.subject == base), None)
        rest = tuple(one for one in answer.wanted if one.subject != base)
        more = standing.wants(asked if isinstance(asked, TrustJournalDraft) else None, day)
        kept, wanted = answer.kept | standing.kept, (*rest, Wanted(subject=base, draft=again), *more)
        answer = replace(answer, wanted=wanted, kept=kept, skipped="")
    return answer


def _ended(context: Context, subject: str) -> Link | None:
    """Return the newest link of what is gone."""
    mine = Link.objects.filter(firm_id=context.firm_id, books_id=context.books_id, subject=subject)
    return mine.filter(live=False).order_by("-generation", "-pk").first()


def reversing(context: Context, row: Document) -> list[Wanted]:
    """Return the entries that take back what is free of a document's client money, each on its own day."""
    found = []
    for standing in _standing(context, row, Answer()):
        found += standing.wants(None, standing.draft.day)
    return found


def comes_to_nothing(context: Context, link: Link) -> bool:
    """Tell whether an entry that stands is taken back: with all its later ones it moves nothing."""
    base = context.links.get(core.base_of(link.subject), link)
    draft = draft_of(base.object_kind, base.content or {})
    if not isinstance(draft, TrustJournalDraft):
        return False
    return not _with_later(context, base, draft).wants(None, draft.day)


def _unsent(context: Context, standing: _Standing) -> tuple[Wanted, ...]:
    """Want an entry as it stands where a change of it was planned before it was fixed, and never sent."""
    base = standing.link.subject
    return (Wanted(subject=base, draft=standing.draft),) if base in context.waiting else ()


def _fixed(context: Context, standing: _Standing, asked: TrustJournalDraft | None) -> bool:
    """Tell whether an entry must stay as it is."""
    draft = standing.draft
    if matches.is_matched(firm_id=context.firm_id, subjects=[standing.link.subject]):
        return True
    days = {draft.day, asked.day if asked is not None else draft.day}
    through = context.book.company.closed_through
    if through is not None and min(days) <= through:
        return True
    return any(locked(context, draft, day) for day in days)


def locked(context: Context, draft: TrustJournalDraft, day: date) -> bool:
    """Tell whether a day lies in a month that is submitted or signed for the account of an entry."""
    accounts = {line.account for line in draft.entry()}
    return signing.locked(firm_id=context.firm_id, books_id=context.books_id, accounts=accounts, day=day)


def _day(context: Context, row: Document, standing: _Standing) -> date:
    """Return the day of a later entry: that of the change in Clio, or of a person's word after a hand's."""
    base = standing.link.subject
    named = [base, *(core.amendment_subject(base, n) for n in range(1, standing.first))]
    said = [days[1] for one in named if (days := taking.days(context, one)) is not None]
    return open_day(context, standing.draft, max([edited_on(context, row), *said]))


def open_day(context: Context, draft: TrustJournalDraft, day: date) -> date:
    """Return a day, or the first open one after it."""
    through = context.book.company.closed_through
    if through is not None:
        day = max(day, through + timedelta(days=1))
    for _ in range(_LONGEST):
        if not locked(context, draft, day):
            break
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day
