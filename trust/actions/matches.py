"""Matching the bank with the books, and undoing it. Each runs in a scope that writes.

An action returns what it kept, or the sentence that says why it did not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import audit
from syncapp.core import money
from syncapp.core.matching import folded
from trust.actions import renaming
from trust.matching import How, Proposal
from trust.matching.names import telling, words
from trust.models import LearnedPayee, Match, MatchPart
from trust.models.matches import ACCEPTED, AUTOMATIC, BANK, BOOKS, BY_HAND
from trust.queries import matches as query
from trust.queries import signing, witnesses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from accounts.models import User
    from trust.models import TrustPair
    from trust.nouns import BankLine, Movement

GONE = "The entry is no longer in the books."
TAKEN = "One of these was matched meanwhile. Look again."
UNDONE = "This match was undone before."
NOTHING = "Choose at least one line of the bank and one entry."
LONGEST = 20  # items that the log names


def match_certain(
    *,
    pair: TrustPair,
    actor: User | None = None,
    now: datetime,
    booked: Sequence[Movement] | None = None,
) -> int:
    """Match what is certain and return how many matches that made; what rests on a gone entry is undone.

    Called after an import and after a run. What is only suggested waits for a person. `booked` is what
    `witnesses.book_movements` answered, for who has asked it already.
    """
    booked = witnesses.book_movements(pair) if booked is None else booked
    _release(pair, query.entries(pair, booked=booked), now)
    both = query.sides(pair, booked=booked)
    found = query.proposals(pair, both).automatic
    if not found:
        return 0
    _keep(pair, both, found, made=AUTOMATIC, actor=None, now=now)
    total = sum(len(one.lines) for one in found)
    audit.record(
        firm_id=pair.firm_id,
        actor=actor,
        verb="trust.matched_certain",
        obj=pair,
        after={"lines": total, "matches": len(found)},
        now=now,
    )
    return len(found)


def _release(pair: TrustPair, entries: list[Movement], now: datetime) -> None:
    """Undo matches of entries that are gone: their bank lines are free to be what they are."""
    renaming.carry(pair=pair, standing=entries, undo=undo, now=now)
    standing = {one.subject for one in entries}
    parts = MatchPart.objects.filter(firm_id=pair.firm_id, pair=pair, side=BOOKS, live=True)
    gone = {match_id for match_id, key in parts.values_list("match_id", "key") if key not in standing}
    for one in Match.objects.filter(firm_id=pair.firm_id, pk__in=gone).order_by("pk"):
        undo(match=one, why=GONE, actor=None, now=now)


def accept(*, pair: TrustPair, keys: Sequence[str], day: date, actor: User, now: datetime) -> int | str:
    """Match what a page offered for the time to `day`; of a changed offer nothing is taken.

    Returns how many matches that made.
    """
    both = query.sides(pair)
    found = query.proposals(pair, both, day)
    offered = {one.key: one for one in (*found.automatic, *found.suggested)}
    if not keys or any(key not in offered for key in keys):
        return TAKEN
    taken = [offered[key] for key in dict.fromkeys(keys)]
    named = {key for one in taken for key in one.lines}
    if refused := _locked(pair, [line for line in both.lines if line.id in named]):
        return refused
    rows = _keep(pair, both, taken, made=ACCEPTED, actor=actor, now=now)
    for row in rows:
        _log(row, "trust.match_accepted", actor, now)
    return len(rows)


def _locked(pair: TrustPair, items: Iterable[BankLine | MatchPart]) -> str:
    """Say that a line lies in a month that is prepared or signed; empty when none does."""
    for month in sorted({item.day.replace(day=1) for item in items}):
        if signing.is_locked(pair, month):
            return f"{month:%B %Y} is prepared or signed. Reopen it first, with a reason."
    return ""


def match_by_hand(
    *,
    pair: TrustPair,
    lines: Sequence[str],
    subjects: Sequence[str],
    learn: bool,
    actor: User,
    now: datetime,
) -> Match | str:
    """Match what a person chose. Both sides must sum to the same, and nothing of it be matched already.

    One side alone may cancel itself: a check and its void, or an error of the bank and its correction.
    `learn` keeps what the bank's text says of the payee, for one line and entries of one payee.
    """
    both = query.sides(pair)
    free_lines = {line.id: line for line in both.free_lines}
    free_entries = {one.subject: one for one in both.free_entries}
    here, there = set(lines), set(subjects)
    if len(here) + len(there) < 2:  # noqa: PLR2004
        return NOTHING
    if not here <= free_lines.keys() or not there <= free_entries.keys():
        return TAKEN
    seen = [free_lines[key] for key in sorted(here)]
    booked = [free_entries[key] for key in sorted(there)]
    if refused := _locked(pair, seen) or _apart(pair, seen, booked):
        return refused
    proposal = Proposal(
        lines=tuple(line.id for line in seen),
        movements=tuple(one.subject for one in booked),
        how=How.HAND,
        certain=True,
        reasons=(),
    )
    row = _keep(pair, both, [proposal], made=BY_HAND, actor=actor, now=now)[0]
    _log(row, "trust.match_made", actor, now)
    if learn and len(seen) == 1:
        _learn(pair, seen[0], booked, actor, now)
    return row


def _apart(pair: TrustPair, seen: Sequence[BankLine], booked: Sequence[Movement]) -> str:
    """Say by how much two sides differ; empty when they tie."""
    apart = sum(line.amount for line in seen) - sum(one.amount for one in booked)
    if not apart:
        return ""
    return (
        f"The two sides differ by {money.spoken(abs(apart), pair.firm.currency)}. Choose what makes up "
        "the difference, or correct the entry first."
    )


def undo_by_hand(*, match: Match, why: str, actor: User, now: datetime) -> str:
    """Undo a match as a person asked; empty when it is undone, else the sentence why not."""
    parts = MatchPart.objects.filter(firm_id=match.firm_id, match=match, side=BANK)
    return _locked(match.pair, parts) or ("" if undo(match=match, why=why, actor=actor, now=now) else UNDONE)


def undo(*, match: Match, why: str, actor: User | None, now: datetime) -> bool:
    """Undo a match; its lines and entries are free again. False when somebody else was faster."""
    rows = Match.objects.filter(firm_id=match.firm_id, pk=match.pk, undone_at=None)
    if rows.update(undone_at=now, undone_by=actor, undone_why=why[:500]) != 1:
        return False
    MatchPart.objects.filter(firm_id=match.firm_id, match=match, live=True).update(live=False)
    _log(match, "trust.match_undone", actor, now, why=why)
    return True


def stop_rule(*, rule: LearnedPayee, actor: User, now: datetime) -> bool:
    """Stop a learned payee; matches that rest on it stay. False when it was stopped before."""
    rows = LearnedPayee.objects.filter(firm_id=rule.firm_id, pk=rule.pk, stopped_at=None)
    if rows.update(stopped_at=now, stopped_by=actor) != 1:
        return False
    audit.record(
        firm_id=rule.firm_id,
        actor=actor,
        verb="trust.payee_stopped",
        obj=rule,
        before={"words": rule.words},
        now=now,
    )
    return True


def _keep(
    pair: TrustPair,
    both: query.Sides,
    found: Sequence[Proposal],
    *,
    made: str,
    actor: User | None,
    now: datetime,
) -> list[Match]:
    """Write matches with their parts as they stand today."""
    rows = Match.objects.bulk_create(
        Match(
            firm_id=pair.firm_id,
            pair=pair,
            how=one.how.value,
            made=made,
            reasons=list(one.reasons),
            rule_id=one.rule,
            by=actor,
            at=now,
        )
        for one in found
    )
    lines = {line.id: line for line in both.lines}
    booked = {one.subject: one for one in both.entries}
    MatchPart.objects.bulk_create(
        part
        for row, one in zip(rows, found, strict=True)
        for part in (
            *(_part(row, BANK, key, lines[key]) for key in one.lines),
            *(_part(row, BOOKS, key, booked[key]) for key in one.movements),
        )
    )
    return rows


def _part(row: Match, side: str, key: str, item: BankLine | Movement) -> MatchPart:
    return MatchPart(
        firm_id=row.firm_id,
        match=row,
        pair_id=row.pair_id,
        side=side,
        key=key,
        day=item.day,
        amount=item.amount,
    )


def _learn(
    pair: TrustPair, line: BankLine, booked: Sequence[Movement], actor: User, now: datetime
) -> LearnedPayee | None:
    """Keep what a bank text says of a payee; one that was taught otherwise before is stopped."""
    payees = {folded(one.payee): one.payee for one in booked if one.payee}
    said = " ".join(sorted(telling(line.text)))[:300]
    if len(payees) != 1 or not said or not all(one.payee for one in booked):
        return None
    ((known, payee),) = payees.items()
    if not telling(payee) or words(payee) <= words(line.text):
        return None
    paid_in = line.amount > 0
    before = LearnedPayee.objects.filter(
        firm_id=pair.firm_id, pair=pair, paid_in=paid_in, words=said, stopped_at=None
    ).first()
    if before is not None and before.folded == known:
        return before
    if before is not None:
        stop_rule(rule=before, actor=actor, now=now)
    rule = LearnedPayee.objects.create(
        firm_id=pair.firm_id,
        pair=pair,
        words=said,
        payee=payee[:200],
        folded=known[:200],
        paid_in=paid_in,
        by=actor,
        at=now,
    )
    audit.record(
        firm_id=pair.firm_id,
        actor=actor,
        verb="trust.payee_learned",
        obj=rule,
        after={"words": said},
        now=now,
    )
    return rule


def _log(row: Match, verb: str, actor: User | None, now: datetime, *, why: str = "") -> None:
    parts = MatchPart.objects.filter(firm_id=row.firm_id, match=row).order_by("id")
    keys = {side: [part.key for part in parts if part.side == side][:LONGEST] for side in (BANK, BOOKS)}
    amount = sum(part.amount for part in parts if part.side == (BANK if keys[BANK] else BOOKS))
    facts = {**keys, "account": row.pair.clio_account, "amount": money.text(amount), "how": row.how}
    audit.record(
        firm_id=row.firm_id,
        actor=actor,
        verb=verb,
        kind="match",
        id=row.pk,
        text=f"{money.spoken(amount, row.pair.firm.currency)} of {row.pair.clio_account}",
        before=facts if why or verb == "trust.match_undone" else None,
        after={"why": why} if verb == "trust.match_undone" else facts,
        now=now,
    )
