"""What QuickBooks' notices are worth: whether somebody else changed the books, or we hear our own writes.

A notice costs nothing, a look at the books is a paid read (qbo/API.md section 6). Whether our own writes are
notified too is documented neither way (section 5): what we wrote a moment ago, and what that touches, is
taken for an echo, as far as the notice says that it changed when we wrote. What changed later, and what was
deleted or made void and not by us, is somebody's. A change within seconds of our own is found by the next
look, and writing over it is refused by its SyncToken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Q

from accounts.tenancy import firm_scope
from syncapp.core.ledger import ObjectKind
from syncapp.pipeline.context import draft_of
from syncapp.pipeline.trust import beside, payees
from syncapp.qbo.shapes import entity_name
from syncapp.qbo.webhooks import Notice
from syncapp.records.models import BookCursor, BookRow, Link, Posting

ECHO = timedelta(minutes=15)  # the first notice of a change may take five (qbo/API.md section 5)
AT_ONCE = timedelta(seconds=5)  # between our write and the change that it makes, by QuickBooks' own clock
ENDS = frozenset({"delete", "void"})
HEARD = timedelta(hours=24)  # for so long silence is taken for "nothing happened"
LISTS = frozenset({"Account", "Item", "Class", "Department"})
SETTINGS = "Preferences"
ON_ITS_WAY = ("sending", "uncertain")
_KINDS_OF: dict[str, set[str]] = defaultdict(set)  # by entity: a purchase is a check or an expense
for _kind in ObjectKind:
    _KINDS_OF[entity_name(_kind)].add(_kind.value)


def hear(*, firm_id: int, books_id: int, notices: Iterable[Notice], now: datetime) -> bool:
    """Remember that QuickBooks was heard; return whether somebody else changed something.

    Opens its own scope. False means that nobody need look: it was about our own writes, or about nothing
    that Tieout keeps.
    """
    told = list(notices)
    with firm_scope(write=firm_id):
        cursor = BookCursor.objects.select_for_update().filter(firm_id=firm_id, books_id=books_id).first()
        if cursor is None:
            return False
        facts = {"heard_at": now.isoformat()}
        changed_settings = any(one.entity == SETTINGS for one in told)
        if changed_settings:
            facts["settings_told_at"] = now.isoformat()
        news = changed_settings or _strange(firm_id, books_id, told, now)
        if news:
            facts["told_at"] = now.isoformat()
        cursor.facts = cursor.facts | facts
        cursor.save(update_fields=["facts"])
    return news


def listening(cursor: BookCursor, *, now: datetime) -> bool:
    """Tell whether notices arrive for these books, so that silence means that nothing happened."""
    heard = instant(cursor, "heard_at")
    return heard is not None and now - heard <= HEARD / settings.TIME_SCALE


def instant(cursor: BookCursor, name: str) -> datetime | None:
    """Return an instant that is kept among the facts of a set of books."""
    text = cursor.facts.get(name)
    return datetime.fromisoformat(text) if text else None


def _strange(firm_id: int, books_id: int, told: list[Notice], now: datetime) -> bool:
    """Tell whether a notice speaks of what none of our last postings can have changed."""
    beside_us = set(beside.captured(firm_id=firm_id, books_id=books_id))  # none without client money
    about = [one for one in told if one.entity in {*_KINDS_OF.keys() - payees.LISTS, *LISTS, *beside_us}]
    if not about:
        return False
    mine = Posting.objects.filter(firm_id=firm_id, books_id=books_id)
    recent = Q(posted_at__gte=now - ECHO / settings.TIME_SCALE) | Q(state__in=ON_ITS_WAY)
    fields = ("subject", "object_kind", "remote_id", "state", "verb")
    written = list(mine.filter(recent).values_list(*fields))
    created = set(
        mine.filter(
            state="posted",
            verb="create",
            remote_id__in=[one.id for one in about if one.operation == "create"],
        ).values_list("object_kind", "remote_id")
    )
    touched = _touched(firm_id, books_id, {subject for subject, *_ in written})
    touched |= {(kind, remote_id) for _, kind, remote_id, *_ in written if remote_id}
    unknown = {kind for _, kind, remote_id, state, _ in written if state in ON_ITS_WAY and not remote_id}
    ended = {(kind, remote_id) for _, kind, remote_id, _, verb in written if verb in ENDS}
    going = any(state in ON_ITS_WAY for *_, state, _ in written)
    until = None if going else _last(firm_id, books_id, written)

    def echo(one: Notice) -> bool:
        if one.operation == "merge":  # only a person does it
            return False
        if one.entity in LISTS and one.operation != "create":  # accounts' balances move with our entries
            return one.entity == "Account" and bool(written) and one.operation == "update"
        kinds = _KINDS_OF.get(one.entity, set())
        if one.operation == "create":
            return bool(kinds & unknown) or any((kind, one.id) in created for kind in kinds)
        if one.operation in ENDS:
            return any((kind, one.id) in ended for kind in kinds)
        if until is not None and one.changed_at is not None and one.changed_at > until + AT_ONCE:
            return False
        return any((kind, one.id) in touched for kind in kinds)

    return not all(echo(one) for one in about)


def _last(firm_id: int, books_id: int, written: Iterable[tuple[str, str, str, str, str]]) -> datetime | None:
    """Return the last change that our recent writes made, as QuickBooks stamped it in its answers."""
    mine = Q(pk__in=[])
    for kind, keys in _by_kind(written).items():
        mine |= Q(kind=kind, remote_id__in=keys)
    rows = BookRow.objects.filter(mine, firm_id=firm_id, books_id=books_id)
    last: datetime | None = rows.aggregate(last=Max("changed_at"))["last"]
    return last


def _by_kind(written: Iterable[tuple[str, str, str, str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for _, kind, remote_id, *_ in written:
        found[kind].add(remote_id)
    return found


def _touched(firm_id: int, books_id: int, subjects: set[str]) -> set[tuple[str, str]]:
    """Return the objects that writing some subjects changes besides: what is paid, whose it is, parents."""
    named: set[str] = set(subjects)
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id)
    sent = Posting.objects.filter(
        firm_id=firm_id, books_id=books_id, subject__in=subjects, draft__isnull=False
    )
    for kind, draft in sent.values_list("object_kind", "draft"):
        named |= set(draft_of(kind, draft or {}).needs())
    standing = links.filter(subject__in=named, live=True, content__isnull=False)
    for kind, content in standing.values_list("object_kind", "content"):
        named |= set(draft_of(kind, content or {}).needs())
    found = set(links.filter(subject__in=named).values_list("object_kind", "remote_id"))
    return found | {
        (ObjectKind.CUSTOMER.value, subject[3:]) for subject in named if subject.startswith("id:")
    }
