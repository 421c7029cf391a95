"""Twins: what the bank feed, or a hand, has put into the books already is not posted a second time.

A kind of movement that the firm leaves to its bank feed gets its ledger there: the one row that it can only
be is updated, on the trust liability with its client, and is ours to trace and to compare from then on. Where
it stands elsewhere, names somebody else, or is one of several, a person decides. What Tieout posts itself
waits beside a twin until a person deletes that one, lets Tieout name it, or says that they are two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from accounts import audit
from accounts.models import User
from syncapp.core.ledger import TrustJournalDraft, TwinDraft
from syncapp.core.planning.trust.changes import is_amendment
from syncapp.core.planning.trust.pairs import Pair, account_key
from syncapp.core.planning.trust.plan import LEFT_TO_FEED
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Problem
from syncapp.pipeline.cases import given
from syncapp.pipeline.context import Context
from syncapp.pipeline.trust import twin_answers, twin_rows, twin_shape, twin_words
from syncapp.pipeline.trust.twin_answers import POST, SAME, TWO
from syncapp.pipeline.trust.twin_rows import Teller
from syncapp.records.models import BookChoice, BookRow, Case
from trust.nouns import Movement

CODE = twin_words.CODE
NOT_ASKED = "Say that they are two movements, or delete the one in QuickBooks."
_SAYS = {
    TWO: "take the two for two movements",
    SAME: "name its client on the entry that stands in the books",
    POST: "post it, and not leave it to the bank feed",
}
_VERBS = {TWO: "case.twin_is_another", SAME: "case.twin_is_it", POST: "case.twin_posts"}


def leg(
    context: Context, account: str, moved: Movement, planned: Answer | Problem, *, tell: Teller
) -> Answer | Problem:
    """Let what the books have already stand for a movement of one trust account, where it may.

    `planned` is what the movement asks otherwise, `tell` says what another document moved.
    """
    pair = context.book.pairs.get(account_key(account))
    if pair is None or isinstance(planned, Problem) or not moved.amount:
        return planned
    standing = context.content(moved.subject)
    left = planned.skipped == LEFT_TO_FEED
    if isinstance(standing, TwinDraft):
        return _followed(context, pair, moved, standing, planned) if left or planned.wanted else planned
    if context.stands(moved.subject) or not (left or planned.wanted):
        return planned
    answers = twin_rows.said(context, moved.subject)
    if not left and SAME not in answers.values():
        return planned  # `held` looks whether it has a twin
    if left and context.choices.get(twin_answers.asked(moved.subject)) == POST:
        entry = twin_shape.entry_of(context, pair, moved)
        return replace(planned, skipped="", wanted=(Wanted(subject=moved.subject, draft=entry),))
    rows = twin_rows.find(context, twin_rows.of_movement(moved, pair))
    said = next((row for row in rows if answers.get(twin_words.key_of(row)) == SAME), None)
    if not rows or (said is None and not left):
        return planned
    return _found(context, pair, account, moved, rows, said, planned, tell=tell)


def _found(
    context: Context,
    pair: Pair,
    account: str,
    moved: Movement,
    rows: list[BookRow],
    said: BookRow | None,
    planned: Answer,
    *,
    tell: Teller,
) -> Answer | Problem:
    """Name the ledger on the row that a movement is, or ask; what another movement has stays left."""
    subject, bank, amount = moved.subject, pair.bank, moved.amount
    row = said
    if row is None:
        picked = _certain(context, account, moved, rows, tell=tell)
        if not isinstance(picked, BookRow):
            return twin_words.to_choose(context, subject, picked, bank, amount) if picked else planned
        row = picked
    if why := twin_shape.fixed(context, pair, row, moved.day):
        return twin_words.to_enter_anew(context, subject, row, bank, amount, why)
    if said is None and (why := twin_shape.question(context, pair, row, moved)):
        return twin_words.to_agree(context, subject, row, bank, amount, why)
    draft = twin_shape.content(context, pair, row, moved)
    wanted = Wanted(subject=subject, draft=draft, names=row.remote_id)
    return replace(planned, skipped="", wanted=(wanted,))


def _certain(
    context: Context, account: str, moved: Movement, rows: list[BookRow], *, tell: Teller
) -> BookRow | list[BookRow]:
    """Return the one row that a movement can only be, those that a person chooses from, or none.

    The check's own number decides. Movements of one ledger may change places: the nearest day takes the row.
    """
    strong = [row for row in rows if twin_rows.bears(row, moved.check)]
    pool: list[BookRow] = []
    others: dict[str, Movement] = {}
    for row in strong or rows:
        found = list(twin_rows.rivals(context, row, moved, account, tell=tell))
        bearing = [one for one in found if twin_rows.bears(row, one.check)]
        if bearing and not strong:
            continue  # it bears the number of another movement
        pool.append(row)
        others |= {one.subject: one for one in (bearing if strong else found)}
    if not pool:
        return []
    if not others and len(pool) == 1:
        return pool[0]
    mine = {ledger for ledger, _ in moved.ledgers}
    alike = all({ledger for ledger, _ in one.ledgers} == mine for one in others.values())
    if not alike or len(pool) > len(others) + 1:
        return pool
    nearest = min([moved, *others.values()], key=lambda one: (twin_rows.apart(pool[0], one.day), one.subject))
    return pool[0] if len(pool) > len(others) or nearest is moved else []


def _followed(
    context: Context, pair: Pair, moved: Movement, standing: TwinDraft, planned: Answer
) -> Answer | Problem:
    """Bring an entry that somebody else made, and that bears our ledger, in line with Clio."""
    subject, entry = moved.subject, twin_shape.entry_of(context, pair, moved)
    link, waiting = context.links.get(subject), context.waiting.get(subject)
    names = waiting.remote_id if link is None and waiting is not None else ""
    as_it_is = replace(planned, skipped="", wanted=(Wanted(subject=subject, draft=standing, names=names),))
    draft = replace(standing, day=entry.day, banks=entry.banks, ledgers=entry.ledgers)
    if draft == standing:
        return as_it_is
    remote_id = link.remote_id if link is not None else names
    rows = BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id, deleted=False)
    row = rows.filter(kind=standing.form.value, remote_id=remote_id).first()
    lines = (row.data.get("lines") or []) if row is not None else []
    if sum(line["amount"] for line in lines if line["account"] == pair.bank) != moved.amount:
        return twin_words.changed(context, subject, standing, moved.amount, row)
    if why := twin_shape.locked(context, pair, {standing.day, draft.day}):
        return as_it_is if _says_the_same(standing, draft) else twin_words.stays(subject, standing, why)
    return replace(as_it_is, wanted=(Wanted(subject=subject, draft=draft, names=names),))


def _says_the_same(one: TwinDraft, other: TwinDraft) -> bool:
    """Tell whether two entries differ in their texts alone."""

    def told(draft: TwinDraft) -> object:
        return draft.day, [replace(line, memo="") for line in draft.entry()]

    return told(one) == told(other)


def lost(context: Context, subjects: Iterable[str], told: Mapping[str, Movement]) -> list[Problem]:
    """Say of which entries that somebody else made Clio has no movement any more."""
    stand = {one.subject for one in told.values()}
    return [
        twin_words.gone(subject, draft)
        for subject in sorted(set(subjects) - stand)
        if isinstance(draft := context.content(subject), TwinDraft)
    ]


def held(context: Context, answer: Answer) -> Problem | None:
    """Say which twin keeps an entry of client money from being posted; None when there is none."""
    for wanted in answer.wanted:
        draft, subject = wanted.draft, wanted.subject
        if not isinstance(draft, TrustJournalDraft) or isinstance(draft, TwinDraft) or is_amendment(subject):
            continue
        if subject in context.links or subject in context.waiting:
            continue
        for sought in twin_rows.of_draft(subject, draft):
            for row in twin_rows.find(context, sought)[:1]:
                can_name = not _fixed(context, row, draft)
                return twin_words.repeated(
                    context, subject, row, sought.bank, sought.amount, can_name=can_name
                )
    return None


def _fixed(context: Context, row: BookRow, draft: TrustJournalDraft) -> str:
    liability = draft.ledgers[0].account
    pairs = (pair for pair in context.book.pairs.values() if pair.liability == liability)
    pair = next(pairs, None)
    return twin_shape.fixed(context, pair, row, draft.day) if pair is not None else "no trust account"


def answer(case: Case, said: str, by: User, now: datetime) -> str | None:
    """Keep what a person said of a twin; a sentence when it was not asked. In a writing scope.

    `two`, `post`, `same`, or `same:check:12` where one of several was to be chosen.
    """
    what, _, chosen = said.partition(":")
    facts = case.facts
    rows = list(json.loads(facts["rows"])) if facts.get("rows") else [f"{facts['kind']}:{facts['books_id']}"]
    several = len(rows) > 1
    if what not in facts.get("ways", TWO).split(",") or (what == SAME and several) != bool(chosen):
        return NOT_ASKED
    if chosen and chosen not in rows:
        return NOT_ASKED
    subject = facts["subject"]
    about = {POST: [""], SAME: [chosen or rows[0]], TWO: rows}[what]
    asked = [twin_answers.asked(subject, row) for row in about]
    with given.press(case, says=_SAYS[what], by=by, now=now, subjects=asked):
        for key in asked:
            BookChoice.objects.update_or_create(
                firm_id=case.firm_id,
                books=case.books,
                subject=key,
                defaults={"answer": what, "by": by, "at": now},
            )
    audit.record(
        firm_id=case.firm_id,
        actor=by,
        verb=_VERBS[what],
        obj=case,
        text=case.title[:300],
        after={"subject": subject, "answer": said},
        now=now,
    )
    return None
