"""Hands in the books: how one of our entries stood when it was posted, and how it stands now.

Who changed it QuickBooks does not tell a program; when, it tells of what was not deleted too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import capfirst

from syncapp.core.keys import fingerprint
from syncapp.core.ledger import Draft, ObjectKind, PaymentDraft
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import hands
from syncapp.pipeline.ties import entries
from syncapp.pipeline.ties.sight import Sight, as_it_stands
from syncapp.records.models import BookRow, Link

RESTORE, ACCEPT, CORRECT = "restore", "accept", "correct"
UNTOLD = "Sales tax, as QuickBooks adds it"  # the one line of it that names no account
CREDIT = f"{entries.TARGETS[ObjectKind.CREDIT_MEMO]}:"
SHOWN = 24  # characters of a fingerprint: an answer is about what was seen, and about nothing later

type Place = tuple[str, str]
type Shown = dict[str, str | int]  # a line as a person reads it


def subject_of(kind: str, remote_id: str) -> str:
    """Return the subject under which a person's answer about an object of the books is kept."""
    return f"drift/{kind}:{remote_id}"


def shape_of(row: BookRow | None) -> str:
    """Return the fingerprint of how an object of the books stands now."""
    if row is None or row.deleted:
        return "deleted"
    data = {key: row.data.get(key) for key in ("lines", "links", "day", "number", "customer")}
    return fingerprint([row.voided, data])[:SHOWN]


def answered(context: Context, place: Place, row: BookRow | None) -> str:
    """Return what a person answered to an object as it stands now: `accept`, `restore` or nothing."""
    what, _, shown = context.choices.get(subject_of(*place), "").partition(":")
    return what if what and shown == shape_of(row) else ""


def targets(context: Context, draft: Draft | None) -> set[Place]:
    """Return the places of what a payment was posted to pay, or to apply; none of any other draft."""
    parts = draft.applications if isinstance(draft, PaymentDraft) else ()
    links = (context.links.get(part.subject) for part in parts)
    return {(link.object_kind, link.remote_id) for link in links if link is not None}


def restores(context: Context, link: Link) -> BookRow | None:
    """Return the row of an entry that a person wants as it was posted; None when nobody does."""
    if subject_of(link.object_kind, link.remote_id) not in context.choices or link.content is None:
        return None
    rows = BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id, kind=link.object_kind)
    row = rows.filter(remote_id=link.remote_id).first()
    place = (link.object_kind, link.remote_id)
    return row if row is not None and answered(context, place, row) == RESTORE else None


def changed(
    context: Context, link: Link, row: BookRow | None, words: str, *, following: Iterable[str] = ()
) -> Problem:
    """Say that an entry of ours was changed there, with both forms of it, and which payments follow it.

    `following` names them as `seen` does.
    """
    draft: Any = draft_of(link.object_kind, link.content or {})
    gone = row is None or row.deleted
    was, now = _posted(context, draft), [] if gone or row is None else lines_of(context, row)
    if was == now and row is not None and isinstance(draft, PaymentDraft):
        sight = as_it_stands(context)
        was = _paying(was, sight, entries.asked_of(draft, sight))
        now = _paying(now, sight, entries.shown(row))
    verb = "deleted" if gone else "made void" if row is not None and row.voided else "changed"
    name = f"{link.object_kind.replace('_', ' ')} {getattr(draft, 'number', '') or link.remote_id}"
    return Problem(
        code=hands.CHANGED,
        fix=Fix.LOOK,
        cause=f"{link.object_kind}:{link.remote_id}",
        title=f"{capfirst(name)} was {verb} in QuickBooks after it was posted.",
        words=words,
        facts={
            "place": f"{link.object_kind}:{link.remote_id}",
            "books_id": f"{link.object_kind}:{link.remote_id}",
            "print": shape_of(row),
            "verb": verb,
            "was": json.dumps(was),
            "is": json.dumps(now),
            "was_day": _day(draft),
            "is_day": str(row.day or "") if row is not None and not gone else "",
            "changed_at": row.changed_at.isoformat() if row is not None and row.changed_at else "",
            "following": " ".join(following),
        },
        amount=entries.at_stake(draft, row, as_it_stands(context)),
    )


def together(one: Problem, left: str, to: str, *, count: int, closed: bool) -> Problem:
    """Say that a hand put many entries of ours from one account on another; `one` shows how."""
    way = [left, to, "closed"] if closed else [left, to]
    return replace(
        one,
        cause=f"moved:{fingerprint(way)[:SHOWN]}",
        title=f"{count:,} entries were put from {left} on {to} in QuickBooks after they were posted.",
        facts=dict(one.facts) | {"many": str(count)},
    )


def alike(facts: Mapping[str, str]) -> dict[Place, str]:
    """Return what a case is about: one entry, or many that were put elsewhere at once, with their prints."""
    named = [f"{facts['place']}={facts['print']}"] + (facts["following"].split() if facts.get("many") else [])
    found = {}
    for one in named:
        where, _, print_ = one.partition("=")
        kind, _, remote_id = where.partition(":")
        found[kind, remote_id] = print_
    return found


def seen(place: Place, row: BookRow | None) -> str:
    """Name an object of the books as it stands now: `kind:id=fingerprint`."""
    return f"{place[0]}:{place[1]}={shape_of(row)}"


def today(context: Context, now: datetime) -> date:
    """Return the day it is in the firm's time zone."""
    return now.astimezone(ZoneInfo(context.zone)).date()


def _day(draft: Any) -> str:
    day = getattr(draft, "day", None)
    return day.isoformat() if day else ""


def _posted(context: Context, draft: Draft) -> list[Shown]:
    return [
        shown_line(context, context.place(line), line.amount, (line.class_id, line.location))
        for line in draft.entry()
        if line.amount
    ]


def _paying(lines: list[Shown], sight: Sight, pays: Mapping[str, int]) -> list[Shown]:
    """Return the lines of a payment with what it pays in the place of its one line on receivables."""
    known = sight.chart.accounts.get(sight.receivable)
    name = known.name if known else sight.receivable
    whole = sum(int(line["credit"]) - int(line["debit"]) for line in lines if line["account"] == name)
    parts = {
        f"{name}, {entries.called(sight, target)}": amount * (-1 if target.startswith(CREDIT) else 1)
        for target, amount in sorted(pays.items())
        if amount
    }
    parts[f"{name}, not applied"] = whole - sum(parts.values())
    mine: list[Shown] = [
        {"account": part, "debit": max(-amount, 0), "credit": max(amount, 0)}
        for part, amount in parts.items()
        if amount
    ]
    return [*(line for line in lines if line["account"] != name), *mine]


def lines_of(context: Context, row: BookRow, *, sign: int = 1) -> list[Shown]:
    """Return the lines of an object of the books as a person reads them; `sign` -1 turns them round."""
    return [
        shown_line(
            context,
            line["account"],
            sign * line["amount"],
            (line.get("class_id") or "", line.get("location") or ""),
        )
        for line in row.data.get("lines") or []
        if line["amount"]
    ]


def shown_line(context: Context, account: str, amount: int, tags: tuple[str, str] = ("", "")) -> Shown:
    """Return a line of an entry as a person reads it: the account by its name, in debit or credit.

    `tags` are its class and its location, by their ids; empty where it has none.
    """
    chart = context.book.chart
    known = chart.accounts.get(account)
    named = [known.name if known else account or UNTOLD]
    named += [lists[key].name for lists, key in zip((chart.classes, chart.locations), tags, strict=True)
              if key in lists]  # fmt: skip
    return {"account": " · ".join(named), "debit": max(amount, 0), "credit": max(-amount, 0)}
