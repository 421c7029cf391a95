"""What a person is asked of a contact, and the answers: one for each field, about what was seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from accounts import audit
from syncapp.core.books import BookObject
from syncapp.core.contacts import FIELDS, Pair, Side
from syncapp.core.documents import Client
from syncapp.core.keys import fingerprint
from syncapp.core.planning.wanted import client_subject
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.cases import given
from syncapp.pipeline.drifting import hands
from syncapp.records.models import BookChoice, Case, Hold

if TYPE_CHECKING:
    from accounts.models import User
    from syncapp.pipeline.context import Context

ENDS = {
    hands.CONTACT: "it is decided, or both sides show the same",
    hands.MERGED: "it stands on the other customer",
    hands.NOT_TAKEN: "it is taken, or not asked for any more",
    hands.NOT_TOLD: "Clio has taken it, or it is not asked for any more",
}
SHOWN = 24  # characters of a fingerprint
STALE = "It was changed again since this page was opened. Look at it once more, then decide."
CLOSED = "This exception is closed already."


def subject_of(client_id: int, name: str) -> str:
    """Return the subject under which the answer about one field of a client is kept."""
    return f"{client_subject(client_id)}/{name}"


def shape_of(now: Pair) -> str:
    """Return the fingerprint of what both sides show of a field."""
    return fingerprint([now.clio, now.books])[:SHOWN]


def answered(context: Context, client_id: int, name: str, now: Pair) -> Side | None:
    """Return whose word a person chose for a field as it stands now."""
    side, _, shown = context.choices.get(subject_of(client_id, name), "").partition(":")
    return Side(side) if side and shown == shape_of(now) else None


def forget(context: Context, fields: Iterable[tuple[int, str]]) -> None:
    """Forget the answers about fields that are settled: the same change, made again, is asked again."""
    subjects = [one for one in (subject_of(*each) for each in fields) if one in context.choices]
    rows = BookChoice.objects.filter(firm_id=context.firm_id, books_id=context.books_id)
    if subjects:
        rows.filter(subject__in=subjects).delete()


def problem(client: Client, was: Mapping[str, Pair], now: Mapping[str, Pair], row: BookObject) -> Problem:
    """Ask whose word holds, with what both sides showed before and show now."""
    renamed = "name" in now
    if renamed and now["name"].books != was["name"].books:
        title = f"Client {client.name} was renamed in QuickBooks, to {row.name}."
    else:
        title = f"Client {client.name} differs between Clio and QuickBooks."
    fields = [
        {
            "field": name,
            "clio_was": was[name].clio,
            "clio": now[name].clio,
            "books_was": was[name].books,
            "books": now[name].books,
            "print": shape_of(now[name]),
        }
        for name in now
    ]
    said = ", ".join(name if name != "email" else "e-mail" for name in now)
    return Problem(
        code=hands.CONTACT,
        fix=Fix.CHOOSE,
        cause=client_subject(client.id),
        title=title,
        words=f"The {said} stands as it is on both sides until somebody decides.",
        facts={
            "client": client.name,
            "books_id": f"customer:{row.id}",
            "fields": json.dumps(fields),
            "changed_at": row.changed_at.isoformat() if row.changed_at else "",
        },
    )


def refused(client: Client, row: BookObject, words: str) -> Problem:
    """Say that QuickBooks does not take a change of a customer that Clio asks for."""
    return Problem(
        code=hands.NOT_TAKEN,
        fix=Fix.BOOKS,
        cause=client_subject(client.id),
        title=f"QuickBooks does not take the change of client {client.name}.",
        words=words or "QuickBooks refused the change.",
        facts={"books_id": f"customer:{row.id}", "client": client.name},
    )


def open_codes(context: Context) -> set[str]:
    """Return which of these alarms are open. In a scope."""
    holds = Hold.objects.filter(firm_id=context.firm_id, alarm=True, closed_at__isnull=True)
    return set(holds.filter(code__in=list(ENDS)).values_list("code", flat=True).distinct())


def again(context: Context, verdicts: list[queue.Verdict]) -> None:
    """Open again what was closed of a client that is asked about once more. In a writing scope."""
    for code in ENDS:
        ids = [one.document.pk for one in verdicts if one.alarms[0].code == code]
        if not ids:
            continue
        closed = Hold.objects.filter(
            firm_id=context.firm_id, document_id__in=ids, alarm=True, code=code, closed_at__isnull=False
        )
        newest = closed.order_by("document_id", "-pk").distinct("document_id").values_list("pk", flat=True)
        Hold.objects.filter(firm_id=context.firm_id, pk__in=list(newest)).update(
            closed_at=None, closed_words=""
        )


def answer(case: Case, said: str, by: User, now: datetime) -> str | None:
    """Keep an answer, `field:side:print`; a sentence when it cannot be taken. In a writing scope."""
    name, _, rest = said.partition(":")
    side, _, shown = rest.partition(":")
    if name not in FIELDS or side not in set(Side):
        return "Choose one of the answers."
    asked = {one["field"]: one for one in json.loads(case.facts["fields"])}
    if name not in asked or asked[name]["print"] != shown:
        return STALE
    client_id = int(case.cause.rpartition("/")[2])
    one, about = asked[name], subject_of(client_id, name)
    where = "Clio" if side == Side.CLIO else "the books"
    says = f"take the {'e-mail' if name == 'email' else name} that {where} shows: {one[side] or 'none'}"
    with given.press(case, says=says, by=by, now=now, subjects=[about]):
        BookChoice.objects.update_or_create(
            firm_id=case.firm_id,
            books=case.books,
            subject=about,
            defaults={"answer": f"{side}:{shown}", "by": by, "at": now},
        )
    audit.record(
        firm_id=case.firm_id, actor=by, verb="contact.decided", kind="case", id=case.pk,
        text=case.facts["client"], before={"clio": one["clio"], "books": one["books"]},
        after={"field": name, "side": side, "value": one[side]}, now=now,
    )  # fmt: skip
    return None
