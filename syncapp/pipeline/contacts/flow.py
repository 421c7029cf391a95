"""Contact changes on their way: each field of each linked client decided by the firm's rule, once.

What is settled is kept (`Agreed`): a change is what moved since. What goes to the books is an ordinary
operation on the customer; what goes to Clio waits as a `ContactWrite` (`telling`); what is asked is a case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from accounts import audit
from mapping import queries as mapping_queries
from syncapp.core.books import BookObject
from syncapp.core.contacts import FIELDS, Law, Pair, Side, Verdict, Winner, decide, same
from syncapp.core.documents import Client
from syncapp.core.ledger import CustomerDraft, ObjectKind
from syncapp.core.planning.customers import free_name
from syncapp.core.planning.wanted import client_subject
from syncapp.core.problems import Problem
from syncapp.pipeline import queue
from syncapp.pipeline.clock import pausing
from syncapp.pipeline.contacts import asking, merged, outbox, settings, subcustomers
from syncapp.pipeline.contacts.sides import Values, draft, of_books, of_client, of_draft, pairs
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.settling import diff
from syncapp.pipeline.trust.alarms import tell
from syncapp.records import bulk
from syncapp.records.models import Agreed, Document, Link, Posting, SourceHead

_COLUMNS = ["fields", "round", "at"]


@dataclass(slots=True)
class _One:
    """A linked client as both sides show it, with what was settled."""

    client: Client
    document: Document
    link: Link
    row: BookObject
    agreed: Agreed
    now: dict[str, Pair]
    settled: dict[str, Pair]
    head: SourceHead | None = None
    arrived: bool = False  # something of ours since it was settled last
    found: dict[str, Verdict] = field(default_factory=dict)

    def going(self, to: Side) -> Values:
        """Return what one side is to take."""
        return {name: one.value for name, one in self.found.items() if one.to is to}


def plan(context: Context, *, now: datetime) -> None:
    """Decide what moved of every linked client that is not paused, and plan it. In a writing scope."""
    flow = settings.read(mapping_queries.firm_settings(context.firm_id))
    standing = {
        row.subject: row for row in Agreed.objects.filter(firm_id=context.firm_id, books_id=context.books_id)
    }
    paused = pausing.load(context.firm_id)
    linked = [one for one in _linked(context, standing, now) if paused.of(context, one.document) is None]
    ones = [one for one in linked if any(_moved(one, name) for name in FIELDS)]
    kept = outbox.load(context)
    heads = outbox.heads(context, (one.client.id for one in ones))
    for one in ones:
        one.head = heads.get(one.client.id)
        took, read = outbox.taken(kept, one.document, one.head)
        for name in FIELDS:
            if name in took and not read:  # Clio has taken it, and has not been read since
                one.found[name] = Verdict(one.settled[name])
                continue
            settled = Pair(took[name], took[name]) if name in took else one.settled[name]
            one.found[name] = decide(name, settled, one.now[name], _law(context, one, name, flow))
    verdicts = [verdict for one in ones if (verdict := _carry_out(context, one, kept, now)) is not None]
    verdicts += [queue.Verdict(document=row, alarms=(said,)) for row, said in merged.asked(context)]
    outbox.keep(context, kept, now=now)
    asking.forget(context, ((one.client.id, name) for one in ones for name in FIELDS if _at_rest(one, name)))
    asking.again(context, verdicts)
    live = {one.alarms[0].code for one in verdicts} | asking.open_codes(context)
    for code, ended in asking.ENDS.items():
        if code not in live:
            continue
        mine = [one for one in verdicts if one.alarms[0].code == code]
        tell(
            firm_id=context.firm_id, books_id=context.books_id, code=code, ended=ended, verdicts=mine, now=now
        )
    _keep(standing, ones, now)
    Posting.objects.bulk_create([posting for posting in context.created if not posting.id])


def _linked(context: Context, standing: dict[str, Agreed], now: datetime) -> list[_One]:
    found = []
    for client in context.book.clients.values():
        subject = client_subject(client.id)
        link, document = context.links.get(subject), context.people.get(("client", client.id))
        row = context.names.by_id.get(link.remote_id) if link is not None else None
        if link is None or row is None or document is None or client.gone or link.shared or not row.active:
            continue
        if client.id in context.book.known_clients:  # the books know it by a code, which is not Clio's word
            continue
        agreed = standing.get(subject) or Agreed(
            firm_id=context.firm_id, books_id=context.books_id, subject=subject, at=now
        )
        settled = {name: Pair(*both) for name, both in agreed.fields.items()}
        known = settled["name"].clio if settled else link.content.get("name", "") if link.content else ""
        clio = of_client(client, template=context.book.options.client_name, known=known)
        both = pairs(clio, of_books(row))
        one = _One(client, document, link, row, agreed, both, settled or _first(link, both))
        _arrived(one)
        found.append(one)
    return found


def _first(link: Link, now: dict[str, Pair]) -> dict[str, Pair]:
    """Return what was settled when they were linked: what we sent, or both sides as they stood."""
    if link.adopted or link.content is None:
        return dict(now)
    sent = _sent(link)
    return {
        name: Pair(sent[name], sent[name]) if sent[name] and one.books else one for name, one in now.items()
    }


def _arrived(one: _One) -> None:
    """Take what we sent since as settled, however the books show it: it is not sent a second time."""
    known = bool(one.agreed.fields)
    one.arrived = not known or one.link.round != one.agreed.round
    if known and one.arrived and one.link.content is not None:
        for name, value in _sent(one.link).items():
            if value and same(name, value, one.now[name].clio):
                one.settled[name] = one.now[name]
    one.agreed.round = one.link.round


def _sent(link: Link) -> Values:
    content = draft_of(link.object_kind, link.content or {})
    return of_draft(content) if isinstance(content, CustomerDraft) else dict.fromkeys(FIELDS, "")


def _moved(one: _One, name: str) -> bool:
    """Tell whether a field must be looked at: it moved, or was never settled."""
    return one.arrived or one.settled[name] != one.now[name]


def _at_rest(one: _One, name: str) -> bool:
    """Tell whether a field asks for nothing any more: an answer about it has done its work."""
    return one.found[name].to is None and not one.found[name].ask


def _law(context: Context, one: _One, name: str, flow: settings.Flow) -> Law:
    """Return how one field is decided; when each side changed is asked only where it matters."""
    winner = flow.winners[name]
    clio_at = _clio_at(one) if winner is Winner.NEWEST else None
    books_at = one.row.changed_at if winner is Winner.NEWEST else None
    answer = asking.answered(context, one.client.id, name, one.now[name])
    return Law(winner=winner, clio_at=clio_at, books_at=books_at, may_write=flow.write_clio, answer=answer)


def _clio_at(one: _One) -> datetime | None:
    told = one.head.record.payload.get("updated_at") if one.head is not None else None
    return datetime.fromisoformat(str(told)) if told else None


def _carry_out(context: Context, one: _One, kept: outbox.Kept, now: datetime) -> queue.Verdict | None:
    """Plan what each side takes; return what is asked, or what could not be done."""
    version = one.head.version if one.head is not None else 0
    problem = _to_books(context, one, now) or outbox.put(
        kept, one.document, version, one.now, one.going(Side.CLIO), now
    )
    asked = {name: one.now[name] for name, verdict in one.found.items() if verdict.ask}
    if asked:
        was = {name: one.settled[name] for name in asked}
        problem = asking.problem(one.client, was, asked, one.row)
    return queue.Verdict(document=one.document, alarms=(problem,)) if problem else None


def _to_books(context: Context, one: _One, now: datetime) -> Problem | None:
    changes = one.going(Side.BOOKS)
    if not changes:
        return None
    if "name" in changes and changes["name"].casefold() != one.row.name.casefold():
        changes["name"] = free_name(one.client, context.book.options.client_name, context.names)
    wanted = draft(one.client, one.row, changes)
    try:
        posting = diff.change(context, one.document, one.link, wanted, now=now)
    except diff.AsBefore:
        return asking.refused(one.client, one.row, _refusal(context, one.link))
    if posting is not None:
        audit.record(
            firm_id=context.firm_id, actor=None, verb="contact.to_books", kind=ObjectKind.CUSTOMER.value,
            id=one.row.id, text=one.row.name, before={name: one.now[name].books for name in changes},
            after=changes, now=now,
        )  # fmt: skip
        if "name" in changes:
            subcustomers.follow(context, one.client, now=now)
    return None


def _refusal(context: Context, link: Link) -> str:
    told = [one for one in context.shelved.values() if one.subject == link.subject and one.vendor_words]
    return told[-1].vendor_words if told else ""


def _keep(standing: dict[str, Agreed], ones: list[_One], now: datetime) -> None:
    """Keep what is settled now; what goes somewhere, or is asked, is settled when it has arrived."""
    fresh: list[Agreed] = []
    changed: list[Agreed] = []
    for one in ones:
        fields = {name: [verdict.settled.clio, verdict.settled.books] for name, verdict in one.found.items()}
        if one.agreed.fields == fields and not one.arrived:
            continue
        one.agreed.fields, one.agreed.at = fields, now
        (changed if one.agreed.subject in standing else fresh).append(one.agreed)
    Agreed.objects.bulk_create(fresh, batch_size=1000)
    bulk.rewrite(changed, _COLUMNS)
